"""The zip file that a bundle is: written so that equal takes make equal bytes, read as hostile.

Python's `zipfile` reads anything that resembles a zip file and unpacks whatever it promises. What is taken
from it here has been looked at before: where the list of members lies and how long it is, that members are
plain files side by side, and how much comes out of them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from recorder.bundles.manifest import LARGEST_MANIFEST, MANIFEST, BundledFile, Manifest, read_manifest
from vpt_studio.errors import StudioError
from vpt_studio.recordings.files import VIDEO_SUFFIXES, is_regular_file
from vpt_studio.recordings.problems import shortened

_CHUNK = 1 << 20
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the format has no year before
_PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_HEADING_BYTES = 30  # before each member, without its name
#: The list of 4001 members with the longest names we give has 0.8 MB.
_LARGEST_LIST = 1 << 22
#: Lines and events shrink to a tenth, videos not at all; beyond this a bundle is made to fill disks.
_MOST_TIMES_LARGER = 200
# Descriptor, UTF-8, deflate's levels; encryption and patches are none of them.
_HARMLESS_FLAGS = 0x8 | 0x800 | 0x6

# The ends of a zip file (PKWARE's APPNOTE 6.3, sections 4.3.14 to 4.3.16).
_END = struct.Struct("<4s4H2LH")
_FAR_END_PLACE = struct.Struct("<4sLQL")
_FAR_END = struct.Struct("<4sQ2H2L4Q")

#: What `zipfile` and what it calls raise over files that are none, or damaged.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,  # UnicodeDecodeError among them
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


def write_archive(path: Path, manifest: Manifest, contents: Mapping[str, Path]) -> None:
    """Write a bundle.

    Args:
        path: The new file.
        manifest: What is in it.
        contents: The file behind each path of the manifest.

    Raises:
        StudioError: A file is not what the manifest says: it changed meanwhile.
        OSError: It could not be written, or a file not be read.
    """
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open(_member(MANIFEST, len(text := manifest.as_bytes())), "w") as target:
            target.write(text)
        for file in manifest.files:
            with (
                contents[file.path].open("rb") as source,
                archive.open(_member(file.path, file.bytes), "w") as target,
            ):
                try:
                    _copy(source, target, file)
                except _DiffersError as error:
                    raise StudioError(
                        "the file changed while it was exported",
                        where=contents[file.path],
                        mend="Export it again when nothing writes to it any more",
                    ) from error


def _member(path: str, size: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, _FIRST_DATE)
    member.create_system, member.external_attr, member.file_size = _UNIX, _PLAIN_FILE, size
    is_small_already = path.lower().endswith(VIDEO_SUFFIXES)
    member.compress_type = zipfile.ZIP_STORED if is_small_already else zipfile.ZIP_DEFLATED
    return member


class OpenArchive:
    """A bundle whose manifest has been read, and found to fit its members.

    Attributes:
        path: The file.
        manifest: What is in it.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self._archive = archive

    def check(self) -> None:
        """Read everything, and compare it with the manifest.

        Raises:
            StudioError: Something differs, or cannot be read.
        """
        for file in self.manifest.files:
            self._read(file, None)

    def unpack(self, folder: Path) -> None:
        """Write all files into `folder`, by their last name.

        Raises:
            StudioError: Something differs from the manifest, or cannot be read; `folder` holds a part then.
            OSError: They could not be written.
        """
        for file in self.manifest.files:
            with (folder / file.path.rpartition("/")[2]).open("xb") as target:
                self._read(file, target)

    def _read(self, file: BundledFile, target: IO[bytes] | None) -> None:
        with _told_as_damage(self.path), self._archive.open(file.path) as source:
            try:
                _copy(source, target, file)
            except _DiffersError as error:
                raise refused(self.path, f"{shortened(file.path)} does not have its checksum") from error


@contextmanager
def open_archive(path: Path) -> Iterator[OpenArchive]:
    """The bundle at `path`, looked at but not yet checked.

    Raises:
        StudioError: It is none, damaged, or made to do harm; in words.
    """
    if not is_regular_file(path):
        raise StudioError("there is no such file", where=path, mend="Check the name")
    with path.open("rb") as file:
        with _told_as_damage(path):
            _look_at_list(file, path)
            archive = zipfile.ZipFile(file)
            manifest = _fitting_manifest(archive, path)
        yield OpenArchive(path, archive, manifest)


@contextmanager
def _told_as_damage(path: Path) -> Iterator[None]:
    """Tell what `zipfile` raises over a damaged file as what it is."""
    try:
        yield
    except _DAMAGE as error:
        reason = shortened(str(error)) or type(error).__name__
        raise refused(path, f"it is damaged or no bundle ({reason})") from error


