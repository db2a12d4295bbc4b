"""Settings, Privacy: what a person agreed to, and which keys reach the disk for each game."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.game_profiles import GameProfile, profile_names, read_profile
from recorder.key_names import key_words
from ui.consent_words import agree, agreement_in_words, consent_lines, has_agreed, withdraw
from ui.look import look
from ui.studio import Studio
from ui.widgets.buttons import button
from ui.widgets.cards import line, row
from ui.widgets.fields import Select
from ui.widgets.labels import words


class PrivacySettings(QWidget):
    """The consent with its words, and the keys that are stored."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._profiles: Mapping[str, GameProfile] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(words("What is recorded, and what never is", weight=500))
        text = words("\n".join(consent_lines()), colour="text_secondary", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(text)
        self._agreed = words("", weight=500)
        self._agree = button("I agree", lambda: agree(studio.session.settings, date.today()))
        self._withdraw = button("Withdraw", lambda: withdraw(studio.session.settings))
        self._withdraw.setToolTip("The next recording asks again; takes that are there stay as they are")
        layout.addLayout(row(self._agreed, self._agree, self._withdraw, 1))
        layout.addWidget(line())
        self._game = Select("Game whose stored keys are shown")
        self._game.setMinimumWidth(look().pixels(200))
        self._game.currentIndexChanged.connect(lambda _place: self._show_keys())
        layout.addLayout(row(words("Keys that are stored for", weight=500), self._game, 1))
        self._keys = words("", colour="text_secondary", wrap=True)
        layout.addWidget(self._keys)
        studio.session.settings.on_change(lambda _settings: self.show_agreement())
        self.show_agreement()

    def look_at_profiles(self) -> None:
        """Read the game profiles, off the GUI thread, and show their keys."""
        self._studio.background.run(
            lambda _task: {name: read_profile(name) for name in profile_names()},
            self._show_profiles,
            newest="profiles",
        )

    def show_agreement(self) -> None:
        """Show whether the words were agreed to."""
        privacy = self._studio.session.settings.current.privacy
        self._agreed.setText(f"{agreement_in_words(privacy)}.")
        self._agree.setVisible(not has_agreed(privacy))
        self._withdraw.setVisible(has_agreed(privacy))

    def _show_profiles(self, profiles: Mapping[str, GameProfile]) -> None:
        if profiles == self._profiles:
            return
        self._profiles = profiles
        self._game.clear()
        for name, profile in profiles.items():
            self._game.addItem(profile.title, name)
        self._show_keys()

    def _show_keys(self) -> None:
        profile = self._profiles.get(self._game.currentData())
        if profile is None:
            return
        stored = ", ".join(dict.fromkeys(key_words(code) for code in profile.buttons))
        chat = ", ".join(key_words(code) for code in profile.chat_opens)
        said = f"{stored}; mouse motion and wheel."
        if chat:
            said += f" From {chat} on nothing is recorded until the chat is closed."
        self._keys.setText(said)
