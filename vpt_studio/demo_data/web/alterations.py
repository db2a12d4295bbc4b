"""What uploaders do to the picture of play: bars, frames, zooms, other speeds, films and tapes."""

from __future__ import annotations

import cv2
import numpy as np

from vpt_studio.demo_data.web.brush import (
    Colour,
    Cutout,
    Picture,
    blurred,
    eased,
    gradient,
    lay,
    place,
    resized,
    rounded_mask,
)
from vpt_studio.demo_data.web.look import Layer, Look, Role
from vpt_studio.demo_data.web.other_games import falling_pieces, platformer, racing, shooter
from vpt_studio.demo_data.web.style import CORNERS, Kit, Moment

_BLACK: Colour = (0, 0, 0)
_WHITE: Colour = (255, 255, 255)


def _letterbox(kit: Kit) -> Layer:
    bar = kit.size(kit.between(22, 46))
    colour = kit.one_of((_BLACK, _BLACK, kit.style.colours[2]))

    def draw(picture: Picture, _moment: Moment) -> Picture:
        picture[:bar] = picture[-bar:] = colour
        return picture

    return draw


def _shrunk_on_blur(kit: Kit) -> Layer:
    share = kit.between(0.7, 0.9)
    width, height = round(kit.width * share), round(kit.height * share)
    border = kit.size(kit.one_of((0, 1.5, 3)))
    sigma, dim = kit.between(2, 6), kit.between(0.6, 1.0)

    def draw(picture: Picture, _moment: Moment) -> Picture:
        back = (blurred(picture, kit.width, kit.height, sigma) * dim).astype(np.uint8)
        left, top = (kit.width - width) // 2, (kit.height - height) // 2
        back[top - border : top + height + border, left - border : left + width + border] = _WHITE
        place(back, resized(picture, width, height), left, top)
        return back

    return draw


