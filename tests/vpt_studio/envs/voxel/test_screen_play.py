"""Long play on the screens: the whole way to the diamond pickaxe, and anything at all."""

from __future__ import annotations

import json
import random

import pytest
from screen_player import (
    BETWEEN,
    FURNACE_FUEL,
    FURNACE_OUTPUT,
    OUTSIDE,
    RESULT_2X2,
    RESULT_3X3,
    Play,
    grid_2x2,
    grid_3x3,
    own,
)

from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause
from vpt_studio.envs.voxel.recipes import RECIPES, Shaped
from vpt_studio.envs.voxel.screen_layout import Role, ScreenKind
from vpt_studio.envs.voxel.screens import Screen


def test_from_the_log_to_the_diamond_pickaxe_by_clicks_alone():
    mined = [
        Stack(Item.OAK_LOG, 2),
        Stack(Item.BIRCH_LOG, 1),
        Stack(Item.COBBLESTONE, 11),
        Stack(Item.IRON_ORE, 3),
        Stack(Item.COAL, 1),
        Stack(Item.DIAMOND, 3),
    ]
    play = Play(ScreenKind.INVENTORY, dict(enumerate(mined)))
    planks = (Item.OAK_PLANKS, Item.BIRCH_PLANKS)

    def lay(grid, places, *items):
        """Put one of `items` into each of `places`, and the rest back."""
        for place in places:
            source = play.where(*items)
            play.left(source)
            play.right(grid(place))
            play.left(source)

    for log in (Item.OAK_LOG, Item.BIRCH_LOG):
        play.left(play.where(log))
        play.left(grid_2x2(0))
        play.left(RESULT_2X2, shift=True)
    for _ in range(2):
        lay(grid_2x2, (1, 3), *planks)
        play.left(RESULT_2X2)
        play.left(own(20))
    assert play.inventory[20] == Stack(Item.STICK, 8)
    lay(grid_2x2, range(4), *planks)
    play.left(RESULT_2X2, shift=True)
    assert play.inventory.count(Item.CRAFTING_TABLE) == 1
    play.close()

    play.open(ScreenKind.CRAFTING_TABLE)

    def make_pickaxe(*material):
        lay(grid_3x3, (0, 1, 2), *material)
        lay(grid_3x3, (4, 7), Item.STICK)
        play.left(RESULT_3X3, shift=True)

    make_pickaxe(*planks)
    make_pickaxe(Item.COBBLESTONE)
    lay(grid_3x3, (0, 1, 2, 3, 5, 6, 7, 8), Item.COBBLESTONE)
    play.left(RESULT_3X3, shift=True)
    assert play.inventory.count(Item.FURNACE) == 1
    play.close()

    play.open(ScreenKind.FURNACE)
    play.left(play.where(Item.IRON_ORE), shift=True)
    play.left(play.where(Item.COAL))
    play.left(FURNACE_FUEL)
    for _ in range(600):
        play.furnace.tick(play.ledger)
    play.left(FURNACE_OUTPUT, shift=True)
    assert play.inventory[8] is not None
    play.close()

    play.open(ScreenKind.CRAFTING_TABLE)
    make_pickaxe(Item.IRON_INGOT)
    make_pickaxe(Item.DIAMOND)
    play.close()

    made = (
        Item.WOODEN_PICKAXE,
        Item.STONE_PICKAXE,
        Item.IRON_PICKAXE,
        Item.DIAMOND_PICKAXE,
        Item.CRAFTING_TABLE,
        Item.FURNACE,
    )
    counts = play.inventory.counts()
    assert all(counts[item] == 1 for item in made)
    assert counts.sum() == len(made) + 1  # and one of the twelve planks
    assert not play.thrown
    play.check_books()


