"""An evaluation's folder keeps every attempt, and results of two subjects never come together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from vpt_studio.errors import StudioError
from vpt_studio.playing.results import Result, Results, Subject
from vpt_studio.playing.suites import read_suite
from vpt_studio.playing.summary import summary_of

SUBJECT = Subject(read_suite("smoke"), "mine", {"model.safetensors": "a" * 64}, 1.0, False, 3)


def episode(diamond: int | None = None, deaths: tuple[str, ...] = (), logs: int = 0) -> dict:
    first = {} if diamond is None else {"diamond": diamond}
    return {
        "ticks": 200,
        "obtained": {**({"oak_log": logs} if logs else {}), **({"diamond": 1} if first else {})},
        "first_ticks": {**({"oak_log": 19} if logs else {}), **first},
        "deaths": [{"tick": 9, "cause": cause} for cause in deaths],
        "behaviour": dict.fromkeys(
            ("walked", "farthest", "turned", "idle", "forward", "jump", "sprint", "sneak", "attack", "use",
             "screen_open"), 0.5),
    }  # fmt: skip


def test_attempts_are_there_again_and_a_line_cut_off_by_a_kill_is_not(tmp_path: Path) -> None:
    with Results(tmp_path / "e", SUBJECT) as results:
        results.add(Result("null", 1, episode()))
        results.add(Result("policy", 1, None, "it broke"))
    lines = tmp_path / "e" / "attempts.jsonl"
    with lines.open("ab") as stream:
        stream.write(b'{"player":"policy","se')
    with Results(tmp_path / "e", SUBJECT) as results:
        assert [each.player for each in results.attempts] == ["null", "policy"]
        assert results.done() == {("null", 1)}
        results.add(Result("policy", 1, episode()))
    assert [orjson.loads(line)["seed"] for line in lines.read_bytes().splitlines()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"files": {"model.safetensors": "b" * 64}}, "of another checkpoint, called mine"),
        ({"temperature": 0.5}, "of this policy at temperature 1"),
        ({"greedy": True}, "of this policy at temperature 1"),
        ({"play_version": 4}, "by another version"),
        ({"suite": read_suite("brisk")}, "in the suite smoke, version 1, not in brisk, version 1"),
        (
            {"suite": SUBJECT.suite.model_copy(update={"version": 2})},
            "in the suite smoke, version 1, not in smoke, version 2",
        ),
        ({"suite": SUBJECT.suite.model_copy(update={"ticks": 201})}, "of other content"),
    ],
)
def test_what_is_of_something_else_is_refused_in_words(tmp_path: Path, change: dict, told: str) -> None:
    Results(tmp_path, SUBJECT).__exit__()
    with pytest.raises(StudioError) as raised:
        Results(tmp_path, replace(SUBJECT, **change))
    assert told in raised.value.what
    assert "--out" in str(raised.value.mend)
    Results(tmp_path, replace(SUBJECT, checkpoint="moved elsewhere")).__exit__()  # its content counts


def test_two_processes_cannot_write_one_evaluation(tmp_path: Path) -> None:
    with (
        Results(tmp_path, SUBJECT),
        pytest.raises(StudioError, match="another process is at work on this evaluation"),
    ):
        Results(tmp_path, SUBJECT)


def test_damage_is_told_with_its_line(tmp_path: Path) -> None:
    with Results(tmp_path, SUBJECT) as results:
        results.add(Result("null", 1, episode()))
    with (tmp_path / "attempts.jsonl").open("ab") as stream:
        stream.write(b"[]\n")
    with pytest.raises(StudioError, match="line 2 is no attempt"):
        Results(tmp_path, SUBJECT)
    (tmp_path / "evaluation.json").unlink()
    with pytest.raises(StudioError, match=r"no evaluation\.json"):
        Results(tmp_path, SUBJECT)


def test_a_summary_counts_failures_apart_from_deaths() -> None:
    attempts = [
        Result("policy", 3, None, "killed"),
        Result("policy", 1, episode(diamond=199, deaths=("lava", "fall"), logs=2)),
        Result("policy", 2, episode(logs=12)),
        Result("policy", 3, episode(deaths=("fall",))),
        Result("policy", 4, None, "killed"),
    ]
    summary = summary_of(attempts)
    assert (summary.attempts, summary.failures, summary.episodes, summary.few) == (5, 2, 3, True)
    assert summary.causes == {"fall": 2, "lava": 1}
    assert summary.deaths.value == 1
    assert summary.reached["diamond"].value == pytest.approx(1 / 3)
    assert (summary.seconds["diamond"].value, summary.seconds["diamond"].count) == (10, 1)
    assert summary.seconds["furnace"].value is None
    assert (summary.seconds["log"].value, summary.reached["log"].count) == (1, 3)
    assert summary.items["log"].value == pytest.approx(14 / 3)
    assert summary.obtained == pytest.approx({"diamond": 1 / 3, "oak_log": 14 / 3})
    # 2 of 8 logs, and a diamond; then 8 of 12 logs; then nothing.
    assert summary.reward.value == pytest.approx((2 / 8 + 8 / 3 + 1) / 3)
    assert summary_of(attempts[::-1]) == summary
    nobody = summary_of([])
    assert (nobody.episodes, nobody.reward.value, nobody.reached["log"].interval) == (0, None, None)