def refused(path: Path, what: str, mend: str | None = None) -> StudioError:
    """The error of a bundle of which nothing is taken."""
    mend = mend or "Ask for the bundle again, as vpt-studio takes export wrote it"
    return StudioError(f"the bundle is refused: {what}", where=path, mend=mend)


class _DiffersError(Exception):
    """A file's content is not what the manifest says."""


def _copy(source: IO[bytes], target: IO[bytes] | None, file: BundledFile) -> None:
    """Read `source` to its end, and write it to `target`; never more than `file` is to have."""
    digest, left = hashlib.sha256(), file.bytes
    while chunk := source.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise _DiffersError
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    if left or digest.hexdigest() != file.sha256:
        raise _DiffersError


def _look_at_list(file: IO[bytes], path: Path) -> None:
    """Refuse a file whose list of members would be too long to read, or is not where one ends.

    `zipfile` takes the end that is looked at here: the last bytes, without a comment after them.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size - _FAR_END_PLACE.size - _FAR_END.size))
    tail = file.read()
    if len(tail) < _END.size:
        raise refused(path, "it is no zip file")
    end = _END.unpack(tail[-_END.size :])
    if end[0] != b"PK\x05\x06" or end[7]:
        raise refused(path, "it is no zip file, or its end is missing")
    length = end[5]
    far = tail[: -_END.size]
    if far[-_FAR_END_PLACE.size :].startswith(b"PK\x06\x07"):
        found = far[: -_FAR_END_PLACE.size]
        if len(found) != _FAR_END.size or not found.startswith(b"PK\x06\x06"):
            raise refused(path, "its end is damaged")
        length = _FAR_END.unpack(found)[8]
    if length > _LARGEST_LIST:
        raise refused(path, "its list of members is longer than that of any bundle")


def _fitting_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest of an archive whose members are those that it names.

    Raises:
        StudioError: They are not.
    """
    members = archive.infolist()
    for member in members:
        _demand_plain(member, path)
    _demand_side_by_side(members, archive.start_dir, path)
    sizes = {member.filename: member.file_size for member in members}
    if len(sizes) < len(members):
        raise refused(path, "two of its members have one name")
    if sizes.get(MANIFEST, LARGEST_MANIFEST + 1) > LARGEST_MANIFEST:
        raise refused(path, "it has no manifest, or one that is too large")
    with archive.open(MANIFEST) as text:
        try:
            manifest = read_manifest(text.read(LARGEST_MANIFEST))
        except StudioError as error:
            raise refused(path, error.what, error.mend) from error
    promised = {file.path: file.bytes for file in manifest.files} | {MANIFEST: sizes[MANIFEST]}
    unknown, missing = sorted(sizes.keys() - promised), sorted(promised.keys() - sizes)
    if unknown:
        raise refused(path, f"its manifest does not know {shortened(unknown[0])}")
    if missing:
        raise refused(path, f"{shortened(missing[0])} is missing in it")
    wrong = sorted(name for name, size in sizes.items() if size != promised[name])
    if wrong:
        raise refused(path, f"{shortened(wrong[0])} does not have its length")
    if sum(sizes.values()) > _MOST_TIMES_LARGER * path.stat().st_size:
        raise refused(path, "more would come out of it than out of any bundle")
    return manifest


def _demand_plain(member: zipfile.ZipInfo, path: Path) -> None:
    name = shortened(member.orig_filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_named = bool(name) and member.filename == member.orig_filename and not name.endswith("/")
    if kind not in (0, stat.S_IFREG) or not is_named:
        raise refused(path, f"{name or 'a member without a name'} is not a plain file")
    is_packed_as_ours = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if not is_packed_as_ours or member.flag_bits & ~_HARMLESS_FLAGS:
        raise refused(path, f"{name} is encrypted or packed in a way that bundles are not")
    if member.compress_type == zipfile.ZIP_STORED and member.compress_size != member.file_size:
        raise refused(path, f"{name} does not have its length")


def _demand_side_by_side(members: Sequence[zipfile.ZipInfo], end: int, path: Path) -> None:
    """Refuse members that share bytes: so a small file would hold a large one many times."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    places = [member.header_offset for member in ordered]
    if not places or places[0] != 0:
        raise refused(path, "something lies before its first member")
    for member, following in zip(ordered, [*places[1:], end], strict=True):
        if member.header_offset + _HEADING_BYTES + member.compress_size > following:
            raise refused(path, f"{shortened(member.filename)} lies over another member")
