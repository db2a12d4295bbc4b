"""Policies go into both forms of checkpoint and come back the same; what does not fit is named."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_policies import SMALL, random_frames, small_policy

from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import (
    Checkpoint,
    PolicyCheckpoint,
    load_checkpoint,
    load_inverse_dynamics,
    load_policy,
    save_inverse_dynamics,
    save_policy,
)
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import CameraTerm
from vpt_studio.models.openai_files import load_openai, load_openai_policy, save_openai

IDM = IdmNetwork(hidden_size=16, attention_heads=2, transformer_blocks=1, impala_width=0.25,
                 temporal_channels=4, image_size=16, timesteps=8)  # fmt: skip


def assert_equal_weights(left: torch.nn.Module, right: torch.nn.Module) -> None:
    ours, theirs = left.state_dict(), right.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_policy(
        PolicyCheckpoint(small_policy(), camera_term=CameraTerm.WHEN_ON, lineage={"run": "rl-1"}),
        tmp_path / "policy",
    )
    return tmp_path / "policy"


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    save_openai(small_policy(), tmp_path / "small.model")
    return tmp_path / "small.model"


def change(folder: Path, **changes) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))


def test_our_form_keeps_weights_sizes_lineage_and_how_actions_are_counted(folder):
    loaded = load_policy(folder)
    assert_equal_weights(loaded.model, small_policy())
    assert loaded.model.network == SMALL
    assert loaded.camera_term is CameraTerm.WHEN_ON
    assert loaded.lineage == {"run": "rl-1"}
    assert not loaded.model.training
    card = (folder / "README.md").read_text()
    assert "remembers the last 5" in card
    assert "where the buttons listen" in card


def test_a_second_value_head_survives(tmp_path):
    double = small_policy(network=replace(SMALL, auxiliary_value_head=True))
    save_policy(PolicyCheckpoint(double), tmp_path / "double")
    assert_equal_weights(load_policy(tmp_path / "double").model, double)


def test_a_loaded_network_can_be_trained_and_does_not_hang_on_its_file(folder):
    policy = load_policy(folder).model
    (folder / "model.safetensors").write_bytes(b"")
    out, _ = policy(random_frames(1, 2))
    (out.value.sum() + out.actions.camera.sum()).backward()
    with torch.no_grad():
        for parameter in policy.parameters():
            parameter.add_(1.0)
    assert policy.net.final_ln.weight.grad is not None


def test_the_wrong_kind_is_said(folder, tmp_path, pair):
    save_inverse_dynamics(Checkpoint(InverseDynamicsModel(IDM)), tmp_path / "idm")
    with pytest.raises(StudioError, match="this is an inverse dynamics model, not a policy"):
        load_policy(tmp_path / "idm")
    with pytest.raises(StudioError, match="this is a policy, not an inverse dynamics model"):
        load_inverse_dynamics(folder)
    with pytest.raises(StudioError, match="attention_mask_style"):
        load_inverse_dynamics(pair)
    assert isinstance(load_checkpoint(tmp_path / "idm"), Checkpoint)
    assert isinstance(load_checkpoint(pair), PolicyCheckpoint)


def test_exchanged_weights_are_noticed(folder, tmp_path):
    save_policy(PolicyCheckpoint(small_policy(seed=5)), tmp_path / "other")
    (tmp_path / "other" / "model.safetensors").replace(folder / "model.safetensors")
    with pytest.raises(StudioError, match="not those that this checkpoint was written with"):
        load_policy(folder)


def test_a_folder_without_hashes_still_loads(folder):
    change(folder, files=None)
    assert_equal_weights(load_policy(folder).model, small_policy())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"log_probability": {"camera": "sometimes"}}, "when the camera counts"),
        ({"log_probability": None}, "when the camera counts"),
        ({"architecture": {**SMALL.to_dict(), "memory": 1 << 40}}, "do not belong"),
        ({"architecture": {**SMALL.to_dict(), "impala_channels": [1 << 40] * 3}}, "do not belong|make no"),
        ({"architecture": {**SMALL.to_dict(), "impala_channels": [1] * 100_000}}, "more than the weights"),
        ({"architecture": {**SMALL.to_dict(), "temperature": float("nan")}}, "temperature"),
        ({"architecture": {**SMALL.to_dict(), "wings": 1}}, "wings"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(folder, changes, reason):
    change(folder, **changes)
    with pytest.raises(StudioError, match=reason):
        load_policy(folder)


def test_the_openai_pair_comes_back_the_same(pair):
    loaded = load_openai_policy(pair)
    assert_equal_weights(loaded, small_policy())
    assert loaded.network == SMALL


def test_an_idm_goes_out_as_a_pair_too(tmp_path):
    idm = InverseDynamicsModel(IDM)
    save_openai(idm, tmp_path / "idm.model")
    loaded = load_openai(tmp_path / "idm.model")
    assert_equal_weights(loaded, idm)
    assert loaded.network == IDM


def test_what_we_write_is_what_openais_own_code_reads(pair, parity_folder):
    class Space:
        pass

    class Reader(pickle.Unpickler):  # as where gym3 is installed
        def find_class(self, module, name):
            assert module == "gym3.types"
            return type(name, (Space,), {})

    ours = Reader(io.BytesIO(pair.read_bytes())).load()
    path = parity_folder / "policy_tiny" / "policy.model"
    theirs = Reader(io.BytesIO(path.read_bytes())).load()
    assert ours.keys() == theirs.keys()
    assert ours["model"].keys() == theirs["model"].keys()
    assert ours["model"]["args"].keys() == theirs["model"]["args"].keys()
    assert ours["model"]["args"]["net"]["args"].keys() == theirs["model"]["args"]["net"]["args"].keys()
    assert ours["model"]["args"]["pi_head_opts"] == {"temperature": 2}
    buttons = ours["extra_args"]["ac_space"]._n2t["buttons"]
    assert (buttons.eltype.n, buttons.shape) == (8641, (1,))
    weights = torch.load(pair.with_suffix(".weights"), map_location="cpu", weights_only=True)
    assert all(torch.equal(tensor, weights[name]) for name, tensor in small_policy().state_dict().items())
    assert list(weights) == list(small_policy().state_dict())


def test_the_reference_pair_survives_the_way_there_and_back(parity_folder, tmp_path):
    original = load_openai_policy(parity_folder / "policy_tiny" / "policy.model")
    save_policy(PolicyCheckpoint(original), tmp_path / "ours")
    save_openai(load_policy(tmp_path / "ours").model, tmp_path / "theirs.model")
    assert_equal_weights(load_openai_policy(tmp_path / "theirs.model"), original)


@pytest.mark.parametrize("change", [{"input_pooling": 2}, {"auxiliary_value_head": True}])
def test_what_openai_cannot_build_is_not_exported(tmp_path, change):
    with pytest.raises(StudioError, match=f"no {next(iter(change))}"):
        save_openai(small_policy(network=replace(SMALL, **change)), tmp_path / "x.model")
    assert list(tmp_path.iterdir()) == []


def test_an_export_overwrites_nothing(pair):
    before = pair.read_bytes()
    with pytest.raises(StudioError, match="already there"):
        save_openai(small_policy(seed=3), pair)
    pair.unlink()
    with pytest.raises(StudioError, match="already there"):
        save_openai(small_policy(seed=3), pair)
    assert not pair.exists()
    assert before


def test_tensors_beyond_the_description_can_be_left_out_by_name(pair):
    weights = pair.with_suffix(".weights")
    state = small_policy().state_dict() | {
        "aux_value.linear.weight": torch.zeros(1, 16),
        "aux.b": torch.ones(1),
    }
    weights.unlink()
    torch.save(state, weights)
    with pytest.raises(StudioError, match=r"unknown tensor aux\.b, aux_value\.linear\.weight"):
        load_policy(pair)
    loaded = load_checkpoint(pair, without=("aux",))
    assert_equal_weights(loaded.model, small_policy())
    assert loaded.lineage["imported_from"]["without"] == ["aux"]


def test_weights_of_any_layout_in_memory_are_read(pair):
    policy = small_policy().to(memory_format=torch.channels_last)
    weights = pair.with_suffix(".weights")
    weights.unlink()
    torch.save(policy.state_dict(), weights)
    assert_equal_weights(load_openai_policy(pair), small_policy())
    weights.unlink()
    torch.save(dict(policy.named_parameters()) | dict(policy.named_buffers()), weights)
    assert_equal_weights(load_openai_policy(pair), small_policy())


def test_weights_that_were_saved_on_a_gpu_come_to_the_processor(pair):
    weights = pair.with_suffix(".weights")
    with zipfile.ZipFile(weights) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    place = next(name for name in entries if name.endswith("data.pkl"))
    assert b"X\x03\x00\x00\x00cpu" in entries[place]
    entries[place] = entries[place].replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    with zipfile.ZipFile(weights, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert_equal_weights(load_openai_policy(pair), small_policy())


def test_tensors_that_share_their_numbers_in_the_file_are_apart_in_memory(pair):
    state = small_policy().state_dict()
    ones = torch.ones(40)
    names = [f"net.recurrent_layer.blocks.{block}.pre_r_ln.weight" for block in (0, 1)]
    shared = {names[0]: ones[:16], names[1]: ones[:16], "net.final_ln.weight": ones[16:32]}
    weights = pair.with_suffix(".weights")
    weights.unlink()
    torch.save(state | shared, weights)
    policy = load_openai_policy(pair)
    with torch.no_grad():
        policy.get_parameter(names[0]).zero_()
    assert torch.equal(policy.get_parameter(names[1]), torch.ones(16))
    assert torch.equal(policy.net.final_ln.weight, torch.ones(16))
