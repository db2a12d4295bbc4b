"""Somebody in a world of a few cells, for tests of single rules: everything happens through ``advance``."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from tiny_worlds import FLOOR, flat_world

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.cells import put_block
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.lighting import light_world
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State


class Someone:
    """Stands in the middle of a plain (or of `world`) and looks south, with `things` in the hot-bar."""

    def __init__(self, *things, world=None):
        world = flat_world() if world is None else world
        light_world(world.blocks, world.light, world.top)
        middle = world.preset.size / 2 + 0.5
        random = np.random.Generator(np.random.PCG64(0))
        spawn = (middle, float(FLOOR), middle)
        self.state = State(world, spawn, Body(*spawn), random, Inventory(), Ledger())
        self.act()
        for slot, stack in enumerate(things):
            self.give(slot, stack)

    def give(self, slot, stack):
        self.state.inventory[slot] = stack
        if stack is not None:
            self.state.ledger.book(Cause.GIVEN, stack.item, stack.count)

    def act(self, *buttons, pitch=0.0, yaw=0.0, ticks=1):
        """Hold `buttons`; the view turns in the first tick. Returns the deaths in that time."""
        died = advance(self.state, Action(frozenset(buttons), pitch, yaw))
        return died + sum(advance(self.state, Action(frozenset(buttons))) for _ in range(ticks - 1))

    def until(self, done, *buttons):
        """Hold `buttons` until something is so; how many ticks that took."""
        for tick in range(3000):
            if done():
                return tick
            self.act(*buttons)
        raise AssertionError(f"{buttons} came to nothing")

    def stand(self, x, y, z):
        """Be elsewhere, at rest."""
        self.state.body.state[:6] = x, y, z, 0, 0, 0

    def look(self, x, y, z, *buttons):
        """Turn the view to a point, and hold `buttons` in the same tick."""
        eye_x, eye_y, eye_z = self.state.body.eye
        yaw = math.degrees(math.atan2(eye_x - x, z - eye_z))
        pitch = -math.degrees(math.atan2(y - eye_y, math.hypot(x - eye_x, z - eye_z)))
        turn = (yaw - self.state.body.yaw + 180) % 360 - 180
        self.act(*buttons, pitch=pitch - self.state.body.pitch, yaw=turn)

    def put(self, block, *cells):
        for cell in cells:
            put_block(self.state, cell, block)

    def block(self, *cell):
        return self.state.world.block_at(*cell)

    def dig(self, *cell):
        """Look at the middle of a cell and hold attack until its block is gone; the ticks from the press."""
        block = self.block(*cell)
        self.look(*(place + 0.5 for place in cell))
        return self.until(lambda: self.block(*cell) is not block, "attack")

    @property
    def health(self):
        return self.state.vitals.health

    def carried(self, item):
        return self.state.inventory.count(item)

    def lying(self):
        """What lies about, counted."""
        counts = Counter()
        for stack in self.state.drops.stacks():
            counts[stack.item] += stack.count
        return dict(counts)

    def select(self, slot):
        self.act(f"hotbar.{slot + 1}")
        self.act()


def tools(*items):
    return [Stack(item) for item in items]
