"""The verdict on a take: every reason in plain words, where in the take it is, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recorder.takes.evidence import gather
from recorder.takes.picture_scan import scan_pictures
from recorder.takes.reason import ORDER, Reason, State, worst_state
from recorder.takes.reasons_of_input import hands_reasons
from recorder.takes.reasons_of_recording import recording_reasons
from vpt_studio.errors import StudioError
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.validation import Verdict, validate
from vpt_studio.words import sentence

_HEALTH = {
    State.OK: Health.HEALTHY,
    State.UNKNOWN: Health.HEALTHY,
    State.WARN: Health.FLAWED,
    State.BAD: Health.BROKEN,
}

Tell = Callable[[int], None]


@dataclass(frozen=True)
class TakeVerdict:
    """What there is to say of a take.

    Attributes:
        ticks: Its length.
        reasons: Everything that was looked at, gravest first.
    """

    ticks: int
    reasons: tuple[Reason, ...]

    @property
    def state(self) -> State:
        """How it stands in all: as its gravest reason does."""
        return worst_state(self.reasons)

    @property
    def health(self) -> Health:
        """The same in the word that a recording has for it."""
        return _HEALTH[self.state]

    def as_json(self) -> dict[str, Any]:
        """The verdict for ``--json`` answers."""
        return {
            "state": self.state.value,
            "health": self.health.value,
            "ticks": self.ticks,
            "seconds": self.ticks / TICK_RATE,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def looks(video: Path) -> int:
    """How often :func:`judge_take` will tell that one more tick was looked at; 0 where it cannot be read."""
    try:
        with Recording.open(video) as recording:
            return len(recording.video) + len(recording)
    except StudioError:
        return 0


def judge_take(video: Path, *, tell: Tell | None = None) -> TakeVerdict:
    """Look at all of a take: its files, every picture twice, and every action.

    A take that cannot be read at all has one reason, and no error is raised.

    Args:
        video: Its video.
        tell: Called with the number of ticks that have just been looked at; see :func:`looks`.
    """
    files = validate(video, tell=tell)
    if not files.ticks or not files.lines:
        return TakeVerdict(files.ticks, (_unreadable(files),))
    with Recording.open(video) as recording:
        evidence = gather(recording, files, scan_pictures(recording, tell))
        reasons = [*recording_reasons(evidence), *hands_reasons(evidence)]
    reasons.sort(key=lambda reason: -ORDER.index(reason.state))
    return TakeVerdict(evidence.ticks, tuple(reasons))


def _unreadable(files: Verdict) -> Reason:
    if files.problems:
        first = files.problems[0]
        what, mend = first.what, first.mend
    else:
        what, mend = "there are no actions beside the video", "Record it again"
    return Reason("files", State.BAD, sentence(what), sentence(mend))


__all__ = ["Reason", "State", "TakeVerdict", "judge_take", "looks"]
