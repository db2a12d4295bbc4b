"""Record: play in the built-in world, record it, and decide about the take."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recorder.takes import Take
from recorder.tasks import FREE_PLAY, PlayTask
from ui.pages.page import Page, Switched
from ui.pages.record_choices import TaskChoice, WorldChoice
from ui.pages.record_offer import TakeOffer
from ui.pages.record_side import RecordSide
from ui.pages.record_verdict import PICTURES, VerdictSide, VerdictView
from ui.play_process import PlayProcess
from ui.play_words import clock, recording_in_words, take_name
from ui.studio import Studio
from ui.take_desk import TakeDesk
from ui.user_actions import UserAction, WhyNot
from ui.widgets.buttons import KeyButton
from ui.widgets.live_input import LiveInput
from ui.widgets.play_view import PlayView
from ui.widgets.steps import Steps
from vpt_studio.errors import StudioError

STEPS = (("task", "Task"), ("window", "Window"), ("play", "Play"), ("verdict", "Verdict"))
_SEEDS = 100_000
_CLICK = "Click to play\nEsc frees the mouse, H shows the keys"
_GO_ON = "Click to go on\nThe world waits, and so does the recording"


class RecordPage(Page):
    """Task, window, play, verdict."""

    id = "record"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Record")
        self.step = "task"
        self.task: PlayTask = FREE_PLAY
        self.take: Take | None = None
        self.world = ""
        self.process: PlayProcess | None = None
        self.is_recording = False
        self._has_task = False
        self._asked = ""  # "record" or "stop", until the process has answered
        self._recorded, self._slipped = 0, 0
        self._wanted: tuple[str, int] | None = None
        self.desk = TakeDesk(studio, self.look_for_takes)
        self.steps = Steps(STEPS)
        self.steps.chosen.connect(self.show_step)
        self.header.chips.addWidget(self.steps)
        self.steps.come_after(self.header.back)
        self._fill_header()
        self.offer = TakeOffer(self._take_offer, self._refuse_offer)
        self.body.addWidget(self.offer)
        self.tasks = TaskChoice()
        self.tasks.chosen.connect(self.choose_task)
        self.worlds = WorldChoice(lambda: random.randrange(_SEEDS))
        self.worlds.entered.connect(self.enter_world)
        self.view = PlayView()
        self.devices = LiveInput()
        self.verdict = VerdictView()
        self._contents = Switched()
        playing = QWidget()
        under = QVBoxLayout(playing)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(10)
        under.addWidget(self.view, 1)
        under.addWidget(self.devices)
        parts = (self.tasks, self.worlds, playing, self.verdict)
        self._content = {key: self._contents.add(part) for (key, _), part in zip(STEPS, parts, strict=True)}
        self.body.addWidget(self._contents, 1)
        self.side = RecordSide(lambda: studio.go("settings", section="recording"))
        self.verdict_side = VerdictSide()
        self._sides = Switched()
        self._sides.add(self.side)
        self._sides.add(self.verdict_side)
        self.use_inspector(self._sides)
        self._connect()
        recording = studio.session.settings.current.recording
        self.worlds.show_world(recording.preset, recording.seed)
        self.side.show_task(self.task)
        self.show_step("task")

    def _fill_header(self) -> None:
        self.record_button = KeyButton("Start recording", "F9", icon_name="record-fill", kind="record")
        self.record_button.clicked.connect(lambda: self.toggle_recording())
        self.discard_button = KeyButton("Discard", "Del", icon_name="trash")
        self.discard_button.clicked.connect(lambda: self.discard())
        self.keep_button = KeyButton("Keep", "K", icon_name="check", kind="primary")
        self.keep_button.clicked.connect(lambda: self.keep())
        for made in (self.discard_button, self.keep_button, self.record_button):
            self.header.tools.addWidget(made)

    def _connect(self) -> None:
        self.view.button.connect(lambda name, down, at: self._give(at=at, press=name, down=down))
        self.view.turned.connect(lambda dx, dy: self._give(move=[dx, dy]))
        self.view.wheeled.connect(lambda steps: self._give(wheel=steps))
        self.view.captured.connect(self._on_captured)
        self.view.commanded.connect(lambda action: self.studio.session.actions[action].run())
        self.studio.project_changed.connect(self._on_project)

    def user_actions(self) -> list[UserAction]:
        """Playing, recording, deciding."""
        world, take, offer = self._no_world, self._no_take, self._no_offer
        made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
            ("toggle", "Start or stop recording", self.toggle_recording, ("F9",), "record", world),
            ("play", "Play", self.play, ("P",), "play", world),
            ("help", "Keys of the game", self.toggle_help, ("H",), "keyboard", world),
            ("keep", "Keep the take", self.keep, ("K",), "check", take),
            ("discard", "Discard the take", self.discard, ("Del",), "trash", take),
            ("recover", "Look at the take that waits", self._take_offer, (), "first-aid", offer),
            ("refuse", "Discard the take that waits", self._refuse_offer, (), "trash", offer),
        ]
        return [
            UserAction(
                f"record.{name}",
                title,
                run,
                keys,
                page="record",
                group="Record",
                icon=icon_name,
                why_not=why,
            )
            for name, title, run, keys, icon_name, why in made
        ]

    def enter(self, where: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Look for takes that wait; the world is as it was left."""
        self.side.show_alias(self.studio.session.settings.current.recording.person)
        self.look_for_takes()

    def leave(self) -> None:
        """Free the mouse; the world and the recording wait."""
        self.view.free()

    def end(self) -> None:
        """The window is closed: what was recorded is brought to the disk, to be recovered next time."""
        process = self.process
        self._end_process()
        if process is not None:
            process.wait()

    def back_instead(self) -> bool:
        """Esc closes the keys first."""
        if self.view.shows_help:
            self.view.show_help(False)
            return True
        return False

    def show_step(self, step: str) -> None:
        """Go to a step."""
        if step != "play":
            self.view.free()
        self.step = step
        done = [key for key, can in (("task", self._has_task), ("window", bool(self.world))) if can]
        if self.take is not None:
            done.append("play")
        can_go = ["task", *(["window"] if self._has_task else []), *(["play"] if self.world else [])]
        if self.take is not None:
            can_go.append("verdict")
        if self.is_recording or self._asked:  # the take belongs to this task and this world
            can_go = ["play"]
        self.steps.show_step(step, done, can_go)
        self._contents.show_content(self._content[step])
        is_verdict = step == "verdict"
        self._sides.show_content(self.verdict_side if is_verdict else self.side)
        self.keep_button.setVisible(is_verdict)
        self.discard_button.setVisible(is_verdict)
        self.record_button.setVisible(not is_verdict)
        self._show_record_button()

    def choose_task(self, task: PlayTask) -> None:
        """This is what will be done."""
        self.task, self._has_task = task, True
        self.tasks.show_task(task)
        self.side.show_task(task)
        self.show_step("window" if not self.world else "play")
        if self.step == "window":
            self.worlds.enter.setFocus()

    def enter_world(self, preset: str, seed: int) -> None:
        """Make the world of `preset` and `seed`, and go there."""
        self.studio.session.settings.change("recording", preset=preset, seed=seed)
        self.world = ""
        self._wanted = preset, seed
        if self.process is None:
            self.process = PlayProcess(self)
            self.process.warming.connect(self._on_warming)
            self.process.ready.connect(self._on_ready)
            self.process.ticked.connect(self._on_ticks)
            self.process.told.connect(self._on_told)
            self.process.failed.connect(self._on_failure)
            self.process.died.connect(self._on_death)
        self.view.clear()
        self.view.invite("")
        self.devices.clear()
        self.process.do("reset", preset=preset, seed=seed)
        self.world = f"{preset}, seed {seed}"
        self.show_step("play")
        self.view.show_picture(0, 0, None, "Getting the world ready")
        self.view.setFocus()

    def play(self) -> None:
        """Capture keys and mouse."""
        if self.step != "play":
            self.show_step("play")
        self.view.capture()

    def toggle_help(self) -> None:
        """Show what the keys do, or no longer."""
        self.view.show_help(not self.view.shows_help)

    def toggle_recording(self) -> None:
        """Start to record what is played, or stop it."""
        folder = self.desk.folder
        if self.process is None or folder is None or self._no_world() is not None:
            return
        if self._asked:  # pressed twice: the first is still being obeyed
            return
        if self.is_recording:
            self._ask("stop")
            self.view.free()
            return
        name = take_name(self.task, datetime.now())
        person = self.studio.session.settings.current.recording.person
        sidecar = {"person": person, "notes": {"task": self.task.as_note()}}
        self._ask("record", folder=str(folder), name=name, sidecar=sidecar)
        self.play()

    def keep(self) -> None:
        """Bring the take into the project, and go on playing."""
        if self.take is not None:
            self.desk.keep(self.take)
            self._leave_verdict()

    def discard(self) -> None:
        """Put the take away, and go on playing."""
        if self.take is not None:
            self.desk.discard(self.take)
            self._leave_verdict()

    def look_for_takes(self) -> None:
        """Offer takes that wait."""
        self.desk.find(self._offer)

    def _leave_verdict(self) -> None:
        self.take = None
        self.show_step("play" if self.world else "task")
        if self.world:
            self.view.setFocus()

    def _offer(self, takes: Sequence[Take]) -> None:
        shown = "" if self.take is None else self.take.name
        self.offer.show_takes([take for take in takes if take.name != shown])

    def _take_offer(self) -> None:
        take = self.offer.take
        if take is None:
            return
        self.offer.show_takes([])
        if take.is_whole:
            self._show_verdict(take)
        else:
            self.desk.recover(take, self._show_verdict)

    def _refuse_offer(self) -> None:
        take = self.offer.take
        if take is not None:
            self.offer.show_takes([])
            self.desk.discard(take)

    def _show_verdict(self, take: Take) -> None:
        self.take = take
        self.verdict.begin(take.name)
        self.verdict_side.show_rows([])
        self.show_step("verdict")
        self.keep_button.setFocus()

        def still(show: Any, found: Any) -> None:
            if self.take == take:
                show(found)

        def show_facts(facts: Any) -> None:
            self.verdict.show_facts(facts)
            self.verdict_side.show_facts(facts)

        self.desk.facts(take, partial(still, show_facts))
        self.desk.film(take, PICTURES, partial(still, self.verdict.show_film))
        self.desk.check(
            take,
            partial(still, self.verdict.show_check),
            lambda error: still(self.verdict.show_check_failure, str(error)),
        )
        self.look_for_takes()

    def _give(self, **event: Any) -> None:
        if self.process is not None:
            self.process.give(**event)

    def _ask(self, command: str, **facts: Any) -> None:
        if self.process is not None:
            self._asked = command
            self.process.do(command, **facts)
            self.show_step(self.step)

    def _on_captured(self, is_captured: bool) -> None:
        if self.process is None:
            return
        if is_captured:
            self._use_commands()
            self.process.do("resume")
        else:
            self._give(release="all")
            self.process.do("pause")
            self.view.invite(_GO_ON if self.is_recording else _CLICK)

    def _use_commands(self) -> None:
        actions = self.studio.session.actions
        commands = {}
        for name in ("record.toggle", "record.help"):
            for key in actions[name].keys:
                pressed: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]  # the stubs lack it
                if pressed.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:  # those are the game's
                    commands[int(pressed.key())] = name
        self.view.use_commands(commands)

    def _on_warming(self, part: str, done: int, total: int) -> None:
        self.view.show_picture(0, 0, None, f"Getting ready: {part}, {done + 1} of {total}")

    def _on_ready(self, message: Mapping[str, Any]) -> None:
        if (message["preset"], message["seed"]) != self._wanted or self.process is None:
            return
        self._wanted = None
        self.view.show_picture(message["picture"], 0, self.process.picture(message["picture"]))
        self.view.show_corner(f"{message['preset']}, seed {message['seed']}")
        self.view.invite(_CLICK)
        self._show_record_button()

    def _on_ticks(self, ticks: Sequence[dict[str, Any]]) -> None:
        newest = ticks[-1]
        if self.process is None or self._wanted is not None:
            return
        picture = self.process.picture(newest["picture"])
        if picture is not None:
            self.view.show_picture(newest["picture"], 0, picture)
        self.devices.show_ticks(ticks)
        is_recorded = newest["recorded"] is not None
        if is_recorded != self.is_recording:  # whatever was told: what is written is a recording
            (self._begin_recording if is_recorded else self._end_recording)()
        if is_recorded:
            second = self._recorded // 20
            self._recorded, slipped = newest["recorded"], newest["slipped"]
            if self._recorded // 20 != second or slipped != self._slipped:
                self._slipped = slipped
                self._show_recording()

    def _on_told(self, what: str, message: Mapping[str, Any]) -> None:
        if what == "paused":
            self.devices.rest()
        elif what == "recording":
            self._asked = ""
            self._begin_recording()
        elif what == "taken":
            self._asked = ""
            self._end_recording()
            self.desk.named(Path(message["video"]).stem, self._show_verdict)

    def _on_failure(self, command: str, error: StudioError) -> None:
        if command == self._asked:
            self._asked = ""
            self.show_step(self.step)
        if command in ("stop", "tick"):  # the take is under way no longer
            self._end_recording()
        self.view.free()
        self.studio.session.notices.tell_failure(error)
        if command == "reset":  # this world cannot be made
            self._end_process()
            self.show_step("window")
        self.look_for_takes()

    def _on_death(self, words: str) -> None:
        self.view.free()
        self._end_process()
        self.studio.session.notices.tell(
            "The world stopped unexpectedly. What was recorded is on the disk.", "danger", details=words
        )
        self.show_step("window" if self._has_task else "task")
        self.look_for_takes()

    def _show_recording(self) -> None:
        self.view.show_recording(recording_in_words(self._recorded, self._slipped, self.task))
        self.side.show_time(self._recorded, self.task)

    def _begin_recording(self) -> None:
        self._recorded, self._slipped = 0, 0
        self._set_recording(True)
        self._show_recording()
        self.show_step(self.step)

    def _set_recording(self, is_recording: bool) -> None:
        self.is_recording = is_recording
        self.studio.dot_wanted.emit(self.id, "vermillion" if is_recording else "")

    def _end_recording(self) -> None:
        self._set_recording(False)
        self.view.show_recording("")
        self.view.invite(_CLICK)
        self.side.show_time(0, self.task)
        self.show_step(self.step)

    def _end_process(self) -> None:
        process, self.process = self.process, None
        self.world, self._wanted, self._asked = "", None, ""
        self._set_recording(False)
        self.view.clear()
        self.view.invite("")
        self.view.show_recording("")
        self.view.show_corner("")
        self.devices.clear()
        self.side.show_time(0, self.task)
        if process is not None:
            process.end()

    def _on_project(self) -> None:
        self.take = None
        self.offer.show_takes([])
        if self.is_recording and self.process is not None:
            self.process.do("stop")
            self.studio.session.notices.tell(
                f"The recording ended with its project. {clock(self._recorded / 20)} of play wait there,"
                " on the Record page.",
                "warn",
            )
        self._end_process()
        self.show_step("window" if self._has_task else "task")

    def _show_record_button(self) -> None:
        self.record_button.setText("Stop recording" if self.is_recording else "Start recording")
        why_not = self._no_world()
        self.record_button.setEnabled(why_not is None)
        self.record_button.setToolTip(why_not or "")

    def _no_world(self) -> str | None:
        if not self.world:
            return "Enter a world first."
        return "The world is not ready yet." if self._wanted is not None else None

    def _no_take(self) -> str | None:
        return None if self.take is not None and self.step == "verdict" else "No take waits for a decision."

    def _no_offer(self) -> str | None:
        return None if self.offer.take is not None else "No take waits."
