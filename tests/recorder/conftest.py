"""What the recorder's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from capture_driver import CaptureDriver
from notice import Notice
from play_driver import PlayDriver

if TYPE_CHECKING:
    from desktop_stage import DesktopStage


@pytest.fixture
def play(tmp_path: Path) -> Iterator[PlayDriver]:
    """A play process without a world."""
    driver = PlayDriver(tmp_path)
    yield driver
    if driver.process.poll() is None:
        driver.kill()


@pytest.fixture
def stage() -> Iterator[DesktopStage]:
    from desktop_stage import DesktopStage  # needs an X server and its library

    made = DesktopStage()
    yield made
    made.close()


@pytest.fixture
def show_notice(stage: DesktopStage) -> Iterator[Callable[..., Notice]]:
    """Shows a window of another program on the stage, at (left, top, width, height)."""
    shown: list[Notice] = []

    def show(*place: int, **how: Any) -> Notice:
        shown.append(Notice(stage.name, place, **how))
        return shown[-1]

    yield show
    for notice in shown:
        notice.close()


@pytest.fixture
def start(stage: DesktopStage, tmp_path: Path) -> Iterator[Callable[..., CaptureDriver]]:
    """Starts a capture of the game, and waits until it records, or says what else it is to."""
    started = []

    def begin(
        *words: str, profile: str = "luanti", until: str = "recording", **options: str
    ) -> CaptureDriver:
        driver = CaptureDriver(tmp_path, stage.name, "--profile", profile, *words, **options)
        started.append(driver)
        driver.until(until)
        return driver

    yield begin
    for driver in started:
        if driver.process.poll() is None:
            driver.kill()
