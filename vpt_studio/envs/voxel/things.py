"""What is drawn over the traced cells: dropped items, falling blocks, and the targeted block's outline."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import PLACES, SHAPES, Block, Face, Shape
from vpt_studio.envs.voxel.camera import Camera, direction
from vpt_studio.envs.voxel.face_light import SHADES
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.mipmaps import SOLID_TEXEL, texel_at
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.rays import slab, within

if TYPE_CHECKING:
    from vpt_studio.envs.voxel.world import World


def _none(*shape: int) -> npt.NDArray[np.int32]:
    return np.zeros(shape, np.int32)


@dataclass
class Things:
    """What lies or falls in the world.

    Attributes:
        positions: float64 [n, 3]: the middle of each one's bottom, in metres.
        items: int32 [n]: the :class:`Item` that lies there; 0 for a falling block.
        ages: int32 [n]: ticks since it came up; items turn and bob with it.
        blocks: int32 [n]: the :class:`Block` that falls there; 0 for an item.
    """

    positions: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    items: npt.NDArray[np.int32] = field(default_factory=lambda: _none(0))
    ages: npt.NDArray[np.int32] = field(default_factory=lambda: _none(0))
    blocks: npt.NDArray[np.int32] = field(default_factory=lambda: _none(0))


class Bodies(NamedTuple):
    """Things as boxes to draw, turned around their upright axis.

    Attributes:
        middles: float32 [n, 3]: metres from the lowest corner of the eye's cell.
        halves: float32 [n, 3]: half of the width, height and depth.
        turns: float32 [n, 2]: cosine and sine of the angle.
        textures: int32 [n, 6]: by face.
        flat: uint8 [n]: 1 for a picture seen from both sides, as thick as the box.
        lights: float32 [n, 3]: the colour of the light on it.
    """

    middles: npt.NDArray[np.float32]
    halves: npt.NDArray[np.float32]
    turns: npt.NDArray[np.float32]
    textures: npt.NDArray[np.int32]
    flat: npt.NDArray[np.uint8]
    lights: npt.NDArray[np.float32]


_BLOCK_HALF, _SPRITE_HALF, _SPRITE_DEPTH = 0.125, 0.25, 1 / 64
_NEAREST, _FAR = np.float32(0.01), np.float32(1e9)
_SEEN_TO = 48.0  # metres
_UNDER_WATER = np.array([0.5, 0.7, 1.0])

#: int32 [items + 1]: the block whose cube stands for an item; 0 for items shown as a picture.
_CUBES = np.zeros(len(Item) + 1, np.int32)
for _item, _block in PLACES.items():
    if SHAPES[_block] in (Shape.CUBE, Shape.LEAVES):
        _CUBES[_item] = _block


def bodies_of(
    things: Things,
    world: World,
    camera: Camera,
    light_map: npt.NDArray[np.float32],
    faces: npt.NDArray[np.int32],
    pictures: int,
) -> Bodies | None:
    """The boxes that show those of `things` that are near; None if none is.

    Args:
        things: What there is.
        world: Where it is; its light falls on it.
        camera: The eye.
        light_map: See :func:`vpt_studio.envs.voxel.light_map.light_map`.
        faces: int32 [256 * 6]: the texture of each face of each block.
        pictures: The texture that shows item 0.
    """
    middles = things.positions - camera.cell
    near = np.flatnonzero((middles**2).sum(1) < _SEEN_TO**2)
    if near.size == 0:
        return None
    items, ages, falling = things.items[near], things.ages[near], things.blocks[near] != 0
    blocks = np.where(falling, things.blocks[near], _CUBES[items])
    flat = blocks == 0
    half = np.where(falling, 0.5, np.where(flat, _SPRITE_HALF, _BLOCK_HALF))
    halves = np.stack([half, half, np.where(flat, _SPRITE_DEPTH, half)], 1)
    middles = middles[near]
    middles[:, 1] += half + np.where(falling, 0.0, 0.1 + 0.1 * np.sin(ages / 10))
    angles = np.where(falling, 0.0, ages / 20)
    textures = np.where(flat[:, None], pictures + items[:, None], faces.reshape(-1, 6)[blocks])
    return Bodies(
        middles.astype(np.float32),
        halves.astype(np.float32),
        np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32),
        textures.astype(np.int32),
        flat.astype(np.uint8),
        _lights(middles + camera.cell, world, light_map).astype(np.float32),
    )


def _lights(
    middles: npt.NDArray[np.float64], world: World, light_map: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    size = world.preset.size
    x, y, z = np.clip(np.floor(middles).astype(np.int64), 0, [size - 1, HEIGHT - 1, size - 1]).T
    light = world.light[x, z, y].astype(np.int64)
    colours = light_map.reshape(-1, 3)[((light >> 4) * 64 + (light & 15)) * 4].astype(np.float64)
    colours[world.blocks[x, z, y] == Block.WATER] *= _UNDER_WATER
    return colours


#: What the pointer's ray can hit of blocks that do not fill their cell: lowest and highest corner.
_BOXES = {
    Shape.CROSS: (0.1, 0.0, 0.1, 0.9, 0.8, 0.9),
    Shape.TORCH: (0.4, 0.0, 0.4, 0.6, 0.625, 0.6),
}
_WALL_TORCH_BOXES = {
    Block.WALL_TORCH_NORTH: (0.35, 0.2, 0.65, 0.65, 0.85, 1.0),
    Block.WALL_TORCH_SOUTH: (0.35, 0.2, 0.0, 0.65, 0.85, 0.35),
    Block.WALL_TORCH_WEST: (0.65, 0.2, 0.35, 1.0, 0.85, 0.65),
    Block.WALL_TORCH_EAST: (0.0, 0.2, 0.35, 0.35, 0.85, 0.65),
}


def outline_of(block: Block, cell: tuple[int, int, int], camera: Camera) -> npt.NDArray[np.float32]:
    """float32 [6]: lowest and highest corner of what is outlined, from that of the eye's cell."""
    box = _WALL_TORCH_BOXES.get(block) or _BOXES.get(Shape(int(SHAPES[block])), (0, 0, 0, 1, 1, 1))
    place = np.array(cell) - camera.cell
    lowest, highest = np.array(box[:3]) + place - _AROUND, np.array(box[3:]) + place + _AROUND
    return np.concatenate([lowest, highest]).astype(np.float32)


