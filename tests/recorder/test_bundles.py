"""Takes handed over in a bundle: out of one project, into another, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from main import cli
from recorder.bundles.handover import check_bundle, export_bundle, import_bundle
from recorder.takes.waiting import keep, takes_folder, waiting_take
from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput


def write_take(folder: Path, name: str, *, source: Source = Source.HUMAN, finish: bool = True) -> Path:
    notes = {"task": {"id": "gather-wood", "title": "Gather wood"}, "consent": {"version": 1, "text": "Yes"}}
    sidecar = Sidecar(source=source, person="amber", environment="test", notes=notes)
    writer = TakeWriter(folder, name, sidecar, width=160, height=90)
    noise = np.random.default_rng(len(name))
    for tick in range(30):
        writer.write(noise.integers(0, 255, (90, 160, 3), np.uint8), TickInput(frozenset({"forward"})))
        writer.write_events([{"tick": tick, "t": tick, "is": "key"}])
    if finish:
        return writer.close()
    writer.leave()
    return folder / f"{name}.mp4"


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project", "Takes") as made:
        yield made


@pytest.fixture
def folder(project):
    return takes_folder(project.layout.folder)


@pytest.fixture
def elsewhere(tmp_path):
    with Project.create(tmp_path / "elsewhere", "Training") as made:
        yield made


def run(*words):
    outcome = CliRunner().invoke(cli, ["takes", *map(str, words), "--json"], catch_exceptions=False)
    return outcome.exit_code, json.loads(outcome.stdout)


def test_takes_and_recordings_arrive_as_they_left(project, folder, elsewhere, tmp_path):
    kept = write_take(folder, "kept")
    keep(project, waiting_take(folder, "kept"))
    write_take(folder, "crashed", finish=False)
    code, told = run(
        "export", "kept", "crashed", "--to", tmp_path / "out", "--project", project.layout.folder
    )
    assert code == 0
    bundle = Path(told["bundle"])
    assert bundle.name == "crashed-and-1-more.zip"
    crashed, first = told["takes"]
    assert (crashed["name"], crashed["ticks"], crashed["seconds"], crashed["verdict"]) == (
        "crashed", 30, 1.5, "healthy",
    )  # fmt: skip
    assert (first["person"], first["task"], first["consent"]) == ("amber", "gather-wood", 1)
    assert waiting_take(folder, "crashed").is_whole
    assert not kept.exists()

    place = ("--project", elsewhere.layout.folder)
    assert run("import", bundle, "--check", *place)[1]["bundles"][str(bundle)] == told["takes"]
    assert elsewhere.recordings() == []
    code, arrived = run("import", bundle, *place)
    assert (code, arrived["imported"], arrived["left_out"]) == (0, ["crashed", "kept"], [])
    for name, source in (("crashed", folder), ("kept", project.layout.recordings)):
        row = elsewhere.recording(name)
        assert (row.source, row.person, row.health) == (Source.HUMAN, "amber", "healthy")
        for suffix in (".mp4", ".jsonl", ".json", ".events.jsonl"):
            file = f"{name}{suffix}"
            assert (elsewhere.layout.recordings / file).read_bytes() == (source / file).read_bytes()
    code, again = run("import", bundle.parent, *place)  # all bundles of a folder
    assert (code, again["imported"]) == (0, [])
    assert [known["id"] for known in again["already_there"]] == ["crashed", "kept"]
    assert list(elsewhere.layout.cache.iterdir()) == []


def test_the_same_take_makes_the_same_bytes_and_no_other_file_is_overwritten(tmp_path):
    take = write_take(tmp_path, "take")
    one = export_bundle([take], tmp_path / "one")
    os.utime(take, (0, 0))
    assert export_bundle([take], tmp_path / "two.zip").read_bytes() == one.read_bytes()
    one.write_bytes(b"of somebody else")
    with pytest.raises(StudioError, match="already there"):
        export_bundle([take], tmp_path / "one")
    assert one.read_bytes() == b"of somebody else"


def test_a_recording_that_refers_to_its_files_is_handed_in_whole(tmp_path, elsewhere):
    video = write_take(tmp_path, "far")
    place = tmp_path / "referring" / "near.json"
    place.parent.mkdir()
    sidecar = read_sidecar(video.with_suffix(".json"))
    referring = {
        name: ForeignFile(f"../far{suffix}", sha256_of(video.with_suffix(suffix)))
        for name, suffix in (("video", ".mp4"), ("actions", ".jsonl"))
    }
    write_sidecar(place, replace(sidecar, **referring))
    (arrived,) = import_bundle(elsewhere, export_bundle([place], tmp_path / "out"))
    assert (arrived.name, arrived.recording_id, arrived.is_new) == ("near", "near", True)
    assert read_sidecar(elsewhere.layout.recordings / "near.json") == sidecar


def test_what_cannot_be_handed_in_is_told(project, folder, tmp_path):
    write_take(folder, "bad").write_bytes(b"no video")
    with pytest.raises(StudioError, match="bad cannot be handed in"):
        export_bundle([folder / "bad.mp4"], tmp_path / "out")
    write_take(folder, "scripted", source=Source.SCRIPT)
    keep(project, waiting_take(folder, "scripted"))
    place = ("--to", tmp_path / "out", "--project", project.layout.folder)
    for name, said in (("scripted", "not played by a human"), ("none", "no take and no recording")):
        code, told = run("export", name, *place)
        assert code == 1
        assert said in told["error"]["what"]
    assert not list((tmp_path / "out").glob("*.zip"))


EXPORT = """
import sys
from pathlib import Path

from recorder.bundles.handover import export_bundle

if __name__ == "__main__":
    export_bundle([Path(sys.argv[1])], Path(sys.argv[2]))
"""


def test_a_killed_export_leaves_no_half_bundle(tmp_path):
    video = write_take(tmp_path, "take")
    noise = np.random.default_rng(0).bytes(5_000_000).hex()  # takes a while to pack
    video.with_suffix(".events.jsonl").write_text(json.dumps({"tick": 0, "noise": noise}) + "\n")
    script, out = tmp_path / "export.py", tmp_path / "out"
    script.write_text(EXPORT)
    with subprocess.Popen(
        [sys.executable, str(script), str(video), str(out)],
        env=dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[2])),
    ) as process:
        while process.poll() is None and not (
            out.is_dir() and any(path.stat().st_size for path in out.iterdir())
        ):
            pass
        process.send_signal(signal.SIGKILL)
    whole = [path for path in out.iterdir() if not path.name.startswith(".")]
    for path in whole:  # it was quicker
        check_bundle(path)
    bundle = export_bundle([video], out)  # also where it is there already
    assert check_bundle(bundle).takes[0].name == "take"
