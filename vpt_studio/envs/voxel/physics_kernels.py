"""Compiled motion among whole cells: collisions, fluids, a tick of the player and a tick of items.

Constants and the order of things within a tick are Minecraft 1.16's (prismarine-physics, and the game as
players know it where that is silent), in float64 and with true sines where Minecraft has float32 and a
table. A box is [x, y, z of its lower corner, x, y, z of its upper corner]. Beside and below the world
everything is solid, at every height; above it there is air. Stepping up 0.6 m without a jump is left out:
among whole cubes there is nothing so low.

All of it is one file because a kernel kept on disk notices changes of its own file only.
"""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import Block

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

#: Metres: an item's width and its height.
ITEM_SIZE = 0.25
#: Places of an item's whole numbers in ``Drops``.
ITEM, COUNT, WEAR, AGE, PICKUP_DELAY, THROWN = range(6)
#: Ticks after which an item is gone.
ITEM_LIFE = 6000

# As NumPy's numbers: for each plain constant in a call numba would compile the called function anew.
_WATER, _LAVA = np.uint8(Block.WATER), np.uint8(Block.LAVA)
_SURFACE = 8 / 9  # how high in its cell a fluid stands where there is none above
_TOUCH = 1e-7  # metres by which boxes may overlap and merely touch
_SHRINK = 0.001  # metres taken off every side of a box that is asked what fluid it is in

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

