"""What a recorder also sees: the game's menus, loading bars, the desktop, a browser, other games."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from vpt_studio.demo_data.web import wording
from vpt_studio.demo_data.web.brush import Colour, Picture, gradient, lay, mixed, panel, resized
from vpt_studio.demo_data.web.lettering import PIXEL, SMALL_PRINT, Lettering, written
from vpt_studio.demo_data.web.look import Layer, Look, Role
from vpt_studio.demo_data.web.other_games import Game, falling_pieces, platformer, racing, shooter
from vpt_studio.demo_data.web.style import Kit, Moment, hued

_WHITE: Colour = (255, 255, 255)
_INK: Colour = (24, 24, 28)
_BIG_PIXELS = Lettering(face="pixel", outline=0.08, shadow=0.1)


def _pointer(kit: Kit, picture: Picture, seconds: float) -> None:
    """Somebody's mouse pointer, under way between places where it rests."""
    number, part = divmod(seconds, 1.4)
    places = [kit.dice(int(number) + ahead).uniform(0.1, 0.85, 2) for ahead in (0, 1)]
    part = min(1.0, part)
    smooth = part**3 * (10 - 15 * part + 6 * part**2)
    column, row = ((places[0] * (1 - smooth) + places[1] * smooth) * (kit.width, kit.height)).tolist()
    shape = np.array([[0, 0], [0, 16], [4, 12], [7, 18], [9, 17], [6, 11], [11, 11]]) * kit.height / 400
    outline = (shape + np.array((column, row))).astype(np.int32)
    cv2.fillPoly(picture, [outline], _WHITE, cv2.LINE_AA)
    cv2.polylines(picture, [outline], True, (0, 0, 0), 1, cv2.LINE_AA)


def _blocks(kit: Kit) -> Picture:
    """A wall of one kind of block, as games put behind their menus."""
    earth = np.array(kit.one_of(((70, 52, 38), (62, 62, 64), (46, 60, 42), (72, 60, 84))), np.float32)
    tile = (earth * kit.chance.uniform(0.6, 1.05, (16, 16, 1))).astype(np.uint8)
    wall = np.tile(tile, (12, 22, 1))
    scale = kit.size(2)
    return np.ascontiguousarray(wall.repeat(scale, 0).repeat(scale, 1)[: kit.height, : kit.width])


