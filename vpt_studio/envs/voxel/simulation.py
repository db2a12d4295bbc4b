"""One tick of the built-in world."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.building import light_furnace
from vpt_studio.envs.voxel.cells import settle
from vpt_studio.envs.voxel.handling import close_screen, handle
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.physics import Body, move
from vpt_studio.envs.voxel.respawning import place_near
from vpt_studio.envs.voxel.state import Digging, State
from vpt_studio.envs.voxel.vitals import Vitals

_SWING_TICKS = 6


def advance(state: State, action: Action) -> bool:
    """Let 50 ms pass in which the player does `action`.

    The order is Minecraft's client's: the view turns, hands act on what is then in front, the body moves,
    the world follows.

    Returns:
        Whether the player died. What was carried lies there then; :func:`respawn` brings the player back,
        or else the next tick does.
    """
    if not state.vitals.alive:
        respawn(state)
    if state.swing:
        state.swing = (state.swing + 1) % (_SWING_TICKS + 1)
    keys = handle(state, action)
    fallen = move(state.world, state.body, keys)
    _let_furnaces_burn(state)
    settle(state)
    for stack in state.drops.tick(state.world):
        state.ledger.book(Cause.LOST, stack.item, stack.count)
    _pick_up(state)
    state.vitals.tick(state.world, state.body, fallen)
    state.progress.update(_has(state), state.ledger, state.tick)
    state.tick += 1
    if state.vitals.alive:
        return False
    _die(state)
    return True


def _has(state: State) -> npt.NDArray[np.int64]:
    counts = state.inventory.counts()
    if state.screen is not None:
        for stack in state.screen.own_stacks():
            counts[stack.item] += stack.count
    return counts


def _let_furnaces_burn(state: State) -> None:
    for cell, furnace in state.furnaces.items():
        if furnace.tick(state.ledger):
            light_furnace(state, cell, burning=furnace.lit)


def _pick_up(state: State) -> None:
    for stack, _ in state.drops.collect(state.body, state.inventory.add):
        state.ledger.book(Cause.PICKED_UP, stack.item, stack.count)


def _die(state: State) -> None:
    close_screen(state)
    for stack in state.inventory.clear():
        _scatter_from_body(state, stack)
    state.digging = Digging()
    state.swing = state.use_pause = 0
    state.deaths += 1


def respawn(state: State) -> None:
    """Bring a player who died back, in full health and with empty hands.

    That is at the spawn, or near it where by now is a shaft, lava or a wall: each time anew.
    """
    state.body = Body(*place_near(state.world.blocks, state.spawn))
    state.vitals = Vitals()


def _scatter_from_body(state: State, stack: Stack) -> None:
    """Let `stack` fly from a player who died, as far as Minecraft lets it."""
    x, y, z = state.body.eye
    angle, strength = state.random.random() * math.tau, state.random.random() * 0.5
    velocity = (-math.sin(angle) * strength, 0.2, math.cos(angle) * strength)
    state.drops.add(stack, (x, y - 0.3, z), velocity, pickup_delay=40, thrown=True)
