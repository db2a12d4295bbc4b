"""Playing, stepping, speed and loop: the clock of the Player, and the buttons that work it."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.icons import icon
from ui.playback import SPEEDS, Playback
from ui.widgets.buttons import icon_button
from ui.widgets.cards import row
from ui.widgets.modes import Modes

_SPEED_WORDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}


class Transport(QWidget):
    """Moves a :class:`Playback`.

    Signals:
        moved: Another tick is to be shown.
        looped: This part repeats: first tick and one past the last; (0, 0) for none.

    Attributes:
        playback: Where playing stands.
    """

    moved = Signal()
    looped = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.playback = Playback(0)
        self._repeats = False
        self._play = icon_button("play", "Play or pause (Space)", self.toggle)
        self._speeds = Modes([(str(speed), _SPEED_WORDS[speed]) for speed in SPEEDS], "Speed", height=22)
        self._speeds.show_mode("1.0")
        self._speeds.chosen.connect(lambda speed: self._set_speed(float(speed)))
        self._loop = icon_button(
            "repeat",
            "Loop: Shift and drag on the timeline, or begin again at the end (L)",
            self.toggle_loop,
        )
        self._loop.setCheckable(True)
        self.setLayout(
            row(
                icon_button("caret-left", "One tick back (←)", lambda: self.step(-1)),
                self._play,
                icon_button("caret-right", "One tick on (→)", lambda: self.step(1)),
                self._speeds,
                self._loop,
            )
        )
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time)

    def begin(self, ticks: int) -> None:
        """Be at the beginning of another recording, at the speed that was chosen."""
        self.playback = Playback(ticks, repeats=self._repeats)
        self.playback.set_speed(float(self._speeds.current), time.monotonic())
        self._show_loop()
        self._show_playing()

    def seek(self, tick: int) -> None:
        """Be at `tick`; playing goes on from there."""
        self.playback.seek(tick, time.monotonic())
        self.moved.emit()
        self._wait()

    def step(self, ticks: int) -> None:
        """Pause, and move by so many ticks."""
        self.playback.step(ticks)
        self.moved.emit()
        self._show_playing()

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play(time.monotonic())
        self.moved.emit()
        self._show_playing()
        self._wait()

    def pause(self) -> None:
        """Stay at this tick."""
        self.playback.pause()
        self._timer.stop()
        self._show_playing()

    def faster(self, steps: int) -> None:
        """Go `steps` up or down the list of speeds."""
        self.playback.faster(time.monotonic(), steps)
        self._speeds.show_mode(str(self.playback.speed))
        self._wait()

    def toggle_loop(self) -> None:
        """Let go of the part that repeats; without one begin again at the end, or no longer."""
        if self.playback.has_loop:
            self.set_loop(0, 0)
        else:
            self.use_repeats(not self.playback.repeats)

    def set_loop(self, start: int, stop: int) -> None:
        """Repeat this part; none for (0, 0)."""
        self.playback.loop = (start, stop)
        self.looped.emit(start, stop)
        self._show_loop()

    def use_repeats(self, repeats: bool) -> None:
        """Begin again at the end, or not; also in what is shown later."""
        self._repeats = self.playback.repeats = repeats
        self._show_loop()

    def _set_speed(self, speed: float) -> None:
        self.playback.set_speed(speed, time.monotonic())
        self._speeds.show_mode(str(speed))
        self._wait()

    def _wait(self) -> None:
        if self.playback.playing:
            self._timer.start(max(0, round(self.playback.seconds_to_next(time.monotonic()) * 1000)))

    def _on_time(self) -> None:
        if self.playback.advance(time.monotonic()):
            self.moved.emit()
        if not self.playback.playing:
            self._show_playing()
        self._wait()

    def _show_playing(self) -> None:
        self._play.setIcon(icon("pause" if self.playback.playing else "play", "text"))

    def _show_loop(self) -> None:
        self._loop.setChecked(self.playback.has_loop or self.playback.repeats)
