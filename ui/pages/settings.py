"""Settings: sections of generated forms, applied at once; keys, storage, and what runs here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from training.configs import describe_settings
from ui.crashes import log_folder, versions
from ui.look import look
from ui.pages.page import Page
from ui.pages.settings_privacy import PrivacySettings
from ui.settings import Settings
from ui.shell.key_sheet import key_in_words
from ui.storage import Storage, empty_cache, look_at_storage, size_in_words
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.user_actions import KeyClashError, UserAction
from ui.widgets.buttons import button
from ui.widgets.cards import Card, empty, row
from ui.widgets.fields import KeyField, SearchField
from ui.widgets.form import SettingsForm
from ui.widgets.labels import words
from ui.widgets.modes import Modes
from vpt_studio.errors import StudioError
from vpt_studio.words import sentence

_FORMS = {
    "general": "General",
    "look": "Look",
    "recording": "Recording",
    "player": "Player",
    "training": "Training",
}
_OTHERS = {"privacy": "Privacy", "keys": "Keys", "storage": "Storage", "about": "About"}
_TITLES = {
    "general.role": "What I do here",
    "recording.person": "My alias",
    "recording.task_list": "Task list",
    "recording.hand_in_folder": "Hand-in folder",
    "recording.countdown_seconds": "Countdown",
    "look.text_percent": "Text size",
    "player.key_opacity_percent": "Overlays",
    "player.loop": "Begin again at the end",
}
logger = logging.getLogger(__name__)


class SettingsPage(Page):
    """All settings."""

    id = "settings"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Settings")
        self._forms: dict[str, SettingsForm] = {}
        self._ids_shown: list[str] = []
        self._sections = Modes([*_FORMS.items(), *_OTHERS.items()], "Section")
        self._sections.chosen.connect(self.show_section)
        self._search = SearchField("Search settings", "Search settings", key="/")
        self._search.setFixedWidth(220)
        self._search.textChanged.connect(self._find)
        self.body.addLayout(row(self._sections, 1, self._search))
        self._stack = QStackedWidget()
        self._places: dict[str, int] = {}
        for section, title in _FORMS.items():
            self._add(section, title, self._form(section))
        self._privacy = PrivacySettings(studio)
        self._add("privacy", "Privacy", self._privacy)
        self._key_rows = QGridLayout()
        self._add("keys", "Keys", self._keys())
        self._storage_rows = QGridLayout()
        self._add("storage", "Storage", self._storage())
        self._add("about", "About", self._about())
        self.body.addWidget(self._stack, 1)
        self.show_section("general")
        studio.session.settings.on_change(self._on_change)
        studio.session.actions.on_change(self._on_actions)

    def user_actions(self) -> list[UserAction]:
        """Finding a setting."""
        return [
            UserAction(
                "settings.search",
                "Search settings",
                self._search.setFocus,
                ("/",),
                page="settings",
                group="Settings",
                icon="magnifying-glass",
            )
        ]  # fmt: skip

    def enter(self, where: Mapping[str, Any]) -> None:
        """Show ``where["section"]``."""
        self.show_section(str(where.get("section", self._sections.current or "general")))

    def show_section(self, section: str) -> None:
        """Show a section."""
        self._sections.show_mode(section)
        self._stack.setCurrentIndex(self._places[section])
        if section == "privacy":
            self._privacy.look_at_profiles()
        if section == "keys":
            self._show_keys()
        if section == "storage":
            self._look_at_storage()

    def _add(self, section: str, title: str, content: QWidget) -> None:
        card = Card(title, spacing=12)
        card.content.addWidget(content)
        card.content.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(card)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._places[section] = self._stack.addWidget(scroll)

    def _form(self, section: str) -> SettingsForm:
        known = [item for item in describe_settings(Settings) if item.key.startswith(f"{section}.")]
        form = SettingsForm(known, self._values(section), _TITLES)
        form.changed.connect(self._change)
        self._forms[section] = form
        return form

    def _values(self, section: str) -> dict[str, Any]:
        values = asdict(getattr(self.studio.session.settings.current, section))
        return {f"{section}.{name}": value for name, value in values.items()}

    def _change(self, key: str, value: Any) -> None:
        section, _, name = key.partition(".")
        try:
            self.studio.session.settings.change(section, **{name: value})
        except StudioError as error:
            self._forms[section].show_error(key, sentence(error.what))

    def _on_change(self, _settings: Settings) -> None:
        for section, form in self._forms.items():
            for key, value in self._values(section).items():
                form.show_value(key, value)

    def _find(self, text: str) -> None:
        wanted = text.lower().split()
        for item in describe_settings(Settings):
            section = item.key.partition(".")[0]
            words_of = f"{item.key} {item.description} {_TITLES.get(item.key, '')}".lower()
            if wanted and section in _FORMS and all(word in words_of for word in wanted):
                self.show_section(section)
                return

    def _keys(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        hint = "Click a field and press the new key. A taken key is refused, with the name of its holder."
        layout.addWidget(words(hint, colour="text_secondary", wrap=True))
        self._key_rows.setHorizontalSpacing(18)
        self._key_rows.setColumnStretch(0, 1)
        layout.addLayout(self._key_rows)
        return holder

    def _on_actions(self) -> None:
        """Show the actions of pages that became known while one looks."""
        ids = [action.id for action in self.studio.session.actions]
        if self._sections.current == "keys" and ids != self._ids_shown:
            self._show_keys()

    def _show_keys(self) -> None:
        empty(self._key_rows)
        session = self.studio.session
        self._ids_shown = [action.id for action in session.actions]
        place = 0
        for group in dict.fromkeys(action.group for action in session.actions):
            self._key_rows.addWidget(words(group, weight=600, colour="text_hint"), place, 0)
            place += 1
            for action in (action for action in session.actions if action.group == group):
                field = KeyField(QKeySequence(action.keys[0] if action.keys else ""))
                field.setAccessibleName(f"Key for {action.title}")
                field.setFixedWidth(look().pixels(170))
                reset = button("Reset", partial(self._reset_key, action.id), kind="link", small=True)
                reset.setVisible(action.id in session.settings.current.keys)
                field.editingFinished.connect(
                    lambda field=field, action=action: self._choose_key(action, field)
                )
                title = words(action.title)
                title.setToolTip(", ".join(key_in_words(key) for key in action.keys))
                self._key_rows.addWidget(title, place, 0)
                self._key_rows.addWidget(field, place, 1)
                self._key_rows.addWidget(reset, place, 2)
                place += 1

    def _choose_key(self, action: UserAction, field: KeyField) -> None:
        key = field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        present = self.studio.session.actions[action.id].keys
        if key == (present[0] if present else ""):
            return
        keys = (key,) if key else ()
        try:
            self.studio.session.actions.choose_keys(action.id, keys)
        except KeyClashError as clash:
            self.studio.session.notices.tell(f"{clash}. Choose another one.", "warn")
            field.setKeySequence(QKeySequence(present[0] if present else ""))
            return
        self.studio.session.settings.change_keys(action.id, keys)
        self.studio.session.notices.tell(
            f"“{action.title}” has the key {key_in_words(key) or 'none'} now.", "ok"
        )

    def _reset_key(self, action_id: str) -> None:
        session = self.studio.session
        session.actions.reset_keys(action_id)
        session.settings.change_keys(action_id, None)
        keys = " or ".join(map(key_in_words, session.actions[action_id].keys))
        session.notices.tell(f"“{session.actions[action_id].title}” has its own key again: {keys or 'none'}.")
        self._show_keys()

    def _storage(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._storage_rows.setHorizontalSpacing(24)
        self._storage_rows.setColumnStretch(2, 1)
        layout.addLayout(self._storage_rows)
        self._clean = button("Empty the cache", self._empty_cache, icon_name="eraser")
        self._clean.setToolTip("Thumbnails, frames and predictions; all of it can be made again")
        self._check = button("Check project", self._check_project, icon_name="shield-check")
        self._backup = button("Back up now", self._back_up, icon_name="copy")
        layout.addLayout(row(self._clean, self._check, self._backup, 1))
        return holder

    def _look_at_storage(self) -> None:
        project = self.studio.session.project
        for act in (self._clean, self._check, self._backup):
            act.setEnabled(project is not None)
        empty(self._storage_rows)
        if project is None:
            self._storage_rows.addWidget(words("No project is open.", colour="text_secondary"), 0, 0)
            return
        folder = project.folder
        self.studio.background.run(
            lambda _task: look_at_storage(folder), self._show_storage, newest="storage"
        )

    def _show_storage(self, storage: Storage) -> None:
        empty(self._storage_rows)
        for place, (title, size, text) in enumerate(storage.rows()):
            self._storage_rows.addWidget(words(title, weight=500), place, 0)
            self._storage_rows.addWidget(words(size_in_words(size)), place, 1)
            self._storage_rows.addWidget(words(text, colour="text_secondary"), place, 2)

    def _empty_cache(self) -> None:
        project = self.studio.session.project
        assert project is not None

        def done(size: int) -> None:
            self.studio.session.notices.tell(f"{size_in_words(size)} are free again.", "ok")
            self._look_at_storage()

        self.studio.background.run(lambda _task: empty_cache(project.folder), done)

    def _check_project(self) -> None:
        project = self.studio.session.project
        assert project is not None

        def done(answer: Mapping[str, Any]) -> None:
            if answer.get("healthy", True):
                self.studio.session.notices.tell(
                    "The project is whole: database and files are as they should be.", "ok"
                )
            else:
                self.studio.session.notices.tell(
                    "The check found something. Copy the details.", "danger", details=str(dict(answer))
                )

        run_command(
            self.studio, "Check project", ["project", "check", "--project", str(project.folder)], done
        )

    def _back_up(self) -> None:
        self.studio.desk.change(
            lambda opened: opened.backup(),
            lambda path: self.studio.session.notices.tell(f"The database is copied to {path}.", "ok"),
        )

    def _about(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(
            words(
                "VPT Studio does Video PreTraining (Baker et al. 2022) on your own machine. MIT licence.",
                wrap=True,
            )
        )
        text = words(versions(), colour="text_secondary")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(text)
        layout.addWidget(
            words(
                "Qt for Python is used under the LGPL 3, Inter and JetBrains Mono under the OFL, Phosphor"
                " under the MIT licence. Nothing is sent anywhere.",
                colour="text_secondary",
                wrap=True,
            )
        )
        acts = QHBoxLayout()
        acts.addWidget(
            button("Copy versions", lambda: QGuiApplication.clipboard().setText(versions()), icon_name="copy")
        )
        acts.addWidget(
            button("Open log", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder()))))
        )
        acts.addStretch(1)
        layout.addLayout(acts)
        return holder
