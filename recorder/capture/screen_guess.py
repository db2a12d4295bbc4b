"""Whether a screen of the game is open, told from outside: by the pointer, shown or hidden, free or held."""

from __future__ import annotations

#: Counts that the mouse must have gone, and ticks it must have taken, before the pointer is evidence: a game
#: that holds the pointer lets it go a few pixels before it puts it back.
_ENOUGH_COUNTS = 40.0
_ENOUGH_TICKS = 3
_FREE_SHARE = 0.5


class ScreenGuess:
    """A guess that is told tick by tick what was done.

    A game that hides the pointer shows it exactly while a screen is open: where that can be seen, nothing
    else counts. Elsewhere the guess is never sure, and slow games mislead it. The key of the inventory opens
    a screen, and it or Escape closes one. Escape alone may open the game's menu, which the keys do not show.
    Where the pointer then goes as far as the mouse, a screen is open; where the mouse goes and the pointer
    does not, none is: the pointer overrules the keys.
    """

    def __init__(self, *, hides_pointer: bool = False) -> None:
        """`hides_pointer`: the game is known to; else it has to be seen to hide it first."""
        self.is_open = False
        self._hides = hides_pointer
        self._anchor: tuple[float, float] | None = None
        self._net = (0.0, 0.0)
        self._ticks = 0

    def look(self, pointer: tuple[float, float], is_shown: bool | None = None) -> bool:
        """Whether a screen is open at a tick's begin.

        Args:
            pointer: Where it is then, in pixels.
            is_shown: Whether it is to be seen then; None where the system does not tell, and where it is not
                over the game: what hides it there says nothing of the game.
        """
        self._hides = self._hides or is_shown is False
        if self._hides:
            self.is_open = self.is_open if is_shown is None else is_shown
            return self.is_open
        if self._anchor is None:
            self._anchor = pointer
        length = self._net[0] ** 2 + self._net[1] ** 2
        if self._ticks >= _ENOUGH_TICKS and length >= _ENOUGH_COUNTS**2:
            went = (pointer[0] - self._anchor[0], pointer[1] - self._anchor[1])
            along = (went[0] * self._net[0] + went[1] * self._net[1]) / length
            self.is_open = along > _FREE_SHARE
            self._forget(pointer)
        return self.is_open

    def tell(self, pressed: list[str], moved: tuple[float, float]) -> None:
        """What was done in the tick: buttons pressed, by their names in actions; pixels the mouse went."""
        for button in pressed:
            if button == "inventory" or (button == "ESC" and self.is_open):
                self.is_open = not self.is_open
                self._forget(None)
        self._net = (self._net[0] + moved[0], self._net[1] + moved[1])
        self._ticks += 1

    def _forget(self, pointer: tuple[float, float] | None) -> None:
        self._anchor, self._net, self._ticks = pointer, (0.0, 0.0), 0
