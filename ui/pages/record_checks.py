"""Whether a window of the desktop can be recorded: the checks, each with a sign, words, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.look import give_text
from ui.widgets.buttons import button
from ui.widgets.cards import Card, row
from ui.widgets.labels import eliding, words
from ui.widgets.sign import Sign

#: The checks in their order; what a title is given to says its words at the right, where they are short.
_TITLES = {
    "screen": "",
    "input": "Keys and mouse",
    "front": "",
    "keys": "Keys",
    "mouse": "",
    "rate": "Rate",
    "size": "Window",
    "cover": "",
    "disk": "Disk",
    "hotkeys": "Hotkeys",
    "sync": "",
}
_SHORT = 34  # letters
#: Sign, its colour token, and the state for a screen reader.
_STATES = {
    "ok": ("check-circle-fill", "ok", "all right"),
    "warn": ("warning-fill", "warn", "look at it"),
    "bad": ("x-circle-fill", "danger", "must be mended"),
    "wait": ("circle-dashed", "text_hint", "not known yet"),
}


class ReadyCard(Card):
    """The checks.

    Signals:
        sync_wanted: Measure how long a picture takes after an input, or stop measuring.
    """

    sync_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Ready to record?", spacing=4)
        self.sync = button("Sync check", self.sync_wanted.emit, icon_name="timer", small=True)
        self.heading_row.addWidget(self.sync)
        self._rows = {name: _CheckRow(title) for name, title in _TITLES.items()}
        for made in self._rows.values():
            self.content.addWidget(made)
        self.show_look(None, is_syncing=False)

    def show_look(self, look: Mapping[str, Any] | None, *, is_syncing: bool) -> None:
        """Show what the scout found; None before it has looked."""
        told = {} if look is None else {check["id"]: check for check in _briefly(look["checks"])}
        for name, shown in self._rows.items():
            check = told.get(name)
            shown.setVisible(check is not None or name == "screen")
            shown.show_check(
                *(
                    ("wait", "Being looked at", "")
                    if check is None
                    else (check["state"], check["words"], check["mend"])
                )
            )
        self.sync.setText("Stop" if is_syncing else "Sync check")
        self.sync.setEnabled(look is not None and not look["gone"])
        self.sync.setToolTip(
            "Measures how long after a key or a flick of the mouse the game's picture follows; ten seconds"
        )


def _briefly(checks: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The checks with what waits for the person said as what to do, and each thing to do said once."""
    made: list[Mapping[str, str]] = []
    asked: set[str] = set()
    for check in checks:
        wish = check["mend"].partition(":")[0]
        if check["state"] != "wait":
            made.append(check)
        elif not wish or wish in asked:
            made.append({**check, "mend": ""})
        else:
            asked.add(wish)
            made.append({**check, "words": check["mend"], "mend": ""})
    return made


class _CheckRow(QWidget):
    """One check: sign, title and words, or words alone; below them what mends it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._has_title = title
        self._shown: tuple[str, str, str] | None = None
        self._sign = Sign()
        self._title = words("", weight=500, wrap=True)
        self._words = eliding("", "small", colour="text_secondary")
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._mend = words("", "small", colour="text_secondary", wrap=True)
        self._mend.setContentsMargins(26, 0, 0, 2)
        self._across = row(self._sign, self._title, self._words)
        self._across.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._across)
        layout.addWidget(self._mend)

    def show_check(self, state: str, told: str, mend: str) -> None:
        """Show its state."""
        if (state, told, mend) == self._shown:
            return
        self._shown = state, told, mend
        sign, token, said = _STATES[state]
        self._sign.show_sign(sign, token)
        is_short = state == "ok" or len(told) <= _SHORT  # what is all right may end in dots
        is_titled = bool(self._has_title) and state != "wait" and is_short
        self._title.setText(self._has_title if is_titled else f"{told[:1].upper()}{told[1:]}")
        self._title.setWordWrap(not is_titled)
        self._words.setText(told if is_titled else "")
        self._words.setVisible(is_titled)
        self._across.setStretch(1, 0 if is_titled else 1)
        self._across.setStretch(2, 1 if is_titled else 0)
        give_text(self._title, weight=500, colour="text_secondary" if state == "wait" else "text")
        self._mend.setText(f"{mend.rstrip('.')}." if mend else "")
        self._mend.setVisible(bool(mend) and state != "ok")
        title = f"{self._has_title}: " if is_titled else ""
        self.setAccessibleName(f"{title}{told}, {said}. {mend}".strip())
