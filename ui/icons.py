"""Phosphor icons, tinted with the theme's tokens at the moment they are painted."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

from ui.look import look
from ui.theme import Tokens

_GLYPH_SHARE = 0.94  # of the square, so that round glyphs are not cut by their antialiasing


def icon(name: str, token: str = "text_secondary", *, checked: str | None = None) -> QIcon:
    """The Phosphor icon `name` (``house``, ``film-strip``, ``warning-circle-fill``).

    Args:
        name: Of the glyph, without prefix.
        token: The colour token it has.
        checked: Another token while its button is checked.
    """
    return QIcon(_GlyphEngine(name, token, checked))


def paint_icon(
    painter: QPainter,
    area: QRectF,
    name: str,
    token: str,
    *,
    opacity: float = 1.0,
    tokens: Tokens | None = None,
) -> None:
    """Paint an icon into the largest square in the middle of `area`; `tokens` of another theme than ours."""
    side = min(area.width(), area.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(area.center())
    pixmap = _pixmap(name, (tokens or look().tokens)[token], side, painter.device().devicePixelRatioF())
    if opacity < 1:
        painter.save()
        painter.setOpacity(painter.opacity() * opacity)
    painter.drawPixmap(square.topLeft(), pixmap)
    if opacity < 1:
        painter.restore()


def _pixmap(name: str, colour: str, side: float, ratio: float) -> QPixmap:
    key = f"glyph {name} {colour} {side:.1f} {ratio:.2f}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixels = max(1, round(side * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    font = qtawesome.font("ph", max(1, round(pixels * _GLYPH_SHARE)))
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(
        QRect(0, 0, pixels, pixels), Qt.AlignmentFlag.AlignCenter, qtawesome.charmap(f"ph.{name}")
    )
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap


class _GlyphEngine(QIconEngine):
    """Paints a glyph in the colour that its token has now, so that a change of theme needs no new icons."""

    def __init__(self, name: str, token: str, checked: str | None) -> None:
        super().__init__()
        self._name, self._token, self._checked = name, token, checked

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return look().tokens.text_disabled
        if state == QIcon.State.On and self._checked:
            return look().tokens[self._checked]
        return look().tokens[self._token]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the glyph into `rect`."""
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(square.topLeft(), _pixmap(self._name, self._colour(mode, state), side, ratio))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802
        """The glyph for a screen with `scale` pixels to a point."""
        side = min(size.width(), size.height())
        return _pixmap(self._name, self._colour(mode, state), side / scale, scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The glyph as a picture."""
        return _pixmap(self._name, self._colour(mode, state), min(size.width(), size.height()), 1.0)

    def clone(self) -> QIconEngine:
        """A copy; Qt asks for one where an icon is changed."""
        return _GlyphEngine(self._name, self._token, self._checked)
