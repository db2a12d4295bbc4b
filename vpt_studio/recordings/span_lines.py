"""The tick lines of a span of a recording, written so that they mean alone what they mean in the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.actions.buttons import BUTTON_INDEX, BUTTON_TO_KEY, HOTBAR_BUTTONS
from vpt_studio.errors import StudioError
from vpt_studio.recordings.pointer import POINTER_WINDOW_HEIGHT
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.tick_lines import TickTable

_ATTACK = BUTTON_INDEX["attack"]
_ATTACK_NUMBER = 0  # the mouse button's in the lines
_POINTER_PIXELS = 16
_WINDOW = (1280, 720)
_FARTHEST = 1e6  # no window is so large
_ROUNDING = 1e-6
_NOTICEABLE = 0.5  # of a pixel of the window; a pointer that moves by less keeps its line as it is


def span_lines(
    recording: Recording, start: int, stop: int, part: tuple[int, int, int, int], size: tuple[int, int]
) -> list[bytes]:
    """The lines of ticks `start` to `stop` (exclusive), without line ends, for a video that begins there.

    The conversion looks back, to the first line for an attack button that was stuck, and to the line
    before for a hot-bar slot that changed; and the pointer's place is counted from the picture's corner.
    Lines of which that changes nothing stay byte for byte.

    Args:
        recording: A recording with actions.
        start: First tick.
        stop: One past the last.
        part: x, y, width and height of the part of the stored picture that the new video shows.
        size: Width and height at which it shows it.

    Raises:
        StudioError: A line cannot be written again.
    """
    table = recording.ticks
    assert table is not None, "only a recording with actions has lines"
    actions = recording.converted().actions
    released = np.zeros(stop - start, bool)
    if start:
        released = table.raw.held[start:stop, _ATTACK] > actions.column("attack")[start:stop]
    pressed = None if start == 0 else _slot_press(table, actions.buttons, start, stop)
    pointer = _placed(table.raw.pointer[start:stop], recording.video.facts.height, part, size)
    moved = np.any(np.abs(pointer - table.raw.pointer[start:stop]) >= _NOTICEABLE, axis=1)
    lines = table.lines[start:stop]
    for index in range(stop - start):
        tick = start + index
        not_new = bool(start and index == 0 and table.raw.only_attack_pressed[tick])
        key = pressed[1] if pressed is not None and pressed[0] == tick else ""
        if not table.known[tick] or not (not_new or released[index] or moved[index] or key):
            continue
        content = orjson.loads(lines[index])
        if not_new:
            _without_attack(content, "newButtons")
        if released[index]:
            _without_attack(content, "buttons")
        if moved[index]:
            _put_pointer(content["mouse"], *pointer[index].tolist())
        if key:
            _press(content, key)
        try:
            lines[index] = orjson.dumps(content)
        except TypeError as error:  # it reads what is nested more deeply than it writes
            raise StudioError(
                "the line is nested too deeply to be written again",
                where=f"{recording.actions_path}, line {tick + 1}",
                mend="Remove what is nested in it",
            ) from error
    return lines


def _slot_press(
    table: TickTable, buttons: npt.NDArray[np.uint8], start: int, stop: int
) -> tuple[int, str] | None:
    """The tick and the key of a change of slot that cannot be seen without the lines before the span."""
    known = np.flatnonzero(table.raw.hotbar[start:stop] >= 0)
    if not len(known):
        return None
    tick = start + int(known[0])
    button = HOTBAR_BUTTONS[int(table.raw.hotbar[tick])]
    column = BUTTON_INDEX[button]
    if buttons[tick, column] and not table.raw.held[tick, column]:
        return tick, BUTTON_TO_KEY[button]
    return None


def _placed(
    pointer: npt.NDArray[np.float64],
    picture_height: int,
    part: tuple[int, int, int, int],
    size: tuple[int, int],
) -> npt.NDArray[np.float64]:
    """Where the pointers at `pointer` are in the window when it shows only `part` of the picture."""
    corner, extent = np.array(part[:2], float), np.array(part[2:], float)
    to_pixels = picture_height / POINTER_WINDOW_HEIGHT
    to_window = np.array(size) / extent * (POINTER_WINDOW_HEIGHT / size[1])
    if not corner.any() and (np.abs(to_pixels * to_window - 1) * _WINDOW < _NOTICEABLE).all():
        return pointer
    # As readers do, who count whole pixels: a place outside the picture is moved to its edge.
    pixels = np.clip(pointer, 0, _FARTHEST) * to_pixels - corner + _ROUNDING
    # Of a pointer left of or above the part nothing is to be seen, or so little that the edge is near
    # enough; beyond the other edges is where every reader draws nothing.
    hidden = (pixels <= -_POINTER_PIXELS).any(axis=1, keepdims=True)
    placed: npt.NDArray[np.float64] = np.where(hidden, extent + 1, np.maximum(pixels, 0)) * to_window
    return placed


def _without_attack(content: dict[str, Any], name: str) -> None:
    mouse = content["mouse"]
    mouse[name] = [number for number in mouse[name] if number != _ATTACK_NUMBER]


def _put_pointer(mouse: dict[str, Any], x: float, y: float) -> None:
    mouse["x"], mouse["y"] = x, y
    for name, place in (("scaledX", x - _WINDOW[0] / 2), ("scaledY", y - _WINDOW[1] / 2)):
        if name in mouse:
            mouse[name] = place


def _press(content: dict[str, Any], key: str) -> None:
    keyboard = content.get("keyboard") or {}
    keyboard["keys"] = [*(keyboard.get("keys") or ()), key]
    content["keyboard"] = keyboard
