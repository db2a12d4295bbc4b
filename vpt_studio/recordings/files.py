"""Which files belong to one recording, and which recordings lie in a folder or an index."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from vpt_studio.errors import StudioError
from vpt_studio.recordings.problems import Problem, Severity, problem, shortened, visible

VIDEO_SUFFIXES = (".mp4", ".mkv", ".webm", ".mov", ".m4v", ".avi")
#: How versions of OpenAI's recorder are spelled, in folder names too.
VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})(\.[0-9]{1,9})*")
#: What a sidecar of ours calls itself.
SIDECAR_FORMAT = "vpt-studio-recording"
#: Sidecars are a page long; beyond this a file is something else.
LARGEST_SIDECAR = 1 << 26
#: An index of a hundred thousand recordings has 10 MB; beyond this a file is something else.
LARGEST_INDEX = 1 << 28
#: Python's own parser takes some hundred bytes of memory for each byte, so it gets small files only.
LARGEST_PYTHON_INDEX = 1 << 20


def is_regular_file(path: Path) -> bool:
    """Whether `path` is a plain file, or a link to one.

    Reading anything else may never end (a pipe, a device). A path that the system refuses to look up
    (too long, no permission) is none.
    """
    try:
        return path.is_file()
    except OSError:
        return False


@dataclass(frozen=True)
class RecordingFiles:
    """The files of one recording by its stem: all share a folder and a name up to the suffix."""

    folder: Path
    stem: str

    @property
    def video(self) -> Path | None:
        """The video file, None where there is none of a known suffix."""
        for suffix in VIDEO_SUFFIXES:
            for spelling in (suffix, suffix.upper()):
                path = self._with(spelling)
                if is_regular_file(path):
                    return path
        return None

    @property
    def actions(self) -> Path:
        """The tick lines, `<stem>.jsonl`."""
        return self._with(".jsonl")

    @property
    def sidecar(self) -> Path:
        """What is true of the whole, `<stem>.json`."""
        return self._with(".json")

    @property
    def events(self) -> Path:
        """The raw input events, `<stem>.events.jsonl`."""
        return self._with(".events.jsonl")

    def _with(self, suffix: str) -> Path:
        return self.folder / f"{self.stem}{suffix}"

    @classmethod
    def of(cls, path: Path) -> RecordingFiles:
        """The recording that `path` belongs to: any of its files, or the path without a suffix."""
        if path.suffix.lower() in (*VIDEO_SUFFIXES, ".jsonl", ".json"):
            return cls(path.parent, path.name[: -len(path.suffix)])
        return cls(path.parent, path.name)


@dataclass
class FoundRecordings:
    """What a search found: recordings in order, and a problem for everything left out."""

    recordings: list[RecordingFiles] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    versions: dict[RecordingFiles, str] = field(default_factory=dict)  # recorder version, where it is known


def find_recordings(paths: Iterable[Path]) -> FoundRecordings:
    """The recordings named by `paths`: files of recordings, folders (searched deeply), index files.

    A `.jsonl` file counts only with its video beside it; in folders others are passed over silently.
    """
    found = FoundRecordings()
    seen: set[RecordingFiles] = set()
    for path in paths:
        if path.is_dir():
            _search_folder(path, found, seen)
        elif path.suffix.lower() == ".json" and (index := _read_index(path, found)) is not None:
            _follow_index(path, index, found, seen)
        elif os.path.lexists(path) or RecordingFiles.of(path).video:
            _add(RecordingFiles.of(path), found, seen, path)
        else:
            found.problems.append(
                problem(Severity.ERROR, path, "", "there is no such file or folder", "Check the name")
            )
    return found


def _add(files: RecordingFiles, found: FoundRecordings, seen: set[RecordingFiles], named: Path) -> None:
    video = files.video
    is_second = named.suffix.lower() in VIDEO_SUFFIXES and video is not None and video.name != named.name
    if is_second and is_regular_file(named):
        found.problems.append(
            problem(
                Severity.ERROR,
                named,
                "",
                f"there is another video of this name, {visible(video.name) if video else ''}",
                "Give one of the two another name",
            )
        )
    if files in seen:
        return
    if video is None and not is_regular_file(files.sidecar):
        what, mend = _why_not(named)
        found.problems.append(problem(Severity.ERROR, named, "", what, mend))
        return
    seen.add(files)
    found.recordings.append(files)
    version = files.folder.name
    if files not in found.versions and VERSION.fullmatch(version):
        found.versions[files] = version


def _why_not(named: Path) -> tuple[str, str]:
    """What to say of `named`, at which there is no recording: what is so, and the mend."""
    stem = visible(named.stem)
    if not is_regular_file(named):
        return "this is not a file that can be read", "Leave it out, or put the file itself in its place"
    if named.suffix.lower() == ".zip":
        return (
            "this is a zip file",
            f"If it is a bundle of takes: vpt-studio takes import {visible(named.name)}",
        )
    if named.suffix.lower() == ".jsonl":
        return (
            "the video that belongs to these tick lines is missing",
            f"Put {stem}.mp4 beside it, or leave it out",
        )
    return "this is neither a video nor the tick lines of one", "Leave it out"


def _search_folder(folder: Path, found: FoundRecordings, seen: set[RecordingFiles]) -> None:
    def refuse(error: OSError) -> None:
        found.problems.append(
            problem(
                Severity.ERROR,
                Path(error.filename or folder),
                "",
                f"the folder cannot be read ({(error.strerror or '').lower()})",
                "Check its permissions",
            )
        )

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        videos = {name for name in names if Path(name).suffix.lower() in VIDEO_SUFFIXES and name[0] != "."}
        stems = {Path(name).stem for name in videos}
        for name in sorted(videos):
            _add(RecordingFiles.of(Path(place) / name), found, seen, Path(place) / name)
        for name in sorted(names):
            path = Path(place) / name
            alone = path.suffix == ".jsonl" and path.stem not in stems
            # `<stem>.events.jsonl` and the like belong to something else.
            lines = alone and Path(path.stem).suffix not in (".events", ".actions")
            if lines or (path.suffix == ".json" and path.stem not in stems and _names_a_video(path)):
                _add(RecordingFiles.of(path), found, seen, path)


def _names_a_video(sidecar: Path) -> bool:
    """Whether this is the sidecar of a recording whose video lies elsewhere: then it is all there is here.

    A damaged one counts too, so that it is told of; JSON of other kinds does not.
    """
    try:
        if not is_regular_file(sidecar) or sidecar.stat().st_size > LARGEST_SIDECAR:
            return False
        text = sidecar.read_bytes()
    except OSError:
        return False
    if SIDECAR_FORMAT.encode() not in text:
        return False
    try:
        content = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return True
    return (
        isinstance(content, dict) and content.get("format") == SIDECAR_FORMAT and bool(content.get("video"))
    )


def _read_index(path: Path, found: FoundRecordings) -> dict[str, Any] | None:
    """The index in `path` (OpenAI's layout), None when the file is something else.

    Published downloaders parse index files as Python literals, so both spellings occur.
    """
    try:
        if not is_regular_file(path) or path.stat().st_size > LARGEST_INDEX:
            return None
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return None
    content: Any = None
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            content = _python_literal(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            found.problems.append(
                problem(
                    Severity.ERROR, path, "", "the file is not valid JSON", "Copy it again from its source"
                )
            )
            return {}
    if not isinstance(content, dict) or "relpaths" not in content:
        return None
    return content


def _python_literal(text: bytes) -> Any:
    if len(text) > LARGEST_PYTHON_INDEX:
        raise ValueError("too large to be tried")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd escapes in a damaged file are not the person's concern
        return ast.literal_eval(text.decode())


def _follow_index(
    path: Path, index: dict[str, Any], found: FoundRecordings, seen: set[RecordingFiles]
) -> None:
    """Find the files an index names below the index file's own folder."""
    relpaths = index.get("relpaths", [])
    if not isinstance(relpaths, list):
        relpaths = []
        found.problems.append(
            problem(Severity.ERROR, path, "relpaths", "this is not a list", "Copy the index again")
        )
    for number, relpath in enumerate(relpaths):
        place = f"entry {number + 1}"
        if not isinstance(relpath, str) or not _stays_inside(relpath):
            found.problems.append(
                problem(
                    Severity.ERROR,
                    path,
                    place,
                    f"{shortened(repr(relpath))} is not a path below the index",
                    "Mend it",
                )
            )
            continue
        relative = PurePosixPath(relpath.removesuffix(".mp4"))
        # Downloaders keep the version's folder or put everything into one.
        candidates = (path.parent / relative, path.parent / relative.name)
        files = next((RecordingFiles(at.parent, at.name) for at in candidates if _has_video(at)), None)
        if files is None:
            found.problems.append(
                problem(
                    Severity.ERROR,
                    path,
                    place,
                    f"{shortened(str(relative))}.mp4 is not on this disk",
                    "Download it into the folder of the index, or leave it out",
                )
            )
            continue
        if len(relative.parts) > 1 and VERSION.fullmatch(relative.parts[-2]):
            found.versions[files] = relative.parts[-2]
        _add(files, found, seen, path)


def _has_video(path: Path) -> bool:
    return RecordingFiles(path.parent, path.name).video is not None


def _stays_inside(relpath: str) -> bool:
    pure = PurePosixPath(relpath)
    return bool(pure.name) and not pure.is_absolute() and ".." not in pure.parts and "\0" not in relpath


def missing_recording(path: Path) -> StudioError:
    """The error of a path at which there is no recording, or one without its video."""
    files = RecordingFiles.of(path)
    if is_regular_file(files.sidecar) or is_regular_file(files.actions):
        return StudioError(
            f"its video, {shortened(files.stem)}.mp4, is missing",
            where=path,
            mend="Put it back in its place, or remove the recording",
        )
    return StudioError(
        "there is no recording here",
        where=path,
        mend="Name a video, its .jsonl, or a recording of the project",
    )
