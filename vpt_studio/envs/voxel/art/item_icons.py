"""The picture of every item, 16 by 16, as it lies in a slot."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art import palette
from vpt_studio.envs.voxel.art.brushes import SIZE, Texels, letters, lit, numbered
from vpt_studio.envs.voxel.art.item_masks import STICK_MASK, THING_MASKS, TOOL_MASKS
from vpt_studio.envs.voxel.art.palette import Ramp
from vpt_studio.envs.voxel.art.textures import block_textures
from vpt_studio.envs.voxel.blocks import BLOCKS, PLACES, Block, Face, Shape
from vpt_studio.envs.voxel.items import ITEMS, Item, Tool

#: Light on the faces of a cube in an inventory: top, left, right.
CUBE_LIGHT = (1.0, 0.8, 0.6)

_THINGS: dict[Item, tuple[str, Ramp]] = {
    Item.COAL: ("COAL", palette.COAL_LUMP),
    Item.CHARCOAL: ("CHARCOAL", palette.CHARCOAL_LUMP),
    Item.FLINT: ("FLINT", palette.FLINT),
    Item.IRON_INGOT: ("INGOT", palette.IRON_INGOT),
    Item.GOLD_INGOT: ("INGOT", palette.GOLD_INGOT),
    Item.DIAMOND: ("DIAMOND", palette.DIAMOND),
    Item.REDSTONE: ("REDSTONE", palette.REDSTONE),
}
_STRIPED = (Block.OAK_PLANKS, Block.BIRCH_PLANKS, Block.SPRUCE_PLANKS, Block.IRON_BLOCK, Block.GOLD_BLOCK)
_HALF = SIZE // 2
_CONTRAST = 1.35  # of a cube's faces, which are half as large as their textures


@cache
def item_icons() -> Texels:
    """uint8 [len(Item) + 1, 16, 16, 4], RGBA, not premultiplied: icons by item id; 0 is clear."""
    icons = np.zeros((max(Item) + 1, SIZE, SIZE, 4), np.uint8)
    for item in Item:
        icons[item] = _icon(item)
    return icons


def item_icon(item: Item) -> Texels:
    """uint8 [16, 16, 4], RGBA, not premultiplied: a small cube for a block, pixel art for other things."""
    return item_icons()[item]


def shown_as_cube(item: Item) -> Block | None:
    """The block that an item is drawn as, or None for what is flat: plants, torches, tools, things."""
    block = PLACES.get(item)
    if block is None or BLOCKS[block].shape not in (Shape.CUBE, Shape.LEAVES):
        return None
    return block


def _icon(item: Item) -> Texels:
    block = shown_as_cube(item)
    if block is not None:
        return cube_icon(block)
    if item in PLACES:
        return block_textures().of_face(PLACES[item], Face.NORTH)
    if item in _THINGS:
        name, colours = _THINGS[item]
        return numbered(THING_MASKS[name], colours)
    if item is Item.STICK:
        return _shaded(STICK_MASK, palette.HANDLE)
    tool = ITEMS[item].tool
    assert tool is not Tool.NONE, f"{item.name} has no picture"
    return _shaded(TOOL_MASKS[tool], palette.TOOL_HEADS[item.name.split("_")[0]])


def cube_icon(block: Block) -> Texels:
    """uint8 [16, 16, 4]: the block seen from above one of its edges; a furnace shows its front."""
    textures = block_textures()
    # What is placed as an item's block has its front in the north, so that face is shown on the left.
    faces = (textures.of_face(block, face) for face in (Face.TOP, Face.NORTH, Face.WEST))
    # Stripes of one pixel would be a chequer: of what is striped, a quarter is shown in full.
    reduced = [face[:_HALF, :_HALF] if block in _STRIPED else _half_size(face) for face in faces]
    top, left, right = (lit(face, light) for face, light in zip(reduced, CUBE_LIGHT, strict=True))
    icon = np.zeros((SIZE, SIZE, 4), np.uint8)
    for column in range(SIZE):
        from_side = min(column, SIZE - 1 - column)
        first = _HALF // 2 + (from_side + 1) // 2  # where the side's upper edge is
        sides = left[:, column] if column < _HALF else right[:, column - _HALF]
        icon[first : first + _HALF, column] = sides
        rows = np.arange(3 - from_side // 2, first)
        slant = (column - 7.5) / 2
        icon[rows, column] = top[_top_place(rows - slant), _top_place(rows + slant)]
    return icon


def _top_place(places: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """The half-size texel under the middle of a pixel; the slanting edges are half a texel outside."""
    return np.clip(np.floor(places + 0.5), 0, _HALF - 1).astype(int)


def _half_size(texture: Texels) -> Texels:
    """uint8 [8, 8, 4]: four texels averaged to one, with the contrast that this takes given back."""
    blocks = texture.reshape(_HALF, 2, _HALF, 2, 4).astype(float)
    weight = blocks[..., 3:].sum((1, 3)) / 255  # 0 to 4 covered texels
    colour = (blocks[..., :3] * blocks[..., 3:] / 255).sum((1, 3)) / np.maximum(weight, 1e-9)
    brightness = colour.mean(2, keepdims=True)
    middle = (brightness * weight).sum() / weight.sum()
    stretched = (middle + _CONTRAST * (brightness - middle)) / np.maximum(brightness, 1.0)  # keeps the hue
    small = np.zeros((_HALF, _HALF, 4), np.uint8)
    small[..., :3] = np.clip(np.round(colour * stretched), 0, 255)
    small[..., 3] = np.where(weight[..., 0] > 0.9, 255, 0)
    small[small[..., 3] == 0] = 0
    return small


def _shaded(mask: str, head: Ramp) -> Texels:
    """A drawn mask lit from the upper left, with an outline in the darkest colour of each part."""
    places = letters(mask)
    clear = places == "."
    icon = np.zeros((SIZE, SIZE, 4), np.uint8)
    for letter, colours in (("/", palette.HANDLE), ("#", head)):
        part = places == letter
        # Masks are clear at the border, so nothing rolls in on the other side.
        up, left, down, right = (np.roll(part, step, axis) for step in (1, -1) for axis in (0, 1))
        light = np.full(places.shape, 2) + down + right - up - left
        icon[part, :3] = colours[np.clip(light, 1, 4)[part]]
        icon[(up | left | down | right) & clear, :3] = colours[0]
        icon[part | ((up | left | down | right) & clear), 3] = 255
    return icon
