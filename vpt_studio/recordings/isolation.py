"""Work on files that may crash or hang a decoder, done in a process of its own."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from vpt_studio.errors import StudioError

Given = TypeVar("Given")
Made = TypeVar("Made")

#: Told of what has been done, by its amount; here any word of it is a sign of life.
Tell = Callable[[int], None]

#: Longer than any honest file takes between two frames; a decoder that gets no further has hung.
DEFAULT_SECONDS = 600.0
_LONGEST_PULSE = 1.0  # seconds between two signs of life, however many frames are told


class DecoderCrashedError(Exception):
    """The process died or hung; the message says which, in words.

    Attributes:
        mend: What can be done about it.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


class IsolatedWorker(Generic[Given, Made]):
    """One process that applies a function to one thing after another, replaced when it dies.

    Native decoders can be brought down by a damaged file. Here that costs the one file, not the program.

    The function is given a thing and a callable to tell of its progress; it may take as long as it likes,
    but not more than `seconds` without a word.
    """

    def __init__(self, function: Callable[[Given, Tell], Made], seconds: float = DEFAULT_SECONDS) -> None:
        self._function = function
        self._seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._is_awake = False
        self._starting = threading.Lock()
        self._is_interrupted = False

    def __call__(self, given: Given) -> Made:
        """Apply the function to `given`.

        Raises:
            DecoderCrashedError: The process died, or got no further for too long.
            Exception: Whatever the function raised.
        """
        pipe = self._running()
        try:
            pipe.send(given)
            answer = None
            while answer is None:  # a sign of life
                # Until its first word the process is starting, which is not the thing's fault.
                if not pipe.poll(self._seconds if self._is_awake else DEFAULT_SECONDS):
                    raise DecoderCrashedError(
                        f"the decoder got no further for {self._seconds:.0f} s",
                        "Leave it out, or convert it first, for instance with ffmpeg -i IN OUT.mp4",
                    )
                answer = pipe.recv()
                self._is_awake = True
            made, error = answer
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self.close()
            raise DecoderCrashedError(
                "the decoder crashed on this file", "Copy it again from its source, or leave it out"
            ) from None
        except (DecoderCrashedError, KeyboardInterrupt):
            self.close()
            raise
        if error is not None:
            raise error
        result: Made = made
        return result

    def _running(self) -> Connection:
        if self._pipe is None or self._process is None or _has_ended(self._process, 0):
            self.close()
            # A fresh interpreter: forking a process that holds decoder or window threads is unsafe.
            context = multiprocessing.get_context("spawn")
            with self._starting:  # or an interrupt might come before there is a process, and be lost
                if self._is_interrupted:
                    raise DecoderCrashedError("the check was interrupted", "Start it again")
                self._pipe, far_end = context.Pipe()
                process = context.Process(
                    target=_serve, args=(far_end, self._function, self._seconds), daemon=True
                )
                process.start()
                self._process = process
            self._is_awake = False
            far_end.close()
        return self._pipe

    def interrupt(self) -> None:
        """From another thread, for good: end what the process is doing; the call that waits for it raises."""
        with self._starting:
            self._is_interrupted = True
            process = self._process
        if process is not None:
            with suppress(ValueError):  # it was closed in the meantime
                process.kill()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            _has_ended(self._process, None)
            self._process.join()
            with suppress(ValueError):  # another thread is about to note its end, and is its owner until then
                self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def __enter__(self) -> IsolatedWorker[Given, Made]:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _has_ended(process: multiprocessing.process.BaseProcess, seconds: float | None) -> bool:
    """Whether `process` has ended, or ends within `seconds`.

    Not asked of ``is_alive`` and ``join``: while another thread of this program starts a process, it collects
    the ended ones, and until it has noted an end those two take a dead process for a living one.
    """
    return bool(wait([process.sentinel], seconds))


def map_isolated(
    function: Callable[[Given, Tell], Made],
    things: Sequence[Given],
    *,
    workers: int,
    seconds: float = DEFAULT_SECONDS,
    known: Callable[[Given], Made | None] | None = None,
) -> Iterator[tuple[Given, Made | Exception]]:
    """Apply `function` to all `things` in `workers` processes; yields in order, errors as values.

    `function` and `seconds` are as for :class:`IsolatedWorker`. `known` is asked before it, in a thread of
    this process; what it answers counts instead of asking `function`.
    """
    if not things:
        return
    free = [IsolatedWorker(function, seconds) for _ in range(min(workers, len(things)))]
    everyone = list(free)

    def work(thing: Given) -> Made | Exception:
        worker = free.pop()
        try:
            answer = None if known is None else known(thing)
            return worker(thing) if answer is None else answer
        except Exception as error:
            return error
        finally:
            free.append(worker)

    threads = ThreadPoolExecutor(len(everyone))
    try:
        yield from zip(things, threads.map(work, things), strict=True)
    finally:
        # When nobody wants the rest (an interrupt, an error), what is still being done is dropped.
        threads.shutdown(wait=False, cancel_futures=True)
        for worker in everyone:
            worker.interrupt()
        threads.shutdown()
        for worker in everyone:
            worker.close()


def _serve(pipe: Connection, function: Callable[[Any, Tell], Any], seconds: float) -> None:
    # An interrupt from the keyboard reaches us too; our owner decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pulse = min(_LONGEST_PULSE, seconds / 8)
    told = time.monotonic()

    def tell(_amount: int) -> None:
        nonlocal told
        if time.monotonic() - told >= pulse:
            told = time.monotonic()
            pipe.send(None)

    pipe.send(None)  # awake
    while True:
        try:
            given = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[Any, Exception | None] = (function(given, tell), None)
        except Exception as error:
            answer = (None, error)
        if not _travels(answer):
            answer = (None, RuntimeError(f"{type(answer[1]).__name__}: {answer[1]}"))
        pipe.send(answer)


def _travels(answer: tuple[Any, Exception | None]) -> bool:
    """Whether `answer` arrives whole; exceptions of native libraries often cannot be put together again."""
    if answer[1] is None or isinstance(answer[1], StudioError):
        return True
    try:
        return isinstance(pickle.loads(pickle.dumps(answer[1])), Exception)  # noqa: S301 - our own bytes
    except Exception:
        return False
