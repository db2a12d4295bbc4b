"""What the player's keys do: placing, using, both hands, dropping, opening and closing screens."""

from __future__ import annotations

import pytest
from someone import Someone, tools
from tiny_worlds import FLOOR, empty_world, flat_world

from vpt_studio.envs.voxel.blocks import FACE_STEPS, Block, Face
from vpt_studio.envs.voxel.handling import DEGREES_PER_PIXEL
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.screen_layout import Role, ScreenKind
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.snapshot import to_bytes

AHEAD = (8, FLOOR + 1, 10)  # a cell at the height of the eyes, within reach
UNDER_AHEAD = (8, FLOOR, 10)
COBBLE = Stack(Item.COBBLESTONE, 10)
TORCHES = Stack(Item.TORCH, 10)


def in_front_of(face, *things):
    """Somebody in the air who looks at one face of a stone; and the cell before that face."""
    player = Someone(*things, world=empty_world(24))
    stone = (12, 30, 12)
    player.put(Block.STONE, stone)
    step = FACE_STEPS[face]
    eye = [place + 0.5 + 4 * along for place, along in zip(stone, step, strict=True)]
    player.stand(eye[0], eye[1] - 1.62, eye[2])
    return player, tuple(place + along for place, along in zip(stone, step, strict=True))


@pytest.mark.parametrize("face", list(Face))
def test_a_block_is_placed_at_the_face_that_is_looked_at(face):
    player, cell = in_front_of(face, COBBLE)
    player.look(12.5, 30.5, 12.5, "use")
    assert player.block(*cell) is Block.COBBLESTONE
    assert player.carried(Item.COBBLESTONE) == 9
    assert player.state.ledger.counts[Cause.PLACED, Item.COBBLESTONE] == 1
    assert player.state.swing == 1


@pytest.mark.parametrize(
    ("face", "torch"),
    [
        (Face.TOP, Block.TORCH),
        (Face.WEST, Block.WALL_TORCH_WEST),
        (Face.EAST, Block.WALL_TORCH_EAST),
        (Face.NORTH, Block.WALL_TORCH_NORTH),
        (Face.SOUTH, Block.WALL_TORCH_SOUTH),
        (Face.BOTTOM, Block.AIR),
    ],
)
def test_a_torch_stands_on_a_block_or_leans_from_its_wall(face, torch):
    player, cell = in_front_of(face, TORCHES)
    player.look(12.5, 30.5, 12.5, "use")
    assert player.block(*cell) is torch
    assert player.carried(Item.TORCH) == (10 if torch is Block.AIR else 9)


def test_a_torch_put_onto_grass_stands_in_its_place():
    player = Someone(TORCHES, world=flat_world(ground=Block.GRASS_BLOCK))
    player.put(Block.GRASS, UNDER_AHEAD)
    player.look(8.5, FLOOR + 0.5, 10.5, "use")
    assert player.block(*UNDER_AHEAD) is Block.TORCH


@pytest.mark.parametrize(("top", "torch"), [(True, Block.TORCH), (False, Block.WALL_TORCH_NORTH)])
def test_a_torch_holds_on_the_top_and_on_the_sides_of_glass_until_it_is_gone(top, torch):
    player = Someone(TORCHES)
    glass = (8, FLOOR, 10) if top else (8, FLOOR + 1, 10)
    player.put(Block.GLASS, glass)
    player.look(8.5, FLOOR + 1.0 if top else FLOOR + 1.5, 10.5 if top else 10.0, "use")
    place = (8, FLOOR + 1, 10) if top else (8, FLOOR + 1, 9)
    assert player.block(*place) is torch
    player.put(Block.AIR, glass)
    assert player.block(*place) is Block.AIR


def test_a_torch_does_not_hold_on_leaves_but_a_block_does():
    player = Someone(TORCHES, COBBLE)
    player.put(Block.OAK_LEAVES, AHEAD)
    player.look(8.5, FLOOR + 1.5, 10.5, "use")
    assert player.carried(Item.TORCH) == 10
    player.select(1)
    player.act("use")
    assert player.block(8, FLOOR + 1, 9) is Block.COBBLESTONE


@pytest.mark.parametrize(("yaw", "front"), [(0, "NORTH"), (90, "EAST"), (180, "SOUTH"), (-90, "WEST")])
def test_a_furnace_looks_at_who_places_it(yaw, front):
    player = Someone(*tools(Item.FURNACE))
    player.act(yaw=yaw, pitch=50)
    player.act("use")
    ((cell, furnace),) = player.state.furnaces.items()
    assert player.block(*cell) is Block[f"FURNACE_{front}"]
    assert furnace.stacks() == []


