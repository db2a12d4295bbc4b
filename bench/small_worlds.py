"""A player alone in a world of a few cells, who does what single rules need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.lighting import light_world
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.presets import HEIGHT, SURVIVAL, Preset
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import Cell, World

#: The y on which one stands.
FLOOR = 10
_PATIENCE = 30_000  # ticks until something counts as never happening


class Player:
    """Stands in the middle of a plain of stone and looks south; all it does goes through ``advance``."""

    def __init__(self, preset: Preset = SURVIVAL, size: int = 16, above: Block = Block.AIR) -> None:
        """Build the world.

        Args:
            preset: Whose rules hold.
            size: Cells along x and along z.
            above: What fills the 40 cells above the plain.
        """
        blocks = np.zeros((size, size, HEIGHT), np.uint8)
        blocks[:, :, :FLOOR] = Block.STONE
        blocks[:, :, FLOOR : FLOOR + 40] = above
        light, top = np.zeros_like(blocks), np.zeros((size, size), np.uint8)
        light_world(blocks, light, top)
        world = World(dataclasses.replace(preset, size=size), 0, blocks, light, top)
        spawn = (size / 2 + 0.5, float(FLOOR), size / 2 + 0.5)
        random = np.random.Generator(np.random.PCG64(0))
        self.state = State(world, spawn, Body(*spawn), random, Inventory(), Ledger())
        self.middle = size // 2
        self.act(ticks=3)

    def act(self, *buttons: str, pitch: float = 0.0, yaw: float = 0.0, ticks: int = 1) -> None:
        """Hold `buttons` for some ticks; the view turns in the first of them."""
        for tick in range(ticks):
            turn = (pitch, yaw) if tick == 0 else (0.0, 0.0)
            advance(self.state, Action(frozenset(buttons), *turn))

    def ticks_until(self, done: Callable[[], bool], *buttons: str) -> int:
        """Hold `buttons` until something is so; how many ticks that took."""
        for tick in range(_PATIENCE):
            if done():
                return tick
            self.act(*buttons)
        raise RuntimeError(f"{' '.join(buttons) or 'waiting'} came to nothing in {_PATIENCE} ticks")

    def put(self, block: Block, ahead: int, up: int = 1) -> Cell:
        """Put a block some cells to the south of the player, at the height of the eyes; its cell."""
        cell = (self.middle, FLOOR + up, self.middle + ahead)
        self.state.world.set_block(*cell, block)
        return cell

    def hold(self, item: Item | None, count: int = 1) -> None:
        """Take `count` of `item` in hand."""
        self.state.inventory.held = None if item is None else Stack(item, count)

    def block(self, cell: Cell) -> Block:
        """What is in a cell."""
        return self.state.world.block_at(*cell)
