"""One episode in the built-in world: somebody plays a fresh world for so many ticks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from vpt_studio.envs.lockstep import LockstepTake
from vpt_studio.envs.voxel.canvas import Picture
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.simulation import respawn
from vpt_studio.playing.behaviour import BehaviourNotes
from vpt_studio.playing.deaths import Death, cause_of_death
from vpt_studio.playing.players import Player
from vpt_studio.recordings.take_writer import TakeWriter


@dataclass(frozen=True)
class Episode:
    """What came of an episode.

    Attributes:
        ticks: How long it was.
        obtained: How many of each item were obtained, whatever became of them, by MineRL's names.
        first_ticks: The tick in which each of them was first obtained.
        deaths: When and of what the player died.
        behaviour: The figures of :data:`~vpt_studio.playing.behaviour.BEHAVIOUR`.
    """

    ticks: int
    obtained: dict[str, int]
    first_ticks: dict[str, int]
    deaths: tuple[Death, ...]
    behaviour: dict[str, float]


def play_episode(
    player: Player,
    preset: str,
    seed: int,
    ticks: int,
    *,
    writer: TakeWriter | None = None,
    tell: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Episode:
    """Let `player` play a fresh world.

    A death does not end the episode: the player goes on from the spawn with empty hands.

    Args:
        player: Who plays; new, for it remembers.
        preset: The kind of world.
        seed: Of the world, 0 to 2**63 - 1.
        ticks: How long.
        writer: Where the episode is recorded.
        tell: Called with 1 after every tick.
        stopped: Asked before every tick whether to end here.

    Raises:
        StudioError: There is no such preset, or the recording cannot be written.
    """
    environment = VoxelEnvironment(preset, player.picture or Picture.EXACT_64, on_death="terminate")
    observation, _ = environment.reset(seed=seed)
    seen, state = observation["pov"], environment.state
    take = LockstepTake(environment, writer)
    drawn = player.picture is not None or writer is not None
    notes, deaths = BehaviourNotes(state.body.position), list[Death]()
    while state.tick < ticks and not (stopped is not None and stopped()):
        vitals, place, screen_open = replace(state.vitals), state.body.position, state.screen is not None
        move = player.act(state, seen)
        if drawn:
            observation, _, died, _, _ = take.step(move.held, move.dx, move.dy, move.extra)
            seen = observation["pov"]
        else:
            died = take.pass_by(move.held, move.dx, move.dy)
        notes.note(move, screen_open=screen_open, before=place, after=state.body.position)
        if died:
            deaths.append(Death(state.tick - 1, cause_of_death(vitals, state)))
            respawn(state)
            if drawn:
                seen = environment.whole_picture(pointer=True)  # at the spawn, not where the player died
        if tell is not None:
            tell(1)
    progress = state.progress
    return Episode(
        state.tick,
        {item.label: int(progress.obtained[item]) for item in Item if progress.obtained[item]},
        {item.label: int(progress.first_ticks[item]) for item in Item if progress.first_ticks[item] >= 0},
        tuple(deaths),
        notes.figures(),
    )
