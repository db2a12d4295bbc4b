"""What hands do in the world with what is carried: taking in hand, placing, opening what was placed."""

from __future__ import annotations

import math

from vpt_studio.contractors.picture import Point
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.screens import move_to_hotbar
from vpt_studio.envs.voxel.blocks import BLOCKS, Block, Face, Shape
from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.targeting import REACH, look_at
from vpt_studio.envs.voxel.world import Cell

_PATIENCE = 45
_OPENED_BY_USE = frozenset(
    block for block in Block if block is Block.CRAFTING_TABLE or "FURNACE" in block.name
)


def take_in_hand(player: Player, slot: int) -> Play[None]:
    """Take what is in `slot` in hand; from the pack it goes through the inventory screen."""
    if slot >= HOTBAR_SIZE:
        slot = yield from move_to_hotbar(player, slot)
    if player.state.inventory.selected != slot:
        yield from player.tap(f"hotbar.{slot + 1}")


def take_item(player: Player, item: Item) -> Play[bool]:
    """Take `item` in hand; whether one has any."""
    slot = player.slot_of({item})
    if slot is None:
        return False
    yield from take_in_hand(player, slot)
    held = player.state.inventory.held
    return held is not None and held.item is item


def aim_exactly(player: Player, point: Point, cell: Cell, face: Face | None = None) -> Play[bool]:
    """Turn until the crosshair is on `cell`, and on its `face` if that matters."""
    tolerance = 4.0
    player.look_at(point, tolerance)
    for _ in range(_PATIENCE):
        yield
        if not player.turned:
            continue
        hit = player.crosshair
        if hit is not None and hit.cell == cell and face in (None, hit.face):
            return True
        tolerance *= 0.7
        player.look_at(point, tolerance)
    return False


def place(player: Player, item: Item, *, least: float = 1.2) -> Play[Cell | None]:
    """Put a block of `item` on the ground near by; where it then is."""
    for spot in _spots(player, least)[:6]:
        if (yield from place_on(player, item, (spot[0], spot[1] - 1, spot[2]))):
            return spot
    return None


def place_on(player: Player, item: Item, support: Cell) -> Play[bool]:
    """Put a block of `item` on top of `support`; whether it is there."""
    if not (yield from take_item(player, item)):
        return False
    x, y, z = support
    above = (x, y + 1, z)
    point = _top_point(player, support)
    if point is None or not (yield from aim_exactly(player, point, support, Face.TOP)):
        return False
    before = player.count({item})
    yield from player.tap("use")
    player.memory.look(player.state)
    return player.count({item}) < before or not player.is_free(above)


def _top_point(player: Player, support: Cell) -> Point | None:
    """A point on the upper side of a block that is in sight."""
    eye = player.state.body.eye
    for _ in range(6):
        dx, dz = player.random.uniform(0.2, 0.8, 2)
        point = (support[0] + float(dx), support[1] + 0.999, support[2] + float(dz))
        hit = look_at(player.state.world, *eye, *player.angles_to(point), REACH - 0.1)
        if hit is not None and hit.cell == support and hit.face is Face.TOP:
            return point
    return None


def _spots(player: Player, least: float) -> list[Cell]:
    """Free cells on firm ground in reach, those that are easily looked at first."""
    feet, body = player.feet, player.state.body
    found = []
    for dx in range(-3, 4):
        for dz in range(-3, 4):
            for dy in (-1, 0, 1):
                cell = (feet[0] + dx, feet[1] + dy, feet[2] + dz)
                if not _is_spot(player, cell):
                    continue
                middle = (cell[0] + 0.5, float(cell[1]), cell[2] + 0.5)
                away = math.dist(body.eye, middle)
                if not least + 0.8 < away < REACH - 0.4 or body.touches(cell):
                    continue
                yaw, _ = player.angles_to(middle)
                off = abs((yaw - body.yaw + 180) % 360 - 180)
                found.append((off / 40 + abs(away - 2.4) + 2.0 * abs(dy), cell))
    return [cell for _, cell in sorted(found)]


def _is_spot(player: Player, cell: Cell) -> bool:
    here, below = player.block_in_sight(cell), player.block_in_sight((cell[0], cell[1] - 1, cell[2]))
    if here is None or below is None or not BLOCKS[here].replaceable or BLOCKS[here].shape is Shape.FLUID:
        return False
    return BLOCKS[below].shape is Shape.CUBE and below not in _OPENED_BY_USE
