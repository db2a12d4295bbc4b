"""Record: play in the built-in world or in a game on the desktop, record it, and decide about the take."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from recorder.takes.waiting import Take
from recorder.tasks import FREE_PLAY, PlayTask
from ui.consent_words import agree, agreement_in_words, has_agreed
from ui.desktop_session import ChosenWindow, DesktopSession
from ui.look import look
from ui.pages.page import Page, Switched
from ui.pages.record_actions import record_actions
from ui.pages.record_consent import ConsentPanel
from ui.pages.record_desktop import DesktopPlace, known_profiles
from ui.pages.record_game import WorldPlay
from ui.pages.record_offer import TakeOffer
from ui.pages.record_side import RecordSide
from ui.pages.record_tasks import TaskChoice
from ui.pages.record_windows import WindowChoice
from ui.pages.verdict_step import VerdictStep
from ui.play_session import PlaySession
from ui.play_words import clock
from ui.playback import TICK_RATE
from ui.studio import Studio
from ui.take_desk import TakeDesk
from ui.user_actions import UserAction
from ui.widgets.buttons import KeyButton
from ui.widgets.steps import Steps

STEPS = (("task", "Task"), ("window", "Window"), ("check", "Check"), ("play", "Play"), ("verdict", "Verdict"))
_SEEDS = 100_000
#: Pixels of the header that are neither title nor steps nor tools: margins, gaps, search and bell.
_HEADER_REST = 150


class RecordPage(Page):
    """Task, window, check, play, verdict.

    Attributes:
        step: The step that is shown.
        task: What is to be done.
        place: Where: ``world`` (the built-in one), ``desktop``, or "" as long as nothing is chosen.
        world: Play in the built-in world.
        desktop: The window of the desktop.
    """

    id = "record"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio, "Record")
        self.step = "task"
        self.task: PlayTask = FREE_PLAY
        self.place = ""
        self.chosen: ChosenWindow | None = None
        self._has_task = self._is_shown = False
        self._after_consent: Callable[[], object] | None = None
        self.world, self.desktop = PlaySession(self), DesktopSession(self)
        self.desk = TakeDesk(studio, lambda: self.offer.look())
        self.decision = VerdictStep(studio, self.desk)
        self.steps = Steps(STEPS)
        self.header.chips.addWidget(self.steps)
        self.steps.come_after(self.header.back)
        for tool in self.decision.tools:
            self.header.tools.addWidget(tool)
        self.record_button = KeyButton("Start recording", "F9", icon_name="record-fill", kind="record")
        self.header.tools.addWidget(self.record_button)
        self.offer = TakeOffer(self.desk, lambda: self.take)
        self.body.addWidget(self.offer)
        self.tasks = TaskChoice(studio)
        self.windows = WindowChoice(lambda: random.randrange(_SEEDS))
        self.game = WorldPlay(studio, self.desk, self.world)
        self.side = RecordSide(lambda section: studio.go("settings", section=section), self._read_consent)
        self.on_desktop = DesktopPlace(studio, self.desk, self.desktop, self.side, self)
        self.consent = ConsentPanel()
        self._contents, self._sides = Switched(), Switched()
        for content in (self.tasks, self.windows, self.on_desktop.check, self.game, self.on_desktop.play):
            self._contents.add(content)
        self._contents.add(self.decision.content)
        self._contents.add(self.consent)
        self.body.addWidget(self._contents, 1)
        self._sides.add(self.side)
        self._sides.add(self.decision.side)
        self.use_inspector(self._sides)
        self._connect()
        recording = studio.session.settings.current.recording
        self.windows.world.show_world(recording.preset, recording.seed)
        self.tasks.show_task(self.task)
        self.side.show_task(self.task)
        self.show_step("task")
        studio.background.run(lambda _task: known_profiles(), self._know_profiles)

    def _connect(self) -> None:
        self.steps.chosen.connect(self.show_step)
        self.record_button.clicked.connect(lambda: self.toggle_recording())
        self.tasks.chosen.connect(self.choose_task)
        self.tasks.proposed.connect(self._begin_with)
        self.windows.world.entered.connect(self.enter_world)
        self.windows.chosen.connect(self.choose_window)
        self.windows.again.connect(self._look_again)
        self.consent.answered.connect(self._on_consent)
        self.side.ready.sync_wanted.connect(self.desktop.toggle_sync)
        self.side.ready.cover_ignored.connect(self.desktop.ignore_cover)
        self.decision.left.connect(self._leave_verdict)
        self.decision.changed.connect(self.offer.look)
        self.offer.accepted.connect(self._show_verdict)
        self.world.changed.connect(self._on_change)
        self.world.counted.connect(self._show_time)
        self.world.taken.connect(lambda name: self.desk.named(name, self._show_verdict))
        self.game.lost.connect(self._on_world_lost)
        self.game.failed.connect(self.offer.look)
        self.desktop.changed.connect(self._on_change)
        self.desktop.looked.connect(lambda _seen: self._show_record_button())
        self.desktop.listed.connect(self.windows.show_windows)
        self.desktop.hotkey.connect(self._on_hotkey)
        self.desktop.told.connect(lambda _what, _message: self._show_time())
        self.on_desktop.taken.connect(lambda name: self.desk.named(name, self._show_verdict))
        self.on_desktop.over.connect(self._on_desktop_over)
        self.on_desktop.lost.connect(self._on_window_lost)
        self.studio.project_changed.connect(self._on_project)
        look().changed.connect(self._fit_steps)

    def user_actions(self) -> list[UserAction]:
        """Playing, recording, deciding."""
        return record_actions(self)

    def enter(self, where: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Look for takes that wait, and at the desktop where a step shows it; the world is as it was left."""
        self._is_shown = True
        self._show_person()
        self.offer.look()
        self.tasks.read()
        self.show_step(self.step)

    def leave(self) -> None:
        """Free the mouse and look away from the desktop; the world and the recordings go on."""
        self._is_shown = False
        self.game.free()
        if not self.desktop.is_recording:
            self.desktop.look_away()

    def end(self) -> None:
        """The window is closed: what was recorded is brought to the disk."""
        self.world.end_and_wait()
        self.desktop.end_and_wait()
        self.on_desktop.close()

    def back_instead(self) -> bool:
        """Esc closes the keys first."""
        if self.game.view.shows_help:
            self.game.view.show_help(False)
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the steps fit into the header."""
        super().resizeEvent(event)
        self._fit_steps()

    def _fit_steps(self) -> None:
        shown = [*self.decision.tools, self.record_button]
        beside = sum(tool.sizeHint().width() + 8 for tool in shown if not tool.isHidden())
        self.steps.fit(self.width() - beside - self.header.title.sizeHint().width() - _HEADER_REST)

    @property
    def is_recording(self) -> bool:
        """Whether a take is under way."""
        return self.world.is_recording or self.desktop.is_recording

    @property
    def take(self) -> Take | None:
        """The take that waits for a decision on the step Verdict."""
        return self.decision.take

    def show_step(self, step: str) -> None:
        """Go to a step."""
        if step != "play":
            self.game.free()
        self._after_consent = None
        self.step = step
        self._has_task = self._has_task or step == "window"
        self._contents.show_content(self._content())
        is_verdict = step == "verdict"
        self._sides.show_content(self.decision.side if is_verdict else self.side)
        for tool in self.decision.tools:
            tool.setVisible(is_verdict)
        self.record_button.setVisible(not is_verdict)
        if self._is_shown and not self.desktop.is_recording:
            self._look_at_desktop()
        if not (step in ("check", "play") and self.place == "desktop"):
            self.side.show_world(is_chosen=self.place == "world")
        self._show_steps()

    def _content(self) -> QWidget:
        return {
            "task": self.tasks,
            "window": self.windows,
            "check": self.on_desktop.check,
            "play": self.on_desktop.play if self.place == "desktop" else self.game,
            "verdict": self.decision.content,
        }[self.step]

    def _look_at_desktop(self) -> None:
        """Have a scout where a step shows what it sees, and none elsewhere."""
        folder = self.desk.folder
        if self.step == "window" and folder is not None:
            if self.desktop.stage != "looking" or self.desktop.window is not None:
                self.windows.begin()
                self.desktop.list_windows(folder)
        elif self.step == "check" and folder is not None and self.chosen is not None:
            if self.desktop.stage != "looking" or self.desktop.window != self.chosen:
                self.desktop.watch(folder, self.chosen)
            self.on_desktop.use_window(self.chosen)
        else:
            self.desktop.look_away()

    def _show_steps(self) -> None:
        chosen = {
            "task": self._has_task,
            "window": bool(self.place),
            "check": False,
            "play": self.take is not None,
        }
        can_go = ["task", "window"]  # there is a task to begin with
        if self.place == "desktop":
            can_go.append("check")
            chosen["check"] = self.step in ("play", "verdict")
        elif self.place == "world":
            can_go.append("play")
        if self.take is not None:
            can_go.append("verdict")
        if self.world.is_bound or self.desktop.is_recording:  # the take belongs to this task and this place
            can_go = ["play"]
        self._fit_steps()
        self.steps.show_step(self.step, [name for name, done in chosen.items() if done], can_go)
        self._show_record_button()

    def choose_task(self, task: PlayTask) -> None:
        """This is what will be done."""
        self.task, self._has_task = task, True
        self.tasks.show_task(task)
        self.side.show_task(task)
        self.show_step({"world": "play", "desktop": "check"}.get(self.place, "window"))
        if self.step == "window":
            self.windows.world.enter.setFocus()

    def _begin_with(self, task: PlayTask) -> None:
        """Another list: its own task is shown as the one that will be done, and no step is taken."""
        if not (self.world.is_bound or self.desktop.is_recording):  # the take belongs to its task
            self.task = task
            self.tasks.show_task(task)
            self.side.show_task(task)

    def _know_profiles(self, profiles: Any) -> None:
        self.windows.know_profiles({name: profile.title for name, profile in profiles.items()})
        self.on_desktop.know_profiles(profiles)

    def enter_world(self, preset: str, seed: int) -> None:
        """Make the built-in world of `preset` and `seed`, and go there."""
        self.studio.session.settings.change("recording", preset=preset, seed=seed)
        self.place = "world"
        self.world.enter(preset, seed)
        self.show_step("play")
        self.game.begin()

    def choose_window(self, window: ChosenWindow) -> None:
        """This window of the desktop will be recorded."""

        def go() -> None:
            self._leave_world()
            self.place, self.chosen = "desktop", window
            self.show_step("check")

        self._with_consent(go)

    def _leave_world(self) -> None:
        if self.world.process is not None:
            self.world.end()
            self.game.clear()

    def _look_again(self) -> None:
        self.desktop.look_away()
        self.show_step("window")

    def play(self) -> None:
        """Capture keys and mouse."""
        if self.step != "play":
            self.show_step("play")
        self.game.play()

    def toggle_help(self) -> None:
        """Show what the keys do, or no longer."""
        self.game.view.show_help(not self.game.view.shows_help)

    def toggle_recording(self) -> None:
        """Start to record what is played, or stop it."""
        if self.desktop.is_recording:
            if self.why_not_record() is None:
                self.desktop.stop()
        elif self.world.is_recording:
            self.world.stop()
            self.game.free()
        elif self.why_not_record() is None and not self.world.is_bound:
            self._with_consent(self._record_desktop if self.place == "desktop" else self._record_world)

    def _record_world(self) -> None:
        if self.game.record(self.task):
            self.play()

    def _record_desktop(self) -> None:
        if self.chosen is not None and self.on_desktop.record(self.task, self.chosen):
            self.show_step("play")

    def _with_consent(self, then: Callable[[], object]) -> None:
        privacy = self.studio.session.settings.current.privacy
        if has_agreed(privacy):
            then()
            return
        self.game.free()
        self._after_consent = then
        self._contents.show_content(self.consent)
        self.consent.ask(privacy.consent)

    def _read_consent(self) -> None:
        """Show the words: to be agreed to here, or where they can be taken back."""
        if has_agreed(self.studio.session.settings.current.privacy):
            self.studio.go("settings", section="privacy")
        else:
            self._with_consent(lambda: None)

    def _on_consent(self, agreed: bool) -> None:
        then = self._after_consent
        self._after_consent = None
        if agreed:
            agree(self.studio.session.settings, date.today())
            self._show_person()
        self._contents.show_content(self._content())
        if agreed and then is not None:
            then()

    def _leave_verdict(self) -> None:
        after = {"world": "play", "desktop": "check"}.get(self.place, "task")
        self.show_step("play" if self.is_recording else after)
        if self.place == "world":
            self.game.view.setFocus()
        self.offer.look()

    def _show_verdict(self, take: Take) -> None:
        self.decision.show_take(take)
        self.show_step("verdict")
        self.decision.tools[-1].setFocus()
        self.offer.look()

    def _on_change(self) -> None:
        is_dotted = self.world.is_recording or self.desktop.stage in ("recording", "saving")
        self.studio.dot_wanted.emit(self.id, "vermillion" if is_dotted else "")
        trouble = self.desktop.trouble
        if trouble is not None and self.step == "window":
            self.windows.show_trouble(trouble)
        elif trouble is not None and self.step == "check":
            self.studio.session.notices.tell_failure(trouble)
            self._on_window_lost()
        self._show_time()
        self._show_steps()

    def _on_hotkey(self, what: str) -> None:
        why_not = self.why_not_record()
        if what != "stop" or self._after_consent is not None:  # "stop" starts, too: they have one key
            return
        if why_not is None:
            self.toggle_recording()
        else:
            self.studio.session.notices.tell(why_not)

    def _on_desktop_over(self) -> None:
        self.show_step("check" if self.chosen is not None else "window")
        self.offer.look()

    def _on_world_lost(self) -> None:
        self.place = ""
        self.show_step("window" if self._has_task else "task")

    def _on_window_lost(self) -> None:
        self.place, self.chosen = "", None
        self.show_step("window")

    def _on_project(self) -> None:
        self.decision.clear()
        self.offer.clear()
        if self._ticks:
            self.world.stop()
            self.studio.session.notices.tell(
                f"The recording ended with its project. {clock(self._ticks / TICK_RATE)} of play wait there,"
                " on the Record page.",
                "warn",
            )
        self._leave_world()
        self.desktop.end()
        if self.place == "world":
            self.place = ""
        self.show_step("window" if self._has_task else "task")

    @property
    def _ticks(self) -> int:
        return self.world.recorded or int(self.desktop.status.get("ticks", 0))

    def _show_time(self) -> None:
        self.side.show_time(self._ticks, self.task)
        self.game.show_recording(self.task)

    def _show_person(self) -> None:
        current = self.studio.session.settings.current
        self.side.show_person(current.recording.person, agreement_in_words(current.privacy))

    def _show_record_button(self) -> None:
        self.record_button.setText("Stop recording" if self.is_recording else "Start recording")
        why_not = self.why_not_record()
        self.record_button.setEnabled(why_not is None)
        self.record_button.setToolTip(why_not or "")

    def why_not_record(self) -> str | None:
        """Why a recording can be neither begun nor ended now; None where it can."""
        if self.desktop.is_recording:
            # Where the system keeps no hotkeys for us one press comes twice: by the scout, and to the window.
            waits = {"starting": "The recording is getting ready.", "saving": "The take is being saved."}
            return waits.get(self.desktop.stage)
        if self.place == "desktop":
            return self.desktop.why_not if self.step == "check" else "Go to Check first."
        return self.world.why_not if self.place == "world" else "Enter a world or choose a window first."
