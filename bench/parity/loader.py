"""Part ``loader``: recordings read in published mode against what the published loader made of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.parity.deviation import Deviation, absolute, exact
from vpt_studio.actions import DEFAULT_CAMERA, to_joint
from vpt_studio.actions.tick_conversion import EXACT, PUBLISHED
from vpt_studio.recordings.pointer import draw_pointer_at
from vpt_studio.recordings.recording import Recording

_OTHER_DECODERS = 2.0  # levels by which the pictures of two H.264 decoders may differ, says the README


def check(folder: Path) -> list[Deviation]:
    """Compare lines, actions, indices, frames, the pointer and the resize.

    Args:
        folder: The part's folder.

    Returns:
        For actions and indices how many differ; for pictures the largest difference in levels, and how many
        hashes differ.
    """
    found = []
    for expected in sorted(folder.glob("*.expected.json")):
        found += _recording(folder, expected.name.removesuffix(".expected.json"))
    return [*found, *_pointer(folder), _resize(folder)]


def _recording(folder: Path, name: str) -> list[Deviation]:
    expected = json.loads((folder / f"{name}.expected.json").read_bytes())
    items = expected["items"]
    with Recording.open(folder / f"{name}.mp4") as recording:
        published, fine = recording.converted(PUBLISHED), recording.converted(EXACT)
        frames = recording.model_frames()
        count = 0 if recording.ticks is None else len(recording.ticks)
    lines = [item["line"] for item in items]
    short = name.rsplit("-", 3)[-3][:2]
    return [
        exact(f"{short}: number of lines", count, expected["lines"]),
        exact(f"{short}: lines that are emitted", np.flatnonzero(~published.null), lines),
        _actions(short, published.actions, items),
        *_indices(short, published.actions, fine.actions, items),
        *_frames(short, folder / f"{name}.frames.npz", frames, items),
    ]


def _actions(name: str, actions: Any, items: list[dict[str, Any]]) -> Deviation:
    wrong = 0
    for item in items:
        action = actions[item["line"]].to_environment()
        action["camera"] = [int(angle) for angle in action["camera"]]
        wrong += action != item["env_action"]
    return Deviation(f"{name}: environment actions", float(wrong), 0)


def _indices(name: str, published: Any, fine: Any, items: list[dict[str, Any]]) -> list[Deviation]:
    lines = [item["line"] for item in items]
    buttons = published.policy_buttons[lines]
    found = []
    for title, camera, suffix in (("whole", published.camera, ""), ("exact", fine.camera, "_float_camera")):
        joint = to_joint(buttons, DEFAULT_CAMERA.encode(camera[lines]))
        ours = np.stack([joint.buttons, joint.camera], axis=1)
        theirs = [[item[f"agent_buttons{suffix}"], item[f"agent_camera{suffix}"]] for item in items]
        found.append(exact(f"{name}: joint indices, {title} degrees", ours, np.reshape(theirs, (-1, 2))))
    return found


def _frames(name: str, path: Path, frames: Any, items: list[dict[str, Any]]) -> list[Deviation]:
    with np.load(path) as archive:
        lines, wanted = archive["lines"], archive["rgb128"]
    hashes = [hashlib.sha256(frames[item["line"]].tobytes()).hexdigest() for item in items]
    wrong = sum(ours != item["frame_sha256"] for ours, item in zip(hashes, items, strict=True))
    pictures = absolute(f"{name}: frames, in levels", frames[lines], wanted, _OTHER_DECODERS)
    # Hashes can agree only where this machine's decoder gives the reference's very pictures.
    allowed = 0 if pictures.largest == 0 else len(items)
    return [pictures, Deviation(f"{name}: hashes of frames", float(wrong), allowed)]


def _pointer(folder: Path) -> list[Deviation]:
    with np.load(folder / "cursor_cases.npz") as archive:
        cases = dict(archive)
    wrong = 0.0
    for number, (x, y) in enumerate(cases["positions_xy"].tolist()):
        frame = cases["background_bgr"].copy()
        draw_pointer_at(frame, x, y)
        top, left = max(0, min(y, 359) - 16), max(0, min(x, 639) - 16)
        wrong += exact("", frame[top : top + 32, left : left + 32], cases[f"crop{number}"]).largest
    return [Deviation("pixels around the pointer", wrong, 0)]


def _resize(folder: Path) -> Deviation:
    with np.load(folder / "resize_case.npz") as archive:
        small = cv2.resize(archive["source_rgb"], (128, 128), interpolation=cv2.INTER_LINEAR)
        return exact("pixels of the resize", small, archive["resized128"])
