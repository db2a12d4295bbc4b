"""Mended takes: tick by tick what they were, marked at the seams, never lost, whenever the mend is killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import pytest
from click.testing import CliRunner
from take_maker import ATTACK, TWO, W, make_take, playful, walking
from take_reading import lines

from main import cli
from recorder.takes.mended_notes import CUT_OUT
from recorder.takes.mending import cut, restore, split, trim
from recorder.takes.moves import DISCARDED, finish_moves
from recorder.takes.waiting import Take, discard, keep, takes_folder, waiting_take, waiting_takes
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.take_lock import TakeLock
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput
from vpt_studio.recordings.validation import validate

TICKS = 260
_ROOT = Path(__file__).resolve().parents[2]


def keys(tick: int) -> frozenset[str]:
    """W is held from 40 on over both places where parts go; attack is pressed in what goes."""
    held = {W} if 40 <= tick < 200 else set()
    return frozenset(held | ({ATTACK} if 105 <= tick < 150 else set()))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    make_take(
        folder,
        "take",
        TICKS,
        held=keys,
        motion=playful,
        gaps={60: ("paused", 4.0), 115: ("the game is not in front", 2.5), 220: ("nobody plays", 70.0)},
        missed={30: 2, 110: 9, 240: 1},
        notes={"task": {"title": "Free play"}},
    )
    return folder


@pytest.fixture
def take(made: Path, tmp_path: Path) -> Take:
    folder = shutil.copytree(made, tmp_path / "takes")
    return waiting_take(folder, "take")


def contents(folder: Path, name: str = "take") -> dict[str, bytes]:
    return {path.name.removeprefix(name): path.read_bytes() for path in folder.glob(f"{name}.*")}


def demand_ticks(before: Path, after: Path, kept: list[int]) -> None:
    """Tick by tick the same actions; and the same pictures, but for what encoding again may change."""
    with Recording.open(before) as old, Recording.open(after) as new:
        assert len(new) == len(new.video) == len(kept)
        assert np.array_equal(old.converted().actions.buttons[kept], new.converted().actions.buttons)
        assert np.array_equal(old.converted().actions.camera[kept], new.converted().actions.camera)
        for tick, number in enumerate(kept):
            difference = np.abs(old.picture(number).astype(int) - new.picture(tick).astype(int))
            assert difference.mean() < 10, (tick, number)  # of a picture that moved: more than 20
    assert validate(after).health is Health.HEALTHY


def test_a_trim_at_the_end_copies_pictures_as_they_are(take):
    before = contents(take.folder)
    mended = trim(take, 0, 180)
    assert [one.name for one in mended.takes] == ["take"]
    assert contents(take.folder / DISCARDED, mended.original) == before
    demand_ticks(take.folder / DISCARDED / f"{mended.original}.mp4", take.video, list(range(180)))
    with Recording.open(take.video) as new, Recording.open(take.folder / DISCARDED / "take~1.mp4") as old:
        assert all(np.array_equal(old.picture(tick), new.picture(tick)) for tick in range(0, 180, 20))


def test_a_trim_moves_lines_events_and_notes_along(take):
    trim(take, 50, 230)
    demand_ticks(take.folder / DISCARDED / "take~1.mp4", take.video, list(range(50, 230)))
    with Recording.open(take.video) as new, Recording.open(take.folder / DISCARDED / "take~1.mp4") as old:
        # Up to the next key frame pictures are encoded again; after it they are what they were.
        assert all(np.array_equal(old.picture(tick), new.picture(tick - 50)) for tick in range(100, 230, 10))
    said = lines(take.folder / "take.jsonl")
    assert [line["tick"] for line in said] == list(range(180))
    assert [tick for tick, line in enumerate(said) if "gap" in line] == [10, 65, 170]
    assert said[0]["keyboard"] == {"keys": ["key.keyboard.w"], "newKeys": [], "chars": ""}
    events = lines(take.folder / "take.events.jsonl")
    assert [event["kind"] for event in events[1:4]] == ["source", "held", "frame"]
    assert events[2] == {"kind": "held", "at": said[0]["grabbed_ns"], "codes": [W]}
    assert [event["tick"] for event in events if "tick" in event] == list(range(180))
    frames = [event["at"] for event in events if event.get("kind") == "frame"]
    assert frames == [line["grabbed_ns"] for line in said]
    notes = json.loads((take.folder / "take.json").read_bytes())["notes"]
    assert [(gap["tick"], gap["why"]) for gap in notes["gaps"]] == [
        (10, "paused"),
        (65, "the game is not in front"),
        (170, "nobody plays"),
    ]
    assert notes["missed"] == [{"tick": 60, "frames": 9}]
    assert (notes["pauses"], notes["marks"]) == ([10], [36, 80])
    assert notes["task"] == {"title": "Free play"}
    (mend,) = notes["mended"]
    assert mend == {"do": "trim", "of": "take~1", "take": "take", "kept": [[50, 230]]}


def test_a_cut_leaves_one_take_with_a_gap_at_the_seam(take):
    cut(take, [(100, 160)])
    kept = [*range(100), *range(160, TICKS)]
    demand_ticks(take.folder / DISCARDED / "take~1.mp4", take.video, kept)
    said = lines(take.folder / "take.jsonl")
    # 60 ticks, of which one was 10 long, and a gap of 2.5 s among them.
    assert said[100]["gap"] == {"why": CUT_OUT, "seconds": 3.0 + 9 * 0.05 + 2.5}
    assert [tick for tick, line in enumerate(said) if "gap" in line] == [60, 100, 160]
    events = lines(take.folder / "take.events.jsonl")
    seam = next(index for index, event in enumerate(events) if event.get("tick") == 100)
    assert events[seam + 1 : seam + 3] == [
        {"kind": "held", "at": said[100]["grabbed_ns"], "codes": [W]},
        {"kind": "frame", "at": said[100]["grabbed_ns"], "until": said[101]["grabbed_ns"]},
    ]
    assert not any(
        event.get("code") == ATTACK for event in events
    )  # it was pressed and released in what went
    gaps = json.loads((take.folder / "take.json").read_bytes())["notes"]["gaps"]
    assert [(gap["tick"], gap["why"]) for gap in gaps] == [
        (60, "paused"),
        (100, CUT_OUT),
        (160, "nobody plays"),
    ]


def test_a_split_makes_takes_of_the_parts(take):
    mended = split(take, [(0, 60), (60, 115), (120, 260)])
    assert [(one.name, one.ticks) for one in mended.takes] == [
        ("take-1", 60),
        ("take-2", 55),
        ("take-3", 140),
    ]
    assert [one.name for one in waiting_takes(take.folder)] == ["take-1", "take-2", "take-3"]
    original = take.folder / DISCARDED / "take~1.mp4"
    demand_ticks(original, take.folder / "take-2.mp4", list(range(60, 115)))
    demand_ticks(original, take.folder / "take-3.mp4", list(range(120, 260)))
    assert not any("gap" in line for line in lines(take.folder / "take-2.jsonl"))


def test_what_was_mended_comes_back_byte_for_byte(take):
    before = contents(take.folder)
    trim(take, 0, 200)
    trim(waiting_take(take.folder, "take"), 0, 150)
    split(waiting_take(take.folder, "take"), [(0, 50), (50, 150)])
    assert restore(take.folder, "take-2").ticks == 150
    assert [one.name for one in waiting_takes(take.folder)] == ["take"]
    assert restore(take.folder, "take").ticks == 200
    assert restore(take.folder, "take").ticks == TICKS
    assert contents(take.folder) == before
    with pytest.raises(StudioError, match="no take take was put away"):
        restore(take.folder, "take")


def test_a_discarded_take_is_restored_by_its_name(take):
    before = contents(take.folder)
    discard(take)
    assert waiting_takes(take.folder) == []
    assert restore(take.folder, "take") == take
    assert contents(take.folder) == before


def test_takes_of_one_name_are_put_away_side_by_side(take):
    trim(take, 0, 180)
    discard(waiting_take(take.folder, "take"))
    restore(take.folder, "take~1")
    discard(take)
    assert restore(take.folder, "take").ticks == TICKS
    discard(take)
    assert restore(take.folder, "take~1").ticks == 180


def test_the_original_comes_back_also_when_the_mended_one_was_kept(take, tmp_path):
    with Project.create(tmp_path / "project", "Mended") as project:
        folder = shutil.copytree(take.folder, takes_folder(project.layout.folder))
        trim(waiting_take(folder, "take"), 0, 180)
        row = project.recording(keep(project, waiting_take(folder, "take")))
        assert row.duration_ticks == 180
    assert restore(folder, "take~1").ticks == TICKS


def test_a_slot_that_differs_is_not_joined_but_split(tmp_path):
    make_take(tmp_path, "take", 120, held=lambda tick: frozenset({TWO}) if 50 <= tick < 53 else frozenset())
    take = waiting_take(tmp_path, "take")
    with pytest.raises(StudioError, match="another slot of the hot-bar"):
        cut(take, [(40, 80)])
    split(take, [(0, 40), (80, 120)])
    with Recording.open(tmp_path / "take-2.mp4") as second:
        assert not second.converted().actions.column("hotbar.2").any()


def test_a_button_stuck_from_the_start_does_not_come_unstuck(tmp_path):
    """The press that ends it is in the part that goes."""
    writer = TakeWriter(tmp_path, "take", Sidecar(), width=64, height=36)
    for tick in range(90):
        writer.write(
            np.full((36, 64, 3), tick, np.uint8), TickInput(frozenset({"attack"} if tick != 50 else ()))
        )
    writer.close()
    said = lines(tmp_path / "take.jsonl")
    said[0]["mouse"]["newButtons"] = [0]  # as OpenAI's recorder has it
    (tmp_path / "take.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in said))
    with Recording.open(tmp_path / "take.mp4") as recording:
        attack = recording.converted().actions.column("attack").copy()
    assert not attack[:51].any()
    assert attack[51:].all()
    cut(waiting_take(tmp_path, "take"), [(40, 60)])
    with Recording.open(tmp_path / "take.mp4") as recording:
        assert recording.converted().actions.column("attack").tolist() == [*attack[:40], *attack[60:]]


@pytest.mark.parametrize(
    ("mend", "words"),
    [
        (lambda take: trim(take, 30, TICKS + 1), "not ticks of this take"),
        (lambda take: trim(take, 30, 30), "not ticks of this take"),
        (lambda take: cut(take, [(0, TICKS)]), "nothing of the take would be left"),
        (lambda take: split(take, [(0, 50), (40, 80)]), "overlap"),
    ],
)
def test_what_cannot_be_done_changes_nothing(take, mend, words):
    before = contents(take.folder)
    with pytest.raises(StudioError, match=words):
        mend(take)
    assert contents(take.folder) == before
    assert sorted(path.name for path in take.folder.iterdir()) == sorted(f"take{suffix}" for suffix in before)


def test_a_take_in_use_is_not_mended(take):
    with TakeLock(take.folder, "take"), pytest.raises(StudioError):
        trim(take, 0, 100)


_KILLED = """
import os, signal, sys
from pathlib import Path
from recorder.takes import mending
from recorder.takes.waiting import waiting_take

