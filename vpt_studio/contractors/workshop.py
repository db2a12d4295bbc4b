"""Making things: in the inventory, at a crafting table, in a furnace, each put down where it is needed."""

from __future__ import annotations

from vpt_studio.contractors import screens
from vpt_studio.contractors.digging import aim_point, dig, digging_costs
from vpt_studio.contractors.hands import aim_exactly, place
from vpt_studio.contractors.pathfinding import Goal
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.screens import Choice, close_screen, craft
from vpt_studio.contractors.walking import go
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.recipes import COALS, LOGS, PLANKS
from vpt_studio.envs.voxel.screen_layout import Role, ScreenKind
from vpt_studio.envs.voxel.world import Cell

TABLE = frozenset({Block.CRAFTING_TABLE})
FURNACE = frozenset(block for block in Block if "FURNACE" in block.name)

_PLANKS, _COALS = frozenset(PLANKS), frozenset(COALS)
_STICKS = frozenset({Item.STICK})
_COBBLE = frozenset({Item.COBBLESTONE})
_FURNACE_SLOTS = (Role.OUTPUT, Role.INPUT, Role.FUEL)
_PLANKS_BURNT = 1  # for each ingot; one melts one and a half
_NEAR, _UP = 11, 7  # cells within which one goes back to what one put down

#: What belongs where in the inventory's grid of two by two.
_BY_HAND: dict[Item, dict[int, Choice]] = {
    Item.STICK: {0: _PLANKS, 2: _PLANKS},
    Item.CRAFTING_TABLE: dict.fromkeys(range(4), _PLANKS),
    Item.TORCH: {0: _COALS, 2: _STICKS},
}


def _pickaxe(material: Item | None) -> dict[int, Choice]:
    head = _PLANKS if material is None else frozenset({material})
    return {0: head, 1: head, 2: head, 4: _STICKS, 7: _STICKS}


#: What belongs where in a table's grid of three by three.
_AT_TABLE: dict[Item, dict[int, Choice]] = {
    Item.WOODEN_PICKAXE: _pickaxe(None),
    Item.STONE_PICKAXE: _pickaxe(Item.COBBLESTONE),
    Item.IRON_PICKAXE: _pickaxe(Item.IRON_INGOT),
    Item.DIAMOND_PICKAXE: _pickaxe(Item.DIAMOND),
    Item.FURNACE: {slot: _COBBLE for slot in range(9) if slot != 4},
}


def planks_worth(player: Player) -> int:
    """How many planks one has or can make."""
    return player.count(PLANKS) + 4 * player.count(LOGS)


