"""A small first-person scene, a stand-in for a game, in which every input of the player shows at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin, tan

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.camera import DEGREES_PER_PIXEL

Picture = npt.NDArray[np.uint8]
Vector = npt.NDArray[np.float64]

WIDTH, HEIGHT = 640, 360
#: Vertical angle of view in degrees (the game's default setting), and while sprinting.
FIELD_OF_VIEW, SPRINT_FIELD_OF_VIEW = 70.0, 82.0
#: Height of the eyes in metres, upright and sneaking.
EYE_HEIGHT, SNEAK_EYE_HEIGHT = 1.62, 1.15
#: Metres per tick at a walk, as in Minecraft, and what sprinting and sneaking make of it.
WALK_SPEED, SPRINT_FACTOR, SNEAK_FACTOR = 0.216, 1.5, 0.4
#: How far a mouse count moves the pointer of an open screen, in units of the 1280 x 720 window.
POINTER_UNITS_PER_COUNT = 2.0

_TEXELS = 16  # per metre
_TILE = 64  # metres after which the ground repeats
_CELL = 6  # metres; each cell of the ground holds at most one thing
_SIGHT = 36.0  # metres; fog hides what is farther away
_CLOUD_HEIGHT = 12.0  # metres above the eye, low enough that walking shows in the sky
_NEAR = 0.08  # metres; what is nearer to the camera is cut off
_SLOTS = 9
_SLOT_PIXELS = 36
_PANEL = (144, 14, 352, 332)  # x, y, width, height of the inventory
_SWING_TICKS = 6
_ITEM_TICKS = 40

_GRASS, _DIRT, _STONE, _SAND = (104, 158, 66), (134, 96, 67), (128, 128, 130), (216, 203, 150)
_FLOWERS = ((238, 214, 70), (226, 86, 78), (240, 240, 244))
_BRICKS = {"red": (176, 74, 62), "blue": (70, 98, 186), "gold": (226, 178, 58), "violet": (148, 82, 168)}
_SKIES = (  # zenith, horizon, cloud
    ((96, 154, 232), (190, 216, 244), (250, 252, 255)),
    ((84, 96, 170), (250, 186, 140), (255, 222, 206)),
    ((120, 160, 196), (214, 222, 226), (240, 242, 244)),
)


@dataclass(frozen=True)
class _Box:
    """An upright box: its middle x, z, half its width, its lower and upper end (m), and its texture."""

    x: float
    z: float
    half: float
    bottom: float
    top: float
    texture: str


# The six faces of a box: axis and side, light, and three corners: upper left, upper right, lower left.
_FACE_AXIS = np.array([0, 0, 2, 2, 1, 1])
_FACE_SIGN = np.array([1, -1, 1, -1, 1, -1])
_FACE_LIGHT = (0.66, 0.66, 0.82, 0.82, 1.0, 0.5)
_FACE_CORNERS = np.array(
    [
        [(1, 1, -1), (1, 1, 1), (1, -1, -1)],
        [(-1, 1, -1), (-1, 1, 1), (-1, -1, -1)],
        [(-1, 1, 1), (1, 1, 1), (-1, -1, 1)],
        [(-1, 1, -1), (1, 1, -1), (-1, -1, -1)],
        [(-1, 1, -1), (1, 1, -1), (-1, 1, 1)],
        [(-1, -1, -1), (1, -1, -1), (-1, -1, 1)],
    ],
    float,
)


@dataclass
class _Item:
    """A dropped item in flight: place and velocity (m, m per tick), its texture and its age in ticks."""

    place: Vector
    velocity: Vector
    texture: str
    age: int = 0

    def box(self) -> _Box:
        """The item as a small cube."""
        x, y, z = (float(number) for number in self.place)
        return _Box(x, z, 0.13, y - 0.13, y + 0.13, self.texture)


class MovingScene:
    """A meadow with trees and pillars, seen by a player with a tool, a hot-bar and an inventory.

    A mouse count turns the view by 0.15 degrees. Only the buttons a policy has do anything, and of those
    each shows in the very next picture: keys move at once, attack swings the tool for as long as it is
    held, use raises it, drop throws a small cube, jump lifts for as long as it is held (up to 1.3 m).

    Attributes:
        yaw: Degrees to the right of the +z axis.
        pitch: Degrees downwards, -90 to 90.
        position: float64 [2]: x, z in metres.
        gui_open: Whether the inventory is open.
        pointer: float64 [2]: x, y of its pointer in the 1280 x 720 window; it is not drawn.
        slot: Selected slot of the hot-bar, 0..8.
    """

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 1])
        self._seed = seed
        self._zenith, self._horizon, self._cloud = (
            np.array(colour, float) for colour in _SKIES[rng.integers(3)]
        )
        self._ground = _mip_levels(_ground_texture(rng))
        self._clouds = _blobs(rng, 256, 8, 0.62) & _blobs(rng, 256, 3, 0.45)
        self._textures = _block_textures(rng)
        self._worn: dict[tuple[str, int, int, float], Picture] = {}
        self._around: dict[tuple[int, int, int], list[_Box]] = {}
        self._hills = [(_ridge(rng, low, high), shade) for low, high, shade in ((4, 11, 0.3), (1, 5, 0.55))]
        self._sun = radians(rng.uniform(0, 360)), radians(rng.uniform(14, 32))
        self._icons = [_icon(slot) for slot in range(_SLOTS)]
        self._bar = _hotbar_picture(self._icons)
        self._panel = _inventory_picture(self._icons)

        self.yaw = float(rng.uniform(0, 360))
        self.pitch = 8.0
        self.position: Vector = np.array([_CELL / 2, _CELL / 2])
        self.gui_open = False
        self.pointer: Vector = np.array([WIDTH, HEIGHT], float)
        self.slot = 0
        self._velocity: Vector = np.zeros(2)
        self._eye = EYE_HEIGHT
        self._lift = 0.0
        self._rise = 0.0
        self._sneaking = False
        self._view = FIELD_OF_VIEW
        self._bob = 0.0
        self._attack_ticks = 0
        self._using = False
        self._inventory_was_held = False
        self._drop_was_held = False
        self._items: list[_Item] = []
        self._seen: tuple[tuple[float, ...], Picture] | None = None

    def step(self, held: npt.NDArray[np.uint8], motion: Vector, slot: int) -> None:
        """Let one tick pass.

        Args:
            held: uint8 [23], columns as ``ENVIRONMENT_BUTTONS``.
            motion: float64 [2]: mouse counts, right and down.
            slot: The hot-bar slot selected after the tick's input, 0..8.
        """
        inventory = bool(held[BUTTON_INDEX["inventory"]])
        toggled = inventory and not self._inventory_was_held
        self._inventory_was_held = inventory
        self._attack_ticks = self._attack_ticks + 1 if held[BUTTON_INDEX["attack"]] else 0
        self._using = bool(held[BUTTON_INDEX["use"]])
        if self.gui_open:
            self.pointer = np.clip(
                self.pointer + POINTER_UNITS_PER_COUNT * motion, 0, (2 * WIDTH - 1, 2 * HEIGHT - 1)
            )
            self._walk(np.zeros_like(held))
        else:
            self.yaw = (self.yaw + DEGREES_PER_PIXEL * float(motion[0])) % 360
            self.pitch = float(np.clip(self.pitch + DEGREES_PER_PIXEL * float(motion[1]), -90, 90))
            self.slot = slot
            self._walk(held)
            self._throw(bool(held[BUTTON_INDEX["drop"]]))
        self._let_items_fall()
        if toggled:
            self.gui_open = not self.gui_open
            self.pointer = np.array([WIDTH, HEIGHT], float)

    def _walk(self, held: npt.NDArray[np.uint8]) -> None:
        def down(name: str) -> float:
            return float(held[BUTTON_INDEX[name]])

        ahead, aside = down("forward") - down("back"), down("right") - down("left")
        self._sneaking = down("sneak") > 0
        sprinting = down("sprint") > 0 and ahead > 0 and not self._sneaking
        speed = WALK_SPEED * (SPRINT_FACTOR if sprinting else SNEAK_FACTOR if self._sneaking else 1.0)
        turn = radians(self.yaw)
        wish = np.array([ahead * sin(turn) + aside * cos(turn), ahead * cos(turn) - aside * sin(turn)])
        length = float(np.hypot(*wish))
        target = wish / length * speed if length else wish
        self._velocity = 0.25 * self._velocity + 0.75 * target
        if float(np.hypot(*self._velocity)) < 0.002:
            self._velocity = np.zeros(2)
        self.position = self._kept_out(self.position + self._velocity)
        self._bob += float(np.hypot(*self._velocity)) * 2.2

        # Rising lasts as long as the key is held, so that each tick of holding it can be seen.
        standing = self._lift == 0.0
        if down("jump") and (standing or self._rise > 0) and self._lift < 1.1:
            self._rise = 0.3
        elif not standing:
            self._rise = min(self._rise, 0.1) - 0.12
        self._lift = max(self._lift + self._rise, 0.0)
        if self._lift == 0.0:
            self._rise = 0.0
        self._eye = SNEAK_EYE_HEIGHT if self._sneaking else EYE_HEIGHT
        self._view += 0.7 * ((SPRINT_FIELD_OF_VIEW if sprinting else FIELD_OF_VIEW) - self._view)
        if abs(self._view - FIELD_OF_VIEW) < 0.05:
            self._view = FIELD_OF_VIEW

    def _kept_out(self, place: Vector) -> Vector:
        """`place`, moved out of the things that stand there."""
        for box in self._nearby(1):
            if box.bottom < 2.0:
                away = place - (box.x, box.z)
                distance = max(float(np.hypot(*away)), 1e-6)
                if distance < box.half * 1.2 + 0.45:
                    place = (box.x, box.z) + away / distance * (box.half * 1.2 + 0.45)
        return place

    def _throw(self, drop: bool) -> None:
        if drop and not self._drop_was_held:
            forward = self._axes()[2]
            place = (
                np.array([self.position[0], self._eye + self._lift - 0.25, self.position[1]]) + forward * 0.7
            )
            self._items.append(_Item(place, forward * 0.22 + (0.0, 0.1, 0.0), f"item{self.slot}"))
        self._drop_was_held = drop

    def _let_items_fall(self) -> None:
        for item in self._items:
            item.age += 1
            if item.age > 1:
                item.place = item.place + item.velocity
                item.velocity = item.velocity * 0.96 - (0.0, 0.04, 0.0)
            if item.place[1] < 0.14:
                item.place[1], item.velocity = 0.14, np.zeros(3)
        self._items = [item for item in self._items if item.age < _ITEM_TICKS]

    def render(self) -> Picture:
        """What is on screen now: uint8 [360, 640, 3] RGB, a new array."""
        pose = (*self.position, self.yaw, self.pitch, self._eye, self._lift, self._view)
        pose += tuple(float(number) for item in self._items for number in item.place)
        if self._seen is None or self._seen[0] != pose:
            self._seen = pose, self._world()
        frame = self._seen[1].copy()
        self._draw_hand(frame)
        frame[HEIGHT - 46 : HEIGHT - 2, 138:502] = self._bar[self.slot]
        if self.gui_open:
            return self._with_inventory(frame)
        centre = frame[HEIGHT // 2 - 9 : HEIGHT // 2 + 9, WIDTH // 2 - 9 : WIDTH // 2 + 9]
        centre[8:10] = 255 - centre[8:10]
        centre[:, 8:10] = 255 - centre[:, 8:10]
        return frame

    def _axes(self) -> tuple[Vector, Vector, Vector]:
        """The directions right, down (on screen) and forward in the world; y is up."""
        s, c, sp, cp = (f(radians(a)) for a in (self.yaw, self.pitch) for f in (sin, cos))
        return np.array([c, 0, -s]), np.array([-s * sp, -cp, -c * sp]), np.array([s * cp, -sp, c * cp])

    def _world(self) -> Picture:
        frame = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        focal = HEIGHT / 2 / tan(radians(self._view) / 2)
        _, down, forward = self._axes()
        # No roll: all rays through a row of pixels climb equally (m per metre ahead).
        climb = down[1] * (np.arange(HEIGHT) + 0.5 - HEIGHT / 2) / focal + forward[1]
        self._draw_sky(frame, climb, focal)
        self._draw_ground(frame, climb, focal)
        self._draw_things(frame, focal)
        return frame

    def _plane_rows(
        self, rows: npt.NDArray[np.intp], reach: Vector, focal: float, scale: float
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """x, z (float32 [rows, 640], `scale` per metre) where the rays of `rows` are `reach` m ahead."""
        right, down, forward = self._axes()
        aside = (np.arange(WIDTH, dtype=np.float32) + 0.5 - WIDTH / 2) / focal
        below = (rows + 0.5 - HEIGHT / 2) / focal
        x, z = (
            (
                scale * (self.position[part // 2] % _TILE + reach * (down[part] * below + forward[part]))
            ).astype(np.float32)[:, None]
            + (scale * reach * right[part]).astype(np.float32)[:, None] * aside
            for part in (0, 2)
        )
        return x, z

    def _draw_sky(self, frame: Picture, climb: Vector, focal: float) -> None:
        rows = np.flatnonzero(climb >= 0)
        if not len(rows):
            return
        share = np.clip(climb[rows] / 0.7, 0, 1)[:, None] ** 0.7
        colours = self._horizon + (self._zenith - self._horizon) * share
        frame[rows] = colours.astype(np.uint8)[:, None]
        self._draw_sun(frame, focal)
        cloudy = rows[climb[rows] > 0.06]
        if len(cloudy):
            x, z = self._plane_rows(cloudy, _CLOUD_HEIGHT / climb[cloudy], focal, 4.0)
            mask = cv2.remap(self._clouds, x, z, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP)
            weight = np.clip((climb[cloudy] - 0.06) / 0.3, 0, 0.85)[:, None]
            white = colours[: len(cloudy)] * (1 - weight) + self._cloud * weight
            area = frame[cloudy[0] : cloudy[-1] + 1]
            cv2.copyTo(np.repeat(white.astype(np.uint8)[:, None], WIDTH, axis=1), mask, area)
        around = radians(self.yaw) + np.linspace(-1.35, 1.35, 90)
        for ridge, shade in self._hills:
            height = np.interp(around % (2 * pi), np.linspace(0, 2 * pi, len(ridge)), ridge)
            outline = np.concatenate(
                [_directions(around, height), _directions(around[::-1], height * 0 - 0.01)]
            )
            places = self._projected(outline, focal)
            if places is not None:
                colour = self._horizon * (1 - shade) + np.array([84, 118, 112]) * shade
                cv2.fillPoly(frame, [places], colour.tolist())

    def _draw_sun(self, frame: Picture, focal: float) -> None:
        around, height = self._sun
        for size, warmth in ((0.085, 0.5), (0.06, 1.0)):
            corners = _directions(
                around + np.array([-size, size, size, -size]), height + np.array([size, size, -size, -size])
            )
            places = self._projected(corners, focal)
            if places is not None:
                colour = self._horizon * (1 - warmth) + np.array([255, 246, 200]) * warmth
                cv2.fillPoly(frame, [places], colour.tolist())

    def _projected(self, directions: Vector, focal: float) -> npt.NDArray[np.int32] | None:
        """Pixels (int32 [n, 2]) at which `directions` [n, 3] are seen, None if one lies behind."""
        seen = directions @ np.array(self._axes()).T
        if seen[:, 2].min() < _NEAR:
            return None
        return (seen[:, :2] / seen[:, 2:] * focal + (WIDTH / 2, HEIGHT / 2)).round().astype(np.int32)

    def _draw_ground(self, frame: Picture, climb: Vector, focal: float) -> None:
        rows = np.flatnonzero(climb < 0)
        if not len(rows):
            return
        reach = np.minimum((self._eye + self._lift) / -climb[rows], 150.0)
        # Texels per pixel, between those along and across the row, choose the level of detail.
        dense = _TEXELS * reach / focal * np.sqrt(np.maximum(reach / (self._eye + self._lift), 1.0))
        levels = np.clip(np.log2(np.maximum(dense, 1e-3)) + 0.3, 0, len(self._ground) - 1).astype(int)
        for level in np.unique(levels):
            part = levels == level
            x, z = self._plane_rows(rows[part], reach[part], focal, _TEXELS / 2**level)
            smooth = cv2.INTER_LINEAR if level else cv2.INTER_NEAREST
            frame[rows[part][0] : rows[part][-1] + 1] = cv2.remap(
                self._ground[level], x, z, smooth, borderMode=cv2.BORDER_WRAP
            )
        far = reach > _SIGHT / 2
        if far.any():
            fog = np.clip((reach[far] - _SIGHT / 2) / _SIGHT, 0, 1)[:, None, None]
            frame[rows[far]] = frame[rows[far]] * (1 - fog) + self._horizon * fog

    def _nearby(self, cells: int) -> list[_Box]:
        """The boxes of the player's cell and of `cells` cells around it."""
        i, j = (int(place // _CELL) for place in self.position)
        if (i, j, cells) not in self._around:
            self._around = {key: boxes for key, boxes in self._around.items() if key[:2] == (i, j)}
            self._around[i, j, cells] = [
                box
                for column in range(i - cells, i + cells + 1)
                for row in range(j - cells, j + cells + 1)
                for box in _things_of(self._seed, column, row)
            ]
        return self._around[i, j, cells]

    def _draw_things(self, frame: Picture, focal: float) -> None:
        """Draw all boxes from far to near, each by those of its faces that look at the camera."""
        boxes = [*self._nearby(int(_SIGHT / _CELL)), *(item.box() for item in self._items)]
        eye = np.array([self.position[0], self._eye + self._lift, self.position[1]])
        axes = np.array(self._axes())
        middle = np.array([(box.x, (box.bottom + box.top) / 2, box.z) for box in boxes]).reshape(-1, 3)
        extent = np.array([(box.half, (box.top - box.bottom) / 2, box.half) for box in boxes]).reshape(-1, 3)
        distance = np.hypot(*(middle - eye)[:, [0, 2]].T)
        order = np.argsort(-distance, kind="stable")
        order = order[distance[order] < _SIGHT]
        looks_at = _FACE_SIGN * (eye - middle)[:, _FACE_AXIS] > extent[:, _FACE_AXIS]
        rank, face = np.nonzero(looks_at[order])
        which = order[rank]
        # Three corners each (upper left, upper right, lower left from outside), in the camera's axes.
        seen = (middle[which, None] + _FACE_CORNERS[face] * extent[which, None] - eye) @ axes.T
        across, along, origin = seen[:, 1] - seen[:, 0], seen[:, 2] - seen[:, 0], seen[:, 0]
        outlines = np.stack([origin, seen[:, 1], seen[:, 1] + along, seen[:, 2]], axis=1)
        planes = np.stack([across, along, origin], axis=2)
        depths = outlines[:, :, 2]
        clipped = depths.min(axis=1) < _NEAR
        with np.errstate(divide="ignore", invalid="ignore"):
            places = outlines[:, :, :2] / depths[:, :, None] * focal + (WIDTH / 2, HEIGHT / 2)
        in_picture = (places.max(axis=1) > 0).all(axis=1) & (places.min(axis=1) < (WIDTH, HEIGHT)).all(axis=1)
        drawn = (depths.max(axis=1) > _NEAR) & (clipped | in_picture)
        drawn &= np.abs(np.linalg.det(planes)) > 1e-9
        inverse = np.zeros_like(planes)
        inverse[drawn] = np.linalg.inv(planes[drawn])
        for number in np.flatnonzero(drawn):
            box = boxes[which[number]]
            texture = self._texture(box.texture, float(distance[which[number]]), _FACE_LIGHT[face[number]])
            if clipped[number]:
                outline = _in_front(outlines[number])
                place = outline[:, :2] / outline[:, 2:] * focal + (WIDTH / 2, HEIGHT / 2)
            else:
                place = places[number]
            _draw_face(frame, place, inverse[number], texture, focal, bool(clipped[number]))

    def _texture(self, name: str, distance: float, light: float) -> Picture:
        """A texture as seen from `distance` metres on a face that gets a share `light` of the light."""
        coarse = 0 if distance < 11 else 1 if distance < 22 else 2
        fog = int(np.clip((distance - _SIGHT / 2) / (_SIGHT / 2) * 8, 0, 8))
        key = name, coarse, fog, light
        if key not in self._worn:
            texture = self._textures[name]
            size = texture.shape[1] >> coarse, texture.shape[0] >> coarse
            texture = np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA), np.uint8)
            self._worn[key] = (texture * (light * (1 - fog / 9)) + self._horizon * fog / 9).astype(np.uint8)
        return self._worn[key]

    def _draw_hand(self, frame: Picture) -> None:
        x, y = 508.0 + 5 * sin(self._bob), 262.0 + 5 * abs(cos(self._bob)) + (16 if self._sneaking else 0)
        angle, size = 0.0, 10.5
        if self._attack_ticks and not self.gui_open:
            phase = (self._attack_ticks - 1) % _SWING_TICKS / _SWING_TICKS
            swing = sin(pi * (0.25 + 0.7 * phase))
            x, y, angle = x - 130 * swing, y - 50 * swing + 60 * phase, 50 * swing
        elif self._using and not self.gui_open:
            x, y, angle, size = x + 26, y - 66, -34.0, 12.0
        turn = cv2.getRotationMatrix2D((0, 0), angle, size)
        grip = turn[:, :2] @ (-5.0, 5.0) + (x, y)
        cv2.line(frame, (int(grip[0]), int(grip[1])), (int(grip[0]) + 190, 430), (176, 124, 98), 54)
        cv2.line(frame, (int(grip[0]) + 90, int(grip[1]) + 80), (int(grip[0]) + 200, 440), (60, 118, 140), 62)
        left, top = max(int(x) - 150, 0), max(int(y) - 150, 0)
        turn[:, 2] = turn[:, :2] @ (-8.0, -8.0) + (x - left, y - top)
        area = frame[top:, left : int(x) + 150]
        icon = cv2.warpAffine(self._icons[self.slot], turn, area.shape[1::-1], flags=cv2.INTER_NEAREST)
        cv2.copyTo(np.ascontiguousarray(icon[..., :3]), np.ascontiguousarray(icon[..., 3]), area)
        if self._attack_ticks and not self.gui_open:
            for spark in range(7):
                turned, far = spark * 2.4 + self._attack_ticks, 14 + 7 * ((spark + self._attack_ticks) % 4)
                at = int(WIDTH / 2 + far * cos(turned)), int(HEIGHT / 2 + far * sin(turned) * 0.8)
                cv2.rectangle(frame, at, (at[0] + 6, at[1] + 6), (92, 70, 52), -1)
        elif self._using and not self.gui_open:
            low, high = np.array([WIDTH, HEIGHT]) // 2 - 26, np.array([WIDTH, HEIGHT]) // 2 + 25
            cv2.rectangle(frame, low.tolist(), high.tolist(), (244, 244, 244), 4)

    def _with_inventory(self, frame: Picture) -> Picture:
        frame = (frame * np.float32(0.35)).astype(np.uint8)
        x, y, width, height = _PANEL
        frame[y : y + height, x : x + width] = self._panel
        pointed = self.pointer / 2
        for left, top in _slot_corners():
            if 0 <= pointed[0] - left < _SLOT_PIXELS and 0 <= pointed[1] - top < _SLOT_PIXELS:
                slot = frame[top + 2 : top + _SLOT_PIXELS - 2, left + 2 : left + _SLOT_PIXELS - 2]
                clicked = (250, 190, 60) if self._attack_ticks else (70, 150, 250)
                light = np.array(clicked if self._attack_ticks or self._using else (235, 235, 245))
                slot[:] = (slot * 0.4 + light * 0.6).astype(np.uint8)
        return frame


