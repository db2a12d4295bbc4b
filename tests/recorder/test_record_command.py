"""``vpt-studio record`` on a real X screen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import DesktopStage

from recorder.takes.waiting import takes_folder, waiting_takes
from vpt_studio.project import Project

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "from recorder.commands.record import record; record()"
pytestmark = pytest.mark.timeout(120)


def command(stage: DesktopStage, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ, DISPLAY=stage.name),
        start_new_session=True,
    )


def test_a_take_goes_to_the_project(stage, tmp_path):
    with Project.create(tmp_path / "project", "Takes") as project:
        folder = takes_folder(project.layout.folder)
    words = [
        "--title",
        "game",
        "--project",
        str(tmp_path / "project"),
        "--seconds",
        "0.5",
        "--agree",
        "--json",
    ]
    with command(stage, *words, "--profile", "luanti", "--name", "mine") as run:
        out, _ = run.communicate()
    assert json.loads(out)["ended"] == "the time is up"
    (take,) = waiting_takes(folder)
    assert (take.name, take.is_whole) == ("mine", True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_control_c_and_a_terminal_that_is_closed_stop_and_save(stage, tmp_path, number):
    with command(stage, "--title", "game", "--folder", str(tmp_path), "--agree", "--json") as run:
        while "Recording" not in run.stderr.readline():
            pass
        # The first status comes once ticks are on the disk.
        while not any(path.stat().st_size for path in tmp_path.glob("*.take/ticks.jsonl")):
            assert run.poll() is None
        os.killpg(run.pid, number)
        out, said = run.communicate()
    assert "Saving" in said
    assert json.loads(out)["ticks"] > 0


def test_nothing_is_recorded_without_consent(stage, tmp_path):
    with command(stage, "--title", "game", "--folder", str(tmp_path)) as run:
        _, said = run.communicate("n\n")
    assert "Do you agree?" in said
    assert run.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_windows_are_listed_and_a_wrong_one_is_told(stage, tmp_path):
    with command(stage, "--windows", "--json") as run:
        out, _ = run.communicate()
    titles = {window["title"] for window in json.loads(out)["windows"]}
    assert titles == {"The game", "Letters"}
    with command(stage, "--title", "chess", "--folder", str(tmp_path), "--agree") as run:
        _, said = run.communicate()
    assert run.returncode == 1
    assert "no window is called 'chess'" in said


def test_a_game_that_nobody_described_is_told(stage, tmp_path):
    with command(stage, "--profile", "chess", "--folder", str(tmp_path), "--agree", "--json") as run:
        out, _ = run.communicate()
    assert "no game profile" in json.loads(out)["error"]["what"]


def test_the_checks_are_told_and_a_red_one_is_an_exit_status(stage, tmp_path):
    words = ["--check", "--folder", str(tmp_path), "--json", "--seconds", "1"]
    with command(stage, "--title", "game", *words) as run:
        out, _ = run.communicate()
    told = {one["id"]: one["state"] for one in json.loads(out)["checks"]}
    assert (run.returncode, told["screen"], told["front"], told["keys"]) == (0, "ok", "ok", "wait")
    assert "sync" not in told  # another command measures it
    with command(stage, "--title", "game", "--check", "--folder", str(tmp_path)) as run:
        stage.close_window(stage.game)
        out, _ = run.communicate()
    assert run.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_take_keeps_its_task_and_what_was_measured(stage, tmp_path):
    measured = tmp_path / "sync.json"
    measured.write_text('{"offset_ms": 36.5, "spread_ms": 4, "samples": 8}')
    words = ["--title", "game", "--folder", str(tmp_path), "--agree", "--json", "--seconds", "0.5"]
    with command(stage, *words, "--task", "free-play", "--sync", str(measured), "--countdown", "1") as run:
        out, said = run.communicate()
    assert "Begins in 1 s" in said
    video = Path(json.loads(out)["video"])
    assert video.name.startswith("free-play-")
    notes = json.loads(video.with_suffix(".json").read_text())["notes"]
    assert (notes["task"]["id"], notes["sync"]["offset_ms"]) == ("free-play", 36.5)
    measured.write_text('{"offset": 36.5}')
    with command(stage, *words, "--sync", str(measured)) as run:
        out, _ = run.communicate()
    assert "no measurement" in json.loads(out)["error"]["what"]
