"""Tiny worlds with a player in them, and what a contractor needs to play there."""

from __future__ import annotations

import dataclasses

import numpy as np

from vpt_studio.actions import Action, played_buttons
from vpt_studio.contractors.memory import Memory
from vpt_studio.contractors.player import Player
from vpt_studio.contractors.styles import STYLES
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.lighting import light_world
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.presets import BRISK, HEIGHT
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import World

FLOOR = 10


def tiny_state(build=lambda blocks: None, size=48, at=(24, FLOOR, 24)):
    """A plain of stone, changed by `build(blocks)`, with somebody who looks south."""
    blocks = np.zeros((size, size, HEIGHT), np.uint8)
    blocks[:, :, :FLOOR] = Block.STONE
    build(blocks)
    light, top = np.zeros_like(blocks), np.zeros((size, size), np.uint8)
    light_world(blocks, light, top)
    world = World(dataclasses.replace(BRISK, size=size, sea_level=FLOOR), 0, blocks, light, top)
    spawn = (at[0] + 0.5, float(at[1]), at[2] + 0.5)
    random = np.random.Generator(np.random.PCG64(0))
    state = State(world, spawn, Body(*spawn), random, Inventory(), Ledger())
    for _ in range(3):
        advance(state, Action())
    return state


def knowing_all(state):
    """A memory of somebody who has seen the whole world."""
    memory = Memory(len(state.world.blocks))
    memory.seen[:] = state.world.blocks
    return memory


class Puppet:
    """A player whose plays are given one at a time."""

    def __init__(self, state, style="steady", seed=0, *, knows_all=False):
        self.state = state
        self.player = Player(STYLES[style], np.random.default_rng(seed))
        self.player.memory = knowing_all(state) if knows_all else Memory(len(state.world.blocks))
        self.player.begin_tick(state)
        self.inputs = []

    def give(self, *stacks):
        for slot, (item, count) in enumerate(stacks):
            self.state.inventory[slot] = Stack(item, count)

    def do(self, play, most=2000):
        """Let a play come to its end; what it returns."""
        for _ in range(most):
            self.player.begin_tick(self.state)
            try:
                next(play)
            except StopIteration as stopped:
                return stopped.value
            given = self.player.end_tick()
            self.inputs.append(given)
            pass_tick(self.state, given)
        raise AssertionError(f"the play came to no end in {most} ticks")


def pass_tick(state, given):
    """Step the world as a lock-step take does."""
    held = played_buttons(given.held, state.screen is not None)
    advance(state, Action(held, given.dy * 0.15, given.dx * 0.15))
