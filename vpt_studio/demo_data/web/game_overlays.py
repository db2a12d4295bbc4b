"""What changed games and players' helpers draw over play: maps, numbers, keys, bars and scores."""

from __future__ import annotations

import cv2
import numpy as np

from vpt_studio.demo_data.web import wording
from vpt_studio.demo_data.web.brush import Colour, Cutout, Picture, lay, panel, resized, rounded_mask
from vpt_studio.demo_data.web.lettering import PIXEL, SMALL_PRINT, written
from vpt_studio.demo_data.web.look import Layer, Look, Role
from vpt_studio.demo_data.web.style import Kit, Moment

_WHITE: Colour = (255, 255, 255)
_MAP_SIDE = 256  # pixels; the map repeats after that
_KEYS = {"W": (1, 0), "A": (0, 1), "S": (1, 1), "D": (2, 1)}


def _minimap(kit: Kit) -> Layer:
    land = _map(kit)
    side = kit.size(kit.between(60, 96))
    mask = rounded_mask(side, side, kit.one_of((0.0, side / 2)))
    corner = kit.style.corners[3] if "upper" in kit.style.corners[3] else "upper right"
    left, top = kit.in_corner(corner, side, side, kit.size(6))
    border, colour = kit.size(2), kit.one_of(((20, 20, 20), (200, 200, 200), kit.style.colours[0]))
    cutout = Cutout(mask, border, colour)
    pace, turn = kit.between(2, 6), kit.between(0.1, 0.4)

    def draw(picture: Picture, moment: Moment) -> Picture:
        way = moment.clock * pace
        angle = np.sin(moment.clock * turn) * 180
        shown = np.roll(land, (-round(way), -round(30 * np.sin(way / 60))), (0, 1))[:128, :128]
        around = cv2.getRotationMatrix2D((64, 64), float(angle), 1.5)
        turned = np.asarray(
            cv2.warpAffine(shown, around, (128, 128), borderMode=cv2.BORDER_REFLECT), np.uint8
        )
        cv2.fillConvexPoly(
            turned, np.array([[64, 56], [70, 72], [64, 68], [58, 72]], np.int32), (240, 40, 40)
        )
        lay(picture, cutout.of(resized(turned, side, side)), left, top)
        text = written(f"{round(way * 3) - 140}, {64 - round(way) % 9}", kit.size(10), _WHITE, PIXEL)
        lay(picture, text, left + (side - text.shape[1]) // 2, top + side + 2)
        return picture

    return draw


def _map(kit: Kit) -> Picture:
    """Land from above: grass, woods, sand and water in patches of one colour per block."""
    height = np.zeros((64, 64), np.float32)
    for cells, weight in ((4, 1.0), (8, 0.5), (16, 0.3)):
        coarse = kit.chance.random((cells, cells)).astype(np.float32)
        height += weight * np.asarray(cv2.resize(coarse, (64, 64), interpolation=cv2.INTER_CUBIC))
    water, shallow, sand, grass = (52, 88, 190), (60, 110, 214), (218, 206, 150), (104, 168, 70)
    colours = np.array((water, shallow, sand, grass, (88, 146, 58), (52, 96, 40), (128, 128, 128)), np.uint8)
    land = colours[np.digitize(height, np.quantile(height, (0.12, 0.25, 0.32, 0.6, 0.8, 0.93)))]
    land = (land * kit.chance.uniform(0.9, 1.0, (64, 64, 1))).astype(np.uint8)
    return np.asarray(cv2.resize(land, (_MAP_SIDE, _MAP_SIDE), interpolation=cv2.INTER_NEAREST), np.uint8)


def _numbers(kit: Kit) -> Layer:
    line = kit.size(kit.one_of((9, 10, 18)))
    rows = int(kit.chance.integers(3, 9))
    start = kit.chance.integers(-900, 900, 3)
    ground = kit.chance.random() < 0.5
    title = f"{kit.one_of(wording.MENU_TITLES).title()} 1.{int(kit.chance.integers(7, 20))}"

    def draw(picture: Picture, moment: Moment) -> Picture:
        x, z = start[0] + moment.clock * 1.7, start[2] - moment.clock * 2.3
        frames = 60 + round(30 * np.sin(moment.clock))
        lines = (
            title,
            f"{frames} fps",
            f"x {x:.3f}",
            f"y {60 + start[1] // 90}.000",
            f"z {z:.3f}",
            f"facing {('north', 'west')[int(x) % 2]}",
            f"chunk {int(x) // 16}, {int(z) // 16}",
            f"light {int(moment.clock) % 4 + 11}",
            f"memory {int(moment.clock * 13) % 60 + 30}%",
        )
        for number, text in enumerate(lines[:rows]):
            sprite = written(text, line, _WHITE, PIXEL)
            if ground:
                back = panel(sprite.shape[1], sprite.shape[0], (80, 80, 80), opacity=0.5)
                lay(picture, back, kit.size(3), kit.size(3) + number * sprite.shape[0])
            lay(picture, sprite, kit.size(3), kit.size(3) + number * sprite.shape[0])
        return picture

    return draw


def _key_display(kit: Kit) -> Layer:
    side = kit.size(kit.between(18, 28))
    gap = max(1, side // 10)
    left, top = kit.in_corner(kit.style.corners[3], 3 * (side + gap), 4 * (side + gap), kit.size(10))
    idle, lit = kit.one_of(
        (((20, 20, 20), _WHITE), (_WHITE, kit.style.colours[0]), ((60, 60, 60), (90, 220, 90)))
    )
    radius = kit.one_of((0, side / 6))

    def draw(picture: Picture, moment: Moment) -> Picture:
        # Anything may be shown as held: uploaders' overlays lag, and nobody should learn to read them.
        held = kit.dice(int(moment.clock * 2.5)).random(6) < (0.7, 0.2, 0.1, 0.2, 0.3, 0.4)
        boxes = [(name, *cell, 1.0) for name, cell in _KEYS.items()]
        for number, (name, column, row, wide) in enumerate([*boxes, ("-", 0, 2, 3.0), ("LMB", 0, 3, 1.5)]):
            width = round(wide * (side + gap)) - gap
            key = panel(width, side, lit if held[number] else idle, opacity=0.75, radius=radius)
            word = written(name, side // 2, (128, 128, 128), SMALL_PRINT)
            lay(key[..., :3], word, (width - word.shape[1]) // 2, (side - word.shape[0]) // 2)
            lay(picture, key, left + column * (side + gap), top + row * (side + gap))
        return picture

    return draw


def _other_bars(kit: Kit) -> Layer:
    width, height = kit.size(kit.between(90, 150)), kit.size(kit.between(7, 12))
    left, top = kit.size(10), kit.one_of((kit.size(10), kit.height - 5 * height - kit.size(16)))
    names = ("Health", "Mana", "Stamina")[: int(kit.chance.integers(2, 4))]
    colours = ((210, 40, 50), (50, 90, 220), (60, 180, 70))
    slots = int(kit.chance.integers(0, 6))
    slot = panel(
        kit.size(22),
        kit.size(22),
        (30, 30, 30),
        opacity=0.7,
        border=kit.size(2),
        border_colour=(190, 170, 120),
    )

    def draw(picture: Picture, moment: Moment) -> Picture:
        for number, name in enumerate(names):
            full = 0.55 + 0.35 * float(np.sin(moment.clock * (0.3 + 0.2 * number) + number))
            row = top + number * (height + 4)
            lay(picture, panel(width, height, (20, 20, 20), opacity=0.8, radius=height / 3), left, row)
            lay(
                picture,
                panel(max(2, round(width * full)), height, colours[number], radius=height / 3),
                left,
                row,
            )
            text = written(f"{name} {round(full * 200)}/200", height, _WHITE, PIXEL)
            lay(picture, text, left + width + 4, row)
        for number in range(slots):
            lay(picture, slot, kit.width - kit.size(30), kit.size(90) + number * kit.size(25))
        return picture

    return draw


def _scoreboard(kit: Kit) -> Layer:
    line = kit.size(kit.between(11, 14))
    names = kit.some_of(wording.CHATTERS, int(kit.chance.integers(4, 8)))
    width = line * 9
    ground = panel(width, line * (len(names) + 2), (0, 0, 0), opacity=0.45)
    left, top = kit.width - width - kit.size(2), (kit.height - ground.shape[0]) // 2
    points = kit.chance.integers(0, 40, len(names))
    title = written(kit.style.channel, line, kit.style.colours[1], PIXEL, widest=width - 4)

    def draw(picture: Picture, moment: Moment) -> Picture:
        lay(picture, ground, left, top)
        lay(picture, title, left + (width - title.shape[1]) // 2, top + 2)
        for number, name in enumerate(names):
            row = top + (number + 1) * line + line // 2
            lay(picture, written(name, line, _WHITE, PIXEL), left + 4, row)
            score = str(points[number] + int(moment.clock / (3 + number)))
            lay(picture, written(score, line, (255, 90, 90), PIXEL), left + width - line * 2, row)
        return picture

    return draw


GAME_OVERLAYS = (
    Look("minimap", Role.OVERLAY, _minimap, seconds=(6, 16)),
    Look("numbers", Role.OVERLAY, _numbers),
    Look("key_display", Role.OVERLAY, _key_display, seconds=(6, 16)),
    Look("other_bars", Role.OVERLAY, _other_bars, seconds=(6, 16)),
    Look("scoreboard", Role.OVERLAY, _scoreboard, held_back=True, seconds=(6, 16)),
)
