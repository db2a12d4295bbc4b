"""Drives a real scout through its pipes, as a window does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from process_driver import ProcessDriver

from recorder.pictures import PictureBoard


class ScoutDriver(ProcessDriver):
    """A scout, and all that it said."""

    def __init__(self, folder: Path, display: str, *words: str) -> None:
        self.pictures = folder / "pictures"
        options = ["--folder", str(folder / "takes"), "--pictures", str(self.pictures), *words]
        super().__init__(folder, "-m", "recorder.scout", *options, DISPLAY=display)

    def watch(self, window: int, profile: str = "luanti") -> dict[str, Any]:
        self.do("watch", window=window, profile=profile)
        return self.until("watching")

    def look(self, **facts: Any) -> dict[str, Any]:
        """The next look of which `facts` are so."""
        return self.until("look", **facts)

    def check(self, name: str, state: str, seconds: float = 30) -> dict[str, Any]:
        """Wait until a check is in this state."""
        end = time.monotonic() + seconds
        while True:
            (found,) = (one for one in self.look()["checks"] if one["id"] == name)
            if found["state"] == state:
                return found
            assert time.monotonic() < end, found

    def picture(self) -> Any:
        """The picture of a look that has one."""
        board = PictureBoard(self.pictures)
        try:
            while True:
                number = self.look()["picture"]
                if number and (picture := board.look(number)) is not None:
                    return picture
        finally:
            board.close()
