"""The process that plays episodes: ``python -m vpt_studio.playing.episode_worker``.

It is told episodes as lines of JSON on its standard input, and says on its standard output, also as lines:
``{"is": "ready"}`` once; ``{"is": "ticks", "count": n}`` now and then; for every episode at last
``{"is": "played", ...}`` with what came of it, ``{"is": "failed", "error": ...}`` where it broke, or
``{"is": "unusable", "error": ...}`` where its player cannot even be made. It ends with its input, and when
nobody listens any more, so that no episode is played for a process that was killed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from vpt_studio.errors import StudioError
from vpt_studio.playing.episode import play_episode
from vpt_studio.playing.players import NullPlayer, Player, RandomPlayer, ScriptedPlayer

if TYPE_CHECKING:
    from vpt_studio.models.checkpoints import PolicyCheckpoint

_SECONDS_BETWEEN_WORDS = 0.2


@dataclass(frozen=True)
class PlayerPlan:
    """Who is to play.

    Attributes:
        name: ``policy``, ``null``, ``random`` or ``scripted``.
        checkpoint: Where a policy is.
        temperature: Of a policy's choice.
        greedy: Whether a policy always does what is likeliest.
        style: Of a scripted player.
        goal: Of a scripted player.
    """

    name: str
    checkpoint: str = ""
    temperature: float = 1.0
    greedy: bool = False
    style: str = ""
    goal: str = ""

    def player(self, seed: int) -> Player:
        """A new player, whose chance follows from `seed`.

        Raises:
            StudioError: The policy cannot be loaded.
        """
        if self.name == "policy":
            from vpt_studio.playing.agent_player import AgentPlayer  # PyTorch takes seconds to load

            policy = _policy(self.checkpoint)
            return AgentPlayer(policy, seed, temperature=self.temperature, greedy=self.greedy)
        if self.name == "scripted":
            return ScriptedPlayer(self.style, self.goal, seed)
        return RandomPlayer(seed) if self.name == "random" else NullPlayer()


@dataclass(frozen=True)
class EpisodePlan:
    """An episode to be played.

    Attributes:
        player: Who plays.
        preset: The kind of world.
        seed: Of the world, and of the player's chance.
        ticks: How long.
    """

    player: PlayerPlan
    preset: str
    seed: int
    ticks: int

    def as_line(self) -> bytes:
        """This as the worker is told it."""
        return orjson.dumps(asdict(self), option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_line(cls, line: bytes) -> EpisodePlan:
        """What a line tells."""
        told = orjson.loads(line)
        return cls(PlayerPlan(**told.pop("player")), **told)


@lru_cache(maxsize=1)
def _policy(checkpoint: str) -> PolicyCheckpoint:
    import torch

    from vpt_studio.models.checkpoints import load_policy

    # One thread: as many processes as there are cores play side by side, and sums of another number of
    # threads are rounded otherwise, which sooner or later makes another episode of it.
    torch.set_num_threads(1)
    return load_policy(Path(checkpoint))


def main() -> None:
    """Play what is asked for until nobody asks any more."""
    import cv2

    cv2.setNumThreads(1)
    # Whatever else is printed in this process must not come between the lines.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        _say(answers, {"is": "ready"})
        for line in sys.stdin.buffer:
            for word in _words_of(EpisodePlan.from_line(line), answers):
                _say(answers, word)
    except BrokenPipeError:
        pass


def _words_of(plan: EpisodePlan, answers: BinaryIO) -> Iterator[dict[str, Any]]:
    try:
        player = plan.player.player(plan.seed)
    except StudioError as error:
        yield {"is": "unusable", "error": error.as_json()}
        return
    ticks, told = 0, time.monotonic()

    def tell(count: int) -> None:
        nonlocal ticks, told
        ticks += count
        if time.monotonic() - told >= _SECONDS_BETWEEN_WORDS:
            _say(answers, {"is": "ticks", "count": ticks})
            ticks, told = 0, time.monotonic()

    try:
        episode = play_episode(player, plan.preset, plan.seed, plan.ticks, tell=tell)
    except BrokenPipeError:
        raise
    except Exception as error:  # whatever it is, it costs this episode only
        words = str(error) if isinstance(error, StudioError) else f"{type(error).__name__}: {error}"
        yield {"is": "failed", "error": words}
        return
    yield {"is": "played", "episode": asdict(episode)}


def _say(answers: BinaryIO, word: dict[str, Any]) -> None:
    answers.write(orjson.dumps(word, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
