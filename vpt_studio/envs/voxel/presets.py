"""The kinds of world one can play in: `survival` has Minecraft's times and quantities, `brisk` fits a laptop.

A preset is data, and is named in every recording, snapshot and run made in its world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpt_studio.envs.voxel.blocks import BLOCKS, FURNACES, Block, Shape
from vpt_studio.errors import StudioError

_SMALLEST, _LARGEST = 48, 1024
_LOWEST_SEA = 8  # with some ground below the deepest water
_HIGHEST_GROUND = 56
_MOST_VEINS = 256  # of one ore; all of a world are laid out at once

_Field = tuple[str, object, bool, str]  # name, value, whether it is possible, what would be

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
        for name, value, possible, range_words in self._fields():
            if not possible:
                raise StudioError(
                    f"{name} of the preset {self.name!r} is {value!r}", mend=f"It may be {range_words}"
                )

    def _fields(self) -> Iterator[_Field]:
        # One by one: what is told of a field may rest on those before it.
        yield "name", self.name, type(self.name) is str and self.name != "", "any text"
        yield "purpose", self.purpose, type(self.purpose) is str, "any text"
        yield _whole("size", self.size, _SMALLEST, _LARGEST)
        yield _whole("sea_level", self.sea_level, _LOWEST_SEA, _HIGHEST_GROUND)
        # Trees have to fit below the sky.
        yield _whole("relief", self.relief, 0, _HIGHEST_GROUND - self.sea_level)
        yield _whole("stone_depth", self.stone_depth, 1, self.sea_level)
        yield _number("trees", self.trees, 0, 64)
        yield _number("caves", self.caves, 0, 0.5)
        yield _number("digging_speed", self.digging_speed, 1e-6, 1e6)
        yield _whole("smelting_ticks", self.smelting_ticks, 1, 1_000_000)
        ores = self.ores
        yield "ores", ores, type(ores) is tuple and all(type(ore) is Ore for ore in ores), "a tuple of Ore"
        for ore in ores:
            yield from _fields_of_ore(ore)


def _fields_of_ore(ore: Ore) -> Iterator[_Field]:
    yield (
        "the block of an ore",
        ore.block,
        _is_plain_cube(ore.block),
        "a Block that fills its cell, no furnace",
    )
    name = ore.block.name.lower()
    yield _whole(f"the highest y of {name}", ore.highest, 1, HEIGHT - 1)
    yield _whole(f"the lowest y of {name}", ore.lowest, 1, ore.highest)
    yield _number(f"veins of {name}", ore.veins, 0, _MOST_VEINS)
    yield _whole(f"the vein size of {name}", ore.size, 1, 64)


def _is_plain_cube(block: object) -> bool:
    """Whether `block` may lie in the ground: a furnace would have something in it."""
    if not isinstance(block, Block):
        return False
    return BLOCKS[block].shape is Shape.CUBE and all(block not in pair for pair in FURNACES.values())


# Only Python's own numbers: snapshots keep presets as JSON. True and False are none here.
def _whole(name: str, value: object, lowest: int, highest: int) -> _Field:
    possible = type(value) is int and lowest <= value <= highest
    return name, value, possible, f"a whole number from {lowest} to {highest}"


def _number(name: str, value: object, lowest: float, highest: float) -> _Field:
    possible = (type(value) is int or type(value) is float) and lowest <= value <= highest
    return name, value, possible, f"a number from {lowest} to {highest}"


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


def preset_named(name: str) -> Preset:
    """The preset of this name.

    Raises:
        StudioError: There is none.
    """
    if name not in PRESETS:
        names = ", ".join(repr(known) for known in PRESETS)
        raise StudioError(f"there is no preset {name!r}", mend=f"Take one of {names}")
    return PRESETS[name]
