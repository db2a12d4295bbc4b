"""The one way to run work off the GUI thread, and to bring its answer back."""

from __future__ import annotations

import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from vpt_studio.errors import StudioError

Failure = Callable[[StudioError], None]

logger = logging.getLogger(__name__)
_numbers = itertools.count(1)


class Cancelled(Exception):  # noqa: N818 (no error: a person wished it)
    """Raised inside work that was cancelled, by :meth:`Task.step`."""


class Task:
    """Work under way, as seen by the work itself (which tells) and by the window (which shows and cancels).

    Attributes:
        title: What it does, in words; empty for what is too short to be listed.
        number: Unique in this process.
        began: When it began, ``time.monotonic()``.
        done: Units done.
        total: Units there are; None while that is not known.
        note: A few words on what it is at.
    """

    def __init__(self, title: str = "", *, told: Callable[[Task], None] | None = None) -> None:
        self.title = title
        self.number = next(_numbers)
        self.began = time.monotonic()
        self.done = 0
        self.total: int | None = None
        self.note = ""
        self._told = told
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether someone cancelled it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to end; what it has done stays."""
        self._cancelled.set()

    def step(self, done: int | None = None, total: int | None = None, note: str | None = None) -> None:
        """Tell how far the work is; called by the work, from any thread.

        Raises:
            Cancelled: It was cancelled meanwhile.
        """
        self.done = self.done + 1 if done is None else done
        self.total = self.total if total is None else total
        self.note = self.note if note is None else note
        if self._told is not None:
            self._told(self)
        if self.is_cancelled:
            raise Cancelled

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the pace so far; None while there is none."""
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
        ended: Callable[[], None] | None = None,
        lane: str = "general",
        title: str = "",
        newest: str = "",
        even_at_the_end: bool = False,
    ) -> Task:
        """Run `work` in a thread of `lane`.

        Args:
            work: Called with its task, off the GUI thread.
            then: Called with the answer, on the GUI thread.
            failed: Called with the failure; by default it is shown to the person.
            ended: Called last whatever happened, also after cancelling.
            lane: Which thread; a lane is made when it is first named.
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
                older.cancel()
            self._newest[lane, newest] = task
        if title:
            self.tasks.append(task)
            self.listed.emit(task, False)
        if not even_at_the_end:
            self._endable.add(task)
        executor = self._lanes.get(lane)
        if executor is None:
            executor = self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=lane)
        self._under_way += 1
        executor.submit(self._carry_out, task, work, then, failed, ended)
        return task

    @property
    def is_idle(self) -> bool:
        """Whether all work is done and its answers have come."""
        return self._under_way == 0

    def close(self) -> None:
        """Cancel everything and wait until all lanes have ended."""
        self._closed = True
        for task in list(self._endable):
            task.cancel()
        for executor in self._lanes.values():
            executor.shutdown(wait=True)

    def on_gui_thread(self, what: Callable[[], None]) -> None:
        """Call `what` on the GUI thread soon; from any thread."""
        self._courier.call.emit(what)

    def _carry_out(
        self,
        task: Task,
        work: Callable[[Task], Any],
        then: Callable[[Any], object] | None,
        failed: Failure | None,
        ended: Callable[[], None] | None,
    ) -> None:
        answer: Any = None
        failure: StudioError | None = None
        try:
            if not task.is_cancelled:
                answer = work(task)
        except Cancelled:
            pass
        except StudioError as error:
            failure = error
        except Exception as error:
            logger.exception("work in the background failed: %s", task.title or work)
            failure = StudioError(
                f"{task.title or 'Something'} failed unexpectedly ({type(error).__name__}: {error})",
                mend="The log tells more: Settings, About, Open log",
            )

        def deliver() -> None:
            self._under_way -= 1
            if task in self.tasks:
                self.tasks.remove(task)
                self.listed.emit(task, True)
            if failure is not None:
                (failed or self._report)(failure)
            elif then is not None and not task.is_cancelled:
                then(answer)
            if ended is not None:
                ended()

        if not self._closed:
            self.on_gui_thread(deliver)

    def _on_progress(self, task: Task) -> None:
        self.on_gui_thread(lambda: self.listed.emit(task, False) if task in self.tasks else None)
