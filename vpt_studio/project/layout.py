"""Where every file of a project lives, and how such a place is written down: the one place that decides."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from vpt_studio.errors import StudioError

DATABASE_NAME = "project.db"
MAX_ID_BYTES = 120  # leaves room for `.events.jsonl` and `-2` within the 255 bytes file systems allow

_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*]')
_WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_PLACE = re.compile(rf"{_NO_TEXT.pattern}|\\|^[A-Za-z]:")  # a Windows drive is absolute, or nearly
_OWNED_FOLDERS = ("recordings", "runs")


@dataclass(frozen=True)
class RecordingPlaces:
    """The places of one recording's files, relative to the project folder, with ``/`` between the parts.

    Attributes:
        video: The frames, H.264 in MP4.
        actions: One line of JSON per tick.
        sidecar: Facts about the whole recording.
        events: Raw input events, where there were any.
    """

    video: str
    actions: str
    sidecar: str
    events: str


@dataclass(frozen=True)
class ProjectLayout:
    """The folders of one project.

    A place is *stored* as text relative to the project folder with ``/`` between the parts. A stored
    place may begin with ``..``: then it is a reference to a file outside the project, which moves with
    the project only when both are moved together. References are kept with a content hash, so that a
    file that went elsewhere can be pointed out again. Absolute places are never stored.

    Attributes:
        folder: The project folder, absolute, symbolic links resolved (so that ``..`` means the same to
            us and to the operating system).
    """

    folder: Path

    @classmethod
    def at(cls, folder: str | Path) -> Self:
        """The layout of the project in `folder`, which need not exist yet."""
        return cls(Path(folder).expanduser().resolve())

    @property
    def database(self) -> Path:
        """The SQLite file that makes a folder a project."""
        return self.folder / DATABASE_NAME

    @property
    def recordings(self) -> Path:
        """The project's own recordings."""
        return self.folder / "recordings"

    @property
    def runs(self) -> Path:
        """One folder per training run."""
        return self.folder / "runs"

    @property
    def checkpoints(self) -> Path:
        """Exported models."""
        return self.folder / "checkpoints"

    @property
    def cache(self) -> Path:
        """What can be made again: thumbnails, scores."""
        return self.folder / "cache"

    @property
    def backups(self) -> Path:
        """Copies of the database."""
        return self.folder / "backups"

    @property
    def trash(self) -> Path:
        """What was removed, one folder per recording."""
        return self.folder / "trash"

    def make_folders(self) -> None:
        """Create those of the project's folders that are not there, and the project folder itself.

        Raises:
            StudioError: No right to write, a file in the way, or a full disk.
        """
        for place in (self.recordings, self.runs, self.checkpoints, self.cache, self.backups, self.trash):
            try:
                place.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StudioError(
                    f"the project's folders could not be made ({error.strerror})",
                    where=place,
                    mend="Choose a folder that you may write in, on a disk with space",
                ) from error

    def recording_places(self, recording_id: str) -> RecordingPlaces:
        """The places of the project's own recording `recording_id` (stored form)."""
        stem = f"recordings/{recording_id}"
        return RecordingPlaces(f"{stem}.mp4", f"{stem}.jsonl", f"{stem}.json", f"{stem}.events.jsonl")

    def trash_folder(self, recording_id: str) -> Path:
        """Where the files of a removed recording wait."""
        return self.trash / recording_id

    def stored(self, path: str | Path) -> str:
        """`path` as it is stored: relative to the project, ``..`` allowed.

        Raises:
            StudioError: The file is on another drive, or its name cannot be stored.
        """
        absolute = Path(os.path.abspath(path))
        real = absolute.parent.resolve() / absolute.name
        # As written first: `recordings` itself may be a symbolic link to a bigger disk.
        for candidate in (absolute, real):
            if candidate.is_relative_to(self.folder):
                return stored_path(candidate.relative_to(self.folder).as_posix())
        try:
            reference = os.path.relpath(real, self.folder)
        except ValueError as error:  # Windows: no relative path leads from one drive to another
            raise StudioError(
                "the file is on another drive than the project, so the project cannot refer to it",
                where=absolute,
                mend="Copy it into the project, or keep the project on the same drive",
            ) from error
        return stored_path(Path(reference).as_posix())

    def path_of(self, stored: str) -> Path:
        """The absolute path of a stored place.

        Raises:
            StudioError: `stored` is not a stored place (absolute, or with ``..`` inside).
        """
        return Path(os.path.normpath(f"{self.folder}/{stored_path(stored)}"))

    @staticmethod
    def owns(stored: str) -> bool:
        """Whether the project may move this file; references are never touched."""
        return stored.split("/")[0] in _OWNED_FOLDERS


def stored_path(text: str) -> str:
    """`text`, checked to be a place a project may store.

    Raises:
        StudioError: It is empty, absolute, not plain, or leaves the project and comes back.
    """
    parts = text.split("/")
    climbed = 0
    while climbed < len(parts) and parts[climbed] == "..":
        climbed += 1
    inner = parts[climbed:]
    plain = inner and not any(part in ("", ".", "..") for part in inner)
    if not plain or _NO_PLACE.search(text):
        raise StudioError(
            "this is not a place a project can store",
            where=text,
            mend="Give the path relative to the project folder, with / between its parts",
        )
    return text


def companions(stored: str) -> tuple[str, str]:
    """The places of the sidecar and of the raw events that belong to the file at `stored`."""
    stem = PurePosixPath(stored).with_suffix("").as_posix()
    return f"{stem}.json", f"{stem}.events.jsonl"


def recording_id_from(text: str) -> str:
    """A recording id, usable as a file name on every system, that is as near to `text` as can be.

    Ids are Unicode NFC, at most 120 bytes of UTF-8; what file names cannot hold becomes ``_``.
    """
    letters = _NO_TEXT.sub("_", unicodedata.normalize("NFC", text))
    letters = _NOT_IN_FILE_NAMES.sub("_", letters).strip(" .\u00a0\u3000")
    letters = letters.encode()[:MAX_ID_BYTES].decode(errors="ignore").strip()
    letters = letters.strip(" .") or "recording"
    if letters.split(".")[0].strip().lower() in _WINDOWS_DEVICES:
        letters = f"_{letters}"
    return letters
