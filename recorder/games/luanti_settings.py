"""Luanti's settings as recordings need them, in a file that is ours: a person's own are never touched."""

from __future__ import annotations

from pathlib import Path

from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

#: How far the view turns by one count of the mouse, as Minecraft does at the middle of its scale.
DEGREES_PER_COUNT = 0.15

# Luanti 5.6 to 5.x all read these names of keys. Those without a key would change what the profile
# cannot see (camera, zoom, speed), or are the recorder's own: F8, F9 and F10.
_KEYS = {
    "forward": "KEY_KEY_W",
    "backward": "KEY_KEY_S",
    "left": "KEY_KEY_A",
    "right": "KEY_KEY_D",
    "jump": "KEY_SPACE",
    "sneak": "KEY_LSHIFT",
    "aux1": "KEY_KEY_E",
    "inventory": "KEY_KEY_I",
    "drop": "KEY_KEY_Q",
    "dig": "KEY_LBUTTON",
    "place": "KEY_RBUTTON",
    "chat": "KEY_KEY_T",
    "cmd": "/",
    **{f"slot{number}": f"KEY_KEY_{number}" for number in range(1, 9)},
}
_NO_KEYS = (
    *(f"slot{number}" for number in range(9, 33)),
    *("autoforward", "camera_mode", "cinematic", "cmd_local", "console", "decrease_viewing_range_min"),
    *("decrease_volume", "fastmove", "freemove", "hotbar_next", "hotbar_previous", "increase_volume"),
    *("increase_viewing_range_min", "minimap", "mute", "noclip", "pitchmove", "rangeselect", "screenshot"),
    *("toggle_block_bounds", "toggle_chat", "toggle_debug", "toggle_force_fog_off", "toggle_hud"),
    *("toggle_profiler", "toggle_update_camera", "zoom"),
)
_KEPT = {
    **{f"keymap_{name}": key for name, key in _KEYS.items()},
    **{f"keymap_{name}": "" for name in _NO_KEYS},
    "mouse_sensitivity": f"{DEGREES_PER_COUNT}",
    "invert_mouse": "false",
    "fov": "72",  # the sensitivity is in degrees a count at this one alone
    "cinematic": "false",  # it would smooth the camera
    "fps_max": "30",  # a free-running game takes a whole core, and the recorder's pictures come late
    "fps_max_unfocused": "30",
    "vsync": "false",
    "pause_on_lost_focus": "false",
    "doubletap_jump": "false",
    "autojump": "false",
    "safe_dig_and_place": "false",
    "autosave_screensize": "false",
    "serverlist_url": "",
    "mg_name": "v7",
}
#: What a person may set otherwise in the game.
_FIRST = {"viewing_range": "100", "enable_clouds": "true"}


def settings(size: tuple[int, int], *, full_screen: bool, seed: int | None) -> dict[str, str]:
    """What every start sets, whatever was changed in the game.

    Args:
        size: Of the window, [width, height] in pixels.
        full_screen: The whole screen instead.
        seed: Of worlds that are new; None leaves it to chance.
    """
    width, height = size
    small = height < 600  # the hot-bar would cover half of the picture
    return {
        **_KEPT,
        "screen_w": str(width),
        "screen_h": str(height),
        "fullscreen": str(full_screen).lower(),
        "hud_scaling": "0.5" if small else "1",
        "fixed_map_seed": "" if seed is None else str(seed),
    }


def write_settings(path: Path, needed: dict[str, str]) -> None:
    """Write the game's settings: those `needed`, and those that were changed in the game before.

    Raises:
        StudioError: The file there is no text.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise StudioError("these settings of the game are no text", where=path, mend="Delete it") from error
    changed = dict(_FIRST)
    for line in before.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            changed[name.strip()] = value.strip()
    lines = [f"{name} = {value}\n" for name, value in sorted({**changed, **needed}.items())]
    write_atomically(path, "".join(lines).encode())
