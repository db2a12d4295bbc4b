"""What every page is: a header, a body, and an inspector at the right that can be folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ui.look import look
from ui.studio import Studio
from ui.user_actions import UserAction
from ui.widgets.buttons import icon_button
from ui.widgets.labels import eliding, words

MARGIN = 16
GAP = 12
INSPECTOR_WIDTH = 316
WIDE_INSPECTOR_WIDTH = 420
WIDE_WINDOW = 1800
NARROW_WINDOW = 1280


class PageHeader(QWidget):
    """56 pixels: back arrow, one title, chips and a line of facts; at the right what the page can do.

    Attributes:
        chips: Layout behind the title.
        tools: Layout at the right, before the primary button.
    """

    def __init__(self, studio: Studio, title: str, *, back: bool = False) -> None:
        super().__init__()
        self.setFixedHeight(56)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN + 4, 0, MARGIN, 0)
        layout.setSpacing(8)
        self.back = icon_button("arrow-left", "Back (Esc)", studio.back_wanted.emit)
        self.back.setVisible(back)
        layout.addWidget(self.back)
        self.title = words(title, "title", weight=600)
        self.title.setMaximumWidth(420)
        layout.addWidget(self.title)
        self.chips = QHBoxLayout()
        self.chips.setSpacing(6)
        layout.addLayout(self.chips)
        self.subtitle = eliding("", colour="text_secondary")
        layout.addWidget(self.subtitle, 1)
        actions = studio.session.actions
        find = icon_button("magnifying-glass", "Search or run any command (Ctrl+K)")
        find.clicked.connect(lambda: actions["studio.palette"].run())
        bell = icon_button("bell", "What was told")
        bell.clicked.connect(lambda: actions["studio.notices"].run())
        layout.addWidget(find)
        layout.addWidget(bell)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        layout.addLayout(self.tools)


class Page(QWidget):
    """One page of the window.

    A page shows what its model (a class without Qt) says, asks the project through ``studio.desk`` and runs
    other work through ``studio.background``. Subclasses fill `body` and may call :meth:`use_inspector`.

    Attributes:
        id: The page's id in ``ui.pages.PAGES``.
        studio: What the shell offers.
        header: The line at the top.
        body: Layout of the content.
    """

    id = ""

    def __init__(self, studio: Studio, title: str, *, back: bool = False) -> None:
        super().__init__()
        self.studio = studio
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.header = PageHeader(studio, title, back=back)
        outer.addWidget(self.header)
        self._across = QHBoxLayout()
        self._across.setContentsMargins(MARGIN, 2, MARGIN, GAP)
        self._across.setSpacing(GAP)
        outer.addLayout(self._across, 1)
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(GAP)
        self._across.addWidget(content, 1)
        self.inspector: QWidget | None = None
        #: Whether a person asked for it, or against it; None leaves it to the window's width.
        self._inspector_wanted: bool | None = None

    def user_actions(self) -> Iterable[UserAction]:
        """What can be done on this page.

        Asked before the page is built, too, of a stand-in for `self`: it may name methods, not call them.
        """
        return ()

    def enter(self, where: Mapping[str, Any]) -> None:
        """The page is about to be shown; `where` is what :meth:`Studio.go` was given."""

    def leave(self) -> None:
        """Another page is shown now."""

    def end(self) -> None:
        """The window is closed: let go of threads and files."""

    def back_instead(self) -> bool:
        """Esc was pressed: close something of the page's own and return True, or False to go back."""
        return False

    def use_inspector(self, inspector: QWidget) -> None:
        """Show `inspector` at the right; over the content where a narrow window is asked for it."""
        self.inspector = inspector
        inspector.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if not inspector.property("role"):
            inspector.setProperty("ground", "page")
        self._across.addWidget(inspector)
        self._fit_inspector()

    def toggle_inspector(self) -> None:
        """Fold the inspector away, or show it again; remembered until the window is closed."""
        if self.inspector is None:
            return
        wanted = self.inspector.isHidden()
        self._inspector_wanted = None if wanted == self._has_room else wanted
        self._fit_inspector()

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Fit the inspector to the window's width."""
        super().resizeEvent(event)
        self._fit_inspector()

    @property
    def _has_room(self) -> bool:
        return self.window().width() >= look().pixels(NARROW_WINDOW)

    def _fit_inspector(self) -> None:
        if self.inspector is None:
            return
        is_wide = self.window().width() >= WIDE_WINDOW
        width = WIDE_INSPECTOR_WIDTH if is_wide else INSPECTOR_WIDTH
        self.inspector.setFixedWidth(width)
        wanted = self._inspector_wanted
        floats = bool(wanted) and not self._has_room
        if floats:
            self._across.removeWidget(self.inspector)
            top = self.header.height() + 2
            left = self.width() - MARGIN - width
            self.inspector.setGeometry(left, top, width, self.height() - top - GAP)
            self.inspector.raise_()
        elif self._across.indexOf(self.inspector) < 0:
            self._across.addWidget(self.inspector)
        self.inspector.setVisible(self._has_room if wanted is None else wanted)


class Switched(QWidget):
    """Shows one of several contents: the content, or what stands for it while it is empty or loading."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = QStackedLayout(self)

    def add(self, content: QWidget) -> QWidget:
        """Add a content; the first one is shown."""
        self._stack.addWidget(content)
        return content

    def show_content(self, content: QWidget) -> None:
        """Show one of the contents."""
        self._stack.setCurrentWidget(content)


def waiting(text: str) -> QWidget:
    """What stands for a content that is on its way."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    label = words(text, colour="text_hint")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addWidget(label)
    return holder