def test_nobody_is_walled_in_by_a_block_but_a_torch_may_stand_at_ones_feet():
    player = Someone(COBBLE, TORCHES)
    player.look(8.5, FLOOR, 8.5, "use")
    assert player.carried(Item.COBBLESTONE) == 10
    player.select(1)
    player.act("use")
    assert player.block(8, FLOOR, 8) is Block.TORCH


def test_who_jumps_can_put_a_block_under_the_feet():
    player = Someone(COBBLE)
    player.act(pitch=90)
    player.act("jump")
    player.act(ticks=3)
    player.act("use")
    player.act(ticks=15)
    assert player.block(8, FLOOR, 8) is Block.COBBLESTONE
    assert player.state.body.position[1] == FLOOR + 1


def test_grass_and_water_make_room_for_a_block():
    player = Someone(COBBLE, world=flat_world(ground=Block.DIRT))
    player.put(Block.GRASS, UNDER_AHEAD)
    player.look(8.5, FLOOR + 0.3, 10.5, "use")
    assert player.block(*UNDER_AHEAD) is Block.COBBLESTONE
    assert player.lying() == {}
    player.put(Block.WATER, UNDER_AHEAD)
    player.act()
    player.look(8.5, FLOOR, 10.5, "use")
    assert player.block(*UNDER_AHEAD) is Block.COBBLESTONE


def test_flowers_are_planted_on_earth_only():
    for ground, planted in ((Block.DIRT, Block.POPPY), (Block.STONE, Block.AIR)):
        player = Someone(*tools(Item.POPPY), world=flat_world(ground=ground))
        player.look(8.5, FLOOR, 10.5, "use")
        assert player.block(*UNDER_AHEAD) is planted


@pytest.mark.parametrize(
    ("eye", "stone", "looked_at"),
    [
        ((8.5, 65.0, 8.5), (8, 63, 10), (8.5, 64.0, 10.5)),  # its upper side, the top of the world
        ((8.5, 12.9, 14.5), (8, 11, 15), (8.5, 12.0, 15.7)),  # the same inside the world, to compare
    ],
)
def test_nothing_is_placed_above_the_world(eye, stone, looked_at):
    player = Someone(COBBLE)
    player.put(Block.STONE, stone)
    player.stand(eye[0], eye[1] - 1.62, eye[2])
    player.look(*looked_at, "use")
    assert player.carried(Item.COBBLESTONE) == (10 if stone[1] == 63 else 9)


def test_a_held_button_uses_every_four_ticks_and_a_pressed_one_at_once():
    player = Someone(COBBLE, world=flat_world(32))
    player.stand(16.5, FLOOR, 16.5)
    player.put(Block.STONE, (16, FLOOR + 1, 20))
    counts = []
    for _ in range(10):
        player.act("use")
        counts.append(player.carried(Item.COBBLESTONE))
    assert counts == [9, 9, 9, 9, 8, 8, 8, 8, 7, 7]
    player = Someone(COBBLE)
    player.put(Block.STONE, (8, FLOOR + 1, 12))
    player.act("use")
    player.act()
    player.act("use")
    assert player.carried(Item.COBBLESTONE) == 8


def test_who_digs_does_not_place():
    player = Someone(COBBLE)
    player.put(Block.STONE, AHEAD)
    player.act("attack")
    player.act("attack", "use", ticks=20)
    assert player.carried(Item.COBBLESTONE) == 10


@pytest.mark.parametrize(
    ("block", "kind"),
    [(Block.CRAFTING_TABLE, ScreenKind.CRAFTING_TABLE), (Block.FURNACE_NORTH, ScreenKind.FURNACE)],
)
def test_use_opens_tables_and_furnaces_and_sneaking_places_against_them(block, kind):
    player = Someone(COBBLE)
    player.put(block, AHEAD)
    player.state.furnaces[AHEAD] = Furnace()
    player.act("use")
    assert player.state.screen is not None
    assert player.state.screen.kind is kind
    assert player.carried(Item.COBBLESTONE) == 10
    player.act("ESC")
    player.act("sneak")
    player.act("sneak", "use")
    assert player.state.screen is None
    assert player.block(8, FLOOR + 1, 9) is Block.COBBLESTONE


def test_empty_hands_open_a_table_even_while_sneaking():
    player = Someone()
    player.put(Block.CRAFTING_TABLE, AHEAD)
    player.act("sneak")
    player.act("sneak", "use")
    assert player.state.screen is not None


# Hands


def test_number_keys_choose_the_slot_in_hand():
    player = Someone()
    for slot in (3, 8, 0):
        player.act(f"hotbar.{slot + 1}")
        assert player.state.inventory.selected == slot


