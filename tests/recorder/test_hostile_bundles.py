"""Bundles that are damaged, or made to do harm: refused in words, and nothing is written anywhere."""

from __future__ import annotations

import hashlib
import json
import os
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recorder.bundles.handover import check_bundle, export_bundle, import_bundle
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_writer import TakeWriter
from vpt_studio.recordings.tick_writing import TickInput

SIDECAR = json.dumps({"format": "vpt-studio-recording", "format_version": 1, "source": "human"}).encode()
FILES = {".mp4": b"video", ".jsonl": b"{}\n", ".json": SIDECAR}


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("takes")
    noise = np.random.default_rng(0)
    videos = []
    for name in ("one", "two"):
        with TakeWriter(folder, name, Sidecar(source=Source.HUMAN), width=160, height=90) as writer:
            for _ in range(4):
                writer.write(noise.integers(0, 255, (90, 160, 3), np.uint8), TickInput(frozenset()))
        videos.append(folder / f"{name}.mp4")
    return export_bundle(videos, folder / "good.zip").read_bytes()


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "inside" / "project", "Training") as made:
        yield made


def tree(folder: Path) -> dict[str, int]:
    """Everything below `folder` but the database, with sizes."""
    return {
        str(path.relative_to(folder)): path.lstat().st_size
        for path in folder.rglob("*")
        if not path.name.startswith("project.db") and not path.is_dir()
    }


def refusal(project: Project, bundle: Path) -> StudioError:
    """The words with which `bundle` is refused; nothing but them comes of it."""
    outside = bundle.parent
    before = tree(outside)
    with pytest.raises(StudioError) as caught:
        import_bundle(project, bundle)
    assert tree(outside) == before
    assert project.recordings() == []
    assert len(str(caught.value)) < 1000
    assert str(caught.value).isprintable()
    return caught.value


