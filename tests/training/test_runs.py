"""A run folder written by a worker and read by everybody else."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import re
import subprocess
import sys
from datetime import timedelta

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_runs import ROOT, make_run

from training.runs import (
    CauseKind,
    RunPlaces,
    RunState,
    RunWriter,
    list_runs,
    load_record,
    present_metrics,
    read_events,
    read_log,
    read_metrics,
    read_run,
    settle_run,
)
from training.runs.reader import HEARTBEAT_STALE_SECONDS
from training.runs.record import save_record
from training.runs.storage import LineFile, read_lines
from vpt_studio.errors import StudioError


@pytest.fixture
def run_dir(tmp_path):
    return make_run(tmp_path)


def test_how_far_preparing_is_can_be_read_until_the_run_begins(run_dir):
    with RunWriter(run_dir) as run:
        assert run.record.prepared is None
        run.preparing(30, 120)
        assert run.record.prepared == 0.25
        assert not run.stop_wanted
        run.begin(total_steps=10)
        assert load_record(run_dir).prepared is None
        with pytest.raises(StudioError, match="running prepares nothing"):
            run.preparing(60, 120)


def forge_living(run_dir, *, pid=None, started=None, host=None, log="", beat=None):
    """A record that says a worker is alive, as the worker's death would leave it behind."""
    with RunWriter(run_dir) as run:
        run.begin(total_steps=10)
        run.keep_going(4)
        record = run.record
    worker = dataclasses.replace(
        record.worker,
        pid=record.worker.pid if pid is None else pid,
        started=record.worker.started if started is None else started,
        host=host or record.worker.host,
    )
    old = record.updated - timedelta(seconds=2 * HEARTBEAT_STALE_SECONDS)
    save_record(run_dir, dataclasses.replace(record, worker=worker, updated=old, step=4))
    places = RunPlaces(run_dir)
    if beat is not None:
        places.heartbeat.write_text(json.dumps(beat))
    os.utime(places.heartbeat, (old.timestamp(), old.timestamp()))
    with places.log.open("a") as stream:
        stream.write(log)


def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_readers_need_no_torch():
    code = "import training.runs, training.launcher, training.configs, sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_new_run_is_complete_and_has_a_readable_name(run_dir):
    record = read_run(run_dir)
    assert re.fullmatch(r"toy-runs-count-\d{8}-\d{6}-[2-9a-z]{2}", run_dir.name)
    assert (record.id, record.name, record.state, record.seed) == (run_dir.name, "a toy", RunState.QUEUED, 5)
    assert {path.name for path in run_dir.iterdir()} == {
        "config.yaml",
        "state.json",
        "checkpoints",
        "artifacts",
        "requests",
    }


def test_runs_made_in_one_second_have_different_names(tmp_path):
    assert len({make_run(tmp_path).name for _ in range(20)}) == 20


def test_what_a_worker_writes_is_what_a_reader_reads(run_dir):
    with RunWriter(run_dir) as run:
        run.begin(total_steps=2)
        assert run.keep_going(0)
        run.metric(1, loss=0.5, **{"accuracy/camera": 0.25})
        run.metric(2, loss=math.inf)
        assert run.record_best(2, "accuracy", 0.25, higher_is_better=True)
        assert not run.record_best(2, "accuracy", 0.2, higher_is_better=True)
        assert not run.record_best(2, "accuracy", math.nan, higher_is_better=True)
        run.event("checkpoint", file="checkpoints/2")
        assert not run.keep_going(2)
        assert run.finish() is RunState.FINISHED
    record = read_run(run_dir)
    assert (record.state, record.step, record.best.value) == (RunState.FINISHED, 2, 0.25)
    assert record.versions["python"] == ".".join(map(str, sys.version_info[:3]))
    first, second = read_metrics(run_dir).rows
    assert (first["step"], first["loss"], first["accuracy/camera"], first["attempt"]) == (1, 0.5, 0.25, 1)
    assert math.isnan(second["loss"])
    events = [row for row in read_events(run_dir).rows if row["event"] == "state"]
    assert [row["new"] for row in events] == ["starting", "running", "finished"]
    assert "took up the run" in read_log(run_dir).text
    assert any(path.name.startswith("events.out") for path in RunPlaces(run_dir).tensorboard.iterdir())


def test_a_metric_cannot_take_a_name_of_the_row_itself(run_dir):
    with RunWriter(run_dir) as run, pytest.raises(ValueError, match="named time"):
        run.metric(1, time=2.0)


