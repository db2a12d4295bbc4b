"""Everything that is so at one moment in the built-in world; the modules beside this one change it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vpt_studio.envs.voxel.canvas import HEIGHT, WIDTH
from vpt_studio.envs.voxel.drops import Drops
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.presets import Preset
from vpt_studio.envs.voxel.progress import Progress
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.terrain import spawn_point
from vpt_studio.envs.voxel.vitals import Vitals
from vpt_studio.envs.voxel.world import Cell, World

#: Ticks of a day, and the time of day at which a world begins (0 is sunrise, 6000 noon).
DAY, MORNING = 24000, 1000

#: Ticks in which a button that was down on a screen does nothing, if it is not released before.
UNTIL_RELEASED = 10_000

#: Where the pointer appears when a screen opens.
CENTRE = (WIDTH / 2, HEIGHT / 2)

Place = tuple[float, float, float]


@dataclass(slots=True)
class Digging:
    """How far the block that is being dug has come.

    Attributes:
        cell: Which one; None when nothing is dug.
        progress: 0 to 1.
        pause: Ticks until the next one can be begun.
        missed: Ticks in which a held button does nothing, because it was pressed into the air or on a screen.
    """

    cell: Cell | None = None
    progress: float = 0.0
    pause: int = 0
    missed: int = 0

    @property
    def stage(self) -> int:
        """Which of the ten pictures of cracks shows; -1 for none yet."""
        return -1 if self.cell is None else min(9, int(self.progress * 10) - 1)


@dataclass(slots=True)
class FallingBlock:
    """Sand or gravel under way to the ground.

    Attributes:
        block: Its id.
        x: Its column.
        z: Its column.
        y: How high its lower side is, in cells.
        speed: Cells per tick, upwards.
    """

    block: int
    x: int
    z: int
    y: float
    speed: float = 0.0


@dataclass
class State:
    """One world and the player in it.

    Attributes:
        world: Blocks and light.
        spawn: Where the player began and comes back to, if it is still safe there: feet, in metres.
        body: The player's body.
        random: What drops and throws are drawn from.
        inventory: What the player carries.
        progress: What the player obtained so far.
        ledger: Every item that came into being or went out of it, and why.
        drops: What lies on the ground.
        furnaces: What is in each furnace.
        unsettled: Cells whose block may have lost its hold, and the tick in which it notices.
        falling: Blocks in the air.
        digging: The block under the pickaxe.
        screen: The open screen, if any.
        opened_at: The cell of the table or furnace whose screen it is.
        last_click: Slot and tick of the last left click on a screen.
        pointer: Where the pointer is, in pixels of the 640x360 picture.
        held: Buttons that were held in the last tick.
        use_pause: Ticks until a held use button acts again.
        swing: 0 at rest, else the tick (1 to 6) of the arm's swing.
        tick: Ticks since the world began.
        deaths: How often the player died.
    """

    world: World
    spawn: Place
    body: Body
    random: np.random.Generator
    inventory: Inventory
    ledger: Ledger
    progress: Progress = field(default_factory=Progress)
    drops: Drops = field(default_factory=Drops)
    vitals: Vitals = field(default_factory=Vitals)
    furnaces: dict[Cell, Furnace] = field(default_factory=dict)
    unsettled: dict[Cell, int] = field(default_factory=dict)
    falling: list[FallingBlock] = field(default_factory=list)
    digging: Digging = field(default_factory=Digging)
    screen: Screen | None = None
    opened_at: Cell | None = None
    last_click: tuple[int, int] | None = None
    pointer: tuple[float, float] = CENTRE
    held: frozenset[str] = frozenset()
    use_pause: int = 0
    swing: int = 0
    tick: int = 0
    deaths: int = 0

    @classmethod
    def begin(cls, preset: Preset, seed: int) -> State:
        """A fresh world of `seed` (0 or more) with a player who has nothing."""
        world = World.generate(preset, seed)
        spawn = spawn_point(world.blocks, preset, seed)
        # Drops have a stream of their own, so that another use of chance would not change them.
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1])))
        return cls(world, spawn, Body(*spawn), random, Inventory(), Ledger())

    @property
    def daytime(self) -> int:
        """The time of day in ticks, 0 to 23999."""
        return (MORNING + self.tick) % DAY

    def throw(self, stack: Stack) -> None:
        """Throw `stack` where the player looks, as Minecraft does."""
        x, y, z = self.body.eye
        pitch, yaw = np.radians(self.body.pitch), np.radians(self.body.yaw)
        angle, strength = self.random.random() * 2 * np.pi, 0.02 * self.random.random()
        velocity = (
            -np.sin(yaw) * np.cos(pitch) * 0.3 + np.cos(angle) * strength,
            -np.sin(pitch) * 0.3 + 0.1 + (self.random.random() - self.random.random()) * 0.1,
            np.cos(yaw) * np.cos(pitch) * 0.3 + np.sin(angle) * strength,
        )
        self.drops.add(stack, (x, y - 0.3, z), velocity, pickup_delay=40, thrown=True)
        self.ledger.book(Cause.THROWN, stack.item, stack.count)

    def scatter(self, stack: Stack, cell: Cell) -> None:
        """Let `stack` pop out of `cell`."""
        x, y, z = (place + 0.25 + 0.5 * self.random.random() for place in cell)
        velocity = (self.random.random() * 0.2 - 0.1, 0.2, self.random.random() * 0.2 - 0.1)
        self.drops.add(stack, (x, y, z), velocity)
