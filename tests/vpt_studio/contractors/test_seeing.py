"""What contractors know: what was before their eyes, and nothing else."""

from __future__ import annotations

import numpy as np
from contractor_worlds import FLOOR, Puppet, pass_tick, tiny_state

from vpt_studio.contractors import STYLES, Contractor
from vpt_studio.contractors.memory import UNSEEN, Memory
from vpt_studio.contractors.mining import ore_in_sight
from vpt_studio.contractors.motor import Input
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.state import State

DIAMOND = frozenset({Block.DIAMOND_ORE})


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
