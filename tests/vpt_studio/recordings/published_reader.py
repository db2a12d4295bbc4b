"""A second reading of the published loader's rules, written for the tests alone.

It follows the rules one line after another, with dictionaries and OpenCV, and shares nothing with
`vpt_studio`: what we export must say to it what it says to us.
"""

from __future__ import annotations

import json

import cv2
import numpy as np

KEYS = {
    "key.keyboard.escape": "ESC", "key.keyboard.s": "back", "key.keyboard.q": "drop",
    "key.keyboard.w": "forward", "key.keyboard.e": "inventory", "key.keyboard.space": "jump",
    "key.keyboard.a": "left", "key.keyboard.d": "right", "key.keyboard.left.shift": "sneak",
    "key.keyboard.left.control": "sprint", "key.keyboard.f": "swapHands",
    **{f"key.keyboard.{slot}": f"hotbar.{slot}" for slot in range(1, 10)},
}  # fmt: skip
MOUSE = {0: "attack", 1: "use", 2: "pickItem"}


def read_items(video, cursor_bgra):
    """Yield (line, action, 128x128 RGB picture) for every line that is not null.

    Args:
        video: Path of the `.mp4`.
        cursor_bgra: The 16x16 pointer, uint8 BGRA.
    """
    lines = video.parent / f"{video.name.split('.')[0]}.jsonl"
    ticks = json.loads("[" + ",".join(lines.read_text().splitlines()) + "]")
    capture = cv2.VideoCapture(str(video))
    stuck, slot = False, 0
    for number, tick in enumerate(ticks):
        pressed_now = tick["mouse"]["newButtons"]
        if number == 0:
            stuck = pressed_now == [0]
        elif stuck and 0 in pressed_now:
            stuck = False
        if stuck:
            tick["mouse"]["buttons"] = [button for button in tick["mouse"]["buttons"] if button != 0]
        action, null = _action(tick)
        if tick["hotbar"] != slot:
            action[f"hotbar.{tick['hotbar'] + 1}"] = 1
        slot = tick["hotbar"]
        read, frame = capture.read()
        if not read or null:
            continue
        if tick["isGuiOpen"]:
            scale = frame.shape[0] / 720
            _draw(frame, cursor_bgra, int(tick["mouse"]["x"] * scale), int(tick["mouse"]["y"] * scale))
        picture = cv2.resize(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), (128, 128))
        yield number, action, picture


def _action(tick):
    action = dict.fromkeys([*KEYS.values(), *MOUSE.values()], 0)
    null = True
    for key in tick["keyboard"]["keys"]:
        if key in KEYS:
            action[KEYS[key]] = 1
            null = False
    dx, dy = tick["mouse"]["dx"], tick["mouse"]["dy"]
    action["camera"] = [int(dy * 360 / 2400), int(dx * 360 / 2400)]
    null = null and dx == 0 and dy == 0
    for button in tick["mouse"]["buttons"]:
        if button in MOUSE:
            action[MOUSE[button]] = 1
            null = False
    return action, null


def _draw(frame, cursor, x, y):
    part = frame[y : y + 16, x : x + 16]
    height, width = part.shape[:2]
    alpha = cursor[:height, :width, 3:] / 255.0
    part[:] = (part * (1 - alpha) + cursor[:height, :width, :3] * alpha).astype(np.uint8)
