"""A small first-person scene, a stand-in for a game, in which every input of the player shows at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from training.demo.boxes import Box, BoxPainter
from training.demo.dropped_item import ITEM_TICKS, DroppedItem
from training.demo.frame import HEIGHT, WIDTH, Picture, Vector
from training.demo.game_screen import (
    draw_crosshair,
    draw_hotbar,
    hotbar_pictures,
    inventory_panel,
    with_inventory,
)
from training.demo.ground import Ground
from training.demo.hand import draw_hand
from training.demo.item_icons import SLOTS, item_icon
from training.demo.meadow import CELL, Meadow
from training.demo.player_body import PlayerBody
from training.demo.sky import Sky, SkyColours, cloud_mask
from training.demo.textures import block_textures
from training.demo.viewpoint import SIGHT, Viewpoint
from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.camera import DEGREES_PER_PIXEL

#: How far a mouse count moves the pointer of an open screen, in units of the 1280 x 720 window.
POINTER_UNITS_PER_COUNT = 2.0


class MovingScene:
    """A meadow with trees and pillars, seen by a player with a tool, a hot-bar and an inventory.

    A mouse count turns the view by 0.15 degrees. Only the buttons a policy has do anything, and of those
    each shows in the very next picture: keys move at once, attack swings the tool for as long as it is
    held, use raises it, drop throws a small cube, jump lifts for as long as it is held (up to 1.3 m).

    Attributes:
        yaw: Degrees to the right of the +z axis.
        pitch: Degrees downwards, -90 to 90.
        gui_open: Whether the inventory is open.
        pointer: float64 [2]: x, y of its pointer in the 1280 x 720 window; it is not drawn.
        slot: Selected slot of the hot-bar, 0..8.
    """

    def __init__(self, seed: int) -> None:
        self._icons = [item_icon(slot) for slot in range(SLOTS)]
        self._bars = hotbar_pictures(self._icons)
        self._panel = inventory_panel(self._icons)
        # All of these draw from one generator: in another order the same seed would be another scene.
        rng = np.random.default_rng([seed, 1])
        colours = SkyColours.drawn(rng)
        self._ground = Ground(rng, colours.horizon)
        clouds = cloud_mask(rng)
        self._painter = BoxPainter(block_textures(rng, self._icons), colours.horizon)
        self._sky = Sky(rng, colours, clouds)
        self._meadow = Meadow(seed)

        self.yaw = float(rng.uniform(0, 360))
        self.pitch = 8.0
        self.gui_open = False
        self.pointer: Vector = np.array([WIDTH, HEIGHT], float)
        self.slot = 0
        self._body = PlayerBody(np.array([CELL / 2, CELL / 2]))
        self._attack_ticks = 0
        self._using = False
        self._inventory_was_held = False
        self._drop_was_held = False
        self._items: list[DroppedItem] = []
        self._seen: tuple[Viewpoint, list[Box], Picture] | None = None

    def step(self, held: npt.NDArray[np.uint8], motion: Vector, slot: int) -> None:
        """Let one tick pass.

        Args:
            held: uint8 [23], columns as ``ENVIRONMENT_BUTTONS``.
            motion: float64 [2]: mouse counts, right and down.
            slot: The hot-bar slot selected after the tick's input, 0..8.
        """
        inventory = bool(held[BUTTON_INDEX["inventory"]])
        toggled = inventory and not self._inventory_was_held
        self._inventory_was_held = inventory
        self._attack_ticks = self._attack_ticks + 1 if held[BUTTON_INDEX["attack"]] else 0
        self._using = bool(held[BUTTON_INDEX["use"]])
        obstacles = self._meadow.near(self._body.position, 1)
        if self.gui_open:
            self.pointer = np.clip(
                self.pointer + POINTER_UNITS_PER_COUNT * motion, 0, (2 * WIDTH - 1, 2 * HEIGHT - 1)
            )
            self._body.move(np.zeros_like(held), self.yaw, obstacles)
        else:
            self.yaw = (self.yaw + DEGREES_PER_PIXEL * float(motion[0])) % 360
            self.pitch = float(np.clip(self.pitch + DEGREES_PER_PIXEL * float(motion[1]), -90, 90))
            self.slot = slot
            self._body.move(held, self.yaw, obstacles)
            self._throw(bool(held[BUTTON_INDEX["drop"]]))
        for item in self._items:
            item.fall()
        self._items = [item for item in self._items if item.age < ITEM_TICKS]
        if toggled:
            self.gui_open = not self.gui_open
            self.pointer = np.array([WIDTH, HEIGHT], float)

    def render(self) -> Picture:
        """What is on screen now: uint8 [360, 640, 3] RGB, a new array."""
        frame = self._world()
        acting = not self.gui_open
        draw_hand(
            frame,
            self._icons[self.slot],
            bob=self._body.bob,
            sneaking=self._body.sneaking,
            attack_ticks=self._attack_ticks if acting else 0,
            using=self._using and acting,
        )
        draw_hotbar(frame, self._bars[self.slot])
        if self.gui_open:
            return with_inventory(
                frame, self._panel, self.pointer, attacking=self._attack_ticks > 0, using=self._using
            )
        draw_crosshair(frame)
        return frame

    def _throw(self, drop: bool) -> None:
        if drop and not self._drop_was_held:
            view = self._viewpoint()
            forward = view.axes[2]
            place = np.array([view.x, view.y - 0.25, view.z]) + forward * 0.7
            self._items.append(DroppedItem(place, forward * 0.22 + (0.0, 0.1, 0.0), f"item{self.slot}"))
        self._drop_was_held = drop

    def _viewpoint(self) -> Viewpoint:
        x, z = (float(coordinate) for coordinate in self._body.position)
        return Viewpoint(x, self._body.eye_height, z, self.yaw, self.pitch, self._body.field_of_view)

    def _world(self) -> Picture:
        """The world without hand and screen, a new array; while nothing moves, as it was drawn last."""
        view, thrown = self._viewpoint(), [item.box() for item in self._items]
        if self._seen is None or self._seen[:2] != (view, thrown):
            frame = np.empty((HEIGHT, WIDTH, 3), np.uint8)
            self._sky.draw(frame, view)
            self._ground.draw(frame, view)
            near = self._meadow.near(self._body.position, int(SIGHT / CELL))
            self._painter.draw(frame, view, [*near, *thrown])
            self._seen = view, thrown, frame
        return self._seen[2].copy()
