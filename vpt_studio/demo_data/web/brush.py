"""Laying pictures over one another, and the plain shapes that everything drawn here is made of."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

#: uint8 [H, W, 3], RGB.
Picture = npt.NDArray[np.uint8]
#: uint8 [h, w, 4], RGBA, not premultiplied.
Sprite = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

_FINER = 4  # shapes with smooth edges are drawn this many times larger and shrunk


def lay(picture: Picture, sprite: Sprite, left: int, top: int, opacity: float = 1.0) -> None:
    """Lay `sprite` over `picture`, in place; what sticks out is cut off.

    Args:
        picture: Changed in place.
        sprite: Its upper left pixel comes to (`left`, `top`).
        left: Column in pixels; may be negative.
        top: Row in pixels; may be negative.
        opacity: A share of the sprite's own, 0 to 1.
    """
    height, width = sprite.shape[:2]
    right, bottom = min(left + width, picture.shape[1]), min(top + height, picture.shape[0])
    if right <= max(left, 0) or bottom <= max(top, 0):
        return
    under = picture[max(top, 0) : bottom, max(left, 0) : right]
    over = sprite[max(-top, 0) : bottom - top, max(-left, 0) : right - left]
    # A share of 256 instead of 255, so that a shift divides.
    share = (over[..., 3:] * np.float32(opacity * 256 / 255)).astype(np.uint32)
    under[:] = (over[..., :3] * share + under * (256 - share)) >> 8


def place(picture: Picture, other: Picture, left: int, top: int) -> None:
    """Put the opaque `other` onto `picture`, in place; it must lie inside."""
    picture[top : top + other.shape[0], left : left + other.shape[1]] = other


def resized(picture: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    """`picture` at another size: averaged when it shrinks, bilinear when it grows."""
    if picture.shape[1] == width and picture.shape[0] == height:
        return picture
    shrinks = picture.shape[1] > width
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=method), np.uint8)


def rounded_mask(width: int, height: int, radius: float) -> npt.NDArray[np.uint8]:
    """uint8 [height, width]: 255 inside a rectangle with round corners, smooth at its edge."""
    wide, high, round_ = width * _FINER, height * _FINER, round(min(radius, width / 2, height / 2) * _FINER)
    mask = np.zeros((high, wide), np.uint8)
    cv2.rectangle(mask, (round_, 0), (wide - round_ - 1, high - 1), 255, -1)
    cv2.rectangle(mask, (0, round_), (wide - 1, high - round_ - 1), 255, -1)
    for column in (round_, wide - round_ - 1):
        for row in (round_, high - round_ - 1):
            cv2.circle(mask, (column, row), round_, 255, -1)
    return resized(mask, width, height)


def panel(
    width: int,
    height: int,
    colour: Colour,
    *,
    opacity: float = 1.0,
    radius: float = 0,
    border: int = 0,
    border_colour: Colour = (255, 255, 255),
) -> Sprite:
    """A box of one colour, with round corners and a border where wanted."""
    sprite = np.empty((height, width, 4), np.uint8)
    sprite[..., :3] = border_colour if border else colour
    sprite[..., 3] = rounded_mask(width, height, radius)
    if not border:
        sprite[..., 3] = sprite[..., 3] * opacity
        return sprite
    inner = (slice(border, height - border), slice(border, width - border))
    inside = rounded_mask(width - 2 * border, height - 2 * border, max(0, radius - border)) / 255.0
    blend = sprite[inner]
    blend[..., :3] = inside[..., None] * colour + (1 - inside[..., None]) * border_colour
    blend[..., 3] = blend[..., 3] * (1 - inside * (1 - opacity))
    return sprite


class Cutout:
    """Cuts pictures out by a mask, with a border of one colour inside its edge."""

    def __init__(self, mask: npt.NDArray[np.uint8], border: int, colour: Colour) -> None:
        self._mask = mask
        self._inside = mask
        self._frame = np.dstack([np.full((*mask.shape, 3), colour, np.uint8), mask])
        if border:
            padded = np.pad(mask, 1)  # so that the picture's own edge counts as an edge
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * border + 1, 2 * border + 1))
            self._inside = np.asarray(cv2.erode(padded, kernel, borderValue=0), np.uint8)[1:-1, 1:-1]

    def of(self, picture: Picture) -> Sprite:
        """What is left of `picture`, which has the mask's size."""
        if self._inside is self._mask:
            return np.dstack([picture, self._mask])
        sprite = self._frame.copy()
        lay(sprite[..., :3], np.dstack([picture, self._inside]), 0, 0)
        return sprite


def gradient(width: int, height: int, start: Colour, end: Colour, angle: float) -> Picture:
    """A picture that goes from `start` to `end` in the direction of `angle` (radians; 0 to the right)."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    along = columns / width * np.cos(angle) + rows / height * np.sin(angle)
    along = ((along - along.min()) / max(float(np.ptp(along)), 1e-6))[..., None]
    return (np.array(start) * (1 - along) + np.array(end) * along).astype(np.uint8)


def blurred(picture: Picture, width: int, height: int, sigma: float) -> Picture:
    """`picture` at another size and out of focus; `sigma` is in pixels of a picture 90 high."""
    small = resized(picture, max(2, 90 * width // height), 90)
    return resized(np.asarray(cv2.GaussianBlur(small, (0, 0), sigma), np.uint8), width, height)


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def bright(colour: Colour) -> bool:
    """Whether dark letters read better on `colour` than light ones."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2] > 140


def eased(progress: float) -> float:
    """0 to 1 as something that is pushed and comes to rest; clipped."""
    left = 1 - min(max(progress, 0.0), 1.0)
    return 1 - left**3
