"""Spreading a stack over several slots by dragging it with a button held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vpt_studio.envs.voxel.clicking import Button
from vpt_studio.envs.voxel.inventory import row_of, stack_of
from vpt_studio.envs.voxel.items import Stack
from vpt_studio.envs.voxel.screen_contents import ScreenContents


@dataclass
class Spread:
    """One drag: left shares the stack evenly over the slots, right puts one into each.

    Minecraft puts nothing down before the button is let go but shows what it will be; here it lies there
    at once. The first slot counts as soon as it is pressed; in Minecraft only once the pointer moves on it.

    Attributes:
        button: The one that is held.
        like: One of what is spread.
        given: How many lie in each slot because of this drag.
    """

    button: Button
    like: Stack
    given: dict[int, int]

    def extend(self, contents: ScreenContents, slot: int) -> None:
        """Let `slot` have its share too, if it takes it and there is one for every slot."""
        here = contents[slot]
        if slot in self.given or not contents.may_place(slot, self.like):
            return
        if here is not None and not self.like.stacks_with(here):
            return
        # What a furnace has used up meanwhile does not come back, nor does what was exchanged.
        givens = {target: contents[target] for target in self.given}
        back = {
            target: min(self.given[target], self._count(there))
            for target, there in givens.items()
            if there is None or self.like.stacks_with(there)
        }
        pool = self._count(contents.carried) + sum(back.values())
        if pool <= len(back):
            return
        back[slot] = 0
        self.given = {}
        share = pool // len(back) if self.button == "left" else 1
        for target, count in back.items():
            before = self._count(contents[target]) - count
            give = min(share, self.like.room + 1 - before)
            contents[target] = self.like.of(before + give)
            self.given[target] = give
            pool -= give
        contents.carried = self.like.of(pool)

    def _count(self, stack: Stack | None) -> int:
        return stack.count if stack is not None and self.like.stacks_with(stack) else 0

    @classmethod
    def begun(cls, contents: ScreenContents, slot: int, button: Button, before: Stack) -> Spread | None:
        """The drag that may follow the click on `slot` just made, before which `before` was carried."""
        here, left = contents[slot], contents.carried
        if here is None or not before.stacks_with(here) or not contents.may_place(slot, before):
            return None
        if left is not None and not before.stacks_with(left):
            return None  # the two were exchanged
        given = before.count - (left.count if left is not None else 0)
        return cls(button, Stack(before.item, 1, before.wear), {slot: given})

    def to_state(self) -> dict[str, Any]:
        """All that is so in it, for JSON."""
        return {
            "button": self.button,
            "like": row_of(self.like),
            "given": [[slot, count] for slot, count in self.given.items()],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Spread:
        """The drag that :meth:`to_state` wrote down."""
        like = stack_of(state["like"])
        assert like is not None
        return cls(state["button"], like, dict(state["given"]))
