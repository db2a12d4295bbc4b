"""A tick of the player's body, compiled.

Constants and the order of things within a tick are Minecraft 1.16's (prismarine-physics, and the game as
players know it where that is silent), in float64 and with true sines where Minecraft has float32 and a
table. Stepping up 0.6 m without a jump is left out: among whole cubes there is nothing so low.
"""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.collisions import (
    LAVA,
    TOUCH,
    WATER,
    fluid_depth,
    fluid_top,
    is_solid,
    slide,
    stands_clear,
    touches_solid,
)

#: Places of a player's numbers in ``Body.state``.
X, Y, Z, VX, VY, VZ, YAW, PITCH, FALL, JUMP_PAUSE = range(10)
ON_GROUND, IN_WATER, IN_LAVA, EYES_IN_WATER, SNEAKING, SPRINTING, COLLIDED = range(10, 17)
STATE_SIZE = 17

#: Bits of the keys that move a player.
FORWARD, BACK, LEFT, RIGHT, JUMP, SNEAK, SPRINT = 1, 2, 4, 8, 16, 32, 64

#: Metres: half a player's width, heights and eyes standing and sneaking.
HALF_WIDTH = 0.3
HEIGHT, SNEAKING_HEIGHT = 1.8, 1.5
EYE, SNEAKING_EYE = 1.62, 1.27

_GRAVITY, _AIR_DRAG = 0.08, 0.98
_WATER_GRAVITY, _WATER_DRAG = 0.08 / 16, 0.8
_LAVA_GRAVITY, _LAVA_DRAG = 0.02, 0.5
_GROUND_FRICTION, _AIR_FRICTION = 0.6 * 0.91, 0.91
# On the ground times 0.16277136 / friction^3, which is 1 for the friction of every block that exists here.
_GROUND_PUSH, _SPRINTING_GROUND_PUSH = 0.1, 0.13
_AIR_PUSH, _SPRINTING_AIR_PUSH, _FLUID_PUSH = 0.02, 0.026, 0.02
_INPUT, _SNEAKING_INPUT = 0.98, 0.3
_REST = 0.003  # metres per tick; what is slower stands still
_JUMP, _SPRINTING_JUMP, _JUMP_TICKS = 0.42, 0.2, 10
_SWIM = 0.04  # metres per tick gained in a tick, up by the jump key and down by the sneak key
_SHORE, _ASHORE = 0.6, 0.3  # metres that a shore may rise, metres per tick with which one gets onto it
_EDGE_STEP, _EDGE_DEPTH = 0.05, 0.6  # metres: how finely sneaking feels for an edge, and how far down
_COLLIDED = 1e-5  # metres lost to a wall that count as running into it
_SQUEEZE, _SQUEEZE_CORNER = 0.1, 0.35 * 0.6  # metres per tick out of a block, metres off the middle
_EYES_UNDER = 1 / 9  # metres of water above the eyes before they count as under it


