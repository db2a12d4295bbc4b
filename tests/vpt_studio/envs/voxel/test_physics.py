"""How the player's body moves, against facts/voxel.md and the recursions of Minecraft 1.16."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny_worlds import FLOOR, cluttered_world, empty_world, flat_world, solid_cells_in

from vpt_studio.envs.voxel import player_motion
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.physics import Body, Keys, move

FORWARD = Keys(forward=True)
SPRINT = Keys(forward=True, sprint=True)
STILL = Keys()


def standing(world, x=8.5, z=8.5, y=FLOOR, yaw=0.0):
    """A body that has come to rest there."""
    body = Body(x, y, z, yaw)
    for _ in range(3):
        move(world, body, STILL)
    assert body.on_ground
    assert body.position == (x, y, z)
    return body


def run(world, body, keys, ticks):
    """The fall that ended in each tick."""
    return [move(world, body, keys) for _ in range(ticks)]


@pytest.mark.parametrize(
    ("keys", "metres_per_second"),
    [
        (FORWARD, 4.317),
        (SPRINT, 5.612),
        (Keys(forward=True, sneak=True), 1.295),
        (Keys(back=True), 4.317),
        (Keys(left=True), 4.317),
        # Two keys at once are cut to a push of 1, which is a little more than the 0.98 of one.
        (Keys(forward=True, right=True), 4.317 / 0.98),
    ],
)
def test_speed_on_the_ground(keys, metres_per_second):
    world = flat_world(48)
    body = standing(world, 24.5, 24.5)
    run(world, body, keys, 30)
    before = body.position
    run(world, body, keys, 20)
    assert math.dist(before, body.position) == pytest.approx(metres_per_second, abs=6e-4)


@pytest.mark.parametrize(
    ("yaw", "keys", "direction"),
    [
        (0, Keys(forward=True), (0, 1)),
        (90, Keys(forward=True), (-1, 0)),
        (180, Keys(forward=True), (0, -1)),
        (-90, Keys(forward=True), (1, 0)),
        (0, Keys(left=True), (1, 0)),
        (0, Keys(right=True), (-1, 0)),
        (90, Keys(back=True), (1, 0)),
    ],
)
def test_yaw_turns_to_the_right_from_the_south(yaw, keys, direction):
    world = flat_world()
    body = standing(world, yaw=yaw)
    run(world, body, keys, 10)
    x, _, z = body.position
    assert np.sign(np.round([x - 8.5, z - 8.5], 9)).tolist() == list(direction)


def test_opposite_keys_cancel():
    world = flat_world()
    body = standing(world)
    run(world, body, Keys(forward=True, back=True, left=True, right=True, sprint=True), 5)
    assert body.position == (8.5, FLOOR, 8.5)
    assert not body.sprinting


def test_a_jump_rises_one_and_a_quarter_metres_in_twelve_ticks():
    world = flat_world()
    body = standing(world)
    heights = []
    for tick in range(12):
        move(world, body, Keys(jump=tick == 0))
        heights.append(body.position[1] - FLOOR)
    assert max(heights) == pytest.approx(1.2522, abs=1e-4)
    assert np.argmax(heights) == 5
    assert [height > 0 for height in heights] == [True] * 11 + [False]


def test_a_held_jump_key_jumps_from_the_ground_again_and_a_pressed_one_at_once():
    world = flat_world()
    body = standing(world)
    world.blocks[:, :, FLOOR + 2] = Block.STONE  # a low ceiling: one is back on the ground at once
    takeoffs = []
    for tick in range(40):
        on_ground = body.on_ground
        move(world, body, Keys(jump=True))
        if on_ground and body.position[1] > FLOOR:
            takeoffs.append(tick)
    assert np.diff(takeoffs).tolist() == [10, 10, 10]
    for _ in range(4):  # down, up and down again
        move(world, body, STILL)
    assert body.on_ground
    move(world, body, Keys(jump=True))
    assert body.position[1] > FLOOR


def test_free_fall_follows_the_recursion_to_terminal_velocity():
    world = empty_world()
    body = Body(8.5, 60.0, 8.5)
    body.state[player_motion.Y] = 5000.0  # open air goes on above the world
    y, velocity = 5000.0, 0.0
    for tick in range(600):
        assert move(world, body, STILL) == 0.0
        y += velocity if abs(velocity) >= 0.003 else 0.0
        velocity = (velocity - 0.08) * 0.98
        assert body.position[1] == pytest.approx(y, abs=1e-9)
        assert body.velocity[1] == pytest.approx(velocity, abs=1e-12)
        # 3.92 (0.98^t - 1) is what the recursion comes to.
        assert velocity == pytest.approx(3.92 * (0.98 ** (tick + 1) - 1), abs=1e-12)
    assert velocity == pytest.approx(-3.92, abs=1e-4)


def test_a_sprint_jump_makes_seven_metres_a_second():
    world = flat_world(128)
    body = standing(world, 64.5, 2.5)
    keys = Keys(forward=True, sprint=True, jump=True)
    run(world, body, keys, 120)
    before = body.position[2]
    run(world, body, keys, 120)  # ten jumps
    assert (body.position[2] - before) / 6 == pytest.approx(7.127, abs=2e-3)


def test_sprinting_lasts_until_forward_is_released():
    world = flat_world(48)
    body = standing(world, 24.5, 4.5)
    run(world, body, SPRINT, 2)
    run(world, body, FORWARD, 5)
    assert body.sprinting
    run(world, body, STILL, 1)
    assert not body.sprinting
    run(world, body, FORWARD, 1)
    assert not body.sprinting


@pytest.mark.parametrize("how", ["wall", "sneak", "water"])
def test_sprinting_ends_at_a_wall_while_sneaking_and_in_water(how):
    world = flat_world(32)
    body = standing(world, 16.5, 4.5)
    run(world, body, SPRINT, 3)
    assert body.sprinting
    if how == "wall":
        world.blocks[:, 7, FLOOR + 1] = Block.STONE
    elif how == "water":
        world.blocks[:, :, FLOOR] = Block.WATER
    run(world, body, Keys(forward=True, sneak=how == "sneak"), 12)
    assert not body.sprinting


def test_walls_stop_a_body_flush_and_let_it_slide_along():
    world = flat_world(32)
    world.blocks[:, 12, FLOOR : FLOOR + 2] = Block.STONE
    body = standing(world, 8.5, 10.5, yaw=-30)
    run(world, body, FORWARD, 40)
    assert body.position[2] == pytest.approx(12 - 0.3, abs=1e-12)
    assert body.position[0] > 10
    assert body.collided


def test_one_jumps_onto_one_block_but_not_onto_two():
    for height, up in ((1, True), (2, False)):
        world = flat_world()
        world.blocks[:, 10:, FLOOR : FLOOR + height] = Block.STONE
        body = standing(world)
        run(world, body, Keys(forward=True, jump=True), 30)
        run(world, body, STILL, 20)
        assert (body.position[1] == FLOOR + height) == up


def test_plants_and_torches_are_walked_through():
    world = flat_world()
    for z, block in ((9, Block.GRASS), (10, Block.POPPY), (11, Block.TORCH)):
        world.blocks[8, z, FLOOR] = block
    body = standing(world)
    run(world, body, FORWARD, 25)
    assert body.position[2] > 12
    assert body.position[1] == FLOOR


@pytest.mark.parametrize("yaw", [0, 90, 180, -90, 45, -117])
def test_nobody_leaves_the_world_sideways_not_even_above_it(yaw):
    for y in (FLOOR, 80.0):
        world = flat_world()
        body = Body(8.5, y, 8.5, yaw)
        run(world, body, SPRINT, 80)
        assert 0.3 - 1e-9 <= body.position[0] <= 15.7 + 1e-9
        assert 0.3 - 1e-9 <= body.position[2] <= 15.7 + 1e-9


def test_nobody_falls_out_of_a_world_without_floor():
    body = Body(8.5, 5.0, 8.5)
    world = empty_world()
    run(world, body, STILL, 60)
    assert body.position[1] == 0.0
    assert body.on_ground


def test_sneaking_lowers_box_and_eyes_and_lasts_where_there_is_no_room():
    world = flat_world(32)
    body = standing(world)
    assert body.eye == (8.5, FLOOR + 1.62, 8.5)
    assert body.box[1][1] == FLOOR + 1.8
    run(world, body, Keys(sneak=True), 1)
    assert body.sneaking
    assert body.eye == (8.5, FLOOR + 1.27, 8.5)
    assert body.box[1][1] == FLOOR + 1.5
    # No block here is less than a metre high, but sand may fall into the cell of the head.
    world.blocks[:, :, FLOOR + 1] = Block.STONE
    run(world, body, STILL, 3)
    assert body.sneaking
    world.blocks[:, :, FLOOR + 1] = Block.AIR
    run(world, body, STILL, 1)
    assert not body.sneaking


def test_sneaking_feet_stay_on_their_block():
    rng = np.random.default_rng(3)
    for _ in range(15):
        world = empty_world()
        world.blocks[:, :, 19] = (rng.random((16, 16)) < 0.5) * Block.STONE
        world.blocks[8, 8, 19] = Block.STONE
        body = standing(world, y=20)
        for tick in range(400):
            if tick % 20 == 0:
                forward, back, left, right = rng.random(4) < 0.4
                body.turn(0, rng.uniform(-180, 180))
            keys = Keys(bool(forward), bool(back), bool(left), bool(right), sneak=True)
            assert move(world, body, keys) == 0
            assert body.position[1] == 20
            assert body.on_ground


def test_without_sneaking_one_walks_over_the_edge():
    world = empty_world()
    world.blocks[8, 8, 19] = Block.STONE
    body = standing(world, y=20)
    run(world, body, Keys(forward=True, sneak=True), 60)
    assert body.position[1] == 20
    assert 9.0 < body.position[2] < 9.3
    run(world, body, FORWARD, 20)
    assert body.position[1] < 20


@pytest.mark.parametrize(
    ("height", "half_hearts"), [(1, 0), (3, 0), (4, 1), (5, 2), (10, 7), (22, 19), (23, 19), (24, 21)]
)
def test_a_fall_costs_half_a_heart_for_each_metre_beyond_three(height, half_hearts):
    # 23 blocks leave half a heart, since the last tick of a fall does not count.
    world = flat_world()
    body = Body(8.5, FLOOR + height, 8.5)
    falls = [fall for fall in run(world, body, STILL, 80) if fall > 0]
    assert len(falls) == 1
    assert height - 1.7 < falls[0] < height
    assert max(0, math.ceil(falls[0] - 3)) == half_hearts
    assert body.fall_distance == 0


def test_fall_distance_grows_while_falling_and_water_ends_it():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 2] = Block.WATER
    body = Body(8.5, FLOOR + 22, 8.5)
    run(world, body, STILL, 20)
    assert body.fall_distance == pytest.approx(FLOOR + 22 - body.position[1])
    assert run(world, body, STILL, 200) == [0.0] * 200
    assert body.in_water
    assert body.fall_distance == 0


def deep_water():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 40] = Block.WATER
    return world


@pytest.mark.parametrize(
    ("keys", "gain", "limit"),
    [(STILL, 0.0, -0.025), (Keys(jump=True), 0.04, 0.135), (Keys(sneak=True), -0.04, -0.185)],
)
def test_swimming_up_and_sinking_follow_the_recursion(keys, gain, limit):
    world = deep_water()
    body = Body(8.5, FLOOR + 20, 8.5)
    y, velocity = FLOOR + 20.0, 0.0
    for _ in range(40):
        move(world, body, keys)
        velocity += gain
        y += velocity
        velocity = velocity * 0.8 - 0.005
        assert body.position[1] == pytest.approx(y, abs=1e-12)
    assert velocity == pytest.approx(limit, abs=1e-4)
    assert body.in_water
    assert body.eyes_in_water


def test_swimming_forward_reaches_two_metres_a_second():
    world = deep_water()
    body = Body(8.5, FLOOR + 30, 3.5)
    run(world, body, SPRINT, 60)
    before = body.position[2]
    run(world, body, SPRINT, 10)
    assert body.position[2] - before == pytest.approx(10 * 0.02 * 0.98 / 0.2, abs=1e-4)
    assert not body.sprinting


def test_lava_is_slower_than_water():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 40] = Block.LAVA
    body = Body(8.5, FLOOR + 20, 8.5)
    run(world, body, STILL, 60)
    assert body.in_lava
    assert not body.in_water
    assert body.velocity[1] == pytest.approx(-0.04, abs=1e-6)
    run(world, body, Keys(jump=True), 60)
    assert body.velocity[1] == pytest.approx(0.0, abs=1e-6)


def test_the_surface_of_water_is_eight_ninths_high():
    world = flat_world()
    world.blocks[:, :, FLOOR] = Block.WATER
    for above, wet in ((0.88, True), (0.8885, False)):
        body = Body(8.5, FLOOR + above, 8.5)
        body.state[player_motion.VY] = 0.0
        move(world, body, STILL)
        assert body.in_water == wet


def test_eyes_are_under_water_a_ninth_of_a_metre_below_its_surface():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 4] = Block.WATER
    surface = FLOOR + 3 + 8 / 9
    for depth, under in ((0.02, True), (-0.02, True), (-0.13, False)):
        body = Body(8.5, surface - 1.62 - depth, 8.5)
        move(world, body, STILL)
        assert body.eyes_in_water == under, depth
        assert body.in_water


@pytest.mark.parametrize("depth", [1, 3])
def test_one_gets_out_of_the_water_onto_a_shore(depth):
    world = flat_world()
    world.blocks[:, :, FLOOR - depth : FLOOR] = Block.WATER
    world.blocks[:, 12:, FLOOR - depth : FLOOR] = Block.SAND
    body = Body(8.5, FLOOR - depth, 8.5)
    run(world, body, Keys(forward=True, jump=True), 80)
    run(world, body, STILL, 10)
    assert body.position[1] == FLOOR
    assert body.on_ground
    assert not body.in_water


def test_a_shore_a_block_above_the_water_is_out_of_reach():
    world = flat_world()
    world.blocks[:, :, FLOOR - 3 : FLOOR] = Block.WATER
    world.blocks[:, 12:, FLOOR - 3 : FLOOR + 1] = Block.SAND
    body = Body(8.5, FLOOR - 1.5, 8.5)
    for _ in range(200):
        move(world, body, Keys(forward=True, jump=True))
        assert body.position[1] < FLOOR + 0.93  # it hops at the wall, as in Minecraft
        assert body.position[2] < 12


def test_on_the_bottom_of_water_the_jump_key_swims():
    world = flat_world()
    world.blocks[:, :, FLOOR] = Block.WATER
    body = standing(world)
    move(world, body, Keys(jump=True))
    assert 0 < body.position[1] - FLOOR < 0.1


def test_lava_takes_half_of_a_fall_in_every_tick():
    world = flat_world()
    world.blocks[:, :, FLOOR : FLOOR + 8] = Block.LAVA
    body = Body(8.5, FLOOR + 20, 8.5)
    while not body.in_lava:
        move(world, body, STILL)
    before, y = body.fall_distance, body.position[1]
    move(world, body, STILL)
    assert body.fall_distance == pytest.approx(before / 2 + y - body.position[1])


def test_sand_on_ones_head_squeezes_one_out_to_a_free_side():
    world = flat_world()
    world.blocks[7:10, 7:10, FLOOR : FLOOR + 2] = Block.STONE
    world.blocks[8, 8, FLOOR : FLOOR + 2] = Block.SAND
    world.blocks[9, 8, FLOOR : FLOOR + 2] = Block.AIR
    body = Body(8.6, FLOOR, 8.5)
    run(world, body, STILL, 40)
    assert body.position[0] >= 9.3 - 0.1  # what remains inside is less than what is pushed
    run(world, body, Keys(left=True), 20)
    assert solid_cells_in(world, *body.box) == []


def test_bodies_never_overlap_solids_whatever_keys_are_pressed():
    rng = np.random.default_rng(11)
    for _ in range(20):
        world = cluttered_world(rng)
        body = Body(6.5, 12.0, 6.5)
        keys = STILL
        for tick in range(1000):
            if tick % 4 == 0:
                keys = Keys(*(rng.random(7) < (0.6, 0.2, 0.3, 0.3, 0.4, 0.15, 0.5)).tolist())
                body.turn(0.0, float(rng.uniform(-90, 90)))
            if tick % 250 == 249:  # thrown about, far faster than anything falls
                body.state[player_motion.VX : player_motion.VZ + 1] = rng.uniform(-60, 60, 3)
            move(world, body, keys)
            assert solid_cells_in(world, *body.box) == []
        assert np.isfinite(body.state).all()


def test_no_speed_gets_through_a_wall_of_one_block():
    rng = np.random.default_rng(12)
    world = empty_world(24)
    room = (slice(4, 19), slice(4, 19), slice(4, 19))
    world.blocks[room] = Block.STONE
    world.blocks[5:18, 5:18, 5:18] = Block.AIR
    body = Body(11.5, 11.0, 11.5)
    for _ in range(2000):
        body.state[player_motion.VX : player_motion.VZ + 1] = rng.uniform(-1, 1, 3) * 10 ** rng.uniform(-3, 3)
        move(world, body, STILL)
        lower, upper = np.array(body.box)
        assert (lower >= 5 - 1e-6).all()
        assert (upper <= 18 + 1e-6).all()


def test_a_copy_of_the_state_is_a_snapshot():
    rng = np.random.default_rng(13)
    world = cluttered_world(rng)
    keys = [Keys(*(rng.random(7) < 0.5).tolist()) for _ in range(100)]
    body = Body(6.5, 12.0, 6.5, yaw=30)
    for pressed in keys:
        move(world, body, pressed)
    saved = body.state.copy()
    first = [(move(world, body, pressed), *body.state) for pressed in keys]
    body.state[:] = saved
    assert [(move(world, body, pressed), *body.state) for pressed in keys] == first


def test_turning_wraps_yaw_and_stops_pitch_at_the_poles():
    body = Body(0, 0, 0, yaw=170, pitch=80)
    body.turn(20, 20)
    assert (body.yaw, body.pitch) == (-170, 90)
    body.turn(-200, -20)
    assert (body.yaw, body.pitch) == (170, -90)
    body.turn(0, 10)
    assert body.yaw == -180
    body.turn(0, -1e-14)
    assert -180 <= body.yaw < 180
    body.turn(0, 3600 + 5)
    assert body.yaw == pytest.approx(-175)


def test_touching_a_cell_means_being_inside_it():
    body = Body(8.5, 10.0, 8.5)
    assert body.touches((8, 10, 8))
    assert body.touches((8, 11, 8))
    assert not body.touches((8, 9, 8))
    assert not body.touches((8, 12, 8))
    assert not body.touches((9, 10, 8))
    assert Body(8.8, 10.0, 8.5).touches((9, 10, 8))
