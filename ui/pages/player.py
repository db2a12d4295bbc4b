"""The Player: a recording, what was pressed in it, and what an IDM thinks was pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMenu

from ui.idm_opinion import IdmOpinion
from ui.lanes import TickColumns
from ui.pages.page import Page
from ui.pages.player_inspector import PlayerInspector
from ui.pages.player_marks import DIFFERS
from ui.pages.player_shown import ShownRecording
from ui.pages.player_stage import PlayerStage
from ui.playback import Playback
from ui.predictions import PredictedColumns
from ui.recording_columns import read_columns
from ui.recording_exports import export_film, export_recordings, export_ticks
from ui.studio import Studio
from ui.user_actions import UserAction
from ui.widgets.asking import ask_folder, ask_new_file
from ui.widgets.buttons import button
from ui.widgets.chips import Chip, ChipLabel
from ui.widgets.recording_words import SOURCE_CHIPS, day_in_words, health_chip, length_in_words
from vpt_studio.project.recording_row import RecordingRow


class PlayerPage(Page):
    """One recording."""

    id = "player"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Player", back=True)
        self._shown: ShownRecording | None = None
        self._settings: object = None  # the player's part, as it was used last
        self.opinion = IdmOpinion(studio, self)
        self.stage = PlayerStage(studio)
        self.view, self.timeline = self.stage.view, self.stage.timeline
        self.transport, self.marks, self.supply = self.stage.transport, self.stage.marks, self.stage.supply
        self._source_chip, self._health_chip = ChipLabel(), ChipLabel()
        self.header.chips.addWidget(self._source_chip)
        self.header.chips.addWidget(self._health_chip)
        self._fill_header()
        self.body.addWidget(self.stage)
        self.details = PlayerInspector()
        self.details.idm_wanted.connect(self._choose_idm)
        self.use_inspector(self.details)
        self._connect()

    def _fill_header(self) -> None:
        self._export_button = button("Export", icon_name="export")
        menu = QMenu(self._export_button)
        menu.addAction("Whole recording, for OpenAI's loader", self._export_whole)
        menu.addAction("Trimmed part, for OpenAI's loader", self._export_trimmed)
        menu.addAction("Film with overlays", self._export_film)
        self._export_button.setMenu(menu)
        self.header.tools.addWidget(self._export_button)
        self._idm_button = button("Ask an IDM", self._choose_idm, icon_name="magic-wand", kind="primary")
        self._idm_button.setToolTip("Let an IDM say what was pressed, and see where it differs")
        self.header.tools.addWidget(self._idm_button)

    def _connect(self) -> None:
        self.opinion.arrived.connect(self._use_opinion)
        self.opinion.asking_changed.connect(self._show_asking)
        self.studio.runs.listed.connect(self._look_up_opinion)
        self.stage.settled.connect(self._show_details)
        self.marks.jump_wanted.connect(self._jump)
        self.studio.project_changed.connect(self._let_go)
        self.studio.session.settings.on_change(lambda _settings: self._use_settings())
        self._use_settings()

    @property
    def playback(self) -> Playback:
        """Where playing stands."""
        return self.transport.playback

    @property
    def trim(self) -> tuple[int, int]:
        """First tick that is kept and one past the last."""
        return (0, 0) if self._shown is None else self._shown.trim

    def user_actions(self) -> list[UserAction]:
        """Playing, jumping, trimming, comparing."""
        transport = self.transport
        steps: list[tuple[str, str, Callable[[], object], tuple[str, ...]]] = [
            ("play", "Play or pause", transport.toggle, ("Space",)),
            ("back_tick", "One tick back", partial(transport.step, -1), ("Left", ",")),
            ("on_tick", "One tick on", partial(transport.step, 1), ("Right", ".")),
            ("back_second", "One second back", partial(transport.step, -20), ("Shift+Left",)),
            ("on_second", "One second on", partial(transport.step, 20), ("Shift+Right",)),
            ("slower", "Slower", partial(transport.faster, -1), ("-",)),
            ("faster", "Faster", partial(transport.faster, 1), ("=", "+")),
            ("start", "To the beginning", partial(self.seek, 0), ("Home",)),
            ("end", "To the end", partial(self.seek, 1 << 40), ("End",)),
            ("next", "Next mark", partial(self._jump, 1), ("N",)),
            ("previous", "Previous mark", partial(self._jump, -1), ("P",)),
        ]
        others: list[tuple[str, str, Callable[[], object], tuple[str, ...], str]] = [
            ("loop", "Loop", transport.toggle_loop, ("L",), "repeat"),
            ("difference", "Next tick where the IDM differs", self._next_difference, ("D",), "magic-wand"),
            ("jump", "Choose what to jump to", self.marks.offer, ("J",), "key-return"),
            ("bookmark", "Bookmark this tick", self._bookmark, ("B",), "bookmark-simple"),
            ("overlays", "Show or hide all overlays", self.stage.toggle_layers, ("O",), "stack"),
            ("keys", "A lane for every key", self.stage.toggle_keys, ("K",), "keyboard"),
            ("model", "What the model sees", self._toggle_model, ("V",), "eye"),
            ("compare", "Ask an IDM", self._choose_idm, ("C",), "magic-wand"),
            ("trim_start", "Trim: begin here", partial(self._set_trim, 0), ("[",), "bracket-simple"),
            ("trim_end", "Trim: end here", partial(self._set_trim, 1), ("]",), "bracket-simple"),
            ("export", "Export the trimmed part", self._export_trimmed, ("E",), "export"),
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
            self.stage.go_on()
            if self._shown is not None and "tick" in where:
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
        self.stage.rest()

    def end(self) -> None:
        """End the thread that decodes."""
        self.supply.end()

    def _let_go(self) -> None:
        self._shown = None
        self.stage.clear()
        self.details.clear()

    def _use(self, item: RecordingRow, tick: int) -> None:
        folder, name = self.studio.folder, item.id
        self._shown = ShownRecording(item, item.duration_ticks)
        self.header.title.setText(item.id)
        source = SOURCE_CHIPS[item.source]
        self._source_chip.show_chip(Chip(source.word, source.icon, "text_secondary", mark=source.mark))
        self._health_chip.show_chip(health_chip(item))
        facts = [item.person, day_in_words(item.imported_at), length_in_words(item.duration_ticks)]
        self.header.subtitle.setText("  ·  ".join(fact for fact in facts if fact))
        self.stage.begin(self._shown, folder, tick)
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
        self.stage.show_lanes()
        self.stage.show_tick()
        self._show_asking()
        self._look_up_opinion()

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
        self.transport.seek(tick)

    def _toggle_model(self) -> None:
        self.details.enlarge_model(not self.details.model_is_large)

    def _use_settings(self) -> None:
        chosen = self.studio.session.settings.current.player
        if chosen == self._settings:
            return
        self._settings = chosen
        self.view.opacity = chosen.key_opacity_percent / 100
        self.transport.use_repeats(chosen.loop)
        self.view.update()

    def _jump(self, direction: int) -> None:
        if self._shown is None:
            return
        found = self.marks.nearest(self._shown, self.playback.tick, direction)
        if found is not None:
            self.transport.pause()
            self.seek(found)
        elif self.marks.kind == DIFFERS and not self._is_compared:
            self.studio.session.notices.tell("No IDM was asked about this recording yet. Press C to ask one.")
        else:
            side = "after" if direction > 0 else "before"
            self.studio.session.notices.tell(f"“{self.marks.title}” does not occur {side} this tick.")

    @property
    def _is_compared(self) -> bool:
        return self._shown is not None and self._shown.comparison is not None

    def _next_difference(self) -> None:
        if not self._is_compared:
            self._choose_idm()
            return
        self.marks.choose(DIFFERS)
        self._jump(1)

    def _bookmark(self) -> None:
        tick = self.playback.tick
        if self._shown is None:
            return
        if self._shown.bookmark(tick):
            self.studio.session.notices.tell(f"Bookmarked tick {tick:,}. N and P stop at it.", "ok")
        else:
            self.studio.session.notices.tell(f"The bookmark at tick {tick:,} is gone.")

    def _set_trim(self, side: int) -> None:
        if self._shown is None:
            return
        if not self._shown.trim_at(self.playback.tick, side):
            self.studio.session.notices.tell("The trimmed part would be empty.", "warn")
            return
        self.stage.show_lanes()
        start, stop = self.trim
        length = length_in_words(stop - start)
        self.studio.session.notices.tell(
            f"Ticks {start:,} to {stop:,} ({length}) are kept. The recording stays whole; E exports them."
        )

    def _export_whole(self) -> None:
        if self._shown is not None:
            name = self._shown.row.id
            ask_folder(self, "Export to folder", lambda out: export_recordings(self.studio, [name], out))

    def _export_trimmed(self) -> None:
        if self._shown is not None:
            name, (start, stop) = self._shown.row.id, self.trim
            ask_folder(
                self, "Export to folder", lambda out: export_ticks(self.studio, name, start, stop, out)
            )

    def _export_film(self) -> None:
        if self._shown is not None:
            name = self._shown.row.id
            kinds = "Films (*.mp4)"
            make = partial(export_film, self.studio, name)
            ask_new_file(self, "Film with overlays", f"{name}-overlay.mp4", kinds, make)

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
        if shown is None or shown.columns is None or (self.studio.folder, shown.row.id) != (folder, name):
            return
        shown.use_opinion(predicted)
        if self._is_compared:
            self.marks.choose(DIFFERS)
        self.details.show_predictions(predicted, shown.comparison)
        self.stage.show_lanes()
        self.stage.show_tick()
