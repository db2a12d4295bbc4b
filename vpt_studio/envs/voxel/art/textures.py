"""All block textures in one array, and which of them each face of each block shows.

Row 0 of a texture is a side's upper edge and column 0 its left edge as seen from outside; on top and
bottom faces row 0 lies to the north and column 0 to the west.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel.art import clear_things, earths, palette, stonework, woods
from vpt_studio.envs.voxel.art.brushes import SIZE, Texels
from vpt_studio.envs.voxel.blocks import FURNACES, Block, Face


@dataclass(frozen=True)
class BlockTextures:
    """The textures of every block.

    Attributes:
        texels: uint8 [T, 16, 16, 4], RGBA, not premultiplied; opaque where alpha is 255.
        faces: int32 [256, 6]: the texture of each face (in the order of ``Face``) by block id; -1 where
            there is none.
        cracks: uint8 [10, 16, 16, 4]: stages of breaking, to lay over whatever is being broken.
        names: What each texture shows, in the order of `texels`.
    """

    texels: npt.NDArray[np.uint8]
    faces: npt.NDArray[np.int32]
    cracks: npt.NDArray[np.uint8]
    names: tuple[str, ...]

    def of_face(self, block: Block, face: Face) -> Texels:
        """uint8 [16, 16, 4]: what one face of a block (not air) shows."""
        return self.texels[self.faces[block, face]]


_PAINTERS: dict[str, Callable[[], Texels]] = {
    "stone": earths.stone,
    "grass_top": earths.grass_top,
    "grass_side": earths.grass_side,
    "dirt": earths.dirt,
    "cobblestone": earths.cobblestone,
    "bedrock": earths.bedrock,
    "sand": earths.sand,
    "gravel": earths.gravel,
    "sandstone_top": earths.sandstone_top,
    "sandstone_side": earths.sandstone_side,
    "water": clear_things.water,
    "lava": clear_things.lava,
    "oak_bark": partial(woods.bark, palette.OAK_BARK, 201),
    "oak_log_top": partial(woods.log_top, palette.OAK_WOOD, palette.OAK_BARK),
    "birch_bark": woods.birch_bark,
    "birch_log_top": partial(woods.log_top, palette.BIRCH_WOOD, palette.BIRCH_BARK),
    "spruce_bark": partial(woods.bark, palette.SPRUCE_BARK, 205),
    "spruce_log_top": partial(woods.log_top, palette.SPRUCE_WOOD, palette.SPRUCE_BARK),
    "oak_leaves": partial(woods.leaves, palette.OAK_LEAVES, 241),
    "birch_leaves": partial(woods.leaves, palette.BIRCH_LEAVES, 243),
    "spruce_leaves": partial(woods.leaves, palette.SPRUCE_LEAVES, 245),
    "oak_planks": partial(woods.planks, palette.OAK_WOOD, 231),
    "birch_planks": partial(woods.planks, palette.BIRCH_WOOD, 233),
    "spruce_planks": partial(woods.planks, palette.SPRUCE_WOOD, 235),
    "coal_ore": earths.coal_ore,
    "iron_ore": earths.iron_ore,
    "gold_ore": earths.gold_ore,
    "redstone_ore": earths.redstone_ore,
    "diamond_ore": earths.diamond_ore,
    "obsidian": earths.obsidian,
    "crafting_table_top": woods.crafting_table_top,
    "crafting_table_front": partial(woods.crafting_table_side, True),
    "crafting_table_side": partial(woods.crafting_table_side, False),
    "furnace_top": stonework.furnace_top,
    "furnace_side": stonework.furnace_side,
    "furnace_front": partial(stonework.furnace_front, False),
    "lit_furnace_front": partial(stonework.furnace_front, True),
    "torch": woods.torch,
    "grass": clear_things.short_grass,
    "dandelion": clear_things.dandelion,
    "poppy": clear_things.poppy,
    "glass": clear_things.glass,
    "stone_bricks": stonework.stone_bricks,
    "granite": earths.granite,
    "diorite": earths.diorite,
    "andesite": earths.andesite,
    "coal_block": stonework.coal_block,
    "iron_block": stonework.iron_block,
    "gold_block": stonework.gold_block,
    "diamond_block": stonework.diamond_block,
}

#: Blocks that do not show the texture of their own name on all faces: top, bottom, sides.
_TOP_BOTTOM_SIDE: dict[Block, tuple[str, str, str]] = {
    Block.GRASS_BLOCK: ("grass_top", "dirt", "grass_side"),
    Block.SANDSTONE: ("sandstone_top", "sandstone_top", "sandstone_side"),
    Block.OAK_LOG: ("oak_log_top", "oak_log_top", "oak_bark"),
    Block.BIRCH_LOG: ("birch_log_top", "birch_log_top", "birch_bark"),
    Block.SPRUCE_LOG: ("spruce_log_top", "spruce_log_top", "spruce_bark"),
    Block.CRAFTING_TABLE: ("crafting_table_top", "oak_planks", "crafting_table_side"),
} | {torch: ("torch", "torch", "torch") for torch in Block if torch.name.startswith("WALL_TORCH_")}


@cache
def block_textures() -> BlockTextures:
    """All textures; painted at the first call, and the same in every process."""
    names = tuple(_PAINTERS)
    texels = np.stack([paint() for paint in _PAINTERS.values()])
    assert texels.shape[1:] == (SIZE, SIZE, 4)
    faces = np.full((256, len(Face)), -1, np.int32)
    for block in Block:
        if block is not Block.AIR:
            faces[block] = [names.index(name) for name in _face_names(block)]
    return BlockTextures(texels, faces, clear_things.cracks(), names)


def _face_names(block: Block) -> list[str]:
    """The name of the texture on each face of `block`, in the order of ``Face``."""
    if block is Block.CRAFTING_TABLE:
        top, bottom, side = _TOP_BOTTOM_SIDE[block]
        return [side, side, bottom, top, "crafting_table_front", "crafting_table_front"]
    for front, states in FURNACES.items():
        if block in states:
            names = [
                "furnace_side",
                "furnace_side",
                "furnace_top",
                "furnace_top",
                "furnace_side",
                "furnace_side",
            ]
            names[front] = "furnace_front" if block is states[0] else "lit_furnace_front"
            return names
    own = block.name.lower()
    top, bottom, side = _TOP_BOTTOM_SIDE.get(block, (own, own, own))
    return [side, side, bottom, top, side, side]
