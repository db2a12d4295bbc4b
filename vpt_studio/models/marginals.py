"""What a joint distribution means for single buttons and for the camera, for people to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.actions.joint_space import BUTTON_TABLE
from vpt_studio.models.log_probability import ActionLogProbabilities


@dataclass(frozen=True)
class Marginals:
    """How probable a policy holds what a person can see.

    Attributes:
        buttons: Float32 [..., 20]: that each button is held, columns as ``BUTTONS``. Buttons of one group
            exclude one another, so these are no independent choices.
        camera_on: Float32 [...]: that the camera is listened to.
        camera: Float32 [..., 11, 11]: each pair of bins where it is, rows pitch, columns yaw; sums to 1.
    """

    buttons: npt.NDArray[np.float32]
    camera_on: npt.NDArray[np.float32]
    camera: npt.NDArray[np.float32]


def marginals_of(actions: ActionLogProbabilities) -> Marginals:
    """The marginals of a policy's joint distribution over leading axes [...].

    Raises:
        ValueError: If the distribution is in the factored form, which is marginal already.
    """
    camera_on = actions.camera_on()
    buttons = actions.buttons.exp() @ _held(actions.buttons.device)
    grid = actions.camera.exp().reshape(*actions.camera.shape[:-1], DEFAULT_CAMERA.bins, DEFAULT_CAMERA.bins)
    return Marginals(buttons.cpu().numpy(), camera_on.cpu().numpy(), grid.cpu().numpy())


@cache
def _held(device: torch.device) -> Tensor:
    """Float32 [8641, 20]: the buttons of every combination."""
    return torch.from_numpy(BUTTON_TABLE.astype(np.float32)).to(device)
