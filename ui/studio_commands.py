"""Work that belongs into a process of its own: the studio's commands, with progress and cancelling."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import training
from ui.background import Cancelled, Failure, Task
from ui.studio import Studio
from vpt_studio.errors import StudioError

_PATIENCE_SECONDS = 10.0
_LINES_KEPT = 20
#: A window that was started in the background of a script ignores interrupts, and what it starts would, too:
#: then nothing could be cancelled.
_RUN = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from main import main; main()"
)
_POOL = "commands"
_SIDE_BY_SIDE = 4  # each is a process that may keep a core busy


def run_command(
    studio: Studio,
    title: str,
    arguments: Sequence[str],
    then: Callable[[dict[str, Any]], object] | None = None,
    *,
    failed: Failure | None = None,
    ended: Callable[[], None] | None = None,
    lane: str = "",
) -> Task:
    """Run ``vpt-studio ARGUMENTS --json`` beside the window, listed under `title`.

    Args:
        studio: Whose background it runs in.
        title: What it does.
        arguments: Without ``--json``.
        then: Called with the command's answer.
        failed: Called with its failure; by default it is told.
        ended: Called last, also after cancelling.
        lane: Commands in one lane wait for each other; without one only where many run at a time.
    """
    return studio.background.run(
        lambda task: carry_out(arguments, task),
        then,
        failed=failed,
        cancelled=lambda: studio.session.notices.tell(f"{title}: cancelled. What was finished is kept."),
        ended=ended,
        lane=lane or _POOL,
        threads=1 if lane else _SIDE_BY_SIDE,
        title=title,
    )


def carry_out(arguments: Sequence[str], task: Task) -> dict[str, Any]:
    """Run a command to its end, telling `task` its progress.

    Raises:
        Cancelled: `task` was cancelled; the command was interrupted, kept what it had finished and has
            nothing to tell.
        StudioError: The command failed, in its own words.
    """
    root = str(Path(training.__file__).resolve().parent.parent)
    environment = dict(os.environ, VPT_STUDIO_PROGRESS="lines")
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    # Its own group, so that Ctrl+C in the terminal the window came from does not reach it.
    new_group = 0x200 if sys.platform == "win32" else 0  # CREATE_NEW_PROCESS_GROUP
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _RUN, *arguments, "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        creationflags=new_group,
        start_new_session=not new_group,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said: deque[str] = deque(maxlen=_LINES_KEPT)
    output: list[bytes] = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    killer = threading.Timer(_PATIENCE_SECONDS, _kill, [process])
    killer.daemon = True

    def interrupt() -> None:
        _interrupt(process)
        killer.start()

    forget = task.on_cancel(interrupt)
    try:
        with process.stderr as lines:
            for line in lines:
                _follow(line.decode(errors="replace").strip(), task, said)
        process.wait()
    finally:
        forget()
        killer.cancel()
        reader.join()
        process.stdout.close()
    try:
        return _answer(b"".join(output), process.returncode, arguments, said)
    except _NoAnswerError:
        if task.is_cancelled:
            raise Cancelled from None
        raise


def _follow(line: str, task: Task, said: deque[str]) -> None:
    if line.startswith('{"progress"'):
        told = json.loads(line)
        with contextlib.suppress(Cancelled):  # it was interrupted then, and has its last words yet to say
            task.step(told["done"], told["total"], told["progress"])
    elif line:
        said.append(line)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask the command, and what it has started, to end; does not wait."""
    if sys.platform == "win32":
        process.terminate()
    elif process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    elif process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


class _NoAnswerError(StudioError):
    """The command ended without a word on its standard output."""


def _answer(output: bytes, code: int, arguments: Sequence[str], said: deque[str]) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError:
        tail = f": {said[-1]}" if said else ""
        raise _NoAnswerError(
            f"`vpt-studio {' '.join(arguments[:2])}` ended with code {code}{tail}",
            mend="Run it in a terminal to see all it says",
        ) from None
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        error = answer["error"]
        raise StudioError(error["what"], where=error["where"], mend=error["mend"])
    return answer if isinstance(answer, dict) else {"answer": answer}
