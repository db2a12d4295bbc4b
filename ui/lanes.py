"""What a timeline shows, as data: rows over the ticks of a recording. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ui.playback import TICK_RATE
from vpt_studio.actions import BUTTONS

Mask = npt.NDArray[np.bool_]
Spans = npt.NDArray[np.int64]

#: Buttons as people call them, and the key they press for them.
BUTTON_WORDS: dict[str, tuple[str, str]] = {
    "forward": ("Forward", "W"),
    "back": ("Back", "S"),
    "left": ("Left", "A"),
    "right": ("Right", "D"),
    "jump": ("Jump", "Space"),
    "sneak": ("Sneak", "Shift"),
    "sprint": ("Sprint", "Ctrl"),
    "attack": ("Attack", "Mouse L"),
    "use": ("Use", "Mouse R"),
    "drop": ("Drop", "Q"),
    "inventory": ("Inventory", "E"),
    **{f"hotbar.{slot}": (f"Slot {slot}", str(slot)) for slot in range(1, 10)},
}


@dataclass(frozen=True, eq=False)
class SpansLane:
    """Stretches in which something holds.

    Attributes:
        title: At its left.
        spans: int64 [n, 2], first tick and one past the last.
        token: Colour.
        key: A key cap's words, in hint colour behind the title.
        hatched: Drawn hatched, over all lanes: what is damaged or unknown.
    """

    title: str
    spans: Spans
    token: str = "grey"
    key: str = ""
    hatched: bool = False

    @property
    def summary(self) -> str:
        """The lane in a sentence, for screen readers."""
        ticks = int((self.spans[:, 1] - self.spans[:, 0]).sum())
        return f"{self.title}: {len(self.spans)} times, {ticks / TICK_RATE:.1f} s in all"


@dataclass(frozen=True, eq=False)
class CurveLane:
    """A quantity over the ticks.

    Attributes:
        title: At its left.
        values: float64 [N], 0..1 for the lane's height.
        token: Colour.
    """

    title: str
    values: npt.NDArray[np.float64]
    token: str = "yellow"

    @property
    def summary(self) -> str:
        """The lane in a sentence, for screen readers."""
        moved = float((self.values > 0).mean()) if len(self.values) else 0.0
        return f"{self.title}: above zero in {moved:.0%} of the ticks"


@dataclass(frozen=True, eq=False)
class MarksLane:
    """Single ticks.

    Attributes:
        title: At its left.
        ticks: int64 [n], rising.
        token: Colour.
    """

    title: str
    ticks: npt.NDArray[np.int64]
    token: str = "purple"

    @property
    def summary(self) -> str:
        """The lane in a sentence, for screen readers."""
        return f"{self.title}: {len(self.ticks)} ticks"


@dataclass(frozen=True)
class FilmLane:
    """Pictures along the time; who draws them brings them."""

    title: str = "Frames"

    @property
    def summary(self) -> str:
        """The lane in a sentence, for screen readers."""
        return f"{self.title}: pictures along the time"


Lane = SpansLane | CurveLane | MarksLane | FilmLane


@dataclass(frozen=True, eq=False)
class TickColumns:
    """What was done in N ticks, as the lanes and overlays need it.

    Attributes:
        buttons: bool [N, 20].
        camera: float64 [N, 2], degrees down and right.
        known: bool [N].
        screen_open: bool [N].
        hotbar: int [N], slot 0..8; -1 where it is not known.
        lines: The raw lines; empty for a video without actions.
    """

    buttons: Mask
    camera: npt.NDArray[np.float64]
    known: Mask
    screen_open: Mask
    hotbar: npt.NDArray[np.integer] = field(default_factory=lambda: np.empty(0, np.int8))
    lines: Sequence[bytes] = ()

    def __len__(self) -> int:
        return len(self.known)


def spans_of(mask: Mask) -> Spans:
    """The stretches in which `mask` holds, int64 [n, 2]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2).astype(np.int64)


def key_lane(columns: TickColumns, button: str) -> SpansLane:
    """When a button was held."""
    title, key = BUTTON_WORDS[button]
    return SpansLane(title, spans_of(columns.buttons[:, BUTTONS.index(button)]), key=key)


def mouse_lane(columns: TickColumns) -> CurveLane:
    """How fast the camera turned, on a scale that shows slow motion too."""
    speed = np.hypot(columns.camera[:, 0], columns.camera[:, 1])
    return CurveLane("Mouse speed", np.log1p(speed.clip(0, 60)) / np.log1p(60))


def recording_lanes(columns: TickColumns, buttons: Sequence[str]) -> list[Lane]:
    """The lanes of a recording: keys, mouse, screens, and what is not known."""
    lanes: list[Lane] = [key_lane(columns, button) for button in buttons]
    lanes.append(mouse_lane(columns))
    lanes.append(SpansLane("Screen open", spans_of(columns.screen_open), "vermillion"))
    if not columns.known.all():
        lanes.append(SpansLane("Not known", spans_of(~columns.known), "danger", hatched=True))
    return lanes


def held_buttons(columns: TickColumns) -> list[str]:
    """All buttons that were held at all, most held first."""
    held = columns.buttons.sum(axis=0)
    found = [name for name in BUTTON_WORDS if held[BUTTONS.index(name)] > 0]
    return sorted(found, key=lambda name: -held[BUTTONS.index(name)])


def most_used(columns: TickColumns, count: int) -> list[str]:
    """The buttons that were held most, in the order of :data:`BUTTON_WORDS`; others fill up."""
    held = held_buttons(columns)
    chosen = [*held, *(name for name in BUTTON_WORDS if name not in held)][:count]
    return [name for name in BUTTON_WORDS if name in chosen]


def more_keys(count: int) -> str:
    """So many keys more, in words."""
    return "1 more key" if count == 1 else f"{count} more keys"


def camera_in_words(pitch: float, yaw: float) -> str:
    """A turn in words: ``3.2° right, 1.6° down``."""
    parts = []
    if abs(yaw) >= 0.05:
        parts.append(f"{abs(yaw):.1f}° {'right' if yaw > 0 else 'left'}")
    if abs(pitch) >= 0.05:
        parts.append(f"{abs(pitch):.1f}° {'down' if pitch > 0 else 'up'}")
    return ", ".join(parts) or "still"
