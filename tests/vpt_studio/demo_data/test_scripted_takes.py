"""Data sets of scripted play: who plays what, and the recordings that come of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from vpt_studio.commands.demo_data import demo_data
from vpt_studio.contractors import STYLES
from vpt_studio.demo_data.plan import LONGEST_TAKE, TakePlan, plan_takes, short_takes
from vpt_studio.demo_data.takes import make_takes
from vpt_studio.demo_data.web.truth import read_truth, truth_path
from vpt_studio.demo_data.web_videos import plan_web_videos
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.video import VideoReader

PLAN = TakePlan("steady-00000000002a-20260101-000000", "steady", 42, "diamond_pickaxe", "brisk", 60, 30)


def test_play_is_shared_out_evenly_in_recordings_of_at_most_five_minutes() -> None:
    styles = tuple(STYLES)[:3]
    plans = plan_takes(1.0, styles, "survival", 0)
    assert sum(plan.ticks for plan in plans) == 72_000
    assert max(plan.ticks for plan in plans) <= LONGEST_TAKE
    for style in styles:
        assert sum(plan.ticks for plan in plans if plan.style == style) == 24_000
    assert len({plan.name for plan in plans}) == len({plan.seed for plan in plans}) == len(plans)
    assert plan_takes(1.0, styles, "survival", 0) == plans
    assert {plan.seed for plan in plan_takes(1.0, styles, "survival", 1)}.isdisjoint(
        plan.seed for plan in plans
    )


def test_a_take_tells_who_played_and_what_for_and_is_made_once(tmp_path: Path) -> None:
    told: list[int] = []
    [video] = make_takes([PLAN], tmp_path, tell=told.append)
    assert sum(told) == 90
    with Recording.open(video) as recording:
        assert len(recording) == 30
        sidecar = recording.sidecar
    assert (sidecar.source, sidecar.person, sidecar.seed) == (Source.SCRIPT, "steady", 42)
    assert not sidecar.cursor_in_video
    spans = sidecar.notes["goals"]
    assert spans[0]["start"] == 0
    assert spans[-1]["stop"] == 30
    assert all(len(span["texts"]) >= 4 for span in spans)
    made = video.stat().st_mtime_ns
    assert make_takes([PLAN], tmp_path) == [video]
    assert video.stat().st_mtime_ns == made


def test_takes_are_the_same_however_many_processes_make_them(tmp_path: Path) -> None:
    plans = [PLAN, replace(PLAN, name="hasty-00000000002b-20260101-000000", style="hasty", seed=43)]
    for workers in (1, 2):
        make_takes(plans, tmp_path / str(workers), workers=workers)
    for plan in plans:
        for suffix in (".jsonl", ".mp4", ".json"):
            one, two = ((tmp_path / n / f"{plan.name}{suffix}").read_bytes() for n in ("1", "2"))
            assert one == two


def test_what_a_kill_left_is_made_anew_and_other_files_are_left_alone(tmp_path: Path) -> None:
    unfinished = tmp_path / f"{PLAN.name}.take"
    unfinished.mkdir()
    (unfinished / "ticks.jsonl").write_text("{}\n")
    [video] = make_takes([PLAN], tmp_path)
    assert not unfinished.exists()
    video.with_suffix(".json").unlink()
    with pytest.raises(StudioError, match="already there"):
        make_takes([PLAN], tmp_path)


def test_the_command_makes_a_project_of_scripted_play(tmp_path: Path) -> None:
    words = ["--out", str(tmp_path / "data"), "--hours", "0.0006", "--contractors", "2", "--preset", "brisk"]
    answer = CliRunner().invoke(demo_data, [*words, "--workers", "1", "--json"])
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert len(told["recordings"]) == 2
    assert told["left_out"] == []


@pytest.mark.parametrize(
    ("words", "told"), [(["--contractors", "99"], "different players"), (["--preset", "easy"], "'brisk'")]
)
def test_what_cannot_be_made_is_refused(tmp_path: Path, words: list[str], told: str) -> None:
    answer = CliRunner().invoke(demo_data, ["--out", str(tmp_path / "data"), *words])
    assert answer.exit_code == 1
    assert told in answer.output
    assert not (tmp_path / "data").exists()


def test_web_videos_come_with_the_truth_and_every_fifth_is_kept_for_testing(tmp_path: Path) -> None:
    words = ["--out", str(tmp_path), "--web", "--videos", "5", "--seconds", "5", "--preset", "brisk"]
    plays = short_takes(("steady", "hasty"), 5, "brisk", 0, (0,))
    plans = plan_web_videos(plays * 3, 0)
    assert [plan.held_back for plan in plans] == [False, False, False, False, True, False]
    answer = CliRunner().invoke(demo_data, [*words[:4], "1", *words[5:], "--json"])
    assert answer.exit_code == 0, answer.output
    [video] = [Path(path) for path in json.loads(answer.stdout)["videos"]]
    truth = read_truth(truth_path(video))
    with VideoReader(video) as reader:
        assert len(reader) == truth.frames
    assert truth.intervals()[0][0] == 0
