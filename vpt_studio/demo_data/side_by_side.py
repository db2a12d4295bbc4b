"""Making many things at once, a process per core, with progress and a way to stop."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

import cv2

from vpt_studio.errors import StudioError

Plan = TypeVar("Plan")

#: To be called once per tick that was worked on.
Count = Callable[[], None]

_PATIENCE_SECONDS = 0.2


class StoppedError(Exception):
    """Somebody wants no more of this; what is unfinished stays so."""


def make_all(
    make: Callable[[Plan, Path, Count], None],
    plans: Sequence[Plan],
    folder: Path,
    *,
    tell: Callable[[int], None],
    workers: int | None,
) -> None:
    """Make everything of `plans` in `folder`.

    Args:
        make: A function of a module that makes one of them, counting its ticks.
        plans: What to make.
        folder: Where it goes.
        tell: Called from time to time with how many ticks were counted since it was called last.
        workers: Processes side by side; as many as there are cores if None. More than one needs a main
            module that can be imported.

    Raises:
        StudioError: A process ended early.
        Exception: Whatever `make` raised.
    """
    workers = min(workers or os.cpu_count() or 1, len(plans))
    if workers > 1:
        _make_in_processes(make, plans, folder, tell, workers)
        return
    for plan in plans:
        make(plan, folder, lambda: tell(1))


def _make_in_processes(
    make: Callable[[Plan, Path, Count], None],
    plans: Sequence[Plan],
    folder: Path,
    tell: Callable[[int], None],
    workers: int,
) -> None:
    # A forked process could inherit locks that other threads hold; a spawned one is the same everywhere.
    context = multiprocessing.get_context("spawn")
    # No locks: a process that is killed while it holds one would let all others wait for ever. What a plan
    # counts is written by the one process that makes it.
    done, stop = context.RawArray(ctypes.c_int64, len(plans)), context.RawValue(ctypes.c_bool, False)
    told = 0
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share, initargs=(done, stop)) as pool:
        running = [pool.submit(_make_one, make, number, plan, folder) for number, plan in enumerate(plans)]
        try:
            pending = set(running)
            while pending:
                ended, pending = wait(pending, timeout=_PATIENCE_SECONDS, return_when=FIRST_EXCEPTION)
                now = sum(done)
                if now > told:
                    tell(now - told)
                    told = now
                for future in ended:
                    future.result()
        except BrokenProcessPool as error:
            raise StudioError(
                "a process that recorded play ended early",
                where=folder,
                mend="Try again with less running beside it; what was finished is kept",
            ) from error
        except BaseException:
            stop.value = True  # what is under way ends with its next tick
            pool.shutdown(wait=False, cancel_futures=True)
            raise


# What the processes share, set once in each by `_share`: what each plan has counted, and whether to stop.
_done: ctypes.Array[ctypes.c_int64] | None = None
_stop: ctypes.c_bool | None = None


def _share(done: ctypes.Array[ctypes.c_int64], stop: ctypes.c_bool) -> None:
    global _done, _stop
    _done, _stop = done, stop
    cv2.setNumThreads(1)  # the processes share the processors already


def _make_one(make: Callable[[Plan, Path, Count], None], number: int, plan: Plan, folder: Path) -> None:
    make(plan, folder, lambda: _count(number))


def _count(number: int) -> None:
    assert _done is not None
    assert _stop is not None
    _done[number] += 1
    if _stop.value:
        raise StoppedError
