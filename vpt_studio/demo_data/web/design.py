"""How a channel makes its videos: its style, the looks it uses, how often, and the files it uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from vpt_studio.demo_data.web.catalogue import names
from vpt_studio.demo_data.web.look import Role
from vpt_studio.demo_data.web.style import Style, style_for

#: Width, height and how often; the last is no 16:9, so that play gets bars.
_SIZES = ((1280, 720, 0.38), (640, 360, 0.2), (854, 480, 0.24), (1920, 1080, 0.08), (640, 480, 0.1))
_RATES = ((30, 1, 0.38), (60, 1, 0.16), (30000, 1001, 0.16), (25, 1, 0.15), (24, 1, 0.15))
_FILES = (
    (".mp4", "libx264", 0.5),
    (".webm", "libvpx-vp9", 0.16),
    (".mkv", "libx264", 0.14),
    (".mov", "libx264", 0.1),
    (".webm", "libvpx", 0.1),
)
# Constant quality that each encoder is asked for: as much is lost as on the web, not as in an archive.
_QUALITIES = {"libx264": (28, 35), "libvpx-vp9": (36, 44), "libvpx": (24, 34)}
_ALWAYS = ("face_camera", "round_face_camera", "watermark", "logo", "minimap")
_ALWAYS_HELD_BACK = ("animal_avatar", "news_ticker", "scoreboard")


@dataclass(frozen=True)
class Format:
    """The files that a channel uploads.

    Attributes:
        suffix: Of the file, which decides the container.
        codec: FFmpeg's name of the encoder.
        width, height: Of the picture in pixels.
        rate: Frames per second.
        quality: The encoder's constant rate factor; more is worse.
        b_frames: Whether frames are stored in another order than shown (H.264).
        variable_rate: Whether frames are left out now and then.
        start_seconds: Time of the first frame by the container's clock.
        silent_sound: Whether there is a sound track, in which nothing is heard.
        high_definition_colours: Whether colours are stored by BT.709 instead of BT.601.
    """

    suffix: str
    codec: str
    width: int
    height: int
    rate: Fraction
    quality: int
    b_frames: bool
    variable_rate: bool
    start_seconds: float
    silent_sound: bool
    high_definition_colours: bool


@dataclass(frozen=True)
class Design:
    """A channel.

    Attributes:
        seed: What it was drawn from.
        held_back: Whether its looks are those that only videos for testing have.
        style: How everything of it looks.
        format: Its files.
        always: Looks that stay through all its play; then nothing of it is clean.
        overlays, alterations, openings, interludes, closings: Looks that come and go.
        clean_share, interlude_share: Chance that the next span is clean, or shows no play.
        transition_share, cut_share: Chance of a fade or wipe beside other pictures, and of a cut.
    """

    seed: int
    held_back: bool
    style: Style
    format: Format
    always: tuple[str, ...]
    overlays: tuple[str, ...]
    alterations: tuple[str, ...]
    openings: tuple[str, ...]
    interludes: tuple[str, ...]
    closings: tuple[str, ...]
    clean_share: float
    interlude_share: float
    transition_share: float
    cut_share: float

    def as_json(self) -> dict[str, Any]:
        """The design as it stands in the truth file."""
        content = asdict(self)
        content["format"]["rate"] = str(self.format.rate)
        return content


def design_for(seed: int, held_back: bool) -> Design:
    """The design of channel `seed`; the same for the same seed.

    Args:
        seed: 0 or more.
        held_back: Whether to use the held-back looks, and only those, for a video to test with. Without it,
            none of them is ever used.
    """
    chance = np.random.default_rng([seed, int(held_back)])
    # Other seeds for held-back channels: their colours and lettering shall be new as well.
    style = style_for(2 * seed + held_back)
    file = _format(chance)
    fits = file.width * 9 <= file.height * 16 - 16
    plain = not held_back and not fits and chance.random() < 0.1
    always: tuple[str, ...] = ("bars",) if fits else ()
    if not plain and chance.random() < 0.1:
        always += (str(chance.choice(_ALWAYS_HELD_BACK if held_back else _ALWAYS)),)
    design = Design(
        seed=seed,
        held_back=held_back,
        style=style,
        format=file,
        always=always,
        overlays=_some(chance, names(Role.OVERLAY, held_back=held_back), 3, 5),
        alterations=_some(chance, names(Role.ALTERATION, held_back=held_back), 2, 4),
        openings=_some(chance, names(Role.OPENING, held_back=held_back), 0, 3),
        interludes=_some(chance, names(Role.INTERLUDE, held_back=held_back), 1, 3),
        closings=_some(chance, names(Role.CLOSING, held_back=held_back), 0, 1),
        clean_share=float(chance.uniform(0.4, 0.6)),
        interlude_share=float(chance.uniform(0.08, 0.25)),
        transition_share=float(chance.choice([0.0, 0.3, 0.6])),
        cut_share=float(chance.choice([0.0, 0.2, 0.4])),
    )
    if plain:  # somebody who uploads what was recorded, as it is
        nothing: tuple[str, ...] = ()
        return replace(
            design,
            overlays=nothing,
            alterations=nothing,
            openings=nothing,
            interludes=nothing,
            closings=nothing,
            clean_share=1.0,
            interlude_share=0.0,
            transition_share=0.0,
        )
    return design


def _format(chance: np.random.Generator) -> Format:
    width, height, _ = _SIZES[_drawn(chance, _SIZES)]
    above, below, _ = _RATES[_drawn(chance, _RATES)]
    suffix, codec, _ = _FILES[_drawn(chance, _FILES)]
    # Full HD at 60 frames takes longer to encode than all the rest together.
    rate = Fraction(above, below) if width < 1920 or above != 60 else Fraction(30)
    least, most = _QUALITIES[codec]
    return Format(
        suffix=suffix,
        codec=codec,
        width=width,
        height=height,
        rate=rate,
        quality=int(chance.integers(least, most + 1)),
        b_frames=bool(chance.random() < 0.6),
        variable_rate=bool(chance.random() < 0.2),
        start_seconds=float(chance.choice([0, 0, 0, 0.7, 1.4])),
        silent_sound=bool(chance.random() < 0.5),
        high_definition_colours=height >= 720 and codec == "libx264" and bool(chance.random() < 0.7),
    )


def _drawn(chance: np.random.Generator, table: Sequence[tuple[Any, Any, float]]) -> int:
    return int(chance.choice(len(table), p=[row[2] for row in table]))


def _some(chance: np.random.Generator, of: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
    """From `least` to `most` of them, in their own order."""
    count = int(chance.integers(least, most + 1))
    return tuple(of[number] for number in sorted(chance.permutation(len(of))[:count].tolist()))
