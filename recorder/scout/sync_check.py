"""How long after an input the picture answers it, measured while a person taps a key about once a second.

Between two inputs the picture is still, or nearly: what changes from one frame to the next then is its own
noise. After an input the first frame that changes by much more shows the answer. A game that moves by itself
has no stillness to stand out of, and gets no number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from recorder.devices.events import InputEvent
from recorder.takes.lag import LONGEST_OFFSET_MS
from vpt_studio.errors import StudioError

SECONDS = 10.0
#: So long before an input nothing may be done, and so long after it an answer is looked for.
QUIET_NS = 250_000_000
REACH_NS = 500_000_000
#: Answers that a measurement needs.
LEAST_SAMPLES = 4
#: A pixel has changed when it differs by more than this of 255.
_CHANGED = 12
#: Pixels of one in four that must change more than they do by themselves, and how many times as many.
_LEAST_PIXELS = 12
_STANDS_OUT = 3
#: Frames that tell the noise before an input: fewer are no look at it.
_LEAST_STILL = 8
#: Of the still moments so many may look like an answer; more, and the answers may be none either.
_FALSE_SHARE = 0.15
_MOST_SPREAD_MS = 80.0
#: A picture of which a larger share changes all the time is not still.
_STILL_NOISE = 0.005
_CONTROL_STEP_NS = 50_000_000


@dataclass(frozen=True)
class SyncResult:
    """What was measured.

    Attributes:
        offset_ms: Time from an input to the middle between the last frame without its answer and the first
            one with it; the median.
        spread_ms: Half of the answers lie within a span of this length.
        samples: How many answers there were.
    """

    offset_ms: float
    spread_ms: float
    samples: int

    @property
    def is_late(self) -> bool:
        """Whether the picture answers later than that of most games."""
        return self.offset_ms > LONGEST_OFFSET_MS

    @property
    def words(self) -> str:
        """As a sentence."""
        return (
            f"The picture answers {self.offset_ms:.0f} ms after an input"
            f" ({self.samples} answers, half of them within {self.spread_ms:.0f} ms of each other)"
        )


def sync_note(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a take's sidecar keeps of a measurement.

    Args:
        told: The fields of a :class:`SyncResult`; others are left out.

    Raises:
        ValueError: It is none.
    """
    numbers = {name: told.get(name) for name in ("offset_ms", "spread_ms", "samples")}
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise ValueError(f"this is no measurement: {name} is {number!r}")
    return numbers


@dataclass(frozen=True, slots=True)
class _Frame:
    before: int  # when the frame before it was taken
    at: int
    changed: int


