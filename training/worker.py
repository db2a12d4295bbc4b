"""The process of a run: ``python -m training.worker RUN_DIR`` carries out its stage and says how it ended."""

from __future__ import annotations

import argparse
import errno
import faulthandler
import importlib
import logging
import shutil
import signal
import sys
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.configs import STAGE_CONFIGS, load_config, read_settings
from training.file_limit import allow_many_files
from training.runs import Cause, CauseKind, RunPlaces, RunState, RunWriter, StopRequestedError
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

STAGES = {"idm": "training.idm:train"}
"""Which function carries out a stage. It gets the run and its configuration.

A stage outside this table is named ``module:function``, found on PYTHONPATH, and gets ``config.yaml`` as a
plain dictionary.
"""

NEARLY_FULL_BYTES = 64 << 20

logger = logging.getLogger(__name__)


class ExitCode(IntEnum):
    """How the worker's process ends; 1 and 2 are left to Python itself."""

    FINISHED = 0
    STOPPED = 10
    REFUSED = 11
    OUT_OF_MEMORY = 20
    NOT_A_NUMBER = 21
    DATA_MISSING = 22
    DISK_FULL = 23
    IMPORT_ERROR = 24
    BAD_CONFIG = 25
    EXPLAINED = 26
    INTERRUPTED = 27
    BUG = 28
    TOO_MANY_FILES = 29


class ConfigError(Exception):
    """The configuration of a run cannot be used; its cause is the StudioError that says why."""


def main(arguments: list[str] | None = None) -> int:
    """Carry out the run named on the command line; the answer is an ``ExitCode``."""
    parser = argparse.ArgumentParser(prog="python -m training.worker", description=__doc__)
    parser.add_argument("run_dir", type=Path, help="the folder of the run")
    parser.add_argument("--launch", default="", help="a mark by which a launcher knows its worker")
    options = parser.parse_args(arguments)
    faulthandler.enable()
    try:
        run = RunWriter(options.run_dir.resolve(), launch=options.launch)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.REFUSED
    allow_many_files()
    with run:
        _listen_to_signals(run)
        return carry_out(run)


def carry_out(run: RunWriter) -> ExitCode:
    """Run the stage to its end, and write that end whatever it is."""
    try:
        function, config = _prepare(run)
        with suppress(StopRequestedError):
            function(run, config)
        state = run.finish()
    except BaseException as error:
        cause = classify_failure(error, run.path)
        logger.exception("the run failed: %s", cause.sentence)
        try:
            run.fail(cause)
        except (OSError, StudioError) as unwritable:
            # On a full disk nothing can be recorded: readers will find the process gone and say so.
            logger.warning("the failure could not be recorded: %s", unwritable)
        return ExitCode[cause.kind.name]
    return ExitCode.STOPPED if state is RunState.STOPPED else ExitCode.FINISHED


def _prepare(run: RunWriter) -> tuple[Callable[[RunWriter, Any], object], Any]:
    stage = run.record.stage
    config: Any
    try:
        if stage in STAGE_CONFIGS:
            config = load_config(STAGE_CONFIGS[stage], RunPlaces(run.path).config)
        else:
            config = read_settings(RunPlaces(run.path).config)
    except StudioError as error:
        raise ConfigError from error
    return stage_function(stage), config


def stage_function(stage: str) -> Callable[[RunWriter, Any], object]:
    """The function that carries out ``stage``.

    Raises:
        StudioError: The stage is neither in the table nor ``module:function``, or there is no such function.
        ImportError: The module, or one that it needs, cannot be imported.
    """
    module_name, colon, function_name = STAGES.get(stage, stage).partition(":")
    if not colon:
        known = ", ".join(sorted(STAGES))
        raise StudioError(
            f"there is no stage {stage!r}", mend=f"Known stages: {known}; others are module:function"
        )
    function = getattr(importlib.import_module(module_name), function_name, None)
    if not callable(function):
        raise StudioError(f"{module_name} has no function {function_name}", mend="Check the stage of the run")
    found: Callable[[RunWriter, Any], object] = function
    return found


