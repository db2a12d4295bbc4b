"""How bright every cell is: light from the sky and light from blocks, both flooding from cell to cell.

Light of the sky is 15 wherever nothing above takes any. Entering a cell costs light what the cell's block
filters, 1 at least. Outside the world there is none, but for the sky above it. Changing one block changes
only the light that came through it: that is taken back, and what is left flows in again from the rim.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from vpt_studio.compiling import compiled
from vpt_studio.envs.voxel.blocks import EMISSIONS, FILTERS

_BRIGHTEST = 15
# The lowest bits of the two halves of a cell's byte; as Python's integers each would be compiled apart.
_SKY, _BLOCKS = np.int64(4), np.int64(0)
_ROOM = 1 << 12  # cells that a queue begins with

_inlined = partial(compiled, inlined=True)


def light_world(
    blocks: npt.NDArray[np.uint8], light: npt.NDArray[np.uint8], top: npt.NDArray[np.uint8]
) -> None:
    """Light a whole world from scratch.

    Args:
        blocks: uint8 [X, Z, Y], C order.
        light: uint8 [X, Z, Y]; becomes 16 * light from the sky + light from blocks.
        top: uint8 [X, Z]; becomes the lowest y from which up every cell of the column filters nothing.
    """
    _light_world(blocks, light, top, FILTERS, EMISSIONS)


def tops(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """uint8 [X, Z]: what :func:`light_world` makes of `top`."""
    top = np.empty(blocks.shape[:2], np.uint8)
    _find_tops(blocks, top, FILTERS)
    return top


def relight(
    blocks: npt.NDArray[np.uint8],
    light: npt.NDArray[np.uint8],
    top: npt.NDArray[np.uint8],
    x: int,
    y: int,
    z: int,
    before: int,
) -> None:
    """Bring `light` and `top` up to date after ``blocks[x, z, y]`` changed from `before`.

    They are then what :func:`light_world` would make of `blocks`, provided they were so before.
    """
    # numpy's small integers would each be another type, and compiled anew.
    _relight(blocks, light, top, (int(x), int(y), int(z)), int(before), FILTERS, EMISSIONS)


@compiled
def _light_world(blocks, light, top, filters, emissions):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    cells = light.reshape(-1)
    queue, count = _glowing(blocks, light, emissions)
    _flood(blocks, cells, filters, _BLOCKS, queue, count)
    _find_tops(blocks, top, filters)
    for x in range(blocks.shape[0]):
        for z in range(blocks.shape[1]):
            _shine_down(blocks[x, z], light[x, z], filters)
    queue, count = _sunlit(blocks, light, top, filters)
    _flood(blocks, cells, filters, _SKY, queue, count)


@compiled
def _glowing(blocks, light, emissions):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Leave every cell the light that it emits: the cells that emit any, and how many they are."""
    size_x, size_z, height = blocks.shape
    queue, count = np.empty(_ROOM, np.int32), 0
    for x in range(size_x):
        for z in range(size_z):
            queue = _with_room(queue, count, height)
            for y in range(height):
                emission = emissions[blocks[x, z, y]]
                light[x, z, y] = emission
                if emission:
                    queue[count] = (x * size_z + z) * height + y
                    count += 1
    return queue, count


