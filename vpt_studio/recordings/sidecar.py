"""The sidecar of a recording: `<stem>.json`, what is true of the whole recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import orjson

from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError
from vpt_studio.recordings.source import Source

FORMAT = "vpt-studio-recording"
FORMAT_VERSION = 1


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
        major, _, minor = self.recorder_version.partition(".")
        return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


def read_sidecar(path: Path) -> Sidecar | None:
    """The sidecar at `path`; None where there is none, or the file is JSON of another kind.

    Raises:
        StudioError: The file is ours but damaged, or written by a newer version.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, OSError, RecursionError) as error:
        raise StudioError(f"the sidecar cannot be read ({error})", where=path, mend=_WITHOUT) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    version = content.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise StudioError(
            f"the sidecar has format version {version}, this program knows up to {FORMAT_VERSION}",
            where=path,
            mend="Update VPT Studio",
        )
    try:
        return _from_plain(content)
    except (TypeError, ValueError, KeyError) as error:
        raise StudioError(f"the sidecar holds a wrong value ({error})", where=path, mend=_WITHOUT) from error


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Write `sidecar` to `path`, whole or not at all."""
    content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(sidecar)}
    write_atomically(path, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


_WITHOUT = "Mend the file, or move it away to use the recording without it"


def _from_plain(content: dict[str, Any]) -> Sidecar:
    values = {part.name: content[part.name] for part in fields(Sidecar) if part.name in content}
    for name in ("video", "actions"):
        if values.get(name) is not None:
            foreign = values[name]
            values[name] = ForeignFile(_text(foreign["path"]), _text(foreign.get("sha256", "")))
    if values.get("crop") is not None:
        x, y, width, height = (int(number) for number in values["crop"])
        if min(x, y) < 0 or min(width, height) <= 0:
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
    return Sidecar(**values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be text")
    return value
