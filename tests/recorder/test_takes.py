"""Takes that wait: listed, recovered, kept, discarded and brought back, from the command line too."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from main import cli
from recorder.play.queued_take import QueuedTakeWriter
from recorder.takes.facts import take_facts
from recorder.takes.waiting import (
    bring_back,
    clear_discarded,
    discard,
    keep,
    recover,
    takes_folder,
    waiting_take,
    waiting_takes,
)
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_lock import TakeLock
from vpt_studio.recordings.tick_writing import TickInput


def write_take(folder: Path, name: str, ticks: int = 40, *, finish: bool = True) -> None:
    notes = {"task": {"title": "Gather wood"}}
    sidecar = Sidecar(source=Source.HUMAN, person="amber", environment="test", notes=notes)
    writer = QueuedTakeWriter(folder, name, sidecar)
    noise = np.random.default_rng(len(name))
    for tick in range(ticks):
        held = frozenset({"forward"}) if tick >= ticks // 2 else frozenset()
        screen = 4 <= tick < 8
        frame = noise.integers(0, 255, (45, 80, 3), np.uint8).repeat(8, axis=0).repeat(8, axis=1)
        writer.write(frame, TickInput(held, dx=float(tick == 1), gui_open=screen))
    if finish:
        writer.close({"slipped": 2, "pauses": [7]})
    else:
        writer.leave()


def write_for_ever(writer: QueuedTakeWriter) -> None:
    frame = np.zeros((360, 640, 3), np.uint8)
    while True:
        writer.write(frame, TickInput(frozenset()))


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project", "Takes") as made:
        yield made


@pytest.fixture
def folder(project):
    return takes_folder(project.layout.folder)


def test_a_kept_take_is_a_recording_of_a_human(project, folder):
    write_take(folder, "take")
    (take,) = waiting_takes(folder)
    assert take.is_whole
    assert take.seconds == 2.0
    kept = project.recording(keep(project, take))
    assert (kept.source, kept.person, kept.duration_ticks) == (Source.HUMAN, "amber", 40)
    assert waiting_takes(folder) == []
    assert list(folder.iterdir()) == []


def test_a_take_that_cannot_be_used_stays(project, folder):
    write_take(folder, "take")
    take = waiting_take(folder, "take")
    take.video.write_bytes(b"no video")
    with pytest.raises(StudioError):
        keep(project, take)
    assert waiting_takes(folder) == [take]


def test_a_discarded_take_can_be_taken_back_until_it_is_cleared(folder):
    write_take(folder, "take")
    take = waiting_take(folder, "take")
    discard(take)
    assert waiting_takes(folder) == []
    clear_discarded(folder)
    bring_back(take)
    assert waiting_takes(folder) == [take]
    discard(take)
    clear_discarded(folder, days=-1)
    with pytest.raises(StudioError, match="gone"):
        bring_back(take)


def test_a_take_that_is_being_written_is_not_recovered(folder):
    write_take(folder, "take", finish=False)
    take = waiting_take(folder, "take")
    with TakeLock(folder, "take"):
        assert waiting_takes(folder) == []
        with pytest.raises(StudioError, match="just now"):
            recover(take)
    assert recover(take).is_whole


def test_facts_of_a_take(folder):
    write_take(folder, "take")
    facts = take_facts(folder / "take.mp4")
    assert (facts.ticks, facts.slipped, facts.pauses, facts.task) == (40, 2, 1, "Gather wood")
    assert facts.active == pytest.approx(21 / 40)
    assert (facts.screens, facts.screen_share) == (1, pytest.approx(0.1))
    assert facts.held == {"forward": pytest.approx(0.5)}


def test_the_command_line_does_what_the_page_does(project, folder):
    def run(*words: str) -> dict:
        place = ["--project", str(project.layout.folder), "--json"]
        outcome = CliRunner().invoke(cli, ["takes", *words, *place], catch_exceptions=False)
        assert outcome.exit_code == 0, outcome.output
        return json.loads(outcome.stdout)

    write_take(folder, "crashed", finish=False)
    write_take(folder, "bad")
    listed = {take["take"]: take["is_whole"] for take in run("list")["takes"]}
    assert listed == {"crashed": False, "bad": True}
    assert [take["take"] for take in run("recover")["recovered"]] == ["crashed"]
    assert run("recover")["recovered"] == []
    assert run("discard", "bad")["discarded"] == ["bad"]
    assert run("keep", "crashed")["kept"] == {"crashed": "crashed"}
    assert run("list")["takes"] == []
    assert project.has_recording("crashed")


def test_a_full_disk_is_told_with_the_next_tick_and_what_was_written_stays(folder, monkeypatch):
    from vpt_studio.recordings.video_writer import VideoWriter

    write = VideoWriter.write

    def fill_up(self, frame):
        if self._written >= 25:
            raise StudioError("the video cannot be written on (no space left on device)")
        write(self, frame)

    monkeypatch.setattr(VideoWriter, "write", fill_up)
    writer = QueuedTakeWriter(folder, "take", Sidecar(source=Source.HUMAN))
    with pytest.raises(StudioError, match="no space"):
        write_for_ever(writer)
    writer.leave()
    assert recover(waiting_take(folder, "take")).ticks == 25


def test_a_folder_that_is_no_project_is_told(tmp_path):
    for words in (["list"], ["recover"], ["discard", "play"]):
        outcome = CliRunner().invoke(cli, ["takes", *words, "--project", str(tmp_path)])
        assert outcome.exit_code == 1
        assert "not a project" in outcome.output


WRITE_FOR_EVER = """
import sys
from pathlib import Path

