"""What the header of a snapshot may say, as far as it does not depend on the world's cells."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, model_validator

from vpt_studio.actions import ENVIRONMENT_BUTTONS
from vpt_studio.envs.voxel.blocks import BLOCKS, Block
from vpt_studio.envs.voxel.canvas import HEIGHT as PICTURE_HEIGHT
from vpt_studio.envs.voxel.canvas import WIDTH as PICTURE_WIDTH
from vpt_studio.envs.voxel.inventory import HOTBAR_SIZE, PACK_SIZE, stack_of
from vpt_studio.envs.voxel.items import ITEMS, Stack
from vpt_studio.envs.voxel.presets import HEIGHT, Ore, Preset
from vpt_studio.envs.voxel.screen_layout import LAYOUTS, Role, ScreenKind
from vpt_studio.envs.voxel.state import UNTIL_RELEASED
from vpt_studio.envs.voxel.vitals import FULL_AIR, FULL_HEALTH

#: Metres: where a player can be, far below and far above the cells.
LOWEST_Y, HIGHEST_Y = -64.0, 512.0

_WORLD_SEEDS, _RANDOM_NUMBERS = 2**63, 2**128
_LONGEST_LIST = 65536
_FALLING = {int(block) for block, kind in BLOCKS.items() if kind.falls}


def check_wear(stack: Stack) -> None:
    """Find out whether a tool in use can be as worn as that.

    Raises:
        ValueError: It would have broken, or does not wear.
    """
    if not 0 <= stack.wear < max(1, ITEMS[stack.item].durability):
        raise ValueError(f"{stack.item.label} cannot have a wear of {stack.wear}")


def _row(row: tuple[int, int, int]) -> tuple[int, int, int]:
    stack = stack_of(row)
    assert stack is not None
    check_wear(stack)
    return row


def _falls(block: int) -> int:
    if block not in _FALLING:
        raise ValueError(f"block {block} does not fall")
    return block


def _button(name: str) -> str:
    if name not in ENVIRONMENT_BUTTONS:
        raise ValueError(f"there is no button {name!r}")
    return name


def _random_number(digits: str) -> str:
    if not 0 <= int(digits) < _RANDOM_NUMBERS:
        raise ValueError("it has more than 128 bits")
    return digits


Whole = Annotated[int, Field(ge=0, le=2**53)]
_Share = Annotated[float, Field(ge=0, lt=1)]
_Number = int | float  # as the preset has it
_Cell = tuple[Whole, Whole, Whole]
_Row = Annotated[tuple[int, int, int], AfterValidator(_row)] | None
_Random = Annotated[str, Field(pattern=r"^[0-9]{1,39}$"), AfterValidator(_random_number)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class _Ore(_Part):
    block: Whole
    lowest: int
    highest: int
    veins: _Number
    size: int


class _Preset(_Part):
    name: str
    purpose: str
    size: int
    sea_level: int
    stone_depth: int
    relief: int
    trees: _Number
    caves: _Number
    ores: Annotated[tuple[_Ore, ...], FailFast(), Field(max_length=256)]
    digging_speed: _Number
    smelting_ticks: int

    def to_preset(self) -> Preset:
        """What it tells of; not checked."""
        ores = tuple(Ore(**{**ore.model_dump(), "block": Block(ore.block)}) for ore in self.ores)
        return Preset(**{**self.model_dump(), "ores": ores})


class _RandomState(_Part):
    state: _Random
    inc: _Random

    @model_validator(mode="after")
    def _odd(self) -> Self:
        if int(self.inc) % 2 == 0:
            raise ValueError("an increment of PCG64 is odd")
        return self


class _Vitals(_Part):
    health: Annotated[int, Field(ge=0, le=FULL_HEALTH)]
    air: Annotated[int, Field(ge=-20, le=FULL_AIR)]
    fire: Annotated[int, Field(ge=0, le=300)]
    pain: Annotated[int, Field(ge=0, le=10)]
    last_blow: Annotated[int, Field(ge=0, le=1024)]
    rest: Annotated[int, Field(ge=1, le=80)]


class _Furnace(_Part):
    slots: tuple[_Row, _Row, _Row]
    burn_left: Whole
    burn_total: Whole
    progress: Whole


class _Falling(_Part):
    block: Annotated[int, AfterValidator(_falls)]
    x: Whole
    z: Whole
    y: Annotated[float, Field(ge=0, lt=HEIGHT)]
    speed: Annotated[float, Field(ge=-4, le=0)]


class _Digging(_Part):
    cell: _Cell | None
    progress: _Share
    pause: Annotated[int, Field(ge=0, le=5)]
    missed: Annotated[int, Field(ge=0, le=UNTIL_RELEASED)]


class _Spread(_Part):
    button: Literal["left", "right"]
    like: Annotated[tuple[int, int, int], AfterValidator(_row)]
    given: Annotated[tuple[tuple[Whole, Whole], ...], FailFast(), Field(max_length=64)]

    @property
    def stack(self) -> Stack:
        """One of what is spread."""
        stack = stack_of(self.like)
        assert stack is not None
        return stack


class _Screen(_Part):
    kind: ScreenKind
    grid: Annotated[tuple[_Row, ...], FailFast(), Field(max_length=9)]
    carried: _Row
    spread: _Spread | None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        places = LAYOUTS[self.kind].grid_width ** 2
        if len(self.grid) != places:
            raise ValueError(f"the grid has {len(self.grid)} places, not {places}")
        if self.spread is not None:
            self._check_spread(self.spread)
        return self

    def _check_spread(self, spread: _Spread) -> None:
        layout, like, carried = LAYOUTS[self.kind], spread.stack, stack_of(self.carried)
        fuel = (Role.FUEL,) if ITEMS[like.item].fuel_ticks else ()
        taking = layout.with_role(Role.GRID, Role.INPUT, Role.PACK, Role.HOTBAR, Role.OFF_HAND, *fuel)
        total = sum(count for _, count in spread.given) + (carried.count if carried is not None else 0)
        if like.count != 1 or (carried is not None and not like.stacks_with(carried)):
            raise ValueError("the drag spreads something else than is carried")
        if not {slot for slot, _ in spread.given} <= set(taking) or not spread.given:
            raise ValueError("the drag goes over slots that do not take it")
        if total > 1 + like.room:
            raise ValueError("the drag spreads more than a stack")


class Header(_Part):
    """All of a snapshot that is no array; its fields are those of ``State``, and what shapes the arrays."""

    format: int
    preset: _Preset
    seed: Annotated[int, Field(ge=0, lt=_WORLD_SEEDS)]
    spawn: tuple[float, float, float]
    random: _RandomState
    inventory: Annotated[
        tuple[_Row, ...], FailFast(), Field(min_length=PACK_SIZE + 1, max_length=PACK_SIZE + 1)
    ]
    selected: Annotated[int, Field(ge=0, lt=HOTBAR_SIZE)]
    vitals: _Vitals
    drops: Annotated[int, Field(ge=0, le=2**20)]
    furnaces: Annotated[tuple[tuple[_Cell, _Furnace], ...], FailFast(), Field(max_length=_LONGEST_LIST)]
    unsettled: Annotated[tuple[tuple[_Cell, Whole], ...], FailFast(), Field(max_length=_LONGEST_LIST)]
    falling: Annotated[tuple[_Falling, ...], FailFast(), Field(max_length=_LONGEST_LIST)]
    digging: _Digging
    screen: _Screen | None
    opened_at: _Cell | None
    last_click: tuple[Whole, Whole] | None
    pointer: tuple[
        Annotated[float, Field(ge=0, le=PICTURE_WIDTH - 1)],
        Annotated[float, Field(ge=0, le=PICTURE_HEIGHT - 1)],
    ]
    held: Annotated[tuple[Annotated[str, AfterValidator(_button)], ...], FailFast(), Field(max_length=23)]
    use_pause: Annotated[int, Field(ge=0, le=UNTIL_RELEASED)]
    swing: Annotated[int, Field(ge=0, le=6)]
    tick: Whole
    deaths: Whole
