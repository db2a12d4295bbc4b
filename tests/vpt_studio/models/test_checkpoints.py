"""Our export folders: complete, exact, strict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.errors import StudioError
from vpt_studio.models import checkpoint_folder
from vpt_studio.models.checkpoints import Checkpoint, load_inverse_dynamics, save_inverse_dynamics
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel

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

    monkeypatch.setattr(checkpoint_folder, "save_file", full_disk)
    with pytest.raises(StudioError, match="No space left"):
        save_inverse_dynamics(Checkpoint(InverseDynamicsModel(NETWORK)), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format_version": 2}, "another format version"),
        ({"kind": "policy"}, "this is a policy, not an inverse dynamics model"),
        ({"kind": "filter"}, "a kind that this program lacks"),
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


def codec(**camera) -> dict:
    """A codec whose camera differs from what a checkpoint has."""
    ours = DEFAULT_CAMERA.to_dict() | camera
    return {"space": "factored", "buttons": list(BUTTONS), "camera": ours}


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": []},
        {"architecture": NETWORK.to_dict() | {"attention_heads": 0}},
        {"architecture": NETWORK.to_dict() | {"hidden_size": "wide"}},
        {"architecture": NETWORK.to_dict() | {"impala_channels": 5}},
        {"architecture": NETWORK.to_dict() | {"impala_width": "thin"}},
        {"architecture": NETWORK.to_dict() | {"norm_groups": 7}},
        {"architecture": NETWORK.to_dict() | {"temporal_taps": 4}},
        {"architecture": NETWORK.to_dict() | {"transformer_blocks": 1 << 40}},
        {"action_codec": []},
        {"action_codec": {"buttons": 3}},
        {"action_codec": {"buttons": list(BUTTONS)}},
        {"action_codec": {"buttons": list(BUTTONS), "camera": []}},
        {"action_codec": codec(zoom=2)},
        {"action_codec": codec(limit="far")},
        {"action_codec": codec(limit=0)},
        {"action_codec": codec(bin_size=1.0)},
        {"lineage": ["a"]},
    ],
)
def test_a_damaged_configuration_is_named_in_one_line(exported, changes):
    folder, _ = exported
    edit(folder, **changes)
    with pytest.raises(StudioError) as refused:
        load_inverse_dynamics(folder)
    assert refused.value.where == str(folder / "config.json")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("size", [1 << 20, 1 << 40])
def test_sizes_that_only_the_configuration_claims_take_no_memory(exported, size):
    folder, _ = exported
    edit(folder, architecture=NETWORK.to_dict() | {"hidden_size": size})
    # A million squared is four terabytes: were it allocated, this would be a memory error or worse.
    with pytest.raises(StudioError, match=r"do not belong to this network|make no network"):
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
