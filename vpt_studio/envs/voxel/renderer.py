"""The picture the player's eye sees: world, sky, things and the targeted block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art.item_icons import item_icons
from vpt_studio.envs.voxel.art.textures import block_textures
from vpt_studio.envs.voxel.blocks import SHAPES, Block, Face, Shape
from vpt_studio.envs.voxel.camera import camera_at
from vpt_studio.envs.voxel.canvas import HEIGHT, Canvas
from vpt_studio.envs.voxel.face_light import FaceLights
from vpt_studio.envs.voxel.light_map import light_map
from vpt_studio.envs.voxel.mipmaps import pack_textures
from vpt_studio.envs.voxel.sky import Sky, lava_around, paint_sky, sky_at, water_around
from vpt_studio.envs.voxel.things import Things, bodies_of, draw_bodies, draw_target, outline_of
from vpt_studio.envs.voxel.tracing import Cells, Looks, trace

if TYPE_CHECKING:
    from vpt_studio.envs.voxel.world import Cell, World

__all__ = ["Renderer", "Things", "View"]

_CLOUDS_OVER_SEA = 62.0  # metres


@dataclass(frozen=True, slots=True)
class View:
    """Where the eye is and what it looks at.

    Attributes:
        x: The eye's place, metres: east, ...
        y: ... up ...
        z: ... and south.
        yaw: Degrees; 0 looks south, 90 west.
        pitch: Degrees; positive looks down.
        daytime: Ticks, 0 to 23,999; 0 is sunrise, 6,000 noon.
        target: The cell whose block is outlined.
        crack: How far the target is broken, 0 to 9; -1 for not at all.
        in_water: The eye is under water.
        in_lava: The eye is in lava.
        fov: Degrees from the picture's lower to its upper edge.
    """

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    daytime: int
    target: Cell | None = None
    crack: int = -1
    in_water: bool = False
    in_lava: bool = False
    fov: float = 70.0


@cache
def _looks() -> Looks:
    """All textures: those of blocks, then those of items."""
    textures = block_textures()
    occluders = (SHAPES == Shape.CUBE) | (SHAPES == Shape.LEAVES)
    occluders[Block.GLASS] = False
    water = textures.of_face(Block.WATER, Face.TOP).reshape(-1, 4).mean(0)
    return Looks(
        pack_textures(np.concatenate([textures.texels, item_icons()])),
        np.ascontiguousarray(textures.faces.reshape(-1)),
        SHAPES,
        occluders.astype(np.uint8),
        (np.float32(water[0]), np.float32(water[1]), np.float32(water[2])),
    )


@cache
def _cracks() -> npt.NDArray[np.uint32]:
    return pack_textures(block_textures().cracks)


class Renderer:
    """Draws views; one per environment, for it keeps buffers and is not to be shared by threads."""

    def __init__(self) -> None:
        self._known = FaceLights.empty()
        self._depths: npt.NDArray[np.float32] = np.zeros((HEIGHT, 0), np.float32)

    def draw(self, world: World, view: View, things: Things, canvas: Canvas) -> None:
        """Draw `view` of `world` with `things` in it onto `canvas`, all of its columns and rows.

        A pixel has the same value in every :class:`~vpt_studio.envs.voxel.canvas.Picture`.

        Raises:
            ValueError: The eye is beside or below the world; above it is well.
        """
        size = world.preset.size
        if not (0 <= view.x < size and 0 <= view.z < size and view.y >= 0):
            raise ValueError(f"no world around the eye at {view.x:.2f}, {view.y:.2f}, {view.z:.2f}")
        columns = len(canvas.columns)
        if self._depths.shape[1] != columns:
            self._depths = np.zeros((HEIGHT, columns), np.float32)
        looks, lights = _looks(), light_map(view.daytime)
        place = (view.x, view.y, view.z)
        camera = camera_at(place, view.yaw, view.pitch, view.fov, view.in_water, canvas)
        cells = Cells(
            world.blocks.reshape(-1), world.light.reshape(-1), world.preset.size, world.preset.sea_level
        )
        trace(cells, looks, lights, camera, self._known, canvas.pixels, self._depths)
        if view.target is not None:
            block = world.block_at(*view.target)
            box = outline_of(block, view.target, camera)
            draw_target(box, _cracks(), view.crack, camera, canvas.pixels, self._depths)
        bodies = bodies_of(things, world, camera, lights, looks.faces, len(block_textures().texels))
        if bodies is not None:
            draw_bodies(bodies, looks.texels, camera, canvas.pixels, self._depths)
        paint_sky(self._sky(world, view), camera, canvas.pixels, self._depths)

    def brightness(self, world: World, view: View) -> float:
        """How bright it is where the eye is, 0 to 1: for what the player holds in front of it."""
        return float(_light_at(world, view).max())

    def _sky(self, world: World, view: View) -> Sky:
        sea = world.preset.sea_level
        place = (view.x, view.y, view.z)
        sky = sky_at(view.daytime, place, sea + _CLOUDS_OVER_SEA)
        if view.in_lava:
            return lava_around(sky)
        if view.in_water:
            return water_around(sky, float(_light_at(world, view).max()))
        return sky


def _light_at(world: World, view: View) -> npt.NDArray[np.float32]:
    cell = (int(np.floor(view.x)), int(np.floor(view.y)), int(np.floor(view.z)))
    light = int(world.light[cell[0], cell[2], cell[1]]) if world.holds(*cell) else 15 << 4
    place = ((light >> 4) * 64 + (light & 15)) * 12
    return light_map(view.daytime)[place : place + 3]
