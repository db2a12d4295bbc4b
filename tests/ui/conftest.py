"""A real window on a real X screen, with settings of its own and small real recordings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's packages are not installed")

from PySide6.QtWidgets import QApplication

from training.runs import RunPlaces, create_run
from ui.application import make_application, use_settings
from ui.session import Session
from ui.settings import SettingsStore
from ui.studio import Studio
from ui.window import MainWindow
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings

TIMEOUT_MS = 30_000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The studio's application, with its look."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        pytest.skip("there is no screen; `make test` brings a virtual one (xvfb-run)")
    return make_application(["vpt-studio"])


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, caches, logs and documents of each test's own."""
    for name in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    """Settings of a researcher who has been here before."""
    made = SettingsStore(tmp_path / "settings.yaml")
    made.change("general", role="researcher")
    made.change("look", theme="dark", reduce_motion=True)
    return made


@pytest.fixture
def make_window(qtbot, qapp) -> Callable[..., MainWindow]:
    """Opens windows; they are closed at the end of the test."""
    opened: list[MainWindow] = []

    def make(
        store: SettingsStore, folder: Path | None = None, page: str = "home", **where: object
    ) -> MainWindow:
        use_settings(store)
        studio = Studio(Session(store))
        window = MainWindow(studio)
        opened.append(window)
        window.show_page("home")
        with qtbot.waitActive(window, timeout=TIMEOUT_MS):
            window.show()
            window.activateWindow()
        if folder is not None:
            studio.open_project(folder, then="" if where else page)
            qtbot.waitUntil(lambda: studio.session.project is not None, timeout=TIMEOUT_MS)
            if where:
                studio.go(page, **where)
            qtbot.waitUntil(lambda: window.page == page, timeout=TIMEOUT_MS)
        elif page != "home":
            studio.go(page)
        return window

    yield make
    for window in opened:
        window.close_now()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture(scope="session")
def full_project(tmp_path_factory: pytest.TempPathFactory, noise_recordings: list[Path]) -> Path:
    """A project with three good recordings, two bad ones and three runs; copy it to change it."""
    folder = tmp_path_factory.mktemp("full")
    bad = folder / "incoming"
    bad.mkdir()
    video = bytearray(noise_recordings[0].read_bytes())
    video[len(video) // 2 : len(video) // 2 + 4000] = bytes(4000)
    (bad / "holed.mp4").write_bytes(video)
    (bad / "holed.jsonl").write_bytes(noise_recordings[0].with_suffix(".jsonl").read_bytes())
    lines = noise_recordings[1].with_suffix(".jsonl").read_bytes().splitlines(keepends=True)
    (bad / "gaps.mp4").write_bytes(noise_recordings[1].read_bytes() + b"\0")
    (bad / "gaps.jsonl").write_bytes(b"".join(lines[:50] + [b"{ no tick\n"] * 20 + lines[70:]))
    with Project.create(folder / "project", "Everything") as project:
        report = import_recordings(project, [*noise_recordings, bad], ImportOptions())
        assert len(report.imported) == 5, report
        for name in ("first", "second", "third"):
            run = create_run(project.layout.runs, "idm", "training:\n  minutes: 1.0\n", name=name)
            RunPlaces(run).metrics.write_text(_measurements(), encoding="utf-8")
    return folder / "project"


def _measurements() -> str:
    rows = [
        f'{{"step": {step}, "time": {1000 + step}, "attempt": 1, "losses/nll": {9 / step:.4f},'
        f' "held_out/joint_exact_match": {1 - 1 / step:.4f}, "held_out/yaw_r2": {step / 100:.2f}}}'
        for step in range(1, 90)
    ]
    return "\n".join(rows) + "\n"


@pytest.fixture
def own_project(full_project: Path, tmp_path: Path) -> Path:
    """A copy of the full project, to be changed."""
    import shutil

    return shutil.copytree(full_project, tmp_path / "project")
