"""Where the tests of the models find reference vectors."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def parity_folder(shared_data: Path) -> Path:
    return shared_data / "parity"
