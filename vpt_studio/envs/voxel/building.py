"""What the use button does: opens tables and furnaces, places blocks."""

from __future__ import annotations

from vpt_studio.envs.voxel.blocks import BLOCKS, FACE_STEPS, FURNACES, PLACES, Block, Face
from vpt_studio.envs.voxel.cells import has_support, put_block
from vpt_studio.envs.voxel.inventory import OFF_HAND
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.mining import swing_arm
from vpt_studio.envs.voxel.screen_layout import ScreenKind
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.state import CENTRE, State
from vpt_studio.envs.voxel.targeting import Hit
from vpt_studio.envs.voxel.world import Cell

_WALL_TORCHES = {
    Face.NORTH: Block.WALL_TORCH_NORTH,
    Face.SOUTH: Block.WALL_TORCH_SOUTH,
    Face.WEST: Block.WALL_TORCH_WEST,
    Face.EAST: Block.WALL_TORCH_EAST,
}
#: The blocks that have a screen.
OPENED = frozenset({Block.CRAFTING_TABLE, *(block for pair in FURNACES.values() for block in pair)})
_FURNACE_BLOCKS = frozenset(block for pair in FURNACES.values() for block in pair)


def use(state: State, hit: Hit | None) -> None:
    """Act on the block in front of the player with what is in the hands."""
    if hit is None:
        return
    empty_handed = state.inventory.held is None and state.inventory.off_hand is None
    if (not state.body.sneaking or empty_handed) and _open(state, hit.cell):
        return
    held = state.inventory.held
    # What cannot be placed here keeps the other hand from it too, as in Minecraft.
    _place_from(state, hit, OFF_HAND if held is None or held.item not in PLACES else state.inventory.selected)


def show_screen(state: State, kind: ScreenKind, cell: Cell | None = None) -> None:
    """Open a screen with the pointer in its middle; a table's or furnace's is that of `cell`."""
    contents = state.furnaces[cell] if kind is ScreenKind.FURNACE and cell is not None else None
    state.screen = Screen(kind, state.inventory, state.ledger, contents)
    state.opened_at = cell
    state.pointer = CENTRE


def light_furnace(state: State, cell: Cell, *, burning: bool) -> None:
    """Show in the world whether the furnace of `cell` burns."""
    block = state.world.block_at(*cell)
    for unlit, lit in FURNACES.values():
        if block in (unlit, lit):
            state.world.set_block(*cell, lit if burning else unlit)


def _open(state: State, cell: Cell) -> bool:
    block = state.world.block_at(*cell)
    if block is Block.CRAFTING_TABLE:
        show_screen(state, ScreenKind.CRAFTING_TABLE, cell)
    elif block in _FURNACE_BLOCKS:
        show_screen(state, ScreenKind.FURNACE, cell)
    else:
        return False
    swing_arm(state)
    return True


def _place_from(state: State, hit: Hit, slot: int) -> None:
    stack = state.inventory[slot]
    if stack is None or stack.item not in PLACES:
        return
    cell = hit.cell
    if not BLOCKS[state.world.block_at(*cell)].replaceable:
        x, y, z = FACE_STEPS[hit.face]
        cell = (cell[0] + x, cell[1] + y, cell[2] + z)
    block = _turned(state, PLACES[stack.item], cell, hit.face)
    if not _fits(state, cell, block):
        return
    put_block(state, cell, block)
    if stack.item is Item.FURNACE:
        state.furnaces[cell] = Furnace(state.world.preset.smelting_ticks)
    state.inventory[slot] = stack.of(stack.count - 1)
    state.ledger.book(Cause.PLACED, stack.item)
    swing_arm(state)


def _turned(state: State, block: Block, cell: Cell, face: Face) -> Block:
    if block is Block.FURNACE_NORTH:
        return FURNACES[_facing_player(state.body.yaw)][0]
    if block is Block.TORCH and face in _WALL_TORCHES:
        leaning = _WALL_TORCHES[face]
        return leaning if has_support(state, cell, leaning) else block  # it stands where no wall holds it
    return block


def _facing_player(yaw: float) -> Face:
    # Yaw 0 looks south, 90 west; the front looks back at the player.
    return (Face.NORTH, Face.EAST, Face.SOUTH, Face.WEST)[round(yaw / 90) % 4]


def _fits(state: State, cell: Cell, block: Block) -> bool:
    world = state.world
    if not world.holds(*cell) or not BLOCKS[world.block_at(*cell)].replaceable:
        return False
    if BLOCKS[block].needs_support and not has_support(state, cell, block):
        return False
    return not (BLOCKS[block].solid and state.body.touches(cell))
