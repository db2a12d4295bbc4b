"""What happens when the window itself fails: a log, a report, and a word about it at the next start."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import TracebackType

import platformdirs

_MAX_LOG_BYTES = 1 << 20
_TAIL_LINES = 60
_REPORTS_KEPT = 50
logger = logging.getLogger(__name__)


def log_folder() -> Path:
    """Where the window's log and its crash reports lie."""
    folder = Path(platformdirs.user_log_dir("vpt-studio"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class CrashWatch:
    """Keeps the log, and a marker that tells an orderly end from a crash.

    Attributes:
        log: The log's file.
        last_crash: What the previous window of this kind left when it crashed; empty if it ended well.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        """`name` tells windows of different projects apart."""
        folder = folder or log_folder()
        self.log = folder / "window.log"
        self._marker = folder / f"{name}.running"
        self._trace = folder / f"{name}.trace"
        self.last_crash = self._found()
        self._on_failure: Callable[[str], None] | None = None
        self._reports: dict[str, str] = {}

    def begin(self, on_failure: Callable[[str], None]) -> None:
        """Log, mark that a window runs, and call `on_failure` with a report of every unexpected failure.

        A failure that comes again (a timer's comes many times a second) has the report of its first time.
        """
        self._on_failure = on_failure
        root = logging.getLogger()
        handler = logging.handlers.RotatingFileHandler(
            self.log, maxBytes=_MAX_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        self._handler = handler
        self._marker.write_text(str(os.getpid()), encoding="utf-8")
        self._stream = self._trace.open("w", encoding="utf-8")
        faulthandler.enable(self._stream)
        sys.excepthook = self._failed
        threading.excepthook = lambda args: self._failed(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def end(self) -> None:
        """The window ends in good order."""
        faulthandler.disable()
        self._stream.close()
        for left in (self._marker, self._trace):
            left.unlink(missing_ok=True)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _found(self) -> str:
        if not self._marker.exists():
            return ""
        trace = self._trace.read_text(encoding="utf-8", errors="replace") if self._trace.exists() else ""
        return report(
            trace.strip() or "The process ended without a word (killed, or the machine went down).", self.log
        )

    def _failed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        made = self._reports.get(text)
        if made is None:
            logger.error("unexpected failure\n%s", text)
            sys.stderr.write(text)
            made = report(text, self.log)
            if len(self._reports) < _REPORTS_KEPT:
                self._reports[text] = made
        else:
            logger.error("the same failure again: %s", text.rstrip().rpartition("\n")[2])
        if self._on_failure is not None:
            self._on_failure(made)


def versions() -> str:
    """What runs here, line by line."""
    lines = [f"{platform.platform()}, Python {platform.python_version()}"]
    for package in ("vpt-studio", "PySide6_Essentials", "numpy", "av", "opencv-python-headless"):
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package} not installed")
    return "\n".join(lines)


def report(what: str, log: Path) -> str:
    """A report to be copied: what happened, what runs here, and the end of the log."""
    tail = ""
    if log.exists():
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:])
    return f"{what}\n\n{versions()}\n\nEnd of {log}:\n{tail}"
