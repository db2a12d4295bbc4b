"""``play`` and ``evaluate`` as a person calls them: interrupted, killed, taken up again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import psutil
import pytest
import torch
from click.testing import CliRunner
from test_pseudo_labels import SMALL as SMALL_IDM

import main
from vpt_studio.models.checkpoints import (
    Checkpoint,
    PolicyCheckpoint,
    save_inverse_dynamics,
    save_policy,
)
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.presets import policy_network
from vpt_studio.playing.episode import play_episode
from vpt_studio.playing.episode_worker import PlayerPlan
from vpt_studio.project import Project
from vpt_studio.recordings.recording import Recording

ROOT = Path(__file__).resolve().parents[2]
SUITE = """\
name: two-worlds
version: 1
title: Two worlds, a second and a half each
preset: brisk
ticks: 20
seeds: [11, 12]
"""
posix_only = pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A nano policy with random weights."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("policies") / "nano"
    save_policy(PolicyCheckpoint(Policy(policy_network("nano")).eval()), folder)
    return folder


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    """Who plays takes one, in this process too."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "two.yaml").write_text(SUITE)
    return tmp_path / "two.yaml"


def call(*words: object) -> dict:
    answer = CliRunner().invoke(main.cli, [*map(str, words), "--json"])
    assert answer.exit_code in (0, 1), answer.output
    return json.loads(answer.stdout)


def begin(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from main import main; main()", *map(str, words), "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "VPT_STUDIO_PROGRESS": "lines"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def attempts(folder: Path) -> list[dict]:
    file = folder / "attempts.jsonl"
    return [json.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


@posix_only
@pytest.mark.parametrize(
    "endings",
    [["SIGKILL"], pytest.param(["SIGINT", "SIGKILL", "SIGINT"], marks=pytest.mark.slow)],
    ids=" ".join,
)
def test_an_evaluation_that_is_broken_off_goes_on_and_comes_to_the_same(
    policy: Path, suite: Path, tmp_path: Path, endings: list[str]
) -> None:
    out = tmp_path / "out"
    words = ("evaluate", "--checkpoint", policy, "--suite", suite, "--out", out)
    for ending in endings:
        before = attempts(out)
        broken = begin(*words, "--workers", 2)
        wait_for(lambda before=before: len(attempts(out)) > len(before))
        family = psutil.Process(broken.pid).children()
        broken.send_signal(signal.Signals[ending])
        _, said = broken.communicate(timeout=60)
        psutil.wait_procs(family, timeout=60)
        assert not any(process.is_running() for process in family)
        assert attempts(out)[: len(before)] == before
        if ending == "SIGINT":
            assert broken.returncode == 130
            assert b"of 8 episodes are kept in" in said
    answer = call(*words, "--workers", 1)
    played = {(each["player"], each["seed"]): each["episode"] for each in attempts(out)}
    assert len(played) == len(attempts(out)) == 8
    for plan in (PlayerPlan("policy", str(policy)), PlayerPlan("random")):
        episode = play_episode(plan.player(12), "brisk", 12, 20)
        assert played[plan.name, 12] == orjson.loads(orjson.dumps(episode))  # whichever process it was
    for player in answer["players"].values():
        assert (player["attempts"], player["failures"], player["episodes"], player["few"]) == (2, 0, 2, True)
    assert answer["players"]["null"]["behaviour"]["idle"]["value"] == 1
    assert answer["players"]["policy"]["behaviour"]["idle"]["value"] < 0.5
    shown = CliRunner().invoke(main.cli, list(map(str, words)))
    assert shown.exit_code == 0
    assert "Fewer than 10 episodes (policy 2, null 2, random 2, scripted 2)" in shown.stdout
    refused = call(*words, "--greedy")
    assert "of this policy at temperature 1" in refused["error"]["what"]


def test_what_cannot_be_evaluated_is_told(policy: Path, suite: Path, tmp_path: Path) -> None:
    save_inverse_dynamics(Checkpoint(InverseDynamicsModel(SMALL_IDM)), tmp_path / "idm")
    told = call("evaluate", "--checkpoint", tmp_path / "idm", "--suite", suite, "--out", tmp_path / "out")
    assert told["error"]["what"] == "this is an inverse dynamics model, not a policy"
    assert (
        "no such checkpoint" in call("evaluate", "--checkpoint", "nowhere", "--suite", suite)["error"]["what"]
    )
    assert "no suite 'late'" in call("evaluate", "--checkpoint", policy, "--suite", "late")["error"]["what"]
    assert {"brisk", "early-game", "smoke", "ten-minutes"} == {
        each["name"] for each in call("evaluate", "--list")["suites"]
    }


def test_an_episode_comes_into_the_project(policy: Path, project_folder: Path) -> None:
    words = ("play", "--checkpoint", policy, "--env", "brisk", "--ticks", 20, "--seed", 4)
    unrecorded = call(*words)["episodes"]
    recorded = call(*words, "--record", "--project", project_folder)["episodes"]
    (episode,) = recorded
    assert unrecorded == [
        {name: value for name, value in episode.items() if name != "id"} | {"recording": None}
    ]
    with Project.open(project_folder) as project:
        row = project.recording(episode["id"])
    assert (row.source.value, row.duration_ticks, row.person) == ("agent", 20, "nano")


@pytest.mark.slow
@posix_only
def test_an_interrupted_episode_is_kept_as_far_as_it_came(policy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = begin("play", "--checkpoint", policy, "--env", "brisk", "--ticks", 72_000, "--record", out)
    wait_for(lambda: any(path.read_bytes().count(b"\n") > 10 for path in out.glob("*.take/ticks.jsonl")))
    process.send_signal(signal.SIGINT)
    answer, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Interrupted. 1 of 1 episode kept, the last one cut short." in said
    (episode,) = json.loads(answer)["episodes"]
    with Recording.open(Path(episode["recording"])) as recording:
        assert len(recording) == episode["ticks"] > 10
        assert recording.sidecar.notes["broken_off"] is True
    assert not list(out.glob("*.take"))


def test_what_cannot_be_played_is_told(policy: Path, tmp_path: Path) -> None:
    assert "'easy'" in call("play", "--checkpoint", policy, "--env", "easy")["error"]["what"]
    taken = tmp_path / "file"
    taken.touch()
    told = call("play", "--checkpoint", policy, "--env", "brisk", "--ticks", 5, "--record", taken / "in")
    assert "folder" in told["error"]["what"]