def _draw_face(
    frame: Picture, outline: Vector, inverse: Vector, texture: Picture, focal: float, clipped: bool
) -> None:
    """Draw one face onto `frame`.

    Args:
        frame: uint8 [360, 640, 3], changed in place.
        outline: float64 [n, 2]: where the face's corners are seen, in pixels.
        inverse: float64 [3, 3]: from a ray in the camera's axes to the face, whose corners are 0 and 1.
        texture: uint8 [h, w, 3].
        focal: Focal length in pixels.
        clipped: Whether a part lies behind the camera and `outline` bounds the rest.
    """
    left, top = (max(int(place), 0) for place in outline.min(axis=0))
    right, bottom = outline.max(axis=0)
    area = frame[top : max(int(bottom) + 1, 0), left : max(int(right) + 1, 0)]
    if not area.size:
        return
    height, width = texture.shape[:2]
    # Texels have whole numbers at their middle, and the nearest is taken.
    to_texel = inverse * ((width,), (height,), (1,)) - inverse[2] * ((0.5,), (0.5,), (0,))
    to_texel[:, 2] *= focal
    to_texel[:, 2] += to_texel[:, :2] @ (left + 0.5 - WIDTH / 2, top + 0.5 - HEIGHT / 2)
    target = area.copy() if clipped else area
    cv2.warpPerspective(
        texture,
        to_texel,
        area.shape[1::-1],
        dst=target,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    if clipped:
        mask = np.zeros(area.shape[:2], np.uint8)
        inside = np.clip((outline - (left, top)).round(), -4000, 4000).astype(np.int32)
        cv2.fillConvexPoly(mask, inside, 1)
        cv2.copyTo(target, mask, area)


def _in_front(outline: Vector) -> Vector:
    """The part of a polygon [n, 3] in the camera's axes that lies in front of the camera."""
    kept = []
    for here, there in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if here[2] >= _NEAR:
            kept.append(here)
        if (here[2] >= _NEAR) != (there[2] >= _NEAR):
            kept.append(here + (there - here) * (_NEAR - here[2]) / (there[2] - here[2]))
    return np.array(kept).reshape(-1, 3)


def _directions(around: Vector, height: Vector) -> Vector:
    """Unit vectors [n, 3] towards azimuths `around` and elevations `height`, in radians."""
    return np.stack(
        [np.sin(around) * np.cos(height), np.sin(height), np.cos(around) * np.cos(height)], axis=1
    )


def _ridge(rng: np.random.Generator, low: float, high: float) -> Vector:
    """Elevation (radians) of a mountain ridge in 73 directions, the last as the first."""
    heights = np.repeat(rng.uniform(low, high, 36), 2) + rng.uniform(-0.6, 0.6, 72)
    return np.radians(np.append(heights, heights[0]))


def _noise(rng: np.random.Generator, size: int, grains: int) -> Vector:
    """Smooth noise [size, size] of mean 0 and deviation 1 that repeats, with `grains` bumps along a side."""
    waves = np.fft.rfft2(rng.standard_normal((size, size)))
    rate = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]) * size
    smooth = np.fft.irfft2(waves * np.exp(-((rate / grains) ** 2)), s=(size, size))
    return (smooth - smooth.mean()) / smooth.std()


