"""Items that lie on the ground, fly or float until somebody picks them up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.voxel import item_motion
from vpt_studio.envs.voxel.blocks import SOLID
from vpt_studio.envs.voxel.items import ITEMS, Item, Stack
from vpt_studio.envs.voxel.physics import Body, Triple
from vpt_studio.envs.voxel.world import World

_ROOM_AT_FIRST = 16

_STACK_SIZES = np.zeros(len(Item) + 1, np.int32)
for _item, _kind in ITEMS.items():
    _STACK_SIZES[_item] = _kind.stack_size


class Drops:
    """All items outside of inventories, in the order in which they came, each a box 0.25 m wide.

    Motion is Minecraft 1.16's: 0.04 m of gravity and a drag of 0.98 per tick, friction on the ground, a
    slow rise in water. Lava burns items and after 6000 ticks (five minutes) they are gone. Equal ones half
    a metre apart become one stack if it holds them all; thrown ones only with thrown ones.
    """

    def __init__(self) -> None:
        self._count = 0
        self._motion: npt.NDArray[np.float64] = np.zeros((_ROOM_AT_FIRST, 6))
        self._numbers: npt.NDArray[np.int32] = np.zeros((_ROOM_AT_FIRST, 6), np.int32)

    def __len__(self) -> int:
        return self._count

    def add(
        self,
        stack: Stack,
        position: Triple,
        velocity: Triple,
        pickup_delay: int = 10,
        thrown: bool = False,
    ) -> None:
        """Put `stack` into the world.

        Args:
            stack: What it is.
            position: The middle of its lower side, in metres.
            velocity: Metres per tick.
            pickup_delay: Ticks until it can be picked up.
            thrown: Whether a player had it before; :meth:`collect` tells.
        """
        if self._count == len(self._motion):
            self._motion = np.concatenate([self._motion, np.zeros_like(self._motion)])
            self._numbers = np.concatenate([self._numbers, np.zeros_like(self._numbers)])
        self._motion[self._count] = *position, *velocity
        self._numbers[self._count] = stack.item, stack.count, stack.wear, 0, pickup_delay, thrown
        self._count += 1

    def tick(self, world: World) -> list[Stack]:
        """Move everything for one tick.

        Returns:
            What burnt or lay too long, and is gone.
        """
        if not self._count:
            return []
        motion, numbers = self._motion[: self._count], self._numbers[: self._count]
        if not item_motion.move_items(motion, numbers, world.blocks, SOLID, _STACK_SIZES):
            return []
        present = numbers[:, item_motion.COUNT] > 0
        fresh = numbers[:, item_motion.AGE] < item_motion.ITEM_LIFE
        lost = [self._stack(int(place)) for place in np.flatnonzero(present & ~fresh)]
        self._keep(present & fresh)
        return lost

    def collect(self, body: Body, take: Callable[[Stack], Stack | None]) -> list[tuple[Stack, bool]]:
        """Offer `body` what it touches: within 1 m beside it and 0.5 m above and below.

        Args:
            body: Who picks up.
            take: Is given each stack in turn, and returns what it has no room for; that stays.

        Returns:
            What was taken, each with whether it had been thrown.
        """
        if not self._count:
            return []
        motion, numbers = self._motion[: self._count], self._numbers[: self._count]
        taken = []
        for place in item_motion.reachable_items(motion, numbers, body.state).tolist():
            stack = self._stack(place)
            left = take(stack)
            remaining = 0 if left is None else left.count
            part = stack.of(stack.count - remaining)
            if part is not None:
                taken.append((part, bool(numbers[place, item_motion.THROWN])))
                numbers[place, item_motion.COUNT] = remaining
        if taken:
            self._keep(numbers[:, item_motion.COUNT] > 0)
        return taken

    def stacks(self) -> list[Stack]:
        """All of them, in order."""
        return [self._stack(place) for place in range(self._count)]

    @property
    def positions(self) -> npt.NDArray[np.float64]:
        """float64 [n, 3], a copy: the middle of each one's lower side, in metres."""
        return self._motion[: self._count, :3].copy()

    @property
    def items(self) -> npt.NDArray[np.int32]:
        """int32 [n], a copy: what each is."""
        return self._numbers[: self._count, item_motion.ITEM].copy()

    @property
    def ages(self) -> npt.NDArray[np.int32]:
        """int32 [n], a copy: ticks since each came into the world."""
        return self._numbers[: self._count, item_motion.AGE].copy()

    def to_arrays(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
        """Everything, for a snapshot.

        Returns:
            float64 [n, 6]: position and velocity; int32 [n, 6]: item, count, wear, age, ticks until it can
            be picked up, 1 if it was thrown.
        """
        return self._motion[: self._count].copy(), self._numbers[: self._count].copy()

    @classmethod
    def from_arrays(cls, motion: npt.NDArray[np.float64], numbers: npt.NDArray[np.int32]) -> Drops:
        """What :meth:`to_arrays` gave."""
        drops = cls()
        drops._count = len(motion)
        drops._motion = np.concatenate([motion, drops._motion])
        drops._numbers = np.concatenate([numbers, drops._numbers])
        return drops

    def _stack(self, place: int) -> Stack:
        item, count, wear = self._numbers[place, : item_motion.WEAR + 1].tolist()
        return Stack(Item(item), count, wear)

    def _keep(self, wanted: npt.NDArray[np.bool_]) -> None:
        kept = int(np.count_nonzero(wanted))
        self._motion[:kept] = self._motion[: self._count][wanted]
        self._numbers[:kept] = self._numbers[: self._count][wanted]
        self._count = kept
