"""Walking along a way: turning to where it leads, jumping, digging through, noticing that one is stuck."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum

from vpt_studio.contractors.digging import dig
from vpt_studio.contractors.motor import turn_between
from vpt_studio.contractors.pathfinding import LAVA, PASSAGE, UNKNOWN, WATER, Costs, Goal, Way, find_way
from vpt_studio.contractors.player import Play, Player
from vpt_studio.envs.voxel.world import Cell

Stop = Callable[[], bool]


class Step(Enum):
    """What became of the preparations of a step."""

    READY = "it can be made"
    CHANGED = "something was done for it"
    NONE = "it cannot be made"


_NEAR = 1.8  # metres from which one knows where one steps
_STUCK = 24  # ticks without getting nearer
_NUDGES = 3
_SIDES = ("forward", "right", "back", "left")  # by quarters of a turn to the right
_RUN = 1  # cells straight ahead that invite to run
#: Degrees off the view from which on one goes to a side as well, to the side alone, and not yet.
_SIDEWAYS = (24.0, 66.0, 112.0)
_AHEAD = 6
_OFF_LINE = 0.45  # metres that a straight line may leave a way's cells aside


def never() -> bool:
    """Nothing breaks a walk off."""
    return False


def go(
    player: Player, goal: Goal, costs: Callable[[], Costs], stop: Stop = never, tries: int = 8
) -> Play[bool]:
    """Go to where `goal` is fulfilled, finding the way anew as more is seen.

    Args:
        player: Who goes.
        goal: Where to.
        costs: Gives what may be dug with what is carried then.
        stop: Breaks the walk off when it says so.
        tries: Ways to try without getting any nearer.

    Returns:
        Whether one is there.
    """
    nearest, failures = math.inf, 0
    while failures < tries:
        if stop():
            return False
        way = find_way(player.memory, player.feet, goal, costs())
        if way.complete and len(way.cells) == 1:
            return True
        if len(way.cells) < 2:
            yield from nudge(player)
            failures += 3
            continue
        fine = yield from follow(player, way, stop)
        left = math.dist(player.feet, goal.cell)
        if left < nearest - 0.9:
            nearest, failures = left, failures - (1 if failures and fine else 0)
        else:
            failures += 1 if fine else 2
        if not fine:
            yield from nudge(player)
    return False


def nudge(player: Player) -> Play[None]:
    """Shake loose: a step to a side that is safe, a hop where there is none."""
    yaw = round(player.state.body.yaw / 90.0)
    sides = [name for turn, name in enumerate(_SIDES) if player.is_safe(_beside(player.feet, yaw + turn))]
    side = str(player.random.choice(sides)) if sides else "back"
    for _ in range(int(player.random.integers(4, 9))):
        player.hold(side)
        if player.state.body.in_water or not sides:
            player.hold("jump")
        yield


def _beside(cell: Cell, quarter: int) -> Cell:
    """The cell beside another one that yaw 90 * quarter points to."""
    dx, dz = ((0, 1), (-1, 0), (0, -1), (1, 0))[quarter % 4]
    return cell[0] + dx, cell[1], cell[2] + dz


def follow(player: Player, way: Way, stop: Stop = never) -> Play[bool]:
    """Walk a way to its end; False when it turns out to be none, or one is stuck."""
    runs, strafes = player.chance(player.style.sprint), player.chance(player.style.strafe)
    if player.chance(player.style.wrong_turn):
        yield from _turn_wrongly(player)
    index, nearest, still, nudges = 1, math.inf, 0, 0
    while index < len(way.cells):
        if stop():
            return True
        cell = way.cells[index]
        if _arrived(player, way, index):
            index, nearest, still = index + 1, math.inf, 0
            continue
        ready = yield from _prepare(player, way.cells[index - 1], cell)
        if ready is Step.NONE:
            return False
        if ready is Step.CHANGED:
            still = 0
            continue
        away = _away(player, cell)
        if away < nearest - 0.05:
            nearest, still = away, 0
        else:
            still += 1
        if still > _STUCK:
            nudges += 1
            if nudges > _NUDGES or away > 3.0:
                return False
            yield from nudge(player)
            still = 0
            continue
        _stride(player, way, index, runs, strafes)
        yield
    return True


def _prepare(player: Player, cell: Cell, to: Cell) -> Play[Step]:
    """Clear the way for one step and look where it leads, if that is needed."""
    blocked, unknown = _blocked(player, cell, to), _unknown(player, cell, to)
    if blocked is not None:
        push = player.style.keeps_attack and to[1] == cell[1]
        return Step.CHANGED if (yield from _clear(player, blocked, push)) else Step.NONE
    if unknown is not None:
        return Step.CHANGED if (yield from _peer(player, unknown)) else Step.NONE
    return Step.READY if _holds(player, to) else Step.NONE


def _turn_wrongly(player: Player) -> Play[None]:
    player.turn(
        player.state.body.yaw + player.random.choice((-1, 1)) * player.random.uniform(40, 110), 8.0, 6.0
    )
    for _ in range(18):
        player.hold("forward")
        yield
        if player.turned:
            break
    yield from player.react()


def _away(player: Player, cell: Cell) -> float:
    x, y, z = player.state.body.position
    return math.hypot(x - cell[0] - 0.5, z - cell[2] - 0.5) + 0.5 * abs(y - cell[1])


def _arrived(player: Player, way: Way, index: int) -> bool:
    x, y, z = player.state.body.position
    cell = way.cells[index]
    off_x, off_z = abs(x - cell[0] - 0.5), abs(z - cell[2] - 0.5)
    wet = player.state.body.in_water
    if abs(y - cell[1]) > (1.1 if wet else 0.3) or (not wet and not player.state.body.on_ground):
        return False
    last = index == len(way.cells) - 1
    bend = not last and _step(way, index) != _step(way, index + 1)
    near = 0.3 if last else (0.45 if bend else 0.65)
    return off_x < near and off_z < near


def _step(way: Way, index: int) -> Cell:
    (x, y, z), (to_x, to_y, to_z) = way.cells[index - 1], way.cells[index]
    return to_x - x, to_y - y, to_z - z


def _cells_of_step(cell: Cell, to: Cell) -> list[Cell]:
    """The cells a body goes through between two cells of a way, from the top down."""
    x, y, z = to
    through = [(x, level, z) for level in range(max(y, cell[1]) + 1, y - 1, -1)]
    return [(cell[0], cell[1] + 2, cell[2]), *through] if y > cell[1] else through


def _blocked(player: Player, cell: Cell, to: Cell) -> Cell | None:
    """The next block that has to go before one can move between two cells of a way."""
    return next((each for each in _cells_of_step(cell, to) if player.is_solid(each)), None)


def _unknown(player: Player, cell: Cell, to: Cell) -> Cell | None:
    """What one has to look at before a step, once one is near enough to see it."""
    x, _, z = player.state.body.position
    if math.hypot(x - to[0] - 0.5, z - to[2] - 0.5) > _NEAR:
        return None
    cells = [*_cells_of_step(cell, to), (to[0], to[1] - 1, to[2])]
    return next((each for each in cells if PASSAGE[player.memory.at(each)] == UNKNOWN), None)


def _clear(player: Player, cell: Cell, push: bool) -> Play[bool]:
    """Dig a block of the way, after stopping before it."""
    if player.distance_to(cell) > 4.0:
        return False
    if (yield from dig(player, cell, push=push)):
        return True
    player.memory.avoid(cell)
    return False


def _holds(player: Player, cell: Cell) -> bool:
    """Whether one can step into a cell, as far as was seen meanwhile."""
    x, y, z = cell
    floor = (x, y - 1, z)
    if any(PASSAGE[player.memory.at(each)] == LAVA for each in (cell, floor, (x, y + 1, z))):
        return False
    if PASSAGE[player.memory.at(cell)] == WATER or player.is_solid(floor):
        return True
    at_x, _, at_z = player.state.body.position
    return math.hypot(at_x - x - 0.5, at_z - z - 0.5) > _NEAR  # farther off one will see when one is there


def _peer(player: Player, cell: Cell) -> Play[bool]:
    """Look at a cell; whether one then knows what is there."""
    player.look_at((cell[0] + 0.5, cell[1] + 0.9, cell[2] + 0.5), 5.0)
    for _ in range(25):
        yield
        if PASSAGE[player.memory.at(cell)] != UNKNOWN:
            return True
    return False


def _stride(player: Player, way: Way, index: int, runs: bool, strafes: bool) -> None:
    """Set view and keys for this tick."""
    body = player.state.body
    x, y, z = body.position
    ahead = _straight_end(player, way, index)
    aim = way.cells[ahead]
    dx, dz = aim[0] + 0.5 - x, aim[2] + 0.5 - z
    yaw = math.degrees(math.atan2(-dx, dz))
    side = turn_between(body.yaw, yaw)
    off = abs(side)
    away = math.hypot(dx, dz)
    pitch = player.style.view_pitch + (aim[1] - y) * -9.0
    if away > 0.25:
        tolerance = max(4.0, min(14.0, math.degrees(math.atan(0.22 / away))))
        keeps = abs(body.pitch - pitch) < 14.0
        player.turn(yaw, body.pitch if keeps else pitch, tolerance)
    cell = way.cells[index]
    close = math.hypot(cell[0] + 0.5 - x, cell[2] + 0.5 - z)
    if body.in_water:
        if cell[1] + 0.3 >= y or body.eyes_in_water:
            player.hold("jump")
    elif cell[1] > y + 0.4 and close < 1.5 and off < 50:
        player.hold("jump")
    limit = (
        player.style.walks_while_turning if ahead - index > 1 else min(40.0, player.style.walks_while_turning)
    )
    # Of something near the direction would change as fast as one goes.
    sideways = strafes and off > _SIDEWAYS[0] and away > _NEAR and not body.in_water
    if sideways:
        limit = _SIDEWAYS[2]
    if off > limit or away < 0.12:
        return
    if cell[1] < y - 0.5 and close < 0.25:
        return
    if sideways:
        player.hold("right" if side > 0 else "left")
        if off > _SIDEWAYS[1]:
            return
    player.hold("forward")
    if runs and ahead - index >= _RUN and off < 20 and not body.in_water:
        player.hold("sprint")
        if player.chance(player.style.hop):
            player.hold("jump")


def _straight_end(player: Player, way: Way, index: int) -> int:
    """The farthest cell of the way that a straight line over level ground leads to."""
    x, _, z = player.state.body.position
    end = index
    while end + 1 < len(way.cells) and end - index < _AHEAD:
        cell = way.cells[end + 1]
        if cell[1] != way.cells[index][1] or _blocked(player, way.cells[end], cell) is not None:
            break
        dx, dz = cell[0] + 0.5 - x, cell[2] + 0.5 - z
        length = math.hypot(dx, dz) + 1e-9
        off = (
            abs((way.cells[k][0] + 0.5 - x) * dz - (way.cells[k][2] + 0.5 - z) * dx)
            for k in range(index, end + 1)
        )
        if max(off) / length > _OFF_LINE:
            break
        end += 1
    return end
