"""A player for tests who does what it is told by key presses and mouse movements alone.

It looks at the state to know where things are, and acts only through ``environment.step``. Every action
is kept, so that the same play can be played again in another environment.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.handling import DEGREES_PER_PIXEL
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.screen_layout import Role
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import Cell

_PATIENCE = 2000  # ticks until a wish counts as impossible


class Hands:
    """Plays in `environment`."""

    def __init__(self, environment: VoxelEnvironment) -> None:
        self.environment = environment
        self.actions: list[dict[str, Any]] = []

    @property
    def state(self) -> State:
        return self.environment.state

    def act(self, *buttons: str, pitch: float = 0.0, yaw: float = 0.0) -> None:
        action = Action(frozenset(buttons), pitch, yaw).to_environment()
        self.actions.append(action)
        self.environment.step(action)

    def until(self, done: Callable[[], bool], *buttons: str) -> None:
        for _ in range(_PATIENCE):
            if done():
                return
            self.act(*buttons)
        raise AssertionError(f"{buttons} came to nothing")

    def face(self, x: float, y: float, z: float) -> None:
        """Turn the view to a point."""
        for _ in range(4):  # more than one turn of 180 degrees is never needed; float32 rounds each
            eye_x, eye_y, eye_z = self.state.body.eye
            yaw = math.degrees(math.atan2(eye_x - x, z - eye_z))
            pitch = -math.degrees(math.atan2(y - eye_y, math.hypot(x - eye_x, z - eye_z)))
            turn = (yaw - self.state.body.yaw + 180) % 360 - 180
            self.act(pitch=pitch - self.state.body.pitch, yaw=turn)

    def dig(self, cell: Cell) -> None:
        """Break the block of `cell`."""
        self.face(*(place + 0.5 for place in cell))
        block = self.state.world.block_at(*cell)
        self.until(lambda: self.state.world.block_at(*cell) is not block, "attack")
        self.act()

    def fetch(self) -> None:
        """Walk to whatever lies about, and pick it up."""
        self.until(lambda: all(age > 45 for age in self.state.drops.ages))
        while len(self.state.drops):
            x, y, z = self.state.drops.positions[0].tolist()
            self.face(x, y, z)
            left = len(self.state.drops)
            self.until(lambda left=left: len(self.state.drops) < left, "forward", "sneak")
        self.act()

    def go(self, x: float, z: float) -> None:
        """Walk to a place near by."""

        def near() -> bool:
            here_x, _, here_z = self.state.body.position
            return math.hypot(x - here_x, z - here_z) < 0.15

        for _ in range(_PATIENCE):
            if near():
                return
            self.face(x, self.state.body.eye[1], z)
            for _ in range(3):
                if not near():
                    self.act("forward", "sneak")
        raise AssertionError("the way is blocked")

    def hold(self, item: Item) -> None:
        """Bring `item` into the hand, from the hot-bar."""
        slot = next(slot for slot in range(9) if _item(self.state.inventory[slot]) == item)
        self.act(f"hotbar.{slot + 1}")
        self.act()

    def use_on(self, x: float, y: float, z: float) -> None:
        """Press use once, looking at a point."""
        self.face(x, y, z)
        self.act("use")
        self.act()

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer to a pixel of the open screen."""
        here_x, here_y = self.state.pointer
        self.act(pitch=(y - here_y) * DEGREES_PER_PIXEL, yaw=(x - here_x) * DEGREES_PER_PIXEL)

    def click(self, role: Role, number: int, *buttons: str) -> None:
        """Click on the screen's slot `number` of those with `role`."""
        assert self.state.screen is not None
        slot = [slot for slot in self.state.screen.slots if slot.role is role][number]
        self.point_at(slot.x + 8, slot.y + 8)
        self.act(*buttons)
        self.act()

    def take(self, item: Item) -> None:
        """Take all of a stack of `item` onto the pointer."""
        role, number = self._find(item)
        self.click(role, number, "attack")

    def craft(self, layout: dict[int, Item]) -> None:
        """Lay one item on each place of the grid, and take the result into the inventory."""
        for item in dict.fromkeys(layout.values()):
            role, number = self._find(item)
            self.click(role, number, "attack")
            for place, wanted in layout.items():
                if wanted is item:
                    self.click(Role.GRID, place, "use")
            if self.state.screen is not None and self.state.screen.carried is not None:
                self.click(role, number, "attack")
        self.click(Role.RESULT, 0, "attack", "sneak")

    def _find(self, item: Item) -> tuple[Role, int]:
        assert self.state.screen is not None
        for role in (Role.HOTBAR, Role.PACK):
            slots = [slot for slot in self.state.screen.slots if slot.role is role]
            for number, slot in enumerate(slots):
                if _item(slot.stack) == item:
                    return role, number
        raise AssertionError(f"there is no {item.label}")


def _item(stack: Any) -> Item | None:
    return None if stack is None else stack.item
