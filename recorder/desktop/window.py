"""Windows as a person knows them, the same on every system."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
#: Left, top, width and height, in pixels of the whole desktop.
Place = tuple[int, int, int, int]
#: The window that the contractor format speaks of.
CONTRACTOR_WINDOW = (1280, 720)


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the game's window is, in pixels of the desktop."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a place on the desktop is inside."""
        return 0 <= x - self.left < self.width and 0 <= y - self.top < self.height

    def pointer_in(self, x: int, y: int) -> tuple[float, float]:
        """A place on the desktop, in units of the 1280 x 720 window; outside of it its nearest edge."""
        width, height = CONTRACTOR_WINDOW
        column, row = (x - self.left) * width / self.width, (y - self.top) * height / self.height
        return min(max(column, 0.0), width - 1.0), min(max(row, 0.0), height - 1.0)


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
        process: Number of the process that it belongs to; 0 where the system does not tell.
    """

    id: int
    title: str
    program: str
    left: int
    top: int
    width: int
    height: int
    process: int = 0

    @property
    def place(self) -> Place:
        """Where its content is."""
        return self.left, self.top, self.width, self.height


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

    def place(self, id: int) -> Place | None:  # noqa: A002
        """Where a window is now; None when it is gone. Asks for less than :meth:`find`."""
        ...

    def whole(self) -> Place:
        """All screens together."""
        ...

    def in_front(self) -> int | None:
        """The window that has the keyboard.

        None where no window has it: also while a lock screen, a menu or a launcher took the keyboard away
        from the window that looks active, where the system tells.
        """
        ...

    @property
    def tells_cover(self) -> bool:
        """Whether this system tells what lies over a window, and what is in one that is hidden."""
        ...

    def is_shown(self, id: int) -> bool:  # noqa: A002
        """Whether a window is on the desktop, in sight or below others: not gone, and not minimised."""
        ...

    def covering(self, id: int, *, foreign: bool = True) -> DesktopWindow | None:  # noqa: A002
        """The topmost window that lies over part of this one, so that pictures of the screen show it instead.

        Args:
            id: Number of the window below.
            foreign: Pass over windows of the same process, such as its menus and tooltips.

        Returns:
            None where nothing covers the window, where it is gone, and where the system does not tell.
        """
        ...

    def own_picture(self, id: int) -> Picture | None:  # noqa: A002
        """What is in a window, whatever lies over it on the screen.

        Returns:
            uint8 [height, width, 3], RGB; None where the system does not tell, where the window is not
            shown, and where part of it was hidden and has not been drawn since.
        """
        ...

    def take_keys(self, codes: Set[str], game: int) -> frozenset[str] | None:
        """Have keys go to nobody until :meth:`close`; input sources hear them all the same.

        A program that grabs the whole keyboard still gets them.

        Args:
            codes: The keys, such as ``key.keyboard.f9``; those that were taken before and are not among
                them go to everybody again.
            game: The window that is played in, which is to notice nothing of it.

        Returns:
            Those that another program has taken; None where this system cannot do it (Windows and macOS).
        """
        ...

    def close(self) -> None:
        """Let go of the desktop, and of all that was taken or changed on it."""
        ...
