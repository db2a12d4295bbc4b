"""Keys of an X server that go to no other program: passive grabs.

While a grabbed key is down the server tells the window with the focus that it has lost the keyboard, and some
games then let go of all keys that are held. Where the key is grabbed on that very window it is told at once
that it has it back: so they are, on the game's window; and on the root, for all other windows, only while
the game is not in front.
"""

from __future__ import annotations

from collections.abc import Set
from itertools import combinations
from typing import Any

from Xlib import XK, X, error

from recorder.x11.keys import XKeys

_LOCKS = ("Num_Lock", "Scroll_Lock")
#: Held all the time while one sneaks or runs. Other modifiers with these keys are the window manager's.
_HELD_IN_GAMES = (X.ShiftMask, X.ControlMask)
_FIRST_KEYCODE, _BEYOND_KEYCODES = 8, 256


class XTakenKeys:
    """Used by the thread of its display; the server gives the keys back when that is closed."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._root = display.screen().root
        self._keys = XKeys(display)
        self._wanted = frozenset[str]()
        self._game = self._root
        self._is_in_front = False
        self._places: tuple[dict[int, str], list[int], list[int]] = {}, [], []

    def take(self, codes: Set[str], game: int) -> frozenset[str]:
        """Take these keys and no others; those that another program has.

        Args:
            codes: The keys.
            game: The window that is to notice nothing of it.
        """
        self._let_go(self._root)
        self._let_go(self._game)
        self._wanted, self._game = frozenset(codes), self._display.create_resource_object("window", game)
        self._places = self._where()
        refused = self._grab(self._root) | self._grab(self._game)
        if self._is_in_front:
            self._let_go(self._root)
        return refused

    def look(self, front: int | None) -> None:
        """Which window is in front now."""
        is_in_front = front == self._game.id
        if self._wanted and is_in_front != self._is_in_front:
            if is_in_front:
                self._let_go(self._root)
            else:
                self._grab(self._root)
        self._is_in_front = is_in_front

    def note(self, event: Any) -> None:
        """An event of the display: keys may lie elsewhere from now on."""
        if event.type == X.MappingNotify:
            self._keys.mapping_changed(event)
            if self._wanted and self._where() != self._places:
                self.take(self._wanted, self._game.id)

    def _grab(self, window: Any) -> frozenset[str]:
        """Grab what is wanted on a window; what is refused."""
        keys, plain, further = self._places
        tried = []
        for keycode in keys:
            for modifiers in (*plain, *further):
                refusal = error.CatchError(error.BadAccess, error.BadWindow)
                how = (False, X.GrabModeAsync, X.GrabModeAsync)
                window.grab_key(keycode, modifiers, *how, onerror=refusal)
                tried.append((keycode, modifiers, refusal))
        self._display.sync()
        return frozenset(
            keys[keycode]
            for keycode, modifiers, refusal in tried
            if refusal.get_error() and modifiers in plain
        )

    def _let_go(self, window: Any) -> None:
        keys, plain, further = self._places
        gone = error.CatchError(error.BadWindow)
        for keycode in keys:
            for modifiers in (*plain, *further):
                window.ungrab_key(keycode, modifiers, onerror=gone)
        self._display.sync()

    def _where(self) -> tuple[dict[int, str], list[int], list[int]]:
        """Keycodes of what is wanted; all ways in which locks may be on; those with what is held in games."""
        codes = {keycode: self._keys.key(keycode) for keycode in range(_FIRST_KEYCODE, _BEYOND_KEYCODES)}
        keys = {keycode: code for keycode, code in codes.items() if code in self._wanted}
        mapping = self._display.get_modifier_mapping()
        keycodes = {self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in _LOCKS} - {0}
        locks = {X.LockMask, *(1 << bit for bit, keys in enumerate(mapping) if keycodes & set(keys))}
        plain = _sums(sorted(locks))
        return keys, plain, [one | held for one in plain for held in _sums(_HELD_IN_GAMES) if held]


def _sums(masks: list[int] | tuple[int, ...]) -> list[int]:
    return [sum(some) for size in range(len(masks) + 1) for some in combinations(masks, size)]
