"""Where a recording's log and an IDM disagree for long: there somebody should look.

An inverse dynamics model errs all the time, in ways of its own. So a recording is measured against itself.
What the log says in a tick has a *surprise*, -log of the probability that the model gives it, for each of the
20 buttons and both camera axes. Its *excess* is what lies above the median surprise of the recording's ticks
in which the log says the same of that part. Over any 2 seconds the mean excess is taken, of each button, of
the camera, and of all together; spans in which one of them is far beyond the recording's own windows are
told. The model may be wrong there, or the log.

Measured with an IDM of the built-in world: of 246 errors put into 5 s of a log (mouse or keys lost, a key
stuck, input of another time, 5 or 10 ticks late) 96 % are found; in 22 minutes without one 4 spans are told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.sliding_windows import Predictions
from vpt_studio.actions import BUTTONS, Actions
from vpt_studio.actions.camera import CameraQuantiser
from vpt_studio.recordings.recording import TICK_RATE

#: Ticks over which disagreement must last: 2 s.
WINDOW_TICKS = 40
#: A window counts from so many standard deviations above the recording's median window (of a normal
#: distribution, by the median of absolute deviations), and so many nats a tick above it.
FAR = 7.0
LEAST_EXCESS = 1.0
#: Spans nearer to each other than this are one.
_TOGETHER_TICKS = 40
#: No single part of a single tick weighs more nats than this, however sure the model was.
_MOST_SURPRISE = 4.0
#: What the model never sees stays disagreement: a probability below exp(-1.5), a fifth, is not called usual.
_USUAL_AT_MOST = 1.5
_LEAST_PROBABILITY = 1e-6
#: How far, in ticks, the log may lie beside the pictures to be told so; and by how much it must fit better.
MOST_SHIFT = 10
_FITS_BETTER = 0.1
#: A part of a span is told when it makes up this share of the disagreement; at most so many are.
_TOLD_SHARE, _TOLD_MOST = 0.2, 3
_CAMERA = len(BUTTONS)

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Difference:
    """One thing in which log and model differ in a span.

    Attributes:
        part: The button, or ``camera``.
        logged: Share of the ticks of the span's middle in which the log has the button held; of the camera
            the mean turn in degrees per second, of what the model's bins can tell.
        seen: The same of the model's likeliest action.
    """

    part: str
    logged: float
    seen: float


@dataclass(frozen=True)
class AuditSpan:
    """A span to look at.

    Attributes:
        start: Its first tick.
        stop: One past its last.
        excess: Mean excess of the ticks of its middle in nats.
        differences: In what they differ, the most first.
        shift: By how many ticks the span's log must be moved (+ is later) to fit clearly better; 0 where that
            is of no help.
    """

    start: int
    stop: int
    excess: float
    differences: tuple[Difference, ...]
    shift: int


@dataclass(frozen=True)
class Audit:
    """What a model makes of one recording's log.

    Attributes:
        ticks: Its length.
        compared: Ticks of it whose action is known.
        spans: What to look at, in order.
        shift: As in :class:`AuditSpan`, of the whole recording.
        skill: How much better the model knows the log, moved by `shift`, than how often each thing is done in
            it: 1 is all, 0 nothing. Where it is small the model does not know such play: spans say little.
    """

    ticks: int
    compared: int
    spans: tuple[AuditSpan, ...]
    shift: int
    skill: float


def audit(predicted: Predictions, logged: Actions, known: Mask, camera: CameraQuantiser) -> Audit:
    """Compare a log with what a model sees.

    Args:
        predicted: What the model sees in each tick.
        logged: What the log says, as many ticks.
        known: bool [N]: where it says anything; all else is left out.
        camera: The model's bins.

    Raises:
        ValueError: The lengths differ, or no tick is known.
    """
    if not len(predicted.held) == len(logged) == len(known) or not known.any():
        raise ValueError("predictions and log must have the same number of ticks, one of them known")
    logged = Actions(logged.buttons, np.clip(logged.camera, -camera.limit, camera.limit))
    table = _Surprise(predicted)
    states = _states(logged, camera)
    excess = _excess(table.of(states), states, known)
    spans = []
    for start, stop in _far_spans(_columns(excess), known):
        inside = _middle(start, stop, known)
        differences = _differences(excess[inside], predicted, logged, inside)
        mean = float(excess[inside].sum(axis=1).mean())
        spans.append(AuditSpan(start, stop, mean, differences, _shift(table, states, inside)))
    shift = _shift(table, states, known)
    places = np.flatnonzero(known)
    places = places[(places + shift >= 0) & (places + shift < len(known))]
    skill = _skill(table.of(states[places], places + shift), states[places])
    return Audit(len(known), int(known.sum()), tuple(spans), shift, skill)


class _Surprise:
    """-log of what a model gives to any state of any part in each tick, in nats."""

    def __init__(self, predicted: Predictions) -> None:
        held = predicted.held.astype(np.float64)
        ticks, bins = len(held), predicted.camera.shape[2]
        chances = np.zeros((ticks, _CAMERA + 2, max(bins, 2)))
        chances[:, :_CAMERA, 0], chances[:, :_CAMERA, 1] = 1 - held, held
        chances[:, _CAMERA:, :bins] = predicted.camera
        self._surprise = -np.log(np.maximum(chances, _LEAST_PROBABILITY))

    def of(self, states: npt.NDArray[np.int64], at: npt.NDArray[np.int64] | None = None) -> Floats:
        """float64 [n, 22]: the surprise at `states`, seen in the ticks `at` (each in its own by default)."""
        rows = np.arange(len(states)) if at is None else at
        found: Floats = self._surprise[rows[:, None], np.arange(_CAMERA + 2)[None, :], states]
        return np.minimum(found, _MOST_SURPRISE)


def _states(logged: Actions, camera: CameraQuantiser) -> npt.NDArray[np.int64]:
    """int64 [N, 22]: 0 or 1 of each button, and the camera's bins."""
    return np.concatenate([logged.policy_buttons, camera.encode(logged.camera)], axis=1).astype(np.int64)


