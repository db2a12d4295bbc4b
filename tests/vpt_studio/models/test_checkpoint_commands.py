"""``vpt-studio checkpoint`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from small_policies import small_policy

from vpt_studio.commands.checkpoint import checkpoint
from vpt_studio.models.checkpoints import PolicyCheckpoint, load_policy, save_policy
from vpt_studio.models.openai_files import load_openai_policy, save_openai


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_policy(PolicyCheckpoint(small_policy(), lineage={"run": "bc-1"}), tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    save_openai(small_policy(), tmp_path / "theirs.model")
    return tmp_path / "theirs.model"


def run(*words, fails: bool = False):
    result = CliRunner().invoke(checkpoint, [str(word) for word in words])
    assert result.exit_code == (1 if fails else 0), result.output
    return result


def told(*words, fails: bool = False):
    return json.loads(run(*words, "--json", fails=fails).stdout)


def test_inspect_tells_kind_sizes_and_origin(folder, pair):
    mine, theirs = told("inspect", folder), told("inspect", pair)
    assert mine["kind"] == theirs["kind"] == "policy"
    assert mine["network"] == theirs["network"]
    assert mine["parameters"] == sum(tensor.numel() for tensor in small_policy().state_dict().values())
    assert (mine["form"], theirs["form"]) == ("vpt-studio", "openai")
    assert mine["lineage"] == {"run": "bc-1"}
    text = run("inspect", folder).stdout
    assert "5 frames back" in text
    assert "temperature  2" in text


def test_a_genuine_file_is_known_again_and_inspected_without_its_weights(parity_folder):
    facts = told("inspect", parity_folder / "released_model_files" / "foundation-model-3x.model")
    assert facts["released_as"] == "foundation-model-3x.model"
    assert facts["parameters"] == 532_504_318
    assert facts["files"][1]["bytes"] is None


def test_convert_goes_both_ways_and_the_weights_stay_the_same(pair, tmp_path):
    told("convert", pair, tmp_path / "ours")
    told("convert", tmp_path / "ours", tmp_path / "back.model")
    ours, back = load_policy(tmp_path / "ours"), load_openai_policy(tmp_path / "back.model")
    for name, tensor in small_policy().state_dict().items():
        assert torch.equal(ours.model.state_dict()[name], tensor)
        assert torch.equal(back.state_dict()[name], tensor)
    origin = ours.lineage["converted_from"]
    assert [file["name"] for file in origin] == ["theirs.model", "theirs.weights"]
    assert all(len(file["sha256"]) == 64 for file in origin)


def test_convert_overwrites_nothing(folder, pair, tmp_path):
    assert "exists" in told("convert", pair, folder, fails=True)["error"]["what"]
    assert "already there" in told("convert", folder, pair, fails=True)["error"]["what"]


def test_convert_leaves_out_what_is_named(pair, tmp_path):
    weights = pair.with_suffix(".weights")
    weights.unlink()
    torch.save(small_policy().state_dict() | {"aux.weight": torch.zeros(2)}, weights)
    assert "aux.weight" in told("convert", pair, tmp_path / "ours", fails=True)["error"]["what"]
    told("convert", pair, tmp_path / "ours", "--without", "aux.")
    assert load_policy(tmp_path / "ours").lineage["imported_from"]["without"] == ["aux."]


def test_verify_says_what_was_checked(folder, pair):
    found = {check["what"]: check["found"] for check in told("verify", folder)["checks"]}
    assert set(found) == {"files", "tensors", "numbers", "answer"}
    assert "SHA-256" in found["files"]
    assert "checksums" in told("verify", pair)["checks"][0]["found"]
    assert "all finite" in run("verify", pair).stdout


def test_verify_finds_a_flipped_bit(folder):
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    error = told("verify", folder, fails=True)["error"]
    assert "not those" in error["what"]
    assert error["where"] == str(weights)


def test_verify_finds_weights_whose_answer_overflows(tmp_path):
    policy = small_policy()
    with torch.no_grad():
        policy.pi_head.camera.linear_layer.weight.fill_(3e38)
    save_policy(PolicyCheckpoint(policy), tmp_path / "astray")
    assert "do not sum to 1" in told("verify", tmp_path / "astray", fails=True)["error"]["what"]


def test_the_card_is_printed_and_rewritten(folder, pair):
    old = (folder / "README.md").read_text()
    assert run("card", folder).stdout.rstrip() == old.rstrip()
    (folder / "README.md").write_text("lost")
    assert told("card", folder, "--write")["written"].endswith("README.md")
    assert (folder / "README.md").read_text() == old
    assert "A policy" in told("card", pair)["card"]
    assert "no card" in told("card", pair, "--write", fails=True)["error"]["what"]
