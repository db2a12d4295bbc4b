"""Working the screens by the pointer: clicks look at what is there, so slips are put right then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vpt_studio.contractors.player import Play, Player
from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack, Tool
from vpt_studio.envs.voxel.screen_layout import ICON, LAYOUTS, PITCH, WINDOW_WIDTH, WINDOW_X, Role
from vpt_studio.envs.voxel.screens import Slot

#: What may lie in one place of a crafting grid.
Choice = frozenset[Item]

_CLICKS = 80  # until one gives up
_PATIENCE = 60
_MIDDLE = WINDOW_X + WINDOW_WIDTH / 2
_CARRIED_ABOUT = (Role.PACK, Role.HOTBAR)


def open_inventory(player: Player) -> Play[bool]:
    """Open the inventory, unless a screen is open."""
    for _ in range(4):
        if player.on_screen:
            return True
        yield from player.tap("inventory")
        yield from player.react()
    return player.on_screen


def close_screen(player: Player) -> Play[None]:
    """Close whatever is open."""
    for _ in range(6):
        if player.state.screen is None:
            return
        yield from player.hesitate()
        yield from player.tap("ESC" if player.style.escape else "inventory")


def click(player: Player, slot: int, button: str = "attack", *, shift: bool = False) -> Play[None]:
    """Click on a slot; now and then on its neighbour."""
    if not (yield from _hover(player, slot, player.style.misclick)):
        return
    if shift:
        player.hold("sneak")
        yield
    for _ in range(int(player.random.integers(1, 3))):
        player.hold(button, *(("sneak",) if shift else ()))
        yield
    if shift:
        player.hold("sneak")
    yield


def _hover(player: Player, slot: int, slip: float = 0.0) -> Play[bool]:
    screen = player.state.screen
    if screen is None:
        return False
    place = screen.slots[slot]
    x, y = place.x + ICON / 2, place.y + ICON / 2
    if player.chance(slip):  # but never out of the window, where a click throws things away
        x += PITCH if x < _MIDDLE else -PITCH
    player.point_at(x + player.random.normal(0.0, 1.5), y + player.random.normal(0.0, 1.5), 6.0)
    for _ in range(_PATIENCE):
        yield
        if player.state.screen is None:
            return False
        if player.turned:
            return True
    return False


def craft(player: Player, item: Item, pattern: Mapping[int, Choice], times: int = 1) -> Play[bool]:
    """Lay out a recipe in the open grid and take what it gives.

    Args:
        player: Who crafts.
        item: What is wanted.
        pattern: What belongs into which place of the grid.
        times: How often; each place gets as many pieces.

    Returns:
        Whether it was taken.
    """
    before = player.state.inventory.count(item)
    for _ in range(_CLICKS):
        screen = player.state.screen
        if screen is None:
            return False
        if player.state.inventory.count(item) > before and not _is(screen.carried, item):
            return True
        deed = _next_click(player, item, pattern, times)
        if deed is None:
            return False
        yield from player.hesitate()
        yield from click(player, deed[0], deed[1], shift=deed[2])
    return False


def _next_click(
    player: Player, item: Item, pattern: Mapping[int, Choice], times: int
) -> tuple[int, str, bool] | None:
    """Slot, button and shift of what brings the grid nearer to the recipe; None when something is missing."""
    screen = player.state.screen
    assert screen is not None
    slots, carried = screen.slots, screen.carried
    grid = [slot for slot, place in enumerate(slots) if place.role is Role.GRID]
    if carried is not None and carried.item is item:
        return _put_away(slots, carried)
    lacking = [place for place in pattern if _count(slots[grid[place]]) < times]
    wrong = [
        slot
        for place, slot in enumerate(grid)
        if (stack := slots[slot].stack) is not None and stack.item not in pattern.get(place, frozenset())
    ]
    fitting = [] if carried is None else [n for n in lacking if _takes(slots[grid[n]], carried, pattern[n])]
    if carried is not None and fitting:
        whole = len(lacking) == 1 and carried.count <= times - _count(slots[grid[fitting[0]]])
        return grid[fitting[0]], "attack" if whole else "use", False
    if wrong:
        return wrong[0], "attack", True
    if lacking:  # what is carried is exchanged for what is needed
        here = slots[grid[lacking[0]]].stack
        source = _source(slots, pattern[lacking[0]] if here is None else frozenset({here.item}))
        return None if source is None else (source, "attack", False)
    result = next(slot for slot, place in enumerate(slots) if place.role is Role.RESULT)
    return result, "attack", times > 1 or carried is not None or player.chance(player.style.quick_move)


def _is(stack: Stack | None, item: Item) -> bool:
    return stack is not None and stack.item is item


def _count(slot: Slot) -> int:
    return 0 if slot.stack is None else slot.stack.count


def _takes(slot: Slot, carried: Stack, choice: Choice) -> bool:
    return carried.item in choice and (slot.stack is None or slot.stack.stacks_with(carried))


def _source(slots: Iterable[Slot], items: Choice) -> int | None:
    """The slot with the most of any of `items`."""
    found = [
        (place.stack.count, -slot)
        for slot, place in enumerate(slots)
        if place.role in _CARRIED_ABOUT and place.stack is not None and place.stack.item in items
    ]
    return -max(found)[1] if found else None


def _put_away(slots: Iterable[Slot], carried: Stack) -> tuple[int, str, bool] | None:
    empty = []
    for slot, place in enumerate(slots):
        if place.role not in _CARRIED_ABOUT:
            continue
        if place.stack is None:
            empty.append((place.role is Role.PACK, slot))
        elif place.stack.stacks_with(carried) and place.stack.room >= carried.count:
            return slot, "attack", False
    return (min(empty)[1], "attack", False) if empty else None


def least_wanted_slot(player: Player) -> int:
    """The slot of the hot-bar that something else may take: an empty one, or one without a tool."""
    inventory = player.state.inventory
    empty = [slot for slot in range(HOTBAR_SIZE) if inventory[slot] is None]
    if empty:
        return empty[0]
    for slot in range(HOTBAR_SIZE - 1, -1, -1):
        stack = inventory[slot]
        if stack is not None and ITEMS[stack.item].tool is Tool.NONE:
            return slot
    return HOTBAR_SIZE - 1


def move_to_hotbar(player: Player, index: int) -> Play[int]:
    """Bring what is in a slot of the pack into the hot-bar, by a number key over it; into which slot."""
    chosen = least_wanted_slot(player)
    if (yield from open_inventory(player)):
        screen = player.state.screen
        assert screen is not None
        places = LAYOUTS[screen.kind].places
        slot = next(n for n, place in enumerate(places) if place.role is Role.PACK and place.index == index)
        if (yield from _hover(player, slot)):
            yield from player.tap(f"hotbar.{chosen + 1}")
    yield from close_screen(player)
    return chosen


def throw_away(player: Player, items: Choice, keep: int = 0) -> Play[None]:
    """Throw stacks of `items` out of the inventory, but for the first `keep` stacks."""
    if not (yield from open_inventory(player)):
        return
    for _ in range(12):
        screen = player.state.screen
        if screen is None:
            return
        found = [
            slot
            for slot, place in enumerate(screen.slots)
            if place.role in _CARRIED_ABOUT and place.stack is not None and place.stack.item in items
        ]
        if len(found) <= keep:
            break
        if (yield from _hover(player, found[-1])):
            player.hold("sprint")
            yield
            player.hold("sprint", "drop")
            yield
            yield
    yield from close_screen(player)


def shift_click_item(player: Player, items: Choice) -> Play[bool]:
    """Send the largest stack of `items` to the other part of the open screen."""
    screen = player.state.screen
    source = None if screen is None else _source(screen.slots, items)
    if source is None:
        return False
    yield from player.hesitate()
    yield from click(player, source, shift=True)
    return True


def shift_click_role(player: Player, role: Role) -> Play[bool]:
    """Take what lies in the slot of that role of the open screen."""
    screen = player.state.screen
    if screen is None:
        return False
    for slot, place in enumerate(screen.slots):
        if place.role is role and place.stack is not None:
            yield from click(player, slot, shift=True)
            return True
    return False
