"""Changing cells with all that follows: what was held up falls or breaks, what was inside comes out."""

from __future__ import annotations

from vpt_studio.envs.voxel.blocks import BLOCKS, FACE_STEPS, FURNACES, Block, Face, Shape
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.state import FallingBlock, State
from vpt_studio.envs.voxel.world import Cell

_FALL_DELAY = 2  # ticks until sand notices (Minecraft 1.16)
_GRAVITY, _DRAG = 0.04, 0.98
_FLINT_CHANCE = 0.1  # of gravel (Minecraft 1.16, without enchantments)
_STICK_CHANCE = 0.02  # of leaves

_SOIL = (Block.GRASS_BLOCK, Block.DIRT)
_LEAVES = (Block.OAK_LEAVES, Block.BIRCH_LEAVES, Block.SPRUCE_LEAVES)
_GROUND_GIVEN_BACK: dict[Block, Item] = {Block.SAND: Item.SAND, Block.GRAVEL: Item.GRAVEL}

#: The wall a leaning torch hangs on, as the step to it.
_WALLS = {
    Block.WALL_TORCH_NORTH: FACE_STEPS[Face.SOUTH],
    Block.WALL_TORCH_SOUTH: FACE_STEPS[Face.NORTH],
    Block.WALL_TORCH_WEST: FACE_STEPS[Face.EAST],
    Block.WALL_TORCH_EAST: FACE_STEPS[Face.WEST],
}
_IS_FURNACE = frozenset(block for pair in FURNACES.values() for block in pair)


def break_cell(state: State, cell: Cell, *, with_drop: bool) -> None:
    """Make the block of `cell` air; it leaves its drop if `with_drop`, a furnace always what is in it."""
    block = state.world.block_at(*cell)
    put_block(state, cell, Block.AIR)
    if block in _IS_FURNACE:
        furnace = state.furnaces.pop(cell)
        for stack in furnace.stacks():
            state.scatter(stack, cell)
    drop = _drop_of(state, block) if with_drop else None
    if drop is not None:
        state.ledger.book(Cause.MINED, drop.item, drop.count)
        state.scatter(drop, cell)


def put_block(state: State, cell: Cell, block: Block) -> None:
    """Change the block of `cell`, and let its neighbours notice."""
    state.world.set_block(*cell, block)
    x, y, z = cell
    for step_x, step_y, step_z in (*FACE_STEPS, (0, 0, 0)):
        neighbour = (x + step_x, y + step_y, z + step_z)
        if not state.world.holds(*neighbour):
            continue
        kind = BLOCKS[state.world.block_at(*neighbour)]
        if kind.falls:
            state.unsettled.setdefault(neighbour, state.tick + _FALL_DELAY)
        elif kind.needs_support and not has_support(state, neighbour, state.world.block_at(*neighbour)):
            break_cell(state, neighbour, with_drop=True)


def has_support(state: State, cell: Cell, block: Block) -> bool:
    """Whether a torch or a plant could stand or hang in `cell`."""
    x, y, z = cell
    if block in _WALLS:
        step_x, _, step_z = _WALLS[block]
        return _holds_torches(state.world.block_at(x + step_x, y, z + step_z))
    below = state.world.block_at(x, y - 1, z)
    if BLOCKS[block].shape is Shape.CROSS:
        return below in _SOIL
    return _holds_torches(below)


def _holds_torches(block: Block) -> bool:
    """On its top and on its sides; leaves, which are whole cubes to a body too, do not (Minecraft 1.16)."""
    return BLOCKS[block].shape is Shape.CUBE or block is Block.GLASS


def settle(state: State) -> None:
    """One tick of everything that fell or is about to."""
    due = sorted(cell for cell, tick in state.unsettled.items() if tick <= state.tick)
    for cell in due:
        del state.unsettled[cell]
        _let_go(state, cell)
    if state.falling:
        state.falling = [block for block in state.falling if not _fall(state, block)]


def _let_go(state: State, cell: Cell) -> None:
    x, y, z = cell
    block = state.world.block_at(x, y, z)
    if BLOCKS[block].falls and BLOCKS[state.world.block_at(x, y - 1, z)].replaceable:
        put_block(state, cell, Block.AIR)
        state.falling.append(FallingBlock(int(block), x, z, float(y)))


def _fall(state: State, falling: FallingBlock) -> bool:
    """Move it for a tick; whether it has come to rest."""
    falling.speed = (falling.speed - _GRAVITY) * _DRAG
    lowest = falling.y + falling.speed
    y = int(falling.y)
    while y > lowest and not BLOCKS[state.world.block_at(falling.x, y - 1, falling.z)].solid:
        y -= 1
    if y <= lowest:
        falling.y = lowest
        return False
    cell = (falling.x, y, falling.z)
    block = Block(falling.block)
    if BLOCKS[state.world.block_at(*cell)].replaceable:
        put_block(state, cell, block)
    else:  # a torch for instance: the sand cannot stay and becomes an item
        item = Stack(_GROUND_GIVEN_BACK[block])
        state.ledger.book(Cause.MINED, item.item)
        state.scatter(item, cell)
    return True


def _drop_of(state: State, block: Block) -> Stack | None:
    if block is Block.GRAVEL and state.random.random() < _FLINT_CHANCE:
        return Stack(Item.FLINT)
    if block in _LEAVES:
        return Stack(Item.STICK) if state.random.random() < _STICK_CHANCE else None
    item = BLOCKS[block].drop
    return None if item is None else Stack(item)
