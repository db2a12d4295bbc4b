"""``vpt-studio idm audit`` on recordings: what it says, and that a model that learned finds what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from test_pseudo_labels import SMALL

import main
from vpt_studio.actions import Actions
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.models.checkpoints import Checkpoint, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines
from vpt_studio.recordings.video_writer import VideoWriter


def audited(model: Path, *recordings: Path, code: int = 0) -> dict:
    words = ["idm", "audit", "--checkpoint", str(model), *map(str, recordings), "--json"]
    outcome = CliRunner().invoke(main.cli, words)
    assert outcome.exit_code == code, outcome.output
    return json.loads(outcome.stdout)


def test_a_model_that_knows_nothing_says_so_and_what_has_no_log_is_left_out(noise_recordings, tmp_path):
    save_inverse_dynamics(Checkpoint(InverseDynamicsModel(SMALL)), tmp_path / "model")
    film = tmp_path / "film.mp4"
    film.write_bytes(noise_recordings[0].read_bytes())
    told = audited(tmp_path / "model", noise_recordings[1], film, code=3)
    (one,) = told["audited"]
    assert (one["recording"], one["ticks"], one["compared"]) == ("noise-1", 200, 200)
    assert one["skill"] < 0.1
    assert [part["what"] for part in told["left_out"]] == ["it has no actions to compare predictions with"]
    words = ["idm", "audit", "--checkpoint", str(tmp_path / "model"), str(noise_recordings[1])]
    assert "knows little of such play" in CliRunner().invoke(main.cli, words).stdout


def played(ticks: int, seed: int) -> Actions:
    """Walking now and then, and turning left and right."""
    chance, actions = np.random.default_rng(seed), Actions.null(ticks)
    actions.column("forward")[:] = np.repeat(chance.random(ticks // 10 + 1) < 0.5, 10)[:ticks]
    actions.camera[:, 1] = np.repeat(chance.choice((-5.8, 0, 5.8), ticks // 5 + 1), 5)[:ticks]
    return actions


def shown(actions: Actions) -> np.ndarray:
    """uint8 [N, 128, 128, 3]: pictures that say what is done in the very tick, in light and dark."""
    frames = np.full((len(actions), 128, 128, 3), 100, np.uint8)
    frames[actions.column("forward") > 0, :64] = 220
    frames[actions.camera[:, 1] > 0, 64:, :64] = 220
    frames[actions.camera[:, 1] < 0, 64:, 64:] = 220
    return frames


@pytest.fixture
def one_thread():
    """Small steps are quicker in one thread than in several that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def taught() -> InverseDynamicsModel:
    """A tiny model that has learned to read these pictures."""
    torch.manual_seed(0)
    model = InverseDynamicsModel(replace(SMALL, input_pooling=8, hidden_size=32, impala_width=0.5))
    optimiser = torch.optim.Adam(model.parameters(), 4e-3)
    actions, chance = played(640, 0), np.random.default_rng(0)
    frames = torch.from_numpy(shown(actions))
    buttons = torch.from_numpy(actions.policy_buttons.astype(np.int64))[:, :, None]
    camera = torch.from_numpy(DEFAULT_CAMERA.encode(actions.camera).astype(np.int64))[:, :, None]
    for _ in range(120):
        clips = torch.tensor(chance.integers(0, 640 - 16, 8))[:, None] + torch.arange(16)
        seen = model(frames[clips], 32)
        loss = -20 * seen.buttons.gather(-1, buttons[clips]).mean()
        loss -= 2 * seen.camera.gather(-1, camera[clips]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def record(path: Path, pictures: Actions, log: Actions) -> Path:
    with VideoWriter(path, 128, 128) as writer:
        for frame in shown(pictures):
            writer.write(frame)
    path.with_suffix(".jsonl").write_bytes(b"".join(tick_lines(raw_from_actions(log))))
    return path


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_trained_model_finds_a_lost_mouse_a_hanging_key_and_late_lines(tmp_path, one_thread):
    save_inverse_dynamics(Checkpoint(taught()), tmp_path / "model")
    truth = played(600, 1)
    logs = {name: played(600, 1) for name in ("right", "no-mouse", "hangs", "late")}
    logs["no-mouse"].camera[300:400] = 0
    logs["hangs"].column("sneak")[300:400] = 1
    logs["late"].buttons[300:400] = truth.buttons[294:394]
    logs["late"].camera[300:400] = truth.camera[294:394]
    videos = [record(tmp_path / f"{name}.mp4", truth, log) for name, log in logs.items()]
    found = {one["recording"]: one for one in audited(tmp_path / "model", *videos)["audited"]}
    assert found.pop("right")["spans"] == []
    for name, words in (
        ("no-mouse", "the model sees it turn"),
        ("hangs", "the log says sneak, the model sees none"),
        ("late", "its log would fit better if it came 6 ticks earlier"),
    ):
        (span,) = found[name]["spans"]
        assert abs(span["start"] - 300) <= 20
        assert abs(span["stop"] - 400) <= 20
        assert words in span["words"]
