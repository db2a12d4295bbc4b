"""People before their cameras, and animals that stand in for them: figures that move as they talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.demo_data.web.brush import Colour, Picture, Sprite, gradient, mixed
from vpt_studio.demo_data.web.style import Kit, hued

#: Pixels of a side of the square in which figures are drawn before they are made fit.
SIDE = 240

_SKINS: tuple[Colour, ...] = ((248, 214, 186), (236, 190, 150), (198, 144, 102), (146, 98, 66), (96, 62, 44))
_HAIRS: tuple[Colour, ...] = ((40, 28, 22), (92, 58, 34), (164, 120, 64), (214, 180, 110), (150, 60, 34),
                              (120, 120, 124), (80, 90, 200), (210, 80, 150))  # fmt: skip


@dataclass(frozen=True)
class _Motion:
    """How a figure sways, blinks and talks: phases of slow waves, so that any time can be asked for."""

    phases: npt.NDArray[np.float64]
    liveliness: float

    def sway(self, seconds: float, wave: int) -> float:
        """A slow wander about 0, mostly within -1 to 1."""
        first, second = self.phases[2 * wave : 2 * wave + 2]
        slow = np.sin(first + seconds * (0.7 + 0.13 * wave)) + 0.6 * np.sin(second + seconds * 1.9)
        return float(slow) * self.liveliness

    def blinks(self, seconds: float) -> bool:
        """Whether the eyes are shut."""
        return (seconds + self.phases[0]) % 3.7 < 0.14 or (seconds + self.phases[1]) % 5.3 < 0.14

    def mouth(self, seconds: float) -> float:
        """How far the mouth is open, 0 to 1: syllables while talking, with pauses."""
        talks = np.sin(seconds * 0.9 + self.phases[2]) + np.sin(seconds * 0.37 + self.phases[3]) > -0.7
        return float(talks) * abs(float(np.sin(seconds * 9 + 2 * np.sin(seconds * 3.1))))


def _motion(kit: Kit) -> _Motion:
    return _Motion(kit.chance.uniform(0, 6, 12), kit.between(0.6, 1.3))


def person(kit: Kit) -> Callable[[float], Picture]:
    """Somebody in a room before a web camera: a picture uint8 [240, 240, 3] for each second."""
    motion, room = _motion(kit), _room(kit)
    skin, hair = kit.one_of(_SKINS), kit.one_of(_HAIRS)
    shirt = kit.colour((0.2, 0.9), (0.2, 0.9))
    build = kit.between(0.85, 1.15)
    cut = kit.one_of(("short", "long", "bald", "curly", "cap"))
    extras = set(kit.some_of(("glasses", "beard", "headset", "microphone"), int(kit.chance.integers(0, 3))))
    light = mixed((255, 255, 255), kit.colour((0.2, 0.5), (0.9, 1)), 0.35)
    grain = kit.chance.normal(0, kit.between(2, 7), (4, SIDE, SIDE, 1)).astype(np.float32)
    size = kit.between(0.85, 1.2)
    shade = np.linspace(1.0, kit.between(0.65, 0.9), SIDE, dtype=np.float32)[None, :, None]

    def at(seconds: float) -> Picture:
        seconds = round(seconds * 15) / 15  # as slow cameras do
        picture = room.copy()
        head = _Head(
            picture,
            120 + 12 * motion.sway(seconds, 0),
            112 + 5 * motion.sway(seconds, 1),
            54 * size,
            8 * motion.sway(seconds, 2),
        )
        _draw_body(head, skin, shirt, build)
        if cut in ("long", "curly"):
            head.ellipse(0, 0.1, 1.02 if cut == "long" else 1.12, 1.25 if cut == "long" else 1.1, hair)
        head.ellipse(-0.78, 0.1, 0.13, 0.2, mixed(skin, (0, 0, 0), 0.1))
        head.ellipse(0.78, 0.1, 0.13, 0.2, mixed(skin, (0, 0, 0), 0.1))
        head.ellipse(0, 0, 0.78 * build, 1, skin)
        _draw_hair(head, cut, hair, shirt)
        _draw_features(head, motion, seconds, hair, skin)
        _draw_extras(head, extras, hair)
        lit = picture * shade * (np.array(light, np.float32) / 255) + grain[int(seconds * 15) % 4]
        return np.asarray(cv2.GaussianBlur(lit.clip(0, 255).astype(np.uint8), (0, 0), 1.0), np.uint8)

    return at


def animal(kit: Kit) -> Callable[[float], Sprite]:
    """A talking animal without a background: a sprite uint8 [240, 240, 4] for each second."""
    motion = _motion(kit)
    fur, inner = kit.colour((0.2, 0.8), (0.5, 0.95)), kit.colour((0.1, 0.4), (0.85, 1))
    ears = kit.one_of(("pointed", "round", "long"))
    eyes = kit.colour((0.5, 1), (0.3, 0.8))
    shirt = kit.colour((0.4, 0.9), (0.3, 0.9))

    def at(seconds: float) -> Sprite:
        sprite = np.zeros((SIDE, SIDE, 4), np.uint8)
        bounce = 10 * abs(motion.mouth(seconds))
        head = _Head(
            sprite, 120 + 8 * motion.sway(seconds, 0), 120 - bounce, 58, 10 * motion.sway(seconds, 2)
        )
        head.ellipse(0, 1.85, 0.95, 1.05, shirt)
        for side in (-1, 1):
            _draw_ear(head, ears, side, fur, inner)
        head.ellipse(0, 0, 1.05, 0.95, fur)
        head.ellipse(0, 0.45, 0.55, 0.4, inner)
        for side in (-1, 1):
            tall = 0.03 if motion.blinks(seconds) else 0.24
            head.ellipse(0.42 * side, -0.12, 0.2, tall, eyes)
            head.ellipse(0.42 * side, -0.12, 0.1, tall * 0.6, (10, 10, 20))
            head.ellipse(0.48 * side, -0.2, 0.05, tall * 0.25, (255, 255, 255))
        head.ellipse(0, 0.28, 0.13, 0.09, (30, 20, 20))
        head.ellipse(0, 0.58, 0.2, 0.03 + 0.16 * motion.mouth(seconds), (120, 30, 40))
        return sprite

    return at


@dataclass(frozen=True)
class _Head:
    """Draws in measures of half a head's height about its middle, turned as the head is."""

    picture: npt.NDArray[np.uint8]
    column: float
    row: float
    half: float
    tilt: float

    def ellipse(self, across: float, down: float, wide: float, high: float, colour: Colour) -> None:
        """A filled ellipse with its middle at (`across`, `down`) and these half axes."""
        # Four more bits than whole pixels, so that slow motion is smooth.
        middle = self._point(across, down)
        axes = round(wide * self.half * 16), round(high * self.half * 16)
        cv2.ellipse(self.picture, middle, axes, self.tilt, 0, 360, _ink(colour), -1, cv2.LINE_AA, 4)

    def arc(self, across: float, down: float, wide: float, high: float, ends: tuple[int, int], colour: Colour,
            thickness: float = 0) -> None:  # fmt: skip
        """A part of an ellipse between two angles in degrees (0 right, 90 down): filled, or a line."""
        axes = round(wide * self.half * 16), round(high * self.half * 16)
        stroke = max(1, round(thickness * self.half)) if thickness else -1
        middle = self._point(across, down)
        cv2.ellipse(self.picture, middle, axes, self.tilt, *ends, _ink(colour), stroke, cv2.LINE_AA, 4)

    def polygon(self, corners: list[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        points = np.array([self._point(*corner) for corner in corners], np.int32)
        cv2.fillPoly(self.picture, [points], _ink(colour), cv2.LINE_AA, 4)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: Colour, wide: float) -> None:
        """A straight line."""
        stroke = max(1, round(wide * self.half))
        cv2.line(self.picture, self._point(*start), self._point(*end), _ink(colour), stroke, cv2.LINE_AA, 4)

    def _point(self, across: float, down: float) -> tuple[int, int]:
        turn = np.deg2rad(self.tilt)
        right = across * np.cos(turn) - down * np.sin(turn)
        below = across * np.sin(turn) + down * np.cos(turn)
        return round((self.column + right * self.half) * 16), round((self.row + below * self.half) * 16)


def _ink(colour: Colour) -> tuple[int, int, int, int]:
    return (*colour, 255)


def _draw_body(head: _Head, skin: Colour, shirt: Colour, build: float) -> None:
    still = _Head(head.picture, head.column * 0.5 + 60, head.row * 0.4 + 70, head.half, head.tilt * 0.3)
    still.ellipse(0, 2.35, 1.75 * build, 1.25, mixed(shirt, (0, 0, 0), 0.25))
    still.ellipse(0, 2.4, 1.65 * build, 1.22, shirt)
    head.polygon([(-0.34, 0.6), (0.34, 0.6), (0.42, 1.45), (-0.42, 1.45)], mixed(skin, (60, 20, 10), 0.2))
    still.ellipse(0, 1.35, 0.45, 0.25, mixed(skin, (60, 20, 10), 0.12))


def _draw_hair(head: _Head, cut: str, hair: Colour, shirt: Colour) -> None:
    if cut == "cap":
        head.arc(0, -0.3, 0.84, 0.78, (180, 360), shirt)
        head.ellipse(0.25, -0.34, 0.85, 0.12, mixed(shirt, (0, 0, 0), 0.3))
    elif cut == "curly":
        for angle in range(190, 360, 17):
            turn = np.deg2rad(angle)
            head.ellipse(0.72 * float(np.cos(turn)), -0.3 + 0.66 * float(np.sin(turn)), 0.26, 0.24, hair)
    elif cut != "bald":
        head.arc(0, -0.22, 0.84, 0.86, (180, 360), hair)
        head.polygon([(-0.84, -0.25), (0.84, -0.25), (0.72, 0.0), (0.3, -0.32), (-0.66, -0.1)], hair)


def _draw_features(head: _Head, motion: _Motion, seconds: float, hair: Colour, skin: Colour) -> None:
    look = 0.05 * motion.sway(seconds, 3)
    lift = 0.05 * motion.sway(seconds, 4)
    for side in (-1, 1):
        if motion.blinks(seconds):
            head.line(
                (0.32 * side - 0.14, -0.05), (0.32 * side + 0.14, -0.05), mixed(skin, (0, 0, 0), 0.5), 0.05
            )
        else:
            head.ellipse(0.32 * side, -0.06, 0.16, 0.1, (250, 250, 250))
            head.ellipse(0.32 * side + look, -0.06, 0.08, 0.09, (60, 50, 40))
        brow = mixed(hair, (0, 0, 0), 0.2)
        head.line((0.32 * side - 0.17, -0.28 - lift), (0.32 * side + 0.17, -0.28 - lift), brow, 0.07)
    head.arc(0, 0.15, 0.14, 0.14, (20, 160), mixed(skin, (80, 20, 10), 0.35), 0.06)
    opened = motion.mouth(seconds)
    head.ellipse(0, 0.52, 0.28 - 0.06 * opened, 0.035 + 0.16 * opened, (120, 40, 44))
    if opened > 0.4:
        head.ellipse(0, 0.47, 0.18, 0.04, (245, 240, 235))


def _draw_extras(head: _Head, extras: set[str], hair: Colour) -> None:
    if "beard" in extras:
        head.arc(0, 0.4, 0.62, 0.62, (10, 170), mixed(hair, (0, 0, 0), 0.15), 0.16)
    if "glasses" in extras:
        for side in (-1, 1):
            head.arc(0.33 * side, -0.04, 0.24, 0.2, (0, 360), (25, 25, 30), 0.06)
        head.line((-0.1, -0.06), (0.1, -0.06), (25, 25, 30), 0.06)
    if "headset" in extras:
        head.arc(0, -0.05, 0.92, 1.08, (190, 350), (34, 34, 40), 0.13)
        for side in (-1, 1):
            head.ellipse(0.88 * side, 0.08, 0.17, 0.3, (50, 50, 58))
        head.line((-0.85, 0.25), (-0.35, 0.66), (34, 34, 40), 0.06)
    if "microphone" in extras:
        still = _Head(head.picture, 150, 205, 54, 0)
        still.line((0.9, 0.9), (0.1, 0.1), (40, 40, 44), 0.12)
        still.ellipse(0, 0, 0.26, 0.34, (64, 64, 70))


def _draw_ear(head: _Head, kind: str, side: int, fur: Colour, inner: Colour) -> None:
    if kind == "pointed":
        head.polygon([(0.95 * side, -0.3), (0.85 * side, -1.45), (0.2 * side, -0.75)], fur)
        head.polygon([(0.8 * side, -0.5), (0.78 * side, -1.15), (0.4 * side, -0.75)], inner)
    elif kind == "round":
        head.ellipse(0.75 * side, -0.8, 0.4, 0.4, fur)
        head.ellipse(0.75 * side, -0.8, 0.22, 0.22, inner)
    else:
        head.ellipse(0.45 * side, -1.25, 0.24, 0.75, fur)
        head.ellipse(0.45 * side, -1.25, 0.12, 0.55, inner)


def _room(kit: Kit) -> Picture:
    """What is behind somebody: a wall with light from one side, and a few things before it."""
    hue = kit.between(0, 1)
    near = hued(hue, kit.between(0.05, 0.7), kit.between(0.3, 0.9))
    room = gradient(SIDE, SIDE, near, mixed(near, (0, 0, 0), kit.between(0.3, 0.7)), kit.between(-0.6, 2))
    for thing in kit.some_of((_shelf, _window, _poster, _lamp, _lights), 2):
        thing(kit, room)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), kit.between(0.8, 3)), np.uint8)


