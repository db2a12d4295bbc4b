"""What the workers of ``bench.inference`` do: our evaluation and the plain one, piece by piece.

A way prepares and warms itself up, then calls ``turn`` before every piece of work, and returns what it
computed, so that the two can be compared. Weights are drawn from a seed: both ways of a case have the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from bench.plain_networks import PlainInverseDynamics, PlainPolicy
from training.sliding_windows import Window, plan_windows, predict
from vpt_studio.agent import Agent
from vpt_studio.models.checkpoints import Checkpoint, PolicyCheckpoint
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy
from vpt_studio.models.presets import idm_network, policy_network

Turn = Callable[[], None]
Result = npt.NDArray[np.float32]

_DIFFERENT_FRAMES = 97  # odd, so that no window sees the same frames as its neighbour


@dataclass(frozen=True)
class Case:
    """One comparison.

    Attributes:
        preset: Size of the network.
        rounds: Pieces that each way does, in turns.
        count: How much a piece is: steps, clips or groups of windows (of 256 frames).
        streams: Streams that are stepped together.
        plain_share: Share of a piece of windows that the plain way does; its windows cost the same each.
    """

    preset: str
    rounds: int
    count: int
    streams: int = 1
    plain_share: float = 1.0


def _pictures(count: int, side: int = 128) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (count, side, side, 3), np.uint8)


def _policy(case: Case) -> Policy:
    torch.manual_seed(0)
    return Policy(policy_network(case.preset)).eval()


def _seen_at(step: int, case: Case) -> list[int]:
    """Which picture each stream shows."""
    return [(step + stream) % _DIFFERENT_FRAMES for stream in range(case.streams)]


def our_steps(case: Case, turn: Turn) -> Result:
    """An agent that plays: whole decisions, with the action chosen and translated."""
    pictures = _pictures(_DIFFERENT_FRAMES)
    agent = Agent(PolicyCheckpoint(_policy(case)), environments=case.streams, deterministic=True)
    first = np.zeros(case.streams, bool)
    agent.act_all(list(pictures[: case.streams]), ~first)
    step, said = 0, []
    for _ in range(case.rounds):
        turn()
        for _ in range(case.count):
            step += 1
            decided = agent.act_all(list(pictures[_seen_at(step, case)]), first)
        said.append(torch.cat([decided.distribution.buttons, decided.distribution.camera], 1).numpy())
    return np.stack(said)


def plain_steps(case: Case, turn: Turn) -> Result:
    """Log-probabilities, the likeliest choice and the value, one frame at a time."""
    pictures = torch.from_numpy(_pictures(_DIFFERENT_FRAMES))
    policy = PlainPolicy(_policy(case))
    memory = policy.fresh(case.streams)
    memory = policy(pictures[: case.streams, None], memory)[-1]
    step, said = 0, []
    for _ in range(case.rounds):
        turn()
        for _ in range(case.count):
            step += 1
            seen = pictures[_seen_at(step, case)]
            buttons, camera, _value, memory = policy(seen[:, None], memory)
            buttons.argmax(-1), camera.argmax(-1)
        said.append(torch.cat([buttons, camera], 2)[:, 0].numpy())
    return np.stack(said)


def _clip(case: Case) -> torch.Tensor:
    frames = policy_network(case.preset).timesteps
    return torch.from_numpy(_pictures(frames))[None]


def our_clips(case: Case, turn: Turn) -> Result:
    """Clips of as many frames as in training, without gradients."""
    policy, clip = _policy(case), _clip(case)
    with torch.inference_mode():
        policy(clip[:, :4])
        for _ in range(case.rounds):
            turn()
            for _ in range(case.count):
                said = policy(clip)[0].actions
        return torch.cat([said.buttons, said.camera], 2).numpy()


def plain_clips(case: Case, turn: Turn) -> Result:
    """The same clips, a clip at a time."""
    policy, clip = PlainPolicy(_policy(case)), _clip(case)
    policy(clip[:, :4], policy.fresh(1))
    for _ in range(case.rounds):
        turn()
        for _ in range(case.count):
            buttons, camera, _value, _memory = policy(clip, policy.fresh(1))
    return torch.cat([buttons, camera], 2).numpy()


@dataclass(frozen=True)
class Labelling:
    """The windows of a long video that a case labels.

    Attributes:
        ticks: Length of the video.
        together: Windows that ours takes in one group.
        pieces: The windows of each piece; the video's first group belongs to none.
    """

    ticks: int
    together: int
    pieces: list[list[Window]]

    @classmethod
    def of(cls, case: Case) -> Labelling:
        """For as many pieces as the case has rounds."""
        window = idm_network(case.preset).timesteps
        together = max(1, 256 // window)
        per_piece = case.count * together
        ticks = window + window // 2 * (together + case.rounds * per_piece - 1)
        windows = plan_windows(ticks, window)[together:]
        return cls(
            ticks, together, [windows[at : at + per_piece] for at in range(0, len(windows), per_piece)]
        )

    @property
    def frames_per_piece(self) -> int:
        """Frames that a piece labels in the middle of a long video: half a window for each window."""
        window = self.pieces[0][0]
        return len(self.pieces[0]) * (window.stop - window.start) // 2


def _idm(case: Case) -> InverseDynamicsModel:
    torch.manual_seed(0)
    return InverseDynamicsModel(idm_network(case.preset)).eval()


def _nothing_known(ticks: int) -> Result:
    return np.full((ticks, 20 + 22), np.nan, np.float32)


def our_labelling(case: Case, turn: Turn) -> Result:
    """A long video labelled as `vpt-studio idm predict` does; a piece is some groups of its windows."""
    plan, pictures = Labelling.of(case), _pictures(_DIFFERENT_FRAMES)
    asked = 0

    def frames(start: int, stop: int) -> npt.NDArray[np.uint8]:
        nonlocal asked
        if asked and (asked - 1) % case.count == 0:  # the first group finds nothing to share: not measured
            turn()
        asked += 1
        return pictures[np.arange(start, stop) % len(pictures)]

    found = predict(Checkpoint(_idm(case)), frames, plan.ticks)
    return np.concatenate([found.held, found.camera.reshape(-1, 22)], axis=1)


def plain_labelling(case: Case, turn: Turn) -> Result:
    """The same windows, one after the other, each evaluated whole."""
    plan, pictures = Labelling.of(case), _pictures(_DIFFERENT_FRAMES)
    model = PlainInverseDynamics(_idm(case))
    model(pictures[:4])
    found = _nothing_known(plan.ticks)
    for windows in plan.pieces:
        turn()
        for part in windows[: max(1, round(len(windows) * case.plain_share))]:
            held, camera = model(pictures[np.arange(part.start, part.stop) % len(pictures)])
            both = np.concatenate([held, camera.reshape(-1, 22)], axis=1)
            kept = slice(part.keep_from - part.start, part.keep_to - part.start)
            found[part.keep_from : part.keep_to] = both[kept]
    return found


WAYS: dict[str, dict[str, Callable[[Case, Turn], Result]]] = {
    "steps": {"ours": our_steps, "plain": plain_steps},
    "clips": {"ours": our_clips, "plain": plain_clips},
    "labelling": {"ours": our_labelling, "plain": plain_labelling},
}
