"""What a person agreed to before their play is recorded, and whether they have to be asked. Knows no Qt."""

from __future__ import annotations

from datetime import date

from recorder.consent import TEXT, VERSION
from ui.settings import Privacy, SettingsStore


def consent_lines() -> list[str]:
    """The words as they are now, a sentence each."""
    return [f"{sentence.rstrip('.')}." for sentence in TEXT.split(". ")]


def has_agreed(privacy: Privacy) -> bool:
    """Whether the words as they are now were agreed to."""
    return privacy.consent == VERSION


def agree(store: SettingsStore, today: date) -> None:
    """Remember that the words as they are now were agreed to."""
    store.change("privacy", consent=VERSION, agreed_at=today.isoformat())


def withdraw(store: SettingsStore) -> None:
    """Forget it: the next recording asks again."""
    store.change("privacy", consent=0, agreed_at="")


def agreement_in_words(privacy: Privacy) -> str:
    """One line: ``Consent version 1, agreed 26 Nov 2026``."""
    if not has_agreed(privacy):
        return f"Consent version {VERSION}, not agreed to yet"
    try:
        day = date.fromisoformat(privacy.agreed_at)
    except ValueError:  # a file that somebody edited
        return f"Consent version {VERSION}, agreed"
    return f"Consent version {VERSION}, agreed {day.day} {day:%b %Y}"
