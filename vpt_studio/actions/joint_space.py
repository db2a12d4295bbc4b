"""The policies' joint action space: 8641 button combinations x 121 camera pairs.

Structure and order follow the released policies: exclusive groups of buttons, the last varying
fastest, then one more combination for the inventory key alone.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vpt_studio.actions.buttons import BUTTON_INDEX, BUTTONS, HOTBAR_BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA, CameraQuantiser

# Slowest group first; in every group index 0 is "none" and the rest exclude one another.
_GROUPS: tuple[tuple[str, ...], ...] = (
    HOTBAR_BUTTONS,
    ("forward", "back"),
    ("left", "right"),
    ("sprint", "sneak"),
    ("use",),
    ("drop",),
    ("attack",),
    ("jump",),
    ("camera",),  # the meta button: whether the camera head is listened to
)
_CANCELLING = (("forward", "back"), ("left", "right"))

_STRIDES: tuple[int, ...] = tuple(
    int(np.prod([len(group) + 1 for group in _GROUPS[position + 1 :]], dtype=np.int64))
    for position in range(len(_GROUPS))
)

#: The combination of the inventory key alone; it comes after all products of groups.
INVENTORY_INDEX = int(np.prod([len(group) + 1 for group in _GROUPS]))
BUTTON_COMBINATIONS = INVENTORY_INDEX + 1
NULL_BUTTONS_INDEX = 0


class JointIndices(NamedTuple):
    """What a policy's two heads choose: int64 arrays of one shape, 0..8640 and 0..120."""

    buttons: npt.NDArray[np.int64]
    camera: npt.NDArray[np.int64]


def camera_combinations(camera: CameraQuantiser = DEFAULT_CAMERA) -> int:
    """Size of the camera head; 121 with the released settings."""
    return camera.bins**2


def null_camera_index(camera: CameraQuantiser = DEFAULT_CAMERA) -> int:
    """The camera head's index of no movement; 60 with the released settings."""
    return camera.null_bin * camera.bins + camera.null_bin


def to_joint(
    buttons: npt.NDArray[np.uint8],
    camera_bins: npt.NDArray[np.int64],
    camera: CameraQuantiser = DEFAULT_CAMERA,
) -> JointIndices:
    """Factored actions as joint indices.

    Opposite directions cancel; in any other group the later option wins (sneak over sprint, the
    highest hot-bar number); the inventory key overrides everything and stills the camera.

    Args:
        buttons: 0 or 1, [..., 20], columns as ``BUTTONS``.
        camera_bins: int64 [..., 2], pitch and yaw bins.
        camera: The quantiser the bins belong to.

    Returns:
        Two int64 arrays of the leading shape.
    """
    held = np.asarray(buttons).astype(bool)
    bins = np.asarray(camera_bins, dtype=np.int64)
    if held.shape[-1:] != (len(BUTTONS),) or bins.shape != (*held.shape[:-1], 2):
        raise ValueError("buttons must be [..., 20] and camera_bins [..., 2] of the same leading shape")
    if bins.size and (bins.min() < 0 or bins.max() >= camera.bins):
        raise ValueError(f"camera bins must lie in 0 .. {camera.bins - 1}")
    moves = (bins != camera.null_bin).any(axis=-1)
    index = np.zeros(held.shape[:-1], dtype=np.int64)
    for group, stride in zip(_GROUPS, _STRIDES, strict=True):
        if group == ("camera",):
            choice = moves.astype(np.int64)
        else:
            columns = held[..., [BUTTON_INDEX[name] for name in group]]
            choice = (columns * np.arange(1, len(group) + 1)).max(axis=-1)
            if group in _CANCELLING:
                choice = np.where(columns.all(axis=-1), 0, choice)
        index += stride * choice
    inventory = held[..., BUTTON_INDEX["inventory"]]
    pair = bins[..., 0] * camera.bins + bins[..., 1]
    return JointIndices(
        np.where(inventory, INVENTORY_INDEX, index), np.where(inventory, null_camera_index(camera), pair)
    )


def to_factored(
    buttons_index: npt.ArrayLike, camera_index: npt.ArrayLike, camera: CameraQuantiser = DEFAULT_CAMERA
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Joint indices as factored actions: uint8 [..., 20] and bins int64 [..., 2].

    Where the combination does not listen to the camera, its bins are the null bins. The inventory
    combination does listen, as in the released policies: a sampled camera move passes with it.

    Raises:
        ValueError: An index lies outside its space.
    """
    chosen = np.asarray(buttons_index, dtype=np.int64)
    pair = np.asarray(camera_index, dtype=np.int64)
    if chosen.size and (chosen.min() < 0 or chosen.max() >= BUTTON_COMBINATIONS):
        raise ValueError(f"button indices must lie in 0 .. {BUTTON_COMBINATIONS - 1}")
    if pair.size and (pair.min() < 0 or pair.max() >= camera_combinations(camera)):
        raise ValueError(f"camera indices must lie in 0 .. {camera_combinations(camera) - 1}")
    bins = np.stack(np.divmod(pair, camera.bins), axis=-1)
    bins[CAMERA_OFF_TABLE[chosen]] = camera.null_bin
    return BUTTON_TABLE[chosen], bins


def null_in_policy_space(
    buttons: npt.NDArray[np.uint8],
    camera_bins: npt.NDArray[np.int64],
    camera: CameraQuantiser = DEFAULT_CAMERA,
) -> npt.NDArray[np.bool_]:
    """Which factored actions are "do nothing": no button held, no camera motion beyond its null bin.

    This is the published loader's test as it was meant (there it never holds, for a slip). Opposite
    directions held together are not null by it, though the joint space cannot tell them from nothing.
    """
    still = (np.asarray(camera_bins) == camera.null_bin).all(axis=-1)
    return np.logical_and(still, np.logical_not(np.asarray(buttons).any(axis=-1)))


def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    buttons = np.zeros((BUTTON_COMBINATIONS, len(BUTTONS)), dtype=np.uint8)
    camera_off = np.zeros(BUTTON_COMBINATIONS, dtype=bool)
    for index, choices in enumerate(product(*(range(len(group) + 1) for group in _GROUPS))):
        for group, choice in zip(_GROUPS[:-1], choices[:-1], strict=True):
            if choice:
                buttons[index, BUTTON_INDEX[group[choice - 1]]] = 1
        camera_off[index] = choices[-1] == 0
    buttons[INVENTORY_INDEX, BUTTON_INDEX["inventory"]] = 1
    buttons.flags.writeable = False
    camera_off.flags.writeable = False
    return buttons, camera_off


#: uint8 [8641, 20]: the buttons of each combination. bool [8641]: whether it ignores the camera head.
BUTTON_TABLE, CAMERA_OFF_TABLE = _tables()
