"""What the devices said, sorted into ticks: by the time at which it happened, with nothing lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from vpt_studio.actions import ENVIRONMENT_BUTTONS

#: The most that the mouse may say in one tick: 180 degrees. What is more comes in the next one.
MOST_COUNTS = 1200
#: Presses and releases of a button that may wait for their tick; whoever is faster loses whole clicks.
_MOST_WAITING = 6

_BUTTONS = frozenset(ENVIRONMENT_BUTTONS)


@dataclass(frozen=True, slots=True)
class TickDevices:
    """What the devices said in one tick.

    Attributes:
        held: Names of the buttons held.
        dx: Mouse counts to the right.
        dy: Mouse counts downwards.
        wheel: Steps of the wheel, away from the person.
    """

    held: frozenset[str]
    dx: int = 0
    dy: int = 0
    wheel: int = 0


@dataclass
class _Button:
    """A button on its way through the ticks.

    Attributes:
        is_down: In the tick that was taken last.
        ends_down: Once all that waits has happened.
        waiting: How many changes wait for a tick; each tick has one.
    """

    is_down: bool = False
    ends_down: bool = False
    waiting: int = 0

    def change(self, down: bool) -> None:
        """Note a press or a release; one that says nothing new is passed over."""
        if down == self.ends_down:
            return
        self.ends_down = down
        self.waiting += 1
        if self.waiting > _MOST_WAITING:
            self.waiting -= 2

    def next_tick(self) -> bool:
        """Go on by one change, and say whether it is down."""
        if self.waiting:
            self.waiting -= 1
            self.is_down = not self.is_down
        return self.is_down


@dataclass
class InputBuffer:
    """Takes events from one thread, and gives another one what belongs to each tick.

    An event belongs to the first tick that ends at or after the moment it carries (``time.monotonic()`` of
    this machine). A button that is pressed and released within one tick is held in that tick and not in the
    next; one that is let go and pressed again is up for one tick: no click is lost.
    """

    _events: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)
    _buttons: dict[str, _Button] = field(default_factory=dict)
    _dx: int = 0
    _dy: int = 0
    _wheel: int = 0

    def press(self, at: float, button: str, down: bool) -> None:
        """A button of the game was pressed or let go.

        Raises:
            ValueError: The game has no such button.
        """
        if button not in _BUTTONS:
            raise ValueError(f"the game has no button {button!r}")
        self._events.append((at, lambda: self._buttons.setdefault(button, _Button()).change(down)))

    def move(self, at: float, dx: int, dy: int) -> None:
        """The mouse moved by so many counts, to the right and downwards."""
        self._events.append((at, lambda: self._move(dx, dy)))

    def turn_wheel(self, at: float, steps: int) -> None:
        """The wheel was turned."""
        self._events.append((at, lambda: self._turn(steps)))

    def release_all(self, at: float) -> None:
        """All buttons are up, as when the window lost the focus."""
        self._events.append((at, self._release_all))

    def take(self, deadline: float) -> TickDevices:
        """What belongs to the tick that ends at `deadline` (``time.monotonic()``)."""
        while self._events and self._events[0][0] <= deadline:
            self._events.popleft()[1]()
        held = frozenset(name for name, button in self._buttons.items() if button.next_tick())
        dx, dy = _limited(self._dx), _limited(self._dy)
        self._dx, self._dy = self._dx - dx, self._dy - dy
        wheel, self._wheel = self._wheel, 0
        return TickDevices(held, dx, dy, wheel)

    def forget(self) -> None:
        """Throw away what waits, and let go of every button."""
        self._events.clear()
        self._buttons.clear()
        self._dx = self._dy = self._wheel = 0

    def _move(self, dx: int, dy: int) -> None:
        self._dx += dx
        self._dy += dy

    def _turn(self, steps: int) -> None:
        self._wheel += steps

    def _release_all(self) -> None:
        for button in self._buttons.values():
            button.change(False)


def _limited(counts: int) -> int:
    return min(max(counts, -MOST_COUNTS), MOST_COUNTS)
