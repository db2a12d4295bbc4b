"""Training's commands as a person types them: wrong words, names, what is left out, exit statuses."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_left_out import spoil_frame
from test_pseudo_labels import SMALL
from toy_runs import ROOT, make_run, worker_environment

import main
from training.commands.following import follow
from training.idm_runs import IdmRunOptions, prepare_idm_run
from training.launcher import kill
from training.runs import RunState, RunWriter, create_run, read_run
from training.runs.record import save_record
from training.worker import carry_out
from vpt_studio.commands.console import PROGRESS_VARIABLE
from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import Checkpoint, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.recordings.recording import Recording

posix_only = pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(main.cli, [str(word) for word in words])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    save_inverse_dynamics(Checkpoint(InverseDynamicsModel(SMALL)), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def take(noise_recordings: list[Path], tmp_path: Path) -> Path:
    """A video without actions, 200 frames long, a key frame in each second."""
    return Path(shutil.copyfile(noise_recordings[0], tmp_path / "take.mp4"))


@pytest.fixture
def with_unlabelled(project_folder: Path, take: Path) -> Path:
    """The project of three recordings with actions, and one more without."""
    take.write_bytes(take.read_bytes() + b"\x00\x00\x00\x08free")  # or it would be known by its content
    with Project.open(project_folder) as project:
        assert import_recordings(project, [take], ImportOptions(refer=True, decode=False)).imported
    return project_folder


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--recipe", "huge", "laptop"),
        ("--preset", "giant", "nano"),
        ("--set", "nonsense", "nonsense"),
        ("--set", "optimiser.learning_rat=1", "learning_rate"),
        ("--set", "optimiser.learning_rate=fast", "at most 1"),
    ],
)
def test_wrong_words_are_wrong_words(project_folder, option, value, told):
    answer = call("idm", "train", option, value, "--project", project_folder)
    assert answer.exit_code == 2, answer.stderr
    assert told in answer.stderr
    assert not (project_folder / "runs").exists() or not list((project_folder / "runs").iterdir())


def chosen(folder: Path, **options) -> tuple[set[str], set[str], list[str]]:
    told: list[str] = []
    with Project.open(folder) as project:
        _, config = prepare_idm_run(project, IdmRunOptions(steps=1, **options), told.append)
    return set(config.data.recordings), set(config.data.held_out), told


def test_what_has_no_actions_is_never_chosen_and_told(with_unlabelled):
    taught, held_out, told = chosen(with_unlabelled, recordings=("noise-0", "take"))
    assert (taught, held_out) == ({"noise-0"}, set())
    assert told == ["take is left out: it has no actions. Label it first: vpt-studio idm predict."]
    with pytest.raises(StudioError, match="no actions to compare"):
        chosen(with_unlabelled, held_out=("take",))
    with pytest.raises(StudioError, match="no recordings with actions"):
        chosen(with_unlabelled, recordings=("take",))


def test_holding_out_all_that_is_named_is_told_as_what_it_is(project_folder):
    with pytest.raises(StudioError, match="nothing is left to learn from: noise-1 is held out"):
        chosen(project_folder, recordings=("noise-1",), held_out=("noise-1",))


def test_recordings_an_idm_labelled_are_left_out_and_told(project_folder, model, take):
    labels = take.parent / "labels"
    assert call("idm", "predict", "--checkpoint", model, take, "--out", labels).exit_code == 0
    with Project.open(project_folder) as project:
        import_recordings(project, [labels], ImportOptions(refer=True, decode=False))
    taught, held_out, told = chosen(project_folder)
    assert taught | held_out == {"noise-0", "noise-1", "noise-2"}
    assert told[0].startswith("1 whose actions an IDM predicted are left out")


def test_a_missing_recording_that_nobody_named_is_left_out(project_folder, noise_recordings, tmp_path):
    away = noise_recordings[0].rename(tmp_path / "away.mp4")
    try:
        taught, held_out, told = chosen(project_folder)
    finally:
        away.rename(noise_recordings[0])
    assert taught | held_out == {"noise-1", "noise-2"}
    assert told[0].startswith("noise-0 is left out")


def test_a_name_stands_for_a_run_where_only_one_has_it(project_folder):
    runs = project_folder / "runs"
    first, second = (create_run(runs, "idm", "{}", name="first") for _ in range(2))
    other = create_run(runs, "idm", "{}", name="other")
    shown = call("runs", "show", "other", "--project", project_folder)
    assert f"{other.name} (other)" in shown.stdout
    listed = call("runs", "list", "--project", project_folder).stdout
    assert {"first", "other"} <= set(listed.split())
    both = call("runs", "show", "first", "--project", project_folder)
    assert both.exit_code == 1
    assert first.name in both.stderr
    assert second.name in both.stderr
    for name in ("other", other.name):
        evaluated = call("idm", "evaluate", "--checkpoint", name, "noise-0", "--project", project_folder)
        assert "this run has no model yet" in evaluated.stderr


def test_the_log_answers_as_json_too(tmp_path):
    run_dir = make_run(tmp_path)
    (run_dir / "log.txt").write_text("one\ntwo\n")
    answer = json.loads(call("runs", "log", run_dir, "--json").stdout)
    assert answer == {"run": run_dir.name, "lines": ["one", "two"]}


def test_help_imports_nothing_that_takes_long():
    code = (
        "import sys, training.commands.idm, training.commands.runs;"
        "assert not {'numpy', 'pydantic', 'psutil', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("vpt-studio runs show ", "called-so"),
        ("vpt-studio idm evaluate --checkpoint ", "called-so"),
        ("vpt-studio idm train --recipe ", "paper"),
        ("vpt-studio idm train --preset ", "4x_idm"),
        ("vpt-studio runs list --state ", "stopped"),
    ],
)
def test_the_shell_completes_runs_recipes_and_presets(project_folder, monkeypatch, words, expected):
    create_run(project_folder / "runs", "idm", "{}", name="called-so")
    monkeypatch.chdir(project_folder)
    environment = {
        "_VPT_STUDIO_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))
    }  # fmt: skip
    answer = CliRunner().invoke(main.cli, [], prog_name="vpt-studio", env=environment)
    assert f"plain,{expected}" in answer.stdout.splitlines()


def test_evaluating_leaves_out_what_cannot_be_compared(with_unlabelled, model, noise_recordings, tmp_path):
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copyfile(noise_recordings[1].with_suffix(suffix), tmp_path / f"spoiled{suffix}")
    spoil_frame(tmp_path / "spoiled.mp4", 60)
    words = ["idm", "evaluate", "--checkpoint", model, "--project", with_unlabelled, "--json"]
    answer = call(*words, "take", "noise-1", tmp_path / "spoiled.mp4")
    assert answer.exit_code == 3, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["ticks"], len(told["left_out"])) == (200, 2)
    assert answer.stderr.count("Left out: ") == 2
    assert call(*words, "take").exit_code == 1
    assert call(*words, tmp_path / "spoiled.mp4").exit_code == 1


def test_the_folder_for_labels_is_tried_before_anything_else(tmp_path, take):
    (tmp_path / "file").write_text("in the way")
    answer = call("idm", "predict", "--checkpoint", "none", take, "--out", tmp_path / "file" / "labels")
    assert answer.exit_code == 1
    assert "the folder cannot be made" in answer.stderr
    assert "Choose another" in answer.stderr


def test_a_full_disk_is_told_with_the_file(model, take, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.pseudo_labels.write_sidecar", full)
    answer = call("idm", "predict", "--checkpoint", model, take, "--out", take.parent / "labels")
    assert answer.exit_code == 1
    assert f"{take.parent / 'labels' / 'take.json'}: the labels cannot be written (no space" in answer.stderr
    assert "Free some space" in answer.stderr


def test_a_frame_that_cannot_be_decoded_costs_only_what_builds_on_it(model, take):
    with Recording.open(take) as whole:
        keyframes = whole.video.keyframes
    middle = int(keyframes[len(keyframes) // 2]) if len(keyframes) > 2 else 120
    spoil_frame(take, middle + 1)
    answer = call("idm", "predict", "--checkpoint", model, take, "--out", take.parent / "labels", "--json")
    assert answer.exit_code == 3, answer.stderr
    (written,) = json.loads(answer.stdout)["written"]
    with Recording.open(take.parent / "labels" / "take.json") as labelled:
        assert len(labelled) == written["ticks"] == 200
        unknown = ~labelled.known
        assert unknown.sum() == written["unknown"] < 200
        assert not unknown[: middle - 16].any()
        assert unknown[middle + 1 : middle + 5].any()
    assert answer.stderr.count("cannot be decoded") == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_counts_steps_and_says_what_is_done(tmp_path, monkeypatch):
    run_dir = make_run(tmp_path)
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("COLUMNS", "200")
    with RunWriter(run_dir) as run:
        run.begin(total_steps=30)
        run.keep_going(1)
        looks = iter([lambda: counted(run, 12), lambda: counted(run, 12, "evaluating"), run.finish])
        monkeypatch.setattr("training.commands.following.time.sleep", lambda _: next(looks)())
        follow(run_dir, quiet=False, total_seconds=None)
    told = screen.getvalue()
    assert "1000" not in told
    assert "12/30 steps, " in told
    assert "s left" in told
    assert "12/30 steps, evaluating" in told
    assert "12/30 steps, finished" in told


def counted(run: RunWriter, step: int, doing: str | None = None) -> None:
    """The record as a run at `step` leaves it, without waiting until it is saved by itself."""
    run.keep_going(step)
    save_record(run.path, dataclasses.replace(run.record, doing=doing))


@posix_only
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_is_told_by_the_exit_status(tmp_path, presses):
    run_dir = make_run(tmp_path, total=10_000_000, seconds_per_step=0.01)
    with RunWriter(run_dir) as run:
        run.stop_soon("a test")
        carry_out(run)
    following = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "runs", "resume", str(run_dir)],
        env={**worker_environment(), PROGRESS_VARIABLE: "lines"},
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert following.stderr is not None
    assert "Preparing" in following.stderr.readline()
    if presses == 2:
        os.kill(read_run(run_dir).worker.pid, signal.SIGSTOP)  # so that it cannot stop in between
    following.send_signal(signal.SIGINT)
    assert any("Stopping" in line for line in iter(following.stderr.readline, ""))
    if presses == 2:
        following.send_signal(signal.SIGINT)
    following.communicate()
    record = read_run(run_dir)
    if record.has_worker:
        kill(run_dir)
    assert following.returncode == 130
    assert record.state is (RunState.STOPPED if presses == 1 else RunState.LOST)


def test_a_sample_leaves_a_project_with_other_recordings_alone(
    tmp_path: Path, noise_recordings: list[Path]
) -> None:
    with Project.create(tmp_path / "own", "Own") as project:
        import_recordings(project, noise_recordings[:1], ImportOptions())
    ended = call("sample", tmp_path / "own")
    assert ended.exit_code == 1
    assert "recordings of its own" in ended.output
