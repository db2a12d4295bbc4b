"""The Player: a recording, what was pressed in it, and what an IDM thinks was pressed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu

from ui.frame_supply import FrameSupply
from ui.icons import icon
from ui.idm_opinion import IdmOpinion
from ui.lanes import (
    BUTTON_WORDS,
    FilmLane,
    Lane,
    SpansLane,
    TickColumns,
    most_used,
    recording_lanes,
    spans_of,
)
from ui.pages.page import Page
from ui.pages.player_inspector import PlayerInspector
from ui.playback import SPEEDS, Playback
from ui.predictions import Comparison, PredictedColumns, compare
from ui.recording_columns import read_columns
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.user_actions import UserAction
from ui.widgets.asking import ask_folder, ask_new_file
from ui.widgets.buttons import button, icon_button
from ui.widgets.cards import Card, row
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.fields import Select
from ui.widgets.film import film_pictures
from ui.widgets.game_view import LAYERS, GameView
from ui.widgets.labels import words
from ui.widgets.modes import Modes
from ui.widgets.overlay_keyboard import TickShown
from ui.widgets.recording_words import SOURCE_CHIPS, day_in_words, health_chip, length_in_words
from ui.widgets.timeline import Timeline
from vpt_studio.actions import BUTTONS
from vpt_studio.errors import StudioError
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.source import Source

_SPEED_WORDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}
_WITHOUT_PICTURE_MS = 150  # how long the inspector waits for a picture before it goes on without
_JUMPS = {"differs": "IDM differs", "screen": "Screen opens or closes", "unknown": "Not known"}


@dataclass
class _Shown:
    """The recording that is shown, as far as it has been read."""

    row: RecordingRow
    columns: TickColumns | None = None
    predicted: PredictedColumns | None = None
    comparison: Comparison | None = None


class PlayerPage(Page):
    """One recording."""

    id = "player"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Player", back=True)
        self.playback = Playback(0)
        self._shown: _Shown | None = None
        self._trim = (0, 0)
        self._repeats = False
        self._settings: object = None  # the player's part, as it was used last
        self.opinion = IdmOpinion(studio, self)
        self._bookmarks: list[int] = []
        self.supply = FrameSupply(self)
        self.view = GameView()
        self.view.pressed.connect(self._toggle)
        self.timeline = Timeline()
        self._source_chip, self._health_chip = ChipLabel(), ChipLabel()
        self.header.chips.addWidget(self._source_chip)
        self.header.chips.addWidget(self._health_chip)
        self._fill_header()
        self.body.addWidget(self.view, 1)
        self.body.addLayout(self._controls())
        card = Card(padding=12, spacing=0)
        card.content.setContentsMargins(12, 8, 10, 8)
        card.content.addWidget(self.timeline)
        self.body.addWidget(card)
        self.body.setSpacing(8)
        self.details = PlayerInspector()
        self.details.idm_wanted.connect(self._choose_idm)
        self.use_inspector(self.details)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time)
        self._details_timer = QTimer(self, singleShot=True)
        self._details_timer.timeout.connect(self._show_details)
        self._connect()

    def _fill_header(self) -> None:
        self._export_button = button("Export", icon_name="export")
        menu = QMenu(self._export_button)
        menu.addAction("Whole recording, for OpenAI's loader", lambda: self._choose_export(whole=True))
        menu.addAction("Trimmed part, for OpenAI's loader", lambda: self._choose_export(whole=False))
        menu.addAction("Film with overlays", self._choose_film)
        self._export_button.setMenu(menu)
        self.header.tools.addWidget(self._export_button)
        self._idm_button = button("Ask an IDM", self._choose_idm, icon_name="magic-wand", kind="primary")
        self._idm_button.setToolTip("Let an IDM say what was pressed, and see where it differs")
        self.header.tools.addWidget(self._idm_button)

    def _connect(self) -> None:
        self.supply.opened.connect(self._on_opened)
        self.supply.arrived.connect(self._on_arrived)
        self.supply.damaged.connect(self._on_arrived)
        self.supply.failed.connect(self._on_failed)
        self.opinion.arrived.connect(self._use_opinion)
        self.opinion.asking_changed.connect(self._show_asking)
        self.studio.runs.listed.connect(self._look_up_opinion)
        self.timeline.sought.connect(self.seek)
        self.timeline.loop_set.connect(self._set_loop)
        self.timeline.film_wanted.connect(self._bring_film)
        self.studio.project_changed.connect(self._let_go)
        self.studio.session.settings.on_change(lambda _settings: self._use_settings())
        self._use_settings()

    def _controls(self) -> QHBoxLayout:
        self._play = icon_button("play", "Play or pause (Space)", self._toggle)
        self._speeds = Modes([(str(speed), _SPEED_WORDS[speed]) for speed in SPEEDS], "Speed", height=22)
        self._speeds.show_mode("1.0")
        self._speeds.chosen.connect(lambda speed: self._set_speed(float(speed)))
        self._loop = icon_button(
            "repeat", "Loop: Shift and drag on the timeline, or begin again at the end (L)"
        )
        self._loop.setCheckable(True)
        self._loop.clicked.connect(lambda _checked=False: self._toggle_loop())
        self._jump = Select("What to jump to")
        self._jump.setMinimumWidth(150)
        for key, title in _JUMPS.items():
            self._jump.addItem(title, key)
        for name, (title, key) in BUTTON_WORDS.items():
            self._jump.addItem(f"{title}  {key}", name)
        self._jump.setCurrentIndex(self._jump.findData("forward"))
        layers = button("Overlays", icon_name="stack", kind="quiet")
        self._layers_menu = QMenu(layers)
        for layer, title in LAYERS.items():
            entry = self._layers_menu.addAction(title)
            entry.setCheckable(True)
            entry.setChecked(True)
            entry.toggled.connect(partial(self.view.set_layer, layer))
        layers.setMenu(self._layers_menu)
        return row(
            icon_button("caret-left", "One tick back (←)", lambda: self._step(-1)),
            self._play,
            icon_button("caret-right", "One tick on (→)", lambda: self._step(1)),
            self._speeds,
            self._loop,
            1,
            words("Jump to", colour="text_hint"),
            self._jump,
            icon_button("skip-back", "Previous (P)", lambda: self._jump_by(-1)),
            icon_button("skip-forward", "Next (N)", lambda: self._jump_by(1)),
            layers,
        )

    def user_actions(self) -> list[UserAction]:
        """Playing, jumping, trimming, comparing."""
        steps: list[tuple[str, str, Callable[[], object], tuple[str, ...]]] = [
            ("play", "Play or pause", self._toggle, ("Space",)),
            ("back_tick", "One tick back", partial(self._step, -1), ("Left", ",")),
            ("on_tick", "One tick on", partial(self._step, 1), ("Right", ".")),
            ("back_second", "One second back", partial(self._step, -20), ("Shift+Left",)),
            ("on_second", "One second on", partial(self._step, 20), ("Shift+Right",)),
            ("slower", "Slower", partial(self._faster, -1), ("-",)),
            ("faster", "Faster", partial(self._faster, 1), ("=", "+")),
            ("start", "To the beginning", partial(self.seek, 0), ("Home",)),
            ("end", "To the end", partial(self.seek, 1 << 40), ("End",)),
            ("next", "Next mark", partial(self._jump_by, 1), ("N",)),
            ("previous", "Previous mark", partial(self._jump_by, -1), ("P",)),
        ]
        others: list[tuple[str, str, Callable[[], object], tuple[str, ...], str]] = [
            ("loop", "Loop", self._toggle_loop, ("L",), "repeat"),
            ("difference", "Next tick where the IDM differs", self._next_difference, ("D",), "magic-wand"),
            ("jump", "Choose what to jump to", self._choose_jump, ("J",), "key-return"),
            ("bookmark", "Bookmark this tick", self._bookmark, ("B",), "bookmark-simple"),
            ("overlays", "Show or hide all overlays", self._toggle_layers, ("O",), "stack"),
            ("model", "What the model sees", self._toggle_model, ("V",), "eye"),
            ("compare", "Ask an IDM", self._choose_idm, ("C",), "magic-wand"),
            ("trim_start", "Trim: begin here", partial(self._set_trim, 0), ("[",), "bracket-simple"),
            ("trim_end", "Trim: end here", partial(self._set_trim, 1), ("]",), "bracket-simple"),
            (
                "export",
                "Export the trimmed part",
                partial(self._choose_export, whole=False),
                ("E",),
                "export",
            ),
        ]
        made = [
            UserAction(f"player.{name}", title, run, keys, page="player", group="Playing", in_menu=False)
            for name, title, run, keys in steps
        ]
        return made + [
            UserAction(f"player.{name}", title, run, keys, page="player", group="Player", icon=icon_name)
            for name, title, run, keys, icon_name in others
        ]

    def enter(self, where: Mapping[str, Any]) -> None:
        """Show ``where["recording"]``, at ``where["tick"]`` if given."""
        name = where.get("recording")
        self.timeline.setFocus()
        if name is None or (self._shown is not None and self._shown.row.id == name):
            if self._shown is not None:
                self.supply.show_recording(self._folder(), self._shown.row.id)
                self.supply.picture(self.playback.tick)
                if "tick" in where:
                    self.seek(int(where["tick"]))
            return
        self._let_go()
        self.header.title.setText(str(name))
        self.studio.desk.ask(
            lambda project: project.recording(str(name)),
            lambda found: self._use(found, int(where.get("tick", 0))),
            newest="player",
        )

    def leave(self) -> None:
        """Pause, and let the files go."""
        self.playback.pause()
        self._show_playing()
        self._timer.stop()
        self.supply.close()

    def end(self) -> None:
        """End the thread that decodes."""
        self.supply.end()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nothing plays unseen."""
        self.playback.pause()
        super().hideEvent(event)

    def _folder(self) -> Path:
        project = self.studio.session.project
        assert project is not None
        return project.folder

    def _let_go(self) -> None:
        self.leave()
        self._shown = None
        self.playback = Playback(0)
        self.view.clear()
        self.timeline.show_lanes([], 0)
        self.details.clear()

    def _use(self, item: RecordingRow, tick: int) -> None:
        self._shown = _Shown(item)
        self._trim, self._bookmarks = (0, item.duration_ticks), []
        self.playback = Playback(item.duration_ticks, repeats=self._repeats)
        self.playback.set_speed(float(self._speeds.current), time.monotonic())
        self._loop.setChecked(self._repeats)
        self._show_playing()
        self.header.title.setText(item.id)
        source = SOURCE_CHIPS[item.source]
        self._source_chip.show_chip(Chip(source.word, source.icon, "text_secondary", mark=source.mark))
        self._health_chip.show_chip(health_chip(item))
        facts = [item.person, day_in_words(item.imported_at), length_in_words(item.duration_ticks)]
        self.header.subtitle.setText("  ·  ".join(fact for fact in facts if fact))
        self.view.show_picture(0, item.duration_ticks, None, "Opening")
        self.timeline.show_lanes([FilmLane()], item.duration_ticks)
        self.supply.show_recording(self._folder(), item.id)
        self.seek(tick)
        folder, name = self._folder(), item.id
        self.studio.background.run(
            lambda _task: read_columns(folder, name),
            lambda columns: self._use_columns(name, columns),
            lane="columns",
            newest="player",
        )

    def _use_columns(self, name: str, columns: TickColumns) -> None:
        if self._shown is None or self._shown.row.id != name:
            return
        self._shown.columns = columns
        self.details.show_recording(self._shown.row, columns)
        self._show_lanes()
        self._show_tick()
        self._show_asking()
        self._look_up_opinion()

    def _on_opened(self, ticks: int) -> None:
        if self._shown is None:
            return
        # The decoder knows better than the import did, if the file was cut since.
        was_whole = self._trim == (0, self.playback.ticks)
        self.playback.ticks = ticks
        self._trim = (0, ticks) if was_whole else (min(self._trim[0], ticks), min(self._trim[1], ticks))

    def _on_failed(self, error: StudioError) -> None:
        what = str(getattr(error, "what", error))
        self.view.show_picture(self.playback.tick, self.playback.ticks, None, f"Cannot be played: {what}")
        if isinstance(error, StudioError):
            self.studio.session.notices.tell_failure(error)

    def _on_arrived(self, tick: int) -> None:
        is_late = self.playback.playing and tick < self.playback.tick
        if tick == self.playback.tick or is_late:
            self._show_tick()

    def _show_lanes(self) -> None:
        shown = self._shown
        if shown is None or shown.columns is None:
            return
        lanes: list[Lane] = [FilmLane()]
        if shown.row.actions is not None:
            room = 5 if self.window().height() >= 800 else 2
            lanes += recording_lanes(shown.columns, most_used(shown.columns, room))
        if shown.comparison is not None:
            lanes.append(shown.comparison.lane())
        if self._trim != (0, self.playback.ticks):
            outside = np.ones(self.playback.ticks, bool)
            outside[self._trim[0] : self._trim[1]] = False
            lanes.append(SpansLane("Trimmed away", spans_of(outside), "text_hint", hatched=True))
        self.timeline.show_lanes(lanes, self.playback.ticks)

    def _show_tick(self) -> None:
        shown, tick = self._shown, self.playback.tick
        if shown is None:
            return
        self.timeline.show_tick(tick)
        is_damaged = self.supply.is_damaged(tick)
        if self.playback.playing and not is_damaged:
            # Where decoding is slower than playing, the newest picture there is, and what belongs to it.
            newest = self.supply.picture_at_or_before(tick)
            tick, image = newest or (tick, None)
        else:
            image = self.supply.picture(tick)
        if image is None and not is_damaged:  # on its way; what is on the old one belongs to the old one
            self._details_timer.start(_WITHOUT_PICTURE_MS)
            return
        self.view.show_picture(
            tick, self.playback.ticks, image, "This frame is damaged" if is_damaged else ""
        )
        columns, predicted = shown.columns, shown.predicted
        if columns is not None and tick < len(columns):
            known = bool(columns.known[tick]) and shown.row.actions is not None
            has = predicted is not None and tick < len(predicted)
            actions = TickShown(
                pressed=columns.buttons[tick] if known else None,
                turn=columns.camera[tick] if known else None,
                predicted=predicted.held[tick] > 0.5 if predicted is not None and has else None,
                predicted_turn=predicted.camera[tick] if predicted is not None and has else None,
                screen_open=bool(columns.screen_open[tick]),
            )
            self.view.show_actions(
                actions, int(columns.hotbar[tick]) if known and len(columns.hotbar) else -1
            )
        self._details_timer.start(0)

    def _show_details(self) -> None:
        """The inspector follows once the picture is on the screen, so that it never makes a picture late."""
        shown, tick = self._shown, self.playback.tick
        if shown is None:
            return
        if shown.columns is not None and tick < len(shown.columns):
            self.details.show_tick(tick, shown.columns, shown.predicted, shown.comparison)
        self.details.show_picture(self.supply.picture(tick))

    def seek(self, tick: int) -> None:
        """Be at `tick`."""
        self.playback.seek(tick, time.monotonic())
        self._show_tick()
        self._wait()

    def _step(self, ticks: int) -> None:
        self.playback.step(ticks)
        self._show_tick()
        self._show_playing()

    def _toggle(self) -> None:
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play(time.monotonic())
        self._show_tick()
        self._show_playing()
        self._wait()

    def _wait(self) -> None:
        if self.playback.playing:
            self._timer.start(max(0, round(self.playback.seconds_to_next(time.monotonic()) * 1000)))

    def _on_time(self) -> None:
        if self.playback.advance(time.monotonic()):
            self._show_tick()
        if not self.playback.playing:
            self._show_playing()
        self._wait()

    def _show_playing(self) -> None:
        self._play.setIcon(icon("pause" if self.playback.playing else "play", "text"))

    def _set_speed(self, speed: float) -> None:
        self.playback.set_speed(speed, time.monotonic())
        self._speeds.show_mode(str(speed))
        self._wait()

    def _faster(self, steps: int) -> None:
        self.playback.faster(time.monotonic(), steps)
        self._speeds.show_mode(str(self.playback.speed))
        self._wait()

    def _toggle_loop(self) -> None:
        if self.playback.has_loop:
            self._set_loop(0, 0)
        else:
            self._repeats = self.playback.repeats = not self.playback.repeats
            self._loop.setChecked(self._repeats)

    def _set_loop(self, start: int, stop: int) -> None:
        self.playback.loop = (start, stop)
        self.timeline.show_loop(start, stop)
        self._loop.setChecked(self.playback.has_loop or self.playback.repeats)

    def _toggle_layers(self) -> None:
        on = not self.view.layers
        for entry in self._layers_menu.actions():
            entry.setChecked(on)

    def _toggle_model(self) -> None:
        self.details.enlarge_model(not self.details.model_is_large)

    def _use_settings(self) -> None:
        chosen = self.studio.session.settings.current.player
        if chosen == self._settings:
            return
        self._settings = chosen
        self.view.opacity = chosen.key_opacity_percent / 100
        self._repeats = self.playback.repeats = chosen.loop
        self._loop.setChecked(self.playback.has_loop or chosen.loop)
        self.view.update()

    def marks(self) -> list[int]:
        """The ticks that the chosen jump goes to, rising."""
        shown = self._shown
        if shown is None or shown.columns is None:
            return []
        columns, wanted = shown.columns, self._jump.currentData()
        if wanted == "differs":
            return [] if shown.comparison is None else shown.comparison.ticks.tolist()
        if wanted in ("screen", "unknown"):
            mask = columns.screen_open if wanted == "screen" else ~columns.known
            return sorted({int(edge) for edge in spans_of(mask).flatten() if edge < len(columns)})
        spans = spans_of(columns.buttons[:, BUTTONS.index(wanted)])
        return sorted({int(edge) for edge in spans.flatten() if edge < len(columns)})

    def _jump_by(self, direction: int) -> None:
        marks = sorted({*self.marks(), *self._bookmarks})
        if direction > 0:
            found = next((mark for mark in marks if mark > self.playback.tick), None)
        else:
            found = next((mark for mark in reversed(marks) if mark < self.playback.tick), None)
        if found is None and self._jump.currentData() == "differs" and not self._is_compared:
            self.studio.session.notices.tell("No IDM was asked about this recording yet. Press C to ask one.")
        elif found is None:
            side = "after" if direction > 0 else "before"
            self.studio.session.notices.tell(f"“{self._jump.currentText()}” does not occur {side} this tick.")
        else:
            self.playback.pause()
            self.seek(found)
            self._show_playing()

    @property
    def _is_compared(self) -> bool:
        return self._shown is not None and self._shown.comparison is not None

    def _next_difference(self) -> None:
        if not self._is_compared:
            self._choose_idm()
            return
        self._jump.setCurrentIndex(self._jump.findData("differs"))
        self._jump_by(1)

    def _choose_jump(self) -> None:
        self._jump.setFocus()
        self._jump.showPopup()

    def _bookmark(self) -> None:
        tick = self.playback.tick
        if tick in self._bookmarks:
            self._bookmarks.remove(tick)
            self.studio.session.notices.tell(f"The bookmark at tick {tick:,} is gone.")
        else:
            self._bookmarks = sorted([*self._bookmarks, tick])
            self.studio.session.notices.tell(f"Bookmarked tick {tick:,}. N and P stop at it.", "ok")

    def _bring_film(self, ticks: list[int]) -> None:
        if self._shown is None:
            return
        folder, name = self._folder(), self._shown.row.id

        def show(pictures: dict[int, Any]) -> None:
            if self._shown is not None and self._shown.row.id == name:
                for tick, image in pictures.items():
                    self.timeline.show_film(tick, QPixmap.fromImage(image))

        self.studio.background.run(
            lambda task: film_pictures(folder, name, ticks, task),
            show,
            failed=lambda _error: None,
            lane="film",
            newest="film",
        )

    def _set_trim(self, side: int) -> None:
        tick = self.playback.tick
        start, stop = (tick, self._trim[1]) if side == 0 else (self._trim[0], tick + 1)
        if start >= stop:
            self.studio.session.notices.tell("The trimmed part would be empty.", "warn")
            return
        self._trim = (start, stop)
        self._show_lanes()
        length = length_in_words(stop - start)
        self.studio.session.notices.tell(
            f"Ticks {start:,} to {stop:,} ({length}) are kept. The recording stays whole; E exports them."
        )

    def _choose_export(self, *, whole: bool) -> None:
        ask_folder(self, "Export to folder", lambda out: self.export_to(out, whole=whole))

    def export_to(self, out: Path, *, whole: bool) -> None:
        """Write the recording, or the trimmed part of it, into `out` in the contractor format."""
        if self._shown is None:
            return
        name = self._shown.row.id
        start, stop = (0, self.playback.ticks) if whole else self._trim
        span = [] if whole else ["--start", str(start), "--stop", str(stop)]
        run_command(
            self.studio,
            f"Export {name}",
            ["recordings", "export", name, *span, "--out", str(out), "--project", str(self._folder())],
            lambda _answer: self.studio.session.notices.tell(
                f"Ticks {start:,} to {stop:,} of {name} are in {out}.", "ok"
            ),
        )

    def _choose_film(self) -> None:
        if self._shown is None:
            return
        name = self._shown.row.id

        def make(out: Path) -> None:
            run_command(
                self.studio,
                f"Film of {name}",
                ["recordings", "show", name, "--overlay", str(out), "--project", str(self._folder())],
                lambda _answer: self.studio.session.notices.tell(f"The film is {out}.", "ok"),
            )

        ask_new_file(self, "Film with overlays", f"{name}-overlay.mp4", "Films (*.mp4)", make)

    def _look_up_opinion(self) -> None:
        shown = self._shown
        if shown is not None and shown.columns is not None and shown.predicted is None:
            self.opinion.look_up(shown.row.id)

    def _choose_idm(self) -> None:
        if self._shown is not None:
            self.opinion.offer(self._shown.row.id, self._idm_button)

    def _show_asking(self) -> None:
        asking = self._shown is not None and self.opinion.is_asked(self._shown.row.id)
        self._idm_button.setEnabled(not asking)
        self._idm_button.setText("Asking" if asking else "Ask an IDM")

    def _use_opinion(self, folder: Path, name: str, predicted: PredictedColumns) -> None:
        shown = self._shown
        if shown is None or shown.columns is None or (self._folder(), shown.row.id) != (folder, name):
            return
        shown.predicted = predicted
        if shown.row.actions is not None and shown.row.source is not Source.IDM:
            shown.comparison = compare(shown.columns, predicted)
            self._jump.setCurrentIndex(self._jump.findData("differs"))
        self.details.show_predictions(predicted, shown.comparison)
        self._show_lanes()
        self._show_tick()
