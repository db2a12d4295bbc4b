"""What follows what in a video: its spans, planned one after another for as long as there is play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vpt_studio.demo_data.web.catalogue import LOOKS
from vpt_studio.demo_data.web.design import Design
from vpt_studio.demo_data.web.truth import TICKS_PER_SECOND, Label

_CLEAN_SECONDS = (4.0, 14.0)
_CUT_TICKS = (10, 80)
_INTO, _OUT_OF = ("fade_in", "wipe"), "fade_out"


@dataclass(frozen=True)
class PlannedSpan:
    """A span that is to be made.

    Attributes:
        label: What its frames will show.
        looks: Names of its looks in the order in which they are drawn.
        ticks: Its length in twentieths of a second; it ends sooner where the play does.
        play_rate: Ticks of play per twentieth of a second; None for no play.
        cut: Ticks of play that are left out before it.
    """

    label: Label
    looks: tuple[str, ...]
    ticks: int
    play_rate: int | None
    cut: int = 0


class Timeline:
    """Plans a video: :meth:`opening`, then :meth:`body` until the play ends, then :meth:`closing`."""

    def __init__(self, design: Design, seed: int) -> None:
        self._design = design
        self._chance = np.random.default_rng([seed, design.seed, 3])
        self._played = False

    def opening(self) -> Iterator[PlannedSpan]:
        """What comes before the play."""
        for name in self._design.openings:
            yield self._without_play(name)

    def closing(self) -> Iterator[PlannedSpan]:
        """What comes after the play."""
        for name in self._design.closings:
            yield self._without_play(name)

    def body(self) -> Iterator[PlannedSpan]:
        """Spans of play and what interrupts it, without end."""
        design = self._design
        interrupted = bool(design.openings)
        if interrupted:
            yield from self._transition(into=True)
        while True:
            rolled = self._chance.random()
            if rolled < design.interlude_share and design.interludes and not interrupted:
                yield from self._transition(into=False)
                yield self._without_play(str(self._chance.choice(design.interludes)))
                yield from self._transition(into=True)
                interrupted = True
                continue
            # The share is one of all spans, interludes included.
            clean = self._chance.random() < design.clean_share / max(1e-9, 1 - design.interlude_share)
            yield self._clean() if clean else self._altered()
            interrupted = False

    def _clean(self) -> PlannedSpan:
        return self._play((), _CLEAN_SECONDS, 1)

    def _altered(self) -> PlannedSpan:
        design, chance = self._design, self._chance
        overlays = chance.permutation(design.overlays)[: 1 + int(chance.random() < 0.35)].tolist()
        if chance.random() < 0.35:
            alteration = str(chance.choice(design.alterations))
            overlays = overlays[: int(chance.random() < 0.3)]
            looks = (alteration, *overlays)
        else:
            looks = tuple(overlays)
        # The shortest of them sets the time, and an alteration the play's pace.
        seconds = min(LOOKS[name].seconds for name in looks)
        return self._play(looks, seconds, LOOKS[looks[0]].play_rate or 0)

    def _play(self, looks: tuple[str, ...], seconds: tuple[float, float], play_rate: int) -> PlannedSpan:
        drawn = self._design.always + looks
        cut = 0
        # Never before the first play, so that even the shortest is shown.
        if self._chance.random() < self._design.cut_share and play_rate and self._played:
            cut = int(self._chance.integers(*_CUT_TICKS))
        self._played = True
        label = Label.ARTIFACT if drawn else Label.CLEAN
        return PlannedSpan(label, drawn, self._ticks(seconds), play_rate, cut)

    def _transition(self, *, into: bool) -> Iterator[PlannedSpan]:
        if self._chance.random() < self._design.transition_share:
            name = str(self._chance.choice(_INTO)) if into else _OUT_OF
            yield self._play((name,), LOOKS[name].seconds, 1)

    def _without_play(self, name: str) -> PlannedSpan:
        look = LOOKS[name]
        return PlannedSpan(Label.NONE, (name,), self._ticks(look.seconds), look.play_rate)

    def _ticks(self, seconds: tuple[float, float]) -> int:
        return max(1, round(float(self._chance.uniform(*seconds)) * TICKS_PER_SECOND))
