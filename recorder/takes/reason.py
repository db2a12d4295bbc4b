"""One reason of a verdict on a take, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recorder.takes.mended_notes import Span


class State(StrEnum):
    """How a take stands in one respect."""

    OK = "ok"
    UNKNOWN = "unknown"  # nobody can tell; held against no take
    WARN = "warn"  # it can be used, and would be better without
    BAD = "bad"  # it cannot be used as it is


@dataclass(frozen=True)
class Mend:
    """What would mend a take.

    Attributes:
        do: ``trim``, ``cut`` or ``split``, as :mod:`recorder.takes.mending` has them.
        spans: In ticks, half-open. Of a trim, the one that stays; of a cut, those that go; of a split, the
            takes that are made.
        leaves: How many ticks are left in all.
    """

    do: str
    spans: tuple[Span, ...]
    leaves: int

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Mend:
        """The mend that :meth:`as_json` told of."""
        return cls(told["do"], tuple((start, stop) for start, stop in told["spans"]), told["leaves"])

    def command(self, name: str) -> list[str]:
        """The arguments of ``vpt-studio`` that carry it out on the take called `name`."""
        spans = [(f"{start}t", f"{stop}t") for start, stop in self.spans]
        places = list(spans[0]) if self.do == "trim" else [f"{start}-{stop}" for start, stop in spans]
        return ["takes", self.do, name, *places]

    def as_json(self) -> dict[str, Any]:
        """The mend for ``--json`` answers."""
        return {"do": self.do, "spans": [list(span) for span in self.spans], "leaves": self.leaves}


@dataclass(frozen=True)
class Reason:
    """One thing that was looked at.

    Attributes:
        id: What it is, for programs: ``rate``, ``gaps``, ….
        state: How it stands.
        words: What is so, as a sentence.
        why: Why that matters, or what to do; may be empty.
        spans: Where in the take, in ticks, half-open; empty where it is the whole, or nothing.
        mend: What mends it; None where nothing does, or nothing need.
    """

    id: str
    state: State
    words: str
    why: str = ""
    spans: tuple[Span, ...] = ()
    mend: Mend | None = None

    def as_json(self) -> dict[str, Any]:
        """The reason for ``--json`` answers."""
        return {
            "id": self.id,
            "state": self.state.value,
            "words": self.words,
            "why": self.why,
            "spans": [list(span) for span in self.spans],
            "mend": None if self.mend is None else self.mend.as_json(),
        }


#: From what nobody minds to what is worst.
ORDER = (State.OK, State.UNKNOWN, State.WARN, State.BAD)


def worst_state(reasons: Iterable[Reason]) -> State:
    """The gravest state among `reasons`; what cannot be told is held against no take."""
    told = [reason.state for reason in reasons if reason.state is not State.UNKNOWN]
    return max(told, key=ORDER.index, default=State.OK)
