"""Who plays: what is known, what is in the hands, and what is wanted of them in this tick."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from typing import TypeVar

import numpy as np

from vpt_studio.contractors.memory import Memory
from vpt_studio.contractors.motor import DEGREES_PER_COUNT, Input, Keys, Mouse, turn_between
from vpt_studio.contractors.pathfinding import FREE, PASSAGE, SOLID, WATER
from vpt_studio.contractors.picture import Point, angles_between
from vpt_studio.contractors.styles import Style
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.handling import target
from vpt_studio.envs.voxel.inventory import PACK_SIZE
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool
from vpt_studio.envs.voxel.presets import HEIGHT
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.targeting import Hit
from vpt_studio.envs.voxel.world import Cell

Result = TypeVar("Result")

#: Something done over several ticks: it yields once for each, and returns how it went.
Play = Generator[None, None, Result]

_LONGEST_PAUSE = 200
_STEPS = frozenset({"forward", "back", "left", "right"})
_SAFE_DROP = 3  # cells
_TICKS_AHEAD = 4
_JUMP_TICKS = (5, 9, 13)  # of a jump, in which one looks where it has got to
_SLOW = 0.02  # metres per tick
_DAYLIGHT = 8  # level of the sky's light, of 15: under leaves still, not deep in a cave
_HALF_WIDTH, _FIRM = 0.3, 0.16  # metres: half a body, and the part of it that has to stand on something


class Player:
    """One player's head and hands; plays read it and set what they want, tick by tick.

    Attributes:
        style: How the hands move.
        random: All chance in what this player does.
        state: The game, of which only what a player can know is read: the own body and inventory, the open
            screen, what the crosshair is on, things in sight.
        memory: The world as far as it was seen.
        exact: Fingers are careful in this tick.
        facing: The direction of tunnels, as steps along x and z.
        goals: Names of what was pursued, with the tick in which each began.
    """

    def __init__(self, style: Style, random: np.random.Generator) -> None:
        self.style = style
        self.random = random
        self.state: State
        self.memory: Memory
        self.exact = False
        self.facing = (1, 0)
        self.goals: list[tuple[int, str]] = []
        self._mouse = Mouse(style, random)
        self._keys = Keys(style, random)
        self._wanted: set[str] = set()
        self._view: tuple[float, float, float] | None = None
        self._mark: tuple[float, float, float] | None = None
        self._crosshair: Hit | None = None
        self._crosshair_tick = -1
        self._screen_was_open = False

    # -- ticks

    def begin_tick(self, state: State) -> None:
        """Take in what is so now."""
        self.state = state
        self.memory.look(state)
        self._wanted.clear()
        self.exact = False
        if (state.screen is not None) != self._screen_was_open:
            self._screen_was_open = state.screen is not None
            self._mouse.rest()
            self._view = self._mark = None

    def end_tick(self) -> Input:
        """What the hands do about it."""
        held = self._keys.step(frozenset(self._wanted), exact=self.exact or self.state.screen is not None)
        if self.state.screen is None:
            if self.at_an_edge:
                held = held - {"jump", "sprint"} | {"sneak"}
            elif "jump" in held and self._would_jump_off():
                held -= {"jump", "sprint"}
        way, tolerance = self._way()
        dx, dy = (0, 0) if way is None else self._mouse.step(way, tolerance)
        return Input(held, dx, dy)

    def _way(self) -> tuple[tuple[float, float] | None, float]:
        if self.state.screen is not None:
            if self._mark is None:
                return None, 0.0
            x, y = self.state.pointer
            return (self._mark[0] - x, self._mark[1] - y), self._mark[2]
        if self._view is None:
            return None, 0.0
        yaw, pitch, tolerance = self._view
        body = self.state.body
        across = turn_between(body.yaw, yaw) / DEGREES_PER_COUNT
        return (across, (pitch - body.pitch) / DEGREES_PER_COUNT), tolerance / DEGREES_PER_COUNT

    @property
    def at_an_edge(self) -> bool:
        """Whether one is on the brink of a drop that hurts, or walks there or into lava, as was seen."""
        body = self.state.body
        if body.in_water or not body.on_ground:
            return False
        x, y, z = body.position
        vx, _, vz = body.velocity
        level = math.floor(y + 0.01)
        if self._is_brink(x, level, z, _FIRM):
            return True
        if self._wanted.isdisjoint(_STEPS) and math.hypot(vx, vz) < _SLOW:
            return False
        x, z = x + vx * _TICKS_AHEAD, z + vz * _TICKS_AHEAD
        around = ((math.floor(x + dx), math.floor(z + dz)) for dx in (-0.3, 0.3) for dz in (-0.3, 0.3))
        lava = any(self.memory.at((i, level + up, k)) == Block.LAVA for i, k in around for up in (-1, 0))
        return lava or self._is_brink(x, level, z, _HALF_WIDTH)

    def _would_jump_off(self) -> bool:
        """Whether a jump at this speed could end over a brink."""
        body = self.state.body
        if body.in_water or not body.on_ground:
            return False
        x, y, z = body.position
        vx, _, vz = body.velocity
        level = math.floor(y + 0.01)
        places = [(x + vx * ticks, z + vz * ticks) for ticks in _JUMP_TICKS]
        return any(
            self._is_brink(i, level, k, _HALF_WIDTH) and self._is_brink(i, level + 1, k, _HALF_WIDTH)
            for i, k in places
        )

    def _is_brink(self, x: float, level: int, z: float, half: float) -> bool:
        """Whether nothing carries a body so wide, and a fall there would hurt."""
        columns = {(math.floor(x + dx), math.floor(z + dz)) for dx in (-half, half) for dz in (-half, half)}
        if any(self.is_solid((i, level - 1, k)) for i, k in columns):
            return False
        return not all(self._breaks_a_fall((i, level, k)) for i, k in columns)

    def _breaks_a_fall(self, cell: Cell) -> bool:
        x, level, z = cell
        for y in range(level - 1, level - _SAFE_DROP - 2, -1):
            kind = PASSAGE[self.memory.at((x, y, z))]
            if kind != FREE:
                return bool(kind in (SOLID, WATER))
        return False

    def rest(self) -> None:
        """Let go of everything and look nowhere in particular."""
        self._mouse.rest()
        self._view = self._mark = None

    # -- wishes

    def hold(self, *buttons: str) -> None:
        """Hold buttons in this tick."""
        self._wanted.update(buttons)

    def turn(self, yaw: float, pitch: float, tolerance: float = 2.0) -> None:
        """Turn the view, in degrees, as exactly as `tolerance`; goes on over the next ticks."""
        self._view = (yaw, min(max(pitch, -89.0), 89.0), tolerance)

    def look_at(self, point: Point, tolerance: float = 2.0) -> None:
        """Turn the view to a point of the world."""
        self.turn(*self.angles_to(point), tolerance)

    def point_at(self, x: float, y: float, tolerance: float = 5.0) -> None:
        """Move the pointer of an open screen."""
        self._mark = (x, y, tolerance)

    @property
    def turned(self) -> bool:
        """The view, or the pointer, is where it was wanted, and rests."""
        way, tolerance = self._way()
        return not self._mouse.moving and (way is None or math.hypot(*way) <= max(tolerance, 0.75))

    @property
    def turning(self) -> bool:
        """A stroke of the mouse is under way."""
        return self._mouse.moving

    def begin(self, goal: str) -> None:
        """Note that from now on `goal` is pursued."""
        if not self.goals or self.goals[-1][1] != goal:
            self.goals.append((self.state.tick, goal))

    # -- pauses

    def wait(self, ticks: int) -> Play[None]:
        """Do nothing."""
        for _ in range(ticks):
            yield

    def react(self) -> Play[None]:
        """Take in something new."""
        yield from self.wait(int(self.random.integers(*self.style.reaction, endpoint=True)))

    def hesitate(self) -> Play[None]:
        """Perhaps pause before a small deed."""
        if self.random.random() < self.style.hesitation:
            yield from self.wait(2 + min(30, int(self.random.gamma(1.6, 3.5))))

    def think(self) -> Play[None]:
        """Pause before an undertaking; now and then look about, or idle."""
        pause = self.style.thinking * self.random.gamma(2.0, 0.5)
        yield from self.wait(min(_LONGEST_PAUSE, round(pause)))
        if self.random.random() < self.style.idling:
            yield from self.wait(int(self.random.integers(20, 90)))
        if self.state.screen is None and self.random.random() < self.style.looking_about:
            yield from self.look_about(int(self.random.integers(1, 3)))

    def look_about(self, times: int) -> Play[None]:
        """Turn the view here and there."""
        for _ in range(times):
            yaw = self.state.body.yaw + self.random.normal(0.0, 50.0)
            self.turn(yaw, self.random.normal(self.style.view_pitch, 10.0), 6.0)
            for _ in range(30):
                yield
                if self.turned:
                    break
            yield from self.wait(int(self.random.integers(2, 12)))

    def chance(self, share: float) -> bool:
        """Whether something of that chance happens."""
        return bool(self.random.random() < share)

    def tap(self, *buttons: str) -> Play[None]:
        """Press buttons and let them go."""
        for _ in range(int(self.random.integers(1, 4))):
            self.exact = True
            self.hold(*buttons)
            yield
        self.exact = True
        yield

    # -- what a player knows

    @property
    def feet(self) -> Cell:
        """The cell one stands in: at an edge, of the column that carries."""
        body = self.state.body
        x, y, z = body.position
        level = math.floor(y + 0.01)
        cell = (math.floor(x), level, math.floor(z))
        if body.in_water or not body.on_ground or self.is_solid((cell[0], level - 1, cell[2])):
            return cell
        corners = [
            (math.floor(x + dx), level, math.floor(z + dz))
            for dx, dz in ((0.29, 0), (-0.29, 0), (0, 0.29), (0, -0.29), (0.29, 0.29), (-0.29, 0.29))
        ] + [(math.floor(x + dx), level, math.floor(z + dz)) for dx, dz in ((0.29, -0.29), (-0.29, -0.29))]
        return next((corner for corner in corners if self.is_solid((corner[0], level - 1, corner[2]))), cell)

    @property
    def under_sky(self) -> bool:
        """Daylight reaches one's head, by day or night."""
        x, y, z = (math.floor(place) for place in self.state.body.eye)
        world = self.state.world
        inside = 0 <= x < len(world.light) and 0 <= z < len(world.light) and 0 <= y < HEIGHT
        return not inside or int(world.light[x, z, y]) >> 4 >= _DAYLIGHT

    @property
    def on_screen(self) -> bool:
        """A screen is open."""
        return self.state.screen is not None

    @property
    def crosshair(self) -> Hit | None:
        """The block that the game outlines."""
        if self._crosshair_tick != self.state.tick:
            self._crosshair_tick, self._crosshair = self.state.tick, target(self.state)
        return self._crosshair

    def angles_to(self, point: Point) -> tuple[float, float]:
        """Yaw and pitch, in degrees, at which the eyes look at a point."""
        return angles_between(self.state.body.eye, point)

    def distance_to(self, cell: Cell) -> float:
        """Metres from the eyes to the middle of a cell."""
        return math.dist(self.state.body.eye, [place + 0.5 for place in cell])

    def is_free(self, cell: Cell) -> bool:
        """Whether a body could be there, as far as was seen."""
        return bool(PASSAGE[self.memory.at(cell)] in (FREE, WATER))

    def is_solid(self, cell: Cell) -> bool:
        """Whether it was seen to carry."""
        return bool(PASSAGE[self.memory.at(cell)] == SOLID)

    def count(self, items: Iterable[Item]) -> int:
        """How many of these items one has, what lies on an open screen included."""
        wanted = frozenset(items)
        own = [] if self.state.screen is None else self.state.screen.own_stacks()
        there = sum(stack.count for stack in own if stack.item in wanted)
        return there + sum(self.state.inventory.count(item) for item in wanted)

    def slot_of(self, items: Iterable[Item]) -> int | None:
        """The first slot with one of `items`."""
        wanted = frozenset(items)
        for slot in range(PACK_SIZE):
            stack = self.state.inventory[slot]
            if stack is not None and stack.item in wanted:
                return slot
        return None

    def pickaxes(self) -> list[tuple[int, int, int]]:
        """Tier, uses left and slot of every pickaxe, worst first."""
        found = []
        for slot in range(PACK_SIZE):
            stack = self.state.inventory[slot]
            if stack is not None and ITEMS[stack.item].tool is Tool.PICKAXE:
                kind = ITEMS[stack.item]
                found.append((kind.tier, kind.durability - stack.wear, slot))
        return sorted(found)

    def uses_left(self, tier: int) -> int:
        """How many blocks the pickaxes of exactly this tier can still break."""
        return sum(uses for its_tier, uses, _ in self.pickaxes() if its_tier == tier)

    def is_safe(self, cell: Cell) -> bool:
        """Whether a body can be there, or falls softly from there, as far as was seen."""
        x, y, z = cell
        return self.is_free(cell) and self.is_free((x, y + 1, z)) and self._breaks_a_fall(cell)

    def block_in_sight(self, cell: Cell) -> Block | None:
        """What `cell` was last seen to be, None for never."""
        known = self.memory.at(cell)
        return Block(known) if known in Block._value2member_map_ else None
