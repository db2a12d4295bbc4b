"""A fresh project, recordings with small real files, and other processes that use the same project."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import vpt_studio
from vpt_studio.project import Project, RecordingRow

REPOSITORY = Path(vpt_studio.__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_project_in_the_environment(monkeypatch):
    monkeypatch.delenv("VPT_STUDIO_PROJECT", raising=False)


@pytest.fixture
def folder(tmp_path):
    """A place for a project, with nothing there yet."""
    return tmp_path / "forest"


@pytest.fixture
def project(folder):
    """A project that was just made, open."""
    with Project.create(folder, "Forest") as made:
        yield made


@pytest.fixture
def put_recording():
    """Write a recording's files and add it."""

    def put(project, stem="take", **facts):
        files = project.layout.recording_places(stem)
        project.layout.path_of(files.video).write_bytes(f"video of {stem}".encode())
        project.layout.path_of(files.actions).write_bytes(f"actions of {stem}".encode())
        project.layout.path_of(files.sidecar).write_bytes(b"{}")
        row = RecordingRow(
            id=stem,
            video=files.video,
            actions=files.actions,
            **{"duration_ticks": 1200, "frames": 1201, "width": 640, "height": 360, **facts},
        )
        return project.add_recording(row)

    return put


def start_process(code, *arguments, **options):
    """Start another Python process that runs `code` with `arguments` in ``sys.argv[1:]``."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.fixture
def other_process():
    """Start other processes; whatever is still running at the end of the test is stopped."""
    started = []

    def start(code, *arguments, **options):
        started.append(start_process(code, *arguments, **options))
        return started[-1]

    yield start
    for process in started:
        with process:
            process.kill()


@pytest.fixture
def contents():
    """What is in a folder: every file with its hash, but for SQLite's shared memory and an empty log."""

    def look(folder):
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            and path.name != "project.db-shm"
            and not (path.name == "project.db-wal" and path.stat().st_size == 0)
        }

    return look