_ITEM_GRAVITY, _ITEM_FRICTION = 0.04, 0.6 * 0.98
_ITEM_WATER_DRAG, _ITEM_RISE, _ITEM_FASTEST_RISE = 0.99, 5e-4, 0.06
_ITEM_DEPTH = ITEM_SIZE * 0.85 - 1 / 9  # metres of water in which an item floats up
_ITEM_REST = 1e-5  # square metres per square tick
_ITEM_SQUEEZE = 0.2  # metres per tick out of a block
_MERGE_REACH = 0.5  # metres between items that become one
_MERGE_TICKS, _MERGE_TICKS_MOVING = 40, 2


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
def move_items(motion, numbers, blocks, solid, stack_sizes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """One tick of every item; returns whether any are to be taken out.

    Merged ones then have a count of 0; those that burnt or lay too long have an age of `ITEM_LIFE`.
    """
    box = np.empty(6)
    gone = False
    for i in range(len(motion)):
        item, tally = motion[i], numbers[i]
        if tally[COUNT] == 0:  # merged a moment ago
            continue
        tally[PICKUP_DELAY] = max(0, tally[PICKUP_DELAY] - 1)
        x, y, z = math.floor(item[X]), math.floor(item[Y]), math.floor(item[Z])
        # What lies still is looked after in every fourth tick only, as in Minecraft: it costs the most.
        still = item[VY] == 0 and item[VX] ** 2 + item[VZ] ** 2 < _ITEM_REST and tally[AGE] % 4 != 0
        burnt = not still and _move_item(item, blocks, solid, box)
        moved = math.floor(item[X]) != x or math.floor(item[Y]) != y or math.floor(item[Z]) != z
        tally[AGE] = ITEM_LIFE if burnt else tally[AGE] + 1
        if tally[AGE] >= ITEM_LIFE:
            gone = True
        elif tally[AGE] % (_MERGE_TICKS_MOVING if moved else _MERGE_TICKS) == 0:
            gone |= _merge(motion, numbers, i, stack_sizes[tally[ITEM]])
    return gone


@compiled
def reachable_items(motion, numbers, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Places (int64, ascending) of the items that the player touches and may pick up."""
    across = HALF_WIDTH + 1 + ITEM_SIZE / 2
    height = SNEAKING_HEIGHT if state[SNEAKING] != 0 else HEIGHT
    places = np.empty(len(motion), np.int64)
    found = 0
    for i in range(len(motion)):
        if (
            numbers[i, PICKUP_DELAY] == 0
            and abs(motion[i, X] - state[X]) < across
            and abs(motion[i, Z] - state[Z]) < across
            and -0.5 - ITEM_SIZE < motion[i, Y] - state[Y] < height + 0.5
        ):
            places[found] = i
            found += 1
    return places[:found]


@compiled
def _is_solid(blocks, solid, x, y, z):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    if x < 0 or z < 0 or y < 0 or x >= blocks.shape[0] or z >= blocks.shape[1]:
        return True
    return y < blocks.shape[2] and solid[blocks[x, z, y]] != 0


@compiled
def touches_solid(blocks, solid, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether anything solid is inside `box`."""
    for x in range(math.floor(box[0] + _TOUCH), math.floor(box[3] - _TOUCH) + 1):
        for z in range(math.floor(box[2] + _TOUCH), math.floor(box[5] - _TOUCH) + 1):
            for y in range(math.floor(box[1] + _TOUCH), math.floor(box[4] - _TOUCH) + 1):
                if _is_solid(blocks, solid, x, y, z):
                    return True
    return False


@compiled
def _stands_clear(blocks, solid, box, dx, dy, dz):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether nothing solid is inside `box` moved by (dx, dy, dz)."""
    moved = np.array([box[0] + dx, box[1] + dy, box[2] + dz, box[3] + dx, box[4] + dy, box[5] + dz])
    return not touches_solid(blocks, solid, moved)


@compiled
def _clip(blocks, solid, box, axis, distance):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """How far `box` gets along `axis` of `distance`; what it is already inside does not stop it."""
    if distance == 0:
        return 0.0
    step = 1 if distance > 0 else -1
    # Counted from the box's front, so that both directions are one loop: layer n begins n cells ahead.
    front = box[axis + 3] if step > 0 else -box[axis]
    first, last = math.ceil(front - _TOUCH), math.floor(front + abs(distance))
    for layer in range(first, last + 1):
        if _layer_is_solid(blocks, solid, box, axis, layer if step > 0 else -layer - 1):
            return step * min(abs(distance), max(layer - front, 0.0))
    return distance


@compiled
def _layer_is_solid(blocks, solid, box, axis, layer):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether `box`, as far as its other two axes go, meets anything solid in a layer of cells."""
    if axis == 1 and layer >= blocks.shape[2]:
        return False
    u, v = (1, 2) if axis == 0 else ((0, 2) if axis == 1 else (0, 1))
    for i in range(math.floor(box[u] + _TOUCH), math.floor(box[u + 3] - _TOUCH) + 1):
        for j in range(math.floor(box[v] + _TOUCH), math.floor(box[v + 3] - _TOUCH) + 1):
            if axis == 0:
                blocked = _is_solid(blocks, solid, layer, i, j)
            elif axis == 1:
                blocked = _is_solid(blocks, solid, i, layer, j)
            else:
                blocked = _is_solid(blocks, solid, i, j, layer)
            if blocked:
                return True
    return False


@compiled
def _slide(blocks, solid, box, way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move `box` by `way` as far as it gets, first along y, then along the farther of x and z.

    `way` (float64 [3]) becomes what it got.
    """
    farther = 2 if abs(way[0]) < abs(way[2]) else 0
    for turn in range(3):
        axis = 1 if turn == 0 else (farther if turn == 1 else 2 - farther)
        way[axis] = _clip(blocks, solid, box, axis, way[axis])
        box[axis] += way[axis]
        box[axis + 3] += way[axis]


@compiled
def _fluid_top(blocks, x, y, z, fluid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The height at which `fluid` ends in this cell of the world, -1 where there is none."""
    if blocks[x, z, y] != fluid:
        return -1.0
    covered = y + 1 < blocks.shape[2] and blocks[x, z, y + 1] == fluid
    return y + 1.0 if covered else y + _SURFACE


@compiled
def _fluid_depth(blocks, box, fluid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Metres of `fluid` above the lower side of `box`, 0 where it is in none."""
    bottom = box[1] + _SHRINK
    top = bottom
    for x in range(max(0, math.floor(box[0] + _SHRINK)), min(blocks.shape[0], math.ceil(box[3] - _SHRINK))):
        for z in range(
            max(0, math.floor(box[2] + _SHRINK)), min(blocks.shape[1], math.ceil(box[5] - _SHRINK))
        ):
            for y in range(max(0, math.floor(bottom)), min(blocks.shape[2], math.ceil(box[4] - _SHRINK))):
                top = max(top, _fluid_top(blocks, x, y, z, fluid))
    return top - bottom


@compiled
def _feel_fluids(state, blocks, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    state[IN_WATER] = _fluid_depth(blocks, box, _WATER) > 0
    state[IN_LAVA] = _fluid_depth(blocks, box, _LAVA) > 0
    state[EYES_IN_WATER] = 0.0
    if state[IN_WATER] == 0:
        return
    state[FALL] = 0.0
    eyes = state[Y] + (SNEAKING_EYE if state[SNEAKING] != 0 else EYE) - _EYES_UNDER
    x, y, z = math.floor(state[X]), math.floor(eyes), math.floor(state[Z])
    if 0 <= y < blocks.shape[2]:  # a body's middle never leaves the world sideways
        state[EYES_IN_WATER] = _fluid_top(blocks, x, y, z, _WATER) > eyes


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
    for y in range(math.floor(box[1] + _TOUCH), math.floor(box[4] - _TOUCH) + 1):
        if _is_solid(blocks, solid, x, y, z):
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
    if not _stands_clear(blocks, solid, box, dx, dy, dz):
        return False
    for x in range(math.floor(box[0] + dx), math.ceil(box[3] + dx)):
        for z in range(math.floor(box[2] + dz), math.ceil(box[5] + dz)):
            for y in range(math.floor(box[1] + dy), min(blocks.shape[2], math.ceil(box[4] + dy))):
                # Rounding may reach a hair beyond the world's side, where there is no fluid.
                if 0 <= x < blocks.shape[0] and 0 <= z < blocks.shape[1] and y >= 0:
                    block = blocks[x, z, y]
                    if block in (_WATER, _LAVA):
                        return False
    return True


@compiled
def _shift(state, blocks, solid, box, keys):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move by the velocity, as far as walls and edges let one; returns the metres of a fall that ended."""
    wanted = state[VX : VZ + 1].copy()
    if keys & SNEAK:
        _stay_on_ground(state, blocks, solid, box, wanted)
    way = wanted.copy()
    _slide(blocks, solid, box, way)
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
    if state[ON_GROUND] == 0 and (low >= 0 or _stands_clear(blocks, solid, box, 0.0, low, 0.0)):
        return
    dx, dz = way[0], way[2]
    while dx != 0 and _stands_clear(blocks, solid, box, dx, -_EDGE_DEPTH, 0.0):
        dx = _nearer_to_zero(dx)
    while dz != 0 and _stands_clear(blocks, solid, box, 0.0, -_EDGE_DEPTH, dz):
        dz = _nearer_to_zero(dz)
    while dx != 0 and dz != 0 and _stands_clear(blocks, solid, box, dx, -_EDGE_DEPTH, dz):
        dx, dz = _nearer_to_zero(dx), _nearer_to_zero(dz)
    way[0], way[2] = dx, dz


@compiled
def _nearer_to_zero(way):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return math.copysign(max(abs(way) - _EDGE_STEP, 0.0), way)


@compiled
def _move_item(item, blocks, solid, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """One tick of one item; returns whether it burnt."""
    _item_box(item, box)
    if _fluid_depth(blocks, box, _LAVA) > 0:
        return True
    if touches_solid(blocks, solid, box):
        _squeeze_item_out(item, blocks, solid)
        return False
    if _fluid_depth(blocks, box, _WATER) > _ITEM_DEPTH:
        item[VX] *= _ITEM_WATER_DRAG
        item[VZ] *= _ITEM_WATER_DRAG
        if item[VY] < _ITEM_FASTEST_RISE:
            item[VY] += _ITEM_RISE
    else:
        item[VY] -= _ITEM_GRAVITY
    way = item[VX : VZ + 1].copy()
    _slide(blocks, solid, box, way)
    friction = _ITEM_FRICTION if way[1] != item[VY] and item[VY] < 0 else _AIR_DRAG
    for axis in range(3):
        item[X + axis] += way[axis]
        drag = _AIR_DRAG if axis == 1 else friction
        item[VX + axis] = item[VX + axis] * drag if way[axis] == item[VX + axis] else 0.0
    return False


@compiled
def _item_box(item, box):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for axis in range(3):
        reach = 0.0 if axis == 1 else ITEM_SIZE / 2
        box[axis] = item[axis] - reach
        box[axis + 3] = box[axis] + ITEM_SIZE


@compiled
def _squeeze_item_out(item, blocks, solid):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Move an item that a block was put onto towards the nearest free cell, or else up."""
    item[VX:] = 0.0
    middle_y = item[Y] + ITEM_SIZE / 2
    x, y, z = math.floor(item[X]), math.floor(middle_y), math.floor(item[Z])
    if not _is_solid(blocks, solid, x, y, z):  # its rim is in a wall: off to the middle of its cell
        item[X] += min(max(x + 0.5 - item[X], -_ITEM_SQUEEZE), _ITEM_SQUEEZE)
        item[Y] = min(max(item[Y], float(y)), y + 1 - ITEM_SIZE)
        item[Z] += min(max(z + 0.5 - item[Z], -_ITEM_SQUEEZE), _ITEM_SQUEEZE)
        return
    nearest = 1.0 - (middle_y - y) if not _is_solid(blocks, solid, x, y + 1, z) else 2.0
    axis, step = Y, 1
    for side in range(4):
        ahead = 1 if side & 1 else -1
        inside = item[X] - x if side < 2 else item[Z] - z
        way = 1.0 - inside if ahead > 0 else inside
        next_x, next_z = (x + ahead, z) if side < 2 else (x, z + ahead)
        if way < nearest and not _is_solid(blocks, solid, next_x, y, next_z):
            nearest = way
            axis, step = (X if side < 2 else Z), ahead
    item[axis] += step * _ITEM_SQUEEZE


@compiled
def _merge(motion, numbers, i, stack_size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Make one of item `i` and equal ones beside it, the smaller going to the larger; whether any went."""
    across, merged = ITEM_SIZE + _MERGE_REACH, False
    for j in range(len(motion)):
        if (
            j == i
            or numbers[j, COUNT] == 0
            or numbers[j, AGE] >= ITEM_LIFE
            or numbers[i, COUNT] + numbers[j, COUNT] > stack_size
            or numbers[i, ITEM] != numbers[j, ITEM]
            or numbers[i, WEAR] != numbers[j, WEAR]
            or numbers[i, THROWN] != numbers[j, THROWN]
            or abs(motion[i, X] - motion[j, X]) >= across
            or abs(motion[i, Y] - motion[j, Y]) >= ITEM_SIZE
            or abs(motion[i, Z] - motion[j, Z]) >= across
        ):
            continue
        stays, goes = (i, j) if numbers[j, COUNT] < numbers[i, COUNT] else (j, i)
        numbers[stays, COUNT] += numbers[goes, COUNT]
        numbers[stays, AGE] = min(numbers[i, AGE], numbers[j, AGE])
        numbers[stays, PICKUP_DELAY] = max(numbers[i, PICKUP_DELAY], numbers[j, PICKUP_DELAY])
        numbers[goes, COUNT] = 0
        merged = True
        if goes == i:
            break
    return merged
