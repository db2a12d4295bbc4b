"""Labelling looks at the video alone, and can be done again after it was killed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import main
from training.pseudo_labels import label_video, open_pictures
from vpt_studio.actions import Actions
from vpt_studio.models.checkpoints import Checkpoint, load_inverse_dynamics, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines

SMALL = IdmNetwork(
    hidden_size=16, attention_heads=2, transformer_blocks=1, impala_width=0.25, temporal_channels=4,
    input_pooling=4, timesteps=16,
)  # fmt: skip


@pytest.fixture
def model(tmp_path: Path) -> Path:
    save_inverse_dynamics(Checkpoint(InverseDynamicsModel(SMALL)), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def video(noise_recordings: list[Path], tmp_path: Path) -> Path:
    """A copy of a recording, 200 frames long, without its actions and sidecar."""
    return Path(shutil.copyfile(noise_recordings[0], tmp_path / "take.mp4"))


def predict(model: Path, video: Path, out: str, *options: str) -> Result:
    asked = ["--checkpoint", str(model), str(video), "--out", str(video.parent / out)]
    return CliRunner().invoke(main.cli, ["idm", "predict", *asked, *options])


def screens_open(ticks: int) -> bytes:
    """Actions with a screen open in every tick, where the reader would draw the pointer."""
    lines = b"".join(tick_lines(raw_from_actions(Actions.null(ticks))))
    assert b'"isGuiOpen":false' in lines
    return lines.replace(b'"isGuiOpen":false', b'"isGuiOpen":true')


@pytest.mark.parametrize("own", ["short, with screens open", "damaged", "no file"])
def test_a_recordings_own_actions_change_nothing(model, video, own):
    assert predict(model, video, "alone").exit_code == 0
    actions = video.with_suffix(".jsonl")
    if own == "no file":
        actions.mkdir()
    else:
        actions.write_bytes(b"\xff{" * 20 if own == "damaged" else screens_open(50))
    answer = predict(model, video, "beside")
    assert answer.exit_code == 0, answer.stderr
    expected, found = (video.parent / out / "take.jsonl" for out in ("alone", "beside"))
    assert found.read_bytes() == expected.read_bytes()
    with Recording.open(found) as labelled:
        assert len(labelled) == 200
        assert labelled.sidecar.cursor_in_video


def test_labels_that_lack_their_sidecar_are_made_again(model, video):
    assert predict(model, video, "labels").exit_code == 0
    lines, sidecar = (video.parent / "labels" / name for name in ("take.jsonl", "take.json"))
    written = lines.read_bytes()
    sidecar.unlink()  # as after a kill between the two
    lines.write_bytes(written.splitlines(keepends=True)[0])
    assert predict(model, video, "labels").exit_code == 0
    assert lines.read_bytes() == written
    assert sidecar.is_file()
    again = predict(model, video, "labels")
    assert again.exit_code != 0
    assert "already there" in again.stderr


@pytest.mark.parametrize("beside", ["take.mp4", "nothing"])
def test_somebody_elses_lines_are_never_overwritten(model, video, beside):
    out = video.parent / "labels"
    out.mkdir()
    lines = out / "take.jsonl"
    if beside == "take.mp4":  # then even labels are a recording of their own
        shutil.copyfile(video, out / "take.mp4")
        assert predict(model, video, "elsewhere").exit_code == 0
        shutil.copyfile(video.parent / "elsewhere" / "take.jsonl", lines)
    else:
        lines.write_bytes(screens_open(10))
    before = lines.read_bytes()
    refused = predict(model, video, "labels")
    assert refused.exit_code != 0
    assert "already there" in refused.stderr
    assert lines.read_bytes() == before
    assert not (out / "take.json").exists()


def test_who_ends_the_work_finds_nothing_written(model, video):
    class EnoughError(Exception):
        pass

    told = []

    def tell(ticks: int) -> None:
        told.append(ticks)
        raise EnoughError

    out = video.parent / "labels"
    with open_pictures(video) as pictures, pytest.raises(EnoughError):
        label_video(load_inverse_dynamics(model), "0" * 64, pictures, out, tell=tell)
    assert 0 < sum(told) < 200
    assert not out.exists()
    assert predict(model, video, "labels").exit_code == 0


def test_a_device_that_is_not_there_is_said(model, video):
    refused = predict(model, video, "labels", "--device", "a-toaster")
    assert refused.exit_code != 0
    assert "'a-toaster'" in refused.stderr
    assert predict(model, video, "labels", "--device", "cpu").exit_code == 0
