"""Compiling what contractors see and plan with, ahead of play in several processes at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vpt_studio.contractors.memory import Memory
from vpt_studio.contractors.pathfinding import NOT_DUG, Costs, Goal, find_way
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.presets import SURVIVAL
from vpt_studio.envs.voxel.state import State


def make_contractors_ready() -> None:
    """Look round once and search a way; compiled code is kept on disk."""
    state = State.begin(replace(SURVIVAL, size=64), 0)
    memory = Memory(64)
    memory.look(state)
    x, y, z = (int(place) for place in state.body.position)
    memory.nearest(frozenset({Block.OAK_LOG}), (x, y, z), 2)
    memory.frontier((x, y, z), 2, 2, y)
    find_way(memory, (x, y, z), Goal((x + 2, y, z)), Costs(np.full(256, NOT_DUG, np.float32)))
