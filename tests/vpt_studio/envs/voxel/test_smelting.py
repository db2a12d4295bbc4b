"""Furnaces, tick by tick."""

from __future__ import annotations

import json

import pytest

from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT, Furnace, burning_ticks


def furnace_with(piece=None, fuel=None, output=None, smelting_ticks=200):
    furnace = Furnace(smelting_ticks)
    furnace[INPUT], furnace[FUEL], furnace[OUTPUT] = piece, fuel, output
    return furnace


def run(furnace, ticks, ledger=None):
    """The ticks, counted from 1, in which it went on or out."""
    ledger = ledger or Ledger()
    return [tick for tick in range(1, ticks + 1) if furnace.tick(ledger)]


def test_one_piece_takes_two_hundred_ticks():
    ledger = Ledger()
    furnace = furnace_with(Stack(Item.IRON_ORE, 3), Stack(Item.COAL, 2))
    assert run(furnace, 199, ledger) == [1]
    assert (furnace[INPUT], furnace[OUTPUT]) == (Stack(Item.IRON_ORE, 3), None)
    furnace.tick(ledger)
    assert (furnace[INPUT], furnace[OUTPUT]) == (Stack(Item.IRON_ORE, 2), Stack(Item.IRON_INGOT))
    assert furnace[FUEL] == Stack(Item.COAL, 1)
    assert ledger.counts[Cause.SMELTED, Item.IRON_INGOT] == 1
    assert ledger.counts[Cause.USED_UP, Item.IRON_ORE] == 1
    assert ledger.counts[Cause.BURNED, Item.COAL] == 1
    assert ledger.counts.sum() == 3


@pytest.mark.parametrize("smelting_ticks", [200, 50])
def test_coal_smelts_eight_pieces_in_every_world(smelting_ticks):
    furnace = furnace_with(Stack(Item.SAND, 20), Stack(Item.COAL, 1), smelting_ticks=smelting_ticks)
    changes = run(furnace, 20 * smelting_ticks)
    assert furnace[OUTPUT] == Stack(Item.GLASS, 8)
    assert furnace[INPUT] == Stack(Item.SAND, 12)
    assert changes == [1, 8 * smelting_ticks + 1]
    assert furnace.progress == 0


def test_the_next_fuel_follows_without_going_out():
    furnace = furnace_with(Stack(Item.SAND, 20), Stack(Item.COAL, 2))
    assert run(furnace, 3300) == [1, 3201]
    assert furnace[OUTPUT] == Stack(Item.GLASS, 16)


def test_a_piece_half_done_cools_down_twice_as_fast():
    furnace = furnace_with(Stack(Item.SAND, 1), Stack(Item.STICK, 1))
    run(furnace, 100)
    assert furnace.progress == 100
    run(furnace, 1)
    assert (furnace.progress, furnace.lit) == (98, False)
    run(furnace, 48)
    assert furnace.progress == 2
    run(furnace, 5)
    assert furnace.progress == 0


def test_fuel_is_not_lit_without_something_to_smelt():
    for furnace in (
        furnace_with(None, Stack(Item.COAL)),
        furnace_with(Stack(Item.DIRT), Stack(Item.COAL)),
        furnace_with(Stack(Item.SAND), Stack(Item.COAL), Stack(Item.STONE)),
        furnace_with(Stack(Item.SAND), Stack(Item.COAL), Stack(Item.GLASS, 64)),
    ):
        assert run(furnace, 300) == []
        assert furnace[FUEL] == Stack(Item.COAL)


def test_it_burns_on_when_its_piece_is_taken_out():
    furnace = furnace_with(Stack(Item.SAND, 2), Stack(Item.OAK_PLANKS, 3))
    run(furnace, 150)
    furnace[INPUT] = None
    assert furnace.progress == 0
    assert run(furnace, 200) == [151]
    assert furnace[FUEL] == Stack(Item.OAK_PLANKS, 2)


def test_another_piece_starts_from_the_beginning_and_more_of_the_same_does_not():
    furnace = furnace_with(Stack(Item.SAND, 2), Stack(Item.COAL))
    run(furnace, 150)
    furnace[INPUT] = Stack(Item.SAND, 5)
    assert furnace.progress == 150
    furnace[INPUT] = Stack(Item.COBBLESTONE, 5)
    assert furnace.progress == 0


def test_shares_are_between_nothing_and_all():
    furnace = furnace_with(Stack(Item.SAND, 2), Stack(Item.STICK), smelting_ticks=200)
    assert (furnace.burn_share, furnace.progress_share) == (0.0, 0.0)
    run(furnace, 50)
    assert (furnace.burn_share, furnace.progress_share) == (0.51, 0.25)


def test_everything_that_burns_burns_at_least_a_tick():
    assert burning_ticks(Item.STICK, 1) == 1
    assert burning_ticks(Item.STICK, 50) == 25
    assert burning_ticks(Item.WOODEN_AXE, 200) == 200
    assert burning_ticks(Item.DIRT, 200) == 0


def test_a_furnace_goes_on_from_its_snapshot_as_if_nothing_had_been():
    furnace = furnace_with(Stack(Item.OAK_LOG, 9), Stack(Item.BIRCH_PLANKS, 4), smelting_ticks=50)
    run(furnace, 60)
    again = Furnace.from_state(json.loads(json.dumps(furnace.to_state())), 50)
    assert again.to_state() == furnace.to_state()
    assert run(furnace, 500) == run(again, 500)
    assert again.to_state() == furnace.to_state()