def _framed_by_colour(kit: Kit) -> Layer:
    first, second, dark = kit.style.colours
    share = kit.between(0.7, 0.92)
    width, height = round(kit.width * share), round(kit.height * share)
    ground = gradient(kit.width, kit.height, first, kit.one_of((second, dark)), kit.between(0, 3))
    step = kit.size(kit.between(18, 40))
    for column in range(0, kit.width + kit.height, step):
        cv2.line(ground, (column, 0), (column - kit.height, kit.height), second, kit.size(1.5), cv2.LINE_AA)
    left = kit.one_of(((kit.width - width) // 2, kit.size(8), kit.width - width - kit.size(8)))
    top = kit.one_of(((kit.height - height) // 2, kit.size(6)))
    mask = rounded_mask(width, height, kit.size(kit.one_of((0, 8))))
    cutout = Cutout(mask, kit.size(kit.between(1.5, 5)), _WHITE)

    def draw(picture: Picture, _moment: Moment) -> Picture:
        whole = ground.copy()
        lay(whole, cutout.of(resized(picture, width, height)), left, top)
        return whole

    return draw


def _upright_crop(kit: Kit) -> Layer:
    width = round(kit.height * kit.one_of((9 / 16, 0.75, 1.0)))
    left = (kit.width - width) // 2
    blur = kit.chance.random() < 0.6

    def draw(picture: Picture, _moment: Moment) -> Picture:
        whole = blurred(picture, kit.width, kit.height, 4) // 2 if blur else np.zeros_like(picture)
        whole[:, left : left + width] = picture[:, left : left + width]
        return whole

    return draw


def _zoom(kit: Kit) -> Layer:
    strength = kit.between(1.25, 2.2)
    gradual = kit.chance.random() < 0.5

    def draw(picture: Picture, moment: Moment) -> Picture:
        # Never less than a visible beginning of it, for the truth calls the first frame altered too.
        grown = 0.15 + 0.85 * eased(moment.seconds / 1.5) if gradual else 1.0
        factor = 1 + (strength - 1) * grown
        column, row = kit.dice(moment.number).uniform(0.3, 0.7, 2) * (kit.width, kit.height)
        shift = np.array([[factor, 0, column * (1 - factor)], [0, factor, row * (1 - factor)]], np.float32)
        return np.asarray(cv2.warpAffine(picture, shift, (kit.width, kit.height)), np.uint8)

    return draw


def _picture_in_picture(kit: Kit) -> Layer:
    game = kit.one_of((platformer, shooter))(kit)
    width = round(kit.width * kit.between(0.22, 0.36))
    height = width * 9 // 16
    mask = rounded_mask(width, height, 0)
    left, top = kit.in_corner(kit.style.corners[0], width, height, kit.size(kit.one_of((0, 8))))
    cutout = Cutout(mask, kit.size(kit.one_of((1, 3))), kit.style.colours[0])

    def draw(picture: Picture, moment: Moment) -> Picture:
        seen = resized(game(moment.clock), width, height)
        lay(picture, cutout.of(seen), left, top)
        return picture

    return draw


def _play_in_a_corner(kit: Kit) -> Layer:
    game = kit.one_of((racing, falling_pieces))(kit)
    share = kit.between(0.3, 0.5)
    width, height = round(kit.width * share), round(kit.height * share)
    left, top = kit.in_corner(kit.one_of(CORNERS), width, height, kit.size(8))

    def draw(picture: Picture, moment: Moment) -> Picture:
        whole = resized(game(moment.clock), kit.width, kit.height).copy()
        place(whole, resized(picture, width, height), left, top)
        return whole

    return draw


def _frozen(kit: Kit) -> Layer:
    grey = kit.between(0.5, 1.0)
    closer = kit.between(1.05, 1.3)
    tint = kit.one_of(((1.0, 1.0, 1.0), (1.0, 0.88, 0.7), (0.75, 0.82, 1.0)))

    def draw(picture: Picture, _moment: Moment) -> Picture:
        middle = kit.width / 2, kit.height / 2
        near = cv2.warpAffine(picture, cv2.getRotationMatrix2D(middle, 0, closer), (kit.width, kit.height))
        pale = cv2.merge([cv2.cvtColor(near, cv2.COLOR_RGB2GRAY)] * 3)
        return _tinted(np.asarray(cv2.addWeighted(near, 1 - grey, pale, grey, 0), np.uint8), tint)

    return draw


def _tinted(picture: Picture, tint: tuple[float, float, float]) -> Picture:
    channels = zip(cv2.split(picture), tint, strict=True)
    return np.asarray(cv2.merge([cv2.convertScaleAbs(one, alpha=share) for one, share in channels]), np.uint8)


def _sped_up(kit: Kit) -> Layer:
    sprite = kit.headline(kit.one_of(("x4", "4x speed", "fast forward")), kit.between(20, 34), _WHITE)
    height, width = sprite.shape[:2]
    left, top = kit.in_corner(kit.style.corners[1], width + 3 * height, height, kit.size(14))

    def draw(picture: Picture, moment: Moment) -> Picture:
        for number in (0, 1):
            edge = left + width + height // 3 + number * height * 9 // 10
            tip = edge + height * (9 if int(moment.clock * 4) % 2 == number else 7) // 10
            corners = np.array([[edge, top], [tip, top + height // 2], [edge, top + height]])
            cv2.fillConvexPoly(picture, corners, _WHITE, cv2.LINE_AA)
        lay(picture, sprite, left, top)
        return picture

    return draw


def _old_film(kit: Kit) -> Layer:
    tint = 1.0, kit.between(0.8, 0.9), kit.between(0.6, 0.75)
    rows, columns = np.mgrid[-1 : 1 : kit.height * 1j, -1 : 1 : kit.width * 1j].astype(np.float32)
    shade = (np.clip(1.15 - 0.45 * (rows**2 + columns**2), 0, 1) * 255).astype(np.uint8)

    def draw(picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(int(moment.clock * 12))
        flicker = float(dice.uniform(0.85, 1.05))
        pale = cv2.multiply(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), shade, scale=flicker / 255)
        aged = _tinted(np.asarray(cv2.merge([pale] * 3), np.uint8), tint)
        for column in dice.integers(0, kit.width, 3).tolist():
            cv2.line(aged, (column, 0), (column + 2, kit.height), (220, 210, 190), 1)
        return aged

    return draw


def _tape(kit: Kit) -> Layer:
    shift = kit.size(kit.between(1.5, 4))
    stamp = kit.headline("PLAY", 20, _WHITE)

    def draw(picture: Picture, moment: Moment) -> Picture:
        dice = kit.dice(int(moment.clock * 20))
        worn = picture.copy()
        worn[:, shift:, 0] = picture[:, :-shift, 0]
        worn[:, :-shift, 2] = picture[:, shift:, 2]
        worn[::2] = worn[::2] // 4 * 3
        band, top = kit.size(20), int(moment.clock * 0.3 * kit.height) % kit.height
        worn[top : top + band] = np.roll(worn[top : top + band], shift * 5, 1)
        specks = dice.integers(0, (kit.height, kit.width), (kit.width // 4, 2))
        worn[specks[:, 0], specks[:, 1]] = 230
        lay(worn, stamp, kit.size(20), kit.size(16))
        return worn

    return draw


def _tilted_screen(kit: Kit) -> Layer:
    ground = gradient(kit.width, kit.height, kit.colour((0.1, 0.5), (0.3, 0.6)), (30, 26, 24), 1.57)
    table = round(kit.height * 0.8)
    cv2.rectangle(ground, (0, table), (kit.width, kit.height), (92, 66, 46), -1)
    size = np.array((kit.width, kit.height), np.float32)
    corners = np.array([[0.14, 0.1], [0.84, 0.16], [0.8, 0.78], [0.18, 0.74]], np.float32)
    corners = (corners + kit.chance.uniform(-0.03, 0.03, (4, 2)).astype(np.float32)) * size
    source = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * size
    warp = cv2.getPerspectiveTransform(source, corners)
    case = (corners - corners.mean(axis=0)) * np.float32(1.07) + corners.mean(axis=0)
    cv2.fillConvexPoly(ground, case.astype(np.int32), (22, 22, 24), cv2.LINE_AA)

    def draw(picture: Picture, _moment: Moment) -> Picture:
        whole = ground.copy()
        border = cv2.BORDER_TRANSPARENT
        cv2.warpPerspective(picture, warp, (kit.width, kit.height), dst=whole, borderMode=border)
        return whole

    return draw


def _bars(kit: Kit) -> Layer:
    height = min(kit.height, kit.width * 9 // 16)
    top = (kit.height - height) // 2
    blur = kit.chance.random() < 0.3

    def draw(picture: Picture, _moment: Moment) -> Picture:
        whole = blurred(picture, kit.width, kit.height, 5) if blur else np.zeros_like(picture)
        place(whole, resized(picture, kit.width, height), 0, top)
        return whole

    return draw


def _fade(kit: Kit, *, into: bool) -> Layer:
    ground = kit.one_of((0, 0, 255))

    def draw(picture: Picture, moment: Moment) -> Picture:
        passed = moment.seconds / moment.length
        share = 0.1 + 0.8 * (passed if into else 1 - passed)
        return np.asarray(cv2.convertScaleAbs(picture, alpha=share, beta=ground * (1 - share)), np.uint8)

    return draw


def _wipe(kit: Kit) -> Layer:
    sideways = kit.chance.random() < 0.5

    def draw(picture: Picture, moment: Moment) -> Picture:
        left = 0.1 + 0.9 * (1 - moment.seconds / moment.length)
        side = kit.width if sideways else kit.height
        covered = max(1, round(side * left))
        area = picture[:, :covered] if sideways else picture[:covered]
        area[:] = kit.style.colours[0]
        return picture

    return draw


ALTERATIONS = (
    Look("letterbox", Role.ALTERATION, _letterbox, seconds=(5, 14)),
    Look("shrunk_on_blur", Role.ALTERATION, _shrunk_on_blur, seconds=(5, 14)),
    Look("framed_by_colour", Role.ALTERATION, _framed_by_colour, seconds=(5, 14)),
    Look("upright_crop", Role.ALTERATION, _upright_crop, seconds=(5, 14)),
    Look("zoom", Role.ALTERATION, _zoom, seconds=(2, 5)),
    Look("picture_in_picture", Role.ALTERATION, _picture_in_picture, seconds=(5, 14)),
    Look("frozen", Role.ALTERATION, _frozen, seconds=(2, 4), play_rate=0),
    Look("sped_up", Role.ALTERATION, _sped_up, seconds=(2, 5), play_rate=4),
    Look("play_in_a_corner", Role.ALTERATION, _play_in_a_corner, held_back=True, seconds=(5, 14)),
    Look("old_film", Role.ALTERATION, _old_film, held_back=True, seconds=(3, 8)),
    Look("tape", Role.ALTERATION, _tape, held_back=True, seconds=(3, 8)),
    Look("tilted_screen", Role.ALTERATION, _tilted_screen, held_back=True, seconds=(4, 10)),
    Look("fade_in", Role.TRANSITION, lambda kit: _fade(kit, into=True), seconds=(0.4, 1.0)),
    Look("fade_out", Role.TRANSITION, lambda kit: _fade(kit, into=False), seconds=(0.4, 1.0)),
    Look("wipe", Role.TRANSITION, _wipe, seconds=(0.4, 0.8)),
    Look("bars", Role.FIT, _bars),
)
