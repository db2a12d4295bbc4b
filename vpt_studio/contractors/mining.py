"""Under the ground: stairs down, tunnels, and the ores that show in their walls."""

from __future__ import annotations

from collections.abc import Callable

from vpt_studio.contractors.digging import digging_costs
from vpt_studio.contractors.gathering import collect, explore, gather_cell
from vpt_studio.contractors.hands import place, take_item
from vpt_studio.contractors.pathfinding import Costs, Goal, find_way
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.walking import go
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import ITEMS, Item
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.world import Cell

_STAIR, _TUNNEL = 5, 9  # cells gone at a time
_SIDES = ((1, 0), (0, 1), (-1, 0), (0, -1))
_CAVE, _CAVE_DEEP = 26, 9  # cells around in which caves are thought of
_GLANCE = 0.5  # chance to look round where a cave was not looked into yet
_POND, _PUDDLE = 4, 4  # cells around, and how many of water there are too many
_ROOF = 6  # cells below the sea's surface from which on a hollow is a cave
_SHORE = 20  # columns along the world's sides under which nothing is dug
_IRON_TIER, _STONE_TIER = 2, 1

#: What each ore leaves.
ORE_ITEMS: dict[Block, Item] = {
    Block.DIAMOND_ORE: Item.DIAMOND,
    Block.IRON_ORE: Item.IRON_ORE,
    Block.COAL_ORE: Item.COAL,
}
_SIGHTS = {Block.DIAMOND_ORE: (24, 16), Block.IRON_ORE: (14, 9), Block.COAL_ORE: (8, 6)}

Wants = Callable[[], frozenset[Block]]


def through_stone(player: Player) -> Costs:
    """Digging, also through what was never seen."""
    return digging_costs(player, unknown=True)


def best_tier(player: Player) -> int:
    """The tier of the best pickaxe one has; -1 without any."""
    return max((tier for tier, _, _ in player.pickaxes()), default=-1)


def ore_in_sight(player: Player, wanted: frozenset[Block]) -> Cell | None:
    """A wanted ore that was seen near by, the rarest first."""
    for ore, (radius, deep) in _SIGHTS.items():
        if ore not in wanted:
            continue
        cell = player.memory.nearest(frozenset({ore}), player.feet, radius, deep)
        if cell is not None and player.memory.count_near(frozenset({Block.LAVA}), cell, 1):
            player.memory.avoid(cell)
        elif cell is not None:
            return cell
    return None


def mine_ore(player: Player, cell: Cell) -> Play[None]:
    """Dig an ore that was seen, and what of its vein shows then."""
    block = player.block_in_sight(cell)
    if block is None or block not in ORE_ITEMS:
        return
    yield from player.react()
    item = ORE_ITEMS[block]
    near = yield from go(player, Goal(cell, reach=3.4), lambda: through_stone(player), tries=5)
    if not near:
        player.memory.avoid(cell)
        return
    yield from gather_cell(player, cell, frozenset({item}), tries=2)


def mine_ores(player: Player, wants: Wants) -> Play[None]:
    """Dig every wanted ore that is in sight."""
    for _ in range(40):
        cell = ore_in_sight(player, wants())
        if cell is None:
            return
        yield from mine_ore(player, cell)


def go_down(player: Player, level: int, wants: Wants) -> Play[bool]:
    """Dig stairs down until the feet are at `level`; ores that are wanted are taken on the way."""
    failures = 0

    def seen() -> bool:
        return ore_in_sight(player, wants()) is not None

    while player.feet[1] > level and failures < 8:
        yield from mine_ores(player, wants)
        if player.state.body.in_water:
            yield from leave_water(player)
        x, y, z = player.feet
        deep = min(_STAIR, y - level)
        if deep <= 0:
            break
        dx, dz = _kept_inland(player)
        goal = Goal((x + dx * deep, y - deep, z + dz * deep), across=2, upright=0)
        before = y
        arrived = yield from go(player, goal, lambda: through_stone(player), stop=seen, tries=2)
        if not arrived and not seen() and player.feet[1] >= before - 1:
            failures += 1
            _turn(player)
        elif player.chance(0.25):
            _turn(player)
            yield from player.think()
    return player.feet[1] <= level


def climb_out(player: Player) -> Play[bool]:
    """Dig stairs up until the sky is above; whether it is."""
    failures = 0
    while not player.under_sky and failures < 8:
        x, y, z = player.feet
        dx, dz = _kept_inland(player)
        goal = Goal((x + dx * _STAIR, y + _STAIR, z + dz * _STAIR), across=2, upright=1)
        yield from go(player, goal, lambda: through_stone(player), stop=lambda: player.under_sky, tries=2)
        if player.feet[1] <= y:
            failures += 1
            _turn(player)
            yield from player.think()
    return player.under_sky


