"""Who acted in a recording."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Who pressed the keys."""

    HUMAN = "human"
    SCRIPT = "script"
    AGENT = "agent"
    IDM = "idm"
    UNKNOWN = "unknown"
