"""Fields: what cannot be read keeps a run from starting; a field for a key lets go again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit

from training.configs import STAGE_CONFIGS, describe_settings
from ui.widgets.fields import KeyField
from ui.widgets.form import SettingsForm


@pytest.fixture
def form(qtbot, qapp):
    settings = describe_settings(STAGE_CONFIGS["idm"])
    setting = next(setting for setting in settings if setting.key == "training.batch_clips")
    made = SettingsForm([setting], {setting.key: 8})
    qtbot.addWidget(made)
    made.show()
    return made


def type_into(field, text, qtbot):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_field_that_cannot_be_read_is_told_and_mended(form, qtbot):
    field = form.findChild(QLineEdit)
    with qtbot.waitSignal(form.checked):
        type_into(field, "abc", qtbot)
    assert not form.can_be_read
    with qtbot.waitSignal(form.changed) as told:
        type_into(field, "12", qtbot)
    assert told.args == ["training.batch_clips", 12]
    assert form.can_be_read


@pytest.fixture
def key_field(qtbot, qapp):
    made = KeyField(QKeySequence("F5"))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


@pytest.mark.parametrize(
    ("pressed", "key"),
    [(Qt.Key.Key_F6, "F6"), (Qt.Key.Key_Escape, "F5"), (Qt.Key.Key_Backspace, "")],
)
def test_a_field_for_a_key_takes_one_and_lets_go(key_field, qtbot, pressed, key):
    qtbot.keyClick(key_field, pressed)
    qtbot.waitUntil(lambda: not key_field.hasFocus())
    assert key_field.keySequence().toString() == key
