"""Augmentation of clips: one draw of colour and geometry per clip, and a mirror that minds the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import torch

from training.camera_response import CameraResponse
from training.clips import ClipBatch
from training.configs import Augmentation
from training.panning import PAN_ZOOM, draw_pan
from vpt_studio.actions.buttons import BUTTONS

_LEFT, _RIGHT = BUTTONS.index("left"), BUTTONS.index("right")
_YAW = 1  # camera axis
_MIRRORED_SHARE = 0.5
_LUMA = np.array([0.299, 0.587, 0.114])  # Rec. 601, as in the usual saturation jitter


@dataclass(frozen=True)
class AugmentationDraw:
    """One draw, applied alike to all frames of a clip; the defaults change nothing.

    Attributes:
        hue: Turn of the hue in full turns.
        saturation: Factor.
        brightness: Factor.
        contrast: Factor, about the clip's mean level.
        rotation: Degrees, clockwise on the screen.
        scale: Factor.
        shear: Degrees.
        shift: (right, down) in pixels.
    """

    hue: float = 0.0
    saturation: float = 1.0
    brightness: float = 1.0
    contrast: float = 1.0
    rotation: float = 0.0
    scale: float = 1.0
    shear: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def changes_colour(self) -> bool:
        """Whether any pixel's colour may change."""
        return (self.hue, self.saturation, self.brightness, self.contrast) != (0.0, 1.0, 1.0, 1.0)

    @property
    def changes_geometry(self) -> bool:
        """Whether any pixel may move."""
        return (self.rotation, self.scale, self.shear, self.shift) != (0.0, 1.0, 0.0, (0.0, 0.0))


def draw_augmentation(ranges: Augmentation, generator: torch.Generator) -> AugmentationDraw:
    """Draw every property uniformly from its range; always takes nine numbers from ``generator``.

    Args:
        ranges: Largest changes; the defaults are those of the paper's IDM training.
        generator: Source of randomness on the CPU.
    """
    hue, saturation, brightness, contrast, rotation, scale, shear, right, down = (
        torch.rand(9, generator=generator, dtype=torch.float64) * 2 - 1
    ).tolist()
    return AugmentationDraw(
        hue=hue * ranges.hue,
        saturation=1 + saturation * ranges.saturation,
        brightness=1 + brightness * ranges.brightness,
        contrast=1 + contrast * ranges.contrast,
        rotation=rotation * ranges.rotation_degrees,
        scale=1 + scale * ranges.scale,
        shear=shear * ranges.shear_degrees,
        shift=(right * ranges.translation_pixels, down * ranges.translation_pixels),
    )


