"""Digging: what a held attack button does to the block in front of the player."""

from __future__ import annotations

from vpt_studio.envs.voxel.blocks import BLOCKS, Block
from vpt_studio.envs.voxel.cells import break_cell
from vpt_studio.envs.voxel.digging import BROKEN, break_delta, drops_anything
from vpt_studio.envs.voxel.items import ITEMS, Stack, Tool
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.targeting import Hit
from vpt_studio.envs.voxel.world import Cell

_MISS_PAUSE = 10  # ticks in which a button pressed into the air does nothing (Minecraft 1.16)
_PAUSE = 5  # ticks after a block broke until the next can be begun (Minecraft 1.16)


def dig(state: State, hit: Hit | None, *, pressed: bool, held: bool) -> None:
    """One tick of the attack button.

    Args:
        state: The world and the player.
        hit: The block in front of the player, if one is in reach.
        pressed: The button went down in this tick.
        held: The button is down.
    """
    digging = state.digging
    if pressed and not digging.missed:
        swing_arm(state)
        if hit is None:
            digging.missed = _MISS_PAUSE
        else:
            _begin(state, hit.cell)
    if not held:
        digging.missed = 0
    if digging.missed:
        digging.missed -= 1
    elif held and hit is not None:
        swing_arm(state)
        _go_on(state, hit.cell, pressed=pressed)
        return
    digging.cell, digging.progress = None, 0.0


def _go_on(state: State, cell: Cell, *, pressed: bool) -> None:
    digging = state.digging
    if digging.pause > 0:
        digging.pause -= 1
    elif digging.cell == cell:
        digging.progress += _delta(state, cell)
        if digging.progress >= BROKEN:
            _finish(state, cell)
            digging.pause = _PAUSE
    elif not pressed:
        _begin(state, cell)


def swing_arm(state: State) -> None:
    """Start a swing of the arm, unless one has begun less than four ticks ago (Minecraft 1.16)."""
    if state.swing == 0 or state.swing > 4:
        state.swing = 1


def _begin(state: State, cell: Cell) -> None:
    if _delta(state, cell) >= BROKEN:
        _finish(state, cell)
    else:
        state.digging.cell, state.digging.progress = cell, 0.0


def _finish(state: State, cell: Cell) -> None:
    block = state.world.block_at(*cell)
    tool = state.inventory.held
    break_cell(state, cell, with_drop=drops_anything(block, None if tool is None else tool.item))
    state.digging.cell, state.digging.progress = None, 0.0
    _wear_tool(state, block)


def _wear_tool(state: State, block: Block) -> None:
    tool = state.inventory.held
    if tool is None or not ITEMS[tool.item].durability or BLOCKS[block].hardness == 0:
        return
    wear = tool.wear + (2 if ITEMS[tool.item].tool is Tool.SWORD else 1)  # Minecraft 1.16
    if wear < ITEMS[tool.item].durability:
        state.inventory.held = Stack(tool.item, 1, wear)
    else:
        state.inventory.held = None
        state.ledger.book(Cause.WORN_OUT, tool.item)


def _delta(state: State, cell: Cell) -> float:
    tool = state.inventory.held
    return break_delta(
        state.world.block_at(*cell),
        None if tool is None else tool.item,
        on_ground=state.body.on_ground,
        eyes_in_water=state.body.eyes_in_water,
        digging_speed=state.world.preset.digging_speed,
    )
