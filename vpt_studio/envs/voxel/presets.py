"""The kinds of world one can play in: `survival` has Minecraft's times and quantities, `brisk` fits a laptop.

A preset is data, and is named in every recording, snapshot and run made in its world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.errors import StudioError

_SMALLEST, _LARGEST = 48, 1024
_HIGHEST_GROUND = 56
_ROOM_FOR_TREES = f"0 or more, and with sea_level at most {_HIGHEST_GROUND}, so that trees fit below the sky"

#: Cells from the lowest to the highest, in every preset.
HEIGHT = 64


@dataclass(frozen=True)
class Ore:
    """How one ore is strewn through the stone.

    Attributes:
        block: The ore.
        lowest: Lowest y of a vein's middle.
        highest: Highest y of a vein's middle.
        veins: Veins per 16 x 16 columns.
        size: Blocks of one vein, at most.
    """

    block: Block
    lowest: int
    highest: int
    veins: float
    size: int


@dataclass(frozen=True)
class Preset:
    """One kind of world.

    Attributes:
        name: As recordings and runs tell it.
        purpose: One sentence for people.
        size: Cells along x and along z.
        sea_level: The y of the water's surface: cells below it may hold water, this one does not.
        stone_depth: Cells of earth above the stone on plain ground.
        relief: How far hills rise above the sea, in cells.
        trees: Trees per 16 x 16 columns of woodland.
        caves: Share of the stone that tunnels take, roughly.
        ores: What lies in the stone.
        digging_speed: How many times faster than in Minecraft blocks break.
        smelting_ticks: Ticks a furnace takes for one item.
    """

    name: str
    purpose: str
    size: int
    sea_level: int
    stone_depth: int
    relief: int
    trees: float
    caves: float
    ores: tuple[Ore, ...]
    digging_speed: float
    smelting_ticks: int

    def check(self) -> None:
        """Find out whether a world can be made of it.

        Raises:
            StudioError: It cannot, with the field and what it may be.
        """
        fields = (
            ("size", self.size, _SMALLEST <= self.size <= _LARGEST, f"{_SMALLEST} to {_LARGEST}"),
            ("sea_level", self.sea_level, self.sea_level >= 8, "8 or more"),
            ("relief", self.relief, 0 <= self.relief <= _HIGHEST_GROUND - self.sea_level, _ROOM_FOR_TREES),
            ("stone_depth", self.stone_depth, 1 <= self.stone_depth <= self.sea_level, "1 to sea_level"),
            ("trees", self.trees, 0 <= self.trees <= 64, "0 to 64"),
            ("caves", self.caves, 0 <= self.caves <= 0.5, "0 to 0.5"),
            ("digging_speed", self.digging_speed, 0 < self.digging_speed < math.inf, "above 0"),
            ("smelting_ticks", self.smelting_ticks, self.smelting_ticks >= 1, "1 or more"),
            *(
                (
                    f"the depth of {ore.block.name.lower()}",
                    f"{ore.lowest} to {ore.highest}",
                    1 <= ore.lowest <= ore.highest < HEIGHT,
                    f"within 1 to {HEIGHT - 1}",
                )
                for ore in self.ores
            ),
        )
        for name, value, possible, range_words in fields:
            if not possible:
                raise StudioError(
                    f"{name} of the preset {self.name!r} is {value}", mend=f"It may be {range_words}"
                )


# Veins and sizes per 16 x 16 columns as Minecraft 1.16 strews them up to y = 64.
SURVIVAL = Preset(
    name="survival",
    purpose="Minecraft's times and quantities: the way from the first log to a diamond takes what it takes",
    size=256,
    sea_level=40,
    stone_depth=4,
    relief=16,
    trees=7.0,
    caves=0.06,
    ores=(
        Ore(Block.COAL_ORE, 4, 60, 12.0, 17),
        Ore(Block.IRON_ORE, 3, 60, 20.0, 9),
        Ore(Block.GOLD_ORE, 3, 31, 2.0, 9),
        Ore(Block.REDSTONE_ORE, 2, 15, 8.0, 8),
        Ore(Block.DIAMOND_ORE, 2, 15, 1.0, 8),
    ),
    digging_speed=1.0,
    smelting_ticks=200,
)

BRISK = Preset(
    name="brisk",
    purpose="The same rules on a smaller island: ores nearer to the grass, faster digging and smelting",
    size=128,
    sea_level=24,
    stone_depth=2,
    relief=12,
    trees=9.0,
    caves=0.08,
    ores=(
        Ore(Block.COAL_ORE, 4, 40, 24.0, 17),
        Ore(Block.IRON_ORE, 3, 36, 32.0, 9),
        Ore(Block.GOLD_ORE, 3, 20, 4.0, 9),
        Ore(Block.REDSTONE_ORE, 2, 16, 8.0, 8),
        Ore(Block.DIAMOND_ORE, 2, 20, 8.0, 8),
    ),
    digging_speed=3.0,
    smelting_ticks=50,
)

#: Every preset, by name.
PRESETS: dict[str, Preset] = {preset.name: preset for preset in (SURVIVAL, BRISK)}
