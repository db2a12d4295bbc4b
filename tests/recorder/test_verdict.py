"""Verdicts on takes: real play is not blamed, and each thing that is wrong is said, shown and mended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from take_maker import ATTACK, TWO, W, make_take, playful, walking

from main import cli
from recorder.game.privacy_gate import BLIND, NOT_IN_FRONT, PAUSED
from recorder.takes.mending import cut, split, trim
from recorder.takes.reason import Reason, State
from recorder.takes.verdict import TakeVerdict, judge_take, looks
from recorder.takes.waiting import takes_folder, waiting_take
from vpt_studio.project import Project
from vpt_studio.recordings.health import Health

SECOND = 20
TICKS = 24 * SECOND


def reason(verdict: TakeVerdict, name: str) -> Reason:
    (found,) = (one for one in verdict.reasons if one.id == name)
    return found


def blamed(verdict: TakeVerdict) -> set[str]:
    return {one.id for one in verdict.reasons if one.state in (State.WARN, State.BAD)}


def judged(folder: Path, ticks: int = TICKS, **play) -> TakeVerdict:
    return judge_take(make_take(folder, "take", ticks, **{"held": walking, "motion": playful, **play}))


def mended(folder: Path, found: Reason) -> TakeVerdict:
    """The verdict after the button beside a reason was pressed; that reason must be gone."""
    mend, take = found.mend, waiting_take(folder, "take")
    assert mend is not None
    match mend.do:
        case "trim":
            made = trim(take, *mend.spans[0])
        case "cut":
            made = cut(take, mend.spans)
        case _:
            made = split(take, mend.spans)
    assert sum(one.ticks for one in made.takes) == mend.leaves
    verdicts = [judge_take(one.video) for one in made.takes]
    assert all(found.id not in blamed(one) for one in verdicts)
    return verdicts[0]


def test_real_play_of_a_real_game_is_not_blamed(shared_data):
    """Who sorts things: the longest on screens of the six, and with the most ticks without input."""
    verdict = judge_take(shared_data / "recordings" / "contractor" / "dev-organiser-05.mp4")
    assert blamed(verdict) == set()
    assert verdict.health is Health.HEALTHY
    assert "1 frame after the mouse" in reason(verdict, "offset").words


def test_a_good_take_has_nothing_wrong(tmp_path):
    told = []
    video = make_take(
        tmp_path,
        "take",
        TICKS,
        held=walking,
        motion=playful,
        gaps={200: (PAUSED, 4.0)},
        missed={50: 1, 90: 2},
    )
    verdict = judge_take(video, tell=told.append)
    assert (verdict.state, verdict.ticks) == (State.OK, TICKS)
    assert sum(told) == looks(video) == 2 * TICKS
    assert "3 pictures missing" in reason(verdict, "rate").words
    assert reason(verdict, "gaps").spans == ((200, 201),)


def test_idle_ends_are_trimmed_and_idle_stretches_cut(tmp_path):
    idle = [(0, 130), (250, 700), (820, 930)]

    def plays(tick: int) -> bool:
        return not any(start <= tick < stop for start, stop in idle)

    verdict = judged(
        tmp_path,
        930,
        held=lambda tick: walking(tick) | {W} if plays(tick) else frozenset(),
        motion=lambda tick: playful(tick) if plays(tick) else (0, 0),
    )
    assert blamed(verdict) == {"idle", "ends"}
    ends = reason(verdict, "ends")
    assert ends.spans == ((0, 130), (820, 930))
    # From the key frame before, so that no picture is encoded again; the last second stays.
    assert ends.mend.spans == ((100, 840),)
    assert reason(verdict, "idle").spans == ((270, 680),)
    after = mended(tmp_path, ends)
    assert blamed(after) == {"idle"}
    assert blamed(mended(tmp_path, reason(after, "idle"))) == {"length"}


def test_a_key_that_is_stuck_is_not_walking(tmp_path):
    long = 64 * SECOND
    dull = {"motion": lambda tick: playful(tick) if not 100 <= tick < 100 + long else (0, 0)}
    stuck = judged(
        tmp_path, long + 250, held=lambda tick: {W} if 100 <= tick < 100 + long else walking(tick), **dull
    )
    found = reason(stuck, "stuck")
    assert found.words.startswith("Forward is held for 1 min")
    start, stop = found.spans[0]
    assert start <= 100
    assert stop >= 100 + long
    shutil.rmtree(tmp_path)
    # Who walks on and looks around meanwhile plays.
    walks = judged(tmp_path, long + 250, held=lambda tick: frozenset({W}) if tick > 30 else frozenset())
    assert reason(walks, "stuck").state is State.OK


def test_a_mouse_that_never_moves_is_missed(tmp_path):
    verdict = judged(
        tmp_path, 61 * SECOND, motion=lambda tick: (0, 0), picture=lambda tick, seen: seen // 2 + tick % 50
    )
    assert reason(verdict, "mouse").state is State.BAD
    assert reason(verdict, "offset").state is State.UNKNOWN
    assert verdict.health is Health.BROKEN


def test_motion_that_cannot_be_trusted_is_said_so(tmp_path):
    notes = {"input": {"source": "pynput", "untrusted": "the pointer's place is all that pynput tells"}}
    found = reason(judged(tmp_path, notes=notes), "mouse")
    assert found.state is State.WARN
    assert found.why == "The pointer's place is all that pynput tells."


def test_black_pictures_are_cut_out(tmp_path):
    black = lambda tick, seen: seen * 0 if 200 <= tick < 320 else seen  # noqa: E731
    verdict = judged(tmp_path, picture=black)
    found = reason(verdict, "black")
    assert (found.state, found.spans) == (State.WARN, ((200, 320),))
    assert found.words == "The picture is black for 6 s."
    assert blamed(mended(tmp_path, found)) == {"length"}


def test_a_take_that_is_mostly_black_cannot_be_used(tmp_path):
    verdict = judged(tmp_path, picture=lambda tick, seen: seen * 0 if tick > 100 else seen)
    assert reason(verdict, "black").state is State.BAD
    assert verdict.reasons[0].state is State.BAD


def test_a_picture_that_stands_still_while_somebody_plays_is_found(tmp_path):
    kept: list[np.ndarray] = []

    def stands(tick: int, seen: np.ndarray) -> np.ndarray:
        kept[:] = kept if 150 < tick < 380 else [seen]
        return kept[0]

    found = reason(judged(tmp_path, picture=stands), "frozen")
    assert found.state is State.WARN
    assert abs(found.spans[0][0] - 151) < 5
    assert abs(found.spans[0][1] - 380) < 5


def test_gaps_are_no_fault_and_a_take_may_be_split_there(tmp_path):
    verdict = judged(tmp_path, gaps={180: (NOT_IN_FRONT, 3.0), 300: (NOT_IN_FRONT, 40.0)})
    found = reason(verdict, "gaps")
    assert found.state is State.OK
    assert found.words == "2 gaps, 43 s in all: the game is not in front, 2 times."
    assert found.mend.spans == ((0, 180), (180, 300), (300, TICKS))
    mended(tmp_path, found)


@pytest.mark.parametrize(
    ("gaps", "why"),
    [
        (dict.fromkeys(range(60, 420, 60), (NOT_IN_FRONT, 3.0)), "shorter than 6.4 s"),
        ({240: (BLIND, 0.5)}, "too much to do"),
    ],
)
def test_gaps_that_spoil_a_take_are_a_flaw(tmp_path, gaps, why):
    found = reason(judged(tmp_path, gaps=gaps), "gaps")
    assert found.state is State.WARN
    assert why in found.why


def test_parts_that_cannot_be_joined_are_split(tmp_path):
    """The slot of the hot-bar changes while the picture is black."""
    black = lambda tick, seen: seen * 0 if 200 <= tick < 320 else seen  # noqa: E731
    keys = lambda tick: walking(tick) | ({TWO} if 250 <= tick < 254 else set())  # noqa: E731
    found = reason(judged(tmp_path, picture=black, held=keys), "black")
    assert (found.mend.do, found.mend.spans) == ("split", ((0, 200), (320, TICKS)))
    mended(tmp_path, found)


@pytest.mark.parametrize(
    ("missed", "state", "do"),
    [
        (dict.fromkeys(range(0, TICKS, 6), 1), State.BAD, None),
        (dict.fromkeys(range(0, TICKS, 30), 1), State.WARN, None),
        ({250: 11}, State.WARN, "cut"),
    ],
)
def test_missed_pictures_are_counted(tmp_path, missed, state, do):
    found = reason(judged(tmp_path, missed=missed), "rate")
    assert found.state is state
    assert (found.mend and found.mend.do) == do


def test_screens_are_no_play(tmp_path):
    verdict = judged(tmp_path, screen=lambda tick: tick >= 120, notes={"screens": "guessed"})
    found = reason(verdict, "screens")
    assert found.state is State.WARN
    assert "75 % of the ticks (guessed" in found.words


@pytest.mark.parametrize(("lag", "state"), [(2, State.OK), (3, State.WARN), (7, State.BAD)])
def test_a_picture_that_comes_late_is_measured(tmp_path, lag, state):
    found = reason(judged(tmp_path, lag=lag), "offset")
    assert found.state is state


def test_what_the_sync_check_measured_counts(tmp_path):
    found = reason(judged(tmp_path, notes={"sync": {"offset_ms": 212.4, "spread_ms": 9.0}}), "offset")
    assert found.state is State.WARN
    assert "212 ms" in found.words


def test_a_short_take_is_told_and_nothing_else(tmp_path):
    assert blamed(judged(tmp_path, 60)) == {"length"}


def test_a_damaged_file_is_a_reason_and_no_error(tmp_path):
    video = make_take(tmp_path, "take", TICKS, held=walking, motion=playful)
    content = bytearray(video.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = bytes(3000)
    video.write_bytes(content)
    found = reason(judge_take(video), "files")
    assert found.spans[0][1] % 100 == 0  # what was guessed lasts to the next key frame
    assert "files" not in blamed(mended(tmp_path, found))
    video.write_bytes(b"nothing")
    verdict = judge_take(video)
    assert (verdict.ticks, [one.id for one in verdict.reasons]) == (0, ["files"])
    assert verdict.health is Health.BROKEN


def test_attack_held_down_for_long_is_digging(tmp_path):
    verdict = judged(tmp_path, 70 * SECOND, held=lambda tick: frozenset({ATTACK} if tick % 1300 > 10 else ()))
    assert reason(verdict, "stuck").state is State.OK


def test_the_command_says_what_the_window_shows(tmp_path):
    folder = tmp_path / "project"
    Project.create(folder, "Checked").close()
    make_take(takes_folder(folder), "take", TICKS, held=walking, motion=playful, gaps={300: (BLIND, 0.4)})
    words = ["takes", "check", "take", "--project", str(folder)]
    done = CliRunner().invoke(cli, [*words, "--json"])
    assert done.exit_code == 3
    told = json.loads(done.stdout)["takes"]["take"]
    assert (told["state"], told["health"], told["ticks"]) == ("warn", "flawed", TICKS)
    assert told["reasons"][0]["mend"] == {"do": "split", "spans": [[0, 300], [300, 480]], "leaves": 480}
    said = CliRunner().invoke(cli, words).stdout
    assert "take: flawed, 24 s" in said
    assert "Mend: vpt-studio takes split take 0t-300t 300t-480t" in said
