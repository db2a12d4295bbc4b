"""From what the devices said in a tick to the line that is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recorder.capture.screen_guess import ScreenGuess
from recorder.capture.tick_binning import BinnedTick
from recorder.desktop.window import CONTRACTOR_WINDOW, WindowPlace
from recorder.devices.events import InputEvent
from recorder.game_profiles import GameProfile
from vpt_studio.actions.camera import DEGREES_PER_PIXEL
from vpt_studio.recordings.tick_writing import TickInput


class DesktopTicks:
    """Makes the ticks of one take. It follows what the keys do to the hot-bar and to screens.

    The slot is only known once a number key was pressed; until then lines say that it is not, and the wheel
    changes nothing.
    """

    def __init__(self, profile: GameProfile) -> None:
        """Begin with a take of the game that `profile` describes."""
        self._profile = profile
        self._screen = ScreenGuess(hides_pointer=profile.hides_pointer)
        self._slot: int | None = None

    def tick(
        self,
        binned: BinnedTick,
        place: WindowPlace,
        pointer: tuple[int, int],
        pointer_is_shown: bool | None = None,
    ) -> tuple[TickInput, dict[str, Any]]:
        """The tick and the further fields of its line.

        Args:
            binned: What the devices said.
            place: Of the game's window when the frame was grabbed.
            pointer: Then, in pixels of the desktop.
            pointer_is_shown: Whether the pointer was to be seen then; None where the system does not tell.
        """
        profile = self._profile
        # A flick may carry the pointer out of a slow game's window, where the desktop shows it.
        is_open = self._screen.look(pointer, pointer_is_shown if place.holds(*pointer) else None)
        turned = binned.raw if profile.motion == "raw" else binned.accelerated
        if is_open:  # the mouse moves the pointer then: a count is a pixel, of a window that is as large
            width, height = CONTRACTOR_WINDOW
            moved = (turned[0] * width / place.width, turned[1] * height / place.height)
        else:
            per_count = (profile.degrees_per_count or DEGREES_PER_PIXEL) / DEGREES_PER_PIXEL
            moved = (turned[0] * per_count, turned[1] * per_count)
        pressed = [profile.buttons[code] for code in binned.pressed if code in profile.buttons]
        self._choose_slot(pressed, binned.wheel, is_open)
        self._screen.tell(pressed, binned.accelerated)
        tick = TickInput(
            frozenset(profile.buttons[code] for code in binned.held if code in profile.buttons),
            *moved,
            pointer=place.pointer_in(*pointer),
            gui_open=is_open,
            hotbar=self._slot,
            pressed=frozenset(pressed),
            wheel=binned.wheel,
        )
        return tick, self._further(binned, pressed)

    def _choose_slot(self, pressed: list[str], wheel: int, screen_open: bool) -> None:
        if screen_open:
            return
        for button in pressed:
            if button.startswith("hotbar."):
                self._slot = int(button.removeprefix("hotbar.")) - 1
        if self._slot is not None and self._profile.hotbar_slots:
            self._slot = (self._slot - wheel) % self._profile.hotbar_slots

    def _further(self, binned: BinnedTick, pressed: list[str]) -> dict[str, Any]:
        further: dict[str, Any] = {"grabbed_ns": binned.begin, "lasts_ns": binned.end - binned.begin}
        if pressed:
            further["pressed"] = pressed
        if binned.released:
            released = (self._profile.buttons.get(code) for code in binned.released)
            further["released"] = [button for button in released if button is not None]
        if binned.wheel:
            further["wheel"] = binned.wheel
        if binned.late:
            further["late_events"] = binned.late
        injected = sum(1 for event in binned.events if event.is_injected)
        if injected:
            further["injected_events"] = injected
        return further


def event_lines(events: tuple[InputEvent, ...]) -> Iterator[dict[str, Any]]:
    """Events as `events.jsonl` keeps them: without the fields that say nothing."""
    for event in events:
        line: dict[str, Any] = {"kind": event.kind, "at": event.at, "received": event.received}
        if event.kind == "motion":
            line |= {"dx": event.dx, "dy": event.dy}
            if event.accelerated is not None:
                line["accelerated"] = event.accelerated
        elif event.kind == "wheel":
            line["steps"] = event.steps
        else:
            line |= {"code": event.code, "is_down": event.is_down}
        line["device"] = event.device
        if event.is_injected is not None:
            line["is_injected"] = event.is_injected
        yield line
