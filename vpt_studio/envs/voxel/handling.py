"""What the player's keys and mouse do in one tick, in the world and on open screens."""

from __future__ import annotations

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.blocks import BLOCKS, PLACES
from vpt_studio.envs.voxel.building import OPENED, show_screen, use
from vpt_studio.envs.voxel.canvas import HEIGHT, WIDTH
from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE, PACK_SIZE
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.mining import dig
from vpt_studio.envs.voxel.physics import Keys
from vpt_studio.envs.voxel.screen_layout import ScreenKind
from vpt_studio.envs.voxel.state import CENTRE, UNTIL_RELEASED, State
from vpt_studio.envs.voxel.targeting import Hit, look_at

#: Degrees the view turns, and pixels the pointer moves, for one count of the mouse (MineRL v1: 360 / 2400).
DEGREES_PER_PIXEL = 0.15

_USE_PAUSE = 4  # ticks between the uses of a held button (Minecraft 1.16)
_TWICE = 5  # ticks between two clicks that count as a double one (Minecraft: 250 ms)
_HOTBAR = tuple(f"hotbar.{slot}" for slot in range(1, 10))
_STILL = Keys()


def handle(state: State, action: Action) -> Keys:
    """Do what `action` asks, short of walking.

    Returns:
        The keys that move the body in this tick: none while a screen is open.
    """
    pressed = action.pressed - state.held
    if state.screen is not None and not _is_at(state):
        close_screen(state)
    if state.screen is None:
        state.body.turn(action.pitch, action.yaw)
    else:
        _move_pointer(state, action)
    if "inventory" in pressed or ("ESC" in pressed and state.screen is not None):
        _toggle_screen(state)
    elif state.screen is not None:
        _on_screen(state, action.pressed, pressed)
    else:
        _in_world(state, action.pressed, pressed)
    state.held = action.pressed
    return _STILL if state.screen is not None else _walking(action.pressed)


def target(state: State) -> Hit | None:
    """The block in front of the player, if one is in reach."""
    return look_at(state.world, *state.body.eye, state.body.yaw, state.body.pitch)


def close_screen(state: State) -> None:
    """Close the open screen; what was on it goes back to the player, or onto the ground."""
    if state.screen is None:
        return
    for stack in state.screen.close():
        state.throw(stack)
    state.screen = state.opened_at = state.last_click = None
    state.pointer = CENTRE


def _is_at(state: State) -> bool:
    """Whether the block whose screen is open is still there and near (Minecraft 1.16: 8 metres)."""
    if state.opened_at is None:
        return True
    if state.world.block_at(*state.opened_at) not in OPENED:
        return False
    away = (place + 0.5 - own for place, own in zip(state.opened_at, state.body.position, strict=True))
    return sum(distance**2 for distance in away) <= 64


def _move_pointer(state: State, action: Action) -> None:
    x, y = state.pointer
    state.pointer = (
        min(max(x + action.yaw / DEGREES_PER_PIXEL, 0.0), WIDTH - 1.0),
        min(max(y + action.pitch / DEGREES_PER_PIXEL, 0.0), HEIGHT - 1.0),
    )


def _toggle_screen(state: State) -> None:
    if state.screen is not None:
        close_screen(state)
    else:
        dig(state, None, pressed=False, held=False)
        show_screen(state, ScreenKind.INVENTORY)


def _on_screen(state: State, down: frozenset[str], pressed: frozenset[str]) -> None:
    screen = state.screen
    assert screen is not None
    # What is down now has to be pressed anew once the screen is closed (Minecraft 1.16).
    state.digging.missed = state.use_pause = UNTIL_RELEASED
    x, y = state.pointer
    thrown = []
    if not down & {"attack", "use"}:
        screen.release()
    elif not pressed & {"attack", "use"}:
        screen.drag(x, y)
    if "attack" in pressed:
        twice = _clicks_twice(state, screen.slot_at(x, y))
        thrown += screen.press("left", x, y, shift="sneak" in down, double=twice)
    if "use" in pressed:
        thrown += screen.press("right", x, y, shift="sneak" in down)
    if "drop" in pressed:
        thrown += screen.drop_key(x, y, everything="sprint" in down)
    for slot, button in enumerate(_HOTBAR):
        if button in pressed:
            screen.number_key(slot, x, y)
    if "swapHands" in pressed:
        screen.swap_hands_key(x, y)
    for stack in thrown:
        state.throw(stack)


def _clicks_twice(state: State, slot: int | None) -> bool:
    """Whether a left click on `slot` is the second there within a quarter of a second."""
    last = state.last_click
    twice = slot is not None and last is not None and last[0] == slot and state.tick - last[1] <= _TWICE
    state.last_click = None if slot is None or twice else (slot, state.tick)
    return twice


def _in_world(state: State, down: frozenset[str], pressed: frozenset[str]) -> None:
    inventory = state.inventory
    held = _in_hand(state)
    for slot, button in enumerate(_HOTBAR):
        if button in pressed:
            inventory.selected = slot
    if "swapHands" in pressed:
        inventory.swap_hands()
    if "drop" in pressed:
        _drop(state, whole="sprint" in down)
    hit = target(state)
    if "pickItem" in pressed and hit is not None:
        _pick(state, hit)
    if _in_hand(state) != held:  # another tool begins anew (Minecraft 1.16)
        state.digging.cell, state.digging.progress = None, 0.0
    dig(state, hit, pressed="attack" in pressed, held="attack" in down)
    state.use_pause = max(0, state.use_pause - 1) if "use" in down else 0
    uses = "use" in pressed or ("use" in down and state.use_pause == 0)
    if uses and state.digging.cell is None:
        state.use_pause = _USE_PAUSE
        use(state, target(state))


def _in_hand(state: State) -> Item | None:
    held = state.inventory.held
    return None if held is None else held.item


def _drop(state: State, *, whole: bool) -> None:
    held = state.inventory.held
    if held is None:
        return
    count = held.count if whole else 1
    thrown = held.of(count)
    assert thrown is not None
    state.inventory.held = held.of(held.count - count)
    state.throw(thrown)


def _pick(state: State, hit: Hit) -> None:
    """Take in hand what the block is placed from, if the player has it."""
    block = state.world.block_at(*hit.cell)
    items: set[Item | None] = {item for item, placed in PLACES.items() if placed is block}
    items.add(BLOCKS[block].drop)
    for slot in range(PACK_SIZE):
        stack = state.inventory[slot]
        if stack is not None and stack.item in items:
            _take_in_hand(state, slot)
            return


def _take_in_hand(state: State, slot: int) -> None:
    inventory = state.inventory
    if slot >= HOTBAR_SIZE:  # exchanged with an empty slot of the hot-bar, or with what is in the hand
        empty = [place for place in range(HOTBAR_SIZE) if inventory[place] is None]
        place = empty[0] if empty else inventory.selected
        inventory[slot], inventory[place] = inventory[place], inventory[slot]
        slot = place
    inventory.selected = slot


def _walking(down: frozenset[str]) -> Keys:
    return Keys(
        forward="forward" in down,
        back="back" in down,
        left="left" in down,
        right="right" in down,
        jump="jump" in down,
        sneak="sneak" in down,
        sprint="sprint" in down,
    )
