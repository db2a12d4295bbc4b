"""Keeps the keys that buttons show those that their actions have."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.shell.key_sheet import key_in_words
from ui.user_actions import UserActions
from ui.widgets.buttons import KeyButton


class ButtonKeys:
    """Knows the action of a button by the key that the button was made with, which is the action's own."""

    def __init__(self, actions: UserActions) -> None:
        self._actions = actions
        self._buttons: list[tuple[KeyButton, str, str]] = []
        actions.on_change(self._show)

    def follow(self, page_id: str, page: QWidget) -> None:
        """Let the buttons of a page that was just built show its actions' keys."""
        actions = self._actions.on_page(page_id)
        for button in page.findChildren(KeyButton):
            for action in actions:
                if button.key in map(key_in_words, self._actions.own_keys(action.id)):
                    self._buttons.append((button, button.key, action.id))
                    break
        self._show()

    def _show(self) -> None:
        for button, own, action_id in self._buttons:
            keys = self._actions[action_id].keys
            is_own = keys == self._actions.own_keys(action_id)
            button.show_key(own if is_own else key_in_words(keys[0]) if keys else "")