@compiled
def move_player(state, blocks, solid, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """One tick of the player: `state` changes; returns the metres of a fall that ended, else 0.

    As in Minecraft, the part of a fall that lies in its last tick is not counted.
    """
    box = np.empty(6)
    _take_pose(state, blocks, solid, box, keys)
    _feel_fluids(state, blocks, box)
    if state[IN_LAVA] != 0:
        state[FALL] *= 0.5
    forward = (keys & FORWARD) / FORWARD - (keys & BACK) / BACK
    left = (keys & LEFT) / LEFT - (keys & RIGHT) / RIGHT
    _sprint(state, forward, keys)
    if touches_solid(blocks, solid, box):
        _squeeze_out(state, blocks, solid, box)
    if state[IN_WATER] != 0 and keys & SNEAK:
        state[VY] -= _SWIM
    for axis in range(VX, VZ + 1):
        if abs(state[axis]) < _REST:
            state[axis] = 0.0
    _jump(state, keys)
    share = _INPUT * (_SNEAKING_INPUT if state[SNEAKING] != 0 else 1.0)
    if state[IN_WATER] != 0 or state[IN_LAVA] != 0:
        landed = _swim(state, blocks, solid, box, forward * share, left * share, keys)
    else:
        landed = _walk(state, blocks, solid, box, forward * share, left * share, keys)
    _feel_fluids(state, blocks, box)
    return 0.0 if state[IN_WATER] != 0 else landed


@compiled
def _feel_fluids(state, blocks, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    state[IN_WATER] = fluid_depth(blocks, box, WATER) > 0
    state[IN_LAVA] = fluid_depth(blocks, box, LAVA) > 0
    state[EYES_IN_WATER] = 0.0
    if state[IN_WATER] == 0:
        return
    state[FALL] = 0.0
    eyes = state[Y] + (SNEAKING_EYE if state[SNEAKING] != 0 else EYE) - _EYES_UNDER
    x, y, z = math.floor(state[X]), math.floor(eyes), math.floor(state[Z])
    if 0 <= y < blocks.shape[2]:  # a body's middle never leaves the world sideways
        state[EYES_IN_WATER] = fluid_top(blocks, x, y, z, WATER) > eyes


@compiled
def _take_pose(state, blocks, solid, box, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Sneak while the key is held, and for as long as there is no room to stand up."""
    box[0], box[1], box[2] = state[X] - HALF_WIDTH, state[Y], state[Z] - HALF_WIDTH
    box[3], box[4], box[5] = state[X] + HALF_WIDTH, state[Y] + HEIGHT, state[Z] + HALF_WIDTH
    sneaking = keys & SNEAK != 0 or (state[SNEAKING] != 0 and touches_solid(blocks, solid, box))
    state[SNEAKING] = sneaking
    if sneaking:
        box[4] = state[Y] + SNEAKING_HEIGHT


@compiled
def _sprint(state, forward, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Sprinting begins with the sprint key and lasts, without it, while nothing is in its way."""
    hindered = forward <= 0 or state[SNEAKING] != 0 or state[COLLIDED] != 0 or state[IN_WATER] != 0
    state[SPRINTING] = not hindered and (state[SPRINTING] != 0 or keys & SPRINT != 0)


@compiled
def _squeeze_out(state, blocks, solid, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Push a player whom falling sand has buried to the nearest side that is free."""
    for corner in range(4):
        at_x = state[X] + (_SQUEEZE_CORNER if corner & 1 else -_SQUEEZE_CORNER)
        at_z = state[Z] + (_SQUEEZE_CORNER if corner & 2 else -_SQUEEZE_CORNER)
        x, z = math.floor(at_x), math.floor(at_z)
        if not _column_is_solid(blocks, solid, box, x, z):
            continue
        nearest = 2.0
        axis, push = VX, 0.0
        for side in range(4):
            step = 1 if side & 1 else -1
            inside = at_x - x if side < 2 else at_z - z
            way = 1.0 - inside if step > 0 else inside
            next_x, next_z = (x + step, z) if side < 2 else (x, z + step)
            if way < nearest and not _column_is_solid(blocks, solid, box, next_x, next_z):
                nearest = way
                axis, push = (VX if side < 2 else VZ), step * _SQUEEZE
        if push != 0:
            state[axis] = push


@compiled
def _column_is_solid(blocks, solid, box, x, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether any cell of column (x, z) that is as high as `box` is solid."""
    for y in range(math.floor(box[1] + TOUCH), math.floor(box[4] - TOUCH) + 1):
        if is_solid(blocks, solid, x, y, z):
            return True
    return False


@compiled
def _jump(state, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    state[JUMP_PAUSE] = max(0.0, state[JUMP_PAUSE] - 1)
    if not keys & JUMP:
        state[JUMP_PAUSE] = 0.0
        return
    if state[IN_WATER] != 0 or state[IN_LAVA] != 0:
        state[VY] += _SWIM  # even with feet on the ground, for no fluid here is shallower than 0.4 m
        return
    if state[ON_GROUND] == 0 or state[JUMP_PAUSE] > 0:
        return
    state[VY] = _JUMP
    state[JUMP_PAUSE] = _JUMP_TICKS
    if state[SPRINTING] != 0:
        yaw = math.radians(state[YAW])
        state[VX] -= math.sin(yaw) * _SPRINTING_JUMP
        state[VZ] += math.cos(yaw) * _SPRINTING_JUMP


@compiled
def _push(state, forward, left, strength):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Gain speed the way the keys say; two keys at once are no faster than one of full strength."""
    length = math.hypot(forward, left)
    if length > 1:
        forward, left = forward / length, left / length
    yaw = math.radians(state[YAW])
    sine, cosine = math.sin(yaw), math.cos(yaw)
    state[VX] += (left * cosine - forward * sine) * strength
    state[VZ] += (forward * cosine + left * sine) * strength


@compiled
def _walk(state, blocks, solid, box, forward, left, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    sprinting = state[SPRINTING] != 0
    if state[ON_GROUND] != 0:
        friction = _GROUND_FRICTION
        strength = _SPRINTING_GROUND_PUSH if sprinting else _GROUND_PUSH
    else:
        friction = _AIR_FRICTION
        strength = _SPRINTING_AIR_PUSH if sprinting else _AIR_PUSH
    _push(state, forward, left, strength)
    landed = _shift(state, blocks, solid, box, keys)
    state[VX] *= friction
    state[VY] = (state[VY] - _GRAVITY) * _AIR_DRAG
    state[VZ] *= friction
    return landed


@compiled
def _swim(state, blocks, solid, box, forward, left, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    drag, gravity = (_WATER_DRAG, _WATER_GRAVITY) if state[IN_WATER] != 0 else (_LAVA_DRAG, _LAVA_GRAVITY)
    before = state[Y]
    _push(state, forward, left, _FLUID_PUSH)
    landed = _shift(state, blocks, solid, box, keys)
    state[VX] *= drag
    state[VY] = state[VY] * drag - gravity
    state[VZ] *= drag
    if state[COLLIDED] != 0:
        rise = state[VY] + _SHORE - (state[Y] - before)
        if _is_free(blocks, solid, box, state[VX], rise, state[VZ]):
            state[VY] = _ASHORE
    return landed


@compiled
def _is_free(blocks, solid, box, dx, dy, dz):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether `box` moved by (dx, dy, dz) is in nothing but air, or plants."""
    if not stands_clear(blocks, solid, box, dx, dy, dz):
        return False
    for x in range(math.floor(box[0] + dx), math.ceil(box[3] + dx)):
        for z in range(math.floor(box[2] + dz), math.ceil(box[5] + dz)):
            for y in range(math.floor(box[1] + dy), min(blocks.shape[2], math.ceil(box[4] + dy))):
                # Rounding may reach a hair beyond the world's side, where there is no fluid.
                if 0 <= x < blocks.shape[0] and 0 <= z < blocks.shape[1] and y >= 0:
                    block = blocks[x, z, y]
                    if block in (WATER, LAVA):
                        return False
    return True


@compiled
def _shift(state, blocks, solid, box, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move by the velocity, as far as walls and edges let one; returns the metres of a fall that ended."""
    wanted = state[VX : VZ + 1].copy()
    if keys & SNEAK:
        _stay_on_ground(state, blocks, solid, box, wanted)
    way = wanted.copy()
    slide(blocks, solid, box, way)
    for axis in range(3):
        state[X + axis] += way[axis]
        if way[axis] != wanted[axis]:
            state[VX + axis] = 0.0
    state[COLLIDED] = max(abs(way[0] - wanted[0]), abs(way[2] - wanted[2])) > _COLLIDED
    state[ON_GROUND] = way[1] != wanted[1] and wanted[1] < 0
    landed = 0.0
    if state[ON_GROUND] != 0:
        landed = state[FALL]
        state[FALL] = 0.0
    elif way[1] < 0:
        state[FALL] -= way[1]
    return landed


@compiled
def _stay_on_ground(state, blocks, solid, box, way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Shorten `way` along x and z until there is ground under its end."""
    low = state[FALL] - _EDGE_DEPTH
    if state[ON_GROUND] == 0 and (low >= 0 or stands_clear(blocks, solid, box, 0.0, low, 0.0)):
        return
    dx, dz = way[0], way[2]
    while dx != 0 and stands_clear(blocks, solid, box, dx, -_EDGE_DEPTH, 0.0):
        dx = _nearer_to_zero(dx)
    while dz != 0 and stands_clear(blocks, solid, box, 0.0, -_EDGE_DEPTH, dz):
        dz = _nearer_to_zero(dz)
    while dx != 0 and dz != 0 and stands_clear(blocks, solid, box, dx, -_EDGE_DEPTH, dz):
        dx, dz = _nearer_to_zero(dx), _nearer_to_zero(dz)
    way[0], way[2] = dx, dz


@compiled
def _nearer_to_zero(way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return math.copysign(max(abs(way) - _EDGE_STEP, 0.0), way)
