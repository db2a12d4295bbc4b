"""What a player knows of the things that lie about: where they were seen, and a moment long where they go."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.contractors.picture import Point, shows
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.world import Cell

_SEES_TO = 12.0  # metres
_FOLLOWED = 20  # ticks for which one knows the way of what has left the picture
_AT_HAND = 1.5  # metres from the feet within which one hears a thing being picked up
_SAME = 0.75  # metres that a thing moves in a tick at most, and to spare
_MIDDLE = 0.15  # metres from a thing's lower side to what is seen of it
_OF_THE_BLOCK = 0.9  # metres from the middle of a broken block to what it left


@dataclass(frozen=True, slots=True)
class KnownDrop:
    """A thing that lies about, as far as a player knows.

    Attributes:
        item: What it is.
        place: The middle of its lower side, in metres.
        tick: When it was last seen.
    """

    item: Item
    place: Point
    tick: int


class DropMemory:
    """The things that were seen lying about and are, for all one knows, still there.

    A thing becomes known when it is in the picture with nothing before it, or comes out of a block that one
    has just broken oneself. When it leaves the picture one knows its way for a second, then the place. It is
    forgotten when the place is looked at and empty, or it was picked up.
    """

    def __init__(self) -> None:
        self._known: list[KnownDrop] = []
        self._dug: dict[Cell, int] = {}  # what was dug at of late, and when last

    def look(self, state: State, axes: npt.NDArray[np.float64]) -> None:
        """Take in what is before the eye now.

        Args:
            state: The game.
            axes: The view's, see :func:`~vpt_studio.contractors.picture.view_axes`.
        """
        eye, tick = state.body.eye, state.tick
        self._dug = {cell: last for cell, last in self._dug.items() if tick - last < _FOLLOWED}
        if state.digging.cell is not None:
            self._dug[state.digging.cell] = tick
        if not len(state.drops) and not self._known:
            return
        items, places, ages = state.drops.items, state.drops.positions, state.drops.ages
        near = np.flatnonzero(np.linalg.norm(places - eye, axis=1) < _SEES_TO).tolist()
        found: dict[int, KnownDrop] = {}
        for number in near:
            place = _point(places[number])
            own = self._is_from_own_block(place, int(ages[number]), tick)
            if own or shows(state.world, eye, axes, _seen_at(place)):
                found[number] = KnownDrop(Item(int(items[number])), place, tick)
        rest: list[KnownDrop] = []
        for known in self._known:
            same = _nearest(known, items, places)
            if same in found:
                continue
            followed = tick - known.tick < _FOLLOWED
            if followed or math.dist(state.body.position, known.place) < _AT_HAND:
                if same is not None:
                    found[same] = KnownDrop(known.item, _point(places[same]), known.tick)
            elif not shows(state.world, eye, axes, _seen_at(known.place)):
                rest.append(known)
        self._known = [*found.values(), *rest]

    def __iter__(self) -> Iterator[KnownDrop]:
        return iter(self._known)

    def _is_from_own_block(self, place: Point, age: int, tick: int) -> bool:
        return any(
            age <= tick - last + 1 and math.dist((x + 0.5, y + 0.5, z + 0.5), place) < _OF_THE_BLOCK
            for (x, y, z), last in self._dug.items()
        )


def _nearest(known: KnownDrop, items: npt.NDArray[np.int32], places: npt.NDArray[np.float64]) -> int | None:
    """Which of the things that are there it is, None if it is gone."""
    same = np.flatnonzero(items == known.item)
    if not len(same):
        return None
    apart = np.linalg.norm(places[same] - known.place, axis=1)
    best = int(apart.argmin())
    return int(same[best]) if apart[best] < _SAME else None


def _point(place: npt.NDArray[np.float64]) -> Point:
    return float(place[0]), float(place[1]), float(place[2])


def _seen_at(place: Point) -> Point:
    return place[0], place[1] + _MIDDLE, place[2]
