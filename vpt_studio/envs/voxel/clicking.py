"""What clicks and keys do to the slots of a screen: Minecraft 1.16's rules, from own knowledge of the game.

Every function returns the stacks that end up thrown into the world.
"""

from __future__ import annotations

from typing import Literal

from vpt_studio.envs.voxel.inventory import pour
from vpt_studio.envs.voxel.items import ITEMS, Stack
from vpt_studio.envs.voxel.recipes import SMELTING
from vpt_studio.envs.voxel.screen_contents import ScreenContents
from vpt_studio.envs.voxel.screen_layout import Role

#: The two buttons of the mouse that do something.
Button = Literal["left", "right"]

#: No slot holds more.
ALL = 64


def click(contents: ScreenContents, slot: int, button: Button) -> None:
    """Click on a slot: pick up (right: half, rounded up), put down (right: one), or exchange."""
    here, carried = contents[slot], contents.carried
    if carried is None:
        if here is not None:
            count = here.count if button == "left" else (here.count + 1) // 2
            contents.carried = contents.take(slot, count)
    elif contents.may_place(slot, carried):
        if here is None or carried.stacks_with(here):
            most = carried.count if button == "left" else 1
            contents[slot], contents.carried = pour(carried, here, most)
        else:
            contents[slot], contents.carried = carried, here
    elif here is not None and carried.stacks_with(here) and here.count <= carried.room:
        # A result goes onto what is carried, whole or not at all.
        contents.take(slot, here.count)
        contents.carried = carried.of(carried.count + here.count)


def throw_carried(contents: ScreenContents, button: Button) -> list[Stack]:
    """Click outside the window: throw what the pointer carries (right: one of it)."""
    carried = contents.carried
    if carried is None:
        return []
    thrown = carried if button == "left" else Stack(carried.item, 1, carried.wear)
    contents.carried = carried.of(carried.count - thrown.count)
    return [thrown]


def throw_from(contents: ScreenContents, slot: int, count: int) -> list[Stack]:
    """Press the drop key over a slot, with nothing on the pointer: throw up to `count` of what is there."""
    if contents.carried is not None:
        return []
    thrown = contents.take(slot, count)
    return [] if thrown is None else [thrown]


def swap_with(contents: ScreenContents, slot: int, own: int) -> None:
    """Exchange a slot's stack with the inventory's slot `own`, with nothing on the pointer."""
    if contents.carried is not None:
        return
    here, mine = contents[slot], contents.inventory[own]
    if mine is None:
        if here is not None:
            contents.inventory[own] = contents.take(slot, here.count)
    elif contents.may_place(slot, mine):
        contents[slot] = mine
        contents.inventory[own] = here


def quick_move(contents: ScreenContents, slot: int) -> list[Stack]:
    """Click on a slot with shift: send what is there to the other part of the screen.

    From a result as often as it can be taken: what does not fit of the last one is thrown, as in
    Minecraft. Results fill the hot-bar first, from right to left, then the pack from its end.
    """
    thrown: list[Stack] = []
    first = here = contents[slot]
    while first is not None and here is not None and here.item == first.item:
        rest = _send(contents, slot, here)
        if rest == here:
            break
        if contents.role(slot) is Role.RESULT:
            contents.take(slot, ALL)
            if rest is not None:
                thrown.append(rest)
        else:
            contents[slot] = rest
        here = contents[slot]
    return thrown


def _send(contents: ScreenContents, slot: int, stack: Stack) -> Stack | None:
    """Put `stack`, which is that of `slot`, where a quick move takes it; return what is left of it."""
    layout = contents.layout
    match contents.role(slot):
        case Role.RESULT | Role.OUTPUT:
            return _fill(contents, layout.carried_about[::-1], stack)
        case Role.GRID | Role.INPUT | Role.FUEL | Role.OFF_HAND:
            return _fill(contents, layout.carried_about, stack)
        case role:
            other = Role.HOTBAR if role is Role.PACK else Role.PACK
    if layout.grid_width == 3:  # the inventory's small grid is not filled by quick moves, the table's is
        rest = _fill(contents, layout.with_role(Role.GRID), stack)
        return _fill(contents, layout.with_role(other), stack) if rest == stack else rest
    if not layout.grid_width and stack.item in SMELTING:
        other = Role.INPUT
    elif not layout.grid_width and ITEMS[stack.item].fuel_ticks:
        other = Role.FUEL
    return _fill(contents, layout.with_role(other), stack)


def _fill(contents: ScreenContents, slots: tuple[int, ...], stack: Stack) -> Stack | None:
    """Put `stack` to its like in `slots`, what is left of it into the first empty one."""
    rest: Stack | None = stack
    for slot in slots:
        here = contents[slot]
        if rest is not None and here is not None and here.room and rest.stacks_with(here):
            contents[slot], rest = pour(rest, here)
    for slot in slots:
        if rest is not None and contents[slot] is None:
            contents[slot], rest = rest, None
    return rest


def gather(contents: ScreenContents, slot: int) -> None:
    """Click twice on a slot: collect its like from all slots, up to a full stack on the pointer.

    Partly filled slots give first, and results of crafting do not give.
    """
    carried = contents.carried
    if carried is None or contents[slot] is not None:
        return
    for full_ones in (False, True):
        for source, place in enumerate(contents.layout.places):
            here = contents[source]
            if place.role is Role.RESULT or here is None or not carried.stacks_with(here):
                continue
            if full_ones or here.room:
                taken = contents.take(source, carried.room)
                if taken is not None:
                    carried = Stack(carried.item, carried.count + taken.count, carried.wear)
    contents.carried = carried
