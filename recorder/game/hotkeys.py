"""The recorder's own keys, kept from all other programs where the system lets us."""

from __future__ import annotations

import time
from collections.abc import Callable

from recorder.desktop.window import Desktop
from recorder.devices.events import InputEvent
from recorder.game_profiles import GameProfile, Hotkey
from recorder.key_names import key_words

#: So often keys that another program has are tried again: the scout and the capture relieve each other.
_AGAIN_SECONDS = 1.0
#: With one of these a key is for the window manager: Alt and F8 often resize a window.
_WINDOW_MANAGERS = frozenset(
    f"key.keyboard.{side}.{key}" for side in ("left", "right") for key in ("alt", "win")
)
_WHAT: dict[Hotkey, str] = {"stop": "starts and stops", "mark": "marks", "cut": "deletes the last 2 min"}


class Hotkeys:
    """A profile's hotkeys, taken. Used by the thread of its desktop."""

    def __init__(self, desktop: Desktop, profile: GameProfile, game: int) -> None:
        """Take them; `game` is the window's number."""
        self._desktop, self._codes, self._game = desktop, profile.hotkeys.keys(), game
        self.words = {key_words(code): _WHAT[what] for code, what in profile.hotkeys.items()}
        self._take()

    def refused(self) -> frozenset[str] | None:
        """Those that another program has, as they stand on keyboards; None where none can be taken here."""
        if self._refused and time.monotonic() - self._tried_at >= _AGAIN_SECONDS:
            self._take()
        return None if self._refused is None else frozenset(map(key_words, self._refused))

    def give_back(self) -> None:
        """Let them go to all programs again."""
        self._desktop.take_keys(frozenset(), self._game)

    def _take(self) -> None:
        self._refused = self._desktop.take_keys(frozenset(self._codes), self._game)
        self._tried_at = time.monotonic()


class HotkeyListener:
    """Hears a profile's hotkeys among all events."""

    def __init__(self, profile: GameProfile, on_hotkey: Callable[[Hotkey], None]) -> None:
        """`on_hotkey` is told of each."""
        self._hotkeys, self._on_hotkey = profile.hotkeys, on_hotkey
        self._held = set[str]()

    def hear(self, event: InputEvent) -> None:
        """Something was done, whichever window is in front."""
        if event.kind != "key":
            return
        if event.code in _WINDOW_MANAGERS:
            (self._held.add if event.is_down else self._held.discard)(event.code)
        elif event.is_down and not self._held and event.code in self._hotkeys:
            self._on_hotkey(self._hotkeys[event.code])
