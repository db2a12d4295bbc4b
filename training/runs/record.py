"""What a run says of itself: the content of ``state.json`` and the places of a run folder."""

from __future__ import annotations

import dataclasses
import secrets
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from training.runs.states import ENDED, LIVING, RunState, check_transition
from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
SUFFIX_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another when read aloud
LETTERS_IN_SUFFIX = 2
NAMING_ATTEMPTS = 50


class CauseKind(StrEnum):
    """Why a run failed or was lost."""

    OUT_OF_MEMORY = "out_of_memory"
    NOT_A_NUMBER = "not_a_number"
    DATA_MISSING = "data_missing"
    DISK_FULL = "disk_full"
    TOO_MANY_FILES = "too_many_files"
    IMPORT_ERROR = "import_error"
    BAD_CONFIG = "bad_config"
    EXPLAINED = "explained"
    INTERRUPTED = "interrupted"
    BUG = "bug"
    LAUNCH_FAILED = "launch_failed"
    KILLED = "killed"
    CRASHED = "crashed"
    VANISHED = "vanished"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a run failed or was lost.

    Attributes:
        kind: The class of the cause.
        sentence: What happened, without a final full stop.
        remedy: What a person can do about it, without a final full stop.
    """

    kind: CauseKind
    sentence: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class WorkerProcess:
    """The process that carries a run.

    Attributes:
        pid: Its process id on ``host``.
        started: When the system says it began, in seconds since 1970; a later process may have its id.
        host: The name of the machine.
        launch: The launcher's mark, so that it knows its own worker; empty when started by hand.
    """

    pid: int
    started: float
    host: str
    launch: str = ""


@dataclass(frozen=True, kw_only=True)
class BestMetric:
    """The best value so far of the metric by which a stage chooses its checkpoint."""

    name: str
    value: float
    step: int


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A recording that a run was to use and does without.

    Attributes:
        recording: What the run's settings call it.
        file: The file that is wrong; empty where no file is known.
        what: What is wrong with it, without a final full stop.
        mend: What a person can do about it, without a final full stop.
    """

    recording: str
    file: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f" ({self.file})" if self.file else ""
        return f"{self.recording} is left out: {self.what}{place}. {self.mend}."


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """The state of a run, as ``state.json`` keeps it. Times are UTC.

    Attributes:
        id: The name of the run's folder.
        stage: What the run carries out: a name of the worker's table, or ``module:function``.
        name: What a person calls the run.
        state: What it is doing; readers get ``lost`` computed, see ``training.runs.reader``.
        created: When the run was made.
        updated: When this record was last written.
        seed: The seed that the run was made with.
        started: When the present attempt began; none before the first.
        ended: When the run ended; none while it has not.
        worker: The process of the present or last attempt; none before the first.
        attempt: How many times a worker has taken the run up.
        step: Training steps done.
        total_steps: Steps to do; none when time decides.
        training_seconds: Seconds spent training in all attempts; neither pauses nor what `doing` names count.
        eta_seconds: Estimated seconds until the end, as of ``updated``; none when unknown.
        prepared: Share of what comes before the first step of the attempt that is done, while it is
            ``starting`` and the stage says so; none else.
        doing: What it does between or after the steps instead of training: ``evaluating`` or ``saving``;
            none while it trains, and in all other states than ``running`` and ``stopping``.
        left_out: Recordings that the present or last attempt does without, because they cannot be read.
        best: The best metric so far.
        cause: Why the run failed or was lost.
        versions: Version of Python, the platform and each library that decides results.
        format: Version of this layout.
    """

    id: str
    stage: str
    name: str
    state: RunState
    created: AwareDatetime
    updated: AwareDatetime
    seed: int | None = None
    started: AwareDatetime | None = None
    ended: AwareDatetime | None = None
    worker: WorkerProcess | None = None
    attempt: int = 0
    step: int = 0
    total_steps: int | None = None
    training_seconds: float = 0.0
    eta_seconds: float | None = None
    prepared: float | None = None
    doing: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    best: BestMetric | None = None
    cause: Cause | None = None
    versions: dict[str, str] = dataclasses.field(default_factory=dict)
    format: int = FORMAT

    def moved(
        self, state: RunState, *, cause: Cause | None = None, worker: WorkerProcess | None = None
    ) -> RunRecord:
        """The record after a change of state; every change of state in the project passes through here.

        Args:
            state: The state to move to.
            cause: Why; required for ``failed`` and ``lost``, refused for all others.
            worker: The process that takes the run up; required for ``starting``, refused for all others.

        Raises:
            StudioError: The graph has no such transition.
            ValueError: ``cause`` or ``worker`` is missing or does not belong.
        """
        check_transition(self.state, state)
        if (cause is not None) != (state in {RunState.FAILED, RunState.LOST}):
            raise ValueError(f"moving to {state} with cause {cause}")
        if (worker is not None) != (state is RunState.STARTING):
            raise ValueError(f"moving to {state} with worker {worker}")
        now = utc_now()
        changes: dict[str, Any] = {"state": state, "updated": now, "cause": cause}
        if worker is not None:
            changes |= {"worker": worker, "attempt": self.attempt + 1, "started": now, "ended": None}
        if state in ENDED:
            changes["ended"] = now
        changes["prepared"] = changes["doing"] = None
        if state is not RunState.RUNNING:
            changes["eta_seconds"] = None
        return dataclasses.replace(self, **changes)

    @property
    def has_worker(self) -> bool:
        """Whether the state says that a process is alive."""
        return self.state in LIVING


