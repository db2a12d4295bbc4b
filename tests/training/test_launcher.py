"""Real worker processes, started, steered, killed and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import psutil
import pytest
from toy_runs import HERE, eventually, make_run, work_here, worker_environment

from training import launcher
from training.commands.following import follow
from training.runs import (
    CauseKind,
    RunLock,
    RunPlaces,
    RunState,
    RunWriter,
    load_record,
    present_metrics,
    read_events,
    read_log,
    read_metrics,
    read_run,
)
from training.worker import ExitCode, carry_out
from vpt_studio.commands.console import PROGRESS_VARIABLE
from vpt_studio.errors import StudioError

FOREVER: dict[str, Any] = {"total": 10_000_000, "seconds_per_step": 0.01}
posix_only = pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")


@pytest.fixture(autouse=True)
def toy_stage_on_the_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(HERE))


@pytest.fixture
def endless(tmp_path):
    """A running run with some steps behind it, ended after the test whatever happened."""
    yield from running(make_run(tmp_path, **FOREVER))


@pytest.fixture
def endless_measured(tmp_path):
    """The same, writing metrics."""
    yield from running(make_run(tmp_path, measure=True, **FOREVER))


def running(run_dir):
    launcher.start(run_dir)
    eventually(lambda: read_run(run_dir).step >= 3)
    yield run_dir
    if read_run(run_dir).has_worker:
        launcher.kill(run_dir)


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_run_is_started_and_finishes(tmp_path):
    run_dir = make_run(tmp_path, measure=True)
    started = launcher.start(run_dir)
    assert started.attempt == 1
    record = launcher.wait(run_dir)
    assert (record.state, record.step, record.total_steps) == (RunState.FINISHED, 3, 3)
    assert record.worker.pid != os.getpid()
    assert [row["loss"] for row in read_metrics(run_dir).rows] == [1.0, 1 / 2, 1 / 3]


def test_a_run_can_be_started_once_only(endless):
    with pytest.raises(StudioError, match="only a queued run can be started; this one is running"):
        launcher.start(endless)
    with pytest.raises(StudioError, match="only a stopped, failed or lost run"):
        launcher.resume(endless)


@posix_only
def test_a_run_survives_the_death_of_its_starter(tmp_path):
    run_dir = make_run(tmp_path, **FOREVER)
    start = f"launcher.start(Path({str(run_dir)!r}))"
    code = f"from pathlib import Path; from training import launcher; {start}; input()"
    starter = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, env=worker_environment())
    try:
        eventually(lambda: read_run(run_dir).state is RunState.RUNNING)
        worker = read_run(run_dir).worker
        assert os.getsid(worker.pid) != os.getsid(starter.pid)
    finally:
        starter.kill()
        starter.wait()
        starter.stdin.close()
    step = read_run(run_dir).step
    eventually(lambda: read_run(run_dir).step > step)
    assert read_run(run_dir).worker == worker
    launcher.request_stop(run_dir)
    assert launcher.wait(run_dir).state is RunState.STOPPED


def test_a_stop_request_saves_and_resume_goes_on_from_there(endless_measured):
    launcher.request_stop(endless_measured)
    stopped = launcher.wait(endless_measured, until={RunState.STOPPED})
    saved = int((RunPlaces(endless_measured).checkpoints / "last").read_text())
    assert saved == stopped.step
    assert stopped.cause is None

    launcher.resume(endless_measured)
    resumed = eventually(lambda: (now := read_run(endless_measured)).step > saved and now)
    assert resumed.attempt == 2
    assert resumed.training_seconds > stopped.training_seconds
    launcher.request_stop(endless_measured)
    launcher.wait(endless_measured)
    steps = [row["step"] for row in read_metrics(endless_measured).rows]
    assert steps == list(range(1, len(steps) + 1)), "no step was skipped and none done twice"


def test_a_killed_worker_is_lost_with_its_cause_and_can_resume(endless_measured):
    worker = read_run(endless_measured).worker
    psutil.Process(worker.pid).kill()
    lost = eventually(lambda: (now := read_run(endless_measured)).state is RunState.LOST and now)
    assert lost.cause.kind is CauseKind.KILLED
    assert f"process {worker.pid}" in lost.cause.sentence
    assert lost.ended is not None
    with pytest.raises(StudioError, match="lost: there is nothing to stop"):
        launcher.request_stop(endless_measured)
    assert launcher.resume(endless_measured).attempt == 2
    eventually(lambda: read_run(endless_measured).step >= 1)
    rows = present_metrics(read_metrics(endless_measured).rows)
    assert len({row["step"] for row in rows}) == len(rows)


def test_a_second_worker_is_refused(endless):
    refused = work_here(endless)
    assert refused.returncode == ExitCode.REFUSED
    assert f"already being written by process {read_run(endless).worker.pid}" in refused.stderr
    assert read_run(endless).state is RunState.RUNNING
    assert read_run(endless).attempt == 1


def test_a_paused_run_waits_and_goes_on(endless):
    launcher.request_pause(endless)
    paused = launcher.wait(endless, until={RunState.PAUSED})
    assert int((RunPlaces(endless).checkpoints / "last").read_text()) == paused.step
    assert read_run(endless).training_seconds == paused.training_seconds
    launcher.request_continue(endless)
    launcher.wait(endless, until={RunState.RUNNING})
    eventually(lambda: read_run(endless).step > paused.step)


def test_a_paused_run_can_be_stopped(endless):
    launcher.request_pause(endless)
    launcher.wait(endless, until={RunState.PAUSED})
    launcher.request_stop(endless)
    assert launcher.wait(endless).state is RunState.STOPPED


def test_a_run_that_died_in_its_pause_resumes_without_loss(endless_measured):
    launcher.request_pause(endless_measured)
    paused = launcher.wait(endless_measured, until={RunState.PAUSED})
    psutil.Process(paused.worker.pid).kill()
    eventually(lambda: read_run(endless_measured).state is RunState.LOST)
    launcher.resume(endless_measured)
    eventually(lambda: read_run(endless_measured).step > paused.step)
    steps = [row["step"] for row in read_metrics(endless_measured).rows]
    assert steps[: paused.step + 1] == list(range(1, paused.step + 2))


def test_killing_ends_the_process_and_says_so(endless):
    pid = read_run(endless).worker.pid
    record = launcher.kill(endless)
    assert (record.state, record.cause.kind) == (RunState.LOST, CauseKind.KILLED)
    assert "on request" in record.cause.sentence
    assert load_record(endless) == record
    assert is_gone(pid)


@posix_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_signal_saves_and_stops(endless, number):
    worker = read_run(endless).worker
    os.kill(worker.pid, number)
    record = launcher.wait(endless)
    assert record.state is RunState.STOPPED
    assert int((RunPlaces(endless).checkpoints / "last").read_text()) == record.step


def test_a_queued_run_is_stopped_without_a_worker(tmp_path):
    run_dir = make_run(tmp_path)
    with pytest.raises(StudioError, match="queued cannot pause"):
        launcher.request_pause(run_dir)
    with pytest.raises(StudioError, match="no process on this machine"):
        launcher.kill(run_dir)
    launcher.request_stop(run_dir)
    assert read_run(run_dir).state is RunState.STOPPED
    assert launcher.resume(run_dir).attempt == 1
    assert launcher.wait(run_dir).state is RunState.FINISHED


def test_requests_left_over_do_not_stop_the_next_attempt(tmp_path):
    run_dir = make_run(tmp_path)
    RunPlaces(run_dir).stop_request.touch()
    RunPlaces(run_dir).pause_request.touch()
    launcher.start(run_dir)
    assert launcher.wait(run_dir).state is RunState.FINISHED


def test_a_worker_that_cannot_begin_tells_why(tmp_path, monkeypatch):
    run_dir = make_run(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text("raise SystemExit('the installation is broken')")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    with pytest.raises(StudioError, match=r"ended at once with code \d+: .*the installation is broken"):
        launcher.start(run_dir)
    record = read_run(run_dir)
    assert (record.state, record.cause.kind) == (RunState.FAILED, CauseKind.LAUNCH_FAILED)
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    launcher.resume(run_dir)
    assert launcher.wait(run_dir).state is RunState.FINISHED


def test_a_launch_refused_by_another_writer_leaves_its_state_alone(tmp_path):
    run_dir = make_run(tmp_path)
    with RunLock(run_dir), pytest.raises(StudioError, match="already being written"):
        launcher.start(run_dir)
    assert read_run(run_dir).state is RunState.QUEUED


def test_waiting_for_what_cannot_come_any_more_is_an_error(tmp_path):
    run_dir = make_run(tmp_path, at=2, how="not_a_number")
    launcher.start(run_dir)
    with pytest.raises(StudioError, match=r"failed, and will not be finished: training diverged"):
        launcher.wait(run_dir, until={RunState.FINISHED})


def test_waiting_too_long_is_an_error(endless):
    with pytest.raises(StudioError, match="still running, not stopped"):
        launcher.wait(endless, until={RunState.STOPPED}, timeout=0.0)


@pytest.mark.parametrize(
    ("how", "kind", "word"),
    [
        ("out_of_memory", CauseKind.OUT_OF_MEMORY, "memory ran out"),
        ("accelerator_out_of_memory", CauseKind.OUT_OF_MEMORY, "2.00 GiB"),
        ("not_a_number", CauseKind.NOT_A_NUMBER, "the loss is nan at step 3"),
        ("data_missing", CauseKind.DATA_MISSING, "no-such-recording.mp4"),
        ("disk_full", CauseKind.DISK_FULL, "disk is full"),
        ("too_many_files", CauseKind.TOO_MANY_FILES, "no more open files"),
        ("import_error", CauseKind.IMPORT_ERROR, "no_such_module"),
        ("explained", CauseKind.EXPLAINED, "take-7.jsonl: take 7 has no actions"),
        ("bug", CauseKind.BUG, "KeyError"),
    ],
)
def test_a_failure_is_told_in_a_sentence_a_remedy_and_an_exit_code(tmp_path, how, kind, word):
    run_dir = make_run(tmp_path, at=2, how=how)
    with RunWriter(run_dir) as run:
        assert carry_out(run) is ExitCode[kind.name]
    record = read_run(run_dir)
    assert (record.state, record.cause.kind) == (RunState.FAILED, kind)
    assert word in record.cause.sentence
    assert record.cause.remedy
    assert "Traceback" in read_log(run_dir).text
    assert read_events(run_dir).rows[-1]["cause"] == kind


@posix_only
def test_a_crash_of_the_interpreter_is_told_from_its_log(tmp_path):
    run_dir = make_run(tmp_path, at=2, how="crashed")
    launcher.start(run_dir)
    record = launcher.wait(run_dir)
    assert (record.state, record.cause.kind) == (RunState.LOST, CauseKind.CRASHED)
    assert "Segmentation fault" in record.cause.sentence


@pytest.mark.parametrize(
    ("stage", "kind", "word"),
    [
        ("cooking", CauseKind.EXPLAINED, "there is no stage 'cooking'"),
        ("toy_runs:nothing", CauseKind.EXPLAINED, "toy_runs has no function nothing"),
        ("no_such_module:train", CauseKind.IMPORT_ERROR, "no_such_module"),
        ("idm", CauseKind.BAD_CONFIG, "there is no setting total"),
    ],
)
def test_a_run_that_names_no_usable_stage_fails_with_words(tmp_path, stage, kind, word):
    run_dir = make_run(tmp_path, stage=stage)
    with RunWriter(run_dir) as run:
        assert carry_out(run) is ExitCode[kind.name]
    record = read_run(run_dir)
    assert (record.state, record.cause.kind) == (RunState.FAILED, kind)
    assert word in record.cause.sentence


def test_a_run_stops_also_while_it_prepares_and_can_be_taken_up_again(tmp_path):
    run_dir = make_run(tmp_path, pieces_to_prepare=4, stop_at_piece=2)
    with RunWriter(run_dir) as run:
        assert carry_out(run) is ExitCode.STOPPED
    record = read_run(run_dir)
    assert (record.state, record.step, record.prepared) == (RunState.STOPPED, 0, None)
    states = [row["new"] for row in read_events(run_dir).rows if row["event"] == "state"]
    assert states == ["starting", "stopping", "stopped"]
    with RunWriter(run_dir) as run:
        assert run.record.state is RunState.STARTING


def test_following_shows_what_comes_before_the_first_step_and_then_the_steps(tmp_path, monkeypatch, capsys):
    run_dir = make_run(tmp_path, pieces_to_prepare=4)
    with RunWriter(run_dir) as run:
        carry_out(run)
    monkeypatch.setenv(PROGRESS_VARIABLE, "lines")
    record = follow(run_dir, quiet=False, total_seconds=None).record
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(line["progress"], line["done"], line["total"]) for line in told] == [
        ("Preparing", 1000, 1000),
        (record.id, 1000, 1000),
    ]


def test_the_exit_code_tells_how_it_ended(tmp_path):
    assert work_here(make_run(tmp_path)).returncode == ExitCode.FINISHED
    broken = work_here(make_run(tmp_path, at=2, how="bug"))
    assert (broken.returncode, "Traceback" in broken.stderr) == (ExitCode.BUG, False)
    refused = work_here(tmp_path)
    assert (refused.returncode, "not a run" in refused.stderr) == (ExitCode.REFUSED, True)


def test_every_failure_the_worker_can_name_has_its_own_code():
    told_by_others = {CauseKind.LAUNCH_FAILED, CauseKind.KILLED, CauseKind.CRASHED, CauseKind.VANISHED}
    for kind in set(CauseKind) - told_by_others:
        assert ExitCode[kind.name] >= 20
    assert len(set(ExitCode)) == len(ExitCode.__members__)
