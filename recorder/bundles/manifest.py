"""What a bundle says of itself: `manifest.json`, its first member."""

from __future__ import annotations

import unicodedata
from importlib import metadata
from typing import Annotated, Final, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from vpt_studio.errors import StudioError
from vpt_studio.project.layout import recording_id_from
from vpt_studio.recordings.files import VIDEO_SUFFIXES
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.problems import shortened

FORMAT: Final = "vpt-studio-bundle"
FORMAT_VERSION = 1
#: The manifest's place in the bundle, and the folder of all else.
MANIFEST, TAKES = "manifest.json", "takes/"
#: A thousand takes have 0.5 MB.
LARGEST_MANIFEST = 1 << 22
MOST_TAKES = 1000
_LINES, _SIDECAR, _EVENTS = ".jsonl", ".json", ".events.jsonl"

_Text = Annotated[str, Field(max_length=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class BundledFile(_Part):
    """One file of a bundle.

    Attributes:
        path: Its place in the bundle.
        bytes: Its length.
        sha256: Of its content, 64 hexadecimal digits.
    """

    path: _Text
    bytes: int = Field(ge=0, le=1 << 50)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class BundledTake(_Part):
    """One take of a bundle. All but `name` and `files` only tells people what is in it.

    Attributes:
        name: Its name.
        ticks: Its length in ticks.
        seconds: Its length.
        person: Alias of whoever played.
        task: Id of the task; empty where there was none.
        consent: Version of the text that the person agreed to; None where none is known.
        verdict: What validation said of it, in one word.
        files: Video, tick lines, sidecar and, where there are some, raw events.
    """

    name: _Text
    ticks: int = Field(ge=0, le=1 << 40)
    seconds: float = Field(ge=0, le=1e12)
    person: _Text = ""
    task: _Text = ""
    consent: int | None = None
    verdict: Annotated[Health, Field(strict=False)]
    files: tuple[BundledFile, ...] = Field(strict=False, min_length=3, max_length=4)

    @model_validator(mode="after")
    def _has_its_own_files(self) -> Self:
        if recording_id_from(self.name) != self.name:
            raise ValueError(f"{shortened(self.name)!r} is no name of a take")
        stem = TAKES + self.name
        found = sorted(file.path for file in self.files)
        fitting = (
            sorted([stem + video, stem + _LINES, stem + _SIDECAR, *events])
            for video in VIDEO_SUFFIXES
            for events in ([], [stem + _EVENTS])
        )
        if found not in fitting:
            raise ValueError(f"the files of {self.name} are not those of a take")
        return self

    @property
    def video(self) -> BundledFile:
        """Its video."""
        return next(file for file in self.files if file.path.endswith(VIDEO_SUFFIXES))

    @property
    def lines(self) -> BundledFile:
        """Its tick lines."""
        return next(file for file in self.files if file.path == f"{TAKES}{self.name}{_LINES}")

    @property
    def sidecar(self) -> BundledFile:
        """Its sidecar."""
        return next(file for file in self.files if file.path.endswith(_SIDECAR))


class Manifest(_Part):
    """What is in a bundle.

    Attributes:
        format: Always :data:`FORMAT`.
        format_version: Of the bundle.
        made_by: Program and version that wrote it.
        takes: The takes, by name.
    """

    format: Literal["vpt-studio-bundle"] = FORMAT
    format_version: int = FORMAT_VERSION
    made_by: _Text = ""
    takes: tuple[BundledTake, ...] = Field(strict=False, min_length=1, max_length=MOST_TAKES)

    @field_validator("takes")
    @classmethod
    def _told_apart(cls, takes: tuple[BundledTake, ...]) -> tuple[BundledTake, ...]:
        seen: set[str] = set()
        for path in (file.path for take in takes for file in take.files):
            folded = unicodedata.normalize("NFC", path.casefold())  # on Windows `A` and `a` are one file
            if folded in seen:
                raise ValueError(f"{shortened(path)} is in it twice")
            seen.add(folded)
        return takes

    @property
    def files(self) -> list[BundledFile]:
        """The files of all takes, in the order in which they lie in the bundle."""
        return [file for take in self.takes for file in take.files]

    def as_bytes(self) -> bytes:
        """The manifest as it is written."""
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(self.model_dump(mode="json"), option=options)


def read_manifest(text: bytes) -> Manifest:
    """The manifest in `text`.

    Raises:
        StudioError: It is none, holds something wrong, or comes from a newer version.
    """
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise StudioError(f"its manifest is not valid JSON ({shortened(str(error))})") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StudioError("its manifest is that of something else")
    version = content.get("format_version")
    if not isinstance(version, int) or version != FORMAT_VERSION:
        raise StudioError(
            f"it has format version {shortened(str(version))}, this program knows {FORMAT_VERSION}",
            mend="Update VPT Studio",
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = shortened(".".join(map(str, first["loc"])))
        raise StudioError(
            f"its manifest holds something wrong ({place}: {shortened(first['msg'])})"
        ) from error


def this_program() -> str:
    """Name and version of the program that writes bundles."""
    try:
        return f"vpt-studio {metadata.version('vpt-studio')}"
    except metadata.PackageNotFoundError:
        return "vpt-studio"
