"""Keys, mouse motion and predictions burnt into pictures, so that one can look at what was done.

Pressed keys are white caps with dark letters; predicted keys carry a ring. The mouse is an arrow
from the picture's middle, its length on the models' own mu-law scale.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.actions import DEFAULT_CAMERA, Action, Actions
from vpt_studio.atomic_files import already_there, created
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.video_writer import VideoWriter

Colour = tuple[int, int, int]
Frame = npt.NDArray[np.uint8]

# RGB values of the design's data colours for marks over game pictures.
_PLATE: Colour = (10, 13, 17)
_CAP: Colour = (233, 237, 242)
_CAP_LETTER: Colour = (20, 24, 29)
_KEY_EDGE: Colour = (104, 116, 131)
_KEY_LETTER: Colour = (141, 153, 168)
_MOUSE: Colour = (240, 228, 66)
_IDM: Colour = (217, 139, 184)
_AGENT: Colour = (86, 180, 233)
_SCREEN: Colour = (238, 119, 51)
_PLATE_SHARE = 0.72

_FILMS = (".mp4", ".mkv", ".mov")  # which hold H.264

_UNIT = 30  # pixels of a key cap at 1280 x 720
_GAP = 4
_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True)
class _Key:
    button: str
    label: str
    column: float
    row: int
    width: float = 1.0


# The 20 buttons, placed as on a keyboard with the mouse at its right.
_KEYS = (
    *(_Key(f"hotbar.{slot}", str(slot), slot - 1, 0) for slot in range(1, 10)),
    _Key("drop", "Q", 1, 1),
    _Key("forward", "W", 2, 1),
    _Key("inventory", "E", 3, 1),
    _Key("left", "A", 1, 2),
    _Key("back", "S", 2, 2),
    _Key("right", "D", 3, 2),
    _Key("sneak", "Shift", 0, 3, 1.5),
    _Key("sprint", "Ctrl", 1.5, 3, 1.5),
    _Key("jump", "Space", 3, 3, 3),
    _Key("attack", "L", 7, 1, 1),
    _Key("use", "R", 8, 1, 1),
)


def draw_overlay(
    frame: Frame,
    action: Action | None,
    predicted: Action | None = None,
    *,
    text: str = "",
    gui_open: bool = False,
    predictor: Source = Source.IDM,
) -> None:
    """Draw into `frame` (uint8 [H, W, 3] RGB, at least 640 x 360), in place.

    Args:
        frame: The picture.
        action: What was done; None where it is not known.
        predicted: What a model thinks was done.
        text: A line for the upper right corner.
        gui_open: Whether a screen is open, which turns mouse motion into pointer motion.
        predictor: Whose prediction it is, which decides the colour.
    """
    scale = frame.shape[0] / 720
    ring = _AGENT if predictor is Source.AGENT else _IDM
    _draw_keyboard(frame, action, predicted, ring, scale)
    if predicted is not None:
        _draw_motion(frame, predicted, ring, scale, thickness=5)
    if action is not None:
        _draw_motion(frame, action, _MOUSE, scale, thickness=2)
    legend = [(f"predicted by {predictor.value}", ring)] if predicted is not None else []
    if action is not None:
        legend.insert(0, ("recorded" if predicted is not None else "keys and mouse", _CAP))
    if gui_open:
        legend.append(("screen open", _SCREEN))
    for line, (words, colour) in enumerate(legend):
        _draw_text(frame, words, (round(14 * scale), round((14 + 30 * line) * scale)), colour, scale)
    if text:
        (width, _), _ = cv2.getTextSize(text, _FONT, 0.6 * scale, 1)
        place = (frame.shape[1] - width - round(26 * scale), round(14 * scale))
        _draw_text(frame, text, place, _CAP, scale)


def write_overlay(
    path: Path,
    out: Path,
    *,
    predictions: Actions | None = None,
    predictor: Source = Source.IDM,
    start: int = 0,
    stop: int | None = None,
    recorder_version: str = "",
    tell: Callable[[int], None] | None = None,
) -> int:
    """Write a 1280x720 video of the recording at `path` with its actions drawn over it.

    Args:
        path: The recording.
        out: The video to write; a file that is there is never overwritten.
        predictions: A model's action for each tick of the recording.
        predictor: Whose predictions they are.
        start: First tick.
        stop: One past the last tick; None for the end.
        recorder_version: As in :meth:`Recording.open`.
        tell: Called with the number of ticks that have just been written.

    Returns:
        Number of ticks written.

    Raises:
        StudioError: The recording cannot be read, or `out` is in the way, no video or cannot be written.
    """
    demand_film(out)
    with Recording.open(path, recorder_version=recorder_version) as recording:
        stop = len(recording) if stop is None else min(stop, len(recording))
        if not 0 <= start < stop:
            raise StudioError(
                f"there are no ticks from {start} to {stop}: it has {len(recording)}", where=path
            )
        if predictions is not None and len(predictions) < stop:
            raise StudioError(f"the predictions end before tick {stop}, at {len(predictions)}", where=path)
        actions = recording.converted().actions if recording.ticks is not None else None
        with created(out) as temporary, _film(temporary, out) as writer:
            for tick, picture in enumerate(recording.pictures(start, stop), start):
                frame = cv2.resize(picture, (1280, 720), interpolation=_enlarging(picture)).astype(np.uint8)
                known = actions is not None and bool(recording.known[tick])
                draw_overlay(
                    frame,
                    actions[tick] if actions is not None and known else None,
                    predictions[tick] if predictions is not None else None,
                    text=f"tick {tick}   {tick / TICK_RATE:.2f} s",
                    gui_open=recording.ticks is not None and bool(recording.ticks.raw.gui_open[tick]),
                    predictor=predictor,
                )
                writer.write(frame)
                if tell is not None:
                    tell(1)
        return stop - start


def demand_film(out: Path) -> None:
    """Refuse `out` before any work where it is no video's name, or is taken.

    Raises:
        StudioError: It is.
    """
    if out.suffix.lower() not in _FILMS:
        raise StudioError(
            f"a film cannot be written as {out.suffix or 'a file without a suffix'}",
            where=out,
            mend=f"Name one that ends in {', '.join(_FILMS[:-1])} or {_FILMS[-1]}",
        )
    if os.path.lexists(out):
        raise already_there(out)


def _film(path: Path, shown: Path) -> VideoWriter:
    # For looking at once: speed of encoding before size.
    return VideoWriter(path, 1280, 720, rate=TICK_RATE, quality=23, preset="ultrafast", shown=shown)


def _enlarging(picture: Frame) -> int:
    return cv2.INTER_NEAREST if 1280 % picture.shape[1] == 0 else cv2.INTER_AREA


def _draw_keyboard(
    frame: Frame, action: Action | None, predicted: Action | None, ring: Colour, scale: float
) -> None:
    unit, gap = _UNIT * scale, _GAP * scale
    left, top = 14 * scale, frame.shape[0] - 4 * (unit + gap) - 22 * scale
    _darken(frame, (left, top), (left + 9 * (unit + gap) + 12 * scale, top + 4 * (unit + gap) + 10 * scale))
    for key in _KEYS:
        x, y = left + 8 * scale + key.column * (unit + gap), top + 7 * scale + key.row * (unit + gap)
        corner = (round(x), round(y))
        far = (round(x + key.width * (unit + gap) - gap), round(y + unit))
        pressed = action is not None and key.button in action.pressed
        if pressed:
            cv2.rectangle(frame, corner, far, _CAP, -1)
        else:
            cv2.rectangle(frame, corner, far, _KEY_EDGE, 1)
        _draw_label(frame, key.label, corner, far, _CAP_LETTER if pressed else _KEY_LETTER, scale)
        if predicted is not None and key.button in predicted.pressed:
            cv2.rectangle(frame, corner, far, ring, max(round(3 * scale), 2))


def _draw_label(
    frame: Frame, label: str, corner: tuple[int, int], far: tuple[int, int], colour: Colour, scale: float
) -> None:
    size = (0.5 if len(label) == 1 else 0.38) * scale
    (width, height), _ = cv2.getTextSize(label, _FONT, size, 1)
    place = ((corner[0] + far[0] - width) // 2, (corner[1] + far[1] + height) // 2)
    cv2.putText(frame, label, place, _FONT, size, colour, 1, cv2.LINE_AA)


def _draw_motion(frame: Frame, action: Action, colour: Colour, scale: float, thickness: int) -> None:
    """An arrow for the camera's turn: bins of equal length, as the models' mu-law scale has them."""
    turn = np.array([action.yaw, action.pitch])
    if not turn.any():
        return
    bins = DEFAULT_CAMERA.encode(turn) - DEFAULT_CAMERA.null_bin
    size = float(np.hypot(*turn))
    longest = max(int(np.abs(bins).max()), 1)
    reach = turn / size * longest * 26 * scale
    middle = (frame.shape[1] // 2, frame.shape[0] // 2)
    tip = (round(middle[0] + reach[0]), round(middle[1] + reach[1]))
    width = max(round(thickness * scale), 1)
    cv2.arrowedLine(frame, middle, tip, _PLATE, width + 2, cv2.LINE_AA, tipLength=0.3)
    cv2.arrowedLine(frame, middle, tip, colour, width, cv2.LINE_AA, tipLength=0.3)


def _draw_text(frame: Frame, text: str, place: tuple[int, int], colour: Colour, scale: float) -> None:
    (width, height), _ = cv2.getTextSize(text, _FONT, 0.6 * scale, 1)
    pad = round(6 * scale)
    _darken(frame, place, (place[0] + width + 2 * pad, place[1] + height + 2 * pad))
    cv2.putText(
        frame, text, (place[0] + pad, place[1] + pad + height), _FONT, 0.6 * scale, colour, 1, cv2.LINE_AA
    )


def _darken(frame: Frame, corner: tuple[float, float], far: tuple[float, float]) -> None:
    rows = slice(max(round(corner[1]), 0), max(round(far[1]), 0))
    columns = slice(max(round(corner[0]), 0), max(round(far[0]), 0))
    part = frame[rows, columns]
    part[:] = (part * (1 - _PLATE_SHARE) + np.array(_PLATE) * _PLATE_SHARE).astype(np.uint8)
