"""Work on files that may crash or hang a decoder, done in a process of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

#: Longer than any honest file takes per try; a decoder that is still busy has hung.
DEFAULT_SECONDS = 600.0


class DecoderCrashedError(Exception):
    """The process died or hung; the message says which, in words."""


class IsolatedWorker(Generic[Given, Made]):
    """One process that applies a function to one thing after another, replaced when it dies.

    Native decoders can be brought down by a damaged file. Here that costs the one file, not the program.
    """

    def __init__(self, function: Callable[[Given], Made], seconds: float = DEFAULT_SECONDS) -> None:
        self._function = function
        self._seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def __call__(self, given: Given) -> Made:
        """Apply the function to `given`.

        Raises:
            DecoderCrashedError: The process died or took too long.
            Exception: Whatever the function raised.
        """
        pipe = self._running()
        try:
            pipe.send(given)
            if not pipe.poll(self._seconds):
                raise DecoderCrashedError(f"the decoder was still busy after {self._seconds:.0f} s")
            made, error = pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self.close()
            raise DecoderCrashedError("the decoder crashed on this file") from None
        except DecoderCrashedError:
            self.close()
            raise
        if error is not None:
            raise error
        result: Made = made
        return result

    def _running(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self.close()
            # A fresh interpreter: forking a process that holds decoder or window threads is unsafe.
            context = multiprocessing.get_context("spawn")
            self._pipe, far_end = context.Pipe()
            self._process = context.Process(target=_serve, args=(far_end, self._function), daemon=True)
            self._process.start()
            far_end.close()
        return self._pipe

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def __enter__(self) -> IsolatedWorker[Given, Made]:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def map_isolated(
    function: Callable[[Given], Made],
    things: Sequence[Given],
    *,
    workers: int,
    seconds: float = DEFAULT_SECONDS,
) -> Iterator[tuple[Given, Made | Exception]]:
    """Apply `function` to all `things` in `workers` processes; yields in order, errors as values."""
    if not things:
        return
    free = [IsolatedWorker(function, seconds) for _ in range(min(workers, len(things)))]
    everyone = list(free)

    def work(thing: Given) -> Made | Exception:
        worker = free.pop()
        try:
            return worker(thing)
        except Exception as error:
            return error
        finally:
            free.append(worker)

    try:
        with ThreadPoolExecutor(len(everyone)) as threads:
            yield from zip(things, threads.map(work, things), strict=True)
    finally:
        for worker in everyone:
            worker.close()


def _serve(pipe: Connection, function: Callable[[Any], Any]) -> None:
    while True:
        try:
            given = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer: tuple[Any, Exception | None] = (function(given), None)
        except Exception as error:
            answer = (None, error)
        pipe.send(answer)
