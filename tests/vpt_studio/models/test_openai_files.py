"""OpenAI's files are read without running them, and only if they fit together."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch

from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import load_inverse_dynamics
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.openai_files import load_openai_inverse_dynamics
from vpt_studio.models.openai_model_file import read_openai_model
from vpt_studio.models.openai_weights import read_openai_weights

NETWORK_ARGS = {
    "attention_heads": 2,
    "attention_mask_style": "none",
    "attention_memory_size": 8,
    "conv3d_params": {"inchan": 3, "outchan": 4, "kernel_size": [3, 1, 1], "padding": [1, 0, 0]},
    "hidsize": 16,
    "img_shape": [32, 32, 4],
    "impala_kwargs": {"post_pool_groups": 1},
    "impala_width": 0.25,
    "init_norm_kwargs": {"batch_norm": False, "group_norm_groups": 1},
    "n_recurrence_layers": 1,
    "pointwise_ratio": 2,
    "single_output": True,
    "timesteps": 8,
    "use_pre_lstm_ln": False,
    "an_argument_of_tomorrow": {"deep": [1, 2]},
}


def pickled(network_args: dict | None = None, **top) -> bytes:
    args = {"net": {"args": network_args or NETWORK_ARGS}, "pi_head_opts": {"temperature": 2}}
    return pickle.dumps({"version": 1, "model": {"args": args}, **top}, protocol=4)


@pytest.fixture
def model_path(tmp_path: Path) -> Path:
    path = tmp_path / "small.model"
    path.write_bytes(pickled())
    return path


@pytest.fixture
def network(model_path: Path) -> IdmNetwork:
    described = read_openai_model(model_path)
    return IdmNetwork.from_openai(described.network_args, described.temperature)


def write_weights(path: Path, network: IdmNetwork) -> InverseDynamicsModel:
    model = InverseDynamicsModel(network)
    torch.save(model.state_dict(), path)
    return model


class Command:
    def __init__(self, target: str) -> None:
        self.target = target

    def __reduce__(self):
        return os.system, (f"touch {self.target}",)


@pytest.mark.parametrize("name", ["foundation-model-1x", "foundation-model-3x"])
def test_genuine_files_load_with_inert_spaces(parity_folder, name):
    described = read_openai_model(parity_folder / "released_model_files" / f"{name}.model")
    assert described.network_args["attention_mask_style"] == "clipped_causal"
    assert set(described.spaces) == {"ac_space", "ob_space"}
    assert set(described.spaces["ac_space"].state["_n2t"]) == {"buttons", "camera"}


def test_a_policy_is_refused_as_inverse_dynamics_model(parity_folder):
    path = parity_folder / "released_model_files" / "foundation-model-1x.model"
    with pytest.raises(StudioError, match="attention_mask_style"):
        load_openai_inverse_dynamics(path)


def test_a_command_in_the_pickle_is_refused_and_does_not_run(tmp_path):
    traitor = tmp_path / "ran"
    path = tmp_path / "evil.model"
    path.write_bytes(pickled(extra_args={"ac_space": Command(str(traitor))}))
    with pytest.raises(StudioError, match=r"(posix|nt)\.system"):
        read_openai_model(path)
    assert not traitor.exists()


@pytest.mark.parametrize(
    "global_name",
    ["cgym3.types\nBox\n", "cbuiltins\neval\n", "cgym3\ntypes.DictType\n", "ccollections\nOrderedDict\n"],
)
def test_every_other_global_is_refused(tmp_path, global_name):
    path = tmp_path / "evil.model"
    path.write_bytes(global_name.encode() + b".")
    with pytest.raises(StudioError, match="which no released file does"):
        read_openai_model(path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pickled() + b"\0", "bytes behind"),
        (pickled() + pickled(), "bytes behind"),
        (pickled()[:-40], "no OpenAI network description"),
        (b"", "no OpenAI network description"),
        (b"PK\x03\x04 not a pickle", "no OpenAI network description"),
        (pickle.dumps({"model": {"args": {}}}), "released layout"),
        (pickle.dumps([1, 2]), "released layout"),
        (b"\x80\x04Vid\nQ.", "outside object|no OpenAI network description"),
        (b"x" * ((1 << 20) + 1), "too large"),
    ],
    ids=[
        "one byte more",
        "second pickle",
        "cut",
        "empty",
        "zip",
        "no network",
        "list",
        "persistent id",
        "huge",
    ],
)
def test_damaged_files_are_refused_in_words(tmp_path, data, reason):
    path = tmp_path / "odd.model"
    path.write_bytes(data)
    with pytest.raises(StudioError, match=reason) as caught:
        read_openai_model(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"use_pre_lstm_ln": True}, "use_pre_lstm_ln"),
        ({"attention_memory_size": 16}, "no released"),
        ({"conv3d_params": {"outchan": 4, "kernel_size": [3, 3, 3], "padding": [1, 1, 1]}}, "no released"),
        ({"hidsize": 15}, "attention heads"),
        ({"conv3d_params": None}, "no inverse dynamics model"),
    ],
)
def test_a_graph_nobody_released_is_refused(change, reason):
    with pytest.raises(StudioError, match=reason):
        IdmNetwork.from_openai(NETWORK_ARGS | change, 1)


def test_both_files_load_into_the_same_network(model_path, network):
    source = write_weights(model_path.with_suffix(".weights"), network).eval()
    frames = torch.randint(0, 256, (1, 4, 32, 32, 3), dtype=torch.uint8)
    loaded = load_inverse_dynamics(model_path).model
    with torch.no_grad():
        assert torch.equal(loaded(frames).camera, source(frames).camera)
    assert not loaded.training


def test_weights_elsewhere_can_be_named(model_path, network, tmp_path):
    write_weights(tmp_path / "other.weights", network)
    assert load_inverse_dynamics(model_path, tmp_path / "other.weights").model.network == network
    with pytest.raises(StudioError, match="no weights here"):
        load_inverse_dynamics(model_path)


def test_weights_must_have_exactly_the_networks_tensors(model_path, network):
    weights = model_path.with_suffix(".weights")
    state = InverseDynamicsModel(network).state_dict()
    state["aux.weight"] = state.pop("net.final_ln.weight")
    state["net.final_ln.bias"] = torch.zeros(3)
    torch.save(state, weights)
    with pytest.raises(StudioError) as caught:
        load_openai_inverse_dynamics(model_path)
    message = str(caught.value)
    assert "lack net.final_ln.weight" in message
    assert "unknown tensor aux.weight" in message
    assert "net.final_ln.bias has shape [3] instead of [16]" in message


@pytest.mark.parametrize("content", [b"", b"garbage" * 50, pickle.dumps({"a": 1}, protocol=2)])
def test_damaged_weights_are_refused_in_words(tmp_path, content):
    path = tmp_path / "bad.weights"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="cannot be read"):
        read_openai_weights(path)


def test_weights_that_carry_code_are_refused_and_do_not_run(tmp_path):
    path, traitor = tmp_path / "evil.weights", tmp_path / "ran"
    torch.save({"a": Command(str(traitor))}, path)
    with pytest.raises(StudioError, match="cannot be read"):
        read_openai_weights(path)
    assert not traitor.exists()


def test_weights_that_are_no_dictionary_of_tensors_are_refused(tmp_path):
    torch.save({"step": 3}, tmp_path / "state.weights")
    with pytest.raises(StudioError, match="no dictionary of tensors"):
        read_openai_weights(tmp_path / "state.weights")
