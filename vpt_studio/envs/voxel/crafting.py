"""The crafting grid, and which recipe lies in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.recipes import RECIPES, Choice, Shaped

# A grid without its empty margins: its width, and the item id of every place row by row, 0 for none.
_Shape = tuple[int, tuple[int, ...]]

_NOTHING: Choice | tuple[int] = (0,)


def _trimmed(width: int, items: Sequence[int]) -> _Shape | None:
    taken = [place for place, item in enumerate(items) if item]
    if not taken:
        return None
    columns = [place % width for place in taken]
    left, right = min(columns), max(columns) + 1
    top, bottom = taken[0] // width, taken[-1] // width + 1
    rows = (items[row * width + left : row * width + right] for row in range(top, bottom))
    return right - left, tuple(int(item) for row in rows for item in row)


def _shapes(recipe: Shaped) -> Iterator[_Shape]:
    width = len(recipe.pattern[0])
    for pattern in (recipe.pattern, tuple(row[::-1] for row in recipe.pattern)):
        letters = "".join(pattern)
        for items in product(*(recipe.legend.get(letter, _NOTHING) for letter in letters)):
            yield width, tuple(int(item) for item in items)


# All that a grid can hold to give something: a few hundred entries, as few places leave a choice.
_SHAPED: dict[_Shape, Stack] = {}
_SHAPELESS: dict[tuple[int, ...], Stack] = {}
for _recipe in RECIPES:
    _result = Stack(_recipe.result, _recipe.count)
    if isinstance(_recipe, Shaped):
        _SHAPED.update(dict.fromkeys(_shapes(_recipe), _result))
    else:
        _SHAPELESS.update(
            {tuple(sorted(int(item) for item in items)): _result for items in product(*_recipe.ingredients)}
        )


def match(grid: Sequence[Stack | None]) -> Stack | None:
    """What the grid gives when one of everything in it is used up, or None.

    Args:
        grid: Its 4 or 9 places, row by row from the upper left.
    """
    width = {4: 2, 9: 3}[len(grid)]
    items = [0 if stack is None else int(stack.item) for stack in grid]
    shape = _trimmed(width, items)
    if shape is None:
        return None
    return _SHAPED.get(shape) or _SHAPELESS.get(tuple(sorted(item for item in items if item)))


class CraftingGrid:
    """A grid of 2 x 2 or 3 x 3 places; ``grid[place]`` reads one, ``grid[place] = stack`` replaces it.

    Attributes:
        result: What it gives now, or None.
    """

    def __init__(self, width: int) -> None:
        self._places: list[Stack | None] = [None] * (width * width)
        self.result: Stack | None = None

    def __getitem__(self, place: int) -> Stack | None:
        return self._places[place]

    def __setitem__(self, place: int, stack: Stack | None) -> None:
        self._places[place] = stack
        self.result = match(self._places)

    @property
    def stacks(self) -> tuple[Stack | None, ...]:
        """Every place as it is now."""
        return tuple(self._places)

    def craft(self, ledger: Ledger) -> Stack:
        """Use up one of everything and return the result, which must not be None."""
        assert self.result is not None
        result = self.result
        ledger.book(Cause.CRAFTED, result.item, result.count)
        for place, stack in enumerate(self._places):
            if stack is not None:
                ledger.book(Cause.USED_UP, stack.item)
                self._places[place] = stack.of(stack.count - 1)
        self.result = match(self._places)
        return result

    def clear(self) -> None:
        """Empty every place."""
        self._places = [None] * len(self._places)
        self.result = None
