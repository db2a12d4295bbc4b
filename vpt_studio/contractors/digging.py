"""Digging one block: the right tool, a point of it that is in sight, the button held until it is gone."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vpt_studio.contractors.hands import take_in_hand
from vpt_studio.contractors.memory import UNSEEN
from vpt_studio.contractors.pathfinding import NOT_DUG, Costs
from vpt_studio.contractors.picture import Point
from vpt_studio.contractors.player import Play, Player
from vpt_studio.envs.voxel.blocks import BLOCKS, Block, Shape
from vpt_studio.envs.voxel.digging import break_ticks
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool
from vpt_studio.envs.voxel.targeting import REACH, look_at
from vpt_studio.envs.voxel.world import Cell

_OVERHEAD = 9.0  # ticks from one block to the next
_IRON_TIER = 2
_SPARED = 30  # uses that are kept of the pickaxe for diamonds
_NEVER_DUG = frozenset({Block.BEDROCK, Block.OBSIDIAN, Block.LAVA, Block.WATER})
_PATIENCE = 40
_FINEST = 1.0  # degrees
_BREATHER = 0.4  # chance that a pause is thought of before a block
_FACES = np.array([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]], np.float64)


def digging_costs(player: Player, *, unknown: bool = False, stride: float | None = None) -> Costs:
    """Ticks that digging through each block takes with what is carried.

    Args:
        player: Who digs.
        unknown: Ways may lead through what was never seen, as if it were stone.
        stride: See :class:`Costs`.
    """
    digging = np.full(256, NOT_DUG, np.float32)
    speed = player.state.world.preset.digging_speed
    picks = [tier for tier, _, _ in player.pickaxes()]
    for block, kind in BLOCKS.items():
        if not kind.solid or block in _NEVER_DUG:
            continue
        item = None
        if kind.tool is Tool.PICKAXE and picks:
            item = _pickaxe_item(player, block)
        ticks = break_ticks(block, item, digging_speed=speed)
        if ticks is not None:
            digging[block] = ticks + _OVERHEAD
    if unknown:
        digging[UNSEEN] = digging[Block.STONE] * 1.15
    return Costs(digging, stride if stride is not None else float(digging[Block.STONE]) * 0.8 + 4.0)


def _pickaxe_item(player: Player, block: Block) -> Item | None:
    slot = pickaxe_for(player, block)
    stack = None if slot is None else player.state.inventory[slot]
    return None if stack is None else stack.item


def pickaxe_for(player: Player, block: Block) -> int | None:
    """The slot of the pickaxe to break `block` with: the best that need not be spared."""
    needed = BLOCKS[block].needs_tier or 0
    fit = [pick for pick in player.pickaxes() if pick[0] >= needed]
    if needed < _IRON_TIER:
        spare = sum(uses for tier, uses, _ in fit if tier == _IRON_TIER) - _SPARED
        others = [pick for pick in fit if pick[0] != _IRON_TIER]
        fit = fit if spare > 0 and (not others or spare > 2 * _SPARED) else others or fit
        fit.sort(key=lambda pick: (-pick[0], pick[1]))
    return fit[0][2] if fit else None


def aim_point(player: Player, cell: Cell) -> Point | None:
    """A point of `cell` that is in sight and in reach; None if there is none."""
    eye = np.array(player.state.body.eye)
    middle = np.array(cell) + 0.5
    best: tuple[float, Point] | None = None
    body = player.state.body
    for number, face in enumerate(_FACES):
        if np.dot(eye - middle - face * 0.5, face) <= 0 and not _is_small(player, cell):
            continue
        for point in _points_on(player, middle, face):
            hit = _sighted(player, eye, point)
            if hit != cell:
                continue
            yaw, pitch = player.angles_to(point)
            off = math.hypot((yaw - body.yaw + 180) % 360 - 180, pitch - body.pitch) + number * 1e-6
            if best is None or off < best[0]:
                best = (off, point)
    return None if best is None else best[1]


def _is_small(player: Player, cell: Cell) -> bool:
    block = player.block_in_sight(cell)
    return block is not None and not BLOCKS[block].solid


def _points_on(player: Player, middle: npt.NDArray[np.float64], face: npt.NDArray[np.float64]) -> list[Point]:
    x, y, z = (float(place) for place in middle)
    if _is_small(player, (math.floor(x), math.floor(y), math.floor(z))):
        return [(x, y - 0.2, z)]
    across = player.random.uniform(-0.18, 0.18, 3)
    points = []
    for spread in ((0.0, 0.0), (0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.0, -0.3)):
        offset = np.where(face != 0, face * 0.49, across)
        free = np.flatnonzero(face == 0)
        offset[free] += spread
        offset[free] = np.clip(offset[free], -0.42, 0.42)
        points.append((x + float(offset[0]), y + float(offset[1]), z + float(offset[2])))
    return points


def _sighted(player: Player, eye: npt.NDArray[np.float64], point: Point) -> Cell | None:
    """The first block between the eye and a point, as one sees it standing there."""
    yaw, pitch = player.angles_to(point)
    x, y, z = (float(place) for place in eye)
    hit = look_at(player.state.world, x, y, z, yaw, pitch, REACH - 0.05)
    return None if hit is None else hit.cell


def dig(player: Player, cell: Cell, depth: int = 2, *, push: bool = False) -> Play[bool]:
    """Break the block of `cell`, and what is before it; whether it is gone.

    Args:
        player: Who digs.
        cell: Where.
        depth: How many blocks that are before it may be broken, too.
        push: Lean against it, so that one walks on as soon as it is gone.
    """
    for _ in range(6):
        if _is_gone(player, cell):
            return True
        block = player.block_in_sight(cell)
        if block in _NEVER_DUG or player.distance_to(cell) > REACH + 0.9 or _carries(player, cell):
            return False
        if block is not None:
            yield from take_tool(player, block)
        if player.chance(_BREATHER):
            yield from player.hesitate()
        point = aim_point(player, cell)
        if point is not None:
            if (yield from _strike(player, cell, point, push)):
                return True
            continue
        before = _sighted(player, np.array(player.state.body.eye), _middle(cell))
        if before is None or before == cell or depth == 0 or player.memory.at(before) in _NEVER_DUG:
            return False
        if not (yield from dig(player, before, depth - 1)):
            return False
    return _is_gone(player, cell)


def _carries(player: Player, cell: Cell) -> bool:
    """Whether one would fall if it were gone, and nothing firm is known to be below."""
    x, y, z = cell
    at_x, at_y, at_z = player.state.body.position
    columns = {(math.floor(at_x + dx), math.floor(at_z + dz)) for dx in (-0.29, 0.29) for dz in (-0.29, 0.29)}
    if abs(at_y - y - 1) > 0.1 or (x, z) not in columns or player.is_solid((x, y - 1, z)):
        return False
    return not any(player.is_solid((i, y, k)) for i, k in columns - {(x, z)})


def take_tool(player: Player, block: Block) -> Play[None]:
    """Take in hand what `block` is broken with; the precious pickaxe is put away for earth and wood."""
    kind = BLOCKS[block]
    held = player.state.inventory.held
    if kind.tool is Tool.PICKAXE:
        slot = pickaxe_for(player, block)
        stack = None if slot is None else player.state.inventory[slot]
        if slot is not None and stack is not None and (held is None or held != stack):
            yield from take_in_hand(player, slot)
    elif held is not None and ITEMS[held.item].tool is Tool.PICKAXE and kind.hardness > 0:
        for slot in range(9):
            stack = player.state.inventory[slot]
            if stack is None or ITEMS[stack.item].tool is not Tool.PICKAXE:
                yield from take_in_hand(player, slot)
                return


def _middle(cell: Cell) -> Point:
    return cell[0] + 0.5, cell[1] + 0.5, cell[2] + 0.5


def _is_gone(player: Player, cell: Cell) -> bool:
    known = player.memory.at(cell)
    return known != UNSEEN and BLOCKS[Block(known)].shape in (Shape.EMPTY, Shape.FLUID)


def _strike(player: Player, cell: Cell, point: Point, push: bool) -> Play[bool]:
    """Hold the attack button on `cell`; whether it broke."""
    tolerance = min(9.0, math.degrees(math.atan(0.3 / max(0.6, player.distance_to(cell)))))
    player.look_at(point, tolerance)
    ticks = 0
    block = player.block_in_sight(cell)
    # The block may turn out to be another one, so patience is that for slow ones.
    patience = _PATIENCE + _expected_ticks(player, block)
    begun = False
    while ticks < patience:
        hit = player.crosshair
        if hit is not None and hit.cell == cell:
            player.hold("attack", *(("forward",) if push else ()))
            begun = True
        elif begun and player.turned:
            player.look_at(point, tolerance * 0.6)
        elif (
            player.style.keeps_attack and player.turning and hit is not None and _is_common(player, hit.cell)
        ):
            player.hold("attack")
        if begun and not player.turning and player.chance(0.02):
            x, y, z = (place + player.random.normal(0.0, 0.05) for place in point)
            player.look_at((x, y, z), tolerance * 0.5)
        yield
        ticks += 1
        if _is_gone(player, cell):
            return True
        missed = player.crosshair is None or player.crosshair.cell != cell
        if missed and not begun and player.turned and ticks > 3:
            if tolerance < _FINEST:
                return False
            tolerance *= 0.5  # beside an edge that just shows: aim more exactly
            player.look_at(point, tolerance)
    return False


def _is_common(player: Player, cell: Cell) -> bool:
    return player.memory.at(cell) in (Block.STONE, Block.DIRT)


def _expected_ticks(player: Player, block: Block | None) -> int:
    held = player.state.inventory.held
    body = player.state.body
    ticks = break_ticks(
        Block.STONE if block is None else block,
        None if held is None else held.item,
        on_ground=body.on_ground,
        eyes_in_water=body.eyes_in_water,
        digging_speed=player.state.world.preset.digging_speed,
    )
    return 2 * (ticks or 0)
