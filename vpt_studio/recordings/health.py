"""The verdict on a recording in one word."""

from __future__ import annotations

from enum import StrEnum


class Health(StrEnum):
    """How far a recording can be used."""

    UNCHECKED = "unchecked"
    HEALTHY = "healthy"
    FLAWED = "flawed"  # usable; part of it is not
    BROKEN = "broken"  # unusable as it is
