"""Times, counts, sizes and whole sentences as a person says them, in commands and on the screen alike."""

from __future__ import annotations


def duration_words(seconds: float) -> str:
    """`seconds` as a person says it: ``42 s``, ``3 min 05 s``, ``1 h 12 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def count_words(count: int, noun: str) -> str:
    """`count` things as a person says it: ``1 recording``, ``12 recordings``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size_words(count: int) -> str:
    """`count` bytes in the unit that keeps it short: ``640 B``, ``4.8 MB``."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def with_capital(clause: str) -> str:
    """A clause with a capital at its begin, as a line of its own has it."""
    return clause[:1].upper() + clause[1:]


def sentence(clause: str) -> str:
    """A clause with a capital at its begin and one full stop at its end."""
    return f"{with_capital(clause).rstrip('.')}."