@compiled
def _sunlit(blocks, light, top, filters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The cells with light from straight above that a neighbour could have more from, and how many."""
    size_x, size_z, height = blocks.shape
    queue, count = np.empty(_ROOM, np.int32), 0
    for x in range(size_x):
        for z in range(size_z):
            queue = _with_room(queue, count, height)
            # From here up there is open sky, and open sky all around.
            end = max(
                max(top[max(x - 1, 0), z], top[min(x + 1, size_x - 1), z]),
                max(top[x, max(z - 1, 0)], top[x, min(z + 1, size_z - 1)]),
            )
            for y in range(min(max(end, top[x, z]), height) - 1, -1, -1):
                level = light[x, z, y] >> _SKY
                if level == 0:
                    break
                if _brightens_beside(blocks, light, filters, x, z, y, level):
                    queue[count] = (x * size_z + z) * height + y
                    count += 1
    return queue, count


@compiled
def _shine_down(column, light, filters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Light from the sky as far as it comes straight down."""
    level = _BRIGHTEST
    for y in range(column.size - 1, -1, -1):
        if level < _BRIGHTEST or filters[column[y]]:
            level -= _cost(filters, column[y])
            if level <= 0:
                return
        light[y] |= level << _SKY


@_inlined
def _brightens_beside(blocks, light, filters, x, z, y, level):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i, k in ((x - 1, z), (x + 1, z), (x, z - 1), (x, z + 1)):
        inside = 0 <= i < blocks.shape[0] and 0 <= k < blocks.shape[1]
        if inside and level - _cost(filters, blocks[i, k, y]) > light[i, k, y] >> _SKY:
            return True
    return False


@compiled
def _relight(blocks, light, top, place, before, filters, emissions):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    x, y, z = place
    now = blocks[x, z, y]
    cells = light.reshape(-1)
    bottom = (x * blocks.shape[1] + z) * blocks.shape[2]
    if filters[now] != filters[before]:
        old_top, new_top = np.int64(top[x, z]), _top_of(blocks[x, z], filters)
        top[x, z] = new_top
        # The cell itself, and those below it that had open sky and have it no more.
        dimmed, levels, count = _dim(cells, _SKY, bottom + min(y, old_top), bottom + y + 1, np.int64(0))
        rim, count = _take_back(blocks, cells, filters, emissions, _SKY, dimmed, levels, count)
        rim = _with_room(rim, count, blocks.shape[2])
        for k in range(new_top, y + 1):
            cells[bottom + k] |= _BRIGHTEST << _SKY
            rim[count] = bottom + k
            count += 1
        _flood_into(blocks, cells, filters, _SKY, rim, count, bottom + y)
    if filters[now] != filters[before] or emissions[now] != emissions[before]:
        dimmed, levels, count = _dim(cells, _BLOCKS, bottom + y, bottom + y + 1, np.int64(emissions[now]))
        rim, count = _take_back(blocks, cells, filters, emissions, _BLOCKS, dimmed, levels, count)
        _flood_into(blocks, cells, filters, _BLOCKS, rim, count, bottom + y)


@compiled
def _find_tops(blocks, top, filters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for x in range(blocks.shape[0]):
        for z in range(blocks.shape[1]):
            top[x, z] = _top_of(blocks[x, z], filters)


@compiled
def _top_of(column, filters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    y = column.size
    while y > 0 and filters[column[y - 1]] == 0:
        y -= 1
    return y


@compiled
def _dim(cells, half, first, end, emission):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Leave cells `first` to `end` no light but what they emit: the cells, the levels they had, how many."""
    dimmed, levels, count = np.empty(_ROOM, np.int32), np.empty(_ROOM, np.int32), 0
    for cell in range(first, end):
        dimmed[count] = cell
        levels[count] = cells[cell] >> half & 15
        count += 1
        cells[cell] = cells[cell] & ~(15 << half) | emission << half
    return dimmed, levels, count


@compiled
def _take_back(blocks, cells, filters, emissions, half, dimmed, levels, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Take the light back that came from `dimmed` cells; what remains lit around is the rim."""
    ids = blocks.reshape(-1)
    rim, last = np.empty(_ROOM, np.int32), 0
    neighbours = np.empty(6, np.int64)
    first = 0
    while first < count:
        level = np.int64(levels[first])
        around = _neighbours(blocks, dimmed[first], neighbours)
        first += 1
        rim = _with_room(rim, last, around)
        dimmed, levels = _with_room(dimmed, count, around), _with_room(levels, count, around)
        for i in range(around):
            cell = neighbours[i]
            other = np.int64(cells[cell] >> half & 15)
            if other == 0:
                continue
            emission = np.int64(emissions[ids[cell]]) if half == _BLOCKS else 0
            if other > level - _cost(filters, ids[cell]) or other == emission:
                rim[last] = cell  # it has its light from elsewhere
                last += 1
                continue
            cells[cell] = cells[cell] & ~(15 << half) | emission << half
            if emission:
                rim[last] = cell
                last += 1
            levels[count] = other
            dimmed[count] = cell
            count += 1
    return rim, last


@compiled
def _flood(blocks, cells, filters, half, queue, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let light flow from the `count` cells of `queue` to all that it makes brighter."""
    ids = blocks.reshape(-1)
    neighbours = np.empty(6, np.int64)
    first = 0
    while first < count:
        level = np.int64(cells[queue[first]] >> half & 15)
        around = _neighbours(blocks, queue[first], neighbours) if level > 1 else 0
        first += 1
        queue = _with_room(queue, count, around)
        for i in range(around):
            cell = neighbours[i]
            brighter = level - _cost(filters, ids[cell])
            if brighter > (cells[cell] >> half & 15):
                cells[cell] = cells[cell] & ~(15 << half) | brighter << half
                queue[count] = cell
                count += 1


@compiled
def _flood_into(blocks, cells, filters, half, rim, count, cell):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let light flow from the rim, and in and out of a cell that may let more through than before."""
    neighbours = np.empty(6, np.int64)
    around = _neighbours(blocks, cell, neighbours)
    rim = _with_room(rim, count, around + 1)
    rim[count] = cell
    for i in range(around):
        rim[count + 1 + i] = neighbours[i]
    _flood(blocks, cells, filters, half, rim, count + 1 + around)


@_inlined
def _cost(filters, block):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Levels of light lost on the way into a cell with `block`."""
    return max(1, np.int64(filters[block]))


@_inlined
def _neighbours(blocks, cell, neighbours):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill in the cells of the world beside `cell`, and tell how many there are."""
    height = blocks.shape[2]
    row = blocks.shape[1] * height
    y = cell % height
    along = cell % row
    count = 0
    if y > 0:
        neighbours[count] = cell - 1
        count += 1
    if y + 1 < height:
        neighbours[count] = cell + 1
        count += 1
    if along >= height:
        neighbours[count] = cell - height
        count += 1
    if along + height < row:
        neighbours[count] = cell + height
        count += 1
    if cell >= row:
        neighbours[count] = cell - row
        count += 1
    if cell + row < blocks.size:
        neighbours[count] = cell + row
        count += 1
    return count


@compiled
def _with_room(queue, count, more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """`queue`, in a longer array where the old one cannot hold `more` cells after the first `count`."""
    if count + more <= queue.size:
        return queue
    longer = np.empty(2 * queue.size + more, np.int32)
    for i in range(count):
        longer[i] = queue[i]
    return longer
