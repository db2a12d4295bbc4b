"""The state machine: no sequence of wishes leaves the legal graph."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from toy_runs import make_run

from training.runs import (
    ENDED,
    LIVING,
    NEXT_STATES,
    RESUMABLE,
    Cause,
    CauseKind,
    RunRecord,
    RunState,
    RunWriter,
    StopRequestedError,
    WorkerProcess,
    check_transition,
    load_record,
    read_run,
)
from training.runs.record import utc_now
from vpt_studio.errors import StudioError

CAUSE = Cause(kind=CauseKind.BUG, sentence="it broke", remedy="Mend it")
WORKER = WorkerProcess(pid=1, started=1.0, host="elsewhere")


def queued() -> RunRecord:
    return RunRecord(id="r", stage="s", name="n", state=RunState.QUEUED, created=utc_now(), updated=utc_now())


@given(st.lists(st.sampled_from(RunState), max_size=30))
def test_any_sequence_of_wishes_stays_on_the_graph(wishes):
    record = queued()
    for wish in wishes:
        cause = CAUSE if wish in {RunState.FAILED, RunState.LOST} else None
        worker = WORKER if wish is RunState.STARTING else None
        before = record
        try:
            record = record.moved(wish, cause=cause, worker=worker)
        except StudioError:
            assert wish not in NEXT_STATES[before.state]
            continue
        assert wish in NEXT_STATES[before.state]
        assert record.state is wish
        assert (record.ended is not None) == (wish in ENDED)
        assert (record.cause is not None) == (wish in {RunState.FAILED, RunState.LOST})
        assert record.attempt == before.attempt + (wish is RunState.STARTING)


def test_every_state_is_queued_living_or_ended():
    assert LIVING.isdisjoint(ENDED)
    assert {RunState.QUEUED} | LIVING | ENDED == set(RunState) == set(NEXT_STATES)
    assert {state for state in ENDED if RunState.STARTING in NEXT_STATES[state]} == RESUMABLE


def test_a_refusal_says_what_could_follow():
    with pytest.raises(StudioError, match=r"finished cannot become running.*only nothing can follow"):
        check_transition(RunState.FINISHED, RunState.RUNNING)


@pytest.mark.parametrize(("state", "cause"), [(RunState.FAILED, None), (RunState.STOPPED, CAUSE)])
def test_a_cause_belongs_to_failures_alone(state, cause):
    with pytest.raises(ValueError, match="with cause"):
        queued().moved(state, cause=cause)


class LifeOfARun(RuleBasedStateMachine):
    """A real run folder, and a stage that may do anything at any time."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.run_dir = make_run(Path(self.folder.name))
        self.writer: RunWriter | None = None
        self.seen = [RunState.QUEUED]
        self.attempts = 0

    def teardown(self):
        if self.writer:
            self.writer.close()
        self.folder.cleanup()

    @rule()
    def take_up(self):
        state = read_run(self.run_dir).state
        try:
            self.writer = RunWriter(self.run_dir)
            self.attempts += 1
        except StudioError:
            assert self.writer is not None or state is RunState.FINISHED
        self.look()

    @precondition(lambda self: self.writer is not None)
    @rule(act=st.sampled_from(["prepare", "begin", "step", "stop", "pause and stop", "finish", "fail"]))
    def act(self, act):
        try:
            match act:
                case "prepare":
                    self.writer.preparing(1, 2)
                case "begin":
                    self.writer.begin(total_steps=3)
                case "step":
                    self.writer.keep_going(self.writer.record.step + 1)
                case "stop":
                    self.writer.places.stop_request.touch()
                case "pause and stop":
                    self.writer.places.pause_request.touch()
                    self.writer.stop_soon("a test")
                case "finish":
                    self.writer.finish()
                case "fail":
                    self.writer.fail(CAUSE)
        except StopRequestedError:
            assert self.writer.stopping
        except StudioError:
            assert load_record(self.run_dir).state is self.seen[-1]
        self.look()

    @precondition(lambda self: self.writer is not None)
    @rule()
    def end(self):
        if self.writer.record.state in ENDED:
            self.writer.close()
            self.writer = None

    def look(self):
        state = load_record(self.run_dir).state
        if state is not self.seen[-1]:
            self.seen.append(state)

    @invariant()
    def every_change_was_legal(self):
        for old, new in zip(self.seen, self.seen[1:], strict=False):
            assert new in NEXT_STATES[old]

    @invariant()
    def attempts_are_counted(self):
        assert read_run(self.run_dir).attempt == self.attempts


LifeOfARun.TestCase.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
TestLifeOfARun = LifeOfARun.TestCase
