"""Making a web video out of play: spans are planned, drawn and encoded as the play comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vpt_studio.atomic_files import already_there, created
from vpt_studio.demo_data.web.brush import Picture
from vpt_studio.demo_data.web.catalogue import LOOKS
from vpt_studio.demo_data.web.design import Design
from vpt_studio.demo_data.web.film import Film
from vpt_studio.demo_data.web.look import Layer
from vpt_studio.demo_data.web.style import Kit, Moment
from vpt_studio.demo_data.web.timeline import PlannedSpan, Timeline
from vpt_studio.demo_data.web.truth import (
    TICKS_PER_SECOND,
    Span,
    Truth,
    truth_path,
    twentieths_shown,
    write_truth,
)
from vpt_studio.errors import StudioError

_PLAY_SHAPE = (360, 640, 3)


def make_web_video(
    play: Iterable[Picture],
    out: Path,
    design: Design,
    seed: int,
    tell: Callable[[int], None] | None = None,
    origin: dict[str, Any] | None = None,
) -> Truth:
    """Make a video as `design`'s channel would upload it, and its truth file ``<stem>.truth.json``.

    The play is read once, frame by frame, and never held. The same arguments give the same files. The video
    takes its name last: where it is, its truth is too.

    Sampling is exact: spans begin on twentieths of a second, and the picture shown at time t is drawn from
    the play frame of twentieth floor(20 t), t being the time that the container stores (see :class:`Truth`).

    Args:
        play: Frames at 20 Hz, uint8 [360, 640, 3] RGB; they are not changed.
        out: The video; its suffix must be ``design.format.suffix``.
        design: The channel.
        seed: Of the sequence of spans, so that a channel can make many videos.
        tell: Called with the number of play frames that were used since it was called last.
        origin: What the play came of, as JSON, to be told in the truth.

    Returns:
        The truth, as written.

    Raises:
        StudioError: One of the two files exists, the play is empty, or the disk refuses.
        ValueError: The suffix is another, or a frame has another shape.
    """
    if out.suffix != design.format.suffix:
        raise ValueError(f"{out.name} must end in {design.format.suffix} for this design")
    for path in (out, truth_path(out)):
        if path.exists():  # told before the work; `created` makes sure after it
            raise already_there(path)
    with created(out) as temporary:
        with Film(temporary, design.format, seed, out) as film:
            projection = _Projection(_Reel(play, design, tell), film, design, seed)
            spans = projection.run()
            if not any(span.first_play_tick is not None for span in spans):
                raise StudioError("there is no play to make a web video of", where=out)
        file = design.format
        truth = Truth(
            spans=tuple(spans),
            frames=film.frames,
            width=file.width,
            height=file.height,
            rate=file.rate,
            held_back=design.held_back,
            seed=seed,
            design=design.as_json(),
            shown=twentieths_shown(projection.times, spans[-1].stop),
            origin=origin or {},
        )
        write_truth(truth_path(out), truth)
    return truth


class _Reel:
    """Play that is wound forward, and its current frame at the video's size.

    Attributes:
        tick: Of the current frame; -1 before the first.
    """

    def __init__(self, play: Iterable[Picture], design: Design, tell: Callable[[int], None] | None) -> None:
        self.tick = -1
        self._frames: Iterator[Picture] = iter(play)
        self._tell = tell
        self._size = design.format.width, design.format.height
        self._frame: Picture | None = None
        self._scaled: Picture | None = None

    def wind_to(self, tick: int) -> bool:
        """Make `tick` the current frame; whether the play has it."""
        while self.tick < tick:
            frame = next(self._frames, None)
            if frame is None:
                return False
            if frame.shape != _PLAY_SHAPE or frame.dtype != np.uint8:
                raise ValueError(f"a play frame is {frame.dtype} {frame.shape}, not uint8 {_PLAY_SHAPE}")
            self._frame, self._scaled = frame, None
            self.tick += 1
            if self._tell is not None:
                self._tell(1)
        return True

    def picture(self) -> Picture:
        """The current frame at the video's size; not to be changed."""
        assert self._frame is not None
        if self._scaled is None:
            # A copy where the size is the play's own: who yields frames may reuse them.
            same = self._frame.shape[1::-1] == self._size
            self._scaled = self._frame.copy() if same else _enlarged(self._frame, self._size)
        return self._scaled


def _enlarged(frame: Picture, size: tuple[int, int]) -> Picture:
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR), np.uint8)


class _Projection:
    """Shows one planned span after another to the film, and keeps what was true of them.

    Attributes:
        times: When each frame is shown, in seconds from the first.
    """

    def __init__(self, reel: _Reel, film: Film, design: Design, seed: int) -> None:
        self._reel = reel
        self._film = film
        self._design = design
        self._timeline = Timeline(design, seed)
        self._layers: dict[str, Layer] = {}
        self._spans: list[Span] = []
        self._now = 0
        self.times: list[Fraction] = []

    def run(self) -> list[Span]:
        """Make the whole video."""
        for plan in self._timeline.opening():
            self._show(plan)
        for plan in self._timeline.body():
            if not self._show(plan):
                break
        for plan in self._timeline.closing():
            self._show(plan)
        return self._spans

    def _show(self, plan: PlannedSpan) -> bool:
        """Make a span; whether the play lasted to its end."""
        start, first = self._now, self._first_tick(plan)
        whole = True
        for tick in range(plan.ticks):
            if first is not None and not self._reel.wind_to(first + (plan.play_rate or 0) * tick):
                whole = False
                break
            self._show_tick(plan, start)
        if self._now > start:
            span = Span(start, self._now, plan.label, plan.looks, first, plan.play_rate or 0)
            self._spans.append(span)
        return whole

    def _first_tick(self, plan: PlannedSpan) -> int | None:
        if plan.play_rate is None:
            return None
        if plan.play_rate == 0:
            return max(0, self._reel.tick)
        return self._reel.tick + 1 + plan.cut

    def _show_tick(self, plan: PlannedSpan, start: int) -> None:
        """Write the frames of one twentieth of a second: none, one or several."""
        self._now += 1
        while self._film.next_time * TICKS_PER_SECOND < self._now:
            self.times.append(self._film.next_time)
            clock = float(self.times[-1])
            seconds = clock - start / TICKS_PER_SECOND
            moment = Moment(seconds, plan.ticks / TICKS_PER_SECOND, clock, len(self._spans))
            self._film.write(self._drawn(plan, moment))

    def _drawn(self, plan: PlannedSpan, moment: Moment) -> Picture:
        file = self._design.format
        if plan.play_rate is None:
            picture: Picture = np.zeros((file.height, file.width, 3), np.uint8)
        elif plan.looks:
            picture = self._reel.picture().copy()
        else:
            return self._reel.picture()
        for name in plan.looks:
            picture = self._layer(name)(picture, moment)
        return picture

    def _layer(self, name: str) -> Layer:
        if name not in self._layers:
            file = self._design.format
            kit = Kit(self._design.style, name, file.width, file.height)
            self._layers[name] = LOOKS[name].make(kit)
        return self._layers[name]
