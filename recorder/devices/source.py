"""What every source of input can do, whatever the system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from recorder.devices.events import InputEvent


class InputSource(Protocol):
    """Hears all keyboards and mice of this computer, whichever window is in front."""

    @property
    def name(self) -> str:
        """How it hears them, such as "XInput 2.2"."""
        ...

    @property
    def untrusted(self) -> str:
        """Why camera labels made from its motion are not exact, in words; "" where they are.

        A source may find out while it hears: ask again at the end of a take.
        """
        ...

    def start(self, receive: Callable[[InputEvent], None]) -> None:
        """Hear from now on; once.

        Args:
            receive: Called with every event in the order in which they came, in a thread of the source. It
                must be quick: stamp and queue, nothing else.

        Raises:
            StudioError: The system does not let us hear, with what to do about it.
        """
        ...

    def held(self) -> frozenset[str]:
        """Codes of the keys and buttons that are down now, such as ``key.keyboard.w`` and "0"."""
        ...

    def pointer(self) -> tuple[int, int]:
        """Column and row of the pointer, in pixels of the whole desktop."""
        ...

    def pointer_is_shown(self) -> bool | None:
        """Whether the pointer is to be seen, as of the last :meth:`pointer`; None where nobody tells.

        Games hide it while the mouse turns the view, and show it while a screen is open.
        """
        ...

    def stop(self) -> None:
        """Hear no longer; `receive` is not called once this returned. Can be called again."""
        ...
