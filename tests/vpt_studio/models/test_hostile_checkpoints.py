"""No damaged or hostile checkpoint crashes, runs code or fills the memory: each is refused in a sentence."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from damaged_checkpoints import make_all
from small_policies import small_policy

from vpt_studio.errors import StudioError
from vpt_studio.models.openai_files import save_openai
from vpt_studio.models.openai_model_file import read_openai_model
from vpt_studio.models.policy_network import PolicyNetwork

HERE = Path(__file__).parent
ALLOWED_GROWTH_KB = 32_000  # while some of the files would unfold to 128 MB, and others claim exabytes


@pytest.mark.skipif(os.name == "nt", reason="peak memory is asked of the system in its way")
def test_two_hundred_damaged_checkpoints_are_refused_without_running_or_unfolding(tmp_path):
    canary = tmp_path / "canary"
    paths = make_all(tmp_path / "files", canary)
    assert len(paths) >= 200
    asked = json.dumps([str(tmp_path / "files" / "good" / "x.model"), *map(str, paths)])
    loader = subprocess.run(
        [sys.executable, str(HERE / "load_all.py")],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(HERE.parents[2]), "OMP_NUM_THREADS": "1"},
    )
    answer = json.loads(loader.stdout)
    wrong = [one for one in answer["found"] if "words" not in one]
    assert not wrong
    assert not canary.exists()
    assert answer["grown_kb"] < ALLOWED_GROWTH_KB
    for one in answer["found"]:
        assert one["where"], one
        assert "\n" not in one["words"], one
        assert len(one["words"]) < 800, one


def test_a_description_with_flipped_bits_is_read_or_refused_but_never_run(tmp_path):
    save_openai(small_policy(), tmp_path / "x.model")
    good = (tmp_path / "x.model").read_bytes()
    chance = random.Random(0)
    refused = 0
    for _ in range(400):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "x.model").write_bytes(data)
        try:
            described = read_openai_model(tmp_path / "x.model")
            PolicyNetwork.from_openai(described.network_args, described.temperature)
        except StudioError:
            refused += 1
    assert refused > 200
