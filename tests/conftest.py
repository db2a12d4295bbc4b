"""What tests of every room share: small real recordings, and where the shared data is."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from vpt_studio.actions import Actions
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.recordings.sidecar import Sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines
from vpt_studio.recordings.video_writer import VideoWriter


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with ``parity`` and ``recordings``; tests that need it are passed over without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("VPT_STUDIO_SHARED", beside)) / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder}; set VPT_STUDIO_SHARED to the folder that has data/parity")
    return folder


def write_moving_noise(path: Path, ticks: int, seed: int) -> Actions:
    """A recording whose picture moves with the mouse and darkens while forward is held."""
    rng = np.random.default_rng(seed)
    actions = Actions.null(ticks)
    actions.column("forward")[:] = np.repeat(rng.random(ticks // 10 + 1) < 0.5, 10)[:ticks]
    actions.camera[:] = np.repeat(rng.integers(-3, 4, (ticks // 5 + 1, 2)), 5, axis=0)[:ticks] * 0.9
    world = rng.integers(0, 256, (90, 160, 3), np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    place = np.zeros(2)
    with VideoWriter(path, 320, 180, preset="ultrafast") as writer:
        for tick in range(ticks):
            rolled = np.roll(world, tuple((-place * 3).round().astype(int)), axis=(0, 1))
            held = tick > 0 and actions.column("forward")[tick - 1]
            writer.write(rolled[:180, :320] // (2 if held else 1))
            place += actions.camera[tick]
    path.with_suffix(".jsonl").write_bytes(b"".join(tick_lines(raw_from_actions(actions))))
    write_sidecar(path.with_suffix(".json"), Sidecar(source=Source.SCRIPT))
    return actions


@pytest.fixture(scope="session")
def noise_recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three recordings of 10 seconds."""
    folder = tmp_path_factory.mktemp("noise")
    paths = [folder / f"noise-{number}.mp4" for number in range(3)]
    for seed, path in enumerate(paths):
        write_moving_noise(path, 200, seed)
    return paths


@pytest.fixture
def project_folder(tmp_path: Path, noise_recordings: list[Path]) -> Path:
    """A project with the three recordings in it."""
    folder = tmp_path / "project"
    with Project.create(folder, "noise") as project:
        report = import_recordings(project, noise_recordings, ImportOptions(refer=True, decode=False))
        assert len(report.imported) == 3
    return folder
