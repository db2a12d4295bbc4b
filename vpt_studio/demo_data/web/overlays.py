"""What channels draw over play: cameras, marks, banners, chats and captions."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from vpt_studio.demo_data.web import wording
from vpt_studio.demo_data.web.brush import (
    Colour,
    Cutout,
    Picture,
    Sprite,
    bright,
    eased,
    lay,
    mixed,
    panel,
    resized,
    rounded_mask,
)
from vpt_studio.demo_data.web.figures import SIDE, animal, person
from vpt_studio.demo_data.web.lettering import SMALL_PRINT, paragraph, written
from vpt_studio.demo_data.web.look import Layer, Look, Role
from vpt_studio.demo_data.web.style import CORNERS, Kit, Moment

_WHITE: Colour = (255, 255, 255)
_INK: Colour = (24, 24, 28)


def _face_camera(kit: Kit) -> Layer:
    shape = kit.one_of((1.0, 4 / 3, 16 / 9))
    height = kit.size(kit.between(72, 120))
    width = round(height * shape)
    mask = rounded_mask(width, height, kit.size(kit.one_of((0, 0, 6, 16))))
    return _camera(kit, person(kit), mask)


def _round_face_camera(kit: Kit) -> Layer:
    across = kit.size(kit.between(76, 120))
    return _camera(kit, person(kit), rounded_mask(across, across, across / 2))


def _camera(kit: Kit, figure: Callable[[float], Picture], mask: Picture) -> Layer:
    height, width = mask.shape
    border = kit.size(kit.one_of((0, 1.5, 3, 5)))
    colour = kit.one_of((_WHITE, _INK, *kit.style.colours))
    left, top = kit.in_corner(kit.style.corners[0], width, height, kit.size(kit.one_of((0, 6, 12))))
    cutout = Cutout(mask, border, colour)
    rows = min(SIDE, SIDE * height // width)
    first = (SIDE - rows) // 2

    def draw(picture: Picture, moment: Moment) -> Picture:
        seen = resized(figure(moment.clock)[first : first + rows], width, height)
        lay(picture, cutout.of(seen), left, top)
        return picture

    return draw


def _animal_avatar(kit: Kit) -> Layer:
    figure = animal(kit)
    side = kit.size(kit.between(90, 150))
    left, top = kit.in_corner(kit.one_of(("lower left", "lower right")), side, side, 0)

    def draw(picture: Picture, moment: Moment) -> Picture:
        lay(picture, resized(figure(moment.clock), side, side), left, top)
        return picture

    return draw


def _still(sprite: Sprite, left: int, top: int, opacity: float = 1.0) -> Layer:
    def draw(picture: Picture, _moment: Moment) -> Picture:
        lay(picture, sprite, left, top, opacity)
        return picture

    return draw


def _watermark(kit: Kit) -> Layer:
    name = kit.one_of(
        (kit.style.channel, f"@{kit.style.channel.replace(' ', '')}", f"{kit.style.channel}.tv")
    )
    sprite = kit.headline(name, kit.between(14, 26), kit.one_of((_WHITE, kit.style.colours[0])), 0.4)
    height, width = sprite.shape[:2]
    left, top = kit.in_corner(kit.style.corners[1], width, height, kit.size(10))
    if kit.chance.random() < 0.3:
        left = (kit.width - width) // 2
    return _still(sprite, left, top, kit.between(0.45, 0.95))


def _logo(kit: Kit) -> Layer:
    side = kit.size(kit.between(34, 60))
    sprite = emblem(kit, side)
    left, top = kit.in_corner(kit.style.corners[1], side, side, kit.size(kit.between(6, 14)))
    return _still(sprite, left, top, kit.between(0.7, 1))


def emblem(kit: Kit, side: int) -> Sprite:
    """A channel's sign, `side` pixels square: a shape with a letter or a figure in it."""
    first, second, dark = kit.style.colours
    sprite = np.zeros((4 * side, 4 * side, 4), np.uint8)
    corners = kit.one_of((3, 4, 6, 8, 60))
    for radius, colour in ((1.96, dark), (1.8, first), (1.25, mixed(first, second, 0.5))):
        turns = (np.arange(corners) + 0.5) * 2 * np.pi / corners + np.pi / 2
        outline = np.stack([2 + radius * np.cos(turns), 2 + radius * np.sin(turns)], axis=1) * side
        cv2.fillPoly(sprite, [outline.astype(np.int32)], (*colour, 255))
    sprite = resized(sprite, side, side)
    letter = _WHITE if not bright(mixed(first, second, 0.5)) else _INK
    edge = dark if bright(letter) else _WHITE
    text = written(kit.style.channel[0].upper(), round(side * 0.55), letter, kit.style.headline, edge)
    rows, columns = text.shape[:2]
    lay(sprite[..., :3], text, (side - columns) // 2, (side - rows) // 2)
    return sprite


def _subscribe_banner(kit: Kit) -> Layer:
    height = kit.size(kit.between(34, 52))
    width = round(height * kit.between(4.2, 5.6))
    ground = kit.one_of((_WHITE, kit.style.colours[2], _INK))
    bare = panel(
        width, height, ground, opacity=kit.between(0.85, 1), radius=kit.one_of((0, height / 8, height / 2))
    )
    lay(bare[..., :3], emblem(kit, round(height * 0.8)), round(height * 0.12), round(height * 0.1))
    ink = _INK if bright(ground) else _WHITE
    name = written(kit.style.channel, round(height * 0.36), ink, SMALL_PRINT, widest=round(width * 0.34))
    lay(bare[..., :3], name, round(height * 1.05), (height - name.shape[0]) // 2)
    wanted = _with_button(bare, "SUBSCRIBE", (224, 30, 36))
    done = _with_button(bare, "SUBSCRIBED", (140, 140, 146))
    left = kit.one_of((kit.size(14), (kit.width - width) // 2, kit.width - width - kit.size(14)))
    top = kit.height - height - kit.size(kit.between(16, 70))
    sideways = kit.chance.random() < 0.6
    clicked = kit.between(0.4, 0.7)

    def draw(picture: Picture, moment: Moment) -> Picture:
        # It is in sight from its first frame on to its last, so that the truth has no doubtful frames.
        shown = max(0.12, eased(min(moment.seconds, moment.length - moment.seconds) / 0.6))
        sprite = wanted if moment.seconds < clicked * moment.length else done
        if sideways:
            lay(picture, sprite, round(-width + (left + width) * shown), top)
        else:
            lay(picture, sprite, left, round(kit.height - (kit.height - top) * shown))
        return picture

    return draw


def _with_button(banner: Sprite, text: str, colour: Colour) -> Sprite:
    sprite = banner.copy()
    height, width = banner.shape[:2]
    wide, high = round(width * 0.38), round(height * 0.56)
    button = panel(wide, high, colour, radius=high / 8)
    word = written(text, round(high * 0.5), _WHITE, SMALL_PRINT, widest=round(wide * 0.85))
    lay(button[..., :3], word, (wide - word.shape[1]) // 2, (high - word.shape[0]) // 2)
    lay(sprite[..., :3], button, width - wide - round(height * 0.2), (height - high) // 2)
    return sprite


def _chat(kit: Kit) -> Layer:
    rows, line = int(kit.chance.integers(5, 10)), kit.size(kit.between(11, 15))
    width = round(kit.width * kit.between(0.24, 0.34))
    ground = panel(width, (rows + 1) * line, kit.one_of((_INK, _WHITE, kit.style.colours[2])),
                   opacity=kit.one_of((0.0, 0.45, 0.7, 0.95)), radius=line / 3)  # fmt: skip
    ink: Colour = _INK if bright(kit.style.colours[2]) or int(ground[0, -1, 0]) > 200 else _WHITE
    left, top = kit.in_corner(kit.style.corners[2], width, (rows + 1) * line, kit.size(8))
    names = {name: kit.colour((0.6, 1), (0.7, 1)) for name in wording.CHATTERS}
    pace = kit.between(0.7, 2.0)

    def draw(picture: Picture, moment: Moment) -> Picture:
        lay(picture, ground, left, top)
        newest = int(moment.clock / pace) + rows
        for row in range(rows):
            dice = kit.dice(newest - row)
            name, text = str(dice.choice(list(names))), str(dice.choice(wording.CHATS))
            who = written(f"{name}: ", line, names[name], SMALL_PRINT)
            what = written(text, line, ink, SMALL_PRINT, widest=max(8, width - who.shape[1] - line))
            place = top + (rows - row) * line - line // 2
            lay(picture, who, left + line // 2, place)
            lay(picture, what, left + line // 2 + who.shape[1], place)
        return picture

    return draw


def _caption(kit: Kit) -> Layer:
    height, pace = kit.between(17, 32), kit.between(1.6, 3.2)
    colour = kit.one_of((_WHITE, (255, 230, 60), kit.style.colours[1]))
    middle = kit.one_of((0.16, 0.5, 0.72, 0.78))
    boxed = kit.chance.random() < 0.35

    def draw(picture: Picture, moment: Moment) -> Picture:
        text = str(kit.dice(int(moment.clock / pace)).choice(wording.CAPTIONS))
        lines = [kit.headline(line, height, colour) for line in paragraph(text, 26)]
        top = round(kit.height * middle) - sum(line.shape[0] for line in lines) // 2
        for line in lines:
            left = (kit.width - line.shape[1]) // 2
            if boxed:
                lay(picture, panel(line.shape[1] + 8, line.shape[0], _INK, opacity=0.7), left - 4, top)
            lay(picture, line, left, top)
            top += line.shape[0]
        return picture

    return draw


def _fact_box(kit: Kit) -> Layer:
    line = kit.size(kit.between(13, 18))
    width = round(kit.width * kit.between(0.3, 0.44))
    ground, stripe = kit.one_of((_WHITE, kit.style.colours[2], kit.style.colours[0])), kit.style.colours[1]
    ink = _INK if bright(ground) else _WHITE
    corner = kit.one_of(CORNERS)
    opacity = kit.between(0.75, 1)

    def draw(picture: Picture, moment: Moment) -> Picture:
        text = str(kit.dice(moment.number).choice(wording.FACTS))
        rows = [written(row, line, ink, SMALL_PRINT, widest=width - 2 * line) for row in paragraph(text, 26)]
        height = (len(rows) + 1) * (line + 2)
        left, top = kit.in_corner(corner, width, height, kit.size(14))
        left += round(
            (1 - eased(0.15 + moment.seconds / 0.5)) * kit.width * (-0.3 if "left" in corner else 0.3)
        )
        lay(picture, panel(width, height, ground, opacity=opacity, radius=line / 4), left, top)
        lay(picture, panel(max(2, line // 4), height, stripe), left, top)
        for number, row in enumerate(rows):
            lay(picture, row, left + line, top + line // 2 + number * (line + 2))
        return picture

    return draw


def _news_ticker(kit: Kit) -> Layer:
    height = kit.size(kit.between(20, 30))
    first, second, dark = kit.style.colours
    top = kit.one_of((0, kit.height - height))
    text = "   +++   ".join((kit.style.channel, *kit.some_of(wording.NEWS, 4), ""))
    ribbon = written(text, round(height * 0.7), _WHITE if not bright(dark) else _INK, SMALL_PRINT)
    ground = panel(kit.width, height, dark)
    sign = panel(round(height * 2.6), height, first)
    word = written("LIVE", round(height * 0.7), _INK if bright(first) else _WHITE, SMALL_PRINT)
    lay(sign[..., :3], word, (sign.shape[1] - word.shape[1]) // 2, (height - word.shape[0]) // 2)
    pace = kit.size(kit.between(60, 110))

    def draw(picture: Picture, moment: Moment) -> Picture:
        lay(picture, ground, 0, top)
        lay(picture, panel(kit.width, max(1, height // 12), second), 0, top)
        start = -round(moment.clock * pace) % ribbon.shape[1] - ribbon.shape[1]
        for left in range(start, kit.width, ribbon.shape[1]):
            lay(picture, ribbon, left, top + (height - ribbon.shape[0]) // 2)
        lay(picture, sign, 0, top)
        return picture

    return draw


def _ring_and_arrow(kit: Kit) -> Layer:
    colour = kit.one_of(((235, 20, 20), (255, 220, 0), (255, 255, 255)))
    stroke = kit.size(kit.between(4, 7))
    radius = kit.size(kit.between(28, 56))

    def draw(picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(moment.number)
        middle = dice.uniform((0.35, 0.3), (0.7, 0.6)) * (kit.width, kit.height)
        middle = (middle + radius * 0.1 * np.sin(moment.seconds * 4)).round().astype(int)
        toward = np.array([np.cos(angle := dice.uniform(0, 6.28)), np.sin(angle)])
        tip = (middle + toward * radius * 1.25).astype(int)
        tail = (middle + toward * (radius * 2.6 + stroke * np.sin(moment.seconds * 6))).astype(int)
        column, row = middle.tolist()
        cv2.ellipse(
            picture, (column, row), (radius, round(radius * 0.85)), 12, 0, 360, colour, stroke, cv2.LINE_AA
        )
        cv2.arrowedLine(picture, tail.tolist(), tip.tolist(), colour, stroke, cv2.LINE_AA, tipLength=0.45)
        return picture

    return draw


def _alert(kit: Kit) -> Layer:
    height = kit.between(18, 24)
    side = kit.size(70)
    figure = animal(kit)
    top = kit.size(kit.between(20, 50))

    def draw(picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(moment.number)
        text = str(dice.choice(wording.ALERTS)).format(who=dice.choice(wording.CHATTERS))
        sprite = kit.headline(text, height, kit.style.colours[1], 0.6)
        grown = 0.3 + 0.7 * eased(moment.seconds / 0.4)
        across = round(side * grown)
        lay(picture, resized(figure(moment.clock), across, across), (kit.width - across) // 2, top)
        lay(picture, sprite, (kit.width - sprite.shape[1]) // 2, top + side)
        return picture

    return draw


OVERLAYS = (
    Look("face_camera", Role.OVERLAY, _face_camera, seconds=(6, 16)),
    Look("round_face_camera", Role.OVERLAY, _round_face_camera, seconds=(6, 16)),
    Look("watermark", Role.OVERLAY, _watermark, seconds=(6, 16)),
    Look("logo", Role.OVERLAY, _logo, seconds=(6, 16)),
    Look("subscribe_banner", Role.OVERLAY, _subscribe_banner, seconds=(4, 6)),
    Look("chat", Role.OVERLAY, _chat, seconds=(6, 16)),
    Look("caption", Role.OVERLAY, _caption),
    Look("fact_box", Role.OVERLAY, _fact_box, seconds=(4, 7)),
    Look("animal_avatar", Role.OVERLAY, _animal_avatar, held_back=True, seconds=(6, 16)),
    Look("news_ticker", Role.OVERLAY, _news_ticker, held_back=True, seconds=(6, 16)),
    Look("ring_and_arrow", Role.OVERLAY, _ring_and_arrow, held_back=True, seconds=(3, 5)),
    Look("alert", Role.OVERLAY, _alert, held_back=True, seconds=(4, 6)),
)
