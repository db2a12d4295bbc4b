"""What can be wrong with what was done in a take: mouse, keys, stuck keys, idle time, screens."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recorder.takes.evidence import Evidence, in_seconds, runs_of
from recorder.takes.mended_notes import Span
from recorder.takes.reason import Mend, Reason, State
from vpt_studio.actions import BUTTONS
from vpt_studio.recordings.recording import TICK_RATE
from vpt_studio.words import count_words, duration_words, sentence, with_capital

_SECOND, _MINUTE = TICK_RATE, 60 * TICK_RATE
#: Below 20 s a take is too short to say what is missing in it; after a minute a mouse that lay still is none.
_ENOUGH_TO_SAY, _NO_MOUSE = 20 * _SECOND, _MINUTE
#: 450 degrees in 50 ms: no hand does that. (OWL Control asks that the mouse be "not absurd".)
_ABSURD = 3000.0
#: OWL Control asks for 5 presses of W, A, S and D a minute; we count every key and button.
_FEWEST_PRESSES = 5.0
#: Buttons that do a thing once: holding them on does nothing, so nobody holds them for 10 s.
_MOMENTARY = ("inventory", "drop", "swapHands", "pickItem", *(f"hotbar.{slot}" for slot in range(1, 10)))
_MOMENTARY_TICKS = 10 * _SECOND
#: Walking, digging or sneaking for a minute is play. It is none when a screen is open, where it does nothing,
#: or when it lasts from the first tick to the last. With nothing else done meanwhile half a minute is enough:
#: after a whole one the recorder itself stops, because nobody plays.
_STUCK_TICKS, _ALONE_TICKS = _MINUTE, 30 * _SECOND
_SCREEN_TICKS = 3 * _SECOND
_OF_SCREENS = ("attack", "use", "sneak")
#: People do nothing in a third of the ticks (27 to 42 % in the development recordings, 35 % in VPT's).
_IDLE_SHARE, _ALL_IDLE_SHARE = 0.70, 0.95
#: VPT leaves out null actions when it clones behaviour; 20 s of them are a clip and a half of nothing.
_IDLE_TICKS = 20 * _SECOND
#: Before the first and after the last input: the time it takes to find the hotkey, and no more.
_END_TICKS, _END_KEPT = 5 * _SECOND, _SECOND
#: Who sorts chests spends 41 % on screens (`dev-organiser-05`). Beyond 60 % it is no play of the world.
_SCREEN_SHARE, _ALL_SCREEN_SHARE = 0.60, 0.95


def hands_reasons(evidence: Evidence) -> list[Reason]:
    """Everything there is to say of what was done."""
    idle = _idle(evidence)
    return [
        _mouse(evidence),
        _keys(evidence),
        _stuck(evidence),
        idle,
        _ends(evidence),
        _screens(evidence),
    ]


def _mouse(evidence: Evidence) -> Reason:
    moved = evidence.motion.any(axis=1)
    if not moved.any() and evidence.ticks >= _ENOUGH_TO_SAY:
        state = State.BAD if evidence.ticks >= _NO_MOUSE else State.WARN
        why = "If you did move it, the recorder missed it: see the live input before you record again."
        return Reason("mouse", state, "The mouse never moves.", why)
    wild = runs_of(np.abs(evidence.motion).max(axis=1) > _ABSURD)
    if wild:
        words = f"The mouse leaps {count_words(len(wild), 'time')} farther than a hand can move it."
        why = "Another program may have moved it."
        return Reason("mouse", State.WARN, words, why, tuple(wild), evidence.without(wild))
    source = evidence.notes.get("input")
    untrusted = str(source.get("untrusted") or "") if isinstance(source, dict) else ""
    if untrusted:
        return Reason("mouse", State.WARN, "The mouse's motion cannot be trusted.", sentence(untrusted))
    in_play = moved & ~evidence.screen
    if not in_play.any() and (~evidence.screen).sum() >= _NO_MOUSE:
        return Reason("mouse", State.WARN, "The view never turns: the mouse moves on screens alone.")
    if not moved.any():
        return Reason("mouse", State.UNKNOWN, "The mouse does not move; the take is too short to say why.")
    return Reason("mouse", State.OK, f"The mouse moves in {100 * moved.mean():.0f} % of the ticks.")


def _keys(evidence: Evidence) -> Reason:
    pressed = np.diff(evidence.buttons.astype(np.int8), axis=0, prepend=0) > 0
    count = int(pressed.sum())
    a_minute = count * _MINUTE / evidence.ticks
    if evidence.ticks >= _ENOUGH_TO_SAY and a_minute < _FEWEST_PRESSES:
        words = f"Keys and buttons are pressed {a_minute:.1f} times a minute."
        why = "If you did press more, the recorder missed them: see the live input before you record again."
        return Reason("keys", State.WARN, words if count else "No key or button was pressed.", why)
    return Reason("keys", State.OK, f"Keys and buttons are pressed {a_minute:.0f} times a minute.")


def _stuck(evidence: Evidence) -> Reason:
    spans: list[Span] = []
    names: list[str] = []
    for column, button in enumerate(BUTTONS):
        found = _stuck_spans(evidence, button, evidence.buttons[:, column] > 0)
        if found:
            spans += found
            names.append(button)
    if not spans:
        return Reason("stuck", State.OK, "No key is stuck.")
    spans = runs_of(_covered(spans, evidence.ticks))
    words = f"{_listed(names)} held for {duration_words(in_seconds(spans))} on end."
    why = "Nobody plays like that: a key-up was missed, or something lay on the key."
    mend = evidence.without(spans)
    return Reason("stuck", State.WARN if mend is not None else State.BAD, words, why, tuple(spans), mend)


def _stuck_spans(evidence: Evidence, button: str, held: npt.NDArray[np.bool_]) -> list[Span]:
    if button in _MOMENTARY:
        return runs_of(held, _MOMENTARY_TICKS)
    others = np.asarray(evidence.motion.any(axis=1), bool)
    for column, name in enumerate(BUTTONS):
        if name != button:
            others |= evidence.buttons[:, column] > 0
    found = runs_of(held & ~others, _ALONE_TICKS)
    for start, stop in runs_of(held, _STUCK_TICKS):
        on_screens = button not in _OF_SCREENS and evidence.screen[start:stop].sum() >= _SCREEN_TICKS
        if on_screens or (start, stop) == (0, evidence.ticks):
            found.append((start, stop))
    return found


def _idle(evidence: Evidence) -> Reason:
    share = float(1 - evidence.active.mean())
    words = f"Nothing is done in {100 * share:.0f} % of the ticks."
    long = [
        (start + _END_KEPT, stop - _END_KEPT)
        for start, stop in runs_of(~evidence.active, _IDLE_TICKS)
        if start > 0 and stop < evidence.ticks
    ]
    mend = evidence.without(long) if long else None
    if share > _ALL_IDLE_SHARE and evidence.ticks >= _ENOUGH_TO_SAY:
        why = "Nobody plays, or the recorder hears nothing: see the live input before you record again."
        return Reason("idle", State.BAD, words, why, tuple(long))
    if long:
        words = f"Nothing is done for {duration_words(in_seconds(long))} on end."
        why = "What is learned from that is to stand still."
        return Reason("idle", State.WARN, words, why, tuple(long), mend)
    if share > _IDLE_SHARE and evidence.ticks >= _ENOUGH_TO_SAY:
        return Reason("idle", State.WARN, words, "A third is usual. Little is learned from such a take.")
    return Reason("idle", State.OK, words)


def _ends(evidence: Evidence) -> Reason:
    done = np.flatnonzero(evidence.active)
    if not len(done):
        return Reason("ends", State.UNKNOWN, "Nothing is done at all.")
    first, last = int(done[0]), int(done[-1]) + 1
    spans: list[Span] = []
    start, stop = 0, evidence.ticks
    if first >= _END_TICKS:
        start = _key_frame_before(evidence, first - _END_KEPT)
        spans.append((0, first))
    if evidence.ticks - last >= _END_TICKS:
        stop = last + _END_KEPT
        spans.append((last, evidence.ticks))
    if not spans:
        return Reason("ends", State.OK, "Play begins and ends with the take.")
    where = [
        *(["before the first input"] if first >= _END_TICKS else []),
        *(["after the last"] if evidence.ticks - last >= _END_TICKS else []),
    ]
    words = f"{duration_words(in_seconds(spans))} {' and '.join(where)}."
    mend = Mend("trim", ((start, stop),), stop - start) if stop - start < evidence.ticks else None
    return Reason("ends", State.WARN, words, "Nothing is done there.", tuple(spans), mend)


def _key_frame_before(evidence: Evidence, tick: int) -> int:
    """The last tick up to `tick` from which pictures can be copied as they are, if it is near enough."""
    keys = evidence.recording.video.keyframes
    frames = evidence.recording.frame_of_tick
    near = [int(key) for key in keys if tick - _END_TICKS < key <= tick]
    return near[-1] if near and len(frames) == frames[-1] + 1 else tick


def _screens(evidence: Evidence) -> Reason:
    share = float(evidence.screen.mean())
    guessed = " (guessed from keys and pointer)" if evidence.notes.get("screens") == "guessed" else ""
    words = f"A screen is open in {100 * share:.0f} % of the ticks{guessed}."
    spans = tuple(runs_of(evidence.screen))
    if evidence.ticks < _ENOUGH_TO_SAY or share <= _SCREEN_SHARE:
        return Reason("screens", State.OK, words)
    why = "What is learned there is to move the pointer, not to play. Leave menus closed while you record."
    state = State.BAD if share >= _ALL_SCREEN_SHARE else State.WARN
    return Reason("screens", state, words, why, spans)


def _covered(spans: list[Span], ticks: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(ticks, bool)
    for start, stop in spans:
        mask[start:stop] = True
    return mask


def _listed(names: list[str]) -> str:
    called = ", ".join(name.replace("hotbar.", "slot ") for name in names)
    return f"{with_capital(called)} {'are' if len(names) > 1 else 'is'}"
