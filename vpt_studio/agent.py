"""A policy that plays: pictures in, actions out, and what it thought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt
import torch

from vpt_studio.actions import Action, Actions
from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.joint_space import to_factored
from vpt_studio.models.checkpoints import PolicyCheckpoint, load_policy
from vpt_studio.models.devices import move_to
from vpt_studio.models.log_probability import ActionLogProbabilities, log_probability
from vpt_studio.models.marginals import Marginals, marginals_of
from vpt_studio.models.sampling import likeliest, sampled

#: What an agent looks at: a picture, uint8 RGB [height, width, 3], or an observation that has one as ``pov``.
Seen = npt.NDArray[np.uint8] | Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What an agent does in one environment in one tick.

    Attributes:
        action: The action, for the environment.
        buttons: The policy's own choice of a button combination, 0..8640. Store it with the camera's to learn
            from this tick: an action that is encoded again often becomes another choice.
        camera: The policy's choice of a camera pair, 0..120; not listened to by every combination.
        log_probability: Of this choice under the policy itself, in nats, whatever the agent's temperature.
        value: What the policy expects to gain from here, in units of reward.
        distribution: Log-probabilities of everything it could have chosen: [8641] and [121].
    """

    action: Action
    buttons: int
    camera: int
    log_probability: float
    value: float
    distribution: ActionLogProbabilities

    def marginals(self) -> Marginals:
        """How probable each button and camera pair was, to show."""
        return marginals_of(self.distribution)


@dataclass(frozen=True)
class Decisions(Sequence[Decision]):
    """What an agent does in B environments in one tick.

    Attributes:
        actions: The actions, for the environments.
        buttons: Int64 [B]; see :class:`Decision`.
        camera: Int64 [B].
        log_probability: Float32 [B].
        value: Float32 [B].
        distribution: Log-probabilities [B, 8641] and [B, 121], on the policy's device.
    """

    actions: Actions
    buttons: npt.NDArray[np.int64]
    camera: npt.NDArray[np.int64]
    log_probability: npt.NDArray[np.float32]
    value: npt.NDArray[np.float32]
    distribution: ActionLogProbabilities

    def __len__(self) -> int:
        return len(self.buttons)

    def __getitem__(self, environment: Any) -> Any:
        return Decision(
            self.actions[environment],
            int(self.buttons[environment]),
            int(self.camera[environment]),
            float(self.log_probability[environment]),
            float(self.value[environment]),
            ActionLogProbabilities(
                self.distribution.buttons[environment], self.distribution.camera[environment]
            ),
        )

    def marginals(self) -> Marginals:
        """How probable each button and camera pair was in each environment, to show."""
        return marginals_of(self.distribution)


