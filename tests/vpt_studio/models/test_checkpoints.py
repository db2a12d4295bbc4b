"""Our export folders: complete, exact, strict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from vpt_studio.errors import StudioError
from vpt_studio.models import checkpoints
from vpt_studio.models.checkpoints import Checkpoint, load_inverse_dynamics, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import IdmNetwork, InverseDynamicsModel

NETWORK = IdmNetwork(
    hidden_size=16,
    attention_heads=2,
    transformer_blocks=1,
    impala_width=0.25,
    temporal_channels=4,
    image_size=32,
)


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, InverseDynamicsModel]:
    model = InverseDynamicsModel(NETWORK)
    folder = tmp_path / "exports" / "first"
    save_inverse_dynamics(Checkpoint(model, lineage={"run": "idm-1", "recordings": ["a", "b"]}), folder)
    return folder, model


def edit(folder: Path, **changes) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))


def test_every_tensor_survives_even_those_without_elements(exported):
    folder, model = exported
    loaded = load_inverse_dynamics(folder)
    ours, theirs = model.state_dict(), loaded.model.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert theirs["net.recurrent_layer.blocks.0.r.orc_block.b_nd"].shape == (10, 0)
    assert loaded.model.network == NETWORK
    assert loaded.lineage == {"run": "idm-1", "recordings": ["a", "b"]}
    assert not loaded.model.training


def test_the_folder_holds_weights_configuration_and_card_and_nothing_is_left_over(exported):
    folder, _ = exported
    assert {file.name for file in folder.iterdir()} == {"model.safetensors", "config.json", "README.md"}
    assert [entry.name for entry in folder.parent.iterdir()] == ["first"]
    card = (folder / "README.md").read_text()
    assert "idm-1" in card
    assert "clips of 128 frames" in card


def test_an_existing_export_is_never_overwritten(exported):
    folder, model = exported
    with pytest.raises(StudioError, match="exists"):
        save_inverse_dynamics(Checkpoint(model), folder)


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def full_disk(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full_disk)
    with pytest.raises(StudioError, match="No space left"):
        save_inverse_dynamics(Checkpoint(InverseDynamicsModel(NETWORK)), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format_version": 2}, "another format version"),
        ({"kind": "policy"}, "policy checkpoint"),
        ({"architecture": NETWORK.to_dict() | {"wings": 2}}, "unknown options: wings"),
        ({"architecture": {"hidden_size": 16}}, "incomplete"),
        ({"architecture": NETWORK.to_dict() | {"hidden_size": 32}}, "do not belong"),
        ({"architecture": NETWORK.to_dict() | {"transformer_blocks": 2}}, "lack"),
        ({"action_codec": {"buttons": ["jump"]}}, "other buttons"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(exported, changes, reason):
    folder, _ = exported
    edit(folder, **changes)
    with pytest.raises(StudioError, match=reason):
        load_inverse_dynamics(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_missing_or_damaged_parts_are_named(exported, name):
    folder, _ = exported
    (folder / name).write_bytes(b"\x00broken")
    with pytest.raises(StudioError, match=name):
        load_inverse_dynamics(folder)
    (folder / name).unlink()
    with pytest.raises(StudioError, match=name):
        load_inverse_dynamics(folder)


def test_a_place_without_checkpoint_is_said(tmp_path):
    with pytest.raises(StudioError, match="no checkpoint here"):
        load_inverse_dynamics(tmp_path / "nothing")
