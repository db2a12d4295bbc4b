"""Other games, small and flat, for videos that do not stay with one: each moves as if it were played."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from vpt_studio.demo_data.web.brush import Picture, gradient, lay, mixed
from vpt_studio.demo_data.web.lettering import PIXEL, written
from vpt_studio.demo_data.web.style import Kit

#: A game's picture, uint8 [180, 320, 3], at any second.
Game = Callable[[float], Picture]

WIDTH, HEIGHT = 320, 180


def platformer(kit: Kit) -> Game:
    """Somebody small runs and jumps to the right over bricks, before hills."""
    sky = gradient(WIDTH, HEIGHT, kit.colour((0.3, 0.7), (0.6, 1)), kit.colour((0.1, 0.4), (0.8, 1)), 1.57)
    hill, brick, hero = (kit.colour((0.4, 0.9), (0.3, 0.8)) for _ in range(3))
    tops = kit.chance.integers(1, 4, 400).repeat(3)
    coins = kit.chance.random(1200) < 0.2
    pace = kit.between(60, 110)

    def at(seconds: float) -> Picture:
        picture = sky.copy()
        way = seconds * pace
        for number in range(-1, 5):
            column = number * 90 - int(way * 0.3) % 90
            cv2.ellipse(picture, (column + 45, 160), (70, 60), 0, 180, 360, hill, -1)
        first = int(way) // 16
        for cell in range(first, first + 22):
            column, top = cell * 16 - int(way), HEIGHT - 16 * int(tops[cell % 1200])
            cv2.rectangle(picture, (column, top), (column + 14, HEIGHT), brick, -1)
            cv2.line(picture, (column, top), (column + 15, top), mixed(brick, (255, 255, 255), 0.6), 2)
            if coins[cell % 1200]:
                cv2.ellipse(picture, (column + 8, top - 40), (4, 6), 0, 0, 360, (250, 210, 40), -1)
        ground = HEIGHT - 16 * int(tops[(first + 6) % 1200])
        row = ground - 12 - int(44 * abs(np.sin(seconds * 2.4)))
        cv2.rectangle(picture, (96, row - 12), (108, row + 10), hero, -1)
        cv2.rectangle(picture, (97, row - 10), (110, row - 3), (248, 214, 186), -1)
        lay(picture, written(f"SCORE {int(way) * 10:06d}", 10, (255, 255, 255), PIXEL), 8, 6)
        return picture

    return at


def shooter(kit: Kit) -> Game:
    """A ship below, rows of others above, and shots between them among stars."""
    stars = kit.chance.integers(0, (WIDTH, HEIGHT, 3), (90, 3))
    foe, ship = kit.colour((0.6, 1), (0.7, 1)), kit.colour((0.1, 0.6), (0.8, 1))
    night = mixed(kit.colour((0.6, 1), (0.1, 0.3)), (0, 0, 0), 0.4)

    def at(seconds: float) -> Picture:
        picture = np.full((HEIGHT, WIDTH, 3), night, np.uint8)
        for column, row, depth in stars.tolist():
            place = column, int(row + seconds * 30 * (depth + 1)) % HEIGHT
            cv2.circle(picture, place, 1 if depth else 0, (90 + 60 * depth,) * 3, -1)
        sway = int(30 * np.sin(seconds))
        for row in range(3):
            for number in range(7):
                column = 60 + number * 32 + sway
                if (row * 7 + number) % 13 != int(seconds / 2) % 13:
                    cv2.rectangle(picture, (column, 20 + row * 24), (column + 16, 32 + row * 24), foe, -1)
                    cv2.circle(picture, (column + 8, 32 + row * 24), 5, foe, -1)
        column = int(160 + 90 * np.sin(seconds * 0.7))
        cv2.fillConvexPoly(picture, np.array([[column - 10, 168], [column + 10, 168], [column, 148]]), ship)
        for shot in range(4):
            row = 148 - int(seconds * 150 + shot * 40) % 150
            cv2.line(picture, (column, row), (column, row - 6), (255, 255, 120), 2)
        lay(picture, written(f"WAVE {int(seconds / 9) + 1}", 10, (255, 255, 255), PIXEL), 8, 4)
        return picture

    return at


def racing(kit: Kit) -> Game:
    """A car on a winding road, seen from behind."""
    sky = gradient(WIDTH, HEIGHT, kit.colour((0.3, 0.7), (0.6, 1)), (255, 230, 200), 1.57)
    grass, car = kit.colour((0.4, 0.8), (0.4, 0.7)), kit.colour((0.7, 1), (0.6, 1))
    edge = kit.colour((0.6, 1), (0.7, 1))

    def at(seconds: float) -> Picture:
        picture = sky.copy()
        bend = np.sin(seconds * 0.5)
        for row in range(84, HEIGHT):
            near = (row - 83) / (HEIGHT - 83)
            stripe = int(3 / near + seconds * 12) % 2
            middle = int(WIDTH / 2 + bend * 110 * (1 - near) ** 2)
            half = int(8 + 150 * near)
            picture[row] = grass if stripe else mixed(grass, (0, 0, 0), 0.12)
            cv2.line(picture, (middle - half, row), (middle + half, row), edge if stripe else (240, 240, 240))
            road = int(half * 0.9)
            cv2.line(picture, (middle - road, row), (middle + road, row), (96, 96, 100))
            if stripe:
                cv2.line(picture, (middle - half // 40, row), (middle + half // 40, row), (240, 240, 240))
        column = int(WIDTH / 2 + 40 * np.sin(seconds * 0.9))
        cv2.rectangle(picture, (column - 26, 148), (column + 26, 170), car, -1)
        cv2.rectangle(picture, (column - 18, 136), (column + 18, 150), (40, 50, 70), -1)
        for side in (-22, 14):
            cv2.rectangle(picture, (column + side, 166), (column + side + 8, 176), (16, 16, 16), -1)
        speed = 180 + int(20 * np.sin(seconds * 1.3))
        lay(picture, written(f"{speed} km/h", 18, (255, 255, 255), PIXEL), 206, 8)
        return picture

    return at


def falling_pieces(kit: Kit) -> Game:
    """Coloured pieces fall into a well and pile up."""
    ground = mixed(kit.colour((0.3, 0.8), (0.2, 0.5)), (0, 0, 0), 0.3)
    colours = [kit.colour((0.6, 1), (0.7, 1)) for _ in range(5)]
    pile = kit.chance.integers(0, 8, 10)
    tints = kit.chance.integers(0, 5, (10, 18))

    def at(seconds: float) -> Picture:
        picture = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
        cv2.rectangle(picture, (114, 8), (206, 172), (12, 12, 16), -1)
        number, passed = divmod(seconds, 3.0)
        for column in range(10):
            for row in range(int(pile[column] + number) % 9):
                _cell(picture, column, 17 - row, colours[int(tints[column, row])])
        left, tint = int(number * 3) % 8, colours[int(number) % 5]
        for column, row in ((0, 0), (1, 0), (1, 1), (2, 1))[: 3 + int(number) % 2]:
            _cell(picture, min(9, left + column), int(passed * 4) + row, tint)
        lay(picture, written(f"LINES {int(number)}", 10, (255, 255, 255), PIXEL), 226, 20)
        return picture

    return at


def _cell(picture: Picture, column: int, row: int, colour: tuple[int, int, int]) -> None:
    left, top = 115 + column * 9, 9 + row * 9
    cv2.rectangle(picture, (left, top), (left + 7, top + 7), colour, -1)
    cv2.line(picture, (left, top), (left + 7, top), mixed(colour, (255, 255, 255), 0.5))