def test_a_run_needs_an_end(run_dir):
    with RunWriter(run_dir) as run, pytest.raises(ValueError, match="total_steps or total_seconds"):
        run.begin()


def test_a_run_without_steps_ends_when_its_time_is_spent(run_dir):
    with RunWriter(run_dir) as run:
        run.begin(step=7, total_seconds=60.0, training_seconds=59.0)
        assert run.keep_going(8)
        assert 0 <= run.record.eta_seconds <= 1
    with RunWriter(make_run(run_dir.parent)) as run:
        run.begin(step=7, total_seconds=60.0, training_seconds=60.0)
        assert not run.keep_going(7)
        assert run.finish() is RunState.FINISHED


def test_the_estimate_follows_the_pace(run_dir):
    with RunWriter(run_dir) as run:
        run.begin(total_steps=100)
        run.keep_going(50)
        assert run.record.eta_seconds == pytest.approx(run.record.training_seconds)


def test_a_writer_that_is_refused_says_who_writes(run_dir):
    with RunWriter(run_dir), pytest.raises(StudioError, match="already being written by this process"):
        RunWriter(run_dir)
    with RunWriter(run_dir) as again:
        assert again.record.attempt == 2


def test_a_folder_that_is_no_run_is_left_as_it_was(tmp_path):
    with pytest.raises(StudioError, match="not a run"):
        RunWriter(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_finished_run_cannot_be_taken_up_again(run_dir):
    with RunWriter(run_dir) as run:
        run.begin(total_steps=1)
        run.finish()
    with pytest.raises(StudioError, match="finished cannot become starting"):
        RunWriter(run_dir)


def test_a_dead_process_is_lost_with_its_last_sign_of_life(run_dir):
    forge_living(run_dir, pid=dead_pid())
    record = read_run(run_dir)
    assert record.state is RunState.LOST
    assert record.cause.kind is CauseKind.KILLED
    assert "last sign of life" in record.cause.sentence
    assert "step 4" in record.cause.sentence
    assert "checkpoint" in record.cause.remedy
    assert load_record(run_dir).state is RunState.RUNNING, "readers compute, they never write"


def test_a_reused_process_id_does_not_pass_for_the_worker(run_dir):
    forge_living(run_dir, pid=os.getpid(), started=psutil.Process().create_time() - 1000)
    assert read_run(run_dir).state is RunState.LOST


def test_the_living_process_is_known_by_its_start_time(run_dir):
    forge_living(run_dir)
    assert read_run(run_dir).state is RunState.RUNNING


def test_a_run_elsewhere_lives_by_its_heartbeat(run_dir):
    forge_living(run_dir, host="some-other-machine")
    record = read_run(run_dir)
    assert (record.state, record.cause.kind) == (RunState.LOST, CauseKind.VANISHED)
    assert "some-other-machine" in record.cause.sentence
    RunPlaces(run_dir).heartbeat.touch()
    assert read_run(run_dir).state is RunState.RUNNING


def test_a_crash_is_told_from_the_log_of_this_attempt(run_dir):
    forge_living(run_dir, pid=dead_pid(), log="Fatal Python error: Segmentation fault\n\nThread 0x1:\n")
    record = read_run(run_dir)
    assert record.cause.kind is CauseKind.CRASHED
    assert "Segmentation fault" in record.cause.sentence
    with RunWriter(run_dir):
        pass
    raw = load_record(run_dir)
    save_record(run_dir, dataclasses.replace(raw, worker=dataclasses.replace(raw.worker, pid=dead_pid())))
    assert read_run(run_dir).cause.kind is CauseKind.KILLED


def test_a_death_in_scarce_memory_is_told_as_such(run_dir):
    forge_living(run_dir, pid=dead_pid(), beat={"memory_free": 50 << 20, "memory_total": 16 << 30})
    assert read_run(run_dir).cause.kind is CauseKind.OUT_OF_MEMORY


def test_taking_up_a_lost_run_keeps_the_loss_in_its_history(run_dir):
    forge_living(run_dir, pid=dead_pid())
    with RunWriter(run_dir) as run:
        assert run.record.attempt == 2
    assert [row["attempt_lost"] for row in read_events(run_dir).rows if row["event"] == "lost"] == [1]


def test_a_line_still_being_written_is_left_for_later(run_dir):
    metrics = RunPlaces(run_dir).metrics
    metrics.write_bytes(b'{"step":1,"attempt":1}\n{"step":2,"att')
    read = read_metrics(run_dir)
    assert [row["step"] for row in read.rows] == [1]
    with metrics.open("ab") as stream:
        stream.write(b'empt":1}\n')
    read = read_metrics(run_dir, read.offset)
    assert [row["step"] for row in read.rows] == [2]
    assert (read.damaged, read.restarted) == (0, False)


def test_a_half_line_left_by_a_kill_does_not_spoil_the_next_attempt(run_dir):
    RunPlaces(run_dir).metrics.write_bytes(b'{"step":1,"attempt":1}\n{"step":2,"att')
    before = read_metrics(run_dir)
    with RunWriter(run_dir) as run:
        run.begin(total_steps=5)
        run.metric(2, loss=1.0)
    after = read_metrics(run_dir, before.offset)
    assert [row["step"] for row in after.rows] == [2]
    assert after.damaged == 0


def test_a_damaged_line_is_counted_and_left_out(run_dir):
    RunPlaces(run_dir).metrics.write_bytes(b'{"step":1}\nnonsense\n[3]\n{"step":4}\n')
    read = read_metrics(run_dir)
    assert [row["step"] for row in read.rows] == [1, 4]
    assert read.damaged == 2


def test_a_file_that_became_shorter_is_read_anew(run_dir):
    RunPlaces(run_dir).metrics.write_bytes(b'{"step":1}\n')
    read = read_metrics(run_dir, 5000)
    assert (len(read.rows), read.restarted) == (1, True)


def test_a_run_that_has_written_nothing_has_no_rows(run_dir):
    assert read_metrics(run_dir).rows == read_events(run_dir).rows == []
    assert read_log(run_dir).text == ""


@given(
    rows=st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=8), max_size=3), max_size=8),
    cuts=st.lists(st.integers(0, 400), max_size=6),
)
def test_following_a_growing_file_gives_every_line_once(tmp_path_factory, rows, cuts):
    path = tmp_path_factory.mktemp("lines") / "rows.jsonl"
    writer = LineFile(path)
    for row in rows:
        writer.append(row)
    writer.close()
    whole = path.read_bytes()
    offset, lines = 0, []
    for cut in [*sorted(cuts), len(whole)]:
        path.write_bytes(whole[:cut])
        read = read_lines(path, offset)
        assert not read.restarted
        lines += read.lines
        offset = read.offset
    assert [json.loads(line) for line in lines] == rows


