"""What contractors know: what was before their eyes, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from contractor_worlds import FLOOR, Puppet, pass_tick, tiny_state

from vpt_studio.contractors import STYLES, Contractor
from vpt_studio.contractors.digging import dig, digging_costs
from vpt_studio.contractors.gathering import collect
from vpt_studio.contractors.memory import UNSEEN, Memory
from vpt_studio.contractors.mining import ore_in_sight
from vpt_studio.contractors.motor import Input
from vpt_studio.contractors.pathfinding import Goal, find_way
from vpt_studio.contractors.planner import make_diamond_pickaxe
from vpt_studio.contractors.walking import go
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.state import State

DIAMOND = frozenset({Block.DIAMOND_ORE})
GEM = frozenset({Item.DIAMOND})
HERE = (24, FLOOR, 24)


def looked(state, ticks=24):
    memory = Memory(len(state.world.blocks))
    for _ in range(ticks):
        memory.look(state)
    return memory


def test_ore_in_the_open_is_known_and_ore_behind_a_wall_is_not():
    def build(blocks):
        blocks[24, 30, FLOOR + 1] = Block.DIAMOND_ORE

    def with_wall(blocks):
        build(blocks)
        blocks[:, 28, FLOOR : FLOOR + 8] = Block.STONE

    open_state, walled = tiny_state(build), tiny_state(with_wall)
    assert looked(open_state).nearest(DIAMOND, (24, FLOOR, 24), 20) == (24, FLOOR + 1, 30)
    assert looked(walled).nearest(DIAMOND, (24, FLOOR, 24), 20) is None


def test_nothing_behind_the_back_is_known_until_one_turns_round():
    def build(blocks):
        blocks[24, 16, FLOOR + 1] = Block.DIAMOND_ORE

    state = tiny_state(build)
    assert looked(state).at((24, FLOOR + 1, 16)) == UNSEEN
    state.body.turn(0, 180)
    assert looked(state).at((24, FLOOR + 1, 16)) == Block.DIAMOND_ORE


def test_ore_inside_the_ground_beside_one_is_not_known():
    def build(blocks):
        blocks[24, 25, FLOOR - 2] = Block.DIAMOND_ORE

    puppet = Puppet(tiny_state(build))
    for _ in range(24):
        puppet.player.begin_tick(puppet.state)
    assert ore_in_sight(puppet.player, DIAMOND) is None


@pytest.mark.parametrize(
    "cell", [(24, FLOOR + 1, 23), (24, FLOOR + 2, 24), (25, FLOOR, 24)], ids=["behind", "above", "beside"]
)
def test_an_ore_at_arms_length_is_only_felt_until_it_is_looked_at(cell):
    x, y, z = cell

    def build(blocks):
        blocks[:, :, : FLOOR + 20] = Block.STONE
        blocks[24, 24:40, FLOOR : FLOOR + 2] = Block.AIR
        blocks[x, z, y] = Block.DIAMOND_ORE

    puppet = Puppet(tiny_state(build))
    player = puppet.player
    for _ in range(24):
        player.begin_tick(puppet.state)
    assert player.is_solid(cell)
    assert player.memory.nearest(DIAMOND, HERE, 5) is None
    yaw, pitch = player.angles_to((x + 0.5, y + 0.5, z + 0.5))
    puppet.state.body.turn(pitch, yaw)
    for _ in range(6):
        player.begin_tick(puppet.state)
    assert player.memory.nearest(DIAMOND, HERE, 5) == cell
    puppet.state.body.turn(-pitch, 180 - yaw)
    for _ in range(24):
        player.begin_tick(puppet.state)
    assert player.memory.at(cell) == Block.DIAMOND_ORE


def test_in_the_dark_one_does_not_see_far():
    def build(blocks):
        blocks[:, :, : FLOOR + 20] = Block.STONE
        blocks[24, 4:46, FLOOR : FLOOR + 2] = Block.AIR
        blocks[24, 28, FLOOR + 2] = blocks[24, 46, FLOOR + 1] = Block.DIAMOND_ORE

    memory = looked(tiny_state(build))
    assert memory.at((24, FLOOR + 2, 28)) == Block.DIAMOND_ORE
    assert memory.at((24, FLOOR + 1, 46)) == UNSEEN


def test_what_is_seen_is_what_is_there():
    state = State.begin(BRISK, 5)
    memory = Memory(len(state.world.blocks))
    for _ in range(40):
        memory.look(state)
        state.body.turn(0, 12)
    known = memory.seen != UNSEEN
    assert known.sum() > 3000
    assert (memory.seen[known] == state.world.blocks[known]).all()


def lay(state, place, item=Item.DIAMOND):
    state.drops.add(Stack(item, 1), place, (0.0, 0.0, 0.0))


def wait(ticks):
    for _ in range(ticks):
        yield


def turn_to(player, yaw):
    player.turn(yaw, 10.0)
    yield from wait(30)


def wall(blocks):
    blocks[20:29, 26, FLOOR : FLOOR + 4] = Block.STONE


@pytest.mark.parametrize(
    ("build", "place"),
    [
        (lambda blocks: None, (24.5, FLOOR + 0.1, 19.5)),  # in the open, behind the back
        (wall, (24.5, FLOOR + 0.1, 27.4)),  # before the eyes, but behind a wall
    ],
    ids=["behind the back", "behind a wall"],
)
def test_nobody_picks_up_what_was_not_seen(build, place):
    puppet = Puppet(tiny_state(build))
    lay(puppet.state, place)
    puppet.do(wait(10))
    puppet.do(collect(puppet.player, GEM))
    assert not puppet.player.count(GEM)
    assert len(puppet.inputs) == 10  # nothing was even begun


def test_what_was_seen_lying_about_is_remembered():
    puppet = Puppet(tiny_state())
    lay(puppet.state, (26.5, FLOOR, 29.5))
    puppet.do(wait(5))
    puppet.do(turn_to(puppet.player, 180.0))
    puppet.do(collect(puppet.player, GEM))
    assert puppet.player.count(GEM) == 1
    puppet.inputs.clear()
    puppet.do(collect(puppet.player, GEM))
    assert not puppet.inputs  # one knows that it was picked up


def test_what_is_gone_is_missed_when_its_place_is_looked_at():
    puppet = Puppet(tiny_state())
    lay(puppet.state, (24.5, FLOOR, 29.5))
    puppet.do(wait(5))
    puppet.do(turn_to(puppet.player, 180.0))
    motion, numbers = puppet.state.drops.to_arrays()
    puppet.state.drops = type(puppet.state.drops).from_arrays(motion[:0], numbers[:0])
    puppet.do(wait(5))
    assert [drop.item for drop in puppet.player.memory.drops] == [Item.DIAMOND]
    puppet.do(turn_to(puppet.player, 0.0))
    assert not list(puppet.player.memory.drops)


def test_what_one_breaks_round_a_corner_is_known_to_lie_there():
    """What falls out of a block that only shows its side is hidden by what stands before it."""

    def build(blocks):
        blocks[25, 25, FLOOR : FLOOR + 3] = Block.STONE
        blocks[26, 25, FLOOR + 1] = Block.COAL_ORE

    puppet = Puppet(tiny_state(build), knows_all=True)
    puppet.give((Item.STONE_PICKAXE, 1))
    assert puppet.do(dig(puppet.player, (26, FLOOR + 1, 25)))
    puppet.do(wait(3))
    assert [drop.item for drop in puppet.player.memory.drops] == [Item.COAL]
    puppet.do(collect(puppet.player, frozenset({Item.COAL})))
    assert puppet.player.count({Item.COAL}) == 1


def alike_while_the_same_is_seen(worlds, play, ticks):
    """Play `worlds` side by side while the same is seen of them: for how many ticks, and whether alike."""
    puppets = [Puppet(state) for state in worlds]
    for puppet in puppets:
        puppet.give((Item.IRON_PICKAXE, 1), (Item.OAK_LOG, 20), (Item.COBBLESTONE, 20))
    plays = [play(puppet.player) for puppet in puppets]
    for tick in range(ticks):
        given = []
        for puppet, deeds in zip(puppets, plays, strict=True):
            puppet.player.begin_tick(puppet.state)
            next(deeds)
            given.append(puppet.player.end_tick())
            pass_tick(puppet.state, given[-1])
        first, second = (puppet.player.memory.seen for puppet in puppets)
        if given[0] != given[1] or (first != second).any():
            return tick, given[0] == given[1]
    return ticks, True


def behind_a_wall(hidden):
    """A room with a wall to the south, behind which is a passage or none."""

    def build(blocks):
        blocks[:, :, FLOOR : FLOOR + 12] = Block.STONE
        blocks[18:31, 20:28, FLOOR : FLOOR + 3] = Block.AIR
        blocks[18, 29:39, FLOOR : FLOOR + 2] = blocks[18:31, 38, FLOOR : FLOOR + 2] = hidden

    return tiny_state(build)


def test_a_way_is_the_same_whatever_is_behind_the_wall():
    ways = []
    for state in (behind_a_wall(Block.STONE), behind_a_wall(Block.AIR)):
        puppet = Puppet(state)
        puppet.give((Item.IRON_PICKAXE, 1))
        for _ in range(24):
            puppet.player.begin_tick(state)
        costs = digging_costs(puppet.player, unknown=True)
        ways.append(find_way(puppet.player.memory, HERE, Goal((30, FLOOR, 38)), costs))
    assert ways[0] == ways[1]


def test_one_walks_the_same_whatever_is_behind_the_wall():
    def walk(player):
        yield from wait(12)
        yield from go(player, Goal((30, FLOOR, 38)), lambda: digging_costs(player, unknown=True))

    ticks, alike = alike_while_the_same_is_seen(
        [behind_a_wall(Block.STONE), behind_a_wall(Block.AIR)], walk, 60
    )
    assert alike
    assert ticks > 40


def test_under_the_ground_ore_that_was_never_seen_changes_nothing():
    """The same room in stone and in diamonds, whose walls show stone alone."""

    def room(around):
        def build(blocks):
            blocks[:, :, 1 : FLOOR + 20] = around
            blocks[20:29, 20:29, FLOOR - 1 : FLOOR + 4] = Block.STONE
            blocks[21:28, 21:28, FLOOR : FLOOR + 3] = Block.AIR

        return tiny_state(build)

    ticks, alike = alike_while_the_same_is_seen(
        [room(Block.STONE), room(Block.DIAMOND_ORE)], make_diamond_pickaxe, 400
    )
    assert alike
    assert ticks > 30


def test_what_was_never_seen_changes_nothing_of_the_play():
    """Two worlds that differ only where nobody looks are played alike."""
    plays = []
    for hidden in (Block.STONE, Block.DIAMOND_ORE):

        def build(blocks, hidden=hidden):
            blocks[10:14, 10:14, 2:5] = hidden
            blocks[22:27, 30, FLOOR : FLOOR + 4] = Block.OAK_LOG

        state = tiny_state(build)
        contractor = Contractor(STYLES["steady"], 1)
        inputs = []
        for _ in range(400):
            given = contractor.act(state)
            inputs.append(given)
            pass_tick(state, given)
        plays.append(inputs)
    assert plays[0] == plays[1]
    assert any(given != Input() for given in plays[0])
    assert np.mean([given.dx != 0 for given in plays[0]]) > 0.05
