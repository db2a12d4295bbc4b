"""The picture of one moment: the world, what the player holds, and what lies over it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from vpt_studio.envs.voxel.art.held_item import Sprite, held_sprite
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.canvas import Canvas
from vpt_studio.envs.voxel.handling import target
from vpt_studio.envs.voxel.hud import HudState, draw_hud
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.renderer import Renderer, Things, View
from vpt_studio.envs.voxel.screen_drawing import draw_screen
from vpt_studio.envs.voxel.state import State

_SHADES = 16  # steps of brightness in which hands are drawn
_FLUID_HEIGHT = 8 / 9  # of the uppermost water's cell (Minecraft 1.16)


class Scene:
    """Draws states; one per environment, for it keeps buffers."""

    def __init__(self) -> None:
        self._renderer = Renderer()

    def draw(self, state: State, canvas: Canvas, *, pointer: bool) -> None:
        """Draw what the player of `state` sees onto `canvas`, with the mouse pointer or without."""
        view = _view(state)
        self._renderer.draw(state.world, view, _things(state), canvas)
        held = state.inventory.held
        shade = round(self._renderer.brightness(state.world, view) * _SHADES)
        hand = _shaded_hand(None if held is None else held.item, state.swing, shade)
        canvas.blend(hand.pixels, hand.left, hand.top)
        draw_hud(canvas, _hud(state), aiming=state.screen is None)
        if state.screen is not None:
            draw_screen(canvas, state.screen, state.pointer, pointer)


@lru_cache(maxsize=64)
def _shaded_hand(item: Item | None, swing: int, shade: int) -> Sprite:
    sprite = held_sprite(item, swing)
    pixels = sprite.pixels.copy()
    pixels[..., :3] = (pixels[..., :3] * (shade / _SHADES)).astype(np.uint8)
    return Sprite(pixels, sprite.left, sprite.top)


def _view(state: State) -> View:
    body = state.body
    hit = target(state) if state.screen is None else None
    digging = state.digging
    x, y, z = body.eye
    return View(
        x=x,
        y=y,
        z=z,
        yaw=body.yaw,
        pitch=body.pitch,
        daytime=state.daytime,
        target=None if hit is None else hit.cell,
        crack=digging.stage if hit is not None and digging.cell == hit.cell else -1,
        in_water=_eye_in(state, Block.WATER),
        in_lava=_eye_in(state, Block.LAVA),
    )


def _eye_in(state: State, fluid: Block) -> bool:
    x, y, z = state.body.eye
    cell = (math.floor(x), math.floor(y), math.floor(z))
    if not state.world.holds(*cell) or state.world.block_at(*cell) is not fluid:
        return False
    return y % 1 < _FLUID_HEIGHT or state.world.block_at(cell[0], cell[1] + 1, cell[2]) is fluid


def _things(state: State) -> Things:
    drops, falling = state.drops, state.falling
    if not falling:
        return Things(drops.positions, drops.items, drops.ages, np.zeros(len(drops), np.int32))
    places = np.array([(block.x + 0.5, block.y, block.z + 0.5) for block in falling])
    nothing = np.zeros(len(falling), np.int32)
    return Things(
        np.concatenate([drops.positions, places]),
        np.concatenate([drops.items, nothing]),
        np.concatenate([drops.ages, nothing]),
        np.concatenate([np.zeros(len(drops), np.int32), np.array([b.block for b in falling], np.int32)]),
    )


def _hud(state: State) -> HudState:
    return HudState(
        hotbar=state.inventory.hotbar,
        offhand=state.inventory.off_hand,
        selected=state.inventory.selected,
        health=state.vitals.health,
        hurt=state.vitals.hurt,
        air=state.vitals.air,
    )
