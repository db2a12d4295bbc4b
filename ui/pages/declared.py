"""What pages can do, known before they are built: for the palette, and for the list of keys."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ui.pages import PAGES, PageEntry

if TYPE_CHECKING:
    from ui.pages.page import Page
    from ui.user_actions import UserAction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Declared:
    """The actions of a page that need not be built yet; they cannot be run.

    Attributes:
        entry: The page.
        actions: Theirs are ids, titles, keys and icons only.
    """

    entry: PageEntry
    actions: tuple[UserAction, ...]


class _NotBuilt:
    """Stands for a page that is only asked how its actions are called: each attribute can be called."""

    def __getattr__(self, _name: str) -> Any:
        return self

    def __call__(self, *_arguments: object, **_named: object) -> Any:
        return self


def page_class(entry: PageEntry) -> type[Page]:
    """The class of a page; imports its module."""
    module, _, name = entry.place.partition(":")
    return cast("type[Page]", getattr(importlib.import_module(module), name))


def declared_actions() -> list[Declared]:
    """What all pages declare; not for the GUI thread, as it imports them.

    A page that cannot be asked is left out: its actions are known from its first visit on.
    """
    found = []
    for entry in PAGES:
        try:
            actions = tuple(page_class(entry).user_actions(cast("Page", _NotBuilt())))
        except Exception:
            logger.exception("the actions of %s are not known before its first visit", entry.id)
            continue
        found.append(Declared(entry, actions))
    return found
