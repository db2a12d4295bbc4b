"""How fast blocks break, by what is held and where one stands."""

from __future__ import annotations

import math

from vpt_studio.envs.voxel.blocks import BLOCKS, Block
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool

# Minecraft 1.16 (prismarine-block's digTime; the sword's is the game's).
_DIVISOR, _DIVISOR_WITHOUT_HARVEST = 30, 100
_SWORD_ON_LEAVES = 1.5
_AIRBORNE = _UNDER_WATER = 5

#: A block is broken as soon as the sum of its deltas reaches this: fifteen times 1/15 is a little less
#: than 1 in floating point, which shall not cost a sixteenth tick.
BROKEN = 1.0 - 1e-9


def drops_anything(block: Block, item: Item | None) -> bool:
    """Whether `block`, broken with `item` in hand, leaves what it can leave."""
    kind = BLOCKS[block]
    if kind.needs_tier is None:
        return True
    return item is not None and ITEMS[item].tool is kind.tool and ITEMS[item].tier >= kind.needs_tier


def break_delta(
    block: Block, item: Item | None, *, on_ground: bool, eyes_in_water: bool, digging_speed: float = 1.0
) -> float:
    """The share of `block` that one tick of digging takes away.

    It may change from tick to tick, so add it up; the block is gone when the sum reaches :data:`BROKEN`.
    The picture of cracks is number ``int(sum * 10) - 1`` of 0 to 9, none while that is negative.

    Args:
        block: What is dug.
        item: What is in hand.
        on_ground: Whether one stands; in the air and while swimming it takes five times as long.
        eyes_in_water: Whether the head is under water: five times as long again.
        digging_speed: How many times faster than in Minecraft.

    Returns:
        0 for what nothing breaks, 1 or more for what breaks at once.
    """
    hardness = BLOCKS[block].hardness
    if hardness == 0:
        return 1.0
    delta = digging_speed * _speed(block, item) / hardness
    delta /= _DIVISOR if drops_anything(block, item) else _DIVISOR_WITHOUT_HARVEST
    if not on_ground:
        delta /= _AIRBORNE
    if eyes_in_water:
        delta /= _UNDER_WATER
    return delta


def break_ticks(
    block: Block,
    item: Item | None,
    *,
    on_ground: bool = True,
    eyes_in_water: bool = False,
    digging_speed: float = 1.0,
) -> int | None:
    """Ticks until `block` is gone, if nothing changes meanwhile; None for what nothing breaks."""
    delta = break_delta(
        block, item, on_ground=on_ground, eyes_in_water=eyes_in_water, digging_speed=digging_speed
    )
    return math.ceil(1 / delta - 1e-9) if delta > 0 else None


def _speed(block: Block, item: Item | None) -> float:
    """How many times faster than the hand `item` is on `block`."""
    wanted = BLOCKS[block].tool
    if item is None or wanted is Tool.NONE:
        return 1.0
    if ITEMS[item].tool is wanted:
        return ITEMS[item].speed
    # Of all blocks only leaves are a hoe's.
    return _SWORD_ON_LEAVES if wanted is Tool.HOE and ITEMS[item].tool is Tool.SWORD else 1.0
