"""Whether a window of the desktop can be recorded: the checks, each with a sign, words, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.look import give_text
from ui.widgets.buttons import button
from ui.widgets.cards import Card, column, row
from ui.widgets.labels import eliding, words
from ui.widgets.sign import Sign
from vpt_studio.words import sentence, with_capital

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
#: Of these nothing may be left out: they are keys to press.
_WHOLE = {"hotkeys"}
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
        cover_ignored: Whether also what lies over the game is to be recorded.
    """

    sync_wanted = Signal()
    cover_ignored = Signal(bool)

    def __init__(self) -> None:
        super().__init__("Ready to record?", spacing=4)
        self.sync = button("Sync check", self.sync_wanted.emit, icon_name="timer", small=True)
        self.heading_row.addWidget(self.sync)
        self._rows = {name: _CheckRow(title, is_whole=name in _WHOLE) for name, title in _TITLES.items()}
        for made in self._rows.values():
            self.content.addWidget(made)
        self._ignores_cover = False
        self.cover = button("", lambda: self.cover_ignored.emit(not self._ignores_cover), small=True)
        self._rows["cover"].offer(self.cover)
        self.show_look(None, is_syncing=False)

    def show_look(
        self, look: Mapping[str, Any] | None, *, is_syncing: bool, ignores_cover: bool = False
    ) -> None:
        """Show what the scout found, None before it has looked; and whether what lies over is recorded."""
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
        self._ignores_cover = ignores_cover
        is_covered = "cover" in told and told["cover"]["state"] == "warn" and bool(look and look["covered"])
        meaning = "" if ignores_cover else "What lies over the game is then in the pictures."
        self.cover.setText("Do not record it" if ignores_cover else "Record it all the same")
        self.cover.setAccessibleDescription(meaning)
        self._rows["cover"].show_offer(meaning, is_offered=look is not None and (ignores_cover or is_covered))
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
        if check["id"] == "sync" and check["state"] == "wait":
            made.append({**check, "words": "Sync check: 10 seconds in the game", "mend": ""})
            continue
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

    def __init__(self, title: str, *, is_whole: bool) -> None:
        """Where it `is_whole`, long words have lines of their own and are never cut."""
        super().__init__()
        self._has_title, self._is_whole = title, is_whole
        self._shown: tuple[str, str, str] | None = None
        self._sign = Sign()
        self._title = words("", weight=500, wrap=True)
        self._words = eliding("", "small", colour="text_secondary")
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._mend = words("", "small", colour="text_secondary", wrap=True)
        self._mend.setContentsMargins(26, 0, 0, 2)
        self._across = row(self._sign, self._title, self._words)
        self._across.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        layout = self._lines = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._across)
        layout.addWidget(self._mend)
        self._offered: QWidget | None = None
        self._meaning = words("", "small", colour="text_secondary", wrap=True)

    def offer(self, made: QPushButton) -> None:
        """Have a button below the words, for what can be chosen instead of mending."""
        self._offered = QWidget()
        lines = column(made, self._meaning, spacing=2)
        lines.setAlignment(made, Qt.AlignmentFlag.AlignLeft)
        lines.setContentsMargins(26, 2, 0, 4)
        self._offered.setLayout(lines)
        self._lines.addWidget(self._offered)

    def show_offer(self, meaning: str, *, is_offered: bool) -> None:
        """Offer it, in words that say what it means; or not."""
        assert self._offered is not None
        self._meaning.setText(meaning)
        self._meaning.setVisible(bool(meaning))
        self._offered.setVisible(is_offered)

    def show_check(self, state: str, told: str, mend: str) -> None:
        """Show its state."""
        if (state, told, mend) == self._shown:
            return
        self._shown = state, told, mend
        sign, token, said = _STATES[state]
        self._sign.show_sign(sign, token)
        # What is all right may end in dots.
        is_short = len(told) <= _SHORT or (state == "ok" and not self._is_whole)
        is_titled = bool(self._has_title) and state != "wait" and is_short
        begins = f"{self._has_title}: " if self._is_whole and state == "ok" else ""
        self._title.setText(self._has_title if is_titled else begins + with_capital(told))
        self._title.setWordWrap(not is_titled)
        self._words.setText(told if is_titled else "")
        self._words.setVisible(is_titled)
        self._across.setStretch(1, 0 if is_titled else 1)
        self._across.setStretch(2, 1 if is_titled else 0)
        give_text(self._title, weight=500, colour="text_secondary" if state == "wait" else "text")
        self._mend.setText(sentence(mend) if mend else "")
        self._mend.setVisible(bool(mend) and state != "ok")
        title = f"{self._has_title}: " if is_titled else ""
        self.setAccessibleName(f"{title}{told}, {said}. {mend}".strip())
