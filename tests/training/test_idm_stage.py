"""The IDM stage as a person meets it: a run in a process of its own, stopped, killed, resumed, used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from safetensors.torch import load_file
from toy_runs import eventually

import main
from training.clips import ClipSampler, open_footage
from training.idm_runs import IdmRunOptions, prepare_idm_run, split
from training.launcher import kill, resume, start, wait
from training.run_models import resolve_checkpoint
from training.runs import RunState, RunWriter, read_metrics, read_run
from training.worker import ExitCode, carry_out
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.recordings.frame_cache import FrameCache
from vpt_studio.recordings.recording import Recording

ROOT = Path(__file__).parents[2]
SMALL = (
    "model.overrides={impala_channels: [4, 8, 8], impala_width: 1.0, hidden_size: 32, attention_heads: 2, "
    "temporal_channels: 8, input_pooling: 4}",
    "data.clip_ticks=16",
    "training.batch_clips=2",
    "training.threads=1",
    "optimiser.warmup_steps=5",
    "model.heads_from_shares=false",
    "augmentation.panned_clips=0",
    "augmentation.panned_stills=0",
)


def prepare(project_folder: Path, steps: int, *more: str) -> Path:
    with Project.open(project_folder) as project:
        options = IdmRunOptions(held_out=("noise-2",), steps=steps, overrides=(*SMALL, *more))
        return prepare_idm_run(project, options)[0]


def weights(run_dir: Path) -> dict[str, torch.Tensor]:
    return load_file(resolve_checkpoint(str(run_dir)) / "model.safetensors")


def test_a_killed_and_resumed_run_ends_with_the_same_weights_as_an_undisturbed_one(project_folder):
    undisturbed = prepare(project_folder, 60)
    disturbed = prepare(project_folder, 60, "training.checkpoint_every_seconds=0.001")
    start(undisturbed)
    start(disturbed)
    eventually(lambda: list((disturbed / "checkpoints").glob("step-0000000[1-9]*.pt")))
    kill(disturbed)
    assert read_run(disturbed).state is RunState.LOST
    resume(disturbed)
    assert wait(disturbed, timeout=120).state is RunState.FINISHED
    assert read_run(disturbed).attempt == 2
    assert wait(undisturbed, timeout=120).state is RunState.FINISHED
    assert read_run(undisturbed).attempt == 1

    expected, found = weights(undisturbed), weights(disturbed)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_run_learns_measures_itself_on_what_it_has_not_seen_and_leaves_a_model(project_folder):
    run_dir = prepare(
        project_folder, 150, "optimiser.learning_rate=0.003", "training.evaluate_every_steps=75"
    )
    start(run_dir)
    assert wait(run_dir, timeout=180).state is RunState.FINISHED
    rows = read_metrics(run_dir).rows
    losses = [(row["step"], row["losses/nll"]) for row in rows if "losses/nll" in row]
    # However quick the machine: the first step, and the mean of those that end with the last.
    assert (losses[0][0], losses[-1][0]) == (1, 150)
    assert losses[-1][1] < losses[0][1] / 2
    measured = [row for row in rows if "held_out/yaw_r2" in row]
    assert [row["step"] for row in measured] == [75, 150]
    for name in ("joint_exact_match", "macro_f1", "pitch_r2", "yaw_r2", "keys_and_camera"):
        assert all(f"held_out_null/{name}" in row for row in measured)
    best = read_run(run_dir).best
    assert best is not None
    assert best.name == "held_out/keys_and_camera"
    assert best.value == max(row["held_out/keys_and_camera"] for row in measured) > 0
    card = json.loads((resolve_checkpoint(str(run_dir)) / "config.json").read_text())
    assert [taught["name"] for taught in card["lineage"]["recordings"]] == ["noise-0", "noise-1"]
    assert card["lineage"]["held_out"] == ["noise-2"]

    evaluated = vpt_studio_here(
        project_folder, "idm", "evaluate", "--checkpoint", run_dir.name, "noise-2", "--json"
    )
    assert evaluated.exit_code == 0, evaluated.stderr
    answer = json.loads(evaluated.stdout)
    assert list(answer)[:4] == ["joint_exact_match", "macro_f1", "pitch_r2", "yaw_r2"]
    assert answer["ticks"] == 200
    assert answer["learned_from"] == []
    assert "has learned from" not in evaluated.stderr
    remembered = vpt_studio_here(
        project_folder, "idm", "evaluate", "--checkpoint", run_dir.name, "noise-2", "noise-1", "--json"
    )
    assert json.loads(remembered.stdout)["learned_from"] == ["noise-1"]
    assert "The model has learned from noise-1:" in remembered.stderr

    labels = project_folder / "labels"
    predicted = vpt_studio(
        project_folder,
        "idm",
        "predict",
        "--checkpoint",
        str(run_dir),
        "noise-2",
        "--out",
        str(labels),
        "--json",
    )
    assert json.loads(predicted.stdout)["written"][0]["ticks"] == 200
    with Recording.open(labels / "noise-2.json") as labelled:
        assert {source.value for source in labelled.sources} == {"idm"}
        assert labelled.ticks is not None
        assert ((labelled.ticks.confidence > 0) & (labelled.ticks.confidence <= 1)).all()
        assert len(labelled.converted()) == 200
    again = vpt_studio_here(
        project_folder, "idm", "predict", "--checkpoint", run_dir.name, "noise-2", "--out", str(labels)
    )
    assert again.exit_code == 1
    assert "already there" in again.stderr


def test_a_run_that_is_asked_to_stop_while_frames_are_prepared_stops_there(project_folder):
    run_dir = prepare(project_folder, 5)
    with RunWriter(run_dir) as run:
        run.stop_soon("a test")
        assert carry_out(run) is ExitCode.STOPPED
    assert read_run(run_dir).state is RunState.STOPPED
    assert not list((project_folder / "cache").rglob("*.npy"))
    assert not list((run_dir / "checkpoints").iterdir())


def test_two_commands_train_in_the_background_and_stop(project_folder):
    started = vpt_studio(
        project_folder, "idm", "train", "--minutes", "30", "--detach", "--json",
        *(word for setting in SMALL for word in ("--set", setting)),
    )  # fmt: skip
    run_id = json.loads(started.stdout)["run"]
    eventually(lambda: read_run(project_folder / "runs" / run_id).step > 3)
    stopped = vpt_studio(project_folder, "runs", "stop", run_id, "--json")
    assert json.loads(stopped.stdout)["state"] == "stopped"
    listed = json.loads(vpt_studio(project_folder, "runs", "list", "--json").stdout)["runs"]
    assert [(row["id"], row["state"]) for row in listed] == [(run_id, "stopped")]
    assert resolve_checkpoint(run_id, project_folder).is_dir()


def test_a_run_without_recordings_to_learn_from_is_refused(tmp_path):
    with (
        Project.create(tmp_path / "empty", "empty") as project,
        pytest.raises(StudioError, match="no recordings with actions"),
    ):
        prepare_idm_run(project, IdmRunOptions(steps=1))


def test_recordings_are_split_whole_and_by_the_seed():
    names = [f"take-{number}" for number in range(8)]
    teaching, held_out = split(names, 0.25, seed=3)
    assert len(held_out) == 2
    assert sorted(teaching + held_out) == names
    assert split(names, 0.25, seed=3) == (teaching, held_out)
    assert split(["only"], 0.5, seed=0) == (["only"], [])
    assert split(names, 0.0, seed=0) == (names, [])


def test_a_batch_depends_only_on_its_number_and_the_cache_changes_no_pixel(noise_recordings, tmp_path):
    recordings = [Recording.open(path) for path in noise_recordings]
    from_video = ClipSampler(open_footage(recordings, EXACT, None), 16, 3, seed=5)
    cached = open_footage(recordings, EXACT, FrameCache(tmp_path / "cache", 1 << 30))
    from_cache = ClipSampler(cached, 16, 3, seed=5)
    first, later = from_video.batch(7), from_cache.batch(7)
    assert (first.frames == later.frames).all()
    assert (first.buttons == later.buttons).all()
    assert (first.camera == later.camera).all()
    assert (from_video.batch(8).frames != first.frames).any()


def vpt_studio(project_folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a person gives it; it succeeds."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments, "--project", str(project_folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def vpt_studio_here(project_folder: Path, *arguments: str) -> Result:
    """A command in this process, which has torch loaded already."""
    return CliRunner().invoke(main.cli, [*arguments, "--project", str(project_folder)])
