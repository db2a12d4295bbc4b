"""Draws an open screen over the world: its panel, what lies in its slots, what is carried, the pointer."""

from __future__ import annotations

import math

import numpy as np

from vpt_studio.envs.voxel.art.gui_panels import (
    FURNACE_ARROW,
    FURNACE_ARROW_SIZE,
    FURNACE_FLAME,
    arrow,
    flame,
    hover_sprite,
    label_sprite,
    panel_sprite,
)
from vpt_studio.envs.voxel.art.gui_stacks import stack_sprite
from vpt_studio.envs.voxel.canvas import HEIGHT, Canvas
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.screen_layout import ICON, WINDOW_X, WINDOW_Y, ScreenKind
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.recordings.pointer import draw_pointer_at

_POINTER = 16  # pixels along its sides
_LABEL_SHIFT = 8  # beside the pointer's slanted edge
# The world behind a screen fades to a dark grey, a little more towards the lower edge.
_FADE = np.linspace(0.75, 0.82, HEIGHT, dtype=np.float32)
_FADE_COLOUR = (16, 16, 16)


def draw_screen(canvas: Canvas, screen: Screen, pointer: tuple[float, float], with_pointer: bool) -> None:
    """Lay `screen` over the picture, and over everything else that is on it.

    Args:
        canvas: Where the world and what lies over it are already drawn.
        screen: The open screen.
        pointer: Where the mouse pointer is, (x, y) in pixels of the 640x360 picture.
        with_pointer: Whether the pointer itself is drawn, exactly as readers of recordings draw it; what
            is carried and the name under the pointer are drawn in any case.
    """
    x, y = int(pointer[0]), int(pointer[1])
    canvas.dim(_FADE, _FADE_COLOUR)
    canvas.blend(panel_sprite(screen.kind), WINDOW_X, WINDOW_Y)
    if screen.kind is ScreenKind.FURNACE:
        _draw_work(canvas, screen)
    slots = screen.slots
    for slot in slots:
        if slot.stack is not None:
            canvas.blend(stack_sprite(slot.stack), slot.x, slot.y)
    number = screen.slot_at(*pointer)
    hovered = None if number is None else slots[number]
    if hovered is not None:
        canvas.blend(hover_sprite(), hovered.x, hovered.y)
    if screen.carried is not None:
        canvas.blend(stack_sprite(screen.carried), x - ICON // 2, y - ICON // 2)
    elif hovered is not None and hovered.stack is not None:
        _draw_name(canvas, hovered.stack.item, x, y)
    if with_pointer:
        _draw_pointer(canvas, x, y)


def _draw_work(canvas: Canvas, screen: Screen) -> None:
    """Fill the furnace's flame from below, and its arrow from the left."""
    fire = flame(True)
    height = math.ceil(len(fire) * screen.burn_share)
    left, top = WINDOW_X + FURNACE_FLAME[0], WINDOW_Y + FURNACE_FLAME[1]
    canvas.blend(fire[len(fire) - height :], left, top + len(fire) - height)
    width = round(FURNACE_ARROW_SIZE[0] * screen.progress_share)
    left, top = WINDOW_X + FURNACE_ARROW[0], WINDOW_Y + FURNACE_ARROW[1]
    canvas.blend(np.ascontiguousarray(arrow(*FURNACE_ARROW_SIZE, True)[:, :width]), left, top)


def _draw_name(canvas: Canvas, item: Item, x: int, y: int) -> None:
    """Show the item's name to the right above the pointer; every slot has the room for the longest."""
    label = label_sprite(item.label.replace("_", " ").title())
    canvas.blend(label, x + _LABEL_SHIFT, y - len(label))


def _draw_pointer(canvas: Canvas, x: int, y: int) -> None:
    """Draw the pointer into as many of its columns as the canvas holds."""
    x, y = max(x, 0), max(y, 0)
    first, stop = np.searchsorted(canvas.columns, (x, x + _POINTER))
    place = canvas.pixels[y : y + _POINTER, first:stop]
    columns = canvas.columns[first:stop] - x
    patch = np.zeros((len(place), _POINTER, 3), np.uint8)
    patch[:, columns] = place
    draw_pointer_at(patch, 0, 0)
    place[:] = patch[:, columns]