def _blobs(rng: np.random.Generator, size: int, grains: int, share: float) -> Picture:
    """255 in about `share` of a square of blocks, 0 elsewhere."""
    coarse = _noise(rng, size // 4, grains)
    mask = (coarse > np.quantile(coarse, 1 - share)).astype(np.uint8) * 255
    return np.kron(mask, np.ones((4, 4), np.uint8))


def _speckled(rng: np.random.Generator, colour: tuple[int, int, int], height: int, width: int) -> Vector:
    """A patch of `colour`, float [height, width, 3], with grain in every texel."""
    return np.array(colour) * rng.choice([0.8, 0.92, 1.0, 1.1], (height, width, 1))


def _ground_texture(rng: np.random.Generator) -> Picture:
    """Grass with patches of dirt, stone and sand, block by block: uint8 [1024, 1024, 3]."""
    side = _TILE * _TEXELS
    kind = np.zeros((_TILE, _TILE), int)
    for number, (grains, share) in enumerate(((7, 0.2), (9, 0.14), (5, 0.16)), start=1):
        noise = _noise(rng, _TILE, grains)
        kind[noise > np.quantile(noise, 1 - share)] = number
    palette = np.array([_GRASS, _DIRT, _STONE, _SAND], float)
    palette[0] *= rng.uniform(0.9, 1.05, 3)
    tint = 1 + 0.07 * _noise(rng, _TILE, 12) + 0.11 * rng.choice([-1.0, 0.0, 1.0], (_TILE, _TILE))
    blocks = palette[kind] * tint[..., None]
    texels = np.kron(blocks, np.ones((_TEXELS, _TEXELS, 1))) * _speckled(rng, (1, 1, 1), side, side)
    for row, column in rng.integers(0, side - 4, (1500, 2)):  # flowers and pebbles
        if kind[row // _TEXELS, column // _TEXELS] == 0:
            texels[row : row + 3, column : column + 3] = _FLOWERS[row % 3]
        else:
            texels[row : row + 2, column : column + 3] *= 0.6
    return np.clip(texels, 0, 255).astype(np.uint8)


def _mip_levels(texture: Picture) -> list[Picture]:
    levels = [texture]
    while len(levels) < 6:
        half = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(half, np.uint8))
    return levels


def _block_textures(rng: np.random.Generator) -> dict[str, Picture]:
    """Textures of the things in the meadow and of dropped items, by name."""
    textures = {"leaves": np.kron(_speckled(rng, (70, 126, 50), 24, 24), np.ones((2, 2, 1)))}
    textures["leaves"] *= rng.choice([0.7, 1.0, 1.15], (48, 48, 1), p=[0.2, 0.6, 0.2])
    bark = _speckled(rng, (104, 76, 46), 48, 16)
    bark[:, ::4] *= 0.7
    textures["bark"] = bark
    crate = _speckled(rng, (178, 136, 82), 16, 16)
    crate[[0, 15]] *= 0.6
    crate[:, [0, 15]] *= 0.6
    crate[[5, 10]] *= 0.75
    textures["crate"] = crate
    for name, colour in _BRICKS.items():
        brick = _speckled(rng, colour, 64, 16)
        brick[3::4] = brick[3::4] * 0.4 + 90
        brick[0::8, 7] = brick[1::8, 7] = brick[2::8, 7] = 150
        brick[4::8, 14] = brick[5::8, 14] = brick[6::8, 14] = 150
        textures[name] = brick
    for slot in range(_SLOTS):
        icon = _icon(slot)
        textures[f"item{slot}"] = np.full((8, 8, 3), icon[..., :3][icon[..., 3] > 0].mean(axis=0))
        textures[f"item{slot}"][1:7, 1:7] *= 1.25
    return {name: np.clip(texture, 0, 255).astype(np.uint8) for name, texture in textures.items()}


def _things_of(seed: int, column: int, row: int) -> list[_Box]:
    """What stands in one cell of the ground: nothing, a tree, a pillar or crates."""
    rng = np.random.default_rng([seed, 2, column + 2**20, row + 2**20])
    x, z = (np.array([column, row]) + rng.uniform(0.25, 0.75, 2)) * _CELL
    chance = rng.random()
    if (column, row) == (0, 0) or chance < 0.28:
        return []
    if chance < 0.62:
        high = rng.uniform(3.1, 4.2)
        wide = rng.uniform(1.2, 1.6)
        # The crown comes first: seen from below, the trunk hides a part of it.
        return [_Box(x, z, wide, high, high + 2 * wide, "leaves"), _Box(x, z, 0.38, 0.0, high, "bark")]
    if chance < 0.86:
        return [_Box(x, z, 0.5, 0.0, float(rng.integers(2, 6)), str(rng.choice(list(_BRICKS))))]
    return [_Box(x, z, 0.6, 0.0, 1.2, "crate")]


def _icon(slot: int) -> Picture:
    """The item of a slot as pixel art, uint8 [16, 16, 4] RGBA; its grip is at the lower left."""
    icon = np.zeros((16, 16, 4), np.uint8)
    if slot >= 5:
        colour = np.array([_GRASS, _STONE, _BRICKS["red"], _BRICKS["gold"]][slot - 5])
        icon[3:14, 3:14] = (*(colour * 0.8).astype(int), 255)
        icon[3:6, 3:14] = (*np.minimum(colour * 1.25, 255).astype(int), 255)
        icon[3:14, 10:14, :3] = (icon[3:14, 10:14, :3] * 0.75).astype(np.uint8)
        return icon
    wood, dark = (138, 100, 56, 255), (84, 60, 34, 255)
    metal = [(208, 214, 220, 255), (96, 208, 208, 255), (232, 196, 72, 255), (170, 110, 214, 255), wood][slot]
    cv2.line(icon, (2, 13), (11, 4), dark, 2)
    cv2.line(icon, (2, 13), (11, 4), wood, 1)
    if slot == 0:  # pickaxe
        cv2.ellipse(icon, (8, 7), (6, 6), 0, -115, 25, metal, 2)
    elif slot == 1:  # sword
        cv2.line(icon, (5, 10), (14, 1), metal, 2)
        cv2.line(icon, (3, 8), (7, 12), dark, 1)
    elif slot == 2:  # shovel
        cv2.circle(icon, (12, 3), 3, metal, -1)
    elif slot == 3:  # axe
        cv2.fillConvexPoly(icon, np.array([[7, 1], [12, 2], [14, 8], [9, 6]], np.int32), metal)
    else:  # torch
        cv2.rectangle(icon, (10, 2), (13, 5), (255, 206, 84, 255), -1)
        cv2.rectangle(icon, (11, 3), (12, 4), (255, 250, 210, 255), -1)
    return icon


def _paste(frame: Picture, icon: Picture, x: int, y: int, size: int) -> None:
    """Put an icon onto `frame` with its upper left corner at `x`, `y`, `size` pixels wide."""
    large = cv2.resize(icon, (size, size), interpolation=cv2.INTER_NEAREST)
    frame[y : y + size, x : x + size][large[..., 3] > 0] = large[..., :3][large[..., 3] > 0]


def _hotbar_picture(icons: list[Picture]) -> list[Picture]:
    """The hot-bar with each of its slots selected in turn, uint8 [44, 364, 3]."""
    bar = np.full((44, 364, 3), (64, 64, 66), np.uint8)
    for slot, icon in enumerate(icons):
        bar[4:40, 4 + 40 * slot : 40 + 40 * slot] = (118, 118, 122)
        _paste(bar, icon, 6 + 40 * slot, 6, 32)
    pictures = []
    for slot in range(_SLOTS):
        picture = bar.copy()
        cv2.rectangle(picture, (2 + 40 * slot, 2), (41 + 40 * slot, 41), (255, 255, 255), 4)
        pictures.append(picture)
    return pictures


def _slot_corners() -> list[tuple[int, int]]:
    """Upper left corners of the inventory's slots on screen, in pixels."""
    x, y = _PANEL[0] + 14, _PANEL[1]
    rows = (166, 202, 238, 284)
    slots = [(x + _SLOT_PIXELS * column, y + row) for row in rows for column in range(_SLOTS)]
    slots += [(x, y + 14 + _SLOT_PIXELS * row) for row in range(4)]
    return slots + [
        (x + 180 + _SLOT_PIXELS * i, y + 34 + _SLOT_PIXELS * j) for i in range(2) for j in range(2)
    ]


def _inventory_picture(icons: list[Picture]) -> Picture:
    """The inventory's panel, uint8 [332, 352, 3]."""
    x, y, width, height = _PANEL
    panel = np.full((height, width, 3), 198, np.uint8)
    panel[:3], panel[:, :3], panel[-3:], panel[:, -3:] = 246, 246, 90, 90
    panel[14:158, 56:156] = 24
    cv2.rectangle(panel, (92, 34), (120, 62), (176, 124, 98), -1)
    cv2.rectangle(panel, (86, 64), (126, 108), (60, 118, 140), -1)
    cv2.rectangle(panel, (92, 110), (120, 150), (62, 66, 140), -1)
    for number, (left, top) in enumerate(_slot_corners()):
        cell = panel[top - y : top - y + _SLOT_PIXELS, left - x : left - x + _SLOT_PIXELS]
        cell[:], cell[2:, 2:] = 70, 246
        cell[2:-2, 2:-2] = 139
        if number >= 27 and number < 36:
            _paste(cell, icons[number - 27], 2, 2, 32)
        elif number < 27 and number % 4 == 1:
            _paste(cell, icons[(number * 5) % _SLOTS], 2, 2, 32)
    return panel
