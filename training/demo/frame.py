"""The frame that the made scene is drawn into: its size, and the types of its arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Pixels, uint8 [height, width, 3] RGB.
Picture = npt.NDArray[np.uint8]
#: Coordinates, colours and the like, float64.
Vector = npt.NDArray[np.float64]

WIDTH, HEIGHT = 640, 360