def augment_frames(
    frames: npt.NDArray[np.uint8],
    draw: AugmentationDraw,
    offsets: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.uint8]:
    """Apply one draw to a clip.

    Colour is one affine map of RGB, so it costs a single pass; the hue turns about the grey axis, which is
    the usual HSV turn to first order. Geometry turns about the picture's centre, bilinearly; uncovered
    borders repeat the edge.

    Args:
        frames: RGB levels, uint8 [T, H, W, 3].
        draw: What to apply.
        offsets: Float [T, 2]: pixels right and down by which each frame is moved besides.

    Returns:
        Uint8 [T, H, W, 3]; the given array itself if nothing changes.
    """
    count, height, width, _ = frames.shape
    if draw.changes_colour:
        colours = _colour_map(draw, mean_level=float(frames[:: max(1, count // 4)].mean()))
        flat = np.ascontiguousarray(frames).reshape(count * height, width, 3)
        frames = np.asarray(cv2.transform(flat, colours), dtype=np.uint8).reshape(frames.shape)
    if draw.changes_geometry or offsets is not None:
        plane = _plane_map(draw, height, width)
        # A pan uncovers whole strips: mirrored content there is motion too, a repeated edge would be none.
        border = cv2.BORDER_REPLICATE if offsets is None else cv2.BORDER_REFLECT
        moved = np.empty_like(frames)
        for index, picture in enumerate(frames):
            map_of_frame = plane.copy()
            if offsets is not None:
                map_of_frame[:, 2] += offsets[index]
            moved[index] = cv2.warpAffine(
                picture, map_of_frame, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
            )
        frames = moved
    return frames


def mirror_clips(batch: ClipBatch, chosen: npt.NDArray[np.bool_]) -> ClipBatch:
    """The batch with some clips as they would look in a mirror, with the actions that would look so.

    Not in the paper. Left and right swap, and yaw changes its sign; twice is the identity.

    Args:
        batch: Clips and labels.
        chosen: Bool [B], which clips are mirrored.

    Returns:
        A new batch; the given one is not changed.
    """
    frames, buttons, degrees = batch.frames.copy(), batch.buttons.copy(), batch.degrees.copy()
    frames[chosen] = batch.frames[chosen][:, :, :, ::-1]
    buttons[chosen, :, _LEFT] = batch.buttons[chosen, :, _RIGHT]
    buttons[chosen, :, _RIGHT] = batch.buttons[chosen, :, _LEFT]
    degrees[chosen, :, _YAW] = -batch.degrees[chosen, :, _YAW]
    return replace(batch, frames=frames, buttons=buttons, degrees=degrees)


class Augmenter:
    """Augments the batches of a training, each in a way that depends only on the seed and its number.

    So a resumed training sees the pictures an uninterrupted one would have seen.

    Args:
        ranges: How far clips may be changed, how many are panned, and whether half of them are mirrored.
        seed: The training's seed.
        response: How the picture answers the camera; without it nothing is panned.
    """

    def __init__(self, ranges: Augmentation, seed: int, response: CameraResponse | None = None) -> None:
        self._ranges = ranges
        self._seed = seed
        self._response = response

    def __call__(self, batch: ClipBatch, number: int) -> ClipBatch:
        """Batch ``number`` with one draw per clip; the given batch is not changed."""
        seed = np.random.SeedSequence([self._seed, number]).generate_state(1, np.uint64)
        # Generators take signed seeds.
        generator = torch.Generator().manual_seed(int(seed[0] >> np.uint64(1)))
        panned, offsets, zooms = self._pan(batch, number)
        clips = []
        for clip, moved, zoom in zip(panned.frames, offsets, zooms, strict=True):
            draw = draw_augmentation(self._ranges, generator)
            clips.append(augment_frames(clip, replace(draw, scale=draw.scale * zoom), moved))
        batch = replace(panned, frames=np.stack(clips))
        if not self._ranges.mirror:
            return batch
        return mirror_clips(batch, torch.rand(len(clips), generator=generator).numpy() < _MIRRORED_SHARE)

    def _pan(
        self, batch: ClipBatch, number: int
    ) -> tuple[ClipBatch, list[npt.NDArray[np.float64] | None], list[float]]:
        """Labels of panned clips, with the offsets and zoom their frames are still to get."""
        clips, ticks = batch.frames.shape[:2]
        offsets: list[npt.NDArray[np.float64] | None] = [None] * clips
        zooms = [1.0] * clips
        still, moving = self._ranges.panned_stills, self._ranges.panned_clips
        if self._response is None or not still + moving:
            return batch, offsets, zooms
        rng = np.random.default_rng([self._seed, number, 1])
        frames, degrees = batch.frames.copy(), batch.degrees.copy()
        buttons_known, camera_known = batch.buttons_known.copy(), batch.camera_known.copy()
        for clip in range(clips):
            chance = rng.random()
            if chance >= still + moving or batch.screen_open[clip].any():
                continue
            pan = draw_pan(ticks, self._response, rng)
            if chance < still:
                frames[clip] = frames[clip, :1]
                degrees[clip] = pan.degrees
                buttons_known[clip] = False  # nothing that the keys did can be seen in one frame
            else:
                degrees[clip] = degrees[clip] * PAN_ZOOM + pan.degrees
            camera_known[clip] &= pan.shown
            offsets[clip], zooms[clip] = pan.offsets, PAN_ZOOM
        panned = replace(
            batch, frames=frames, degrees=degrees, buttons_known=buttons_known, camera_known=camera_known
        )
        return panned, offsets, zooms


def _colour_map(draw: AugmentationDraw, *, mean_level: float) -> npt.NDArray[np.float64]:
    """The 3x4 affine map of RGB levels: hue, then saturation, brightness, contrast."""
    angle = 2 * math.pi * draw.hue
    across = math.sqrt(1 / 3) * math.sin(angle)
    turn = (
        math.cos(angle) * np.eye(3)
        + (1 - math.cos(angle)) / 3 * np.ones((3, 3))
        + across * np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    )  # Rodrigues' rotation about (1, 1, 1)
    saturate = draw.saturation * np.eye(3) + (1 - draw.saturation) * np.tile(_LUMA, (3, 1))
    gain = draw.contrast * draw.brightness
    level = (1 - draw.contrast) * draw.brightness * mean_level
    return np.hstack([gain * saturate @ turn, np.full((3, 1), level)])


def _plane_map(draw: AugmentationDraw, height: int, width: int) -> npt.NDArray[np.float64]:
    """The 2x3 affine map from pixel positions of the source to those of the result."""
    angle, shear = math.radians(draw.rotation), math.radians(draw.shear)
    rotate = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = draw.scale * rotate @ np.array([[1, math.tan(shear)], [0, 1]])
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.hstack([linear, (centre + np.array(draw.shift) - linear @ centre)[:, None]])
