"""All looks by name."""

from __future__ import annotations

from vpt_studio.demo_data.web.alterations import ALTERATIONS
from vpt_studio.demo_data.web.cards import CARDS
from vpt_studio.demo_data.web.computer_screens import SCREENS
from vpt_studio.demo_data.web.game_overlays import GAME_OVERLAYS
from vpt_studio.demo_data.web.look import Look, Role
from vpt_studio.demo_data.web.overlays import OVERLAYS

LOOKS: dict[str, Look] = {
    look.name: look for look in (*OVERLAYS, *GAME_OVERLAYS, *ALTERATIONS, *CARDS, *SCREENS)
}


def names(role: Role, *, held_back: bool) -> tuple[str, ...]:
    """Names of the looks of `role` that are held back, or of those that are not."""
    return tuple(name for name, look in LOOKS.items() if look.role is role and look.held_back is held_back)
