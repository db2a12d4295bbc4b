"""What the window shows while it is measured: a project of many recordings, and one with a minute of play."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import orjson

from bench.comparing import recordings_in
from bench.open_project import write_recordings
from bench.window.gui_thread import wait_until
from training.runs import create_run
from ui.application import make_application, use_settings
from ui.garbage import GarbageCollection
from ui.predictions import predictions_folder
from ui.recording_columns import read_columns
from ui.session import Session
from ui.settings import SettingsStore
from ui.studio import Studio
from ui.window import MainWindow
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings

WINDOW_SIZE = (1440, 900)
PLAY_TICKS = 1200
_THUMBNAILS = 12
_WITHOUT_THUMBNAIL = 10  # each tenth recording has none, and an empty video to make one of


@contextmanager
def own_folders() -> Iterator[Path]:
    """A scratch folder; settings, caches and logs of this process and its children go there too."""
    with tempfile.TemporaryDirectory(prefix="vpt-studio-window-") as place:
        folder = Path(place)
        names = {f"XDG_{name}_HOME": folder / name.lower() for name in ("CONFIG", "CACHE", "STATE", "DATA")}
        names["XDG_RUNTIME_DIR"] = folder / "runtime"
        names["XDG_RUNTIME_DIR"].mkdir(mode=0o700)
        before = {name: os.environ.get(name) for name in names}
        os.environ.update({name: str(path) for name, path in names.items()})
        try:
            SettingsStore().change("general", role="researcher")
            yield folder
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def make_large_project(folder: Path, count: int) -> Path:
    """A project of `count` recordings with empty videos; most have a thumbnail, as after a first visit."""
    with Project.create(folder, "Large") as project:
        rows = list(write_recordings(project.layout, count))
        project.add_recordings(rows)
        thumbnails = project.layout.cache / "thumbnails"
    thumbnails.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    pictures = []
    for number in range(_THUMBNAILS):
        coarse = rng.integers(0, 256, (9, 16, 3), np.uint8)
        picture = thumbnails / f"picture-{number}.jpg"
        cv2.imwrite(str(picture), cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_CUBIC))
        pictures.append(picture)
    for number, row in enumerate(rows):
        if number % _WITHOUT_THUMBNAIL:
            os.link(pictures[number % _THUMBNAILS], thumbnails / f"{row.id}.jpg")
    return folder


def make_play_project(folder: Path, source: Path | None) -> tuple[Path, str]:
    """A project with one recording of a minute or more, and an IDM's opinion of it, made from the recording.

    Returns:
        The project's folder, and the recording's id.
    """
    with recordings_in(source) as videos, Project.create(folder, "Play") as project:
        video = videos[0]
        incoming = folder.with_name(f"{folder.name}-incoming")
        incoming.mkdir()
        for part in (video, video.with_suffix(".jsonl")):
            shutil.copyfile(part, incoming / part.name)
        report = import_recordings(project, [incoming], ImportOptions(decode=False))
        if not report.imported:
            raise SystemExit(f"{video} cannot be imported: {report.left_out}")
        run = create_run(project.layout.runs, "idm", "training:\n  minutes: 1.0\n", name="opinion")
        (run / "artifacts" / "model-step-1").mkdir(parents=True)
    recording = report.imported[0].id
    _write_opinion(folder, run.name, recording)
    return folder, recording


def _write_opinion(folder: Path, run: str, recording: str) -> None:
    columns = read_columns(folder, recording)
    rng = np.random.default_rng(0)
    held = np.clip(0.8 * columns.buttons + rng.random(columns.buttons.shape) * 0.35, 0, 1)
    camera = columns.camera + rng.normal(0, 1.5, columns.camera.shape)
    place = predictions_folder(folder, run)
    place.mkdir(parents=True)
    lines = (
        orjson.dumps({"held": keys, "meanCamera": turn})
        for keys, turn in zip(held.tolist(), camera.tolist(), strict=True)
    )
    (place / f"{recording}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (place / f"{recording}.json").write_bytes(b"{}\n")


@contextmanager
def open_window(folder: Path) -> Iterator[MainWindow]:
    """The real window, on the screen, with the project in `folder` open and all its work done."""
    make_application(["vpt-studio"])
    garbage = GarbageCollection()
    store = SettingsStore()
    use_settings(store)
    studio = Studio(Session(store))
    window = MainWindow(studio)
    window.resize(*WINDOW_SIZE)
    window.show_page("home")
    window.show()
    window.activateWindow()
    try:
        studio.open_project(folder, then="home")
        wait_until(lambda: studio.session.project is not None, "the project")
        wait_until(lambda: studio.background.is_idle, "Home")
        yield window
    finally:
        window.close_now()
        window.deleteLater()
        garbage.stop()
