"""What an audit found, in words."""

from __future__ import annotations

from typing import Any

from training.audit import Audit, AuditSpan, Difference
from vpt_studio.recordings.recording import TICK_RATE

#: Below this a model knows too little of a recording for its doubts to mean much.
LITTLE_SKILL = 0.1
_HARDLY = 0.1  # a share of ticks
_ALIKE = 0.15
_STILL = 3.0  # degrees a second


def clock(tick: int) -> str:
    """When a tick is, as a clock shows it: ``0:42``, ``1:02:03``."""
    minutes, seconds = divmod(tick // TICK_RATE, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def span_in_words(span: AuditSpan) -> str:
    """``0:42 to 0:47: the log says forward, the model sees none``."""
    parts = [_difference_in_words(difference) for difference in span.differences]
    words = f"{clock(span.start)} to {clock(span.stop)}: {'; '.join(parts)}"
    return f"{words}; {_shift_in_words(span.shift, 'its log')}" if span.shift else words


def audit_in_words(audit: Audit) -> list[str]:
    """What there is to say of a whole recording, a line each; empty where nothing is."""
    lines = []
    if audit.skill < LITTLE_SKILL:
        lines.append("the model knows little of such play: what it doubts says little")
    if audit.shift:
        lines.append(f"all of it: {_shift_in_words(audit.shift, 'the log')}")
    return [*lines, *map(span_in_words, audit.spans)]


def audit_as_json(audit: Audit) -> dict[str, Any]:
    """The audit for ``--json`` answers; times in seconds, shares 0 to 1, turns in degrees per second."""
    return {
        "ticks": audit.ticks,
        "compared": audit.compared,
        "skill": audit.skill,
        "shift_ticks": audit.shift,
        "spans": [
            {
                "start": span.start,
                "stop": span.stop,
                "from_seconds": span.start / TICK_RATE,
                "to_seconds": span.stop / TICK_RATE,
                "excess": span.excess,
                "shift_ticks": span.shift,
                "differences": [
                    {"part": one.part, "logged": one.logged, "seen": one.seen} for one in span.differences
                ],
                "words": span_in_words(span),
            }
            for span in audit.spans
        ],
    }


def _difference_in_words(difference: Difference) -> str:
    if difference.part == "camera":
        return _turn_in_words(difference.logged, difference.seen)
    name = difference.part.replace("hotbar.", "slot ")
    logged, seen = difference.logged, difference.seen
    if abs(logged - seen) < _ALIKE:
        return f"{name} at other moments than the model sees it"
    if logged > seen:
        return f"the log says {name}, the model sees {'none' if seen < _HARDLY else 'less of it'}"
    return f"the model sees {name}, the log says {'none' if logged < _HARDLY else 'less of it'}"


def _turn_in_words(logged: float, seen: float) -> str:
    if logged < _STILL <= seen:
        return f"the log says that the view stays, the model sees it turn {seen:.0f} degrees a second"
    if seen < _STILL <= logged:
        return f"the log says that the view turns {logged:.0f} degrees a second, the model sees it stay"
    if abs(logged - seen) < _ALIKE * max(logged, seen):
        return "the view turns at other moments, or another way, than the model sees it"
    return f"the view turns {logged:.0f} degrees a second, the model sees {seen:.0f}"


def _shift_in_words(shift: int, what: str) -> str:
    count = f"{abs(shift)} tick" if abs(shift) == 1 else f"{abs(shift)} ticks"
    return f"{what} would fit better if it came {count} {'later' if shift > 0 else 'earlier'}"
