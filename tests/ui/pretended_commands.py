"""Has the window's commands carried out by a script of a test instead of by the studio."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_INTERPRETER = sys.executable


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Commands started from now on run `script`, which is kept in `folder`."""
    path = folder / "pretended"
    path.write_text(f"#!{_INTERPRETER}\n{script}", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
