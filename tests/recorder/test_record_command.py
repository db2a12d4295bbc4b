"""``vpt-studio record`` on a real X screen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if not sys.platform.startswith("linux"):
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import DesktopStage

from recorder.takes import takes_folder, waiting_takes
from vpt_studio.project import Project

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "from recorder.commands.record import record; record()"
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def stage() -> Iterator[DesktopStage]:
    made = DesktopStage()
    yield made
    made.close()


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


def test_control_c_stops_and_saves(stage, tmp_path):
    with command(stage, "--title", "game", "--folder", str(tmp_path), "--agree", "--json") as run:
        while "Recording" not in run.stderr.readline():
            pass
        # The first status comes once ticks are on the disk.
        while not any(path.stat().st_size for path in tmp_path.glob("*.take/ticks.jsonl")):
            assert run.poll() is None
        os.killpg(run.pid, signal.SIGINT)
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
