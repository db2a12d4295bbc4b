"""Recordings that cannot be read are left out, always the same ones; what is no training is not counted."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import av
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file
from test_idm_stage import SMALL
from toy_runs import eventually

import main
from training.idm_runs import IdmRunOptions, prepare_idm_run
from training.launcher import request_stop
from training.run_models import resolve_checkpoint
from training.runs import RunRecord, RunState, RunWriter, read_events, read_log, read_metrics, read_run
from training.worker import carry_out
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings


def spoil_frame(video: Path, frame: int) -> None:
    """Overwrite one frame's packet, so that it cannot be decoded."""
    with av.open(str(video)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][frame]
        place, size = packet.pos, packet.size
    content = bytearray(video.read_bytes())
    content[place : place + size] = b"\xff" * size
    video.write_bytes(content)


@pytest.fixture
def copies(noise_recordings: list[Path], tmp_path: Path) -> list[Path]:
    """The recordings once more, to be spoiled."""
    for video in noise_recordings:
        for suffix in (".mp4", ".jsonl", ".json"):
            shutil.copyfile(video.with_suffix(suffix), tmp_path / f"{video.stem}{suffix}")
    return [tmp_path / video.name for video in noise_recordings]


@pytest.fixture
def own_project(copies: list[Path], tmp_path: Path) -> Path:
    """A project that refers to the copies."""
    with Project.create(tmp_path / "project", "noise") as project:
        import_recordings(project, copies, ImportOptions(refer=True, decode=False))
    return tmp_path / "project"


def prepared(project_folder: Path, steps: int, *more: str) -> Path:
    with Project.open(project_folder) as project:
        options = IdmRunOptions(held_out=("noise-2",), steps=steps, overrides=(*SMALL, *more))
        return prepare_idm_run(project, options)[0]


def carried_out(run_dir: Path) -> RunRecord:
    with RunWriter(run_dir) as run:
        carry_out(run)
    return read_run(run_dir)


def weights(run_dir: Path) -> dict[str, torch.Tensor]:
    return load_file(resolve_checkpoint(str(run_dir)) / "model.safetensors")


@pytest.mark.parametrize("cache", ["2.0", "0"])
def test_a_recording_with_damaged_frames_is_left_out_with_one_line_and_training_goes_on(
    own_project, copies, cache
):
    spoil_frame(copies[0], 120)
    run_dir = prepared(own_project, 2, f"data.frame_cache_gigabytes={cache}")
    record = carried_out(run_dir)
    assert record.state is RunState.FINISHED, record.cause
    (left_out,) = record.left_out
    assert (left_out.recording, left_out.file) == ("noise-0", str(copies[0]))
    assert left_out.what == "frame 120 cannot be decoded"
    assert "vpt-studio recordings repair noise-0" in left_out.mend
    assert read_log(run_dir).text.count("noise-0 is left out") == 1
    (event,) = [row for row in read_events(run_dir).rows if row["event"] == "left_out"]
    assert event["file"] == str(copies[0])
    shown = CliRunner().invoke(main.cli, ["runs", "show", str(run_dir)])
    assert "noise-0 is left out: frame 120 cannot be decoded" in shown.stdout


def test_what_was_left_out_stays_out_after_a_resume_and_changes_no_bit(own_project, copies):
    whole = copies[0].read_bytes()
    spoil_frame(copies[0], 120)
    undisturbed, disturbed = (
        prepared(own_project, 40, "training.checkpoint_every_seconds=0.001") for _ in range(2)
    )
    assert carried_out(undisturbed).state is RunState.FINISHED
    assert stopped_after_a_resume_point(disturbed).state is RunState.STOPPED
    copies[0].write_bytes(whole)
    record = carried_out(disturbed)
    assert record.state is RunState.FINISHED, record.cause
    assert [part.recording for part in record.left_out] == ["noise-0"]
    expected, found = weights(undisturbed), weights(disturbed)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def stopped_after_a_resume_point(run_dir: Path) -> RunRecord:
    def stop() -> None:
        eventually(lambda: list((run_dir / "checkpoints").glob("step-*.pt")))
        request_stop(run_dir)

    with RunWriter(run_dir) as run:
        person = threading.Thread(target=stop)
        person.start()
        carry_out(run)
        person.join()
    return read_run(run_dir)


