"""Pictures without play that channels put before, between and after it: titles, signs, slides, ends."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from vpt_studio.demo_data.web import wording
from vpt_studio.demo_data.web.brush import (
    Colour,
    Picture,
    bright,
    eased,
    gradient,
    lay,
    mixed,
    panel,
    resized,
    rounded_mask,
)
from vpt_studio.demo_data.web.figures import person
from vpt_studio.demo_data.web.lettering import PIXEL, SMALL_PRINT, paragraph, written
from vpt_studio.demo_data.web.look import Layer, Look, Role
from vpt_studio.demo_data.web.overlays import emblem
from vpt_studio.demo_data.web.style import Kit, Moment

_WHITE: Colour = (255, 255, 255)
_INK: Colour = (24, 24, 28)
Ground = Callable[[Kit], Callable[[float], Picture]]


def _drifting_squares(kit: Kit) -> Callable[[float], Picture]:
    first, second, dark = kit.style.colours
    still = gradient(
        kit.width, kit.height, mixed(first, dark, 0.5), mixed(second, dark, 0.5), kit.between(0, 3)
    )
    count = int(kit.chance.integers(10, 30))
    starts, ways = kit.chance.random((count, 2)), kit.chance.normal(0, 0.06, (count, 2))
    sides = kit.chance.integers(kit.size(5), kit.size(22), count).tolist()
    colours = [kit.colour((0.2, 0.8), (0.7, 1)) for _ in range(count)]

    def at(seconds: float) -> Picture:
        picture = still.copy()
        places = ((starts + ways * seconds) % 1 * (kit.width, kit.height)).astype(int).tolist()
        for (column, row), side, colour in zip(places, sides, colours, strict=True):
            cv2.rectangle(picture, (column, row), (column + side, row + side), colour, -1)
        return picture

    return at


def _turning_rays(kit: Kit) -> Callable[[float], Picture]:
    first, second, dark = kit.style.colours
    count, pace = int(kit.chance.integers(6, 14)), kit.between(-0.5, 0.5)

    def at(seconds: float) -> Picture:
        picture = np.full((kit.height, kit.width, 3), mixed(first, dark, 0.3), np.uint8)
        middle = kit.width // 2, kit.height // 2
        for ray in range(count):
            turns = (np.array((0.0, 0.5)) + ray) * 2 * np.pi / count + seconds * pace
            ends = np.stack([np.cos(turns), np.sin(turns)], axis=1) * kit.width + middle
            cv2.fillConvexPoly(picture, np.vstack([middle, ends]).astype(np.int32), mixed(first, second, 0.6))
        return picture

    return at


def _plain_glow(kit: Kit) -> Callable[[float], Picture]:
    dark, glow = kit.one_of((_INK, (0, 0, 0), _WHITE, kit.style.colours[2])), kit.style.colours[0]
    rows, columns = np.mgrid[-1 : 1 : kit.height * 1j, -1.6 : 1.6 : kit.width * 1j].astype(np.float32)
    near = (255 * np.exp(-2.5 * (rows**2 + columns**2))).astype(np.uint8)
    strength = kit.between(0, 0.6)
    ramps = [np.linspace(start, end, 256).astype(np.uint8) for start, end in zip(dark, glow, strict=True)]

    def at(seconds: float) -> Picture:
        share = cv2.convertScaleAbs(near, alpha=strength * float(0.8 + 0.2 * np.sin(seconds * 2)))
        return np.asarray(cv2.merge([cv2.LUT(share, ramp) for ramp in ramps]), np.uint8)

    return at


def _sliding_stripes(kit: Kit) -> Callable[[float], Picture]:
    first, second, dark = kit.style.colours
    step = kit.size(kit.between(26, 60))

    def at(seconds: float) -> Picture:
        picture = np.full((kit.height, kit.width, 3), mixed(first, dark, 0.2), np.uint8)
        shift = round(seconds * step * 0.5) % (2 * step)
        for column in range(shift - 2 * step, kit.width + kit.height, 2 * step):
            corners = [(column, 0), (column + step, 0), (column + step - kit.height, kit.height),
                       (column - kit.height, kit.height)]  # fmt: skip
            cv2.fillConvexPoly(picture, np.array(corners), mixed(first, second, 0.4))
        return picture

    return at


_GROUNDS: tuple[Ground, ...] = (_drifting_squares, _turning_rays, _plain_glow, _sliding_stripes)


def _title_card(kit: Kit) -> Layer:
    return _words(kit, wording.TITLES, wording.SUBTITLES)


def _farewell(kit: Kit) -> Layer:
    return _words(kit, wording.FAREWELLS, (kit.style.channel, "like and comment", "every Friday at six"))


def _words(kit: Kit, titles: tuple[str, ...], subtitles: tuple[str, ...]) -> Layer:
    ground = kit.one_of(_GROUNDS)(kit)
    sample = ground(0.0)[kit.height // 3 : kit.height // 2].mean(axis=(0, 1))
    light = bright((int(sample[0]), int(sample[1]), int(sample[2])))
    ink = kit.style.colours[2] if light else kit.one_of((_WHITE, kit.style.colours[1]))
    height = kit.between(36, 62)
    comes = kit.one_of(("typed", "from below", "grown"))

    def draw(_picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(moment.number)
        title = str(dice.choice(titles)).format(n=dice.integers(2, 60))
        picture = ground(moment.clock)
        come = eased(0.1 + moment.seconds / 1.2)
        if comes == "typed":
            title = title[: max(1, round(len(title) * come))]
        size = height * (0.4 + 0.6 * come) if comes == "grown" else height
        top = kit.height * 0.38 + (kit.height * 0.4 * (1 - come) if comes == "from below" else 0)
        _centred(kit, picture, title, size, ink, top / kit.height)
        if moment.seconds > 1:
            _centred(kit, picture, str(dice.choice(subtitles)), height * 0.42, ink, 0.6)
        return picture

    return draw


def _centred(kit: Kit, picture: Picture, text: str, height: float, ink: Colour, down: float) -> None:
    sprite = kit.headline(text, max(6.0, height), ink)
    top = round(kit.height * down) - sprite.shape[0] // 2
    lay(picture, sprite, (kit.width - sprite.shape[1]) // 2, top)


def _sign(kit: Kit) -> Layer:
    ground = kit.one_of(_GROUNDS)(kit)
    side = kit.size(kit.between(110, 180))
    sign = emblem(kit, side)

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = ground(moment.clock)
        grown = max(0.15, eased(moment.seconds / 0.7) + 0.04 * float(np.sin(moment.seconds * 5)))
        across = max(8, round(side * grown))
        left, top = (kit.width - across) // 2, round(kit.height * 0.42) - across // 2
        lay(picture, resized(sign, across, across), left, top)
        _centred(kit, picture, kit.style.channel, 34 * min(1.0, grown), _WHITE, 0.82)
        return picture

    return draw


def _countdown(kit: Kit) -> Layer:
    ground = kit.style.colours[2]
    ring = kit.size(90)
    still = np.full((kit.height, kit.width, 3), ground, np.uint8)
    middle = kit.width // 2, kit.height // 2

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = still.copy()
        left = moment.length - moment.seconds
        cv2.circle(picture, middle, ring, mixed(ground, _WHITE, 0.4), kit.size(3), cv2.LINE_AA)
        turn = round(360 * (left % 1))
        cv2.ellipse(
            picture, middle, (ring, ring), -90, 0, turn, kit.style.colours[0], kit.size(10), cv2.LINE_AA
        )
        cv2.line(picture, (0, middle[1]), (kit.width, middle[1]), mixed(ground, _WHITE, 0.2), 1)
        _centred(kit, picture, str(int(np.ceil(left))), 90, _WHITE, 0.5)
        _centred(kit, picture, "starting soon", 24, _WHITE, 0.88)
        return picture

    return draw


def _whiteboard(kit: Kit) -> Layer:
    ground = kit.one_of(((250, 250, 246), (28, 60, 48), (244, 236, 214)))
    ink = _INK if bright(ground) else _WHITE
    marks = [kit.colour((0.7, 1), (0.5, 0.9)) for _ in range(3)]
    still = np.full((kit.height, kit.width, 3), ground, np.uint8)

    def draw(_picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(moment.number)
        picture = still.copy()
        title = written(str(dice.choice(wording.SLIDES)), kit.size(40), ink, SMALL_PRINT)
        lay(picture, title, kit.size(36), kit.size(24))
        cv2.line(picture, (kit.size(36), kit.size(72)), (kit.size(300), kit.size(72)), marks[0], kit.size(3))
        for number, point in enumerate(dice.permutation(wording.POINTS)[:4].tolist()):
            if moment.seconds >= number * moment.length / 5:
                row = written(f"- {point}", kit.size(22), ink, SMALL_PRINT)
                lay(picture, row, kit.size(44), kit.size(96 + 44 * number))
        bars = (dice.uniform(30, 130, 4) * eased(moment.seconds / 2)).astype(int).tolist()
        for number, tall in enumerate(bars):
            left, base = kit.width - kit.size(200) + number * kit.size(40), kit.size(300)
            corner = left + kit.size(26), base - kit.size(1 + tall)
            cv2.rectangle(picture, (left, base), corner, marks[number % 3], -1)
        return picture

    return draw


def _end_card(kit: Kit) -> Layer:
    ground = kit.one_of(_GROUNDS)(kit)
    width, height = kit.size(190), kit.size(107)
    slots = [_thumbnail(kit, width, height) for _ in range(2)]
    sign = emblem(kit, kit.size(76))
    left = kit.one_of((0.06, 0.58))

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = ground(moment.clock)
        come = eased(0.2 + moment.seconds / 0.8)
        column = round(kit.width * left)
        for number, slot in enumerate(slots):
            row = kit.size(66 + 135 * number)
            lay(picture, panel(width + 6, height + 6, _WHITE, radius=4), column - 3, row - 3, come)
            lay(picture, slot, column, row, come)
        other = round(kit.width * (0.72 if left < 0.5 else 0.28)) - sign.shape[1] // 2
        lay(picture, sign, other, round(kit.height * 0.45))
        _centred(kit, picture, wording.FAREWELLS[kit.style.seed % len(wording.FAREWELLS)], 30, _WHITE, 0.09)
        return picture

    return draw


def _thumbnail(kit: Kit, width: int, height: int) -> Picture:
    """Another video's picture: hills, a face and a word."""
    small = gradient(160, 90, kit.colour((0.4, 0.9), (0.6, 1)), kit.colour((0.1, 0.5), (0.8, 1)), 1.57)
    for _ in range(4):
        column, tall = int(kit.chance.integers(0, 160)), int(kit.chance.integers(15, 60))
        cv2.rectangle(small, (column, 90 - tall), (column + 50, 90), kit.colour((0.4, 0.8), (0.2, 0.7)), -1)
    face = resized(person(kit)(kit.between(0, 9)), 56, 56)
    lay(small, np.dstack([face, rounded_mask(56, 56, 28)]), int(kit.chance.integers(0, 100)), 34)
    word = kit.one_of(("WOW", "OOPS", "100 DAYS", "NEW", "PART 2", "HELP"))
    slot = resized(small, width, height).copy()
    lay(slot, written(word, height // 4, (255, 230, 40), kit.style.headline), width // 16, height // 14)
    return np.dstack([slot, np.full((height, width), 255, np.uint8)])


def _credits(kit: Kit) -> Layer:
    rows = [(work, kit.one_of(wording.CHATTERS)) for work in wording.CREDITS]
    pace = kit.between(55, 85)

    def draw(picture: Picture, moment: Moment) -> Picture:
        for number, (work, who) in enumerate(rows):
            row = round((330 + number * 62 - moment.seconds * pace) * kit.height / 360)
            for text, size, down in ((work, 15, 0), (who, 25, 18)):
                sprite = written(text, kit.size(size), (200, 200, 200), SMALL_PRINT)
                lay(picture, sprite, (kit.width - sprite.shape[1]) // 2, row + kit.size(down))
        return picture

    return draw


def _static(kit: Kit) -> Layer:
    words = kit.one_of(("NO SIGNAL", "please stand by", "back in a minute", "technical difficulties"))
    lively = kit.chance.random() < 0.6
    colours = [mixed(kit.colour((0.7, 1), (0.6, 1)), _INK, 0.2) for _ in range(7)]

    def draw(picture: Picture, moment: Moment) -> Picture:
        if lively:
            dice = kit.dice(int(moment.clock * 15))
            grains = dice.integers(0, 255, (90, 160), dtype=np.uint8)
            picture[:] = resized(grains, kit.width, kit.height)[..., None]
        else:
            for number, colour in enumerate(colours):
                picture[:, number * kit.width // 7 : (number + 1) * kit.width // 7] = colour
        sprite = written(words, kit.size(28), _WHITE, PIXEL, widest=kit.width)
        ground = panel(sprite.shape[1] + 20, sprite.shape[0] + 12, (0, 0, 0))
        left, top = (kit.width - ground.shape[1]) // 2, (kit.height - ground.shape[0]) // 2
        lay(picture, ground, left, top)
        lay(picture, sprite, left + 10, top + 6)
        return picture

    return draw


def _talking_head(kit: Kit) -> Layer:
    figure = person(kit)
    rows = min(240, 240 * kit.height // kit.width)

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = resized(figure(moment.clock)[30 : 30 + rows], kit.width, kit.height).copy()
        text = str(kit.dice(moment.number).choice(wording.CAPTIONS))
        for number, line in enumerate(paragraph(text, 30)):
            _centred(kit, picture, line, 24, _WHITE, 0.8 + 0.09 * number)
        return picture

    return draw


CARDS = (
    Look("title_card", Role.OPENING, _title_card, seconds=(2.5, 6), play_rate=None),
    Look("sign", Role.OPENING, _sign, seconds=(2, 4), play_rate=None),
    Look("countdown", Role.OPENING, _countdown, held_back=True, seconds=(3, 6), play_rate=None),
    Look("chapter_card", Role.INTERLUDE, _title_card, seconds=(1.5, 4), play_rate=None),
    Look("static", Role.INTERLUDE, _static, seconds=(1, 4), play_rate=None),
    Look("talking_head", Role.INTERLUDE, _talking_head, seconds=(3, 8), play_rate=None),
    Look("whiteboard", Role.INTERLUDE, _whiteboard, held_back=True, seconds=(5, 10), play_rate=None),
    Look("end_card", Role.CLOSING, _end_card, seconds=(4, 9), play_rate=None),
    Look("farewell", Role.CLOSING, _farewell, seconds=(3, 6), play_rate=None),
    Look("credits", Role.CLOSING, _credits, held_back=True, seconds=(5, 9), play_rate=None),
)
