"""The policy against the published implementation."""

from __future__ import annotations

import json

import pytest

from bench.parity import full_size, initialisation, policy, released_files, value_head
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.presets import POLICY_PRESETS


@pytest.mark.parametrize(
    ("module", "part"),
    [
        (policy, "policy_tiny"),
        (value_head, "value_head"),
        (initialisation, "init"),
        (released_files, "released_model_files"),
    ],
)
def test_every_deviation_is_within_its_tolerance(parity_folder, module, part):
    found = module.check(parity_folder / part)
    assert found
    for deviation in found:
        assert deviation.passed, deviation


@pytest.mark.slow
@pytest.mark.parametrize("name", ["foundation-1x", "2x", "foundation-3x"])
def test_policies_of_released_size_match(parity_folder, name):
    for deviation in full_size.check(parity_folder / "full_size", [name]):
        assert deviation.passed, deviation


@pytest.mark.parametrize(("preset", "file"), [("1x", "foundation-1x"), ("2x", "2x"), ("3x", "foundation-3x")])
def test_the_large_presets_are_the_released_policies(parity_folder, preset, file):
    spec = json.loads((parity_folder / "full_size" / f"{file}.json").read_text())
    temperature = spec["pi_head_opts"]["temperature"]
    assert POLICY_PRESETS[preset] == PolicyNetwork.from_openai(spec["net_args"], temperature)
    known = spec["net_args"]
    ours = POLICY_PRESETS[preset].to_openai()
    assert {name: ours[name] for name in known} == known