def _landscape(kit: Kit) -> Callable[[float], Picture]:
    """Stepped hills under a sky, gliding past slowly and a little out of focus."""
    above = hued(kit.between(0.5, 0.68), kit.between(0.3, 0.6), kit.between(0.4, 1))
    sky = gradient(320, 180, above, kit.colour((0.05, 0.3), (0.9, 1)), 1.57)
    grass = hued(kit.between(0.12, 0.45), kit.between(0.3, 0.7), kit.between(0.3, 0.7))
    steps = np.cumsum(kit.chance.integers(-1, 2, (3, 400)), axis=1) % 9
    blur = kit.between(0.5, 3)

    def at(seconds: float) -> Picture:
        picture = sky.copy()
        for layer in range(3):
            near = (layer + 1) / 3
            colour = mixed((200, 215, 230), grass, near)
            shift = seconds * 12 * near
            for cell in range(23):
                column = int(cell * 16 - shift % 16)
                tall = 40 + 6 * int(steps[layer, (cell + int(shift // 16)) % 400]) - 14 * layer
                cv2.rectangle(picture, (column, 150 - tall), (column + 15, 180), colour, -1)
                cv2.rectangle(
                    picture, (column, 158 - tall), (column + 15, 180), mixed(colour, (90, 66, 46), 0.5), -1
                )
        soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.uint8)
        return resized(soft, kit.width, kit.height).copy()

    return at


def _button(kit: Kit, picture: Picture, text: str, left: int, top: int, width: int, lit: bool) -> None:
    height = kit.size(22)
    ground = (96, 112, 168) if lit else (110, 110, 110)
    box = panel(width, height, ground, border=max(1, kit.size(1)), border_colour=_WHITE if lit else (0, 0, 0))
    word = written(text, kit.size(9), (255, 255, 160) if lit else (224, 224, 224), PIXEL, widest=width - 6)
    lay(box[..., :3], word, (width - word.shape[1]) // 2, (height - word.shape[0]) // 2)
    lay(picture, box, left, top)


def _heading(kit: Kit, picture: Picture, title: str) -> None:
    head = written(title, kit.size(18), _WHITE, PIXEL)
    lay(picture, head, (kit.width - head.shape[1]) // 2, kit.size(30))


def _menu(kit: Kit, picture: Picture, buttons: list[str], columns: int, top: int, moment: Moment) -> None:
    """Buttons in one or two columns from row `top` (of 360) down, one of them lit, and the pointer."""
    width, gap = kit.size(200 if columns == 1 else 150), kit.size(8)
    lit = int(kit.dice(int(moment.clock * 1.1)).integers(0, len(buttons) + 2))
    start = (kit.width - columns * width - (columns - 1) * gap) // 2
    for number, text in enumerate(buttons):
        row, column = divmod(number, columns)
        left = start + column * (width + gap)
        _button(kit, picture, text, left, kit.size(top + 30 * row), width, number == lit)
    _pointer(kit, picture, moment.clock)


def _main_menu(kit: Kit) -> Layer:
    ground = _landscape(kit)
    title = kit.one_of(wording.MENU_TITLES)
    logo = written(title, kit.size(48), kit.one_of((_WHITE, (230, 200, 90), (170, 170, 170))), _BIG_PIXELS,
                   mixed(kit.style.colours[2], (0, 0, 0), 0.5), round(kit.width * 0.8))  # fmt: skip
    buttons = kit.some_of(wording.MENU_BUTTONS, int(kit.chance.integers(3, 6)))
    version = written(f"{title.title()} 1.{int(kit.chance.integers(3, 21))}", kit.size(9), _WHITE, PIXEL)

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = ground(moment.clock)
        _menu(kit, picture, buttons, 1, 124, moment)
        lay(picture, logo, (kit.width - logo.shape[1]) // 2, kit.size(18))
        lay(picture, version, kit.size(3), kit.height - version.shape[0] - 2)
        return picture

    return draw


def _options(kit: Kit) -> Layer:
    wall = _blocks(kit) // 2
    buttons = kit.some_of(wording.OPTION_BUTTONS, int(kit.chance.integers(6, 13)))

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = wall.copy()
        _heading(kit, picture, "Options")
        _menu(kit, picture, buttons, 2, 84, moment)
        return picture

    return draw


def _pause(kit: Kit) -> Layer:
    buttons = kit.some_of(wording.PAUSE_BUTTONS, int(kit.chance.integers(4, 7)))
    dark = kit.between(0.25, 0.45)

    def draw(picture: Picture, moment: Moment) -> Picture:
        dimmed = (picture * np.float32(dark)).astype(np.uint8)
        _heading(kit, dimmed, "Game paused")
        _menu(kit, dimmed, buttons, 1, 84, moment)
        return dimmed

    return draw


def _loading(kit: Kit) -> Layer:
    wall = _blocks(kit) * kit.one_of((0, 1, 1))
    bar, colour = kit.size(kit.between(120, 260)), kit.one_of(((80, 220, 80), _WHITE, kit.style.colours[0]))
    text = kit.one_of(wording.LOADING)

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = wall.copy()
        full = min(1.0, moment.seconds / moment.length)
        dots = "." * (int(moment.seconds * 3) % 4)
        word = written(f"{text}{dots}", kit.size(12), _WHITE, PIXEL)
        lay(picture, word, (kit.width - word.shape[1]) // 2, kit.height // 2 - kit.size(22))
        left, top = (kit.width - bar) // 2, kit.height // 2 + kit.size(4)
        cv2.rectangle(picture, (left, top), (left + bar, top + kit.size(6)), (90, 90, 90), -1)
        cv2.rectangle(picture, (left, top), (left + round(bar * full), top + kit.size(6)), colour, -1)
        percent = written(f"{round(full * 100)}%", kit.size(12), _WHITE, PIXEL)
        lay(picture, percent, (kit.width - percent.shape[1]) // 2, top + kit.size(14))
        return picture

    return draw


def _window(kit: Kit, picture: Picture, title: str, left: int, top: int, width: int, height: int) -> Picture:
    """Draw a window and return the part of the picture inside it."""
    head = kit.size(18)
    shade = panel(width + kit.size(8), height + kit.size(8), (0, 0, 0), opacity=0.25, radius=6)
    lay(picture, shade, left, top)
    cv2.rectangle(picture, (left, top), (left + width, top + height), (246, 246, 248), -1)
    cv2.rectangle(
        picture, (left, top), (left + width, top + head), mixed(kit.style.colours[0], _INK, 0.5), -1
    )
    lay(picture, written(title, kit.size(12), _WHITE, SMALL_PRINT), left + kit.size(6), top + kit.size(2))
    for number, colour in enumerate(((230, 80, 70), (230, 190, 70), (110, 200, 90))):
        middle = left + width - kit.size(10 + 14 * number), top + head // 2
        cv2.circle(picture, middle, kit.size(4), colour, -1, cv2.LINE_AA)
    return picture[top + head : top + height, left : left + width]


def _desktop(kit: Kit) -> Layer:
    start, end = kit.colour((0.3, 0.9), (0.3, 0.8)), kit.colour((0.3, 0.9), (0.2, 0.9))
    still = gradient(kit.width, kit.height, start, end, kit.between(0, 3))
    for number, name in enumerate(kit.some_of(wording.FILES, int(kit.chance.integers(4, 9)))):
        left, top = kit.size(14 + 56 * (number // 5)), kit.size(12 + 56 * (number % 5))
        lay(
            still,
            panel(kit.size(30), kit.size(30), kit.colour((0.4, 0.9), (0.5, 1)), radius=kit.size(4)),
            left,
            top,
        )
        lay(still, written(name, kit.size(11), _WHITE, SMALL_PRINT), left - kit.size(4), top + kit.size(32))
    bar = kit.size(22)
    still[-bar:] = mixed(kit.style.colours[2], (40, 40, 44), 0.5)
    for number in range(6):
        icon = panel(kit.size(15), kit.size(15), kit.colour((0.2, 0.9), (0.5, 1)), radius=3)
        lay(still, icon, kit.size(8 + 22 * number), kit.height - kit.size(19))
    notes = kit.some_of(wording.NOTES, 6)
    clock = int(kit.chance.integers(8, 23))

    def draw(_picture: Picture, moment: Moment) -> Picture:
        picture = still.copy()
        dice = kit.dice(moment.number)
        left, top = (dice.uniform(0.2, 0.35, 2) * (kit.width, kit.height * 0.6)).astype(int).tolist()
        inside = _window(kit, picture, "Notes", left, top, kit.size(280), kit.size(180))
        for number, line in enumerate(notes[: 2 + int(moment.seconds / 1.2)]):
            text = written(line, kit.size(14), _INK, SMALL_PRINT)
            lay(inside, text, kit.size(12), kit.size(8 + 20 * number))
        if moment.seconds > 0.5 * moment.length:
            front = _window(
                kit, picture, "Pictures", kit.width // 2, kit.size(130), kit.size(220), kit.size(150)
            )
            for number in range(6):
                column, row = kit.size(10 + 70 * (number % 3)), kit.size(12 + 58 * (number // 3))
                colour = kit.style.colours[number % 2]
                cv2.rectangle(front, (column, row), (column + kit.size(56), row + kit.size(44)), colour, -1)
        time = written(f"{clock}:{int(moment.clock / 60) % 60:02d}", kit.size(12), _WHITE, SMALL_PRINT)
        lay(picture, time, kit.width - kit.size(40), kit.height - kit.size(18))
        _pointer(kit, picture, moment.clock)
        return picture

    return draw


def _browser(kit: Kit) -> Layer:
    page = np.full((4 * kit.height, kit.width, 3), kit.one_of(((255, 255, 255), (34, 36, 40))), np.uint8)
    ink = _INK if page[0, 0, 0] > 128 else (220, 220, 224)
    for number in range(14):
        top = kit.size(20 + 98 * number)
        width = kit.size(120)
        cv2.rectangle(page, (kit.size(40), top), (kit.size(40) + width, top + kit.size(70)),
                      kit.colour((0.3, 0.9), (0.4, 0.9)), -1)  # fmt: skip
        title = written(kit.one_of(wording.SUBTITLES), kit.size(18), ink, SMALL_PRINT)
        lay(page, title, kit.size(176), top + kit.size(4))
        for line in range(2):
            text = written(
                kit.one_of(wording.CAPTIONS), kit.size(12), mixed(ink, (128, 128, 128), 0.5), SMALL_PRINT
            )
            lay(page, text, kit.size(176), top + kit.size(28 + 18 * line))
    site, name = kit.some_of(wording.FILES, 2)
    address = written(f"www.{site}-wiki.example/{name}", kit.size(12), _INK, SMALL_PRINT)

    def draw(picture: Picture, moment: Moment) -> Picture:
        scrolled = int((np.sin(moment.clock * 0.35) + 1) * kit.height)
        picture[:] = page[scrolled : scrolled + kit.height]
        bar = kit.size(44)
        picture[:bar] = (222, 224, 230)
        field = panel(kit.width - kit.size(140), kit.size(18), _WHITE, radius=kit.size(8))
        lay(picture, field, kit.size(80), kit.size(22))
        lay(picture, address, kit.size(92), kit.size(23))
        tab = panel(kit.size(120), kit.size(18), (246, 246, 250), radius=4)
        lay(picture, tab, kit.size(10), kit.size(2))
        _pointer(kit, picture, moment.clock)
        return picture

    return draw


def _game_on_screen(*games: Callable[[Kit], Game]) -> Callable[[Kit], Layer]:
    def make(kit: Kit) -> Layer:
        game = kit.one_of(games)(kit)

        def draw(_picture: Picture, moment: Moment) -> Picture:
            small = game(moment.clock)
            whole = cv2.resize(small, (kit.width, kit.height), interpolation=cv2.INTER_NEAREST)
            return np.asarray(whole, np.uint8)

        return draw

    return make


SCREENS = (
    Look("main_menu", Role.OPENING, _main_menu, seconds=(3, 8), play_rate=None),
    Look("loading", Role.OPENING, _loading, seconds=(2, 5), play_rate=None),
    Look("options", Role.INTERLUDE, _options, seconds=(2, 7), play_rate=None),
    Look("pause", Role.INTERLUDE, _pause, seconds=(2, 6), play_rate=0),
    Look("desktop", Role.INTERLUDE, _desktop, seconds=(3, 9), play_rate=None),
    Look("other_game", Role.INTERLUDE, _game_on_screen(platformer, shooter), seconds=(4, 10), play_rate=None),
    Look(
        "arcade_game",
        Role.INTERLUDE,
        _game_on_screen(racing, falling_pieces),
        held_back=True,
        seconds=(4, 10),
        play_rate=None,
    ),
    Look("browser", Role.INTERLUDE, _browser, held_back=True, seconds=(4, 9), play_rate=None),
)
