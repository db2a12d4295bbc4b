"""Recordings in words and chips: length, source and health as every page shows them."""

from __future__ import annotations

from datetime import datetime

from ui.play_words import clock
from ui.playback import TICK_RATE
from ui.widgets.chips import Chip
from vpt_studio.project.recording_row import RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

SOURCE_CHIPS = {
    Source.HUMAN: Chip("Human", "user", "text_secondary", plain=True, mark="orange"),
    Source.SCRIPT: Chip("Script", "code", "text_secondary", plain=True, mark="grey"),
    Source.AGENT: Chip("Agent", "robot", "text_secondary", plain=True, mark="sky"),
    Source.IDM: Chip("IDM", "magic-wand", "text_secondary", plain=True, mark="purple"),
    Source.UNKNOWN: Chip("Unknown", "question", "text_secondary", plain=True),
}

_HEALTH = {
    Health.HEALTHY: ("check-circle", "ok"),
    Health.FLAWED: ("warning", "warn"),
    Health.BROKEN: ("warning-circle", "danger"),
    Health.UNCHECKED: ("circle-dashed", "text_secondary"),
}
HEALTH_TITLES = {
    Health.HEALTHY: "Healthy",
    Health.FLAWED: "Flawed",
    Health.BROKEN: "Broken",
    Health.UNCHECKED: "Not checked",
}


def health_chip(row: RecordingRow) -> Chip:
    """The validator's verdict: its main reason where there is one."""
    icon, token = _HEALTH[row.health]
    return Chip(row.health_reason or HEALTH_TITLES[row.health], icon, token)


def length_in_words(ticks: int) -> str:
    """Length of a recording as a clock: ``1:30``, ``1:02:03``."""
    return clock(ticks / TICK_RATE)


def total_in_words(ticks: int) -> str:
    """Length of many recordings: ``14.2 h``, ``7.8 min``."""
    minutes = ticks / TICK_RATE / 60
    return f"{minutes / 60:.1f} h" if minutes >= 60 else f"{minutes:.1f} min"


def day_in_words(moment: datetime | None) -> str:
    """A day, as near as people call it."""
    if moment is None:
        return ""
    local, today = moment.astimezone(), datetime.now().astimezone()
    if local.date() == today.date():
        return f"Today {local:%H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%b}"
    return f"{local.day} {local:%b %Y}"