def described(name: str = "take", files: dict[str, bytes] = FILES, folder: str = "takes/") -> dict:
    """A take as a manifest has it."""
    return {
        "name": name,
        "ticks": 1,
        "seconds": 0.05,
        "person": "",
        "task": "",
        "consent": None,
        "verdict": "healthy",
        "files": [
            {"path": folder + name + end, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for end, data in files.items()
        ],
    }


def manifest(*takes: dict, **changes) -> bytes:
    content = {"format": "vpt-studio-bundle", "format_version": 1, "made_by": "", "takes": takes}
    return json.dumps(content | changes).encode()


def members(name: str = "take", files: dict[str, bytes] = FILES, folder: str = "takes/") -> dict[str, bytes]:
    return {folder + name + end: data for end, data in files.items()}


def packed(path: Path, text: bytes, contents: dict[str, bytes], **facts) -> Path:
    """A zip file of a manifest and further members, the last of which has these facts."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", text)
        for place, (name, data) in enumerate(contents.items()):
            member = zipfile.ZipInfo(name)
            for fact, value in facts.items() if place == len(contents) - 1 else ():
                setattr(member, fact, value)
            archive.writestr(member, data)
    return path


NAMES = ["../evil", "../../evil", "/tmp/evil", "a/b", "a\\b", "C:evil", "CON", "nul.x", "..", ".", "", " x",
         "x.", "a\nb", "a" * 500, "e\u0301"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere(project, tmp_path, name):
    path = packed(tmp_path / "bundle.zip", manifest(described(name)), members(name))
    assert "refused" in refusal(project, path).what


TAKE = described()
EVENTS = {**FILES, ".events.jsonl": b"{}\n"}
MANIFESTS = {
    "no JSON": (b"{", "not valid JSON"),
    "not text": (b"\xff\xfe\x00", "not valid JSON"),
    "a list": (b"[]", "something else"),
    "deep": (b"[" * 100_000, "not valid JSON"),
    "of a recording": (SIDECAR, "something else"),
    "newer": (manifest(TAKE, format_version=2), "format version 2"),
    "of no version": (manifest(TAKE, format_version=None), "format version None"),
    "without takes": (manifest(), "takes: "),
    "takes of another kind": (manifest(TAKE, takes={"a": 1}), "takes: "),
    "twice the same": (manifest(TAKE, TAKE), "in it twice"),
    "one file on Windows": (manifest(TAKE, described("TAKE")), "in it twice"),
    "no hash": (manifest(TAKE | {"files": [{**file, "sha256": "0"} for file in TAKE["files"]]}), "sha256"),
    "negative": (manifest(TAKE | {"files": [{**file, "bytes": -1} for file in TAKE["files"]]}), "bytes"),
    "too few files": (manifest(TAKE | {"files": TAKE["files"][:2]}), "files: "),
    "files of another": (manifest(TAKE | {"name": "other"}), "not those of a take"),
    "two videos": (manifest(described(files={**FILES, ".mkv": b"video"})), "not those of a take"),
    "events of one are lines of another": (
        manifest(described(files=EVENTS), described("take.events")),
        "in it twice",
    ),
    "endless numbers": (manifest(TAKE | {"ticks": 10**30}), "ticks"),
    "another folder": (manifest(described(folder="")), "not those of a take"),
    "a verdict nobody gives": (manifest(TAKE | {"verdict": "perfect"}), "verdict"),
    "too large": (manifest(TAKE, made_by="x" * (1 << 22)), "no manifest, or one that is too large"),
    "unknown member": (manifest(described("other")), "does not know takes/take.json"),
    "missing member": (manifest(TAKE, described("other")), "takes/other.json is missing"),
    "another length": (manifest(described(files={**FILES, ".mp4": b"longer"})), "does not have its length"),
    "another content": (manifest(described(files={**FILES, ".mp4": b"vIdeo"})), "does not have its checksum"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_does_not_fit(project, tmp_path, case):
    text, said = MANIFESTS[case]
    assert said in refusal(project, packed(tmp_path / "bundle.zip", text, members())).what


MEMBERS = {
    "symbolic link": ({"external_attr": (stat.S_IFLNK | 0o777) << 16}, "not a plain file"),
    "folder": ({"external_attr": (stat.S_IFDIR | 0o777) << 16}, "not a plain file"),
    "device": ({"external_attr": (stat.S_IFCHR | 0o777) << 16}, "not a plain file"),
    "bzip2": ({"compress_type": zipfile.ZIP_BZIP2}, "packed in a way"),
    "lzma": ({"compress_type": zipfile.ZIP_LZMA}, "packed in a way"),
}


@pytest.mark.parametrize("case", MEMBERS)
def test_a_member_that_is_no_plain_file(project, tmp_path, case):
    facts, said = MEMBERS[case]
    path = packed(tmp_path / "bundle.zip", manifest(TAKE), members(), **facts)
    assert said in refusal(project, path).what


def test_a_name_that_ends_in_its_middle(project, tmp_path):
    path = packed(tmp_path / "bundle.zip", manifest(TAKE), {**members(), "takes/x_y": b""})
    path.write_bytes(path.read_bytes().replace(b"x_y", b"x\0y"))
    assert "takes/x\\x00y is not a plain file" in refusal(project, path).what


def test_a_member_that_is_there_twice(project, tmp_path):
    path = packed(tmp_path / "bundle.zip", manifest(TAKE), members())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("takes/take.mp4", b"another")
    assert "one name" in refusal(project, path).what


def test_members_that_share_bytes(project, tmp_path):
    path = packed(tmp_path / "bundle.zip", manifest(TAKE), members())
    data = bytearray(path.read_bytes())
    places = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    data[places[-1] + 42 : places[-1] + 46] = data[places[-2] + 42 : places[-2] + 46]
    path.write_bytes(data)
    assert "lies over another" in refusal(project, path).what


def test_a_sidecar_that_names_files_outside_of_the_bundle(project, tmp_path):
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    for name in ("video", "actions"):
        content = json.loads(SIDECAR) | {name: {"path": "../../../../secret.mp4", "sha256": ""}}
        files = {**FILES, ".json": json.dumps(content).encode()}
        path = packed(tmp_path / f"{name}.zip", manifest(described(files=files)), members(files=files))
        assert "names files outside of it" in refusal(project, path).what
    files = {**FILES, ".json": b"{"}
    path = packed(tmp_path / "bundle.zip", manifest(described(files=files)), members(files=files))
    assert "sidecar is not valid JSON" in refusal(project, path).what


def bomb(path: Path, promised: int | None = None) -> Path:
    """A bundle whose lines are 32 MB of nothing in 32 kB; `promised` is how long it says that they are."""
    lines = bytes(1 << 25)
    take = described(files={**FILES, ".jsonl": lines})
    take["files"][1]["bytes"] = promised or len(lines)
    facts = {"compress_type": zipfile.ZIP_DEFLATED}
    contents = {"takes/take.mp4": b"video", "takes/take.json": SIDECAR, "takes/take.jsonl": lines}
    packed(path, manifest(take), contents, **facts)
    if promised:
        data = path.read_bytes()
        path.write_bytes(data.replace(struct.pack("<L", len(lines)), struct.pack("<L", promised)))
    return path


def test_a_bundle_made_to_fill_the_disk_or_the_memory(project, tmp_path):
    bundles = {
        "more would come out of it": bomb(tmp_path / "large.zip"),
        "Bad CRC": bomb(tmp_path / "lying.zip", promised=1000),
    }
    listed = tmp_path / "listed.zip"
    with zipfile.ZipFile(listed, "w") as archive:
        for number in range(18_000):
            archive.writestr(f"takes/{number:0200}", b"")
    bundles["longer than that of any bundle"] = listed
    for said, path in bundles.items():
        tracemalloc.start()
        assert said in refusal(project, path).what
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 10_000_000


def test_bundles_of_more_than_4_gb_are_read_and_their_ends_looked_at(project, tmp_path, monkeypatch):
    path = tmp_path / "bundle.zip"
    with monkeypatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", 100)  # from there on members and ends have the long form
        packed(path, manifest(TAKE), members())
    data = path.read_bytes()
    assert data[-42:-38] == b"PK\x06\x07"
    assert check_bundle(path).takes[0].name == "take"
    for place, said in ((-58, "longer than that of any bundle"), (-98, "its end is damaged")):
        changed = bytearray(data)
        changed[place + 3] = 1
        path.write_bytes(changed)
        assert said in refusal(project, path).what


def test_what_is_no_bundle(project, tmp_path, good):
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "folder.zip").mkdir()
    for name in ("pipe.zip", "folder.zip", "none.zip"):
        assert "no such file" in refusal(project, tmp_path / name).what
    for number, data in enumerate(
        [b"", b"PK", b"GIF89a" * 100, b"PK\x05\x06" + bytes(18), bytes(1000), good + b"\0", b"\0" + good]
    ):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        refusal(project, path)


def mangled(data: bytes, chance: random.Random) -> bytes:
    """`data` after what happens on the way: bits flipped, parts lost, doubled, moved, overwritten."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        # The heads and the list of members are where a zip file is easily hurt.
        end = chance.random() < 0.6
        at = (
            chance.randrange(max(0, len(changed) - 700), len(changed))
            if end
            else chance.randrange(len(changed))
        )
        span = chance.choice((1, 2, 4, 22, 300))
        match chance.randrange(6):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at : at + span]
            case 2:
                changed[at:at] = changed[at : at + span]
            case 3:
                changed[at : at + span] = chance.randbytes(len(changed[at : at + span]))
            case 4:
                changed[at : at + span] = chance.choice((b"\0", b"\xff")) * len(changed[at : at + span])
            case _:
                other = chance.randrange(len(changed))
                changed[at : at + span] = changed[other : other + span]
    return bytes(changed)