def classify_failure(error: BaseException, run_dir: Path) -> Cause:
    """Name the cause of a failure, in one sentence with one remedy, from the exception and those behind it.

    A stage raises FloatingPointError for a loss that is not a number, FileNotFoundError for missing data, and
    StudioError for what it can explain itself.
    """
    chain = list(_chain(error))
    kind = next((kind for link in chain if (kind := _kind(link, run_dir)) is not None), CauseKind.BUG)
    explained = next((link for link in chain if isinstance(link, StudioError)), None)
    # Where no file can be opened, whoever reads one takes it for damaged.
    if explained is not None and kind is not CauseKind.TOO_MANY_FILES:
        if kind is CauseKind.BUG:
            kind = CauseKind.EXPLAINED
        place = f"{explained.where}: " if explained.where else ""
        return Cause(kind=kind, sentence=place + explained.what, remedy=explained.mend or _REMEDIES[kind])
    root = next((link for link in chain if _kind(link, run_dir) is not None), error)
    said = next(iter(str(root).strip().splitlines()), "") or type(root).__name__
    sentence = _SENTENCES[kind].format(said=said.removesuffix("."), type=type(root).__name__)
    return Cause(kind=kind, sentence=sentence, remedy=_REMEDIES[kind])


_SENTENCES = {
    CauseKind.OUT_OF_MEMORY: "memory ran out ({said})",
    CauseKind.NOT_A_NUMBER: "training diverged: {said}",
    CauseKind.DATA_MISSING: "something it needs is not there: {said}",
    CauseKind.DISK_FULL: "the disk is full ({said})",
    CauseKind.TOO_MANY_FILES: "the system allows this process no more open files ({said})",
    CauseKind.IMPORT_ERROR: "a module could not be imported: {said}",
    CauseKind.INTERRUPTED: "the run was interrupted before it could save",
    CauseKind.BUG: "an error nobody foresaw: {type}: {said}",
}

_REMEDIES = {
    CauseKind.OUT_OF_MEMORY: "Halve training.batch_clips, or take a smaller model, and resume",
    CauseKind.NOT_A_NUMBER: "Lower optimiser.learning_rate or optimiser.gradient_clip, and start again",
    CauseKind.DATA_MISSING: "Put it back, or take it out of data.recordings, and resume",
    CauseKind.DISK_FULL: "Free some space and resume",
    CauseKind.TOO_MANY_FILES: "Raise the limit, for instance with ulimit -n 4096, and resume",
    CauseKind.IMPORT_ERROR: 'Install what is missing (pip install "vpt-studio[training]") and resume',
    CauseKind.BAD_CONFIG: "Mend config.yaml and resume",
    CauseKind.EXPLAINED: "Mend that and resume",
    CauseKind.INTERRUPTED: "Resume it: it continues from its last checkpoint",
    CauseKind.BUG: "Read the traceback in log.txt and report it; resuming continues from the last checkpoint",
}


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _kind(error: BaseException, run_dir: Path) -> CauseKind | None:
    match error:
        case ConfigError():
            return CauseKind.BAD_CONFIG
        case KeyboardInterrupt() | SystemExit():
            return CauseKind.INTERRUPTED
        case MemoryError():
            return CauseKind.OUT_OF_MEMORY
        case FloatingPointError():
            return CauseKind.NOT_A_NUMBER
        case ImportError():
            return CauseKind.IMPORT_ERROR
        case OSError():
            return _kind_of_system_error(error)
        case RuntimeError():
            return _kind_of_runtime_error(error, run_dir)
    return None


def _kind_of_system_error(error: OSError) -> CauseKind | None:
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return CauseKind.DISK_FULL
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return CauseKind.TOO_MANY_FILES
    if error.errno == errno.ENOMEM:
        return CauseKind.OUT_OF_MEMORY
    return CauseKind.DATA_MISSING if isinstance(error, FileNotFoundError) else None


def _kind_of_runtime_error(error: RuntimeError, run_dir: Path) -> CauseKind | None:
    # PyTorch tells these apart by words alone, except for the accelerator's memory.
    words = str(error)
    if type(error).__name__ == "OutOfMemoryError" or "out of memory" in words or "allocate memory" in words:
        return CauseKind.OUT_OF_MEMORY
    if "PytorchStreamWriter failed" in words and shutil.disk_usage(run_dir).free < NEARLY_FULL_BYTES:
        return CauseKind.DISK_FULL
    return None


def _listen_to_signals(run: RunWriter) -> None:
    def stop(number: int, _frame: FrameType | None) -> None:
        name = signal.Signals(number).name
        # Ctrl-C once saves; a second time the person means it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run.stop_soon(name)

    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


if __name__ == "__main__":
    sys.exit(main())
