"""Camera angles and the bins in which the models speak of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

#: 360 degrees over 2400 counts: Minecraft's turn per mouse count at the contractors' sensitivity.
DEGREES_PER_PIXEL = 0.15


@dataclass(frozen=True)
class CameraQuantiser:
    """Degrees to bins and back, per axis; axis order is pitch (down is +), then yaw (right is +).

    With mu-law companding (every released model) bins are fine near zero and coarse far out.

    Attributes:
        limit: Largest angle in degrees; larger ones are clipped to it.
        bin_size: Width of a bin on the companded scale, which reaches from -limit to +limit.
        mu: Strength of the companding; unused by the linear scheme.
        scheme: ``"mu_law"`` or ``"linear"``.
    """

    limit: float = 10.0
    bin_size: float = 2.0
    mu: float = 10.0
    scheme: Literal["mu_law", "linear"] = "mu_law"

    def __post_init__(self) -> None:
        if self.limit <= 0 or self.bin_size <= 0 or self.mu <= 0:
            raise ValueError("limit, bin_size and mu must be positive")

    @property
    def bins(self) -> int:
        """Number of bins per axis; 11 with the released settings."""
        return round(2 * self.limit / self.bin_size) + 1

    @property
    def null_bin(self) -> int:
        """The bin of no movement; 5 with the released settings."""
        return int(self.encode(np.zeros(1))[0])

    def encode(self, degrees: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Bins (int64, same shape) of angles in degrees.

        Raises:
            ValueError: An angle is not a number.
        """
        angles = np.asarray(degrees, dtype=np.float64)
        if np.isnan(angles).any():
            raise ValueError("a camera angle is not a number")
        clipped = np.clip(angles, -self.limit, self.limit)
        if self.scheme == "mu_law":
            share = clipped / self.limit
            clipped = np.sign(share) * np.log1p(self.mu * np.abs(share)) / np.log1p(self.mu) * self.limit
        # Halves go to the even bin, as in the released models' data.
        return np.rint((clipped + self.limit) / self.bin_size).astype(np.int64)

    def decode(self, bins: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Bin centres in degrees (float64, same shape).

        Raises:
            ValueError: A bin lies outside 0 .. bins - 1.
        """
        indices = np.asarray(bins, dtype=np.int64)
        if indices.size and (indices.min() < 0 or indices.max() >= self.bins):
            raise ValueError(f"camera bins must lie in 0 .. {self.bins - 1}")
        return self.centres[indices]

    @cached_property
    def centres(self) -> npt.NDArray[np.float64]:
        """The angle in degrees at the centre of each bin."""
        companded = np.arange(self.bins, dtype=np.float64) * self.bin_size - self.limit
        if self.scheme == "linear":
            return companded
        share = companded / self.limit
        # The published order of operations, for the last bit depends on it. NumPy's own power differs in that
        # bit between processors (with and without AVX-512); the C library's does not.
        powers = np.array([math.pow(1 + self.mu, part) for part in np.abs(share)])
        centres = np.sign(share) * (1 / self.mu) * (powers - 1) * self.limit
        return centres.astype(np.float64)

    @cached_property
    def edges(self) -> npt.NDArray[np.float64]:
        """The angles in degrees at which one bin gives way to the next (bins - 1 of them)."""
        companded = (np.arange(self.bins - 1, dtype=np.float64) + 0.5) * self.bin_size - self.limit
        if self.scheme == "linear":
            return companded
        share = companded / self.limit
        edges = np.sign(share) * np.expm1(np.abs(share) * np.log1p(self.mu)) / self.mu * self.limit
        return edges.astype(np.float64)

    def to_dict(self) -> dict[str, Any]:
        """The settings as stored in a checkpoint's configuration."""
        return {"limit": self.limit, "bin_size": self.bin_size, "mu": self.mu, "scheme": self.scheme}


#: The setting of every released model.
DEFAULT_CAMERA = CameraQuantiser()
