"""Which keys and buttons are down: what several keyboards and mice make of one key, and repeats left out."""

from __future__ import annotations

from collections.abc import Iterable

_ANY = ""


class HeldCodes:
    """Knows when a key goes down or up for the computer as a whole, as its programs see it."""

    def __init__(self, held: Iterable[str] = ()) -> None:
        """Begin with what is held already, by whichever device."""
        self._holders: dict[str, set[str]] = {code: {_ANY} for code in held}

    def change(self, code: str, device: str, is_down: bool) -> bool:
        """A device says that a key is down, or up.

        Returns:
            Whether that changes anything: a key that repeats was down before, and one that two devices hold
            goes up with the second of them.
        """
        holders = self._holders.setdefault(code, set())
        was_down = bool(holders)
        # Whoever held it at the beginning is known now.
        holders.discard(_ANY)
        if is_down:
            holders.add(device)
        else:
            holders.discard(device)
        if not holders:
            del self._holders[code]
        return was_down != bool(holders)

    def held(self) -> frozenset[str]:
        """The codes of all that is down."""
        return frozenset(self._holders)
