"""From one tick of raw input to an action: the only place where this is decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vpt_studio.actions.action import Actions
from vpt_studio.actions.buttons import BUTTON_INDEX, HOTBAR_BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA, DEGREES_PER_PIXEL
from vpt_studio.actions.joint_space import null_in_policy_space
from vpt_studio.actions.raw_ticks import RawTicks

#: How much too small or large OpenAI's recorder wrote mouse motion while a screen was open, by version.
GUI_MOUSE_FACTORS: dict[tuple[int, int], float] = {
    (5, 7): 0.5,
    (5, 8): 0.5,
    (6, 7): 2.0,
    (6, 8): 2.0,
    (6, 9): 2.0,
}

_FIRST_SLOT = BUTTON_INDEX[HOTBAR_BUTTONS[0]]


@dataclass(frozen=True)
class Conversion:
    """Which rules turn raw input into actions. Two settings have names: EXACT and PUBLISHED.

    Attributes:
        truncate_camera: Cut angles to whole degrees toward zero (a defect of the published loader:
            motion below 7 counts vanishes).
        scale_gui_mouse: Undo the recorder's motion scale on ticks with a screen open, by version.
        escape_closes_gui: Escape while a screen is open counts as the inventory key, as in the
            original training (policies have no Escape).
        first_slot_is_known: The first tick's hot-bar slot is where the player starts. Otherwise slot 1
            is assumed, and a recording that starts elsewhere begins with a key press nobody made.
        null_in_policy_space: A tick is null when it holds none of the policy's buttons and its camera
            motion falls into the null bin (the paper's rule). Otherwise it is null when no known key,
            button or motion was recorded, and hot-bar changes by the wheel are lost with it (the
            published loader's rule).
    """

    truncate_camera: bool = False
    scale_gui_mouse: bool = True
    escape_closes_gui: bool = True
    first_slot_is_known: bool = True
    null_in_policy_space: bool = True


EXACT = Conversion()

#: Bit for bit what the published loader yields (OpenAI's repository, commit 095519f).
PUBLISHED = Conversion(
    truncate_camera=True,
    scale_gui_mouse=False,
    escape_closes_gui=False,
    first_slot_is_known=False,
    null_in_policy_space=False,
)

CONVERSIONS: dict[str, Conversion] = {"exact": EXACT, "published": PUBLISHED}


def played_buttons(held: frozenset[str], gui_open: bool) -> frozenset[str]:
    """The buttons that :data:`EXACT` makes of those held in one tick, for who plays while recording.

    Hot-bar slots that change without a key, as by the wheel, are not in here.
    """
    if gui_open and "ESC" in held:
        return held - {"ESC"} | {"inventory"}
    return held


@dataclass(frozen=True, eq=False)
class ConvertedTicks:
    """The actions of N ticks, and which of them count as doing nothing.

    Attributes:
        actions: One action per tick.
        null: bool [N]; training drops these ticks where the paper does.
    """

    actions: Actions
    null: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.null)


def convert_ticks(
    raw: RawTicks, conversion: Conversion = EXACT, *, recorder_version: tuple[int, int] | None = None
) -> ConvertedTicks:
    """Apply `conversion` to all ticks of one recording (not to a part of one: rules look back).

    Args:
        raw: The recording's raw input from its first tick on.
        conversion: The rules.
        recorder_version: Major and minor version of OpenAI's recorder, where known.
    """
    buttons = raw.held.copy()
    attack = BUTTON_INDEX["attack"]
    buttons[_stuck_attack(raw), attack] = 0
    no_input = np.logical_not(np.logical_or(buttons.any(axis=1), raw.motion.any(axis=1)))

    camera = raw.motion[:, ::-1] * DEGREES_PER_PIXEL  # dy turns pitch, dx turns yaw
    if conversion.scale_gui_mouse and recorder_version in GUI_MOUSE_FACTORS:
        camera[raw.gui_open] *= GUI_MOUSE_FACTORS[recorder_version]
    if conversion.truncate_camera:
        camera = np.trunc(camera)
    if conversion.escape_closes_gui:
        escape, inventory = BUTTON_INDEX["ESC"], BUTTON_INDEX["inventory"]
        closes = raw.gui_open & (buttons[:, escape] > 0)
        buttons[closes, escape] = 0
        buttons[closes, inventory] = 1
    _press_changed_slots(buttons, raw.hotbar, conversion)

    actions = Actions(buttons, camera)
    if conversion.null_in_policy_space:
        no_input = null_in_policy_space(actions.policy_buttons, DEFAULT_CAMERA.encode(camera))
    return ConvertedTicks(actions, no_input)


def _stuck_attack(raw: RawTicks) -> npt.NDArray[np.bool_]:
    """Ticks whose attack button was left down from before the recording began.

    The recorder shows this as a first tick whose only new button is attack; it ends with the first
    real press.
    """
    stuck = np.zeros(len(raw), dtype=bool)
    if len(raw) and raw.only_attack_pressed[0]:
        presses = np.flatnonzero(raw.attack_pressed[1:])
        stuck[: presses[0] + 1 if len(presses) else len(raw)] = True
    return stuck


def _press_changed_slots(
    buttons: npt.NDArray[np.uint8], hotbar: npt.NDArray[np.int8], conversion: Conversion
) -> None:
    """Press the number key of every slot that a tick newly shows, however it was chosen."""
    known = np.flatnonzero(hotbar >= 0)
    if not len(known):
        return
    slots = hotbar[known].astype(np.int64)
    start = slots[0] if conversion.first_slot_is_known else 0
    changed = np.diff(slots, prepend=start) != 0
    buttons[known[changed], _FIRST_SLOT + slots[changed]] = 1