def _shelf(kit: Kit, room: Picture) -> None:
    for row in (60, 120, 180)[: int(kit.chance.integers(1, 4))]:
        left = int(kit.chance.integers(-20, 150))
        cv2.rectangle(room, (left, row), (left + 100, row + 6), (92, 62, 40), -1)
        for book in range(left + 4, left + 90, 11):
            tall = int(kit.chance.integers(18, 40))
            cv2.rectangle(
                room, (book, row - tall), (book + 8, row - 1), kit.colour((0.3, 0.9), (0.3, 0.9)), -1
            )


def _window(kit: Kit, room: Picture) -> None:
    left = int(kit.one_of((10, 150)))
    cv2.rectangle(room, (left, 20), (left + 76, 130), (236, 236, 230), -1)
    cv2.rectangle(room, (left + 6, 26), (left + 70, 124), kit.colour((0.1, 0.4), (0.5, 1)), -1)
    cv2.line(room, (left + 38, 20), (left + 38, 130), (236, 236, 230), 5)


def _poster(kit: Kit, room: Picture) -> None:
    left, top = int(kit.chance.integers(5, 160)), int(kit.chance.integers(5, 60))
    cv2.rectangle(room, (left, top), (left + 60, top + 84), kit.colour((0.4, 0.9), (0.3, 0.9)), -1)
    cv2.circle(room, (left + 30, top + 34), 18, kit.colour((0.4, 0.9), (0.5, 1)), -1)
    cv2.rectangle(room, (left + 8, top + 62), (left + 52, top + 70), (240, 240, 240), -1)


def _lamp(kit: Kit, room: Picture) -> None:
    column = int(kit.one_of((28, 210)))
    cv2.line(room, (column, 70), (column, SIDE), (60, 60, 60), 4)
    cv2.ellipse(room, (column, 66), (30, 20), 0, 180, 360, (255, 236, 190), -1)


def _lights(kit: Kit, room: Picture) -> None:
    glow = kit.colour((0.7, 1), (0.9, 1))
    for column in range(0, SIDE, 24):
        cv2.circle(room, (column, 14 + int(8 * np.sin(column / 30))), 5, glow, -1)