import numpy as np

from recorder.play.queued_take import QueuedTakeWriter
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.tick_writing import TickInput

writer = QueuedTakeWriter(Path(sys.argv[1]), "take", Sidecar())
frames = np.random.default_rng(0).integers(0, 255, (4, 360, 640, 3), np.uint8)
while True:  # noise is much to encode: there is always more than can be
    for frame in frames:
        writer.write(frame, TickInput(frozenset()))
        print("written", flush=True)
"""


def test_a_kill_costs_less_than_a_second_also_where_encoding_cannot_keep_up(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
    ) as process:
        written = sum(process.stdout.readline() == b"written\n" for _ in range(100))
        process.kill()
    assert written == 100
    assert recover(waiting_take(tmp_path, "take")).ticks >= written - 20


def test_whatever_ends_the_encoding_is_told(folder):
    writer = QueuedTakeWriter(folder, "take", Sidecar(source=Source.HUMAN))
    frame = np.zeros((360, 640, 3), np.uint8)
    for extra in (None, None, {"what": object()}):  # no line of JSON has room for that
        writer.write(frame, TickInput(frozenset()), extra)
    with pytest.raises(StudioError, match="cannot be written on"):
        writer.close()
    assert recover(waiting_take(folder, "take")).ticks == 2


def test_pauses_are_unknown_where_nobody_counted_them(folder):
    write_take(folder, "take", finish=False)
    facts = take_facts(recover(waiting_take(folder, "take")).video)
    assert (facts.pauses, facts.slipped) == (None, None)


def test_a_take_that_cannot_be_recovered_holds_up_no_other(project, folder):
    writer = QueuedTakeWriter(folder, "begun", Sidecar(source=Source.HUMAN))
    shutil.copytree(folder / "begun.take", folder / "a-killed-at-once.take")
    writer.discard()
    write_take(folder, "crashed", finish=False)

    def run() -> tuple[int, dict]:
        words = ["takes", "recover", "--project", str(project.layout.folder), "--json"]
        outcome = CliRunner().invoke(cli, words, catch_exceptions=False)
        return outcome.exit_code, json.loads(outcome.stdout)

    code, told = run()
    assert (code, [take["take"] for take in told["recovered"]]) == (3, ["crashed"])
    assert [(one["take"], one["what"]) for one in told["left_out"]] == [
        ("a-killed-at-once", "no tick of this take reached the disk")
    ]
    assert run()[0] == 1
    discard(waiting_take(folder, "a-killed-at-once"))
    assert run() == (0, {"recovered": [], "left_out": []})
