"""Everything a person can do, in one registry: menus, keys, the palette and the key sheet come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

EVERYWHERE = "everywhere"


WhyNot = Callable[[], str | None]


def always_can() -> str | None:
    """For what can be done at any time."""
    return None


@dataclass(frozen=True)
class UserAction:
    """One thing that can be done.

    Attributes:
        id: ``page.verb``, stable: settings name keys by it.
        title: What it does, as a verb in sentence case (``Import files``).
        run: Does it.
        keys: Key sequences as Qt writes them (``Ctrl+K``, ``Space``); the first is shown at buttons.
        page: The page on which its keys act, or ``EVERYWHERE``.
        group: Heading in menus and on the key sheet.
        icon: Phosphor name.
        why_not: Says why it cannot be done now; None while it can.
        in_menu: Whether it stands in the menu bar and the palette; stepping keys do not.
    """

    id: str
    title: str
    run: Callable[[], object] = field(compare=False)
    keys: tuple[str, ...] = ()
    page: str = EVERYWHERE
    group: str = "General"
    icon: str = ""
    why_not: WhyNot = field(default=always_can, compare=False)
    in_menu: bool = True


class KeyClashError(ValueError):
    """Two actions that can act at the same time would share a key."""


class UserActions:
    """The registry. Knows no Qt; a view binds keys for the page that is shown.

    Attributes:
        changed: Called after any change; the shell re-reads the registry then.
    """

    def __init__(self, chosen_keys: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._actions: dict[str, UserAction] = {}
        self._declared: set[str] = set()
        self._own_keys: dict[str, tuple[str, ...]] = {}
        self._chosen = dict(chosen_keys or {})
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever actions or keys change."""
        self._listeners.append(listener)

    def add(self, actions: Iterable[UserAction]) -> None:
        """Add actions; keys that a person chose take the place of their own, and are lost to others.

        Raises:
            KeyClashError: A key is taken on the same page.
            ValueError: The id is taken.
        """
        for action in actions:
            if action.id in self._actions and action.id not in self._declared:
                raise ValueError(f"there is an action {action.id} already")
            self._declared.discard(action.id)
            self._put(action)
        self._tell()

    def declare(self, actions: Iterable[UserAction]) -> None:
        """Let actions be known that :meth:`add` brings later, so that they are found and can get other keys.

        Those that are here already are passed over.

        Raises:
            KeyClashError: As for :meth:`add`.
        """
        for action in actions:
            if action.id not in self._actions:
                self._put(action)
                self._declared.add(action.id)
        self._tell()

    def is_declared(self, action_id: str) -> bool:
        """Whether the action is only declared so far."""
        return action_id in self._declared

    def _put(self, action: UserAction) -> None:
        chosen = self._chosen.get(action.id)
        self._own_keys[action.id] = action.keys
        self._actions[action.id] = (
            self._with_own_keys(action) if chosen is None else replace(action, keys=chosen)
        )

    def _with_own_keys(self, action: UserAction) -> UserAction:
        free = []
        for key in action.keys:
            other = self.holder(key, action.page, besides=action.id)
            if other is None:
                free.append(key)
            elif other.id not in self._chosen:
                raise KeyClashError(f"{key} of {action.id} is taken by {other.id}")
        return replace(action, keys=tuple(free))

    def __iter__(self) -> Iterator[UserAction]:
        return iter(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> UserAction:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def on_page(self, page: str) -> list[UserAction]:
        """What can be done while `page` is shown, its own first."""
        own = [action for action in self if action.page == page]
        return own + [action for action in self if action.page == EVERYWHERE]

    def holder(self, key: str, page: str, *, besides: str = "") -> UserAction | None:
        """The action that `key` would start on `page` already."""
        for action in self:
            shares_page = EVERYWHERE in (page, action.page) or page == action.page
            if shares_page and action.id != besides and key.lower() in map(str.lower, action.keys):
                return action
        return None

    def choose_keys(self, action_id: str, keys: tuple[str, ...]) -> None:
        """Give an action other keys.

        Raises:
            KeyClashError: One of them is taken; the message names the holder.
        """
        action = self._actions[action_id]
        for key in keys:
            other = self.holder(key, action.page, besides=action_id)
            if other is not None:
                raise KeyClashError(f"{key} is the key for “{other.title}”")
        self._actions[action_id] = replace(action, keys=keys)
        self._chosen[action_id] = keys
        self._tell()

    def own_keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action as long as nobody chooses others."""
        return self._own_keys[action_id]

    def reset_keys(self, action_id: str) -> None:
        """Give an action its own keys back, without those that another one got meanwhile."""
        self._chosen.pop(action_id, None)
        action = replace(self._actions[action_id], keys=self._own_keys[action_id])
        free = tuple(key for key in action.keys if self.holder(key, action.page, besides=action_id) is None)
        self._actions[action_id] = replace(action, keys=free)
        self._tell()

    def found(self, words: str, page: str) -> list[UserAction]:
        """Actions whose title or group holds all `words`: earlier matches first, then those of `page`."""
        wanted = words.lower().split()
        hits: list[tuple[int, int, UserAction]] = []
        for order, action in enumerate(self):
            text = f"{action.title} {action.group}".lower()
            if action.in_menu and all(word in text for word in wanted):
                at = action.title.lower().find(wanted[0]) if wanted else 0
                nearness = 0 if action.page == page else 1 if action.page == EVERYWHERE else 2
                rank = (0 if at == 0 else 1 if at > 0 else 2) * 3 + nearness
                hits.append((rank, order, action))
        return [action for _, _, action in sorted(hits, key=lambda hit: hit[:2])]

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
