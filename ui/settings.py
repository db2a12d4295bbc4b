"""The person's settings: what can be set, what was set, and the file that remembers it. Knows no Qt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import yaml

from training.configs import describe_settings, load_config, setting, settings
from vpt_studio.atomic_files import write_atomically
from vpt_studio.errors import StudioError

Role = Literal["contractor", "annotator", "researcher"]
APPLICATION = "vpt-studio"
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
    reduce_motion: Annotated[bool, setting("Show changes at once instead of sliding and fading")] = False


@settings
class PlayerSettings:
    """How recordings are shown."""

    key_opacity_percent: Annotated[
        int, setting("How solid overlays on the picture are", unit="%", ge=30, le=100)
    ] = 100
    loop: Annotated[bool, setting("Begin again at the end")] = False


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
    training: TrainingSettings = field(default_factory=TrainingSettings)
    keys: Annotated[
        dict[str, str], setting("Keys that were changed: action to key sequences, a space between two")
    ] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)


class SettingsStore:
    """The settings and their file, which holds only what differs from the defaults.

    A bad value in the file never keeps the window from starting: its default is used, `problems` says so,
    and the file is left as it is until something is changed.

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

    def on_change(self, listener: Callable[[Settings], None]) -> None:
        """Call `listener` with the new settings after every change."""
        self._listeners.append(listener)

    def change(self, section: str, **values: Any) -> None:
        """Set values of a section, store them, and tell everyone.

        Raises:
            StudioError: A value is not allowed, or the file cannot be written (then it is in use all the
                same, until the window is closed).
        """
        tree = _sparse(self.current)
        tree.setdefault(section, {}).update(values)
        self._use(load_config(Settings, recipe=tree))

    def change_keys(self, action_id: str, keys: tuple[str, ...] | None) -> None:
        """Store the keys of an action; None forgets what was chosen."""
        chosen = {name: value for name, value in self.current.keys.items() if name != action_id}
        if keys is not None:
            chosen[action_id] = " ".join(keys)
        self._use(replace(self.current, keys=chosen))

    def reset(self, section: str, name: str) -> None:
        """Set one setting back to its default."""
        default = next(
            item.default for item in describe_settings(Settings) if item.key == f"{section}.{name}"
        )
        self.change(section, **{name: default})

    @property
    def chosen_keys(self) -> dict[str, tuple[str, ...]]:
        """Keys that a person chose, by action."""
        return {name: tuple(value.split()) for name, value in self.current.keys.items()}

    def _use(self, chosen: Settings) -> None:
        self.current = chosen
        for listener in self._listeners:
            listener(chosen)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            text = yaml.safe_dump(_sparse(chosen), sort_keys=False, allow_unicode=True)
            write_atomically(self.path, text.encode())
        except OSError as error:
            raise StudioError(
                f"the settings could not be stored ({error.strerror})",
                where=self.path,
                mend="They hold until the window is closed; free space or mend the folder's permissions",
            ) from error

    def _read(self) -> Settings:
        try:
            tree = yaml.safe_load(self.path.read_text(encoding="utf-8")) or {}
        except FileNotFoundError:
            return Settings()
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problems.append(
                f"The settings in {self.path} could not be read ({error}). Defaults are used."
            )
            return Settings()
        if not isinstance(tree, dict):
            self.problems.append(f"{self.path} holds no settings. Defaults are used.")
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
