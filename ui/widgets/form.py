"""Forms made from settings: label, control, unit and help; changed ones carry a dot and can be reset."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from training.configs import Setting
from ui.look import look
from ui.widgets.buttons import button
from ui.widgets.fields import CheckBox, Select
from ui.widgets.labels import words

_SLIDER_RANGE = 200


def title_of(key: str) -> str:
    """A setting's name as people read it: ``training.batch_clips`` -> ``Batch clips``."""
    return key.rpartition(".")[2].replace("_", " ").capitalize()


class _Dot(QWidget):
    """Marks a setting that differs from its default."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(8, 8))
        self._on = False

    def switch(self, on: bool) -> None:
        self._on = on
        self.setToolTip("Changed from its default" if on else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        if self._on:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look().colour("accent_text"))
            painter.drawEllipse(QRectF(1, 1, 6, 6))
            painter.end()


class SettingsForm(QWidget):
    """One form.

    Signals:
        changed: The person set this setting to this value; whoever owns the settings checks it.
        checked: A field holds what cannot be read now, or can be read again.
    """

    changed = Signal(str, object)
    checked = Signal()

    def __init__(
        self,
        settings: Sequence[Setting],
        values: Mapping[str, Any],
        titles: Mapping[str, str] | None = None,
        *,
        stacked: bool = False,
    ) -> None:
        """`values` by key; `titles` where another name reads better; `stacked`: labels above controls."""
        super().__init__()
        self._settings = {setting.key: setting for setting in settings}
        self._unread: dict[str, str] = {}
        self._shown: dict[str, Callable[[Any], None]] = {}
        self._errors: dict[str, QWidget] = {}
        self._dots: dict[str, tuple[_Dot, QWidget]] = {}
        self._values = dict(values)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1 if not stacked else 0, 1)
        for place, setting in enumerate(settings):
            title = (titles or {}).get(setting.key, title_of(setting.key))
            self._add(grid, place * 4, setting, title, stacked)
        for key, value in self._values.items():
            if key in self._shown:
                self.show_value(key, value)

    def values(self) -> dict[str, Any]:
        """The values as they stand."""
        return dict(self._values)

    def show_value(self, key: str, value: Any) -> None:
        """Show a value without telling."""
        self._unread.pop(key, None)
        self._values[key] = value
        self._shown[key](value)
        self._mark(key)
        self.show_error(key, "")

    def show_error(self, key: str, text: str) -> None:
        """Say under the field what is wrong with it; nothing for an empty `text`."""
        label, told = self._errors[key], self._unread.get(key) or text
        label.setText(told)  # type: ignore[attr-defined]
        label.setVisible(bool(told))

    @property
    def can_be_read(self) -> bool:
        """Whether every field holds something that can be a value of its setting."""
        return not self._unread

    def _add(self, grid: QGridLayout, place: int, setting: Setting, title: str, stacked: bool) -> None:
        dot = _Dot()
        label = words(title, weight=500)
        reset = button("Reset", lambda: self._set(setting.key, setting.default), kind="link", small=True)
        reset.setAccessibleName(f"Reset {title}")
        self._dots[setting.key] = (dot, reset)
        control = self._control(setting, title)
        label.setBuddy(control)
        control.setToolTip(setting.description)
        help_text = words(setting.description + ".", "small", colour="text_secondary", wrap=True)
        error = words("", "small", colour="danger", wrap=True)
        error.setVisible(False)
        self._errors[setting.key] = error
        head = QHBoxLayout()
        head.setSpacing(6)
        for part in (label, dot, reset):
            head.addWidget(part)
        head.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(control)
        if setting.unit:
            line.addWidget(words(setting.unit, colour="text_hint"))
        line.addStretch(1)
        if stacked:
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addLayout(head)
            column.addLayout(line)
            column.addWidget(help_text)
            column.addWidget(error)
            grid.addLayout(column, place, 0)
        else:
            grid.addLayout(head, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(line, place, 1)
            grid.addWidget(help_text, place + 1, 1)
            grid.addWidget(error, place + 2, 1)
        grid.setRowMinimumHeight(place + 3, 8)

    def _control(self, setting: Setting, title: str) -> QWidget:
        made: QWidget
        if setting.kind == "flag":
            made = self._switch(setting)
        elif setting.kind == "choice":
            made = self._select(setting, title)
        elif setting.kind == "whole number" and _slides(setting):
            made = self._slider(setting)
        else:
            made = self._field(setting)
        made.setAccessibleName(title)
        made.setAccessibleDescription(setting.description)
        return made

    def _switch(self, setting: Setting) -> QWidget:
        made = CheckBox("on")
        made.toggled.connect(lambda on: made.setText("on" if on else "off"))
        made.clicked.connect(lambda on: self._set(setting.key, on))

        def show(value: Any) -> None:
            made.setChecked(bool(value))
            made.setText("on" if value else "off")

        self._shown[setting.key] = show
        return made

    def _select(self, setting: Setting, title: str) -> QWidget:
        made = Select(title)
        for choice in setting.choices:
            made.addItem(choice.capitalize().replace("_", " "), choice)
        made.setMinimumWidth(150)
        made.activated.connect(lambda _index: self._set(setting.key, made.currentData()))
        self._shown[setting.key] = lambda value: made.setCurrentIndex(made.findData(value))
        return made

    def _slider(self, setting: Setting) -> QWidget:
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        slider, spin = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        low, high = int(setting.limits["ge"]), int(setting.limits["le"])
        for part in (slider, spin):
            part.setRange(low, high)
        slider.setFixedWidth(180)
        slider.setAccessibleName(title_of(setting.key))
        spin.setAccessibleName(title_of(setting.key))
        slider.valueChanged.connect(spin.setValue)
        spin.valueChanged.connect(slider.setValue)
        slider.sliderReleased.connect(lambda: self._set(setting.key, slider.value()))
        spin.editingFinished.connect(lambda: self._set(setting.key, spin.value()))
        layout.addWidget(slider)
        layout.addWidget(spin)
        holder.setFocusProxy(slider)
        self._shown[setting.key] = lambda value: spin.setValue(int(value))
        return holder

    def _field(self, setting: Setting) -> QWidget:
        made = QLineEdit()
        made.setFixedWidth(look().pixels(200))
        if setting.may_be_none:
            made.setPlaceholderText("left to the run")
        made.editingFinished.connect(lambda: self._read(setting, made.text()))
        self._shown[setting.key] = lambda value: made.setText(_as_text(value))
        return made

    def _read(self, setting: Setting, text: str) -> None:
        try:
            value = _value_of(setting, text.strip())
        except ValueError:
            self._unread[setting.key] = f"It must be {setting.allowed}."
            self.show_error(setting.key, "")
            self.checked.emit()
            return
        if self._unread.pop(setting.key, None) is not None:
            self.show_error(setting.key, "")
            self.checked.emit()
        if value != self._values.get(setting.key):
            self._set(setting.key, value)

    def _set(self, key: str, value: Any) -> None:
        if value == self._values.get(key) and key not in self._unread:
            return
        self.show_value(key, value)
        self.changed.emit(key, value)

    def _mark(self, key: str) -> None:
        changed = self._values[key] != self._settings[key].default and not self._settings[key].is_required
        dot, reset = self._dots[key]
        dot.switch(changed)
        reset.setVisible(changed)


def _slides(setting: Setting) -> bool:
    limits = setting.limits
    return (
        "ge" in limits
        and "le" in limits
        and not setting.may_be_none
        and limits["le"] - limits["ge"] <= _SLIDER_RANGE
    )


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value) if value else ""
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value_of(setting: Setting, text: str) -> Any:
    if not text and setting.may_be_none:
        return None
    match setting.kind:
        case "whole number":
            return int(text.replace(",", ""))
        case "number":
            return float(text)
        case "list":
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case "table":
            return json.loads(text or "{}")
    return text