def test_the_off_hand_places_torches_while_the_other_holds_a_pickaxe():
    player = Someone(TORCHES, *tools(Item.IRON_PICKAXE))
    player.act("swapHands")
    assert player.state.inventory.off_hand == TORCHES
    assert player.state.inventory.held is None
    player.select(1)
    player.look(8.5, FLOOR, 10.5, "use")
    assert player.block(*UNDER_AHEAD) is Block.TORCH
    assert player.state.inventory.off_hand == TORCHES.of(9)
    player.act("swapHands")
    assert player.state.inventory.held == TORCHES.of(9)
    assert player.state.inventory.off_hand == Stack(Item.IRON_PICKAXE)


def test_a_block_that_does_not_fit_keeps_the_off_hand_still():
    player = Someone(TORCHES, COBBLE)
    player.act("swapHands")
    player.select(1)
    player.look(8.5, FLOOR, 8.5, "use")
    assert (player.carried(Item.COBBLESTONE), player.carried(Item.TORCH)) == (10, 10)


def test_the_drop_key_throws_one_and_with_sprint_all():
    player = Someone(COBBLE)
    player.act("drop")
    player.act("drop", ticks=5)  # held on: no second one
    assert player.lying() == {Item.COBBLESTONE: 1}
    assert player.carried(Item.COBBLESTONE) == 9
    player.act()
    player.act("drop", "sprint")
    assert player.lying() == {Item.COBBLESTONE: 10}
    assert player.state.inventory.held is None
    player.act()
    player.act("drop")
    assert player.lying() == {Item.COBBLESTONE: 10}


def test_what_is_thrown_flies_ahead_and_cannot_be_caught_for_two_seconds():
    player = Someone(COBBLE)
    player.act(pitch=90)
    player.act("drop", "sprint")
    player.act(ticks=38)
    assert player.carried(Item.COBBLESTONE) == 0
    player.act()
    assert player.carried(Item.COBBLESTONE) == 10
    player.act(pitch=-90)
    player.act("drop", "sprint")
    player.act(ticks=60)
    assert player.state.drops.positions[0][2] > 10.5


def test_pick_block_takes_what_it_is_placed_from_in_hand():
    player = Someone(None, COBBLE)
    player.put(Block.STONE, AHEAD)
    player.act("pickItem")
    assert player.state.inventory.selected == 1
    player.give(1, None)
    player.give(20, Stack(Item.COBBLESTONE, 3))
    player.act()
    player.act("pickItem")
    assert player.state.inventory.selected == 0
    assert player.state.inventory.held == Stack(Item.COBBLESTONE, 3)
    player.put(Block.OBSIDIAN, AHEAD)
    player.act()
    player.act("pickItem")
    assert player.state.inventory.held == Stack(Item.COBBLESTONE, 3)


# Screens


def pointer_to(player, role, number=0):
    """The camera movement that brings the pointer onto a slot."""
    slot = [slot for slot in player.state.screen.slots if slot.role is role][number]
    x, y = player.state.pointer
    return {
        "yaw": (slot.x + 8 - x) * DEGREES_PER_PIXEL,
        "pitch": (slot.y + 8 - y) * DEGREES_PER_PIXEL,
    }


@pytest.mark.parametrize("key", ["inventory", "ESC"])
def test_the_inventory_key_and_escape_close_a_screen(key):
    player = Someone()
    player.act("inventory", ticks=5)  # held on: it stays open
    assert player.state.screen is not None
    player.act()
    player.act(key)
    assert player.state.screen is None


def test_escape_without_a_screen_does_nothing():
    player, other = Someone(COBBLE), Someone(COBBLE)
    player.act("ESC")
    other.act()
    player.act()
    other.act()
    assert to_bytes(player.state) == to_bytes(other.state)


def test_a_key_held_across_the_opening_does_nothing_until_pressed_anew():
    player = Someone(COBBLE)
    player.put(Block.CRAFTING_TABLE, AHEAD)
    player.act("use")
    assert player.state.screen is not None
    player.act("use", **pointer_to(player, Role.HOTBAR))
    player.act("use", ticks=5)
    assert player.state.screen.carried is None
    player.act()
    player.act("use")
    assert player.state.screen.carried == COBBLE.of(5)


def test_nobody_walks_or_digs_on_a_screen():
    player = Someone()
    player.put(Block.DIRT, AHEAD)
    player.act("attack", ticks=10)
    player.act("attack", "inventory")
    assert player.state.digging.cell is None
    place, yaw = player.state.body.position, player.state.body.yaw
    player.act("attack", "forward", "jump", yaw=5.0, ticks=20)
    assert player.state.body.position == place
    assert player.state.body.yaw == yaw
    assert player.block(*AHEAD) is Block.DIRT


