"""The step Verdict as a person uses it: flaws are seen, mended with one button, taken back, handed in."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

sys.path.append(str(Path(__file__).resolve().parents[1] / "recorder"))
from take_maker import make_take, playful, walking

from recorder.takes.reason import Mend
from recorder.takes.waiting import takes_folder, waiting_take, waiting_takes
from ui.pages.verdict_step import VerdictStep
from ui.take_desk import TakeDesk
from ui.verdict_words import (
    HEALTH,
    TITLES,
    in_one_sentence,
    length_in_words,
    mend_button,
    needs_a_word,
    places_in_words,
    verdict_lanes,
)
from ui.widgets.chips import ChipLabel
from vpt_studio.project import Project

TIMEOUT = 60_000
TICKS = 560


def black(tick: int, seen: np.ndarray) -> np.ndarray:
    return seen * 0 if 200 <= tick < 320 else seen


@pytest.fixture
def folder(tmp_path) -> Path:
    Project.create(tmp_path / "project", "Verdicts").close()
    return takes_folder(tmp_path / "project")


@pytest.fixture
def step(make_window, store, folder, qtbot):
    """The step, beside a window that has the project open."""
    window = make_window(store, folder.parent, "library")
    studio = window.studio
    made = VerdictStep(studio, TakeDesk(studio, lambda: None))
    for widget in (made.content, made.side, *made.tools):
        qtbot.addWidget(widget)
    made.content.resize(880, 640)
    made.content.show()
    yield made
    qtbot.waitUntil(lambda: studio.background.is_idle, timeout=TIMEOUT)


def show(step: VerdictStep, qtbot, folder: Path, name: str) -> None:
    step.show_take(waiting_take(folder, name))
    settle(step, qtbot)


def settle(step: VerdictStep, qtbot) -> None:
    """Until the check has answered and nothing is under way."""
    qtbot.waitUntil(lambda: chips(step)[1] not in ("Checking", "Mending"), timeout=TIMEOUT)
    qtbot.waitUntil(lambda: step._studio.background.is_idle, timeout=TIMEOUT)


def chips(step: VerdictStep) -> list[str]:
    return [chip.accessibleName() for chip in step.content.findChildren(ChipLabel) if chip.accessibleName()]


def said(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


def mends(step: VerdictStep) -> dict[str, QPushButton]:
    found = step.content.findChildren(QPushButton)
    return {made.accessibleName(): made for made in found if made.accessibleDescription()}


def test_a_flaw_is_shown_cut_out_taken_back_and_handed_in(step, folder, store, tmp_path, qtbot):
    make_take(folder, "take", TICKS, held=walking, motion=playful, picture=black)
    show(step, qtbot, folder, "take")
    assert chips(step) == ["0:28", "Flawed", "Flaw"]
    assert "The picture is black for 6 s." in said(step.content)
    assert "Black picture: 1 times, 6.0 s in all" in step.content.timeline.accessibleDescription()
    assert said(step.side).count("Fine") >= 10
    assert "Flaw" in said(step.side)
    (button,) = mends(step).values()
    assert button.accessibleName() == "Black picture: Cut out 6 s"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not any(tool.isEnabled() for tool in step.tools)
    step.keep()  # not now
    settle(step, qtbot)
    assert step.take.ticks == TICKS - 120
    assert chips(step)[:2] == ["0:22", "Healthy"]
    assert all(tool.isEnabled() for tool in step.tools)
    assert step._studio.session.undo.next_undo.name == "cut take"
    step._studio.undo()
    qtbot.waitUntil(lambda: step.take.ticks == TICKS, timeout=TIMEOUT)
    settle(step, qtbot)
    assert chips(step)[1] == "Flawed"
    assert [(take.name, take.ticks) for take in waiting_takes(folder)] == [("take", TICKS)]
    store.change("recording", hand_in_folder=str(tmp_path / "handed"))
    with qtbot.waitSignal(step.left, timeout=TIMEOUT):
        step.hand_in()
    qtbot.waitUntil(lambda: step._studio.background.is_idle, timeout=TIMEOUT)
    (bundle,) = (tmp_path / "handed").iterdir()
    assert any(name.endswith("take.mp4") for name in zipfile.ZipFile(bundle).namelist())
    with Project.open(folder.parent) as project:
        assert project.recording_counts().present == 1
    assert waiting_takes(folder) == []
    (told,) = [note for note in step._studio.session.notices.history if "handed in" in note.text]
    assert str(bundle) in told.text
    assert "in the Library" in told.text
    assert told.action == "Show the folder"


def test_a_part_is_marked_cut_out_by_hand_and_brought_back(step, folder, qtbot):
    make_take(folder, "take", 120, held=walking, motion=playful, notes={"profile": "luanti"})
    show(step, qtbot, folder, "take")
    part, timeline = step.content.part, step.content.timeline
    assert "Marks: 2 ticks" in timeline.accessibleDescription()
    assert "Gaps" in said(step.side)
    step.content.seek(0)
    assert step.content.seek_mark(1)
    assert timeline.tick == 40
    assert part.why_not.startswith("Mark the part first")
    part.mark_begin()
    assert step.content.seek_mark(1)
    assert not step.content.seek_mark(1)
    part.mark_end()
    assert part.span == (40, 61)
    assert part.why_not is None
    part.cut_out()
    settle(step, qtbot)
    assert step.take.ticks == 99
    assert part.span == (None, None)
    step._studio.undo()
    qtbot.waitUntil(lambda: step.take.ticks == 120, timeout=TIMEOUT)
    settle(step, qtbot)
    timeline.loop_set.emit(0, 120)
    assert part.why_not.startswith("That is the whole take")


def test_a_take_that_cannot_be_read_is_broken_and_can_be_discarded(step, folder, qtbot):
    make_take(folder, "take", 60)
    (folder / "take.mp4").write_bytes(b"no video")
    show(step, qtbot, folder, "take")
    assert chips(step)[1:] == ["Broken", "Broken"]
    assert "It cannot be used as it is." in said(step.content)
    with qtbot.waitSignal(step.left, timeout=TIMEOUT):
        step.discard()
    qtbot.waitUntil(lambda: waiting_takes(folder) == [], timeout=TIMEOUT)


def test_a_check_that_was_cancelled_can_be_made_again_and_a_hand_in_says_so(
    step, folder, store, tmp_path, qtbot
):
    make_take(folder, "take", 60)
    step.show_take(waiting_take(folder, "take"))
    (task,) = [task for task in step._studio.background.tasks if task.title.startswith("Checking")]
    task.cancel()
    settle(step, qtbot)
    assert chips(step)[1] == "Not checked"
    (again,) = [made for made in step.content.findChildren(QPushButton) if made.text() == "Check again"]
    again.click()
    assert chips(step)[1] == "Checking"
    settle(step, qtbot)
    assert chips(step)[1] in [word for word, _, _ in HEALTH.values()]

    store.change("recording", hand_in_folder=str(tmp_path / "handed"))
    step.show_take(waiting_take(folder, "take"))
    step.hand_in()
    seen = set[str]()
    qtbot.waitUntil(lambda: seen.add(chips(step)[1]) or step.take is None, timeout=TIMEOUT)
    assert seen == {"Handing in"}


def test_a_mend_is_the_same_command_in_the_window_and_in_a_terminal():
    trim, cut = Mend("trim", ((20, 900),), 880), Mend("cut", ((0, 20), (40, 60)), 100)
    assert [Mend.from_json(mend.as_json()) for mend in (trim, cut)] == [trim, cut]
    assert trim.command("a take") == ["takes", "trim", "a take", "20t", "900t"]
    assert cut.command("take") == ["takes", "cut", "take", "0t-20t", "40t-60t"]


def test_reasons_scroll_before_the_picture_gets_too_small(step, qtbot):
    one = {"state": "warn", "words": "Something is wrong here.", "why": "It matters. " * 20, "mend": None}
    reasons = [{**one, "id": name, "spans": [[5, 90]]} for name in TITLES]
    step.content.begin("take", 100)
    step.content.show_verdict({"health": "flawed", "ticks": 100, "reasons": reasons})
    qtbot.wait(1)
    assert chips(step).count("Flaw") == len(TITLES)
    assert step.content.picture.height() >= 180


def test_verdicts_in_words():
    flaw = {"id": "idle", "state": "warn", "words": "", "why": "", "spans": [[20, 60], [80, 90]], "mend": {}}
    fine = {"id": "keys", "state": "ok", "words": "", "why": "", "spans": [], "mend": None}
    bad = {"id": "rate", "state": "bad", "words": "", "why": "", "spans": [], "mend": None}
    assert in_one_sentence([fine]).startswith("Nothing is wrong")
    assert in_one_sentence([flaw, fine]) == (
        "1 thing needs a look. A button mends it; it can also be kept as it is."
    )
    assert in_one_sentence([bad, flaw]) == "It cannot be used as it is."
    assert in_one_sentence([{**bad, "mend": {}}]) == "It cannot be used as it is; it can be mended here."
    assert needs_a_word([fine, flaw]) == [flaw]
    assert places_in_words(flaw) == "at 0:01 and 1 more place"
    assert [len(verdict_lanes(reasons)) for reasons in ([], [fine, bad], [flaw, bad])] == [1, 1, 2]
    assert mend_button({"do": "trim", "spans": [[20, 900]], "leaves": 880}, 1000) == (
        "Trim to 44 s",
        "crop",
        "Keeps 0:01 to 0:45; 44 s stay.",
    )
    assert mend_button({"do": "cut", "spans": [[20, 50]], "leaves": 970}, 1000)[0] == "Cut out 1.5 s"
    assert mend_button({"do": "split", "spans": [[0, 50], [50, 100]], "leaves": 100}, 100)[2] == (
        "Makes 2 takes of 5 s in all."
    )
    assert [length_in_words(ticks) for ticks in (0, 3, 200, 2500)] == ["0 s", "0.1 s", "10 s", "2 min 5 s"]
