"""A scripted player: sees, decides and acts once per tick, for as long as it is asked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vpt_studio.contractors.goal_texts import GOAL_TEXTS
from vpt_studio.contractors.memory import Memory
from vpt_studio.contractors.motor import Input
from vpt_studio.contractors.outings import build, gather, wander
from vpt_studio.contractors.planner import make_diamond_pickaxe
from vpt_studio.contractors.player import Play, Player
from vpt_studio.contractors.screens import close_screen
from vpt_studio.contractors.styles import Style
from vpt_studio.envs.voxel.state import State

_STALLED = 900  # ticks without any change after which something else is tried

#: What contractors can be told to do; each goes on with wandering when it is done.
GOALS: dict[str, Callable[[Player], Play[None]]] = {
    "diamond_pickaxe": make_diamond_pickaxe,
    "explore": wander,
    "gather": gather,
    "build": build,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of play with one goal.

    Attributes:
        start: Its first tick.
        stop: The tick after its last.
        goal: The goal's id.
        texts: Several wordings of it.
    """

    start: int
    stop: int
    goal: str
    texts: tuple[str, ...]


class Contractor:
    """A player of the built-in world with a style of its own.

    The same style, seed and world lead to the same play in every process.
    """

    def __init__(self, style: Style, seed: int, goal: str = "diamond_pickaxe") -> None:
        """Engage a contractor.

        Args:
            style: How it plays.
            seed: 0 or more; what its chance depends on, together with the style's name.
            goal: One of :data:`GOALS`.

        Raises:
            KeyError: There is no such goal.
        """
        self.style = style
        self._pursue = GOALS[goal]
        entropy = [seed, zlib.crc32(style.name.encode()), zlib.crc32(goal.encode())]
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
        self._player = Player(style, random)
        self._play: Play[None] | None = None
        self._deaths = 0
        self._last_change: tuple[object, int] = (None, -1)
        self._ticks = 0

    def act(self, state: State) -> Input:
        """What the hands do in this tick; to be called once for each.

        Args:
            state: The game. Only what a player can know of it is used: the own body and belongings, the open
                screen, cells and things that were in sight, what is solid within two metres; and how large
                the island is.
        """
        player = self._player
        if self._play is None:
            player.memory = Memory(state.world.preset.size)
            self._deaths = state.deaths
        player.begin_tick(state)
        self._ticks = state.tick + 1
        if self._play is None or state.deaths != self._deaths:
            self._deaths = state.deaths
            player.rest()
            self._play = self._live(player, 0)
        elif self._stalled(state):
            player.rest()
            self._play = self._live(player, 40)
        next(self._play)
        return player.end_tick()

    @property
    def spans(self) -> list[Span]:
        """What was pursued so far, tick for tick without a gap."""
        begins = self._player.goals
        ends = [tick for tick, _ in begins[1:]] + [self._ticks]
        return [
            Span(start, stop, goal, GOAL_TEXTS[goal])
            for (start, goal), stop in zip(begins, ends, strict=True)
            if stop > start
        ]

    def _live(self, player: Player, pause: int) -> Play[None]:
        """Pursue the goal, then wander for ever."""
        yield from player.wait(pause // 4)
        yield from close_screen(player)
        if pause:
            yield from player.look_about(2)
            yield from _step_aside(player)
        yield from self._pursue(player)
        while True:
            yield from player.think()
            yield from wander(player)
            yield

    def _stalled(self, state: State) -> bool:
        """Whether nothing has changed for long: neither place, belongings nor what is dug."""
        x, y, z = state.body.position
        sign = (round(x), round(y), round(z), state.inventory.counts().tobytes(), state.screen is None)
        if sign != self._last_change[0]:
            self._last_change = (sign, state.tick)
        stalled = state.tick - self._last_change[1] > _STALLED
        if stalled:
            self._last_change = (sign, state.tick)
        return stalled


def _step_aside(player: Player) -> Play[None]:
    for _ in range(10):
        player.hold("forward", "jump")
        yield