def test_what_lies_on_a_screen_comes_back_or_is_thrown_when_it_closes():
    player = Someone(COBBLE)
    player.act("inventory")
    player.act(**pointer_to(player, Role.HOTBAR))
    player.act("attack")
    assert player.state.screen.carried == COBBLE
    player.act("ESC")
    assert player.carried(Item.COBBLESTONE) == 10
    player.act("inventory")
    player.act(**pointer_to(player, Role.HOTBAR))
    player.act("attack")
    for slot in range(36):
        player.give(slot, Stack(Item.DIRT, 64))
    player.act("ESC")
    assert player.lying() == {Item.COBBLESTONE: 10}


def test_the_pointer_stays_in_the_picture_and_starts_from_its_middle():
    player = Someone()
    player.act("inventory")
    assert player.state.pointer == (320, 180)
    player.act(yaw=180, pitch=-180)
    assert player.state.pointer == (639, 0)
    player.act("ESC")
    player.act("inventory")
    assert player.state.pointer == (320, 180)


def test_two_clicks_within_a_quarter_of_a_second_gather():
    for pause, gathered in ((1, 8), (6, 5)):
        player = Someone(Stack(Item.DIRT, 5), Stack(Item.DIRT, 3))
        player.act("inventory")
        player.act(**pointer_to(player, Role.HOTBAR))
        player.act("attack")
        player.act(ticks=pause)
        player.act("attack")
        if player.state.screen.carried is None:  # a second click of its own puts it back
            assert player.state.inventory[0] == Stack(Item.DIRT, gathered)
        else:
            assert player.state.screen.carried == Stack(Item.DIRT, gathered)


@pytest.mark.parametrize("button", ["attack", "use"])
def test_a_mouse_button_held_across_a_screen_has_to_be_pressed_anew(button):
    player = Someone(COBBLE, world=flat_world())
    player.put(Block.DIRT, AHEAD)
    player.look(*(place + 0.5 for place in AHEAD))
    player.act("inventory")
    player.act(button)
    player.act(button, "inventory")
    assert player.state.screen is None
    player.act(button, ticks=40)
    assert player.block(*AHEAD) is Block.DIRT
    assert player.carried(Item.COBBLESTONE) == 10
    player.act()
    player.act(button, ticks=40)
    assert player.block(*AHEAD) is Block.AIR if button == "attack" else player.carried(Item.COBBLESTONE) < 10


def test_after_a_press_into_the_air_a_held_button_digs_nothing_for_half_a_second():
    player = Someone()
    player.look(*player.state.body.eye[:2], 1000.0)
    player.act("attack")
    player.put(Block.DIRT, AHEAD)
    player.look(*(place + 0.5 for place in AHEAD), "attack")
    waited = 1 + player.until(lambda: player.state.digging.cell is not None, "attack")
    assert waited == 10
    assert player.block(*AHEAD) is Block.DIRT


@pytest.mark.parametrize("block", [Block.CRAFTING_TABLE, Block.FURNACE_SOUTH])
def test_a_screen_closes_when_its_block_is_far_or_gone(block):
    for taken_away in (True, False):
        player = Someone()
        player.put(block, AHEAD)
        if block is Block.FURNACE_SOUTH:
            player.state.furnaces[AHEAD] = Furnace()
        player.look(*(place + 0.5 for place in AHEAD), "use")
        assert player.state.screen is not None
        x, y, z = player.state.body.position
        player.stand(x, y, z - 4)
        player.act()
        assert player.state.screen is not None
        if taken_away:
            player.put(Block.AIR, AHEAD)
        else:
            player.stand(x, y, z - 7)
        player.act()
        assert player.state.screen is None


def test_who_dies_on_a_screen_leaves_it_and_what_lay_on_it_behind():
    player = Someone(Stack(Item.DIAMOND, 3))
    player.act("inventory")
    slot = next(slot for slot in player.state.screen.slots if slot.role is Role.HOTBAR)
    x, y = player.state.pointer
    pixels = (slot.x + 8 - x, slot.y + 8 - y)
    player.act("attack", pitch=pixels[1] * DEGREES_PER_PIXEL, yaw=pixels[0] * DEGREES_PER_PIXEL)
    assert player.state.screen.carried == Stack(Item.DIAMOND, 3)
    player.state.vitals.health = 1
    player.state.vitals.air = -19
    player.put(Block.WATER, (8, FLOOR, 8), (8, FLOOR + 1, 8), (8, FLOOR + 2, 8))
    player.until(lambda: player.state.deaths, "sneak")
    assert player.state.screen is None
    assert sum(stack.count for stack in player.state.drops.stacks()) == 3
    assert player.carried(Item.DIAMOND) == 0
