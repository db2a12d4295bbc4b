"""Bundles: takes on their way from whoever played to whoever trains, in one zip file with checksums.

A bundle holds `manifest.json` and, in the folder `takes`, the files of each take. The same takes make the
same bytes. Who imports one need not trust it: nothing enters the project before all of it fits its manifest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from errno import ENOSPC
from pathlib import Path

from recorder.bundles.archive import OpenArchive, open_archive, refused, write_archive
from recorder.bundles.manifest import (
    MOST_TAKES,
    TAKES,
    BundledFile,
    BundledTake,
    Manifest,
    this_program,
)
from vpt_studio.atomic_files import already_there, created, make_folder, sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.project.layout import recording_id_from
from vpt_studio.recordings.checking import validate_isolated
from vpt_studio.recordings.files import FoundRecordings, RecordingFiles, is_regular_file
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.problems import Problem
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.validation import Verdict

_UNPACKED = "bundle-"
_ABANDONED_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class TakeArrival:
    """What became of one take of a bundle.

    Attributes:
        name: Its name in the bundle.
        recording_id: The recording it is in the project; None where it was refused.
        is_new: Whether it was not in the project before.
        problems: Why it was refused, or what is wrong with it all the same.
    """

    name: str
    recording_id: str | None
    is_new: bool
    problems: list[Problem] = field(default_factory=list)


def export_bundle(
    takes: Sequence[Path],
    target: Path,
    *,
    workers: int = 1,
    announce: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Path:
    """Write takes into a bundle.

    Args:
        takes: The takes or recordings, each by one of its files.
        target: The new zip file; or a folder, made where missing, in which it gets the takes' name.
        workers: Processes that check takes side by side.
        announce: Called once with the number of takes.
        tell: Called with a take's name when it has been checked.

    Returns:
        The bundle. One that is there already and holds just this is left as it is.

    Raises:
        StudioError: A take cannot be used, two have one name, another file is there, or the disk refuses.
    """
    if not 0 < len(takes) <= MOST_TAKES:
        raise StudioError(f"a bundle holds 1 to {MOST_TAKES} takes, not {len(takes)}")
    if announce is not None:
        announce(len(takes))
    found = FoundRecordings([RecordingFiles.of(path) for path in takes])
    with ExitStack() as stack:
        gathered: dict[str, tuple[BundledTake, dict[str, Path]]] = {}
        for files, verdict in validate_isolated(found, workers=workers):
            take, contents = _gathered(files, verdict, stack)
            if take.name in gathered:
                raise StudioError(
                    f"two takes are called {take.name}",
                    where=files.video,
                    mend="Export them into a bundle each",
                )
            gathered[take.name] = take, contents
            if tell is not None:
                tell(take.name)
        ordered = [gathered[name] for name in sorted(gathered)]
        manifest = Manifest(made_by=this_program(), takes=tuple(take for take, _ in ordered))
        contents = {path: file for _, files in ordered for path, file in files.items()}
        return _written(manifest, contents, target)


def check_bundle(path: Path) -> Manifest:
    """Read all of a bundle and compare it with its manifest; writes nothing.

    Raises:
        StudioError: It is no bundle, damaged, or made to do harm.
    """
    with open_archive(path) as archive:
        archive.check()
        return archive.manifest


def import_bundle(
    project: Project,
    path: Path,
    *,
    workers: int = 1,
    announce: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> list[TakeArrival]:
    """Bring the takes of a bundle into `project`, each checked as any import is.

    Args:
        project: The open project.
        path: The bundle.
        workers: Processes that check takes side by side.
        announce: Called once with the number of takes.
        tell: Called with a take's name when it is done.

    Returns:
        What became of each take, in the bundle's order.

    Raises:
        StudioError: The bundle is refused as a whole; nothing of it is in the project then.
    """
    with open_archive(path) as archive, _unpacked(archive, project.layout.cache) as folder:
        manifest = archive.manifest
        for take in manifest.takes:
            _demand_own_files(folder / f"{take.name}.json", path)
        videos = [folder / take.video.path.removeprefix(TAKES) for take in manifest.takes]
        report = import_recordings(
            project, videos, ImportOptions(workers=workers), announce=announce, tell=tell
        )
    new = {row.id for row in report.imported}
    arrivals = []
    for take in manifest.takes:
        names = {file.path.removeprefix(TAKES) for file in take.files}
        problems = [
            replace(problem, path=str(path / problem.file))
            for problem in (*report.left_out, *report.flaws)
            if Path(problem.path).name in names
        ]
        found = project.find_by_content(take.video.sha256, take.lines.sha256)
        arrivals.append(TakeArrival(take.name, found, found in new, problems))
        new.discard(found or "")  # of two takes that are the same only one came in
    return arrivals


def _gathered(
    files: RecordingFiles, verdict: Verdict, stack: ExitStack
) -> tuple[BundledTake, dict[str, Path]]:
    """What the manifest says of one take, and the file behind each path."""
    if verdict.health is Health.BROKEN:
        worst = verdict.problems[0]
        raise StudioError(
            f"{files.stem} cannot be handed in: {worst.what}",
            where=worst.path or files.video,
            mend=worst.mend,
        )
    name = recording_id_from(files.stem)
    with Recording.open(files.video or files.sidecar) as recording:
        lines, video, sidecar = recording.actions_path, recording.video_path, recording.sidecar
    if lines is None:
        raise StudioError(
            f"{files.stem} has no tick lines", where=video, mend="Only what people played can be handed in"
        )
    stem = TAKES + name
    contents = {
        stem + video.suffix.lower(): video,
        f"{stem}.jsonl": lines,
        f"{stem}.json": _own_sidecar(files, sidecar, stack),
    }
    if is_regular_file(files.events):
        contents[f"{stem}.events.jsonl"] = files.events
    take = BundledTake(
        name=name,
        ticks=verdict.ticks,
        seconds=verdict.ticks / TICK_RATE,
        person=sidecar.person[:1000],
        task=_text_of(sidecar.notes.get("task"), "id"),
        consent=_version_of(sidecar.notes.get("consent")),
        verdict=verdict.health,
        files=tuple(
            BundledFile(path=path, bytes=file.stat().st_size, sha256=sha256_of(file))
            for path, file in contents.items()
        ),
    )
    return take, contents


def _own_sidecar(files: RecordingFiles, sidecar: Sidecar, stack: ExitStack) -> Path:
    """The sidecar as the bundle has it: all files lie beside it there."""
    own = replace(sidecar, video=None, actions=None)
    if is_regular_file(files.sidecar) and read_sidecar(files.sidecar) == own:
        return files.sidecar
    path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "sidecar.json"
    write_sidecar(path, own)
    return path


def _text_of(note: object, name: str) -> str:
    found = note.get(name) if isinstance(note, dict) else None
    return found[:1000] if isinstance(found, str) else ""


def _version_of(note: object) -> int | None:
    found = note.get("version") if isinstance(note, dict) else None
    return found if isinstance(found, int) else None


def _written(manifest: Manifest, contents: dict[str, Path], target: Path) -> Path:
    if target.suffix.lower() != ".zip" or target.is_dir():
        make_folder(target)
        first, more = manifest.takes[0].name, len(manifest.takes) - 1
        target = target / f"{first}{f'-and-{more}-more' if more else ''}.zip"
    if os.path.lexists(target):
        if _holds(target, manifest):
            return target
        raise already_there(target)
    try:
        needed = sum(take.video.bytes for take in manifest.takes)  # as it is stored; texts shrink
        if target.parent.is_dir() and needed > shutil.disk_usage(target.parent).free:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        with created(target) as temporary:
            write_archive(temporary, manifest, contents)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(
            f"the bundle cannot be written ({reason})",
            where=target,
            mend="Free some space, or choose a folder in which you may write",
        ) from error
    return target


def _holds(path: Path, manifest: Manifest) -> bool:
    try:
        return check_bundle(path) == manifest
    except StudioError:
        return False


@contextmanager
def _unpacked(archive: OpenArchive, folder: Path) -> Iterator[Path]:
    """The files of a bundle in a folder of their own, all as the manifest has them; gone afterwards."""
    make_folder(folder)
    _clear_abandoned(folder)
    needed = sum(file.bytes for file in archive.manifest.files)
    # Twice: as it is unpacked, and as the project's own copy.
    if 2 * needed > shutil.disk_usage(folder).free:
        raise StudioError(
            f"the disk has no room for it: {2 * needed:,} bytes are needed",
            where=archive.path,
            mend="Free some",
        )
    with tempfile.TemporaryDirectory(prefix=_UNPACKED, dir=folder) as made:
        try:
            archive.unpack(Path(made))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise StudioError(
                f"the bundle cannot be unpacked ({reason})", where=archive.path, mend="Free some space"
            ) from error
        yield Path(made)


def _clear_abandoned(folder: Path) -> None:
    """Delete what a killed import left more than a day ago."""
    for path in folder.glob(f"{_UNPACKED}*"):
        if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _demand_own_files(sidecar: Path, bundle: Path) -> None:
    """Refuse a sidecar that would have the project read files from outside the bundle."""
    try:
        found = read_sidecar(sidecar)
    except StudioError as error:
        raise refused(bundle, f"of {sidecar.name}, {error.what}") from error
    if found is not None and (found.video is not None or found.actions is not None):
        raise refused(bundle, f"{sidecar.name} names files outside of it")
