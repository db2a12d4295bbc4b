"""Augmentation of clips: one draw of colour and geometry per clip, and a mirror that minds the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA

_LEFT, _RIGHT = BUTTONS.index("left"), BUTTONS.index("right")
_YAW = 1  # camera axis
_LUMA = np.array([0.299, 0.587, 0.114])  # Rec. 601, as in the usual saturation jitter
_REFERENCE_SIZE = 128  # pixels of the picture in which the translation range is meant


@dataclass(frozen=True)
class AugmentationRanges:
    """How far each property of a clip may be changed; zero leaves it alone.

    Defaults are those of the paper's IDM training.

    Attributes:
        hue: Largest turn of the hue, in full turns.
        saturation: Largest relative change of the saturation.
        brightness: Largest relative change of the brightness.
        contrast: Largest relative change of the contrast.
        rotation: Largest rotation in degrees.
        scale: Largest relative change of the size.
        shear: Largest horizontal shear in degrees.
        translation: Largest shift per axis, in pixels of a 128 pixel picture.
    """

    hue: float = 0.2
    saturation: float = 0.2
    brightness: float = 0.2
    contrast: float = 0.2
    rotation: float = 2.0
    scale: float = 0.02
    shear: float = 2.0
    translation: float = 2.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"{field.name} is negative")


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
        shift: (right, down) in pixels of a 128 pixel picture.
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


def draw_augmentation(ranges: AugmentationRanges, generator: torch.Generator) -> AugmentationDraw:
    """Draw every property uniformly from its range; always takes nine numbers from ``generator``."""
    hue, saturation, brightness, contrast, rotation, scale, shear, right, down = (
        torch.rand(9, generator=generator, dtype=torch.float64) * 2 - 1
    ).tolist()
    return AugmentationDraw(
        hue=hue * ranges.hue,
        saturation=1 + saturation * ranges.saturation,
        brightness=1 + brightness * ranges.brightness,
        contrast=1 + contrast * ranges.contrast,
        rotation=rotation * ranges.rotation,
        scale=1 + scale * ranges.scale,
        shear=shear * ranges.shear,
        shift=(right * ranges.translation, down * ranges.translation),
    )


def augment_frames(frames: Tensor, draw: AugmentationDraw) -> Tensor:
    """Apply one draw to a clip.

    Colour is one affine map of RGB, so it costs a single pass; the hue turns about the grey axis, which is
    the usual HSV turn to first order. Geometry turns about the picture's centre, bilinearly; uncovered
    borders repeat the edge.

    Args:
        frames: RGB levels, uint8 [T, H, W, 3].
        draw: What to apply.

    Returns:
        Uint8 [T, H, W, 3]; the given tensor itself if the draw changes nothing.
    """
    count, height, width, _ = frames.shape
    pixels = np.ascontiguousarray(frames.numpy())
    if draw.changes_colour:
        colours = _colour_map(draw, mean_level=float(pixels[:: max(1, count // 4)].mean()))
        pixels = cv2.transform(pixels.reshape(count * height, width, 3), colours).reshape(frames.shape)
    if draw.changes_geometry:
        plane = _plane_map(draw, height, width)
        pixels = np.stack(
            [
                cv2.warpAffine(
                    picture,
                    plane,
                    (width, height),
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
                for picture in pixels
            ]
        )
    if not (draw.changes_colour or draw.changes_geometry):
        return frames
    return torch.from_numpy(pixels)


def mirror_clip(frames: Tensor, buttons: Tensor, camera: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A clip as it would look in a mirror, with the actions that would look so.

    Not in the paper. Left and right swap, and yaw changes its sign; twice is the identity.

    Args:
        frames: [T, H, W, 3].
        buttons: [T, 20].
        camera: Int64 bins [T, 2], pitch and yaw.

    Returns:
        New tensors of the same shapes and types.
    """
    swapped = buttons.clone()
    swapped[:, _LEFT], swapped[:, _RIGHT] = buttons[:, _RIGHT], buttons[:, _LEFT]
    turned = camera.clone()
    turned[:, _YAW] = DEFAULT_CAMERA.bins - 1 - camera[:, _YAW]
    return frames.flip(2), swapped, turned


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
    shift = np.array(draw.shift) * np.array([width, height]) / _REFERENCE_SIZE
    return np.hstack([linear, (centre + shift - linear @ centre)[:, None]])
