"""The parts of pages that know no Qt: undo, lanes, comparisons, a new run, curves."""

from __future__ import annotations

import numpy as np
import pytest

from training.configs import IdmConfig, load_config, recipe
from training.runs import RunState, RunSummary
from ui.lanes import TickColumns, held_buttons, key_lane, most_used, recording_lanes, spans_of
from ui.predictions import PredictedColumns, compare
from ui.run_model import parse_log_line, series_of, smoothed
from ui.train_model import NewRun, RunFilter
from ui.undo import Step, UndoHistory
from vpt_studio.actions import BUTTONS


def columns_of(ticks: int) -> TickColumns:
    return TickColumns(
        np.zeros((ticks, len(BUTTONS)), bool),
        np.zeros((ticks, 2)),
        np.ones(ticks, bool),
        np.zeros(ticks, bool),
    )


class Undoing:
    """Steps on a list; whether one works is said by the test."""

    def __init__(self):
        self.history, self.done, self.told, self.works = UndoHistory(), [], [], True

    def do(self, name):
        def take_back(over):
            if self.works:
                self.done.remove(name)
            over(self.works)

        def again(over):
            self.done.append(name)
            over(True)

        self.done.append(name)
        step = Step(name, take_back, again)
        self.history.did(step)
        return step

    def undo(self, step=None):
        return self.history.undo(lambda undone: self.told.append(undone.name), step)


def test_undo_takes_back_the_newest_step_and_redo_does_it_again():
    undoing = Undoing()
    undoing.do("a")
    undoing.do("b")
    assert undoing.undo()
    assert (undoing.done, undoing.told) == (["a"], ["b"])
    assert undoing.history.redo(lambda _step: None)
    assert undoing.done == ["a", "b"]
    undoing.undo()
    undoing.do("c")
    assert not undoing.history.redo(lambda _step: None)


def test_undo_takes_back_the_step_that_is_named_once():
    undoing = Undoing()
    first = undoing.do("a")
    undoing.do("b")
    assert undoing.undo(first)
    assert undoing.done == ["b"]
    assert not undoing.undo(first)


def test_a_step_that_could_not_be_taken_back_can_be_tried_again():
    undoing = Undoing()
    step = undoing.do("a")
    undoing.works = False
    undoing.undo()
    assert (undoing.told, undoing.history.next_undo) == ([], step)
    undoing.works = True
    undoing.undo()
    assert (undoing.done, undoing.told) == ([], ["a"])


@pytest.mark.parametrize(
    ("mask", "spans"),
    [([0, 0, 0], []), ([1, 1, 1], [[0, 3]]), ([1, 0, 1, 1], [[0, 1], [2, 4]]), ([], [])],
)
def test_stretches_of_a_mask(mask, spans):
    assert spans_of(np.array(mask, bool)).tolist() == spans


def test_lanes_show_what_was_held_and_what_is_not_known():
    columns = columns_of(40)
    columns.buttons[5:9, BUTTONS.index("jump")] = True
    assert key_lane(columns, "jump").spans.tolist() == [[5, 9]]
    columns.buttons[5:8, BUTTONS.index("hotbar.2")] = True
    columns.buttons[5:25, BUTTONS.index("use")] = True
    assert held_buttons(columns) == ["use", "jump", "hotbar.2"]
    assert most_used(columns, 4) == ["forward", "jump", "use", "hotbar.2"]
    columns.known[20:] = False
    lanes = recording_lanes(columns, held_buttons(columns))
    assert [lane.title for lane in lanes] == [
        "Use",
        "Jump",
        "Slot 2",
        "Mouse speed",
        "Screen open",
        "Not known",
    ]


def test_a_comparison_counts_only_what_the_idm_is_sure_of():
    columns = columns_of(4)
    forward = BUTTONS.index("forward")
    columns.buttons[0, forward] = True
    held = np.zeros((4, len(BUTTONS)), np.float32)
    held[:, forward] = [0.1, 0.9, 0.6, 0.2]
    camera = np.zeros((4, 2))
    camera[3] = (0, 9.0)
    found = compare(columns, PredictedColumns("run", held, camera))
    assert found.keys[:, forward].tolist() == [True, True, False, False]
    assert found.camera.tolist() == [False, False, False, True]
    assert found.ticks.tolist() == [0, 1, 3]
    assert found.joint == pytest.approx(1 / 4)
    assert found.yaw_r2 is None


def test_a_new_run_says_what_the_command_line_would():
    new = NewRun(name="try", held_out_percent=30).with_setting("training.minutes", 5.0)
    new = new.with_setting("data.held_out", ("a", "b"))
    command = new.command(__import__("pathlib").Path("/p"))
    overrides = [command[at + 1] for at, word in enumerate(command) if word == "--set"]
    config = load_config(
        IdmConfig, recipe=recipe("idm", "laptop"), overrides=["data.recordings=[x]", *overrides]
    )
    assert config.training.minutes == 5.0
    assert config.data.held_out == ("a", "b")
    assert "--held-out-share" not in command
    assert command[-2:] == ["--project", "/p"]
    assert new.with_setting("training.minutes", 30.0).changed.keys() == {"data.held_out"}


def test_a_new_run_names_the_setting_that_is_wrong():
    new = NewRun().with_setting("optimiser.learning_rate", 7).with_setting("training.minutes", None)
    problems = new.problems()
    assert "at most 1" in problems["optimiser.learning_rate"]
    assert "steps or minutes" in problems[""]
    assert NewRun(recipe="paper").problems() == {}


def test_runs_are_filtered_by_words_stage_and_state(tmp_path):
    lost = RunSummary(path=tmp_path, id="x", name="first try", stage="idm", state=RunState.LOST)
    assert RunFilter("FIRST idm").fits(lost)
    assert RunFilter(state="needs").fits(lost)
    assert not RunFilter(state="finished").fits(lost)
    assert RunFilter(state="needs").fits(RunSummary(path=tmp_path, id="y", problem="unreadable"))


def test_measurements_become_series_over_steps_and_minutes():
    rows = [
        {"step": 1, "time": 60.0, "attempt": 1, "losses/nll": 4.0},
        {"step": 3, "time": 180.0, "attempt": 1, "losses/nll": float("nan"), "held_out/yaw_r2": 0.5},
    ]
    made = series_of(rows)
    assert made["losses/nll"].steps.tolist() == [1, 3]
    assert made["losses/nll"].minutes.tolist() == [0.0, 2.0]
    assert made["held_out/yaw_r2"].values.tolist() == [0.5]
    assert series_of([]) == {}


def test_smoothing_keeps_a_constant_and_passes_over_gaps():
    constant = np.full(50, 3.0)
    assert smoothed(constant, 0.9) == pytest.approx(constant)
    with_gap = np.array([1.0, np.nan, 1.0])
    assert smoothed(with_gap, 0.5) == pytest.approx(np.ones(3))
    assert smoothed(with_gap, 0.0) is with_gap


def test_a_line_of_a_log_is_taken_apart():
    line = parse_log_line("2026-11-23T03:35:52Z WARNING training.idm: little memory")
    assert (line.level, line.text) == ("WARNING", "little memory")
    assert parse_log_line("  File x").text == "  File x"
