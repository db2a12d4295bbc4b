"""Compiling the world's loops ahead, so that the first player does not wait without knowing why.

Compiled code is kept on disk: only the first start after an installation, or after an update, takes long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import SURVIVAL
from vpt_studio.envs.voxel.scene import Scene
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State

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
        advance(self._state, Action(frozenset({"forward", "attack"})))

    def _draw(self) -> None:
        assert self._state is not None
        Scene().draw(self._state, Canvas(Picture.EXACT_64), pointer=True)
