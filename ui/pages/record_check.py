"""The step Check of Record: the chosen window as it is seen, and what the devices say to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.game_profiles import GameProfile
from ui.look import look
from ui.play_words import caps_of, keys_of
from ui.widgets.game_view import GameView
from ui.widgets.live_input import LiveInput

_MARGIN = 12
_LOOKS_PER_SECOND = 10


class CheckView(QWidget):
    """Preview and live input of one window."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self.preview = WindowPreview()
        self.devices = LiveInput(
            per_second=_LOOKS_PER_SECOND,
            third="Grabs",
            hint="Press each key you use and move the mouse, in the game. All must show here.",
        )
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.devices)

    def begin(self, title: str, game: str) -> None:
        """Show a window of which nothing is known yet."""
        self.preview.begin(title, game)
        self.devices.clear()

    def use_profile(self, profile: GameProfile) -> None:
        """Call the keys as this game has them."""
        self.devices.name_keys(keys_of(profile), caps_of(profile))

    def show_look(self, seen: Mapping[str, Any], picture: Callable[[int], QImage | None]) -> None:
        """Show what the scout saw; `picture` gives a picture by its number."""
        self.preview.show_look(seen, picture(seen["picture"]) if seen["picture"] else None)
        looks = [*seen.get("before", ()), seen]
        if seen["in_front"]:
            self.devices.show_ticks([_as_tick(one) for one in looks], float(seen["hertz"]))
        else:
            self.devices.rest()


def _as_tick(seen: Mapping[str, Any]) -> dict[str, Any]:
    """A look, as the live input shows ticks: late is the time that its slowest grab took."""
    dx, dy = seen["moved"]
    return {
        "held": sorted({*seen["held"], *seen["pressed"]}),  # a key tapped between two looks was seen, too
        "dx": round(dx),
        "dy": round(dy),
        "late": seen["grab_ms"][-1] / 1000 if seen["grab_ms"] else 0.0,
        "shown": time.monotonic(),
    }


class WindowPreview(GameView):
    """The window's picture, whether it is in front, its title and its size."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = set()
        self.setAccessibleName("The window as it would be recorded")
        self._title, self._game = "", ""
        self._seen: Mapping[str, Any] | None = None

    def begin(self, title: str, game: str) -> None:
        """Show a window of which there is no picture yet."""
        self._title, self._game, self._seen = title, game, None
        self.clear()
        self.show_picture(0, 0, None, "Looking at the window")

    def show_look(self, seen: Mapping[str, Any], picture: QImage | None) -> None:
        """Show what the scout saw; without a new picture the last one stays."""
        self._seen = seen
        # Also on the picture, for the right side may be folded away.
        message = next((check["words"] for check in seen["checks"] if check["state"] == "bad"), "")
        if not message and self._image is None and picture is None:
            message = "No picture of this window yet"
        self.setAccessibleDescription(message or self._words())
        self.show_picture(int(seen["picture"]), 0, picture, message)

    @property
    def is_in_front(self) -> bool:
        """Whether the window has the keyboard."""
        return self._seen is not None and bool(self._seen["in_front"]) and not self._seen["gone"]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture, its edge and its chips."""
        super().paintEvent(event)
        if self._seen is None:
            return
        area = self.picture_area()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        front = self.is_in_front
        place = QPointF(area.left() + _MARGIN, area.top() + _MARGIN)
        token = "ok" if front else "warn"
        sign = "check-circle-fill" if front else "warning-fill"
        word = "In front" if front else "Not in front"
        self._paint_plate(painter, word, place, "left", icon=sign, token=token)
        width, height = self._seen["size"]
        corner = QPointF(area.right() - _MARGIN, area.top() + _MARGIN)
        room = int(area.width() - 260)
        facts = f" · {width} × {height}"
        metrics = painter.fontMetrics()
        title = metrics.elidedText(
            self._title, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(facts)
        )
        self._paint_plate(painter, f"{title}{facts}", corner, "right")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look().colour("ok" if front else "line"), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _words(self) -> str:
        where = "in front" if self.is_in_front else "not in front"
        return f"{self._title}, {where}, keys of {self._game}"