EVERY = int(sys.argv[1])
FOLDERS = [Path(name) for name in sys.argv[2:]]
WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.utime", "shutil.rmtree"}
left = None

def count(event, arguments):
    global left
    if left is None or event not in WRITES:
        return
    if event == "open" and arguments[1] in (None, "r", "rb"):
        return
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1

sys.addaudithook(count)
for number, folder in enumerate(FOLDERS):
    child = os.fork()
    if child == 0:
        take = waiting_take(folder, "take")
        left = EVERY * number
        mending.split(take, [(0, 20), (25, 60)])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(int(os.WIFSIGNALED(status)), flush=True)
    if not os.WIFSIGNALED(status):
        break
"""


def test_a_mend_that_is_killed_at_any_moment_is_done_wholly_or_not_at_all(tmp_path):
    """Killed before one of its changes to the disk, one after another, until it gets through.

    All 86 were tried; here it is every fourth, for the sake of time.
    """
    every = 4
    make_take(tmp_path / "made", "take", 60, motion=playful)
    before = contents(tmp_path / "made")
    folders = [
        shutil.copytree(tmp_path / "made", tmp_path / f"takes-{number}") for number in range(100 // every)
    ]
    told = subprocess.run(
        [sys.executable, "-c", _KILLED, str(every), *map(str, folders)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=100,
    ).stdout.split()
    killed = told.count(b"1")
    assert told == [b"1"] * killed + [b"0"]
    assert killed >= 60 // every
    done = []
    for folder in folders[: killed + 1]:
        found = [(take.name, take.ticks) for take in waiting_takes(folder)]
        done.append(found != [("take", 60)])
        if done[-1]:
            assert found == [("take-1", 20), ("take-2", 35)]
            assert all(len(contents(folder, name)) == 4 for name, _ in found)
            assert validate(folder / "take-2.mp4").health is Health.HEALTHY
            assert contents(folder / DISCARDED, "take~1") == before
            restore(folder, "take~1")
        assert contents(folder) == before
        names = {path.name for path in folder.iterdir() if path.suffix != ".lock"} - {DISCARDED}
        assert names == {f"take{suffix}" for suffix in before}  # nothing half made is left
    assert done == sorted(done)  # from one moment on it is done
    assert 0 < done.index(True) < killed


def test_a_journal_from_elsewhere_moves_nothing_out_of_the_folder(tmp_path):
    (tmp_path / "takes").mkdir()
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "takes" / ".take.moves.json").write_bytes(orjson.dumps([["../secret", "take.mp4"]]))
    assert "not a path below the folder" in finish_moves(tmp_path / "takes")["take"].what
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_journal_that_cannot_be_read_holds_up_no_other_take(take, tmp_path):
    for suffix in contents(take.folder):
        shutil.copyfile(take.folder / f"take{suffix}", take.folder / f"other{suffix}")
    journal, half_made = take.folder / ".take.moves.json", take.folder / ".take.mending"
    journal.write_bytes(b"[")
    half_made.mkdir()
    # What was cut short of a third one is done on the way all the same.
    (take.folder / ".third.moves.json").write_bytes(orjson.dumps([["other.json", "third.json"]]))
    assert [one.name for one in waiting_takes(take.folder)] == ["other", "take"]
    assert (take.folder / "third.json").is_file()
    other = waiting_take(take.folder, "other")
    trim(other, 0, 180)
    restore(take.folder, "other~1")
    discard(other)
    before = contents(take.folder)
    for touch in (
        lambda: waiting_take(take.folder, "take"),
        lambda: trim(take, 0, 180),
        lambda: discard(take),
    ):
        with pytest.raises(StudioError, match="cannot be read"):
            touch()
    assert contents(take.folder) == before
    assert journal.read_bytes() == b"["
    assert half_made.is_dir()
    journal.unlink()
    assert waiting_takes(take.folder) == [take]


def test_trouble_with_a_take_is_told_where_takes_are_listed(made, tmp_path):
    folder = tmp_path / "project"
    Project.create(folder, "Troubled").close()
    shutil.copytree(made, takes_folder(folder))
    (takes_folder(folder) / ".lost.moves.json").write_bytes(b"{")
    words = ["takes", "list", "--project", str(folder)]
    told = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    assert [one["take"] for one in told["takes"]] == ["take"]
    assert [one["take"] for one in told["troubles"]] == ["lost"]
    shown = CliRunner().invoke(cli, words)
    assert shown.exit_code == 0
    assert "lost: " in shown.stderr
    assert "take" in shown.stdout
    recovered = CliRunner().invoke(cli, ["takes", "recover", "--project", str(folder)])
    assert "Left out: " in recovered.stderr


def test_takes_are_mended_from_the_command_line(made, tmp_path):
    folder = tmp_path / "project"
    Project.create(folder, "Mended").close()
    shutil.copytree(made, takes_folder(folder))

    def run(*words: str) -> dict:
        done = CliRunner().invoke(cli, ["takes", *words, "--project", str(folder), "--json"])
        return json.loads(done.stdout)

    told = run("split", "take", "0:02", "160t")
    assert told["original"] == "take~1"
    assert [one["ticks"] for one in told["takes"]] == [40, 120, 100]
    assert run("restore", "take~1")["take"]["ticks"] == TICKS
    assert [one["ticks"] for one in run("cut", "take", "1-2.5", "0:05-0:06")["takes"]] == [TICKS - 50]
    assert [one["ticks"] for one in run("trim", "take", "20t", "0:10")["takes"]] == [180]
    assert run("restore", "take")["take"]["ticks"] == TICKS - 50
    assert "not a time" in run("trim", "take", "soon", "0:10")["error"]["what"]
    assert "parts to keep" in run("split", "take", "0:02", "0:03-0:04")["error"]["what"]


def test_a_mended_take_plays_on_as_before(tmp_path):
    """Keys as a hand presses them, cut in many places: no action changes."""
    make_take(tmp_path, "take", 400, held=walking, motion=playful)
    rng = np.random.default_rng(3)
    edges = sorted(rng.choice(399, 12, replace=False).tolist())
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    cut(waiting_take(tmp_path, "take"), spans)
    kept = [tick for tick in range(400) if not any(start <= tick < stop for start, stop in spans)]
    demand_ticks(tmp_path / DISCARDED / "take~1.mp4", tmp_path / "take.mp4", kept)
