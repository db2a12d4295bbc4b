"""What can be undone: named steps, newest first. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 200


@dataclass(frozen=True)
class Step:
    """Something done that can be undone.

    Attributes:
        name: What was done, as in “Undo move 3 recordings to the trash”.
        undo: Takes it back.
        redo: Does it again; None where that makes no sense.
    """

    name: str
    undo: Callable[[], object]
    redo: Callable[[], object] | None = None


class UndoHistory:
    """Steps done and steps taken back."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def did(self, step: Step) -> None:
        """Remember a step; what was taken back before cannot be done again then."""
        self._done = [*self._done, step][-LONGEST:]
        self._undone.clear()

    @property
    def next_undo(self) -> Step | None:
        """The step that :meth:`undo` would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """The step that :meth:`redo` would do again."""
        return self._undone[-1] if self._undone else None

    def undo(self) -> Step | None:
        """Take back the newest step; None if there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        step.undo()
        if step.redo is not None:
            self._undone.append(step)
        return step

    def redo(self) -> Step | None:
        """Do the step again that was taken back last; None if there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        assert step.redo is not None
        step.redo()
        self._done.append(step)
        return step

    def clear(self) -> None:
        """Forget everything, as when another project is opened."""
        self._done.clear()
        self._undone.clear()
