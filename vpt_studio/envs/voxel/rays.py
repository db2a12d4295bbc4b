"""Small sums about rays and boxes that several kernels do."""

from __future__ import annotations

from functools import partial

import numpy as np

from vpt_studio.compiling import compiled

_inlined = partial(compiled, inlined=True, allocates=False)

_TINY, _ZERO = np.float32(1e-6), np.float32(0)

#: The end of a way from 0 to 1 that still belongs to its last texel.
LAST = np.float32(0.99999)


@_inlined
def nonzero(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`value`, or a very small one for one about 0."""
    return _TINY if abs(value) < _TINY else value


@_inlined
def within(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`value`, or the end of the way from 0 to just below 1 that it is beyond."""
    return min(max(value, _ZERO), LAST)


@_inlined
def slab(origin, ray, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The depths at which a ray enters and leaves what lies between two planes across one axis."""
    ray = nonzero(ray)
    one, other = (low - origin) / ray, (high - origin) / ray
    return min(one, other), max(one, other)
