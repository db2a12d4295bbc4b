"""An episode of a policy as a recording: source agent, with the policy's own choices in its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vpt_studio.atomic_files import make_folder
from vpt_studio.envs.lockstep import ENVIRONMENT
from vpt_studio.playing.agent_player import AgentPlayer
from vpt_studio.playing.episode import Episode, play_episode
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_lock import TakeLock
from vpt_studio.recordings.take_writer import TakeWriter

_SESSIONS = 16**12  # the format's names have 12 hexadecimal digits for a session


@dataclass(frozen=True)
class Origin:
    """Who plays, for the sidecar.

    Attributes:
        name: What the policy is called; usable in a file name.
        checkpoint: SHA-256 of its weights.
        temperature: Of its choice.
        greedy: Whether it always does what is likeliest.
    """

    name: str
    checkpoint: str
    temperature: float
    greedy: bool


def record_episode(
    player: AgentPlayer,
    origin: Origin,
    folder: Path,
    preset: str,
    seed: int,
    ticks: int,
    *,
    tell: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> tuple[Episode, Path | None]:
    """Let `player` play, as :func:`play_episode` does, and write what it sees and does into `folder`.

    An episode that is stopped becomes a shorter recording, whose sidecar says so.

    Args:
        player: A new one.
        origin: Who that is.
        folder: Where the recording goes; made where missing. Nothing is overwritten.
        preset: The kind of world.
        seed: Of the world.
        ticks: How long.
        tell: Called with 1 after every tick.
        stopped: Asked before every tick whether to end here.

    Returns:
        What came of it, and the recording's video; None where it was stopped before its first tick.

    Raises:
        StudioError: The recording cannot be written. What was written can be recovered.
    """
    begun = datetime.now(UTC)
    name = f"{origin.name}-{seed % _SESSIONS:012x}-{begun:%Y%m%d-%H%M%S}"
    agent: dict[str, Any] = {
        "name": origin.name, "temperature": origin.temperature, "greedy": origin.greedy, "ticks": ticks,
    }  # fmt: skip
    sidecar = Sidecar(
        source=Source.AGENT,
        person=origin.name,
        environment=f"{ENVIRONMENT} {preset}",
        checkpoint=origin.checkpoint,
        seed=seed,
        made_by="vpt-studio play",
        notes={"agent": agent},
    )
    make_folder(folder)
    with TakeLock(folder, name), TakeWriter(folder, name, sidecar) as writer:
        episode = play_episode(player, preset, seed, ticks, writer=writer, tell=tell, stopped=stopped)
        if not episode.ticks:
            writer.discard()
            return episode, None
        return episode, writer.close({"episode": asdict(episode), "broken_off": episode.ticks < ticks})
