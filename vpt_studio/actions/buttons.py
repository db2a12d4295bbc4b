"""The buttons of the game, in the order every array of ours and of the released models uses."""

from __future__ import annotations

HOTBAR_BUTTONS = tuple(f"hotbar.{slot}" for slot in range(1, 10))

#: The 20 buttons a policy can press (order of the released models' factored heads).
BUTTONS: tuple[str, ...] = (
    "attack",
    "back",
    "forward",
    "jump",
    "left",
    "right",
    "sneak",
    "sprint",
    "use",
    "drop",
    "inventory",
    *HOTBAR_BUTTONS,
)

#: The policy's buttons followed by the three that only the environment knows.
ENVIRONMENT_BUTTONS: tuple[str, ...] = (*BUTTONS, "ESC", "pickItem", "swapHands")

#: The 24 keys of a MineRL v1 action dictionary, in its order.
ENVIRONMENT_KEYS: tuple[str, ...] = tuple(sorted((*ENVIRONMENT_BUTTONS, "camera")))

BUTTON_INDEX: dict[str, int] = {name: index for index, name in enumerate(ENVIRONMENT_BUTTONS)}

#: Keys of the contractor format (GLFW-style names) and the buttons they hold down.
KEY_TO_BUTTON: dict[str, str] = {
    "key.keyboard.w": "forward",
    "key.keyboard.s": "back",
    "key.keyboard.a": "left",
    "key.keyboard.d": "right",
    "key.keyboard.space": "jump",
    "key.keyboard.left.shift": "sneak",
    "key.keyboard.left.control": "sprint",
    "key.keyboard.e": "inventory",
    "key.keyboard.q": "drop",
    "key.keyboard.f": "swapHands",
    "key.keyboard.escape": "ESC",
    **{f"key.keyboard.{slot}": f"hotbar.{slot}" for slot in range(1, 10)},
}

BUTTON_TO_KEY: dict[str, str] = {button: key for key, button in KEY_TO_BUTTON.items()}

#: Mouse button numbers of the contractor format and the buttons they hold down.
MOUSE_TO_BUTTON: dict[int, str] = {0: "attack", 1: "use", 2: "pickItem"}

BUTTON_TO_MOUSE: dict[str, int] = {button: number for number, button in MOUSE_TO_BUTTON.items()}
