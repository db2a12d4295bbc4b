"""The pages of the window: their order, names and icons, and where each lives.

A page is loaded at its first visit. To add one, write its class (see
`docs/architecture.md`) and add a line here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageEntry:
    """A page as the shell knows it before it is loaded.

    Attributes:
        id: Short name; actions and ``Studio.go`` use it.
        title: On the rail and in the palette.
        icon: Phosphor name.
        place: ``module:Class``.
        roles: Who has it on the rail; empty for everybody.
        shown_as: The page whose rail button is lit, for pages that are reached from another one.
        needs_project: Without an open project the shell shows how to open one instead.
    """

    id: str
    title: str
    icon: str
    place: str
    roles: tuple[str, ...] = ()
    shown_as: str = ""
    needs_project: bool = True


PAGES = (
    PageEntry("home", "Home", "house", "ui.pages.home:HomePage", needs_project=False),
    PageEntry("record", "Record", "record", "ui.pages.record:RecordPage", roles=("contractor", "researcher")),
    PageEntry("library", "Library", "film-strip", "ui.pages.library:LibraryPage"),
    PageEntry("train", "Train", "brain", "ui.pages.train:TrainPage", roles=("researcher",)),
    PageEntry("settings", "Settings", "gear", "ui.pages.settings:SettingsPage", needs_project=False),
    PageEntry("player", "Player", "play", "ui.pages.player:PlayerPage", shown_as="library"),
    PageEntry("run", "Run", "chart-line", "ui.pages.run:RunPage", shown_as="train"),
)
BY_ID = {entry.id: entry for entry in PAGES}
