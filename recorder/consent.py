"""What a person agrees to before their play is recorded; each take keeps the words that were agreed to."""

from __future__ import annotations

from typing import Any

#: Goes up with every change of the text.
VERSION = 2

TEXT = (
    "While you record, VPT Studio keeps the picture of the game's window, twenty times a second, and what"
    " your keyboard and mouse do in the game. It keeps nothing while another window is in front, while the"
    " chat is open, while you pause, or after a minute without input: only that there was a gap, and why. Of"
    " your keys it keeps those that the game's profile names, and no other; of your devices, what they call"
    " themselves. There is no sound and no camera. All of it stays on this computer until you hand it in"
    " yourself. You can delete the last minutes at any time, or the whole take."
)


def consent_note(version: int) -> dict[str, Any]:
    """What a take keeps of it.

    Raises:
        ValueError: These are not the words that a person agreed to when they agreed to `version`.
    """
    if version != VERSION:
        raise ValueError(f"the words have changed since version {version}: ask again")
    return {"version": VERSION, "text": TEXT}
