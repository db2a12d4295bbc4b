"""The colours everything in the built-in world is painted with, as ramps from dark to light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ramp = npt.NDArray[np.uint8]


def ramp(colours: str) -> Ramp:
    """uint8 [n, 3]: the hexadecimal colours of a string such as ``"808080 909090"``."""
    return np.frombuffer(bytes.fromhex(colours), np.uint8).reshape(-1, 3)


BLACK, WHITE = ramp("000000 ffffff")

STONE = ramp("6b6b6c 757576 7f7f80 8a8a8b")
COBBLESTONE = ramp("59595a 6e6e6f 858586 9b9b9c b0b0b0")
MORTAR = ramp("454546 515152")
DIRT = ramp("5d4029 704e33 85603f 98704d a9825e")
GRASS = ramp("5c8a36 689a3d 75a945 83b74f 93c45e")
BEDROCK = ramp("1f1f20 3a3a3b 5c5c5d 8b8b8c b5b5b5")
SAND = ramp("cdbd8c d8c998 e1d4a6 eae0b8")
GRAVEL = ramp("5f5a58 79736f 8f8884 a59d97 bcb3ab")
SANDSTONE = ramp("a68e58 c3ab73 d3bd87 dcc999 e8dab4")
OBSIDIAN = ramp("0c0913 14101f 1e182f 2f2548 55437d")
GRANITE = ramp("6f4a3d 875b4b 9a6b59 ac7d6a c39885")
DIORITE = ramp("8c8c8e a9a9ab c4c4c6 dadadc efeff0")
ANDESITE = ramp("686b6a 787b79 888b88 989b97 a8aba6")

OAK_BARK = ramp("3d2f1b 524026 67512f 7a623b")
BIRCH_BARK = ramp("c2c1b8 d3d2ca e0dfd8 ecebe6")
BIRCH_MARKS = ramp("2b2b28 57564f")
SPRUCE_BARK = ramp("22160c 301f11 3d2917 4a341f")
OAK_WOOD = ramp("7b6135 9a7c47 ad8d55 bc9d62 c9ac73")
BIRCH_WOOD = ramp("978759 b8a672 c8b881 d5c792 e1d5a5")
SPRUCE_WOOD = ramp("4a3218 664727 765432 85623c 957148")
OAK_LEAVES = ramp("274e18 336220 40772a 509037 64a747")
BIRCH_LEAVES = ramp("5b7a2c 6f9036 85a643 9cbb55 b4cf6c")
SPRUCE_LEAVES = ramp("16332b 1f4237 2a5344 386552 4b7a64")

COAL = ramp("0f0f10 202022 343437 55555a")
IRON_FLECKS = ramp("8a6a55 b58f76 d8b399 f0d5c0")
GOLD_FLECKS = ramp("a87c12 e0b41f fae04a fff8b5")
REDSTONE_FLECKS = ramp("5c0505 a10b0b e01a1a ff6a5e")
DIAMOND_FLECKS = ramp("17807f 30bdb8 5ee8e2 d2fffb")
COAL_BLOCK = ramp("0b0b0c 131314 1d1d1f 2a2a2d 3b3b3f")
IRON_BLOCK = ramp("9d9d9d c2c2c2 d6d6d6 e3e3e3 f6f6f6")
GOLD_BLOCK = ramp("b07f13 e3b824 f6d33a fbe35a fff6a8")
DIAMOND_BLOCK = ramp("2f9c98 4fcfca 68e2dc 8cf0ea d6fffb")

WATER = ramp("2c55b8 3562c6 3f70d4 5a88e2")
WATER_ALPHA = 160
LAVA = ramp("b8330a d9560f f07a18 fba52c ffd65a")
FIRE = ramp("c4390a f07c14 ffbf33 fff4a0")
GLASS = ramp("a9cfd8 d3eef3 f6ffff")

STEM = ramp("2c5d1c 3f7d2a 559a3a")
DANDELION = ramp("c79409 f0c818 ffee56")
POPPY = ramp("7d0d0d b81616 e23030")
STICK = ramp("4a3217 6b4a23 8b6632 a98146")

SKIN = ramp("c8936f cd9875 d19d7a d6a381")
SLEEVE = ramp("1f6a72 277c86 2c868f 328f98")

#: Tool heads: outline, dark, middle, light, highlight.
TOOL_HEADS: dict[str, Ramp] = {
    "WOODEN": ramp("3c2a12 72532a 92703c b08d52 c9a96c"),
    "STONE": ramp("2b2b2d 636366 858588 a3a3a6 bdbdbf"),
    "IRON": ramp("474749 a2a2a6 d2d2d5 ececee ffffff"),
    "GOLDEN": ramp("6e4c05 c8931a f0c92e fbe662 fffbc0"),
    "DIAMOND": ramp("084743 1a958e 35cfc6 74eee6 d5fffb"),
}
#: Handles and things of one stuff: outline, dark, middle, light, highlight.
HANDLE = ramp("281a0b 553a1b 745126 916a37 a67d47")
COAL_LUMP = ramp("050506 1b1b1d 2c2c2f 444448 6c6c73")
CHARCOAL_LUMP = ramp("140d07 35261a 4d3a2a 6a533e 8d745b")
FLINT = ramp("1a1a1c 2f3033 46474b 686a70 9a9ca3")
IRON_INGOT = ramp("4b4b4d 9b9b9f c6c6c9 e4e4e6 ffffff")
GOLD_INGOT = ramp("6e4c05 c08a15 eabf2b fbe255 fffbb8")
DIAMOND = ramp("0a4f4d 1fa39d 45dcd4 8ff5ef e9fffd")
REDSTONE = ramp("3a0303 7d0707 b80d0d e82020 ff7a6d")
