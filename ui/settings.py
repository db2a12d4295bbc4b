"""The person's settings: what can be set, what was set, and the file that remembers it. Knows no Qt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import field, fields, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs

from training.configs import load_config, setting, settings
from ui.settings_file import Edit, Tree, UnreadableFileError, edit_file, read_tree
from vpt_studio.errors import StudioError

Role = Literal["contractor", "annotator", "researcher"]
APPLICATION = "vpt-studio"
RECENT = 12
_DEFAULT: Any = object()
logger = logging.getLogger(__name__)


@settings
class General:
    """Who sits here, and how the window starts."""

    role: Annotated[
        Literal["unset", "contractor", "annotator", "researcher"],
        setting("What you do here; it decides which pages the rail shows"),
    ] = "unset"
    reopen_project: Annotated[bool, setting("Open the last project when the window starts")] = True


@settings
class Looks:
    """Colours, size and movement."""

    theme: Annotated[Literal["system", "dark", "light"], setting("Colours of the window")] = "system"
    text_percent: Annotated[int, setting("Size of all text", unit="%", ge=90, le=150)] = 100
    reduce_motion: Annotated[
        bool, setting("Show notices and menus at once instead of sliding and fading")
    ] = False


@settings
class PlayerSettings:
    """How recordings are shown."""

    key_opacity_percent: Annotated[
        int, setting("How solid overlays on the picture are", unit="%", ge=30, le=100)
    ] = 100
    loop: Annotated[bool, setting("Begin again at the end")] = False


@settings
class RecordingSettings:
    """What takes carry, and where they are played."""

    person: Annotated[str, setting("Name that your takes carry, no real one; empty leaves them without")] = ""
    preset: Annotated[Literal["survival", "brisk"], setting("Kind of world that Record offers")] = "survival"
    seed: Annotated[int, setting("Which world Record offers", ge=0, le=2**63 - 1)] = 0
    task_list: Annotated[
        str, setting("Tasks that Record offers: a list's name or its file; empty for no list")
    ] = "built_in_world"
    hand_in_folder: Annotated[
        str, setting("Folder that takes are handed in to; empty asks for it when the first one is")
    ] = ""
    countdown_seconds: Annotated[
        int, setting("Before a game on the desktop is recorded", unit="seconds", ge=0, le=10)
    ] = 3


@settings
class Privacy:
    """What the person agreed to."""

    consent: Annotated[
        int, setting("Version of the words about recording that were agreed to; 0 before that", ge=0)
    ] = 0
    agreed_at: Annotated[str, setting("When that was, as an ISO 8601 date")] = ""


@settings
class TrainingSettings:
    """How runs are started from the window."""

    threads: Annotated[
        int | None, setting("Processor threads for a new run; empty leaves it to the run", ge=1, le=256)
    ] = None
    refresh_seconds: Annotated[
        float, setting("How often runs are looked at", unit="seconds", ge=0.5, le=60)
    ] = 1.0


@settings
class Remembered:
    """What the window remembers by itself."""

    projects: Annotated[tuple[str, ...], setting("Folders of the projects opened last, newest first")] = ()


@settings
class Settings:
    """Everything that can be set."""

    general: General = field(default_factory=General)
    look: Looks = field(default_factory=Looks)
    player: PlayerSettings = field(default_factory=PlayerSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    privacy: Privacy = field(default_factory=Privacy)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    keys: Annotated[
        dict[str, str], setting("Keys that were changed: action to key sequences, a space between two")
    ] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)


#: Work off the GUI thread: called with what is to be done.
Later = Callable[[Callable[[], None]], object]


class SettingsStore:
    """The settings and their file, which holds only what differs from the defaults.

    A bad value in the file never keeps the window from starting: its default is used, `problems` says so,
    and the file is left as it is until something is changed. Then only what was changed is written: what
    another window stored meanwhile, bad values and what a newer version knows stay. A file that cannot be
    read is moved aside first.

    A change holds at once, whether it can be stored or not. Until :meth:`write_later` it is also stored at
    once.

    Attributes:
        path: The file.
        current: The settings now.
        problems: A sentence for each thing in the file that could not be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(platformdirs.user_config_dir(APPLICATION)) / "settings.yaml"
        self.problems: list[str] = []
        self.current = self._read()
        self._listeners: list[Callable[[Settings], None]] = []
        self._edits: list[tuple[str, Edit]] = []
        self._guard = threading.Lock()  # over the edits: made in the GUI thread, written in a lane
        self._later: Later | None = None
        self._tell: Callable[[str], object] = logger.warning

    def on_change(self, listener: Callable[[Settings], None]) -> None:
        """Call `listener` with the new settings after every change."""
        self._listeners.append(listener)

    def write_later(self, later: Later, tell: Callable[[str], object]) -> None:
        """Store changes through `later` from now on.

        Args:
            later: Given :meth:`flush`; whoever calls that tells its failure.
            tell: Called, in whichever thread writes, with a sentence about a file that was moved aside.
        """
        self._later, self._tell = later, tell

    def write_at_once(self) -> None:
        """Store what is not stored yet, and every change at once from now on.

        Raises:
            StudioError: As for :meth:`flush`.
        """
        self._later, self._tell = None, logger.warning
        self.flush()

    def change(self, section: str, **values: Any) -> None:
        """Set values of a section, tell everyone, and have them stored.

        Raises:
            StudioError: A value is not allowed, or (as long as changes are stored at once) the file cannot
                be written.
        """
        tree = _sparse(self.current)
        tree.setdefault(section, {}).update(values)
        chosen = load_config(Settings, recipe=tree)
        stored = _sparse(chosen).get(section, {})
        self._use(chosen, [(section, partial(_put, name, stored.get(name, _DEFAULT))) for name in values])

    def change_keys(self, action_id: str, keys: tuple[str, ...] | None) -> None:
        """Store the keys of an action; None forgets what was chosen. Raises as :meth:`change` does."""
        chosen = {name: value for name, value in self.current.keys.items() if name != action_id}
        if keys is not None:
            chosen[action_id] = " ".join(keys)
        edit = partial(_put, action_id, chosen.get(action_id, _DEFAULT))
        self._use(replace(self.current, keys=chosen), [("keys", edit)])

    def remember_project(self, folder: Path) -> None:
        """Make `folder` the newest of the projects opened last. Raises as :meth:`change` does."""
        remembered = Remembered(projects=tuple(_with_first(self.current.remembered.projects, str(folder))))
        edit = partial(_remember, str(folder))
        self._use(replace(self.current, remembered=remembered), [("remembered", edit)])

    @property
    def chosen_keys(self) -> dict[str, tuple[str, ...]]:
        """Keys that a person chose, by action."""
        return {name: tuple(value.split()) for name, value in self.current.keys.items()}

    def flush(self) -> None:
        """Store what was changed and is not stored yet; from any thread.

        Raises:
            StudioError: The file cannot be written. The changes hold all the same, and are stored with the
                next one.
        """
        with self._guard:
            edits = list(self._edits)
        if not edits:
            return
        moved = edit_file(self.path, edits)
        with self._guard:
            self._edits = [edit for edit in self._edits if edit not in edits]
        if moved is not None:
            self._tell(f"The settings in {self.path.name} could not be read. That file is {moved} now.")

    def _use(self, chosen: Settings, edits: list[tuple[str, Edit]]) -> None:
        self.current = chosen
        with self._guard:
            self._edits += edits
        for listener in self._listeners:
            listener(chosen)
        if self._later is None:
            self.flush()
        else:
            self._later(self.flush)

    def _read(self) -> Settings:
        try:
            tree = read_tree(self.path)
        except UnreadableFileError as error:
            self.problems.append(
                f"The settings in {self.path} could not be read ({error}). Defaults are used."
                " The file is kept under another name when a setting changes."
            )
            return Settings()
        return self._usable(tree)

    def _usable(self, tree: dict[str, Any]) -> Settings:
        """The settings of `tree`, without the keys whose values are not allowed."""
        kept: dict[str, Any] = {}
        for section, values in tree.items():
            pairs = values.items() if isinstance(values, dict) else [("", values)]
            for name, value in pairs:
                trial = {**kept, section: {**kept.get(section, {}), name: value} if name else value}
                try:
                    load_config(Settings, recipe=trial)
                except StudioError as error:
                    key = f"{section}.{name}" if name else str(section)
                    self.problems.append(f"The setting {key} is not used: {error.what}.")
                else:
                    kept = trial
        return load_config(Settings, recipe=kept)


def _sparse(chosen: Settings) -> dict[str, Any]:
    """Only what differs from the defaults, as a tree of plain values."""
    tree: dict[str, Any] = {}
    for part in fields(chosen):
        section, default = getattr(chosen, part.name), getattr(Settings(), part.name)
        if isinstance(section, dict):
            if section:
                tree[part.name] = dict(section)
            continue
        changed = {
            item.name: _plain(getattr(section, item.name))
            for item in fields(section)
            if getattr(section, item.name) != getattr(default, item.name)
        }
        if changed:
            tree[part.name] = changed
    return tree


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _put(name: str, value: Any, section: Tree) -> None:
    """Edit: what has its default is not in the file."""
    if value is _DEFAULT:
        section.pop(name, None)
    else:
        section[name] = value


def _remember(folder: str, section: Tree) -> None:
    """Edit: what another window opened meanwhile stays in the list."""
    known = section.get("projects")
    section["projects"] = _with_first(map(str, known) if isinstance(known, list) else (), folder)


def _with_first(known: Iterable[str], folder: str) -> list[str]:
    return [folder, *(old for old in known if old != folder)][:RECENT]
