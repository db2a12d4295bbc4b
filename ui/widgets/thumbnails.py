"""Pictures that stand for recordings: made off the GUI thread, kept on the disk, shown when ready."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.background import Background, Task
from ui.icons import paint_icon
from ui.look import look
from ui.theme import PLATE, PLATE_OPACITY
from ui.widgets.labels import NAME_DOTS
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import ProjectLayout

WIDTH = 320
_IN_MEMORY = 600
_WAITING = 64  # more than a screen shows at once; who scrolled past needs no pictures
_LANE = "thumbnails"
_Key = tuple[Path, str]  # a project's folder and a recording in it


class Thumbnails:
    """Brings thumbnails; the newest asked for comes first when many wait."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._kept: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._broken: set[_Key] = set()
        self._wanted: OrderedDict[_Key, list[Callable[[QPixmap], None]]] = OrderedDict()
        self._busy = False

    def at_hand(self, recording: str, folder: Path) -> QPixmap | None:
        """The picture of `recording` in the project at `folder`, if it was brought already."""
        picture = self._kept.get((folder, recording))
        if picture is not None:
            self._kept.move_to_end((folder, recording))
        return picture

    def bring(self, recording: str, folder: Path, then: Callable[[QPixmap], None]) -> None:
        """Call `then` with the picture of `recording` in the project at `folder`, now or when it is ready."""
        key = (folder, recording)
        picture = self.at_hand(recording, folder)
        if picture is not None:
            then(picture)
            return
        if key in self._broken:
            return
        self._wanted.setdefault(key, []).append(then)
        self._wanted.move_to_end(key)
        while len(self._wanted) > _WAITING:
            self._wanted.popitem(last=False)
        self._next()

    def try_again(self) -> None:
        """Something changed: recordings that had no picture may have one now."""
        self._broken.clear()

    def _next(self) -> None:
        if self._busy or not self._wanted:
            return
        key, waiting = self._wanted.popitem()
        self._busy = True

        def make(_task: Task) -> QImage | None:
            return thumbnail_image(*key)

        def show(image: QImage | None) -> None:
            if image is None or image.isNull():
                self._broken.add(key)
                return
            picture = QPixmap.fromImage(image)
            self._kept[key] = picture
            while len(self._kept) > _IN_MEMORY:
                self._kept.popitem(last=False)
            for then in waiting:
                with contextlib.suppress(RuntimeError):  # the widget that asked is gone
                    then(picture)

        def ended() -> None:
            self._busy = False
            self._next()

        self._background.run(make, show, failed=lambda _error: self._broken.add(key), ended=ended, lane=_LANE)


def thumbnail_image(folder: Path, recording: str) -> QImage | None:
    """The thumbnail from the project's cache, made first if need be; None where there is no picture."""
    path = ProjectLayout.at(folder).cache / "thumbnails" / f"{recording}.jpg"
    if not path.exists() and not _make(folder, recording, path):
        return None
    return QImage(str(path))


def _make(folder: Path, recording: str, path: Path) -> bool:
    # Decoders take longer to import than the window takes to open, and most pictures are there already.
    from vpt_studio.project.references import open_recordings
    from vpt_studio.recordings.thumbnail import write_thumbnail

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        (opened,) = open_recordings([recording], folder)
        with opened:
            write_thumbnail(opened, path, WIDTH, replace=True)
    except (StudioError, OSError):
        return False
    return True


def paint_picture(painter: QPainter, area: QRectF, picture: QPixmap | None, radius: float = 6) -> None:
    """Paint a picture into a rounded area, filling it; a plate with an icon where there is none."""
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    if picture is None:
        painter.fillRect(area, look().colour("control"))
        paint_icon(
            painter, QRectF(area.center().x() - 10, area.center().y() - 10, 20, 20), "image", "text_hint"
        )
    else:
        size = QSize(picture.width(), picture.height()).scaled(
            area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(area.center())
        painter.drawPixmap(target, picture, QRectF(picture.rect()))
    painter.restore()


class PictureTile(QPushButton):
    """A recording as a picture with its name below and its length in the corner."""

    def __init__(self, name: str, length: str) -> None:
        super().__init__()
        self._name, self._length = name, length
        self._picture: QPixmap | None = None
        self.setAccessibleName(f"{name}, {length}")
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, picture: QPixmap) -> None:
        """Show its picture."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A 16:9 picture over a line of words."""
        return QSize(150, 84 + look().pixels(22))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As high as its picture wants to be."""
        return width * 9 // 16 + look().pixels(22)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint picture, length and name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = look().pixels(22)
        height = min(self.height() - words, self.width() * 9 / 16)
        width = min(self.width(), height * 16 / 9)
        area = QRectF(0, 0, width, height)
        paint_picture(painter, area, self._picture)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look().colour("accent_text"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(look().font("small", 600))
        room = painter.fontMetrics().horizontalAdvance(self._length) + 10
        plate = QRectF(area.right() - room - 5, area.bottom() - 24, room, 19)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_plate())
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._length)
        painter.setPen(look().colour("text"))
        painter.setFont(look().font("small", 500))
        name = painter.fontMetrics().elidedText(self._name, NAME_DOTS, int(width))
        painter.drawText(QRectF(0, area.bottom(), width, words), Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()


def _plate() -> QColor:
    colour = QColor(PLATE)
    colour.setAlphaF(PLATE_OPACITY)
    return colour