def make_planks(player: Player, wanted: int) -> Play[bool]:
    """Have at least so many planks, from logs where needed."""
    for _ in range(6):
        lacking = wanted - player.count(PLANKS)
        if lacking <= 0:
            return True
        kind = max(LOGS, key=lambda log: player.count({log}))
        have = player.count({kind})
        if not have or not (yield from screens.open_inventory(player)):
            return False
        product = PLANKS[LOGS.index(kind)]
        times = have if player.chance(0.6) else min(have, -(-lacking // 4))
        if not (yield from craft(player, product, {0: frozenset({kind})}, times)):
            return False
    return player.count(PLANKS) >= wanted


def make_by_hand(player: Player, item: Item, times: int = 1) -> Play[bool]:
    """Craft in the inventory, making planks first where it needs them."""
    pattern = _BY_HAND[item]
    needed = times * sum(choice is _PLANKS for choice in pattern.values())
    done = False
    if (yield from screens.open_inventory(player)):
        done = (yield from make_planks(player, needed)) and (yield from craft(player, item, pattern, times))
    return done


def make_sticks(player: Player, wanted: int) -> Play[bool]:
    """Have at least so many sticks."""
    lacking = wanted - player.count({Item.STICK})
    if lacking <= 0:
        return True
    return (yield from make_by_hand(player, Item.STICK, -(-lacking // 4)))


def make_at_table(player: Player, items: list[Item]) -> Play[bool]:
    """Craft at a table, one near by or a new one; whether all was made."""
    sticks = 2 * sum(item is not Item.FURNACE for item in items)
    if not (yield from make_sticks(player, sticks)):
        return False
    if Item.WOODEN_PICKAXE in items and not (yield from make_planks(player, 3)):
        return False
    if not (yield from open_station(player, TABLE, Item.CRAFTING_TABLE)):
        return False
    done = True
    for item in items:
        done = (yield from craft(player, item, _AT_TABLE[item])) and done
        yield from player.hesitate()
    yield from close_screen(player)
    return done


def open_station(player: Player, blocks: frozenset[Block], item: Item) -> Play[bool]:
    """Open a table or furnace: one that was seen near by, or one that is put down; whether it is open."""
    for _ in range(4):
        cell = player.memory.nearest(blocks, player.feet, _NEAR, _UP)
        if cell is None:
            yield from close_screen_unless_crafting(player, item)
            if not player.count({item}) and not (yield from _make_station(player, item)):
                return False
            yield from close_screen(player)
            cell = yield from _put_down(player, item)
            if cell is None:
                return False
        yield from close_screen(player)
        if not (yield from go(player, Goal(cell, reach=3.6), lambda: digging_costs(player), tries=3)):
            player.memory.avoid(cell)
            continue
        if (yield from _use(player, cell)):
            return True
        player.memory.avoid(cell)
    return False


def close_screen_unless_crafting(player: Player, item: Item) -> Play[None]:
    """Close a screen that is not the inventory, which is where tables are made."""
    screen = player.state.screen
    if screen is not None and (screen.kind is not ScreenKind.INVENTORY or item is not Item.CRAFTING_TABLE):
        yield from close_screen(player)


def _make_station(player: Player, item: Item) -> Play[bool]:
    if item is Item.CRAFTING_TABLE:
        return (yield from make_by_hand(player, item))
    return (yield from make_at_table(player, [item]))


def _put_down(player: Player, item: Item) -> Play[Cell | None]:
    for _ in range(3):
        cell = yield from place(player, item)
        if cell is not None:
            return cell
        if not (yield from _make_room(player)):
            return None
    return None


def _make_room(player: Player) -> Play[bool]:
    """Dig away what stands beside one, so that something can be put there."""
    x, y, z = player.feet
    for dx, dz in player.random.permutation([(2, 0), (-2, 0), (0, 2), (0, -2)]).tolist():
        near = (x + dx // 2, y, z + dz // 2)
        far = (x + dx, y, z + dz)
        if not player.is_solid((far[0], y - 1, far[2])) and player.memory.at((far[0], y - 1, far[2])) != 255:
            continue
        cells = [(c[0], y + up, c[2]) for c in (near, far) for up in (1, 0)]
        done = True
        for cell in cells:
            done = done and (not player.is_solid(cell) or (yield from dig(player, cell)))
        if done:
            return True
    return False


def _use(player: Player, cell: Cell) -> Play[bool]:
    for _ in range(3):
        point = aim_point(player, cell)
        if point is None:
            return False
        if (yield from aim_exactly(player, point, cell)):
            yield from player.tap("use")
            for _ in range(3):
                if player.state.screen is not None:
                    yield from player.react()
                    return True
                yield
    return False


def smelt_iron(player: Player, wanted: int) -> Play[bool]:
    """Turn iron ore into ingots until one has so many; whether one does."""
    # Logs do not burn here: a click with shift puts them where ore belongs.
    if not player.count(COALS) and not (yield from make_planks(player, _PLANKS_BURNT * wanted)):
        return False
    if not (yield from open_station(player, FURNACE, Item.FURNACE)):
        return False
    for _ in range(200):
        inside = _in_furnace(player)
        if inside is None:
            return player.count({Item.IRON_INGOT}) >= wanted
        output, piece, fuel = inside
        made = 0 if output is None else output.count
        if player.count({Item.IRON_INGOT}) + made >= wanted:
            break
        burns = player.state.screen is not None and player.state.screen.burn_share > 0
        if piece is not None and (burns or fuel is not None):
            yield from _wait_for_furnace(player)
        elif piece is None and player.count({Item.IRON_ORE}):
            yield from screens.shift_click_item(player, frozenset({Item.IRON_ORE}))
        elif piece is None or not (yield from screens.shift_click_item(player, _fuel(player))):
            break
    for _ in range(12):
        inside = _in_furnace(player)
        if inside is None or inside == (None, None, None):
            break
        yield from player.hesitate()
        role = next(role for role, stack in zip(_FURNACE_SLOTS, inside, strict=True) if stack is not None)
        yield from screens.shift_click_role(player, role)
    yield from close_screen(player)
    return player.count({Item.IRON_INGOT}) >= wanted


def _in_furnace(player: Player) -> tuple[Stack | None, Stack | None, Stack | None] | None:
    """What lies in output, input and fuel of the open furnace; None when none is open."""
    screen = player.state.screen
    if screen is None or screen.kind is not ScreenKind.FURNACE:
        return None
    by_role = {slot.role: slot.stack for slot in screen.slots}
    output, piece, fuel = (by_role[role] for role in _FURNACE_SLOTS)
    return output, piece, fuel


def _fuel(player: Player) -> Choice:
    return _COALS if player.count(COALS) else _PLANKS


def _wait_for_furnace(player: Player) -> Play[None]:
    yield from player.wait(int(player.random.integers(8, 30)))
    if player.chance(0.15):
        x, y = player.random.uniform(250, 390), player.random.uniform(110, 250)
        player.point_at(float(x), float(y), 20.0)
