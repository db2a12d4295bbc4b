"""Text in a channel's own lettering: face, weight, width, outline and shadow stay the same throughout."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from vpt_studio.demo_data.web.brush import Colour, Sprite, resized
from vpt_studio.envs.voxel.art.pixel_font import text_sprite as pixel_text

#: Faces by name, with OpenCV's number and the stroke that it is drawn with; the pixel face is our own.
FACES: dict[str, tuple[int, int]] = {
    "plain": (cv2.FONT_HERSHEY_SIMPLEX, 1),
    "bold": (cv2.FONT_HERSHEY_DUPLEX, 2),
    "italic": (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1),
    "bold italic": (cv2.FONT_HERSHEY_SCRIPT_COMPLEX, 2),
    "thin": (cv2.FONT_HERSHEY_COMPLEX_SMALL, 1),
    "pixel": (-1, 1),
}


@dataclass(frozen=True)
class Lettering:
    """How a channel writes.

    Attributes:
        face: One of :data:`FACES`.
        stretch: Width in multiples of the face's own.
        slant: Columns that the text leans to the right per row.
        outline: Width of the dark edge around it, in parts of the text's height.
        shadow: Distance of the shadow, in parts of the text's height.
        capitals: Whether everything is in capitals.
    """

    face: str = "plain"
    stretch: float = 1.0
    slant: float = 0.0
    outline: float = 0.0
    shadow: float = 0.0
    capitals: bool = False


#: What the pixel face can write; anything else becomes a gap.
_PIXEL_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?'-+/()%")

_TALL_LETTERS = "Agj"

#: As the game's own screens write.
PIXEL = Lettering(face="pixel", shadow=0.1)
#: As windows, chats and browsers write.
SMALL_PRINT = Lettering(face="plain")


@lru_cache(maxsize=128)
def written(
    text: str,
    height: int,
    colour: Colour,
    lettering: Lettering,
    edge: Colour = (0, 0, 0),
    widest: int | None = None,
) -> Sprite:
    """One line of text; do not change it, it is shared.

    Args:
        text: ASCII.
        height: Of the line in pixels, tails included.
        colour: RGB.
        lettering: How it is written.
        edge: Colour of outline and shadow.
        widest: Pixels it may be wide; longer text is shrunk.
    """
    shown = text.upper() if lettering.capitals else text
    ink = _pixel_ink(shown, height) if lettering.face == "pixel" else _ink(shown, height, lettering.face)
    ink = resized(ink, max(1, round(ink.shape[1] * lettering.stretch)), ink.shape[0])
    margin = round(height * (lettering.outline + lettering.shadow)) + 1
    lean = round(lettering.slant * height)
    ink = np.pad(ink, ((margin, margin), (margin, margin + lean)))
    if lean:
        lower = np.array(
            [[1, lettering.slant, -lettering.slant * ink.shape[0] + lean], [0, 1, 0]], np.float32
        )
        inverse = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
        ink = np.asarray(cv2.warpAffine(ink, lower, ink.shape[1::-1], flags=inverse), np.uint8)
    sprite = _coloured(ink, colour, edge, round(height * lettering.outline), round(height * lettering.shadow))
    if widest is not None and sprite.shape[1] > widest:
        return resized(sprite, widest, max(1, sprite.shape[0] * widest // sprite.shape[1]))
    return sprite


def paragraph(text: str, letters: int) -> list[str]:
    """`text` broken into lines of at most `letters` letters, between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _coloured(ink: npt.NDArray[np.uint8], colour: Colour, edge: Colour, outline: int, shadow: int) -> Sprite:
    around = ink
    if outline:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * outline + 1, 2 * outline + 1))
        around = np.asarray(cv2.dilate(ink, kernel), np.uint8)
    if shadow:
        around = np.maximum(around, np.roll(around, (shadow, shadow), (0, 1)))
    share = ink[..., None] / 255.0
    rgb = (share * np.array(colour) + (1 - share) * np.array(edge)).astype(np.uint8)
    if not outline and not shadow:
        rgb[:] = colour
    return np.dstack([rgb, around])


def _ink(text: str, height: int, face: str) -> npt.NDArray[np.uint8]:
    font, stroke = FACES[face]
    # Measured by letters that reach up and down, so that lines of other letters are of one size.
    (_, above), below = cv2.getTextSize(_TALL_LETTERS, font, 1.0, stroke)
    scale = height / (above + below)
    (_, above), below = cv2.getTextSize(_TALL_LETTERS, font, scale, stroke)
    (width, _), _ = cv2.getTextSize(text, font, scale, stroke)
    ink = np.zeros((above + below + 2, width + 4), np.uint8)
    cv2.putText(ink, text, (2, above), font, scale, (255,), stroke, cv2.LINE_AA)
    return ink


def _pixel_ink(text: str, height: int) -> npt.NDArray[np.uint8]:
    known = "".join(letter if letter in _PIXEL_LETTERS else " " for letter in text)
    sprite = pixel_text(known, (255, 255, 255), False)
    scale = max(1, round(height / sprite.shape[0]))
    return np.repeat(np.repeat(sprite[..., 3], scale, axis=0), scale, axis=1)
