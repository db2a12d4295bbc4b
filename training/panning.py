"""Made camera motion: a path by which a clip's picture is moved, and the turns that would have moved it so.

Not in the paper, which had 1,962 hours of play. With minutes of play there are too few pictures in motion
to learn motion from; a picture that is moved by us is as good, and its turn is known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.camera_response import CameraResponse

#: Panned clips are enlarged, so that there is picture beyond the edge to move in.
PAN_ZOOM = 1.15
#: Degrees per tick of a stroke (standard deviation), from rest to a flick, as likely each.
_SPEEDS = (0.0, 0.5, 2.0, 5.0)
_LONGEST_STROKE = 6  # ticks
_REST_SHARE = 0.2
_TREMOR = 0.05  # of the speed


@dataclass(frozen=True, eq=False)
class Pan:
    """A path for the T frames of a clip.

    Attributes:
        offsets: float64 [T, 2]: where each frame's picture is moved, pixels right and down.
        degrees: float64 [T, 2]: pitch and yaw of the turn that each tick would have needed; 0 where it is
            not `shown`.
        shown: bool [T]: whether the tick's turn shows within the clip. The game answers later, so the last
            ticks' turns would show after its end; nobody drew them, and nothing is known of them.
    """

    offsets: npt.NDArray[np.float64]
    degrees: npt.NDArray[np.float64]
    shown: npt.NDArray[np.bool_]


def draw_pan(ticks: int, response: CameraResponse, rng: np.random.Generator) -> Pan:
    """Draw strokes and rests as a hand makes them, in a game that answers with `response`."""
    turns = np.zeros((ticks - 1, 2))  # yaw, pitch shown between frames k and k + 1
    speed = rng.choice(_SPEEDS)
    start = 0
    while start < ticks - 1:
        stop = start + int(rng.integers(1, _LONGEST_STROKE + 1))
        if rng.random() >= _REST_SHARE:
            turns[start:stop] = rng.normal(0, speed, 2)
        start = stop
    turns += rng.normal(0, _TREMOR * speed, turns.shape)
    path = np.concatenate([np.zeros((1, 2)), np.cumsum(turns * response.pixels_per_degree, axis=0)])
    degrees = np.zeros((ticks, 2))
    # The turn of tick k shows after frame k + delay; what would show after the last frame is not drawn.
    answered = turns[response.delay :]
    degrees[: len(answered)] = answered[:, ::-1]
    centred = path - (path.max(axis=0) + path.min(axis=0)) / 2
    return Pan(centred, degrees, np.arange(ticks) < len(answered))