class Agent:
    """Plays one environment or several at once, remembering each by itself.

    Its memory is laid out once and written in place: a step takes the same time and memory however long it
    has played. Runs on the device of the policy's weights.

    Args:
        checkpoint: The policy, its camera bins and how its actions are counted.
        environments: How many are played at once, B.
        temperature: Of the choice, beside the policy's own: 1 plays as trained, less is more decided.
        deterministic: Always do what is likeliest, instead of drawing by chance. Trained policies play worse
            so: many of their habits are small chances per tick.
        seed: Where chance starts. Environment i draws from ``[seed, i]``, whatever the others do.

    Raises:
        ValueError: If the temperature is not above 0, or there is no environment.
    """

    def __init__(
        self,
        checkpoint: PolicyCheckpoint,
        *,
        environments: int = 1,
        temperature: float = 1.0,
        deterministic: bool = False,
        seed: int = 0,
    ) -> None:
        if environments < 1 or not temperature > 0:
            raise ValueError("an agent needs an environment and a temperature above 0")
        self.policy = checkpoint.model.eval()
        self._checkpoint = checkpoint
        self._temperature = temperature
        self._deterministic = deterministic
        self._device = self.policy.value_head.linear.weight.device
        self._ring = self.policy.ring(environments)
        self._chances = [np.random.default_rng([seed, number]) for number in range(environments)]
        size = self.policy.network.image_size
        self._frames = np.zeros((environments, size, size, 3), np.uint8)

    @classmethod
    def load(cls, path: Path, *, device: str = "cpu", **options: Any) -> Self:
        """An agent from a checkpoint, ours or OpenAI's.

        Args:
            path: An export folder or an OpenAI ``.model`` file.
            device: Where it computes, in PyTorch's words.
            options: As for the class.

        Raises:
            StudioError: If there is no policy, or it is damaged, or there is no such device.
        """
        checkpoint = load_policy(path)
        move_to(device, checkpoint.model)
        return cls(checkpoint, **options)

    def act(self, seen: Seen, *, first: bool = False) -> Decision:
        """Decide what to do in the only environment.

        Args:
            seen: What is on screen now; any size, resized as in training.
            first: Whether this begins an episode: all before it is forgotten.

        Raises:
            ValueError: If the agent plays several environments, or the picture is no RGB picture.
        """
        decision: Decision = self.act_all([seen], np.array([first]))[0]
        return decision

    def act_all(
        self,
        seen: Sequence[Seen],
        first: npt.NDArray[np.bool_],
        environments: Sequence[int] | None = None,
    ) -> Decisions:
        """Decide what to do in every environment, or in those that are ready.

        Args:
            seen: What is on screen in each.
            first: Bool [B]: which of them begin an episode.
            environments: Which environments these are, each at most once, where not all have got on by a
                tick; the others are left as they are. ``None`` means all, in order.

        Returns:
            The decisions, in the order of the pictures.

        Raises:
            ValueError: If there are not as many as environments, an environment is unknown or named twice, or
                a picture is no RGB picture.
        """
        present = range(len(self._frames)) if environments is None else environments
        if not len(seen) == len(first) == len(present):
            raise ValueError(f"{len(seen)} pictures and {len(first)} starts for {len(present)} games")
        if len(set(present)) < len(present) or not set(present) <= set(range(len(self._frames))):
            raise ValueError(f"no choice of {len(self._frames)} games: {list(present)}")
        for number, one in zip(present, seen, strict=True):
            self._look(number, one)
        chosen_frames = self._frames if environments is None else self._frames[list(present)]
        with torch.inference_mode():
            out = self.policy.step(
                torch.from_numpy(chosen_frames).to(self._device),
                torch.from_numpy(np.asarray(first, dtype=bool)).to(self._device),
                self._ring,
                None if environments is None else torch.tensor(list(present), device=self._device),
            )
            buttons, camera = self._chosen(out.actions, present)
            chosen = log_probability(out.actions, buttons, camera, self._checkpoint.camera_term)
            value = self.policy.value_head.returns(out.value)
        return Decisions(
            self._played(buttons.cpu().numpy(), camera.cpu().numpy()),
            buttons.cpu().numpy(),
            camera.cpu().numpy(),
            chosen.cpu().numpy(),
            value.cpu().numpy(),
            out.actions,
        )

    def _look(self, number: int, seen: Seen) -> None:
        """Bring a picture to the network's size, as the published code does: bilinear, aspect not kept."""
        picture = np.asarray(seen["pov"] if isinstance(seen, Mapping) else seen)
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise ValueError(f"a picture is uint8 [height, width, 3], not {picture.dtype} {picture.shape}")
        target = self._frames[number]
        if picture.shape == target.shape:
            target[:] = picture
        else:
            # MineRL hands out mirrored views, which OpenCV does not take.
            whole = np.ascontiguousarray(picture)
            cv2.resize(whole, target.shape[1::-1], dst=target, interpolation=cv2.INTER_LINEAR)

    def _chosen(
        self, actions: ActionLogProbabilities, environments: Sequence[int]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if self._deterministic:
            return likeliest(actions.buttons), likeliest(actions.camera)
        chance = torch.from_numpy(np.stack([self._chances[number].random(2) for number in environments]))
        return (
            sampled(actions.buttons, chance[:, 0], self._temperature),
            sampled(actions.camera, chance[:, 1], self._temperature),
        )

    def _played(self, buttons: npt.NDArray[np.int64], camera: npt.NDArray[np.int64]) -> Actions:
        quantiser = self._checkpoint.camera
        held, bins = to_factored(buttons, camera, quantiser)
        actions = Actions.null(len(buttons))
        actions.buttons[:, : len(BUTTONS)] = held
        actions.camera[:] = quantiser.decode(bins)
        return actions