class Monkey(Play):
    """A player who does anything at all."""

    def __init__(self, rng, stacks):
        super().__init__(ScreenKind.INVENTORY, stacks, smelting_ticks=4)
        self.rng = rng

    def point(self):
        """Somewhere, and twice as often as it is large on the upper half of the screen."""
        slots = self.screen.slots
        if self.rng.random() < 0.4:
            slots = [slot for slot in slots if slot.role not in (Role.PACK, Role.HOTBAR)]
        slot = self.rng.choice(slots)
        return (slot.x + 8, slot.y + 8) if self.rng.random() < 0.95 else self.rng.choice([OUTSIDE, BETWEEN])

    def press(self):
        button, shift = self.rng.choice(["left", "right"]), self.rng.random() < 0.1
        double = self.rng.random() < 0.1
        self.thrown += self.screen.press(button, *self.point(), shift=shift, double=double)

    def drag(self):
        self.screen.drag(*self.point())

    def release(self):
        self.screen.release()

    def exchange(self):
        if self.rng.random() < 0.7:
            self.screen.number_key(self.rng.randrange(9), *self.point())
        else:
            self.screen.swap_hands_key(*self.point())

    def drop(self):
        self.thrown += self.screen.drop_key(*self.point(), everything=self.rng.random() < 0.3)

    def smelt(self):
        self.furnace.tick(self.ledger)

    def pick_up(self):
        found, self.thrown = self.thrown, []
        while found and self.rng.random() < 0.7:
            lost = found.pop()
            self.ledger.book(Cause.LOST, lost.item, lost.count)
        self.thrown += [rest for rest in map(self.inventory.add, found) if rest is not None]

    def leave(self):
        if self.rng.random() < 0.3:
            self.close()
            self.open(self.rng.choice(list(ScreenKind)))

    def lay_a_recipe(self):
        self.close()
        self.open(ScreenKind.CRAFTING_TABLE)
        recipe = self.rng.choice([recipe for recipe in RECIPES if isinstance(recipe, Shaped)])
        for row, letters in enumerate(recipe.pattern):
            for column, letter in enumerate(letters):
                if letter != " ":
                    self.thrown += filter(None, [self.inventory[0]])
                    given = Stack(self.rng.choice(recipe.legend[letter]), self.rng.randint(1, 3))
                    self.inventory[0] = given
                    self.ledger.book(Cause.GIVEN, given.item, given.count)
                    self.screen.number_key(0, *grid_3x3(3 * row + column))

    def load_snapshot(self):
        state = json.loads(json.dumps(self.screen.to_state()))
        furnace = self.furnace if self.screen.kind is ScreenKind.FURNACE else None
        self.screen = Screen.from_state(state, self.inventory, self.ledger, furnace)
        assert self.screen.to_state() == state

    def act(self):
        often = {self.press: 9, self.drag: 4, self.exchange: 2, self.smelt: 2}
        seldom = (self.release, self.drop, self.pick_up, self.leave, self.load_snapshot)
        acts = often | dict.fromkeys(seldom, 1) | {self.lay_a_recipe: 0.3}
        (act,) = self.rng.choices(list(acts), list(acts.values()))
        act()


@pytest.mark.parametrize("acts", [12_000, pytest.param(30_000, marks=pytest.mark.slow)])
def test_thousands_of_random_acts_neither_make_nor_lose_anything(acts):
    begin = [
        Stack(Item.OAK_LOG, 64),
        Stack(Item.BIRCH_LOG, 30),
        Stack(Item.OAK_PLANKS, 64),
        Stack(Item.OAK_PLANKS, 64),
        Stack(Item.STICK, 50),
        Stack(Item.COAL, 40),
        Stack(Item.COBBLESTONE, 64),
        Stack(Item.IRON_ORE, 64),
        Stack(Item.SAND, 64),
        Stack(Item.IRON_AXE, 1, 5),
    ]
    monkey = Monkey(random.Random(11), dict(enumerate(begin)))
    for _ in range(acts):
        monkey.act()
        monkey.check_books()
    # It was a real workout.
    assert (monkey.ledger.counts[Cause.CRAFTED] > 0).sum() > 11
    assert monkey.ledger.counts[Cause.SMELTED].any()
    assert monkey.ledger.counts[Cause.BURNED].any()