class SyncCheck:
    """Is told of frames and of inputs, each at nanoseconds of ``time.monotonic_ns()``."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._last: tuple[int, npt.NDArray[np.int16]] | None = None
        self._inputs: list[int] = []
        self._others: list[int] = []

    @property
    def heard(self) -> int:
        """How many inputs came after enough quiet."""
        return len(self._usable())

    @property
    def seen(self) -> int:
        """How many of them the picture answered."""
        return len(self._samples())

    def see(self, picture: npt.NDArray[np.uint8], at: int) -> None:
        """A frame, uint8 [360, 640, 3], taken `at`; all are of the same size."""
        looked_at = picture[::2, ::2, 1].astype(np.int16)
        if self._last is not None:
            before, last = self._last
            changed = int(np.count_nonzero(np.abs(looked_at - last) > _CHANGED))
            self._frames.append(_Frame(before, at, changed))
        self._last = (at, looked_at)

    def hear(self, event: InputEvent) -> None:
        """Something was done in the game."""
        begins = event.kind in ("motion", "wheel") or event.is_down
        (self._inputs if begins else self._others).append(event.at)

    def interrupt(self) -> None:
        """The game was not to be seen for a while: what comes is not compared with what was."""
        self._last = None

    def result(self) -> SyncResult:
        """What the offset is.

        Raises:
            StudioError: It cannot be told, with why.
        """
        usable, samples = self._usable(), self._samples()
        if len(usable) < LEAST_SAMPLES:
            raise _failed(
                f"only {len(usable)} inputs were heard in the game"
                if usable
                else "no input was heard in the game",
                "Click into the game, hold still, and tap a key or flick the mouse about once a second",
            )
        is_too_few = len(samples) < LEAST_SAMPLES
        if is_too_few and self._unseen(usable) > len(usable) // 2:
            raise _failed(
                "too few pictures could be taken", "Close what keeps the computer busy, and measure again"
            )
        if self._false_share() > _FALSE_SHARE or (is_too_few and self._noise() > _STILL_NOISE):
            raise _failed(
                "the picture moves by itself",
                "Stand where nothing moves, face a wall from near, and measure again",
            )
        if is_too_few:
            raise _failed(
                f"the picture answered only {len(samples)} of {len(usable)} inputs",
                "Use a key that the picture answers at once, such as one that walks; or flick the mouse",
            )
        low, middle, high = np.percentile(samples, (25, 50, 75)) / 1e6
        if high - low > _MOST_SPREAD_MS:
            raise _failed(
                f"the picture answers unevenly: half within {high - low:.0f} ms",
                "Stand where nothing moves, close what keeps the computer busy, and measure again",
            )
        return SyncResult(round(float(middle), 1), round(float(high - low), 1), len(samples))

    def _usable(self) -> list[int]:
        """Inputs after enough quiet, by their time."""
        inputs, events = sorted(self._inputs), sorted(self._inputs + self._others)
        return [at for at in inputs if bisect_left(events, at) == bisect_left(events, at - QUIET_NS)]

    def _unseen(self, inputs: list[int]) -> int:
        """Before how many inputs too few frames were seen to know what is still."""
        return sum(len(self._between(at - QUIET_NS, at)) < _LEAST_STILL for at in inputs)

    def _samples(self) -> list[int]:
        answers = ((at, self._answer(at, REACH_NS)) for at in self._usable())
        return [(frame.before + frame.at) // 2 - at for at, frame in answers if frame is not None]

    def _answer(self, at: int, reach: int) -> _Frame | None:
        """The first frame after `at` that changes by much more than those before it do."""
        still = self._between(at - QUIET_NS, at)
        if len(still) < _LEAST_STILL:
            return None
        level = _LEAST_PIXELS + _STANDS_OUT * max(frame.changed for frame in still)
        return next((one for one in self._between(at, at + reach) if one.changed > level), None)

    def _between(self, begin: int, end: int) -> list[_Frame]:
        first = bisect_right(self._frames, begin, key=lambda frame: frame.at)
        last = bisect_right(self._frames, end, key=lambda frame: frame.at)
        return self._frames[first:last]

    def _still_moments(self) -> Iterator[int]:
        """Moments before and after which nothing was done."""
        events = sorted(self._inputs + self._others)
        if not self._frames:
            return
        for at in range(self._frames[0].at + QUIET_NS, self._frames[-1].at - QUIET_NS, _CONTROL_STEP_NS):
            # An input is answered for a while after it, too.
            if bisect_left(events, at - 2 * QUIET_NS) == bisect_left(events, at + QUIET_NS):
                yield at

    def _false_share(self) -> float:
        """How often a picture that nobody did anything to looks as if it answered."""
        answered = [self._answer(at, QUIET_NS) is not None for at in self._still_moments()]
        return sum(answered) / len(answered) if answered else 0.0

    def _noise(self) -> float:
        """The share of pixels that change by themselves from one frame to the next, now and then."""
        moments = list(self._still_moments())
        noise = [max((one.changed for one in self._between(at - QUIET_NS, at)), default=0) for at in moments]
        return float(np.median(noise)) / self._last[1].size if noise and self._last is not None else 0.0


def _failed(what: str, mend: str) -> StudioError:
    return StudioError(f"the offset could not be measured: {what}", mend=mend)
