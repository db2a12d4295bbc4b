"""Where every test finds the data that is shared between projects and not part of this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with ``parity`` and ``recordings``; tests that need it are passed over without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("VPT_STUDIO_SHARED", beside)) / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder}; set VPT_STUDIO_SHARED to the folder that has data/parity")
    return folder
