"""The one way to run work off the GUI thread, and to bring its answer back."""

from __future__ import annotations

import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from vpt_studio.errors import StudioError

Failure = Callable[[StudioError], None]

logger = logging.getLogger(__name__)
_numbers = itertools.count(1)

CLOSING_SECONDS = 10.0
"""How long closing waits for work that does not end although it was cancelled."""


class Cancelled(Exception):  # noqa: N818 (no error: a person wished it)
    """Raised inside work that was cancelled, by :meth:`Task.step`."""


class Task:
    """Work under way, as seen by the work itself (which tells) and by the window (which shows and cancels).

    Attributes:
        title: What it does, in words; empty for what is too short to be listed.
        number: Unique in this process.
        began: When what it is at began, ``time.monotonic()``.
        done: Units done.
        total: Units there are; None while that is not known.
        note: A few words on what it is at; with other words another stage begins, with its own `total`.
        tells_note: Whether people are shown the note, as they are where there are several stages.
    """

    def __init__(self, title: str = "", *, told: Callable[[Task], None] | None = None) -> None:
        self.title = title
        self.number = next(_numbers)
        self.began = time.monotonic()
        self.done = 0
        self.total: int | None = None
        self.note = ""
        self.tells_note = False
        self._told = told
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._on_cancel: list[Callable[[], object]] = []
        self._is_overtaken = False

    @property
    def is_cancelled(self) -> bool:
        """Whether someone cancelled it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to end; what it has done stays."""
        with self._lock:
            self._cancelled.set()
            told, self._on_cancel = self._on_cancel, []
        for callback in told:
            callback()

    def on_cancel(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Have `callback` called when the task is cancelled, at once if it is already.

        For work that waits for something, such as a process: `callback` interrupts that. It is called in the
        thread that cancels, the window's own as a rule, and so must not wait for anything itself.

        Returns:
            Called when what was waited for has come: `callback` is forgotten.
        """
        with self._lock:
            if not self.is_cancelled:
                self._on_cancel.append(callback)
                return lambda: self._forget(callback)
        callback()
        return lambda: None

    def _forget(self, callback: Callable[[], object]) -> None:
        with self._lock:
            if callback in self._on_cancel:
                self._on_cancel.remove(callback)

    @property
    def is_overtaken(self) -> bool:
        """Whether a newer task of the same name made its answer unwanted."""
        return self._is_overtaken

    def overtake(self) -> None:
        """Cancel it because a newer task of the same name has come."""
        self._is_overtaken = True
        self.cancel()

    def step(self, done: int | None = None, total: int | None = None, note: str | None = None) -> None:
        """Tell how far the work is; called by the work, from any thread.

        Raises:
            Cancelled: It was cancelled meanwhile.
        """
        self.done = self.done + 1 if done is None else done
        self.total = self.total if total is None else total
        if note is not None and note != self.note:
            self.note, self.began = note, time.monotonic()
        if self._told is not None:
            self._told(self)
        if self.is_cancelled:
            raise Cancelled

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the pace of this stage so far; None while there is none."""
        elapsed = time.monotonic() - self.began
        if not self.total or not self.done or elapsed < 1:
            return None
        return elapsed * (self.total - self.done) / self.done


class _Courier(QObject):
    """Carries calls from any thread to the GUI thread."""

    call = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.call.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def _run(self, what: Callable[[], None]) -> None:
        what()


@dataclass
class _Delivery:
    """What came of a task, and who wants to know."""

    task: Task
    then: Callable[[Any], object] | None
    failed: Failure
    cancelled: Callable[[], object] | None
    ended: Callable[[], None] | None
    answer: Any = None
    has_answer: bool = False
    failure: StudioError | None = None

    def hand_over(self) -> None:
        """Tell them, on the GUI thread."""
        try:
            if self.failure is not None:
                self.failed(self.failure)
            elif self.task.is_overtaken:
                pass
            elif self.has_answer:
                if self.then is not None:
                    self.then(self.answer)
            elif self.cancelled is not None:
                self.cancelled()
        finally:
            if self.ended is not None:
                self.ended()


class Background(QObject):
    """Runs work in threads; answers and failures come back on the GUI thread.

    Work in one *lane* runs one after the other in one thread (so that a lane can own a connection to a
    database, or a decoder); different lanes run side by side.

    Signals:
        listed: A task with a title began, went on or ended; carries the task and whether it is over.
    """

    listed = Signal(object, bool)

    def __init__(self, report: Failure, parent: QObject | None = None) -> None:
        """`report` is told every failure that nobody else handles."""
        super().__init__(parent)
        self._report = report
        self._courier = _Courier()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._futures: set[Future[None]] = set()
        self._newest: dict[tuple[str, str], Task] = {}
        self._endable: weakref.WeakSet[Task] = weakref.WeakSet()
        self._closed = False
        self._under_way = 0
        self.tasks: list[Task] = []

    def run(
        self,
        work: Callable[[Task], Any],
        then: Callable[[Any], object] | None = None,
        *,
        failed: Failure | None = None,
        cancelled: Callable[[], object] | None = None,
        ended: Callable[[], None] | None = None,
        lane: str = "general",
        threads: int = 1,
        title: str = "",
        newest: str = "",
        even_at_the_end: bool = False,
    ) -> Task:
        """Run `work` in a thread of `lane`.

        Args:
            work: Called with its task, off the GUI thread.
            then: Called with the answer, on the GUI thread; also with that of work which was cancelled
                and told what it had done until then.
            failed: Called with the failure; by default it is shown to the person.
            cancelled: Called when a person cancelled it and it has no answer.
            ended: Called last whatever happened, also after cancelling, and when `then` raises.
            lane: Which thread; a lane is made when it is first named.
            threads: How many threads the lane is given when it is made.
            title: Words under which the task is listed, with progress and a way to cancel it.
            newest: A name such that a newer task of the same name and lane makes this one's answer
                unwanted: an unstarted one is passed over.
            even_at_the_end: Carried out although everything is being closed, as letting go of a file is.
        """
        task = Task(title, told=self._on_progress if title else None)
        if self._closed:
            task.cancel()
            return task
        if newest:
            older = self._newest.get((lane, newest))
            if older is not None:
                older.overtake()
            self._newest[lane, newest] = task
        if title:
            self.tasks.append(task)
            self.listed.emit(task, False)
        if not even_at_the_end:
            self._endable.add(task)
        executor = self._lanes.get(lane)
        if executor is None:
            executor = self._lanes[lane] = ThreadPoolExecutor(threads, thread_name_prefix=lane)
        self._under_way += 1
        deliver = _Delivery(task, then, failed or self._report, cancelled, ended)
        future = executor.submit(self._carry_out, task, work, deliver)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return task

    @property
    def is_idle(self) -> bool:
        """Whether all work is done and its answers have come."""
        return self._under_way == 0

    def close(self, seconds: float | None = CLOSING_SECONDS) -> bool:
        """Cancel everything and wait until all lanes have ended, at most so many seconds.

        What does not end by then goes on without us: the process ends after it. Nothing is answered any more.

        Returns:
            Whether everything has ended.
        """
        self._closed = True
        for task in list(self._endable):
            task.cancel()
        for executor in self._lanes.values():
            executor.shutdown(wait=False)
        return not wait(set(self._futures), seconds).not_done

    def on_gui_thread(self, what: Callable[[], None]) -> None:
        """Call `what` on the GUI thread soon; from any thread. Never, once everything was closed."""
        if not self._closed:
            self._courier.call.emit(what)

    def _carry_out(self, task: Task, work: Callable[[Task], Any], delivery: _Delivery) -> None:
        try:
            if not task.is_cancelled:
                delivery.answer = work(task)
                delivery.has_answer = True
        except Cancelled:
            pass
        except StudioError as error:
            delivery.failure = error
        except Exception as error:
            logger.exception("work in the background failed: %s", task.title or work)
            delivery.failure = StudioError(
                f"{task.title or 'Something'} failed unexpectedly ({type(error).__name__}: {error})",
                mend="The log tells more: Settings, About, Open log",
            )

        def deliver() -> None:
            self._under_way -= 1
            if task in self.tasks:
                self.tasks.remove(task)
                self.listed.emit(task, True)
            delivery.hand_over()

        self.on_gui_thread(deliver)

    def _on_progress(self, task: Task) -> None:
        self.on_gui_thread(lambda: self.listed.emit(task, False) if task in self.tasks else None)