def test_steps_measured_again_after_a_resume_replace_the_old_ones():
    rows = [{"step": step, "attempt": 1} for step in (1, 2, 3, 4)] + [
        {"step": s, "attempt": 2} for s in (3, 4, 5)
    ]
    assert [(row["step"], row["attempt"]) for row in present_metrics(rows)] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 2),
    ]


def test_the_list_says_which_runs_cannot_be_read(tmp_path):
    good = make_run(tmp_path)
    folder = good.parent
    (folder / "not-a-run").mkdir()
    bad = make_run(tmp_path)
    (bad / "state.json").write_text('{"id": "x"')
    later = make_run(tmp_path)
    record = json.loads((later / "state.json").read_text())
    (later / "state.json").write_text(json.dumps({**record, "format": 99}))
    rows = {row.id: row for row in list_runs(folder)}
    assert next(iter(rows)) == good.name
    assert rows[good.name].problem is None
    assert rows[good.name].state is RunState.QUEUED
    assert "not a run" in rows["not-a-run"].problem
    assert "damaged" in rows[bad.name].problem
    assert "later version" in rows[later.name].problem


def test_the_list_of_no_folder_is_empty(tmp_path):
    assert list_runs(tmp_path / "none") == []


def test_an_end_is_not_written_over_a_living_worker(run_dir):
    with RunWriter(run_dir), pytest.raises(StudioError, match="already being written"):
        settle_run(run_dir, RunState.STOPPED)


def test_a_state_the_disk_refused_was_never_reached(run_dir, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with RunWriter(run_dir) as run:
        run.begin(total_steps=1)
        monkeypatch.setattr("training.runs.writer.save_record", full)
        with pytest.raises(OSError, match="No space"):
            run.finish()
        assert run.record.state is RunState.RUNNING


def test_replacing_leaves_no_draft_behind(run_dir):
    for name in (".state.0123abcd.json", ".heartbeat.0123abcd"):
        (run_dir / name).write_text("half")
    with RunWriter(run_dir) as run:
        run.begin(total_steps=1)
        run.finish()
    assert not list(run_dir.glob(".*"))
