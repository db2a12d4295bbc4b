"""A policy as a player: it sees pictures only, and says how probable what it did was."""

from __future__ import annotations

from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.agent import Agent
from vpt_studio.envs.voxel.canvas import Picture
from vpt_studio.envs.voxel.state import State
from vpt_studio.models.checkpoints import PolicyCheckpoint
from vpt_studio.playing.players import Move, Seen
from vpt_studio.recordings.source import Source

# Pictures that equal the resized 640x360 one bit for bit, at a seventh of its rays.
_PICTURES = {128: Picture.EXACT_128, 64: Picture.EXACT_64}


class AgentPlayer:
    """An agent in one episode.

    It plays alone and not in a batch, for sums over a batch are rounded otherwise, and one rounded digit in
    ten thousand ticks makes another episode of it.
    """

    def __init__(
        self, checkpoint: PolicyCheckpoint, seed: int, *, temperature: float = 1.0, greedy: bool = False
    ) -> None:
        """Let a policy play.

        Args:
            checkpoint: The policy.
            seed: Where its chance starts.
            temperature: Of its choice.
            greedy: Always do what is likeliest.

        Raises:
            ValueError: The temperature is not above 0.
        """
        self.picture: Picture | None = _PICTURES.get(checkpoint.model.network.image_size, Picture.FULL)
        self._agent = Agent(checkpoint, temperature=temperature, deterministic=greedy, seed=seed)
        self._first = True

    def act(self, state: State, seen: Seen) -> Move:  # noqa: ARG002
        """What the policy does, and in `extra` its own choice: who learns from it must not encode it anew."""
        decision = self._agent.act(seen, first=self._first)
        self._first = False  # what it remembers outlives a death, as in the paper
        action = decision.action
        return Move(
            action.pressed,
            action.yaw / DEGREES_PER_PIXEL,
            action.pitch / DEGREES_PER_PIXEL,
            {
                "source": Source.AGENT.value,
                "policy": {
                    "buttons": decision.buttons,
                    "camera": decision.camera,
                    "log_probability": round(decision.log_probability, 6),
                    "value": round(decision.value, 6),
                },
            },
        )
