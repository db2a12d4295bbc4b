"""Compiling the world's loops ahead, so that the first player does not wait without knowing why.

Compiled code is kept on disk: only the first start after an installation, or after an update, takes long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.building import show_screen
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.cells import put_block
from vpt_studio.envs.voxel.handling import close_screen
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import SURVIVAL
from vpt_studio.envs.voxel.scene import Scene
from vpt_studio.envs.voxel.screen_layout import ScreenKind
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import Cell

_SMALL = replace(SURVIVAL, size=64)


class WarmUp:
    """Makes a small world, lets something happen in it and draws it, part by part.

    Attributes:
        parts: What is to be made ready, and the function that does it; to be called in this order.
    """

    def __init__(self) -> None:
        self.parts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("terrain and light", self._begin),
            ("bodies and drops", self._move),
            ("pictures", self._draw),
        )
        self._state: State | None = None

    def _begin(self) -> None:
        self._state = State.begin(_SMALL, 0)

    def _move(self) -> None:
        assert self._state is not None
        self._state.throw(Stack(Item.DIRT))
        put_block(self._state, self._cell(), Block.TORCH)
        advance(self._state, Action(frozenset({"forward", "attack"})))

    def _cell(self) -> Cell:
        assert self._state is not None
        x, y, z = self._state.body.position
        return int(x), int(y) + 1, int(z) + 1

    def _draw(self) -> None:
        assert self._state is not None
        show_screen(self._state, ScreenKind.INVENTORY)
        Scene().draw(self._state, Canvas(Picture.EXACT_64), pointer=True)
        close_screen(self._state)
        Scene().draw(self._state, Canvas(Picture.EXACT_64), pointer=True)
