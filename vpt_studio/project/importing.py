"""Bringing recordings into a project: checked first, copied or referred to, never overwriting anything."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from errno import ENOSPC
from pathlib import Path

from vpt_studio.atomic_files import created, sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project.layout import recording_id_from
from vpt_studio.project.project import Project
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.project.recording_table import KnownContentError
from vpt_studio.project.references import relative_reference
from vpt_studio.project.verdicts import store_first_verdict
from vpt_studio.recordings.checking import failed_check
from vpt_studio.recordings.files import RecordingFiles, find_recordings, is_regular_file
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.isolation import DecoderCrashedError, Tell, map_isolated
from vpt_studio.recordings.problems import Problem, Severity, problem
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.validation import Verdict, validate

# alias-session-date-time, as OpenAI names contractor segments
_CONTRACTOR_NAME = re.compile(r"(?P<alias>.+)-[0-9a-f]{12}-\d{8}-\d{6}")


@dataclass(frozen=True)
class ImportOptions:
    """How recordings are brought in.

    Attributes:
        source: Who acted; None leaves it to the files, and unknown where they do not say.
        refer: Leave the files where they are and remember where that is, instead of copying.
        decode: Decode every frame to check it, not only the first and last. Without this the recordings
            count as unchecked.
        person: Who played, where the files do not say.
        tags: Words to give every recording.
        workers: Processes that check files side by side.
    """

    source: Source | None = None
    refer: bool = False
    decode: bool = True
    person: str = ""
    tags: tuple[str, ...] = ()
    workers: int = 2


@dataclass
class ImportReport:
    """What an import did.

    Attributes:
        imported: The new rows.
        known: Names of recordings that were in the project already, with their id there.
        checked_now: Ids of those among them that had been unchecked, and were checked this time.
        left_out: Problems of everything that was not brought in.
        flaws: Problems of what was brought in all the same, or was checked now.
    """

    imported: list[RecordingRow] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    checked_now: list[str] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    flaws: list[Problem] = field(default_factory=list)


@dataclass
class _Task:
    """One recording to check.

    Attributes:
        files: Where it lies.
        decode: Whether every frame is decoded.
        version: Of the recorder, where it is known.
        hashes: Of its video and actions; None until they are known, or where they cannot be read.
    """

    files: RecordingFiles
    decode: bool
    version: str
    hashes: tuple[str, str | None] | None = None


@dataclass(frozen=True)
class _Checked:
    """What is known of one recording: the hashes, where they could be read, and what its check found.

    There is no verdict on content that the project had already when the import began.
    """

    hashes: tuple[str, str | None] | None
    verdict: Verdict | None = None


def import_recordings(
    project: Project,
    paths: Iterable[Path],
    options: ImportOptions | None = None,
    *,
    announce: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> ImportReport:
    """Bring the recordings named by `paths` into `project`.

    Each is checked in a process of its own, so that a file which brings the decoder down costs only
    itself. One that cannot be used is left out with its reason; the rest is still imported. The
    originals are only read. Content that the project has and that was checked is not decoded again; where
    it was not, this check's verdict is stored.

    Args:
        project: The open project.
        paths: Files, folders and index files.
        options: How to bring them in.
        announce: Called once with the number of recordings found.
        tell: Called with a recording's name when it is done.
    """
    options = options or ImportOptions()
    found = find_recordings(paths)
    report = ImportReport(left_out=list(found.problems))
    if announce is not None:
        announce(len(found.recordings))
    tasks = [_Task(files, options.decode, found.versions.get(files, "")) for files in found.recordings]
    contents = project.known_contents()

    def known(task: _Task) -> _Checked | None:
        """Hash it, which a decoder is not needed for, and see whether that is all there is to do."""
        task.hashes = _hashes(task.files)
        health = contents.get(task.hashes) if task.hashes else None
        if health is None or (health is Health.UNCHECKED and options.decode):
            return None
        return None if _sidecar_is_wrong(task) else _Checked(task.hashes)

    for task, outcome in map_isolated(_check, tasks, workers=options.workers, known=known):
        files = task.files
        try:
            _bring_in(project, files, task.version, outcome, options, report)
        except StudioError as error:
            report.left_out.append(_told(error, files))
        except Exception as error:  # whatever it is, it must not cost the recordings that follow
            report.left_out.append(failed_check(files, error))
        if tell is not None:
            tell(files.stem)
    return report


def _hashes(files: RecordingFiles) -> tuple[str, str | None] | None:
    try:
        with Recording.open(files.video or files.sidecar) as recording:
            video, actions = recording.video_path, recording.actions_path
            return sha256_of(video), None if actions is None else sha256_of(actions)
    except (StudioError, OSError):
        return None


def _sidecar_is_wrong(task: _Task) -> bool:
    """Whether what the sidecar says does not fit content that is known to be sound."""
    place = task.files.video or task.files.sidecar
    if not is_regular_file(task.files.sidecar) or task.hashes is None:
        return False
    try:
        sidecar = read_sidecar(task.files.sidecar)
        verdict = validate(place, decode=False, recorder_version=task.version)
    except StudioError:
        return True
    named = (None, None) if sidecar is None else (sidecar.video, sidecar.actions)
    differs = any(
        foreign is not None and foreign.sha256 not in ("", found)
        for foreign, found in zip(named, task.hashes, strict=True)
    )
    return differs or verdict.health is Health.BROKEN


def _check(task: _Task, tell: Tell) -> _Checked:
    # Hashed before: when the copy has this hash too, the verdict between the two is of the same content.
    place = task.files.video or task.files.sidecar
    verdict = validate(place, decode=task.decode, recorder_version=task.version, tell=tell)
    if task.hashes is None and verdict.health is not Health.BROKEN:
        raise _changed(place)
    return _Checked(task.hashes, verdict)


def _bring_in(
    project: Project,
    files: RecordingFiles,
    version: str,
    outcome: _Checked | Exception,
    options: ImportOptions,
    report: ImportReport,
) -> None:
    place = files.video or files.sidecar
    if isinstance(outcome, DecoderCrashedError):
        report.left_out.append(problem(Severity.ERROR, place, "", str(outcome), outcome.mend))
        return
    if isinstance(outcome, StudioError):
        raise outcome
    if isinstance(outcome, Exception):
        report.left_out.append(failed_check(files, outcome))
        return
    verdict = outcome.verdict
    if verdict is not None and verdict.health is Health.BROKEN:
        report.left_out.extend(verdict.problems)
        return
    twin = project.find_by_content(*outcome.hashes) if outcome.hashes else None
    if twin is not None:
        report.known.append((files.stem, twin))
        if verdict is not None and options.decode and store_first_verdict(project, twin, verdict):
            report.checked_now.append(twin)
            report.flaws.extend(verdict.problems)
        return
    if verdict is None:  # it went to the trash in this moment
        raise StudioError("it was removed from the project meanwhile", where=place, mend="Import it again")
    assert outcome.hashes is not None
    try:
        added = _add(project, files, version, verdict, outcome.hashes, options)
    except KnownContentError as error:  # another import was quicker, in this moment
        report.known.append((files.stem, error.recording_id))
        return
    report.imported.append(added)
    report.flaws.extend(verdict.problems)


def _add(
    project: Project,
    files: RecordingFiles,
    version: str,
    verdict: Verdict,
    hashes: tuple[str, str | None],
    options: ImportOptions,
) -> RecordingRow:
    in_place = _lies_in(project, files)
    chosen = files.stem if in_place else project.reserve_recording_id(files.stem)
    # Not a `with` block: an interrupt on the way out of one would still undo what has just been stored.
    if_it_fails = ExitStack()
    if_it_fails.callback(project.release_recording_id, chosen)
    try:
        return _add_as(chosen, project, files, version, verdict, hashes, options, if_it_fails, in_place)
    except BaseException:
        _take_back(project, chosen, if_it_fails)
        raise


def _lies_in(project: Project, files: RecordingFiles) -> bool:
    """Whether the files are where the project would put them, but it knows them no more.

    So it is after the database was lost: they are taken in as they lie, under the name they have.
    """
    own = files.folder.resolve() == project.layout.recordings.resolve()
    return own and recording_id_from(files.stem) == files.stem and not project.has_recording(files.stem)


def _take_back(project: Project, recording_id: str, steps: ExitStack) -> None:
    """Undo what was done for a recording on its way in, unless it has arrived."""
    # What went wrong before is what there is to tell; and better a file too many than one too few.
    with suppress(StudioError):
        # An interrupt may come when the row is stored already, and its files with it.
        if not project.has_recording(recording_id):
            steps.close()


def _add_as(
    chosen: str,
    project: Project,
    files: RecordingFiles,
    version: str,
    verdict: Verdict,
    hashes: tuple[str, str | None],
    options: ImportOptions,
    if_it_fails: ExitStack,
    in_place: bool,
) -> RecordingRow:
    with Recording.open(files.video or files.sidecar, recorder_version=version) as recording:
        video, actions = recording.video_path, recording.actions_path
    sidecar = _described(files, version, options)
    video_sha256, actions_sha256 = hashes
    folder = project.layout.recordings
    refer = options.refer and not in_place
    refer_video = refer or video.parent != files.folder
    refer_actions = actions is not None and (refer or actions.parent != files.folder)
    sidecar = replace(
        sidecar,
        video=ForeignFile(_from(folder, video), video_sha256) if refer_video else None,
        actions=(
            ForeignFile(_from(folder, actions), actions_sha256 or "")
            if refer_actions and actions is not None
            else None
        ),
    )
    own_video = video if in_place else folder / f"{chosen}{video.suffix.lower()}"
    own_actions = folder / f"{chosen}.jsonl"
    stored_actions = None if actions is None else (actions if refer_actions else own_actions)
    row = RecordingRow(
        id=chosen,
        video=project.layout.stored(video if refer_video else own_video),
        actions=None if stored_actions is None else project.layout.stored(stored_actions),
        duration_ticks=verdict.ticks,
        frames=verdict.frames,
        width=verdict.width,
        height=verdict.height,
        source=sidecar.source,
        health=verdict.health if options.decode else Health.UNCHECKED,
        health_reason=verdict.reason,
        problems=len(verdict.problems),
        person=sidecar.person,
        version=sidecar.recorder_version,
        video_sha256=video_sha256,
        actions_sha256=actions_sha256,
        tags=options.tags,
    )
    own_sidecar = folder / f"{chosen}.json"
    if in_place:
        if read_sidecar(own_sidecar) != sidecar:
            write_sidecar(own_sidecar, sidecar)
        return project.add_recording(row, only_new=True)
    if actions is not None and not refer_actions:
        _copy(actions, own_actions, if_it_fails, actions_sha256)
    if is_regular_file(files.events) and not options.refer:
        _copy(files.events, folder / f"{chosen}.events.jsonl", if_it_fails)
    if not refer_video:
        _copy(video, own_video, if_it_fails, video_sha256)
    if_it_fails.callback(own_sidecar.unlink, missing_ok=True)
    write_sidecar(own_sidecar, sidecar)
    return project.add_recording(row, only_new=True)


def _described(files: RecordingFiles, version: str, options: ImportOptions) -> Sidecar:
    """The sidecar the recording will have in the project: its own where it has one, and what we were told."""
    own = read_sidecar(files.sidecar) or Sidecar()
    named = _CONTRACTOR_NAME.fullmatch(files.stem)
    return replace(
        own,
        source=options.source or own.source,
        person=own.person or options.person or (named["alias"] if named else ""),
        recorder_version=own.recorder_version or version,
    )


def _from(folder: Path, path: Path) -> str:
    return relative_reference(
        path, folder, named_by="the project", mend="Import a copy, or keep the project on the same drive"
    )


def _copy(original: Path, copy: Path, if_it_fails: ExitStack, sha256: str | None = None) -> None:
    """Copy a file, of this hash; what comes after may fail, and must then leave no copy behind."""
    try:
        size, free = original.stat().st_size, shutil.disk_usage(copy.parent).free
        if size > free:  # or the copy would fill the disk for everyone before it fails
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        with created(copy) as temporary:
            shutil.copyfile(original, temporary)
            if sha256 is not None and sha256_of(temporary) != sha256:
                raise _changed(original)
        if_it_fails.callback(copy.unlink, missing_ok=True)
    except OSError as error:
        raise StudioError(
            f"the copy could not be written ({(error.strerror or str(error)).lower()})",
            where=copy,
            mend="Free some space, or import by reference",
        ) from error


def _changed(path: Path) -> StudioError:
    return StudioError(
        "the file changed while it was imported",
        where=path,
        mend="Import it again when nothing writes to it any more",
    )


def _told(error: StudioError, files: RecordingFiles) -> Problem:
    place = Path(error.where) if error.where else files.video or files.sidecar
    return problem(Severity.ERROR, place, "", error.what, error.mend or "It was left out")
