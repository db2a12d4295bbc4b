"""Which button of the game a key of the keyboard is: by its place, as the game itself has it."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from vpt_studio.actions.buttons import HOTBAR_BUTTONS

# Places, not letters: W is where W is on a keyboard of the United States, whatever is printed there, and
# a digit with Shift held is that digit still. X names places as the kernel does, plus 8.
_KERNEL_PLACES = {
    17: "forward", 31: "back", 30: "left", 32: "right", 57: "jump", 42: "sneak", 29: "sprint",
    16: "drop", 18: "inventory", 33: "swapHands",
    **dict(enumerate(HOTBAR_BUTTONS, start=2)),
}  # fmt: skip
_PLACES = {
    "xcb": {place + 8: button for place, button in _KERNEL_PLACES.items()},
    "windows": _KERNEL_PLACES,  # both follow the first PC's keyboard
}
_LETTERS = {
    Qt.Key.Key_W: "forward",
    Qt.Key.Key_S: "back",
    Qt.Key.Key_A: "left",
    Qt.Key.Key_D: "right",
    Qt.Key.Key_Space: "jump",
    Qt.Key.Key_Shift: "sneak",
    Qt.Key.Key_Meta if sys.platform == "darwin" else Qt.Key.Key_Control: "sprint",
    Qt.Key.Key_Q: "drop",
    Qt.Key.Key_E: "inventory",
    Qt.Key.Key_F: "swapHands",
    **{Qt.Key(Qt.Key.Key_1 + slot): button for slot, button in enumerate(HOTBAR_BUTTONS)},
}

MOUSE_BUTTONS = {
    Qt.MouseButton.LeftButton: "attack",
    Qt.MouseButton.RightButton: "use",
    Qt.MouseButton.MiddleButton: "pickItem",
}

#: What the keys do, for people: keys, and what they are for.
KEYS_IN_WORDS = (
    ("W A S D", "walk"),
    ("Space", "jump, swim up"),
    ("Ctrl", "sprint"),
    ("Shift", "sneak; on a screen, move a whole stack"),
    ("Mouse", "look around; on a screen, move the pointer"),
    ("Left button", "dig; on a screen, take and put"),
    ("Right button", "place, open; on a screen, take half"),
    ("Middle button", "choose the block you look at"),
    ("1 to 9, wheel", "choose from the hot-bar"),
    ("E", "open the inventory, close any screen"),
    ("Q", "throw away one, with Ctrl all"),
    ("F", "change hands"),
)


def button_of(event: QKeyEvent) -> str | None:
    """The game's button, None for a key that is none."""
    places = _PLACES.get(QGuiApplication.platformName())
    place = event.nativeScanCode()
    if places is not None and place:
        return places.get(place)
    return _LETTERS.get(Qt.Key(event.key()))
