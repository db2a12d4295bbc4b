"""A player that follows a script drawn from a seed: its mouse and keys, as a recorder would write them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.demo.moving_scene import POINTER_UNITS_PER_COUNT
from vpt_studio.actions import RawTicks
from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.camera import DEGREES_PER_PIXEL

_START_PITCH = 8.0  # degrees, where the scene's view starts
_WINDOW_CENTRE = (640.0, 360.0)
_POINTER_AREA = ((330.0, 70.0), (950.0, 650.0))  # of the 1280 x 720 window: the inventory's panel


@dataclass(frozen=True)
class PlayStyle:
    """How one player differs from another.

    Attributes:
        stroke_ticks: Mean length of a mouse stroke in ticks.
        widest_turn: Degrees of the widest turns of the view.
        tremor: Deviation of the hand's tremor while the mouse moves, in counts per tick.
        rest: How long this player stands and does nothing, as a factor around 1.
        haste: How long its bouts of activity are, as a factor around 1.
    """

    stroke_ticks: float
    widest_turn: float
    tremor: float
    rest: float
    haste: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> PlayStyle:
        """Somebody."""
        return cls(
            stroke_ticks=rng.uniform(5.0, 9.0),
            widest_turn=rng.uniform(45.0, 80.0),
            tremor=rng.uniform(0.4, 1.2),
            rest=rng.uniform(0.9, 1.1),
            haste=rng.uniform(0.92, 1.08),
        )


def scripted_ticks(ticks: int, seed: int) -> RawTicks:
    """The raw input of `ticks` ticks of play, in the contractor format's terms; the same for the same seed.

    About a third of the ticks are null. In any 60 seconds each movement key, attack and use are held for
    more than 2 % of the ticks. The inventory opens and closes in the frame after its key; while it is open
    the mouse moves its pointer, and nothing else but its buttons is touched.
    """
    rng = np.random.default_rng([seed, 3])
    script = _Script(rng, PlayStyle.drawn(rng), ticks)
    script.rest(6, 10)
    while not script.full:
        activities = (
            script.walk,
            script.run,
            script.strafe,
            script.retreat,
            script.sneak,
            script.mine,
            script.build,
            script.look_around,
            script.change_slots,
            script.open_inventory,
        )
        for choice in rng.permutation(len(activities)):
            activities[choice]()
            script.rest(4, 14)
    return script.written()


class _Script:
    """Input written down tick by tick; what reaches beyond the end is dropped.

    Attributes:
        now: The tick that is written next.
    """

    def __init__(self, rng: np.random.Generator, style: PlayStyle, ticks: int) -> None:
        self._rng = rng
        self._style = style
        self._ticks = ticks
        # Activities overshoot the end by less than a round of them.
        self._raw = RawTicks.empty(ticks + 2000)
        self.now = 0
        self._pitch = _START_PITCH
        self._rest_of_count = np.zeros(2)
        self._pointer = np.array(_WINDOW_CENTRE)

    @property
    def full(self) -> bool:
        """Whether all ticks are written."""
        return self.now >= self._ticks

    def written(self) -> RawTicks:
        """The ticks, with what follows from them: which mouse buttons are newly pressed."""
        raw = self._raw.span(0, self._ticks)
        new = np.diff(raw.held.astype(np.int8), axis=0, prepend=np.zeros((1, raw.held.shape[1]), np.int8)) > 0
        raw.attack_pressed[:] = new[:, BUTTON_INDEX["attack"]]
        raw.only_attack_pressed[:] = raw.attack_pressed & ~new[:, BUTTON_INDEX["use"]]
        return raw

    def rest(self, shortest: int, longest: int) -> None:
        """Do nothing for a while; the hand on the mouse trembles now and then."""
        length = round(self._style.rest * self._rng.integers(shortest, longest + 1))
        for tick in self._rng.integers(self.now, self.now + length, length // 6):
            self._raw.motion[tick] += self._rng.integers(-1, 2, 2)
        self._pass(length)

    def walk(self) -> None:
        """Walk ahead, looking where to go, with a jump or two."""
        length = self._length(50, 70)
        self._hold("forward", 0, length)
        self._jump(length // 3)
        self._jump(2 * length // 3)
        if self._rng.random() < 0.5:
            self._hold(self._side(), length // 2, self._length(6, 10))
        self._wander(length)

    def run(self) -> None:
        """Sprint ahead, and jump on the way."""
        length = self._length(30, 44)
        self._hold("forward", 0, length)
        self._hold("sprint", 3, length - 4)
        self._jump(length // 3)
        self._jump(3 * length // 4)
        self._wander(length)

    def strafe(self) -> None:
        """Step aside and to the other side, sometimes going ahead, keeping an eye on something."""
        first = self._length(14, 20)
        second = self._length(14, 20)
        side = self._side()
        if self._rng.random() < 0.4:
            self._hold("forward", 2, first)
        self._hold(side, 0, first)
        self._hold("left" if side == "right" else "right", first + 3, second)
        if self._rng.random() < 0.5:
            self._jump(first // 2)
        self._stroke(2, *self._turn(12.0))
        self._pass(first + 3 + second)

    def retreat(self) -> None:
        """Step back."""
        length = self._length(16, 24)
        self._hold("back", 0, length)
        self._stroke(int(self._rng.integers(2, 8)), *self._turn(10.0))
        self._pass(length)

    def sneak(self) -> None:
        """Crouch, creep ahead, and stand up."""
        length = self._length(20, 30)
        self._hold("sneak", 0, length)
        self._hold("forward", length // 4, length // 2)
        self._stroke(4, *self._turn(20.0))
        self._pass(length)

    def mine(self) -> None:
        """Look at something and hit it for a while, and at another thing, sometimes walking up to it."""
        for _ in range(2):
            self._look(25.0)
            length = self._length(10, 22)
            self._hold("attack", 0, length)
            self._stroke(length // 2, *self._turn(6.0))
            if self._rng.random() < 0.4:
                self._hold("forward", length // 3, length // 2)
            self._pass(length + 3)

    def build(self) -> None:
        """Place a few things in different spots."""
        for _ in range(int(self._rng.integers(3, 6))):
            self._look(18.0)
            length = int(self._rng.integers(3, 7))
            self._hold("use", 0, length)
            self._pass(length + int(self._rng.integers(2, 5)))

    def look_around(self) -> None:
        """Turn here and there and stop in between."""
        for _ in range(int(self._rng.integers(2, 5))):
            self._look(self._style.widest_turn)
            self.rest(2, 8)

    def change_slots(self) -> None:
        """Choose slots by number keys and by the wheel; drop what is held, sometimes."""
        for _ in range(int(self._rng.integers(2, 4))):
            slot = int(self._raw.hotbar[self.now])
            if self._rng.random() < 0.6:
                slot = (slot + int(self._rng.integers(1, 9))) % 9
                self._hold(f"hotbar.{slot + 1}", 0, 1)
                self._select(slot)
                self._pass(1)
            else:
                step = int(self._rng.choice([-1, 1]))
                for _ in range(int(self._rng.integers(1, 4))):  # the wheel, notch by notch
                    slot = (slot + step) % 9
                    self._select(slot)
                    self._pass(int(self._rng.integers(1, 4)))
            self.rest(2, 5)
            if self._rng.random() < 0.5:
                self._hold("drop", 0, 1)
                self._pass(1)
                self.rest(3, 7)

    def open_inventory(self) -> None:
        """Open the inventory, point at things and click some, and close it."""
        self._hold("inventory", 0, 1)
        self._pass(1)
        self._pointer = np.array(_WINDOW_CENTRE)
        opened = self.now
        self._pass(int(self._rng.integers(3, 7)))
        for _ in range(int(self._rng.integers(2, 5))):
            goal = self._rng.uniform(*_POINTER_AREA)
            stroke = self._strokes((goal - self._pointer) / POINTER_UNITS_PER_COUNT)
            for motion in stroke:
                self._raw.motion[self.now] = motion
                self._pass(1)
                self._pointer = self._pointer + POINTER_UNITS_PER_COUNT * motion
                self._raw.pointer[self.now] = self._pointer
            self._pass(int(self._rng.integers(1, 4)))
            if self._rng.random() < 0.7:
                length = int(self._rng.integers(2, 4))
                self._hold("attack" if self._rng.random() < 0.8 else "use", 0, length)
                self._pass(length + 1)
        self._hold("inventory", 0, 1)
        self._pass(1)
        self._raw.gui_open[opened : self.now] = True
        self._raw.pointer[self.now :] = _WINDOW_CENTRE

    def _pass(self, ticks: int) -> None:
        """Go on by `ticks`; the pointer stays where it is."""
        self._raw.pointer[self.now : self.now + ticks + 1] = self._raw.pointer[self.now]
        self.now += ticks

    def _hold(self, button: str, start: int, length: int) -> None:
        """Hold `button` for `length` ticks from `start` ticks after now."""
        self._raw.held[self.now + start : self.now + start + length, BUTTON_INDEX[button]] = 1

    def _jump(self, start: int) -> None:
        self._hold("jump", start, int(self._rng.integers(3, 5)))

    def _select(self, slot: int) -> None:
        self._raw.hotbar[self.now :] = slot

    def _side(self) -> str:
        return str(self._rng.choice(["left", "right"]))

    def _length(self, shortest: int, longest: int) -> int:
        return round(self._style.haste * self._rng.integers(shortest, longest + 1))

    def _wander(self, length: int) -> None:
        """Pass `length` ticks with gentle turns."""
        start = int(self._rng.integers(0, 8))
        while start < length - 6:
            start += self._stroke(start, *self._turn(30.0)) + int(self._rng.integers(3, 14))
        self._pass(max(length, start))

    def _look(self, widest: float) -> None:
        """Turn the view by up to `widest` degrees and pass that time."""
        self._pass(self._stroke(0, *self._turn(widest)))

    def _turn(self, widest: float) -> tuple[float, float]:
        """Degrees of yaw and pitch by which to turn: any way, but back to where there is something to see."""
        yaw = float(self._rng.choice([-1, 1]) * self._rng.uniform(0.15, 1.0) * widest)
        goal = float(np.clip(self._pitch + self._rng.normal(0, widest / 3), -12, 32))
        return yaw, goal - self._pitch

    def _stroke(self, start: int, yaw: float, pitch: float) -> int:
        """Move the mouse from `start` ticks after now so that the view turns by these degrees.

        Returns:
            How many ticks it takes.
        """
        motion = self._strokes(np.array([yaw, pitch]) / DEGREES_PER_PIXEL)
        self._raw.motion[self.now + start : self.now + start + len(motion)] += motion
        self._pitch += DEGREES_PER_PIXEL * float(motion[:, 1].sum())
        return len(motion)

    def _strokes(self, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Whole mouse counts per tick [n, 2] that add up to about `counts` [2].

        A stroke has the minimum-jerk profile of human reaching (Flash and Hogan 1985), with a tremor.
        """
        length = max(3, round(self._rng.normal(self._style.stroke_ticks, 1.5) + np.hypot(*counts) / 150))
        time = np.linspace(0, 1, length + 1)
        covered = 10 * time**3 - 15 * time**4 + 6 * time**5
        speed = np.diff(covered)[:, None]
        trembling = self._rng.normal(0, self._style.tremor, (length, 2)) * np.sqrt(speed * length)
        path = np.cumsum(speed * counts + trembling, axis=0) + self._rest_of_count
        whole = np.round(path)
        self._rest_of_count = path[-1] - whole[-1]
        return np.diff(whole, axis=0, prepend=0.0)