def _excess(surprise: Floats, states: npt.NDArray[np.int64], known: Mask) -> Floats:
    """float64 [N, 22]: how far each surprise lies above what is usual where the log says the same."""
    excess = np.zeros_like(surprise)
    for part in range(surprise.shape[1]):
        for state in np.unique(states[known, part]):
            same = known & (states[:, part] == state)
            usual = min(float(np.median(surprise[same, part])), _USUAL_AT_MOST)
            excess[same, part] = np.maximum(surprise[same, part] - usual, 0.0)
    return excess


def _columns(excess: Floats) -> Floats:
    """float64 [N, 22]: the excess of each button, of the camera, and of all together."""
    camera = excess[:, _CAMERA:].sum(axis=1, keepdims=True)
    return np.concatenate([excess[:, :_CAMERA], camera, excess.sum(axis=1, keepdims=True)], axis=1)


def _far_spans(excess: Floats, known: Mask) -> list[tuple[int, int]]:
    """The spans of ticks in windows where a column's mean excess lies far beyond that of the others.

    Args:
        excess: float64 [N, columns].
        known: bool [N].
    """
    ticks = len(excess)
    window = min(WINDOW_TICKS, ticks)
    summed = np.concatenate([np.zeros((1, excess.shape[1])), np.cumsum(excess, axis=0)])
    counted = np.concatenate([[0], np.cumsum(known)])
    counted = counted[window:] - counted[:-window]
    enough = counted >= window / 2
    if not enough.any():
        return []
    means = (summed[window:] - summed[:-window]) / np.maximum(counted, 1)[:, None]
    middle = np.median(means[enough], axis=0)
    deviation = 1.4826 * np.median(np.abs(means[enough] - middle), axis=0)
    is_far = enough & (means > middle + np.maximum(FAR * deviation, LEAST_EXCESS)).any(axis=1)
    spans: list[tuple[int, int]] = []
    for start in np.flatnonzero(is_far).tolist():
        # The window begins to be far when about half of it is: its middle is where the span begins and ends.
        begin, end = start + window // 4, start + window - window // 4
        if spans and begin <= spans[-1][1] + _TOGETHER_TICKS:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((begin, end))
    return spans


def _middle(start: int, stop: int, known: Mask) -> Mask:
    """bool [N]: the known ticks of a span without its ends, which reach a little beyond what is wrong."""
    rim = WINDOW_TICKS // 4 if stop - start > WINDOW_TICKS else 0
    inside, places = np.zeros(len(known), bool), np.arange(len(known))
    inside[(places >= start + rim) & (places < stop - rim)] = True
    if not (inside & known).any():
        inside[start:stop] = True
    return inside & known


def _differences(
    excess: Floats, predicted: Predictions, logged: Actions, inside: Mask
) -> tuple[Difference, ...]:
    weights = np.append(excess[:, :_CAMERA].sum(axis=0), excess[:, _CAMERA:].sum())
    told = [part for part in np.argsort(-weights) if weights[part] >= _TOLD_SHARE * weights.sum()]
    return tuple(_difference(int(part), predicted, logged, inside) for part in told[:_TOLD_MOST])


def _difference(part: int, predicted: Predictions, logged: Actions, inside: Mask) -> Difference:
    if part < _CAMERA:
        held, seen = (side.policy_buttons[inside, part].mean() for side in (logged, predicted.actions))
        return Difference(BUTTONS[part], float(held), float(seen))
    turns = (np.hypot(*side[inside].T).mean() * TICK_RATE for side in (logged.camera, predicted.mean_camera))
    return Difference("camera", *map(float, turns))


def _shift(table: _Surprise, states: npt.NDArray[np.int64], inside: Mask) -> int:
    """By how many ticks the log of the ticks `inside` must be moved to fit clearly better; 0 for none."""
    places = np.flatnonzero(inside)
    places = places[(places >= MOST_SHIFT) & (places < len(states) - MOST_SHIFT)]
    if len(places) < WINDOW_TICKS:
        return 0
    shifts = range(-MOST_SHIFT, MOST_SHIFT + 1)
    surprise = {shift: float(table.of(states[places], places + shift).sum(axis=1).mean()) for shift in shifts}
    best = min(surprise, key=surprise.__getitem__)
    return best if surprise[best] < (1 - _FITS_BETTER) * surprise[0] else 0


def _skill(surprise: Floats, states: npt.NDArray[np.int64]) -> float:
    by_frequency = 0.0
    for part in range(states.shape[1]):
        _, counts = np.unique(states[:, part], return_counts=True)
        shares = counts / counts.sum()
        by_frequency += float(-(shares * np.log(shares)).sum())
    return 1 - float(surprise.sum(axis=1).mean()) / by_frequency if by_frequency else 0.0