def test_however_a_bundle_is_mangled_it_is_refused_or_arrives_as_it_left(project, tmp_path, good):
    sound = tmp_path / "sound.zip"
    sound.write_bytes(good)
    expected = check_bundle(sound)
    chance, path = random.Random(6), tmp_path / "mangled.zip"
    refused, whole = 0, []
    for _ in range(400):
        path.write_bytes(mangled(good, chance))
        try:
            assert check_bundle(path) == expected
            whole.append(path.read_bytes())
        except StudioError:
            refused += 1
    assert refused > 300
    assert whole
    path.write_bytes(whole[0])
    before = tree(tmp_path)
    arrivals = import_bundle(project, path)
    assert [(arrival.name, arrival.is_new, arrival.problems) for arrival in arrivals] == [
        ("one", True, []),
        ("two", True, []),
    ]
    new = tree(tmp_path).keys() - before.keys()
    assert all(name.startswith("inside/project/recordings/") for name in new)


def test_a_take_that_cannot_be_used_is_left_out_and_the_others_come_in(project, tmp_path, good):
    path = tmp_path / "bundle.zip"
    path.write_bytes(good)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents["takes/two.mp4"] = b"no video, with its checksum"
    files = {
        name: {end: contents[f"takes/{name}{end}"] for end in (".mp4", ".jsonl", ".json")}
        for name in ("one", "two")
    }
    text = manifest(*(described(name, parts) for name, parts in files.items()))
    packed(path, text, {name: data for name, data in contents.items() if name != "manifest.json"})
    one, two = import_bundle(project, path)
    assert (one.recording_id, two.recording_id) == ("one", None)
    assert [(problem.file, problem.path) for problem in two.problems] == [("two.mp4", str(path / "two.mp4"))]