def test_what_has_been_used_must_be_there_after_a_resume(own_project, copies):
    run_dir = prepared(own_project, 10_000, "training.checkpoint_every_seconds=0.001")
    assert stopped_after_a_resume_point(run_dir).state is RunState.STOPPED
    copies[1].unlink()
    record = carried_out(run_dir)
    assert record.state is RunState.FAILED
    assert "noise-1" in record.cause.sentence
    assert "Put back the file" in record.cause.remedy


def test_a_missing_file_and_damage_in_what_is_held_out_end_no_run(own_project, copies):
    run_dir = prepared(own_project, 2)
    spoil_frame(copies[2], 60)
    copies[1].unlink()
    record = carried_out(run_dir)
    assert record.state is RunState.FINISHED, record.cause
    assert {part.recording for part in record.left_out} == {"noise-1", "noise-2"}
    assert not any("held_out/" in name for row in read_metrics(run_dir).rows for name in row)


def test_a_run_fails_with_the_mend_only_where_nothing_is_left_to_learn_from(own_project, copies):
    run_dir = prepared(own_project, 2)
    for video in copies[:2]:
        spoil_frame(video, 60)
    record = carried_out(run_dir)
    assert record.state is RunState.FAILED
    assert "none of the recordings to learn from can be used" in record.cause.sentence
    assert "vpt-studio recordings repair" in record.cause.remedy


def test_evaluating_and_saving_are_no_training_and_the_record_says_what_is_done(tmp_path, project_folder):
    run_dir = prepared(project_folder, 2)
    with RunWriter(run_dir) as run:
        run.begin(total_seconds=100.0)
        run.keep_going(1)
        with run.doing("evaluating"):
            before = run.training_seconds
            assert read_run(run_dir).doing == "evaluating"
            assert read_run(run_dir).training_seconds == run.training_seconds == before
        assert read_run(run_dir).doing is None
        counted = read_run(run_dir).training_seconds
        assert counted == before
        with pytest.raises(OSError, match="disk"), run.doing("saving"):
            raise OSError("disk")
        assert run.record.doing is None
        run.stop_soon("a test")
        assert not run.keep_going(2)
        stopping = run.training_seconds
        with run.doing("saving"):
            assert read_run(run_dir).doing == "saving"
        assert run.finish() is RunState.STOPPED
    assert read_run(run_dir).training_seconds == stopping


@pytest.mark.parametrize("at_step", [0, 3])
def test_a_stopped_run_saves_and_ends_without_evaluating(project_folder, at_step):
    run_dir = prepared(project_folder, 10_000, "training.evaluate_every_steps=3")
    with RunWriter(run_dir) as run:
        states = watched(run, at_step)
        carry_out(run)
    record = read_run(run_dir)
    assert (record.state, record.step) == (RunState.STOPPED, at_step)
    assert states[-1] == "saving"
    assert resolve_checkpoint(str(run_dir)).is_dir()
    assert not any("held_out/" in name for row in read_metrics(run_dir).rows for name in row)


def watched(run: RunWriter, stop_at: int) -> list[str]:
    """What `run` says it is doing, as it comes; it is stopped when it is, or would be, evaluating."""
    said: list[str] = []
    begin, doing = run.begin, run.doing

    def begun(**arguments):
        begin(**arguments)
        if stop_at == 0:
            run.stop_soon("a test")

    def told(what: str):
        said.append(what)
        if what == "evaluating":
            run.stop_soon("a test")
        return doing(what)

    run.begin, run.doing = begun, told  # type: ignore[method-assign]
    return said


def test_a_stop_during_the_last_evaluation_does_not_wait_and_a_resume_makes_up_for_it(project_folder):
    run_dir = prepared(project_folder, 3)
    with RunWriter(run_dir) as run:
        watched(run, 3)
        carry_out(run)
    assert read_run(run_dir).state is RunState.STOPPED
    record = carried_out(run_dir)
    assert (record.state, record.step) == (RunState.FINISHED, 3)
    card = (resolve_checkpoint(str(run_dir)) / "config.json").read_text()
    assert "held_out_scores" in card


def test_the_first_steps_warming_up_does_not_spoil_the_estimate(project_folder, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("training.runs.writer.time.monotonic", lambda: clock[0])
    with RunWriter(prepared(project_folder, 2)) as run:
        run.begin(total_steps=30)
        clock[0] = 50.0
        run.keep_going(1)
        clock[0] = 52.0
        run.keep_going(2)
        assert run.record.eta_seconds == pytest.approx(28 * 2)
