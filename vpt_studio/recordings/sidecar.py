"""The sidecar of a recording: `<stem>.json`, what is true of the whole recording."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import orjson

from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError
from vpt_studio.recordings.files import LARGEST_SIDECAR, SIDECAR_FORMAT, VERSION, is_regular_file
from vpt_studio.recordings.problems import shortened
from vpt_studio.recordings.source import Source

FORMAT = SIDECAR_FORMAT
FORMAT_VERSION = 1
LARGEST_CROP = 1 << 16


@dataclass(frozen=True)
class ForeignFile:
    """A file that the recording uses where it lies.

    Attributes:
        path: Relative to the sidecar's folder, with forward slashes.
        sha256: Of its content, so that it is known again and a change is noticed.
    """

    path: str
    sha256: str


@dataclass(frozen=True)
class Sidecar:
    """What is true of a whole recording. Every field may be missing in a file from elsewhere.

    Attributes:
        source: Who acted, for ticks that do not say so themselves.
        person: Alias of whoever played.
        environment: Name of the game or world.
        recorder_version: Version of OpenAI's recorder, such as ``6.9``.
        cursor_in_video: Whether the mouse pointer is already in the pictures.
        crop: x, y, width, height in pixels of the part of the picture that counts; None for all.
        video: The video, where it lies elsewhere.
        actions: The tick lines, where they lie elsewhere.
        checkpoint: SHA-256 of the model whose actions these are.
        seed: Seed of the world.
        made_by: Program and version that wrote the recording.
        notes: Anything else, by name.
    """

    source: Source = Source.UNKNOWN
    person: str = ""
    environment: str = ""
    recorder_version: str = ""
    cursor_in_video: bool = False
    crop: tuple[int, int, int, int] | None = None
    video: ForeignFile | None = None
    actions: ForeignFile | None = None
    checkpoint: str = ""
    seed: int | None = None
    made_by: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def recorder_release(self) -> tuple[int, int] | None:
        """Major and minor number of :attr:`recorder_version`, None where it is unknown."""
        release = VERSION.fullmatch(self.recorder_version)
        return None if release is None else (int(release[1]), int(release[2]))


def read_sidecar(path: Path) -> Sidecar | None:
    """The sidecar at `path`; None where there is none, or the file is JSON of another kind.

    Raises:
        StudioError: The file is ours but damaged, or written by a newer version.
    """
    if not os.path.lexists(path):
        return None
    try:
        if not is_regular_file(path) or path.stat().st_size > LARGEST_SIDECAR:
            raise StudioError("the sidecar is not a file that can be read", where=path, mend=_WITHOUT)
        content = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise StudioError(f"the sidecar is not valid JSON ({error})", where=path, mend=_WITHOUT) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(f"the sidecar cannot be read ({reason})", where=path, mend=_WITHOUT) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    version = content.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise StudioError(
            f"the sidecar has format version {shortened(str(version))}, "
            f"this program knows up to {FORMAT_VERSION}",
            where=path,
            mend="Update VPT Studio",
        )
    try:
        return _from_plain(content)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        reason = shortened(str(error))
        raise StudioError(f"the sidecar holds a wrong value ({reason})", where=path, mend=_WITHOUT) from error


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Write `sidecar` to `path`, whole or not at all.

    Raises:
        StudioError: Its notes cannot be written as JSON.
    """
    try:
        content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(sidecar)}
        data = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise StudioError(f"the notes cannot be written as JSON ({error})", where=path) from error
    write_atomically(path, data)


_WITHOUT = "Mend the file, or move it away to use the recording without it"


def _from_plain(content: dict[str, Any]) -> Sidecar:
    values = {part.name: content[part.name] for part in fields(Sidecar) if part.name in content}
    for name in ("video", "actions"):
        if values.get(name) is not None:
            foreign = values[name]
            values[name] = ForeignFile(_relative(foreign["path"]), _text(foreign.get("sha256", "")))
    if values.get("crop") is not None:
        x, y, width, height = (int(number) for number in values["crop"])
        if min(x, y) < 0 or min(width, height) <= 0 or max(x, y, width, height) > LARGEST_CROP:
            raise ValueError("crop must be x, y, width, height in pixels")
        values["crop"] = (x, y, width, height)
    values["source"] = Source(values.get("source", Source.UNKNOWN))
    for name in ("person", "environment", "recorder_version", "checkpoint", "made_by"):
        if name in values:
            values[name] = _text(values[name])
    if not isinstance(values.get("cursor_in_video", False), bool):
        raise TypeError("cursor_in_video must be true or false")
    if not isinstance(values.get("notes", {}), dict):
        raise TypeError("notes must be an object")
    if not isinstance(values.get("seed"), int | None):
        raise TypeError("seed must be a whole number")
    return Sidecar(**values)


def _relative(value: Any) -> str:
    """A path as :class:`ForeignFile` has it: an absolute one would not survive a move of the folder."""
    path = _text(value)
    if not path or "\0" in path or PurePosixPath(path).is_absolute() or PureWindowsPath(path).anchor:
        raise ValueError(f"{path!r} should be a path relative to the sidecar")
    return path


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be text")
    return value