def tunnel(player: Player, level: int, wants: Wants) -> Play[bool]:
    """Dig a piece of tunnel straight on; False where it came to nothing."""

    def seen() -> bool:
        return ore_in_sight(player, wants()) is not None

    yield from mine_ores(player, wants)
    x, _, z = player.feet
    dx, dz = _kept_inland(player)
    goal = Goal((x + dx * _TUNNEL, level, z + dz * _TUNNEL), across=1, upright=0)
    arrived = yield from go(player, goal, lambda: through_stone(player), stop=seen, tries=3)
    if not arrived and not seen():
        _turn(player)
        return False
    return True


def _kept_inland(player: Player) -> tuple[int, int]:
    """The direction to dig in, turned where it would lead under the sea.

    The one thing that players know without having seen it is how large the island is.
    """
    x, _, z = player.feet
    size = len(player.memory.seen)
    for _ in range(4):
        dx, dz = player.facing
        if _SHORE < x + dx * _TUNNEL < size - _SHORE and _SHORE < z + dz * _TUNNEL < size - _SHORE:
            return dx, dz
        _turn(player)
    # Under the sea already: straight back, along the axis that is farther out.
    out_x, out_z = size // 2 - x, size // 2 - z
    player.facing = (1 if out_x > 0 else -1, 0) if abs(out_x) > abs(out_z) else (0, 1 if out_z > 0 else -1)
    return player.facing


def _turn(player: Player) -> None:
    at = _SIDES.index(player.facing)
    player.facing = _SIDES[(at + int(player.random.choice((1, 3)))) % 4]


def face_along_view(player: Player) -> None:
    """Let tunnels lead where one looks."""
    yaw = player.state.body.yaw % 360.0
    player.facing = ((0, 1), (-1, 0), (0, -1), (1, 0))[round(yaw / 90.0) % 4]


def mine_stone(player: Player, wanted: int) -> Play[bool]:
    """Have so many cobblestones, from stairs down and what they lead along."""
    stone = frozenset({Item.COBBLESTONE})
    failures = 0

    def enough() -> bool:
        return player.count(stone) >= wanted

    while not enough() and failures < 5:
        yield from leave_water(player)
        before = player.count(stone)
        x, y, z = player.feet
        dx, dz = _kept_inland(player)
        goal = Goal((x + 4 * dx, max(5, y - 4), z + 4 * dz), across=1, upright=0)
        yield from go(player, goal, lambda: through_stone(player), stop=enough, tries=2)
        yield from collect(player, stone, 4.0)
        if player.count(stone) <= before:
            failures += 1
            _turn(player)
    return enough()


def leave_water(player: Player) -> Play[None]:
    """Go where no pond is near, to dig down there."""
    for _ in range(3):
        if player.memory.count_near(frozenset({Block.WATER}), player.feet, _POND) < _PUDDLE:
            return
        yield from explore(player, legs=1)


def explore_cave(player: Player, wants: Wants, top: int = HEIGHT) -> Play[bool]:
    """Walk on to where a cave below `top` was not looked into yet, if one is near; whether one was."""
    roof = min(top, player.state.world.preset.sea_level - _ROOF)
    edge = player.memory.frontier(player.feet, _CAVE, _CAVE_DEEP, roof)
    if edge is None:
        return False
    player.memory.avoid(edge)

    def seen() -> bool:
        return ore_in_sight(player, wants()) is not None

    goal = Goal(edge, across=1, upright=1)
    way = find_way(player.memory, player.feet, goal, through_stone(player))
    if not way.complete or len(way.cells) > 4 * _CAVE:
        return True
    yield from go(player, goal, lambda: through_stone(player), stop=seen, tries=2)
    if not seen() and player.chance(_GLANCE):
        yield from player.look_about(1)
    yield from mine_ores(player, wants)
    return True


def light_up(player: Player) -> Play[None]:
    """Put a torch on the ground."""
    if not player.count({Item.TORCH}):
        return
    before = player.state.inventory.selected
    yield from place(player, Item.TORCH, least=0.6)
    held = player.state.inventory.held
    if held is not None and held.item is Item.TORCH:
        stack = player.state.inventory[before]
        if stack is not None and ITEMS[stack.item].durability:
            yield from take_item(player, stack.item)
