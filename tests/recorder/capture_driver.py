"""Drives a real capture process through its pipes, as a window does."""

from __future__ import annotations

from pathlib import Path

from process_driver import ProcessDriver

from recorder.consent import VERSION


class CaptureDriver(ProcessDriver):
    """A capture process, and all that it said."""

    def __init__(self, folder: Path, display: str, *words: str, title: str = "game") -> None:
        arguments = ["--folder", str(folder), "--name", "take", "--consent", str(VERSION), "--title", title]
        super().__init__(folder, "-m", "recorder", *arguments, *words, DISPLAY=display)

    def ticks(self, more: int) -> int:
        """Wait until so many more ticks are written; how many there are."""
        wanted = self.until("status")["ticks"] + more
        while (now := self.until("status")["ticks"]) < wanted:
            pass
        return now

    def stop(self) -> Path:
        """Stop; the take's video."""
        self.do("stop")
        video = Path(self.until("taken")["video"])
        self.end()
        return video
