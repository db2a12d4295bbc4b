"""Playing many episodes at once, in processes of their own; one that breaks costs its episode only."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

import vpt_studio
from vpt_studio.errors import StudioError
from vpt_studio.playing.episode_worker import EpisodePlan

_PATIENCE_SECONDS = 0.2

# Out of the terminal's group: an interrupt from the keyboard is for us, and we end them.
_APART: dict[str, Any]
if sys.platform == "win32":
    _APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
else:
    _APART = {"start_new_session": True}


@dataclass(frozen=True)
class Attempt:
    """An episode that was tried.

    Attributes:
        plan: Which.
        episode: What came of it, as :class:`~vpt_studio.playing.episode.Episode` in JSON; None if it failed.
        failure: Why it failed, in words; empty if it did not.
    """

    plan: EpisodePlan
    episode: dict[str, Any] | None
    failure: str = ""


class _EndedError(Exception):
    """The process is gone."""


def play_side_by_side(
    plans: Sequence[EpisodePlan], workers: int, tell: Callable[[int], None]
) -> Iterator[Attempt]:
    """Play `plans` in `workers` processes; who stops asking ends them.

    What comes of an episode does not depend on which process plays it, nor on how many there are.

    Args:
        plans: What to play. They are begun in this order.
        workers: How many at once.
        tell: Called with how many ticks were played since it was called last; a failed episode counts whole.

    Yields:
        An attempt at each, as they end.

    Raises:
        StudioError: A player cannot be made, or no process can be started.
    """
    waiting: queue.SimpleQueue[EpisodePlan] = queue.SimpleQueue()
    for plan in plans:
        waiting.put(plan)
    told: queue.SimpleQueue[int | Attempt | Exception] = queue.SimpleQueue()
    hands = [_Hand(waiting, told) for _ in range(min(workers, len(plans)))]
    try:
        for hand in hands:
            hand.start()
        left = len(plans)
        while left:
            try:
                word = told.get(timeout=_PATIENCE_SECONDS)  # or Windows would not hear an interrupt
            except queue.Empty:
                continue
            if isinstance(word, Exception):
                raise word
            if isinstance(word, Attempt):
                left -= 1
                yield word
            else:
                tell(word)
    finally:
        for hand in hands:
            hand.stop()
        for hand in hands:
            hand.join()


class _Hand(threading.Thread):
    """Has a process play one episode after another, and starts another one when it dies."""

    def __init__(
        self,
        waiting: queue.SimpleQueue[EpisodePlan],
        told: queue.SimpleQueue[int | Attempt | Exception],
    ) -> None:
        super().__init__(name="episodes", daemon=True)
        self._waiting, self._told = waiting, told
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._stopped = False

    def run(self) -> None:
        try:
            while not self._stopped:
                self._play(self._waiting.get_nowait())
        except queue.Empty:
            pass
        except Exception as error:
            if not self._stopped:
                self._told.put(error)
        finally:
            self._end()

    def stop(self) -> None:
        """Break off whatever is played."""
        with self._guard:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _play(self, plan: EpisodePlan) -> None:
        process = self._process or self._begin()
        played = 0
        try:
            _tell(process, plan.as_line())
            while (word := _heard(process))["is"] == "ticks":
                played += word["count"]
                self._told.put(word["count"])
        except _EndedError:
            if self._stopped:
                return
            word = {"is": "failed", "error": f"the process that played it {_how(process)}"}
            self._end()
        if word["is"] == "unusable":
            raise StudioError(**word["error"])
        self._told.put(plan.ticks - played)
        self._told.put(Attempt(plan, word.get("episode"), word.get("error", "")))

    def _begin(self) -> subprocess.Popen[bytes]:
        environment = dict(os.environ)
        root = str(Path(vpt_studio.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
        with self._guard:  # or a stop might come before there is a process, and be lost
            if self._stopped:
                raise _EndedError
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "vpt_studio.playing.episode_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                **_APART,
            )
            self._process = process
        try:
            _heard(process)  # that it is ready
        except _EndedError:
            raise StudioError(
                f"a process to play in {_how(process)} before it had begun",
                mend="Look at what it said above; check that the installation is whole",
            ) from None
        return process

    def _end(self) -> None:
        with self._guard:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                with suppress(BrokenPipeError):  # a plan that nobody read
                    pipe.close()


def _tell(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except BrokenPipeError:
        raise _EndedError from None


def _heard(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.endswith(b"\n"):
        raise _EndedError
    word: dict[str, Any] = orjson.loads(line)
    return word


def _how(process: subprocess.Popen[bytes]) -> str:
    """How a process ended, in words."""
    code = process.wait()
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
