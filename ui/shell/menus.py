"""The menu bar, from the registry of actions; shown while Alt was pressed, and always on macOS."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from ui.icons import icon
from ui.user_actions import UserAction, UserActions

_ROLES = {"studio.quit": QAction.MenuRole.QuitRole, "page.settings": QAction.MenuRole.PreferencesRole}


def fill_menu_bar(bar: QMenuBar, actions: UserActions) -> None:
    """Put a menu per group into `bar`; each is filled when it is opened, so that it is never stale."""
    for group in ("Project", "Edit", "View", "Pages", "Help"):
        menu = bar.addMenu(group)
        menu.aboutToShow.connect(lambda menu=menu, group=group: _fill(menu, actions, group))
        _fill(menu, actions, group)


def _fill(menu: QMenu, actions: UserActions, group: str) -> None:
    menu.clear()
    for action in actions:
        if action.group == group and action.in_menu:
            menu.addAction(_entry(menu, action))


def _entry(menu: QMenu, action: UserAction) -> QAction:
    made = QAction(icon(action.icon) if action.icon else icon("caret-right"), action.title, menu)
    made.setMenuRole(_ROLES.get(action.id, QAction.MenuRole.NoRole))
    why_not = action.why_not()
    made.setEnabled(why_not is None)
    made.setToolTip(why_not or "")
    if action.keys:  # shown, not bound: the shortcuts of the page do that
        key = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
        made.setText(f"{action.title}\t{key}")
    made.triggered.connect(lambda _checked=False: action.run())
    return made