_RECORD = TypeAdapter(RunRecord)


@dataclasses.dataclass(frozen=True)
class RunPlaces:
    """Where the parts of a run lie in its folder."""

    folder: Path

    @property
    def config(self) -> Path:
        """The resolved configuration."""
        return self.folder / "config.yaml"

    @property
    def state(self) -> Path:
        """The run's record."""
        return self.folder / "state.json"

    @property
    def heartbeat(self) -> Path:
        """Rewritten every few seconds by a living worker."""
        return self.folder / "heartbeat"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write."""
        return self.folder / "lock"

    @property
    def events(self) -> Path:
        """What happened, a JSON line each."""
        return self.folder / "events.jsonl"

    @property
    def metrics(self) -> Path:
        """What was measured, a JSON line per step measured."""
        return self.folder / "metrics.jsonl"

    @property
    def tensorboard(self) -> Path:
        """The same measurements for TensorBoard."""
        return self.folder / "tensorboard"

    @property
    def log(self) -> Path:
        """The worker's log and whatever it printed."""
        return self.folder / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """What a new attempt continues from, and the best so far."""
        return self.folder / "checkpoints"

    @property
    def artifacts(self) -> Path:
        """Reports, figures and exports."""
        return self.folder / "artifacts"

    @property
    def stop_request(self) -> Path:
        """Exists while somebody wants the run to save and stop."""
        return self.folder / "requests" / "stop"

    @property
    def pause_request(self) -> Path:
        """Exists while somebody wants the run to wait."""
        return self.folder / "requests" / "pause"


def utc_now() -> datetime:
    """The present time, aware of being UTC."""
    return datetime.now(UTC)


def load_record(run_dir: Path) -> RunRecord:
    """Read ``state.json`` as it stands, without asking whether its process still lives.

    Raises:
        StudioError: The file is missing, unreadable or of a later format.
    """
    path = RunPlaces(run_dir).state
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StudioError(
            f"this is not a run that can be read ({error.strerror})",
            where=path,
            mend="Choose a folder that a run made",
        ) from error
    try:
        record = _RECORD.validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise StudioError(
            f"the run's record is damaged: {place}: {first['msg']}",
            where=path,
            mend="Its metrics and checkpoints can still be used; the run itself cannot be resumed",
        ) from error
    if record.format > FORMAT:
        raise StudioError(
            f"the run was written by a later version (format {record.format}, this one reads {FORMAT})",
            where=path,
            mend="Update VPT Studio",
        )
    return record


def save_record(run_dir: Path, record: RunRecord) -> None:
    """Replace ``state.json`` whole. Only the process that holds the run's lock may do this.

    Raises:
        OSError: The disk did not take it; the old record still stands.
    """
    write_atomically(RunPlaces(run_dir).state, _RECORD.dump_json(record, indent=2) + b"\n")


def create_run(
    folder: Path, stage: str, config_text: str, *, name: str | None = None, seed: int | None = None
) -> Path:
    """Make the folder of a new run, queued, complete before it can be seen.

    Args:
        folder: Where runs live; made if it does not exist.
        stage: A name of the worker's table, or ``module:function``.
        config_text: The resolved configuration as YAML (``training.configs.to_yaml``).
        name: What a person will call it; the run's id when none.
        seed: The seed that the configuration gives, repeated in the record.

    Returns:
        The run's folder, whose name is the run's id: stage, UTC date and time, and two letters.

    Raises:
        StudioError: The folder cannot be written.
    """
    word = "".join(letter if letter.isalnum() else "-" for letter in stage.lower()).strip("-")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(NAMING_ATTEMPTS):
            suffix = "".join(secrets.choice(SUFFIX_LETTERS) for _ in range(LETTERS_IN_SUFFIX))
            run_id = f"{word}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{suffix}"
            draft = folder / f".{run_id}.tmp"
            if (folder / run_id).exists() or not _made(draft):
                continue
            now = utc_now()
            record = RunRecord(
                id=run_id,
                stage=stage,
                name=name or run_id,
                state=RunState.QUEUED,
                created=now,
                updated=now,
                seed=seed,
            )
            for place in ("checkpoints", "artifacts", "requests"):
                (draft / place).mkdir()
            write_atomically(RunPlaces(draft).config, config_text.encode())
            save_record(draft, record)
            return draft.rename(folder / run_id)
    except OSError as error:
        raise StudioError(
            f"a run could not be made ({error.strerror})",
            where=folder,
            mend="Check that the folder can be written",
        ) from error
    raise StudioError("no free name for another run in this second", where=folder, mend="Try again")


def _made(folder: Path) -> bool:
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True
