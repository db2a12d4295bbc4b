"""Where the tests of the models find reference vectors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def parity_folder() -> Path:
    root = Path(__file__).resolve().parents[3]
    shared = Path(os.environ.get("VPT_STUDIO_SHARED", root.parent / "shared"))
    folder = shared / "data" / "parity"
    if not folder.is_dir():
        pytest.skip(
            f"no reference vectors in {folder}; set VPT_STUDIO_SHARED to the folder that has data/parity"
        )
    return folder
