"""What textures are painted with: seeded grain that tiles, pebbles, colour ramps and drawn masks.

All noise is a hash of position and seed, so that every process and every numpy paints the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art.palette import Ramp

#: Texels along a side of every texture and icon.
SIZE = 16

#: Numbers of the rows and of the columns, to draw with.
ROWS = np.arange(SIZE)[:, None]
COLUMNS = np.arange(SIZE)[None, :]

Field = npt.NDArray[np.float64]
Texels = npt.NDArray[np.uint8]


def speckles(seed: int, across: int = SIZE, down: int = SIZE) -> Field:
    """float64 [down, across] in [0, 1): independent everywhere."""
    bits = np.arange(across * down, dtype=np.uint32) + np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    for multiplier in (0x7FEB352D, 0x846CA68B):  # two rounds of shift and multiply mix all 32 bits
        bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(multiplier)
    return ((bits ^ (bits >> np.uint32(15))) / 2.0**32).reshape(down, across)


def clouds(seed: int, across: int, down: int) -> Field:
    """float64 [16, 16] in [0, 1): `across` by `down` random values, blended; it tiles."""
    return _stretched(_stretched(speckles(seed, across, down)).T).T


def _stretched(values: Field) -> Field:
    """The first axis blended to 16 places, wrapping around; the second stays."""
    cells = len(values)
    places = (np.arange(SIZE) + 0.5) * cells / SIZE - 0.5
    lower = np.floor(places).astype(int)
    share = (places - lower)[:, None]
    return values[lower % cells] * (1 - share) + values[(lower + 1) % cells] * share


@dataclass(frozen=True)
class Pebbles:
    """A tiling of the texture by irregular cells.

    Attributes:
        cell: int64 [16, 16]: which cell a texel belongs to.
        margin: float64 [16, 16]: how much farther the second nearest centre is; small near a border.
        slope: float64 [16, 16]: negative towards a cell's upper left, positive towards its lower right.
    """

    cell: npt.NDArray[np.int64]
    margin: Field
    slope: Field


def pebbles(centres: Field) -> Pebbles:
    """Cells around `centres` (float64 [n, 2], x and y in texels), which tile."""
    places = np.arange(SIZE) + 0.5
    across = (places[None, :, None] - centres[:, 0] + SIZE / 2) % SIZE - SIZE / 2
    down = (places[:, None, None] - centres[:, 1] + SIZE / 2) % SIZE - SIZE / 2
    distances = np.hypot(across, down)
    order = np.argsort(distances, axis=2, kind="stable")
    near = np.take_along_axis(distances, order[..., :2], 2)
    cell = order[..., 0]
    slope = np.take_along_axis(across + down, cell[..., None], 2)[..., 0]
    return Pebbles(cell, near[..., 1] - near[..., 0], slope)


def scattered(seed: int, across: int, down: int, jitter: float = 0.8) -> Field:
    """float64 [across * down, 2]: centres on a grid with every other row moved, shaken by `jitter` cells."""
    columns, rows = np.meshgrid(np.arange(across), np.arange(down))
    shaken = (speckles(seed, across * down, 2) - 0.5) * jitter
    x = (columns.ravel() + 0.5 * (rows.ravel() % 2) + 0.5 + shaken[0]) * SIZE / across
    y = (rows.ravel() + 0.5 + shaken[1]) * SIZE / down
    return np.stack([x, y], axis=1)


def toned(values: Field, colours: Ramp, shares: tuple[float, ...] = ()) -> Texels:
    """uint8 [16, 16, 4], opaque: the lowest values get the first colour, and so on.

    Args:
        values: float64 [16, 16]; only their order counts.
        colours: uint8 [n, 3].
        shares: What part of the texels each colour gets; all the same if not given.
    """
    ranks = np.empty(values.size)
    ranks[np.argsort(values, axis=None, kind="stable")] = (np.arange(values.size) + 0.5) / values.size
    limits = np.cumsum(shares or (1.0,) * len(colours))
    steps = np.searchsorted(limits / limits[-1], ranks.reshape(values.shape))
    return painted(steps, colours)


def painted(steps: npt.NDArray[np.int64], colours: Ramp) -> Texels:
    """uint8 [h, w, 4], opaque: `colours` picked by `steps` (int64 [h, w]), kept within the ramp."""
    texels = np.full((*steps.shape, 4), 255, np.uint8)
    texels[..., :3] = colours[np.clip(steps, 0, len(colours) - 1)]
    return texels


def letters(mask: str) -> npt.NDArray[np.str_]:
    """[h, w] of single letters: the lines of a drawn mask, where '.' is nothing."""
    return np.array([list(line.strip()) for line in mask.split()])


def drawn(mask: str, inks: dict[str, Ramp]) -> Texels:
    """uint8 [h, w, 4]: a drawn mask; each letter is one colour (uint8 [3]), other letters stay clear."""
    places = letters(mask)
    texels = np.zeros((*places.shape, 4), np.uint8)
    for letter, colour in inks.items():
        texels[places == letter] = (*colour, 255)
    return texels


def numbered(mask: str, colours: Ramp) -> Texels:
    """uint8 [h, w, 4]: a drawn mask whose digits are steps of one ramp, from 0."""
    return drawn(mask, {str(step): colour for step, colour in enumerate(colours)})


def laid_over(below: Texels, above: Texels) -> Texels:
    """A new picture: `above` where it is not clear, otherwise `below` (both uint8 [h, w, 4])."""
    return np.where(above[..., 3:] > 0, above, below)


def mixed(texels: Texels, colour: Ramp, share: npt.NDArray[np.float64] | float) -> Texels:
    """A new picture with `share` (0 to 1, a number or float64 [h, w]) of `colour` mixed in; alpha stays."""
    weight = np.asarray(share, float)[..., None]
    out = texels.copy()
    out[..., :3] = np.round(texels[..., :3] * (1 - weight) + colour * weight)
    return out


def lit(texels: Texels, light: float) -> Texels:
    """The picture (uint8 [..., 4]) in `light` of 0 to 1; alpha stays."""
    out = texels.copy()
    out[..., :3] = np.round(texels[..., :3] * light)
    return out
