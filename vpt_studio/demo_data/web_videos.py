"""Videos as the web has them, made of scripted play that nobody recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.atomic_files import already_there, make_folder
from vpt_studio.demo_data.plan import TakePlan
from vpt_studio.demo_data.side_by_side import Count, make_all
from vpt_studio.demo_data.takes import of_other_words, played, script_of, ticks_of
from vpt_studio.demo_data.web.design import design_for
from vpt_studio.demo_data.web.making import make_web_video
from vpt_studio.demo_data.web.truth import read_truth, truth_path
from vpt_studio.errors import StudioError
from vpt_studio.recordings.pointer import draw_pointer_at
from vpt_studio.recordings.take_lock import TakeLock


@dataclass(frozen=True)
class WebPlan:
    """One video to be made.

    Attributes:
        play: What is played in it.
        seed: Of its design and its timeline.
        held_back: Its design is kept for testing.
    """

    play: TakePlan
    seed: int
    held_back: bool

    def video(self, folder: Path) -> Path:
        """Where it goes; its truth lies beside it."""
        kept = "-held-back" if self.held_back else ""
        suffix = design_for(self.seed, self.held_back).format.suffix
        return folder / f"web-{self.seed:08x}{kept}{suffix}"


def plan_web_videos(plays: Sequence[TakePlan], seed: int, held_back_share: float = 0.2) -> list[WebPlan]:
    """A video of each of `plays`, some of them of designs that are kept for testing.

    Args:
        plays: What is played; of five the fifth gets a design that is held back, of fewer none.
        seed: Start of every choice.
        held_back_share: How many of them, 0 to 1, if it is not a fifth.
    """
    seeds = np.random.default_rng([seed, 7]).integers(2**31, size=len(plays)).tolist()
    every = round(1 / held_back_share) if held_back_share else len(plays) + 1
    return [
        WebPlan(play, web_seed, number % every == every - 1)
        for number, (play, web_seed) in enumerate(zip(plays, seeds, strict=True))
    ]


def make_web_videos(
    plans: Sequence[WebPlan],
    folder: Path,
    *,
    tell: Callable[[int], None],
    workers: int | None = None,
) -> list[Path]:
    """Make every video of `plans` with the truth about it, or find it made.

    Args:
        plans: What to make.
        folder: Where it goes; made where missing.
        tell: Called from time to time with how many ticks were played since it was called last, head starts
            included.
        workers: Processes side by side; as many as there are cores if None.

    Returns:
        The videos; ``<stem>.truth.json`` lies beside each.

    Raises:
        StudioError: A file of another kind or of other words has a video's name, another process is making
            one of them, or the disk refuses.
    """
    make_folder(folder)
    missing = [plan for plan in plans if not _is_there(plan, folder)]
    known = sum(ticks_of(plan.play) for plan in plans if plan not in missing)
    if known:
        tell(known)
    make_all(_make_web_video, missing, folder, tell=tell, workers=workers)
    return [plan.video(folder) for plan in plans]


def _make_web_video(plan: WebPlan, folder: Path, count: Count) -> None:
    video = plan.video(folder)
    with TakeLock(folder, video.stem):
        if _is_there(plan, folder):  # another process with the same words has made it meanwhile
            for _ in range(ticks_of(plan.play)):
                count()
            return
        truth_path(video).unlink(missing_ok=True)  # of a process that was killed before its video was there
        design = design_for(plan.seed, plan.held_back)
        frames = _frames(plan.play, count)
        make_web_video(frames, video, design, plan.seed, origin=script_of(plan.play))


def _is_there(plan: WebPlan, folder: Path) -> bool:
    """Whether the video of `plan` and its truth are there.

    Raises:
        StudioError: Something else has the name of one of them.
    """
    video = plan.video(folder)
    path = truth_path(video)
    if not path.exists():
        if video.exists():
            raise already_there(video)
        return False
    try:
        truth = read_truth(path)
    except StudioError as error:
        raise already_there(path) from error
    design = orjson.loads(orjson.dumps(design_for(plan.seed, plan.held_back).as_json()))  # as files have it
    if (truth.origin, truth.design, truth.seed) != (script_of(plan.play), design, plan.seed):
        raise of_other_words(video)
    return video.exists()


def _frames(plan: TakePlan, count: Count) -> Iterator[npt.NDArray[np.uint8]]:
    """What a screen recorder would see: the pointer too."""
    for game in played(plan, count):
        state = game.take.environment.state
        frame = game.take.frame
        if state.screen is not None:
            frame = frame.copy()
            draw_pointer_at(frame, int(state.pointer[0]), int(state.pointer[1]))
        yield frame
