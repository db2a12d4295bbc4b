"""What the recorder's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from play_driver import PlayDriver


@pytest.fixture
def play(tmp_path: Path) -> Iterator[PlayDriver]:
    """A play process without a world."""
    driver = PlayDriver(tmp_path)
    yield driver
    if driver.process.poll() is None:
        driver.kill()
