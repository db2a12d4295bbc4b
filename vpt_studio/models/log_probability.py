"""The probability of an action: one definition for every stage, with one flag that checkpoints carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import torch
from torch import Tensor

from vpt_studio.actions.joint_space import BUTTON_COMBINATIONS, CAMERA_OFF_TABLE


class CameraTerm(StrEnum):
    """When the camera head's choice counts as part of a joint action.

    Half of the button combinations do not listen to the camera head: whatever it says, the view stays. The
    published code adds both heads all the same, with the null pair as the camera's label; behavioural
    cloning, the inverse dynamics model and parity do so too. In reinforcement learning that would credit
    and blame choices that did nothing, so there the camera counts only where it was listened to.
    """

    ALWAYS = "always"
    WHEN_ON = "when_on"


@dataclass(frozen=True)
class ActionLogProbabilities:
    """Normalised log-probabilities of every independent choice of an action.

    Attributes:
        buttons: Float32 [..., 8641] of a policy (one joint choice); [..., 20, 2] of an inverse dynamics
            model (20 buttons, released or pressed).
        camera: Float32 [..., 121] of a policy (11 x pitch bin + yaw bin); [..., 2, 11] of an inverse
            dynamics model (axes pitch and yaw, 11 bins).
    """

    buttons: Tensor
    camera: Tensor

    @property
    def joint(self) -> bool:
        """Whether this is a policy's joint form."""
        return self.buttons.shape[-1] == BUTTON_COMBINATIONS

    def camera_on(self) -> Tensor:
        """Probability that the camera head is listened to, float32 [...]; joint form only.

        Raises:
            ValueError: If this is the factored form, which has no such switch.
        """
        return self.buttons.exp() @ _listens(self, self.buttons.device).to(self.buttons)


def log_probability(out: ActionLogProbabilities, buttons: Tensor, camera: Tensor, term: CameraTerm) -> Tensor:
    """Log-probability of actions in nats.

    Args:
        out: Log-probabilities of every choice, over leading axes [...].
        buttons: Int64 [...] joint indices, or [..., 20] of zeros and ones.
        camera: Int64 [...] joint indices, or [..., 2] bins.
        term: When the camera counts; the factored form knows ``ALWAYS`` only.

    Returns:
        Float32 [...].

    Raises:
        ValueError: If ``WHEN_ON`` is asked of the factored form.
    """
    of_camera = camera_log_probability(out, camera)
    if term is CameraTerm.WHEN_ON:
        of_camera = of_camera * _listens(out, buttons.device)[buttons]
    return buttons_log_probability(out, buttons) + of_camera


def buttons_log_probability(out: ActionLogProbabilities, buttons: Tensor) -> Tensor:
    """The buttons' part of :func:`log_probability`, float32 [...]."""
    return _summed(_picked(out.buttons, buttons), joint=out.joint)


def camera_log_probability(out: ActionLogProbabilities, camera: Tensor) -> Tensor:
    """The camera's part of :func:`log_probability` where it counts, float32 [...]."""
    return _summed(_picked(out.camera, camera), joint=out.joint)


def entropy(out: ActionLogProbabilities, term: CameraTerm) -> Tensor:
    """Entropy of the action in nats: buttons, plus the camera's times the probability that it counts.

    Returns:
        Float32 [...].
    """
    of_buttons = _summed(-(out.buttons.exp() * out.buttons).sum(-1), joint=out.joint)
    of_camera = _summed(-(out.camera.exp() * out.camera).sum(-1), joint=out.joint)
    return of_buttons + _weighted(of_camera, out, term)


def divergence(prior: ActionLogProbabilities, policy: ActionLogProbabilities, term: CameraTerm) -> Tensor:
    """Kullback-Leibler divergence KL(prior || policy) in nats.

    With ``WHEN_ON`` it is KL of the buttons + the prior's probability of camera on x KL of the camera, which
    is the exact divergence of the two-step choice.

    Returns:
        Float32 [...].
    """
    of_buttons = (prior.buttons.exp() * (prior.buttons - policy.buttons)).sum(-1)
    of_camera = (prior.camera.exp() * (prior.camera - policy.camera)).sum(-1)
    weighted = _weighted(_summed(of_camera, joint=prior.joint), prior, term)
    return _summed(of_buttons, joint=prior.joint) + weighted


def _picked(head: Tensor, labels: Tensor) -> Tensor:
    return head.gather(-1, labels.unsqueeze(-1)).squeeze(-1)


def _summed(choices: Tensor, *, joint: bool) -> Tensor:
    """Independent choices of a factored action multiply: their logarithms add up."""
    return choices if joint else choices.sum(-1)


def _weighted(of_camera: Tensor, weights: ActionLogProbabilities, term: CameraTerm) -> Tensor:
    return of_camera if term is CameraTerm.ALWAYS else of_camera * weights.camera_on()


def _listens(out: ActionLogProbabilities, device: torch.device) -> Tensor:
    if not out.joint:
        raise ValueError("only joint actions say whether the camera is listened to")
    return camera_listened_to(device)


@cache
def camera_listened_to(device: torch.device) -> Tensor:
    """Bool [8641]: which button combinations listen to the camera head; the inventory's does."""
    return torch.from_numpy(~CAMERA_OFF_TABLE).to(device)
