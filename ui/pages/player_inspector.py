"""The Player's inspector: this tick key by key, what the model sees, and the raw line."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.lanes import BUTTON_WORDS, TickColumns, camera_in_words, most_used
from ui.look import give_text, look
from ui.predictions import Comparison, PredictedColumns
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import Card, empty, row
from ui.widgets.labels import eliding, words
from vpt_studio.actions import BUTTONS
from vpt_studio.project.recording_row import RecordingRow

MODEL_SIDE = 128
_SMALL_SIDE, _MIDDLE_SIDE, _LARGE_SIDE = 112, 200, 256  # pixels on the screen
_HIGH = 760  # what all three cards need with the picture at its largest
_KEYS_SHOWN = 7
_ROW = 21
_RAW_LOWEST, _RAW_HIGHEST = 62, 180


class _KeyTable(QWidget):
    """The tick's keys: name, player, IDM; painted, as it changes twenty times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Keys in this tick")
        self._rows: list[tuple[str, str, bool | None, float | None, bool]] = []
        self._camera: tuple[str, str] = ("", "")
        self._camera_differs = False
        self._has_idm = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(
        self,
        rows: list[tuple[str, str, bool | None, float | None, bool]],
        camera: tuple[str, str],
        *,
        has_idm: bool,
        camera_differs: bool = False,
    ) -> None:
        """Rows of title, key, held, probability and whether they differ; the turn of player and IDM."""
        self._camera_differs = camera_differs
        if len(rows) != len(self._rows) or has_idm != self._has_idm:
            self._rows, self._has_idm = rows, has_idm
            self.updateGeometry()
        self._rows, self._camera, self._has_idm = rows, camera, has_idm
        held = [title for title, _, is_held, _, _ in rows if is_held]
        self.setAccessibleDescription(f"Held: {', '.join(held) or 'nothing'}. Camera: {camera[0]}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        lines = len(self._rows) + (3 if self._has_idm else 2)
        return QSize(280, look().pixels(_ROW) * lines + 8)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, width = look().pixels(_ROW), self.width()
        player, idm = width * 0.62, width - 6.0
        y = 0.0
        small, body, bold = look().font("small"), look().font("body"), look().font("body", 600)
        painter.setFont(small)
        painter.setPen(look().colour("text_hint"))
        self._text(painter, QRectF(0, y, width, height), "Key")
        self._centred(painter, player, y, height, "Player")
        if self._has_idm:
            self._right(painter, idm, y, height, "IDM")
        y += height
        for title, key, held, share, differs in self._rows:
            if differs:
                self._mark(painter, y, height)
                paint_icon(painter, QRectF(player + 36, y + height / 2 - 7, 14, 14), "warning-fill", "purple")
            painter.setFont(body)
            painter.setPen(look().colour("text"))
            self._text(painter, QRectF(4, y, width, height), title)
            room = painter.fontMetrics().horizontalAdvance(title)
            painter.setPen(look().colour("text_hint"))
            self._text(painter, QRectF(4 + room + 7, y, width, height), key)
            painter.setPen(look().colour("text" if held else "text_hint"))
            painter.setFont(bold if held else body)
            self._centred(painter, player, y, height, "?" if held is None else "held" if held else "–")
            if share is not None:
                painter.setPen(look().colour("text" if share > 0.5 else "text_secondary"))
                painter.setFont(bold if share > 0.5 else body)
                self._right(painter, idm, y, height, f"{share:.2f}")
            y += height
        painter.fillRect(QRectF(0, y + 3, width, 1), look().colour("line"))
        y += 7
        for who, turn in zip(("Camera", "IDM's camera"), self._camera, strict=True):
            if who == "Camera" or self._has_idm:
                if self._camera_differs:
                    self._mark(painter, y, height)
                painter.setFont(body)
                painter.setPen(look().colour("text"))
                self._text(painter, QRectF(4, y, width, height), who)
                painter.setFont(bold)
                self._right(painter, idm, y, height, turn)
                y += height
        painter.end()

    def _mark(self, painter: QPainter, y: float, height: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("purple", 0.2))
        painter.drawRoundedRect(QRectF(-2, y + 0.5, self.width(), height - 1), 4, 4)

    @staticmethod
    def _text(painter: QPainter, area: QRectF, text: str) -> None:
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    @staticmethod
    def _centred(painter: QPainter, x: float, y: float, height: float, text: str) -> None:
        painter.drawText(QRectF(x - 50, y, 100, height), Qt.AlignmentFlag.AlignCenter, text)

    @staticmethod
    def _right(painter: QPainter, x: float, y: float, height: float, text: str) -> None:
        area = QRectF(x - 220, y, 220, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class _ModelView(QWidget):
    """The picture as models get it: 128 x 128, bilinear, aspect lost."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the model sees, 128 by 128 pixels")
        self._image: QImage | None = None
        self.set_side(_SMALL_SIDE)

    def set_side(self, side: int) -> None:
        self.setFixedSize(side, side)

    def show_picture(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self)
        if self._image is None:
            painter.fillRect(self.rect(), look().colour("control"))
        else:
            painter.drawImage(self.rect(), as_models_see(self._image))
        painter.end()


def as_models_see(image: QImage) -> QImage:
    """The picture straight to 128 x 128 by OpenCV's bilinear filter, as the models' loader does it."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    size = (MODEL_SIDE, MODEL_SIDE)
    small = cv2.resize(pixels[:, : image.width()], size, interpolation=cv2.INTER_LINEAR)
    return QImage(small.data, *size, 4 * MODEL_SIDE, QImage.Format.Format_RGB32).copy()


class PlayerInspector(QWidget):
    """Three cards.

    Signals:
        idm_wanted: The person wants an IDM's opinion.
    """

    idm_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self._columns: TickColumns | None = None
        self._keys: list[str] = []
        self._line = b""
        self._tick_card = Card("This tick")
        self._differs = words("", "small", weight=500, colour="text_secondary")
        self._tick_card.heading_row.addWidget(self._differs)
        self._table = _KeyTable()
        self._none = words("This video has no actions.", colour="text_secondary", wrap=True)
        self._label = button("Label with the IDM", self.idm_wanted.emit, icon_name="magic-wand", small=True)
        self._tick_card.content.addWidget(self._table)
        self._tick_card.content.addWidget(self._none)
        self._tick_card.content.addWidget(self._label)
        layout.addWidget(self._tick_card)
        self._model_card = Card("What the model sees")
        self._model = _ModelView()
        self._facts = QGridLayout()
        self._facts.setColumnStretch(1, 1)
        self._facts.setVerticalSpacing(3)
        across = self._across = row(self._model, spacing=14)
        facts = QVBoxLayout()
        facts.addLayout(self._facts)
        facts.addStretch(1)
        across.addLayout(facts, 1)
        self._model_card.content.addLayout(across)
        layout.addWidget(self._model_card)
        self._raw_card = Card("Raw line")
        self._raw_card.heading_row.addWidget(icon_button("copy", "Copy the raw line", self._copy, small=True))
        self._raw = QPlainTextEdit()
        self._raw.setReadOnly(True)
        self._raw.setAccessibleName("Raw line of this tick")
        self._raw.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._raw.setMinimumHeight(look().pixels(_RAW_LOWEST))
        self._raw.setMaximumHeight(look().pixels(_RAW_HIGHEST))
        self._raw.setTabChangesFocus(True)
        give_text(self._raw, "small", mono=True)
        self._raw_card.content.addWidget(self._raw)
        layout.addWidget(self._raw_card)
        layout.addStretch(1)
        self.model_is_large = False
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._columns = None
        self._table.setVisible(False)
        self._none.setVisible(False)
        self._label.setVisible(False)
        self._differs.setText("")
        self._raw.setPlainText("")
        self._model.show_picture(None)
        self._show_facts([("Picture", "128 × 128")])

    def show_recording(self, item: RecordingRow, columns: TickColumns) -> None:
        """Another recording: which keys are listed."""
        self._columns = columns
        has_actions = item.actions is not None
        self._table.setVisible(has_actions)
        self._none.setVisible(not has_actions)
        self._label.setVisible(not has_actions)
        self._raw_card.setVisible(has_actions)
        self._keys = most_used(columns, _KEYS_SHOWN)
        self._show_facts([("Picture", "128 × 128"), ("Scaled", "bilinear")])

    def show_predictions(self, predicted: PredictedColumns, comparison: Comparison | None) -> None:
        """An IDM's opinion has come."""
        facts = [("IDM", predicted.name)]
        if comparison is not None:
            facts += [
                ("Keys right", f"{100 * comparison.joint:.1f} %"),
                ("Yaw R²", "–" if comparison.yaw_r2 is None else f"{comparison.yaw_r2:.2f}"),
                ("Differs", f"{len(comparison.ticks):,} ticks"),
            ]
        self._none.setVisible(False)
        self._label.setVisible(False)
        self._table.setVisible(True)
        if self._columns is not None and not self._columns.known.any():
            held = (predicted.held > 0.5).sum(axis=0)
            often = sorted(BUTTONS, key=lambda name: -held[BUTTONS.index(name)])[:_KEYS_SHOWN]
            self._keys = [name for name in BUTTON_WORDS if name in often]
        self._show_facts(facts)

    def show_tick(
        self,
        tick: int,
        columns: TickColumns,
        predicted: PredictedColumns | None,
        comparison: Comparison | None,
    ) -> None:
        """Another tick."""
        known = bool(columns.known[tick])
        keys = list(self._keys)
        if known:  # a key that is held now, or of which the IDM thinks otherwise, is always listed
            matters = columns.buttons[tick].copy()
            if comparison is not None:
                matters |= comparison.keys[tick]
            listed = [name for name in BUTTON_WORDS if matters[BUTTONS.index(name)]]
            missing = [name for name in listed if name not in keys]
            free = [name for name in reversed(keys) if name not in listed]
            for name, place in zip(missing, free, strict=False):
                keys[keys.index(place)] = name
        has_idm = predicted is not None and tick < len(predicted)
        rows = []
        for name in keys:
            index = BUTTONS.index(name)
            title, key = BUTTON_WORDS[name]
            held = bool(columns.buttons[tick, index]) if known else None
            share = float(predicted.held[tick, index]) if predicted is not None and has_idm else None
            differs = comparison is not None and bool(comparison.keys[tick, index])
            rows.append((title, key, held, share, differs))
        true = camera_in_words(*columns.camera[tick]) if known else "not known"
        guess = camera_in_words(*predicted.camera[tick]) if predicted is not None and has_idm else ""
        camera_differs = comparison is not None and bool(comparison.camera[tick])
        self._table.show_rows(rows, (true, guess), has_idm=has_idm, camera_differs=camera_differs)
        if comparison is not None:
            count = int(comparison.keys[tick].sum()) + int(comparison.camera[tick])
            self._differs.setText(
                "agrees" if count == 0 else "1 differs" if count == 1 else f"{count} differ"
            )
        else:
            self._differs.setText("" if known else "not known")
        self._line = columns.lines[tick] if tick < len(columns.lines) else b""
        self._raw.setPlainText(self._line.decode("utf-8", errors="replace")[:4000])

    def show_picture(self, image: QImage | None) -> None:
        """The tick's picture."""
        if image is not None:
            self._model.show_picture(image)

    def enlarge_model(self, large: bool) -> None:
        """Show what the model sees at twice its size, or small beside its facts."""
        self.model_is_large = large
        self._across.setDirection(
            QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        )
        fits = self.height() >= look().pixels(_HIGH)
        self._model.set_side(_SMALL_SIDE if not large else _LARGE_SIDE if fits else _MIDDLE_SIDE)

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        empty(self._facts)
        for place, (title, text) in enumerate(facts):
            self._facts.addWidget(words(title, colour="text_secondary"), place, 0)
            value = eliding(text, weight=600)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._facts.addWidget(value, place, 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._line.decode("utf-8", errors="replace"))
