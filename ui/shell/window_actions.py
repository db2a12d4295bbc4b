"""The actions that belong to no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.look import look
from ui.pages import PageEntry
from ui.studio import Studio
from ui.user_actions import UserAction
from ui.widgets.asking import ask_folder, ask_new_folder


@dataclass(frozen=True)
class WindowDoors:
    """What the window itself does.

    Attributes:
        palette: Opens the palette.
        keys: Opens the list of keys.
        notices: Opens the list of what was told.
        inspector: Shows or hides the inspector.
        area: Goes to the next area.
        back: Goes back, or closes something.
        close: Closes the window.
    """

    palette: Callable[[], object]
    keys: Callable[[], object]
    notices: Callable[[], object]
    inspector: Callable[[], object]
    area: Callable[[], object]
    back: Callable[[], object]
    close: Callable[[], object]


def page_actions(studio: Studio, entries: Sequence[PageEntry]) -> list[UserAction]:
    """Going to each page, by its place on the rail."""
    return [
        UserAction(
            f"page.{entry.id}",
            f"Go to {entry.title}",
            partial(studio.go, entry.id),
            (f"Ctrl+{number}",) if entry.id != "settings" else ("Ctrl+,",),
            group="Pages",
            icon=entry.icon,
        )
        for number, entry in enumerate(entries, start=1)
    ]


def general_actions(studio: Studio, window: QWidget, doors: WindowDoors) -> list[UserAction]:
    """Everything else; questions stand over `window`."""
    return [
        UserAction(
            "studio.palette",
            "Search or run any command",
            doors.palette,
            ("Ctrl+K",),
            icon="magnifying-glass",
            in_menu=False,
        ),
        UserAction("studio.keys", "Keys of this page", doors.keys, ("?",), group="Help", icon="keyboard"),
        UserAction(
            "studio.guide", "Guide", partial(_open_guide, studio), ("F1",), group="Help", icon="book-open"
        ),
        UserAction("studio.notices", "What was told", doors.notices, group="Help", icon="bell"),
        UserAction(
            "studio.open",
            "Open project",
            partial(_choose_project, studio, window),
            ("Ctrl+O",),
            group="Project",
            icon="folder-open",
        ),
        UserAction(
            "studio.new",
            "New project",
            partial(_choose_new_project, studio, window),
            ("Ctrl+N",),
            group="Project",
            icon="plus",
        ),
        UserAction("studio.quit", "Quit", doors.close, ("Ctrl+Q",), group="Project", icon="sign-out"),
        *_undo_actions(studio),
        UserAction(
            "studio.inspector",
            "Show or hide the inspector",
            doors.inspector,
            ("Ctrl+I",),
            group="View",
            icon="columns",
        ),
        UserAction(
            "studio.theme",
            "Switch between dark and light",
            partial(_switch_theme, studio),
            ("Ctrl+Shift+L",),
            group="View",
            icon="moon",
        ),
        UserAction(
            "studio.area", "Next area of the window", doors.area, ("F6",), group="View", in_menu=False
        ),
        UserAction("studio.back", "Back", doors.back, ("Esc",), group="View", in_menu=False),
    ]


def _undo_actions(studio: Studio) -> list[UserAction]:
    undo = studio.session.undo
    return [
        UserAction(
            "studio.undo",
            "Undo",
            studio.undo,
            ("Ctrl+Z",),
            group="Edit",
            icon="arrow-u-up-left",
            why_not=lambda: None if undo.next_undo else "There is nothing to undo.",
        ),
        UserAction(
            "studio.redo",
            "Redo",
            studio.redo,
            ("Ctrl+Shift+Z",),
            group="Edit",
            icon="arrow-u-up-right",
            why_not=lambda: None if undo.next_redo else "There is nothing to do again.",
        ),
    ]


def _open_guide(studio: Studio) -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "guide_window.md"
    if not guide.exists():
        studio.session.notices.tell("The guides are in the folder docs of the sources.")
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(guide))):
        studio.session.notices.tell(f"Nothing here opens such files. The guide is {guide}.")


def _choose_project(studio: Studio, window: QWidget) -> None:
    ask_folder(window, "Open project", lambda folder: studio.open_project(folder, then="library"))


def _choose_new_project(studio: Studio, window: QWidget) -> None:
    ask_new_folder(
        window,
        "Name the folder of the new project",
        "New project",
        lambda folder: studio.make_project(folder, folder.name, then="library"),
    )


def _switch_theme(studio: Studio) -> None:
    other = "light" if look().tokens.name == "dark" else "dark"
    studio.session.settings.change("look", theme=other)
