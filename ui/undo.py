"""What can be undone: named steps, newest first. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 200

Over = Callable[[bool], None]
Way = Callable[[Over], object]


@dataclass(frozen=True, eq=False)
class Step:
    """Something done that can be undone.

    Attributes:
        name: What was done, as in “Undo move 3 recordings to the trash”.
        undo: Begins to take it back, and calls what it is given once that is over: with whether it worked.
        redo: Does it again, likewise; None where that makes no sense.
    """

    name: str
    undo: Way
    redo: Way | None = None


class UndoHistory:
    """Steps done and steps taken back. A step that is being taken back is in neither."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._age = 0  # answers to what began before `clear` are of no interest

    def did(self, step: Step) -> None:
        """Remember a step; what was taken back before cannot be done again then."""
        self._done.append(step)
        del self._done[:-LONGEST]
        self._undone.clear()

    @property
    def next_undo(self) -> Step | None:
        """The step that :meth:`undo` would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """The step that :meth:`redo` would do again."""
        return self._undone[-1] if self._undone else None

    def undo(self, told: Callable[[Step], object], step: Step | None = None) -> bool:
        """Take back `step`, or the newest one; a step that could not be taken back can be tried again.

        Args:
            told: Called with the step once it is taken back.
            step: One of the steps done.

        Returns:
            Whether there was such a step.
        """
        wanted = step or self.next_undo
        if wanted is None or wanted not in self._done:
            return False
        self._move(wanted, wanted.undo, self._done, self._undone if wanted.redo else None, told)
        return True

    def redo(self, told: Callable[[Step], object]) -> bool:
        """Do the step again that was taken back last; as :meth:`undo`."""
        step = self.next_redo
        if step is None or step.redo is None:
            return False
        self._move(step, step.redo, self._undone, self._done, told)
        return True

    def clear(self) -> None:
        """Forget everything, as when another project is opened."""
        self._done.clear()
        self._undone.clear()
        self._age += 1

    def _move(
        self,
        step: Step,
        way: Way,
        source: list[Step],
        target: list[Step] | None,
        told: Callable[[Step], object],
    ) -> None:
        place, age = source.index(step), self._age
        source.remove(step)

        def over(worked: bool) -> None:
            if age != self._age:
                return
            if not worked:
                source.insert(min(place, len(source)), step)
                return
            if target is not None:
                target.append(step)
            told(step)

        way(over)
