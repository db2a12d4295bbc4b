"""Keys and what they do, side by side as far as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import look

_GAP, _BETWEEN, _PAD = 6, 16, 12


class KeyHints(QWidget):
    """Pairs of a key's cap and words; a pair that has no room begins a new line."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: Sequence[tuple[str, str]] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look().changed.connect(self.updateGeometry)

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show pairs of key and words."""
        self._hints = tuple(hints)
        self.setAccessibleName(", ".join(f"{key}: {words}" for key, words in hints))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Lines depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """So many lines as there must be."""
        bottom = max((round(cap.bottom()) for cap, *_ in self._placed(width)), default=0)
        return bottom + 1

    def sizeHint(self) -> QSize:  # noqa: N802
        """All on one line."""
        return QSize(200, self.heightForWidth(200))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """One pair to a line."""
        return QSize(80, look().pixels(22))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint caps and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cap, area, key, words in self._placed(self.width()):
            painter.setBrush(look().colour("control"))
            painter.setPen(QPen(look().colour("line_strong"), 1))
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(look().font("small", 600))
            painter.setPen(look().colour("text"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            painter.setFont(look().font("small"))
            painter.setPen(look().colour("text_secondary"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _placed(self, width: int) -> Iterator[tuple[QRectF, QRectF, str, str]]:
        strong, plain = (QFontMetrics(look().font("small", weight)) for weight in (600, 400))
        height, x, y = look().pixels(22), 0.0, 0.0
        for key, words in self._hints:
            cap, told = strong.horizontalAdvance(key) + _PAD, plain.horizontalAdvance(words) + 2
            if x and x + cap + _GAP + told > width:
                x, y = 0.0, y + height + 6
            yield QRectF(x, y, cap, height), QRectF(x + cap + _GAP, y, told, height), key, words
            x += cap + _GAP + told + _BETWEEN
