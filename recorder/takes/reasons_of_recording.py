"""What can be wrong with how a take was recorded: files, rate, gaps, pictures, offset."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from recorder.game.privacy_gate import BLIND
from recorder.takes.evidence import Evidence, in_seconds, runs_of
from recorder.takes.lag import LONGEST_OFFSET_MS
from recorder.takes.mended_notes import CUT_OUT, Span
from recorder.takes.reason import Reason, State
from vpt_studio.recordings.problems import Severity
from vpt_studio.recordings.recording import TICK_RATE
from vpt_studio.words import count_words, duration_words, sentence

#: OWL Control takes nothing shorter than 20 s: what is learned from a clip needs what came before it.
SHORTEST_SECONDS = 20
#: Models learn from 128 ticks at a time (VPT, appendices B and D), and never across a gap.
_SHORTEST_PIECE = 128
#: OWL Control asks for 90 % of the frames that were due. Below 98 % one tick of fifty is longer than it says.
_FEWEST_FRAMES, _ENOUGH_FRAMES = 0.90, 0.98
#: A tick in which so many frames were missed lasts 250 ms or more: what was done in it is smeared.
_SMEARED = 4
#: In a world of our own no frame is missed: it waits. Where more ticks than this came late, play was slow.
_SLIPPED_SHARE = 0.10
#: The capture itself speaks of black after 3 s, of a picture that stands still after 10 s of play.
_BLACK_TICKS, _FROZEN_TICKS = 3 * TICK_RATE, 10 * TICK_RATE
#: Where in so many of those ticks something was done the picture ought to have changed.
_PLAYED_SHARE = 0.25
_MOSTLY = 0.5
_USUAL_LAG, _SLOW_LAG = (0, 2), 4
_LISTED = 3


def recording_reasons(evidence: Evidence) -> list[Reason]:
    """Everything there is to say of how the take was recorded."""
    return [
        length_reason(evidence.ticks),
        _files(evidence),
        _rate(evidence),
        _gaps(evidence),
        _black(evidence),
        _frozen(evidence),
        _offset(evidence),
    ]


def length_reason(ticks: int) -> Reason:
    """Whether the take is long enough to learn from."""
    words = f"{duration_words(ticks / TICK_RATE)} long."
    if ticks < SHORTEST_SECONDS * TICK_RATE:
        why = f"Little can be learned from less than {SHORTEST_SECONDS} s. Play longer next time."
        return Reason("length", State.WARN, words, why)
    return Reason("length", State.OK, words)


def _files(evidence: Evidence) -> Reason:
    grave = [one for one in evidence.files.problems if one.severity is not Severity.NOTE]
    if not grave:
        return Reason("files", State.OK, "Every picture can be decoded and has its action.")
    spans = runs_of(evidence.doubtful | ~evidence.recording.known)
    first = grave[0]
    state = State.BAD if first.severity is Severity.ERROR else State.WARN
    mend = evidence.without(spans) if spans else None
    damage = "From each damage to the next key frame pictures may be wrong; without them the rest is sound."
    why = damage if mend is not None else sentence(first.mend)
    return Reason("files", state, sentence(first.what), why, tuple(spans), mend)


def _rate(evidence: Evidence) -> Reason:
    missed = np.array([_count(line.get("missed")) for line in evidence.said], np.int64)
    due = evidence.ticks + int(missed.sum())
    if not missed.any():
        return _rate_without_missed(evidence)
    share = evidence.ticks / due
    hertz = f"{share * TICK_RATE:.1f} of {TICK_RATE} pictures a second"
    words = f"{count_words(int(missed.sum()), 'picture')} missing: {hertz}."
    smeared = runs_of(missed >= _SMEARED)
    spans = tuple(runs_of(missed > 0))
    if share < _FEWEST_FRAMES:
        why = (
            "The computer could not keep up. Close other programs, or make the window smaller; record again."
        )
        return Reason("rate", State.BAD, words, why, spans)
    if smeared:
        long = count_words(len(smeared), "tick")
        why = f"{long} of 250 ms or more: nobody can tell when in them a key was pressed."
        return Reason("rate", State.WARN, words, why, tuple(smeared), evidence.without(smeared))
    if share < _ENOUGH_FRAMES:
        why = "More than one tick in fifty lasts longer than 50 ms. Close other programs next time."
        return Reason("rate", State.WARN, words, why, spans)
    return Reason("rate", State.OK, words, "So few harm nothing; each is marked.", spans)


def _rate_without_missed(evidence: Evidence) -> Reason:
    slipped = evidence.notes.get("slipped")
    if "missed" not in evidence.notes and not isinstance(slipped, int):
        return Reason("rate", State.UNKNOWN, "Nobody counted missing pictures.")
    if isinstance(slipped, int) and slipped > _SLIPPED_SHARE * evidence.ticks:
        words = f"{count_words(slipped, 'tick')} came late."
        why = "The world waited, so none is missing; but it was played in slow motion. Close other programs."
        return Reason("rate", State.WARN, words, why)
    return Reason("rate", State.OK, f"{TICK_RATE} pictures a second, none missing.")


def _gaps(evidence: Evidence) -> Reason:
    found = [(tick, line["gap"]) for tick, line in enumerate(evidence.said) if _is_gap(line.get("gap"))]
    if not found:
        return Reason("gaps", State.OK, "Recorded without a gap.")
    whys = Counter(str(gap.get("why", "")) for _, gap in found)
    seconds = sum(float(gap.get("seconds") or 0) for _, gap in found)
    told = [f"{why or 'nobody said why'}{_times(count)}" for why, count in whys.most_common(_LISTED)]
    reasons = "; ".join(told)
    words = f"{count_words(len(found), 'gap')}, {duration_words(seconds)} in all: {reasons}."
    spans = tuple((tick, tick + 1) for tick, _ in found)
    mend = evidence.apart_at([tick for tick, _ in found])
    if BLIND in whys:
        why = "The computer had too much to do. Close other programs next time."
        return Reason("gaps", State.WARN, words, why, spans, mend)
    pieces = np.diff([0, *(tick for tick, _ in found), evidence.ticks])
    if pieces[pieces < _SHORTEST_PIECE].sum() > _MOSTLY * evidence.ticks:
        least = f"{_SHORTEST_PIECE / TICK_RATE:.1f} s"
        why = f"Most of it lies in pieces shorter than {least}, too short to learn from."
        return Reason("gaps", State.WARN, words, why, spans, mend)
    if set(whys) == {CUT_OUT}:  # who cut it meant it to be one take
        return Reason("gaps", State.OK, words, "Each seam is marked.", spans)
    return Reason("gaps", State.OK, words, "Each is marked, and nothing is learned across it.", spans, mend)


def _is_gap(gap: Any) -> bool:
    return isinstance(gap, dict)


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""


def _black(evidence: Evidence) -> Reason:
    spans = runs_of(evidence.scan.black & evidence.scan.seen, _BLACK_TICKS)
    if not spans:
        return Reason("black", State.OK, "The game is to be seen.")
    seconds = in_seconds(spans)
    share = seconds * TICK_RATE / evidence.ticks
    words = f"The picture is black for {duration_words(seconds)}."
    mend = evidence.without(spans)
    if share >= _MOSTLY:
        why = "Set the game to a window, or to full screen without a frame, and record again."
        return Reason("black", State.BAD, words, why, tuple(spans), mend)
    return Reason("black", State.WARN, words, "Nothing can be learned there.", tuple(spans), mend)


def _frozen(evidence: Evidence) -> Reason:
    # With a screen open the pointer moves, and stored pictures have none. Black is told of already.
    still = evidence.scan.same & ~evidence.screen & ~evidence.scan.black
    spans: list[Span] = [
        (start, stop)
        for start, stop in runs_of(still, _FROZEN_TICKS)
        if evidence.active[start:stop].mean() >= _PLAYED_SHARE
    ]
    if not spans:
        return Reason("frozen", State.OK, "The picture answers to play.")
    seconds = in_seconds(spans)
    words = f"The picture stood still for {duration_words(seconds)} of play."
    why = "It hung, or another picture lay over the game."
    state = State.BAD if seconds * TICK_RATE >= _MOSTLY * evidence.ticks else State.WARN
    return Reason("frozen", state, words, why, tuple(spans), evidence.without(spans))


def _offset(evidence: Evidence) -> Reason:
    sync = evidence.notes.get("sync")
    measured = sync.get("offset_ms") if isinstance(sync, dict) else None
    measured = float(measured) if isinstance(measured, int | float) else None
    told = [f"the sync check measured {measured:.0f} ms"] if measured is not None else []
    lag = evidence.lag
    if lag.frames is not None:
        told.append(_follows(lag.frames))
    if not told:
        words = f"How far the picture is behind the input cannot be told: {lag.why}."
        return Reason("offset", State.UNKNOWN, words, "A sync check before the take measures it.")
    words = sentence(" and ".join(told))
    again = "Do the sync check, and record again; labels would say what was not yet to be seen."
    if lag.frames is not None and not _USUAL_LAG[0] - 1 <= lag.frames <= _SLOW_LAG:
        return Reason("offset", State.BAD, words, f"Input and picture do not belong together. {again}")
    if lag.frames is not None and not _USUAL_LAG[0] <= lag.frames <= _USUAL_LAG[1]:
        return Reason("offset", State.WARN, words, "Up to 2 frames are usual. See whether the game is slow.")
    if measured is not None and not 0 <= measured <= LONGEST_OFFSET_MS:
        why = f"Up to {LONGEST_OFFSET_MS:.0f} ms are usual. See whether the game is slow."
        return Reason("offset", State.WARN, words, why)
    return Reason("offset", State.OK, words)


def _follows(frames: int) -> str:
    if not frames:
        return "the picture follows the mouse at once"
    when = "after" if frames > 0 else "before"
    return f"the picture moves {count_words(abs(frames), 'frame')} {when} the mouse"


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
