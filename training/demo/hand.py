"""The player's hand in the made scene, with the tool that it swings and raises."""

from __future__ import annotations

from math import cos, pi, sin

import cv2
import numpy as np

from training.demo.frame import HEIGHT, WIDTH, Picture

_SWING_TICKS = 6
_SKIN, _SLEEVE = (176, 124, 98), (60, 118, 140)


def draw_hand(
    frame: Picture, icon: Picture, *, bob: float, sneaking: bool, attack_ticks: int, using: bool
) -> None:
    """Draw the hand and what its attack or use shows.

    Args:
        frame: uint8 [360, 640, 3], changed in place.
        icon: uint8 [16, 16, 4] RGBA of the tool.
        bob: Phase of the steps in radians.
        sneaking: Whether the hand is lowered.
        attack_ticks: For how many ticks it has been attacking, 0 while it is not.
        using: Whether it is raised; attacking goes before.
    """
    x, y = 508.0 + 5 * sin(bob), 262.0 + 5 * abs(cos(bob)) + (16 if sneaking else 0)
    angle, size = 0.0, 10.5
    if attack_ticks:
        phase = (attack_ticks - 1) % _SWING_TICKS / _SWING_TICKS
        swing = sin(pi * (0.25 + 0.7 * phase))
        x, y, angle = x - 130 * swing, y - 50 * swing + 60 * phase, 50 * swing
    elif using:
        x, y, angle, size = x + 26, y - 66, -34.0, 12.0
    turn = cv2.getRotationMatrix2D((0, 0), angle, size)
    grip = turn[:, :2] @ (-5.0, 5.0) + (x, y)
    cv2.line(frame, (int(grip[0]), int(grip[1])), (int(grip[0]) + 190, 430), _SKIN, 54)
    cv2.line(frame, (int(grip[0]) + 90, int(grip[1]) + 80), (int(grip[0]) + 200, 440), _SLEEVE, 62)
    left, top = max(int(x) - 150, 0), max(int(y) - 150, 0)
    turn[:, 2] = turn[:, :2] @ (-8.0, -8.0) + (x - left, y - top)
    area = frame[top:, left : int(x) + 150]
    tool = cv2.warpAffine(icon, turn, area.shape[1::-1], flags=cv2.INTER_NEAREST)
    cv2.copyTo(np.ascontiguousarray(tool[..., :3]), np.ascontiguousarray(tool[..., 3]), area)
    if attack_ticks:
        _draw_sparks(frame, attack_ticks)
    elif using:
        low, high = np.array([WIDTH, HEIGHT]) // 2 - 26, np.array([WIDTH, HEIGHT]) // 2 + 25
        cv2.rectangle(frame, low.tolist(), high.tolist(), (244, 244, 244), 4)


def _draw_sparks(frame: Picture, attack_ticks: int) -> None:
    for spark in range(7):
        turned, far = spark * 2.4 + attack_ticks, 14 + 7 * ((spark + attack_ticks) % 4)
        at = int(WIDTH / 2 + far * cos(turned)), int(HEIGHT / 2 + far * sin(turned) * 0.8)
        cv2.rectangle(frame, at, (at[0] + 6, at[1] + 6), (92, 70, 52), -1)
