"""Making the recordings of a plan: contractors play, a process per core records them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree

from vpt_studio.atomic_files import already_there, make_folder
from vpt_studio.contractors import Contractor, style_named
from vpt_studio.demo_data.plan import TakePlan
from vpt_studio.demo_data.side_by_side import Count, make_all
from vpt_studio.envs.lockstep import ENVIRONMENT, LockstepTake
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.errors import StudioError
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_lock import TakeLock
from vpt_studio.recordings.take_writer import TAKE_SUFFIX, TakeWriter
from vpt_studio.recordings.video import VideoReader

#: To be raised when the same plan gives other play, so that older recordings are not taken for it.
PLAY_VERSION = 3


def make_takes(
    plans: Sequence[TakePlan],
    folder: Path,
    *,
    tell: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> list[Path]:
    """Make every recording of `plans` in `folder`, or find it made.

    The same plans give the same input and the same pictures, whatever `workers` is. What was broken off is
    begun anew; complete recordings are taken as they are, and files of another kind are never overwritten.

    Args:
        plans: What to make.
        folder: Where it goes; made where missing.
        tell: Called from time to time with how many ticks were played since it was called last, head starts
            included.
        workers: Processes side by side; as many as there are cores if None. More than one needs a main
            module that can be imported.

    Returns:
        The videos.

    Raises:
        StudioError: A file of another kind has a recording's name, another process is making one of them,
            or the disk refuses.
    """
    make_folder(folder)
    report = tell if tell is not None else _tell_nobody
    missing = [plan for plan in plans if not _is_there(plan, folder)]
    known = sum(ticks_of(plan) for plan in plans) - sum(ticks_of(plan) for plan in missing)
    if known:
        report(known)
    make_all(_make_take, missing, folder, tell=report, workers=workers)
    return [folder / f"{plan.name}.mp4" for plan in plans]


@dataclass(frozen=True)
class Game:
    """A world and who plays in it.

    Attributes:
        take: The play, and its recording if there is one.
        contractor: The player.
    """

    take: LockstepTake
    contractor: Contractor


def played(plan: TakePlan, count: Count) -> Iterator[Game]:
    """Let a contractor play `plan` in a new world, first its head start at once, then tick by tick.

    Yields:
        The game, before each tick that is to be recorded.
    """
    environment = VoxelEnvironment(plan.preset, pointer=False)
    environment.reset(seed=plan.seed)
    contractor = Contractor(style_named(plan.style), plan.seed, plan.goal)
    game = Game(LockstepTake(environment), contractor)
    for _ in range(plan.head_start):
        move = contractor.act(environment.state)
        game.take.pass_by(move.held, move.dx, move.dy)
        count()
    for _ in range(plan.ticks):
        yield game
        move = contractor.act(environment.state)
        game.take.step(move.held, move.dx, move.dy)
        count()


def _make_take(plan: TakePlan, folder: Path, count: Count) -> None:
    with TakeLock(folder, plan.name):
        if _is_there(plan, folder):  # another process with the same words has made it meanwhile
            for _ in range(ticks_of(plan)):
                count()
            return
        unfinished = folder / f"{plan.name}{TAKE_SUFFIX}"
        if unfinished.is_dir():  # of a process that was killed, for nobody else holds the lock
            rmtree(unfinished)
        with TakeWriter(folder, plan.name, _sidecar(plan)) as writer:
            for game in played(plan, count):
                game.take.writer = writer
            writer.close({"goals": _goals(game.contractor, plan)})


def _is_there(plan: TakePlan, folder: Path) -> bool:
    """Whether the recording of `plan` is complete on disk.

    Raises:
        StudioError: Something else has its name, or it is not whole.
    """
    video = folder / f"{plan.name}.mp4"
    if not video.exists():
        return False
    sidecar = read_sidecar(video.with_suffix(".json"))
    if sidecar is None or "script" not in sidecar.notes:
        raise already_there(video)
    if sidecar.notes["script"] != script_of(plan):
        raise of_other_words(video)
    lines = _count_lines(video.with_suffix(".jsonl"))
    with VideoReader(video) as reader:
        frames = len(reader)
    if (lines, frames) != (plan.ticks, plan.ticks):
        raise StudioError(
            f"this recording is not whole: it has {lines} lines and {frames} pictures of {plan.ticks}",
            where=video,
            mend="Move it away; it is made anew then",
        )
    return True


def _count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def of_other_words(path: Path) -> StudioError:
    """The error of a file that was made by other words, or by another version."""
    return StudioError(
        "the folder holds play that was made with other words or by another version",
        where=path,
        mend="Say the same words as then, or choose another folder",
    )


def _sidecar(plan: TakePlan) -> Sidecar:
    return Sidecar(
        source=Source.SCRIPT,
        person=plan.style,
        environment=f"{ENVIRONMENT} {plan.preset}",
        seed=plan.seed,
        made_by="vpt-studio demo-data",
        notes={"script": script_of(plan)},
    )


def script_of(plan: TakePlan) -> dict[str, object]:
    """What play was made by: the plan, and the version of those who play it."""
    return {**asdict(plan), "play_version": PLAY_VERSION}


def _goals(contractor: Contractor, plan: TakePlan) -> list[dict[str, object]]:
    """What the player was after in which of the recorded ticks, in several wordings each."""
    goals: list[dict[str, object]] = []
    for span in contractor.spans:
        start = max(span.start - plan.head_start, 0)
        stop = min(span.stop - plan.head_start, plan.ticks)
        if start < stop:
            goals.append({"start": start, "stop": stop, "goal": span.goal, "texts": list(span.texts)})
    return goals


def ticks_of(plan: TakePlan) -> int:
    """How many ticks are played for a plan, recorded or not."""
    return plan.head_start + plan.ticks


def _tell_nobody(_ticks: int) -> None:
    pass
