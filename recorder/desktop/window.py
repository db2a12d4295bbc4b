"""Windows as a person knows them, the same on every system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class DesktopWindow:
    """A window as it is now.

    Attributes:
        id: The system's number for it.
        title: What its title bar says.
        program: Which program it belongs to, as the system calls that.
        left: Column of its content, without its frame where the system tells them apart, in pixels of the
            whole desktop; may be negative.
        top: Row of its content.
        width: Of its content.
        height: Of its content.
    """

    id: int
    title: str
    program: str
    left: int
    top: int
    width: int
    height: int


class Desktop(Protocol):
    """The windows of this desktop. Used by one thread."""

    def windows(self) -> list[DesktopWindow]:
        """What a person would call windows, topmost first where the system tells.

        Raises:
            StudioError: The desktop is gone.
        """
        ...

    def find(self, id: int) -> DesktopWindow | None:  # noqa: A002
        """A window as it is now; None when it is gone. A minimised one is not gone."""
        ...

    def in_front(self) -> int | None:
        """The window that has the keyboard.

        None where no window has it: also while a lock screen, a menu or a launcher took the keyboard away
        from the window that looks active, where the system tells.
        """
        ...

    def close(self) -> None:
        """Let go of the desktop."""
        ...