_AROUND = 0.002  # metres that the outline is off the block, so that it is not in it

_inlined = partial(compiled, inlined=True, allocates=False)
_ZERO, _HALF, _ONE = np.float32(0), np.float32(0.5), np.float32(1)
_BYTE = np.float32(1 / 255)
_WEST, _EAST, _BOTTOM = int(Face.WEST), int(Face.EAST), int(Face.BOTTOM)
_TOP, _NORTH, _SOUTH = int(Face.TOP), int(Face.NORTH), int(Face.SOUTH)
_LINE_KEEPS = np.float32(0.4)  # of the light below the outline
_LINE_WIDTH = np.float32(1.3 / 257)  # 1.3 pixels of the whole picture
_SAMPLES = 8  # looks into the depth of a flat thing


@partial(compiled, allocates=False)
def draw_bodies(bodies, texels, camera, pixels, depths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Draw boxes where nothing nearer is, and note their depths (those of ``trace``)."""
    frame = camera.frame
    for k in range(bodies.middles.shape[0]):
        middle, halves = bodies.middles[k], bodies.halves[k]
        ox, oy, oz = frame[0] - middle[0], frame[1] - middle[1], frame[2] - middle[2]
        radius = np.sqrt(halves[0] * halves[0] + halves[1] * halves[1] + halves[2] * halves[2])
        first, last, upper, lower = _window(camera, ox, oy, oz, radius)
        cosine, sine = bodies.turns[k, 0], bodies.turns[k, 1]
        origin = (cosine * ox + sine * oz, oy, cosine * oz - sine * ox)
        for j in range(upper, lower):
            row = camera.rows[j]
            for i in range(first, last):
                dx, dy, dz = direction(frame, camera.across[i], camera.upward[j])
                ray = (cosine * dx + sine * dz, dy, cosine * dz - sine * dx)
                depth, texel, shade = _meet_box(bodies, texels, k, origin, ray)
                if depth > _ZERO and (depths[row, i] < _ZERO or depth < depths[row, i]):
                    depths[row, i] = depth
                    for channel in range(3):
                        level = np.float32(texel >> np.uint32(8 * channel) & np.uint32(255))
                        pixels[row, i, channel] = np.uint8(level * shade * bodies.lights[k, channel] + _HALF)


@_inlined
def _window(camera, ox, oy, oz, radius):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The columns and rows that may show a ball, as indices; the eye is at (ox, oy, oz) from its middle."""
    frame = camera.frame
    depth = -(ox * frame[3] + oy * frame[4] + oz * frame[5])
    across = -(ox * frame[6] + oy * frame[7] + oz * frame[8])
    upward = -(ox * frame[9] + oy * frame[10] + oz * frame[11])
    near, far = depth - radius, depth + radius
    if far <= _ZERO:
        return 0, 0, 0, 0
    if near <= _ZERO:
        return 0, camera.across.size, 0, camera.upward.size
    left, right = _reach(across - radius, near, far, False), _reach(across + radius, near, far, True)
    bottom, top = _reach(upward - radius, near, far, False), _reach(upward + radius, near, far, True)
    return _pixels_between(camera, left, right, bottom, top)


@_inlined
def _box_window(camera, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The columns and rows that may show a box; all of them where part of it is not before the eye."""
    frame = camera.frame
    left, right, bottom, top = _FAR, -_FAR, _FAR, -_FAR
    for corner in range(8):
        x = box[0 if corner & 1 else 3] - frame[0]
        y = box[1 if corner & 2 else 4] - frame[1]
        z = box[2 if corner & 4 else 5] - frame[2]
        depth = x * frame[3] + y * frame[4] + z * frame[5]
        if depth < _NEAREST:
            return 0, camera.across.size, 0, camera.upward.size
        across = (x * frame[6] + y * frame[7] + z * frame[8]) / depth
        upward = (x * frame[9] + y * frame[10] + z * frame[11]) / depth
        left, right = min(left, across), max(right, across)
        bottom, top = min(bottom, upward), max(top, upward)
    return _pixels_between(camera, left - _NEAREST, right + _NEAREST, bottom - _NEAREST, top + _NEAREST)


@_inlined
def _pixels_between(camera, left, right, bottom, top):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    first, last, upper, lower = 0, camera.across.size, 0, camera.upward.size
    while first < last and camera.across[first] < left:
        first += 1
    while last > first and camera.across[last - 1] > right:
        last -= 1
    while upper < lower and camera.upward[upper] > top:
        upper += 1
    while lower > upper and camera.upward[lower - 1] < bottom:
        lower -= 1
    return first, last, upper, lower


@_inlined
def _reach(aside, near, far, outermost):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    one, other = aside / near, aside / far
    return max(one, other) if outermost else min(one, other)


@_inlined
def _meet_box(bodies, texels, k, origin, ray):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Depth (-1 for nothing), texel and shade of what a body shows to a ray told in its own axes."""
    half_x, half_y, half_z = bodies.halves[k, 0], bodies.halves[k, 1], bodies.halves[k, 2]
    near_x, far_x = slab(origin[0], ray[0], -half_x, half_x)
    near_y, far_y = slab(origin[1], ray[1], -half_y, half_y)
    near_z, far_z = slab(origin[2], ray[2], -half_z, half_z)
    near, far = max(near_x, max(near_y, near_z)), min(far_x, min(far_y, far_z))
    if near > far or near <= _ZERO:
        return -_ONE, np.uint32(0), _ZERO
    away = near * _HALF / half_y  # a smaller cube's texels shrink sooner
    if bodies.flat[k]:
        return _meet_picture(texels, bodies.textures[k, 0], origin, ray, near, far, half_x, away)
    x = (origin[0] + near * ray[0]) / half_x * _HALF + _HALF
    y = (origin[1] + near * ray[1]) / half_y * _HALF + _HALF
    z = (origin[2] + near * ray[2]) / half_z * _HALF + _HALF
    if near == near_x:
        face = _WEST if ray[0] > _ZERO else _EAST
        u, v = (z if face == _WEST else _ONE - z), _ONE - y
    elif near == near_y:
        face = _BOTTOM if ray[1] > _ZERO else _TOP
        u, v = x, z
    else:
        face = _NORTH if ray[2] > _ZERO else _SOUTH
        u, v = (x if face == _SOUTH else _ONE - x), _ONE - y
    texel = texel_at(texels, bodies.textures[k, face], within(u), within(v), away)
    if texel < SOLID_TEXEL:
        return -_ONE, texel, _ZERO
    return near, texel, SHADES[face]


@_inlined
def _meet_picture(texels, texture, origin, ray, near, far, half, away):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The first opaque texel on the way through a flat box: its picture is as thick as it is."""
    for sample in range(_SAMPLES):
        depth = near + (far - near) * np.float32(sample) * np.float32(1 / (_SAMPLES - 1))
        u = (origin[0] + depth * ray[0]) / half * _HALF + _HALF
        v = _HALF - (origin[1] + depth * ray[1]) / half * _HALF
        texel = texel_at(texels, texture, within(u), within(v), away)
        if texel >= SOLID_TEXEL:
            return depth, texel, _ONE if sample == 0 else np.float32(0.8)
    return -_ONE, np.uint32(0), _ZERO


@partial(compiled, allocates=False)
def draw_target(box, cracks, stage, camera, pixels, depths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Draw the outline of a box, and the cracks of `stage` (-1 for none) on what shows on its faces.

    Args:
        box: float32 [6], see :func:`outline_of`.
        cracks: uint32, the stages packed as textures are.
        stage: 0 to 9, or -1.
        camera: The eye.
        pixels: uint8 [360, C, 3].
        depths: float32 [360, C], those of ``trace``.
    """
    frame = camera.frame
    first, last, upper, lower = _box_window(camera, box)
    for j in range(upper, lower):
        row = camera.rows[j]
        for i in range(first, last):
            ray = direction(frame, camera.across[i], camera.upward[j])
            near_x, far_x = slab(frame[0], ray[0], box[0], box[3])
            near_y, far_y = slab(frame[1], ray[1], box[1], box[4])
            near_z, far_z = slab(frame[2], ray[2], box[2], box[5])
            near, far = max(near_x, max(near_y, near_z)), min(far_x, min(far_y, far_z))
            if near > far or far <= _ZERO:
                continue
            seen = depths[row, i] if depths[row, i] > _ZERO else np.float32(1e9)
            axis = 0 if near == near_x else (1 if near == near_y else 2)
            if stage >= 0 and abs(seen - near) < np.float32(0.03):
                _crack(box, cracks, stage, frame, ray, near, axis, pixels, row, i)
            lined = near > _ZERO and near <= seen and _on_line(box, frame, ray, near, axis)
            if not lined and far <= seen:
                axis = 0 if far == far_x else (1 if far == far_y else 2)
                lined = _on_line(box, frame, ray, far, axis)
            if lined:
                for channel in range(3):
                    pixels[row, i, channel] = np.uint8(
                        np.float32(pixels[row, i, channel]) * _LINE_KEEPS + _HALF
                    )


@_inlined
def _on_line(box, frame, ray, depth, axis):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether the point at `depth`, on a face across `axis`, is on one of that face's edges."""
    width = max(depth * _LINE_WIDTH, np.float32(0.005))
    near_edge = False
    for other in range(3):
        place = frame[other] + depth * ray[other]
        near_edge |= other != axis and min(place - box[other], box[other + 3] - place) < width
    return near_edge


@_inlined
def _crack(box, cracks, stage, frame, ray, depth, axis, pixels, row, i):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    x = (frame[0] + depth * ray[0] - box[0]) / (box[3] - box[0])
    y = (frame[1] + depth * ray[1] - box[1]) / (box[4] - box[1])
    z = (frame[2] + depth * ray[2] - box[2]) / (box[5] - box[2])
    u, v = (z if axis == 0 else x), (z if axis == 1 else _ONE - y)
    texel = texel_at(cracks, stage, within(u), within(v), depth)
    share = np.float32(texel >> np.uint32(24)) * _BYTE
    for channel in range(3):
        level = np.float32(texel >> np.uint32(8 * channel) & np.uint32(255))
        below = np.float32(pixels[row, i, channel])
        pixels[row, i, channel] = np.uint8(below + (level - below) * share + _HALF)
