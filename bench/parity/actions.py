"""Part ``actions``: the action spaces and the quantiser against the published implementation, all exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bench.parity.deviation import Deviation, exact
from vpt_studio.actions import DEFAULT_CAMERA, Action, CameraQuantiser, to_factored, to_joint
from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.joint_space import (
    BUTTON_TABLE,
    CAMERA_OFF_TABLE,
    INVENTORY_INDEX,
    NULL_BUTTONS_INDEX,
    null_camera_index,
)

_QUANTISERS = {
    "mu10_bin2_max10": CameraQuantiser(),
    "mu5_bin2_max10": CameraQuantiser(mu=5),
    "mu20_bin1_max10": CameraQuantiser(mu=20, bin_size=1),
    "mu10.3194_bin2_max20": CameraQuantiser(limit=20, mu=10.3194),
    "linear_bin2_max10": CameraQuantiser(scheme="linear"),
}


def check(folder: Path) -> list[Deviation]:
    """Compare tables, both ways between the spaces, and the quantiser under every setting.

    Args:
        folder: The part's folder.

    Returns:
        For each quantity, how many entries differ.
    """
    return [*_tables(folder), *_there_and_back(folder), *_decoding(folder), *_quantisers(folder)]


def _load(folder: Path, name: str) -> dict[str, Any]:
    with np.load(folder / f"{name}.npz") as archive:
        return dict(archive)


def _tables(folder: Path) -> list[Deviation]:
    known = _load(folder, "tables")
    _, pairs = to_factored(np.ones(121, np.int64), np.arange(121))
    ours = [NULL_BUTTONS_INDEX, null_camera_index(), INVENTORY_INDEX]
    theirs = [int(known[name]) for name in ("null_buttons", "null_camera", "inventory_buttons")]
    return [
        exact("button combinations", BUTTON_TABLE, known["buttons_table"]),
        exact("combinations without camera", CAMERA_OFF_TABLE, known["camera_off"]),
        exact("camera pairs", pairs, known["camera_table"]),
        exact("indices of null and inventory", ours, theirs),
    ]


def _there_and_back(folder: Path) -> list[Deviation]:
    known = _load(folder, "roundtrip")
    bins = DEFAULT_CAMERA.encode(known["env_camera"])
    joint = to_joint(known["env_buttons"], bins)
    buttons, back = to_factored(joint.buttons, joint.camera)
    return [
        exact("camera bins of environment actions", bins, known["policy_camera"]),
        exact("joint buttons", joint.buttons, known["agent_buttons"][:, 0]),
        exact("joint camera", joint.camera, known["agent_camera"][:, 0]),
        exact("buttons on the way back", buttons, known["env_out_buttons"]),
        exact("camera on the way back", DEFAULT_CAMERA.decode(back), known["env_out_camera"]),
    ]


def _decoding(folder: Path) -> list[Deviation]:
    known = _load(folder, "decode")
    buttons, bins = to_factored(known["agent_buttons"], known["agent_camera"])
    angles = DEFAULT_CAMERA.decode(bins[:, 0])
    cameras = []
    for row, (pitch, yaw) in zip(buttons[:, 0], angles, strict=True):
        pressed = frozenset(name for name, held in zip(BUTTONS, row, strict=True) if held)
        cameras.append(Action(pressed, pitch, yaw).to_environment()["camera"])
    return [
        exact("buttons of every pair of indices", buttons[:, 0], known["factored_buttons"]),
        exact("camera bins of every pair of indices", bins[:, 0], known["factored_camera"]),
        exact("environment camera of every pair", cameras, known["env_camera"].astype(np.float32)),
    ]


def _quantisers(folder: Path) -> list[Deviation]:
    known, whole = _load(folder, "camera_quantiser"), _load(folder, "camera_integer_inputs")
    found = []
    for setting, quantiser in _QUANTISERS.items():
        bins, centres = quantiser.encode(known["values"]), quantiser.centres
        found.append(exact(f"bins, {setting}", bins, known[f"{setting}/bins"]))
        found.append(exact(f"centres, {setting}", centres, known[f"{setting}/centres"]))
    bins = DEFAULT_CAMERA.encode(whole["values"])
    return [*found, exact("bins of whole degrees", bins, whole["bins"])]
