"""What the Train page shows, and what starting a run from it means, without Qt."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from training.configs import RECIPES, STAGE_CONFIGS, Setting, describe_settings, load_config, recipe
from training.runs import RunState, RunSummary
from vpt_studio.errors import StudioError
from vpt_studio.words import sentence

CHOSEN_APART = ("data.recordings",)
"""Settings which the panel asks for in another way than by a field."""

MAIN_SETTINGS = ("training.minutes", "model.preset", "training.seed", "training.threads")
"""Settings that most people change, in the order in which they are asked for."""

_ANY_RECORDING = "data.recordings=[any]"
_PLACE = re.compile(r" \((?:override '.*?'|the recipe)\)")


@dataclass(frozen=True)
class RunFilter:
    """Which runs are listed."""

    text: str = ""
    stage: str = ""
    state: str = ""

    def fits(self, run: RunSummary) -> bool:
        """Whether a run is listed."""
        words = f"{run.id} {run.name} {run.stage}".lower()
        return (
            all(word in words for word in self.text.lower().split())
            and (not self.stage or run.stage == self.stage)
            and (not self.state or self._in_state(run.state))
        )

    def _in_state(self, state: RunState | None) -> bool:
        if self.state == "needs":
            return state in (RunState.FAILED, RunState.LOST, None)
        return state is not None and str(state) == self.state


@dataclass(frozen=True)
class NewRun:
    """A run as it is being set up.

    Attributes:
        stage: What it will carry out.
        recipe: Name of the settings it starts from.
        recordings: Ids to learn from; empty for all that have actions.
        held_out_percent: How many of them are kept for evaluation, unless ``data.held_out`` names some.
        name: What to call it; empty leaves it to the run.
        changed: Settings that differ from the recipe, by dotted key.
    """

    stage: str = "idm"
    recipe: str = "laptop"
    recordings: tuple[str, ...] = ()
    held_out_percent: int = 25
    name: str = ""
    changed: Mapping[str, Any] = field(default_factory=dict)

    def with_setting(self, key: str, value: Any) -> NewRun:
        """The same with one setting changed, or back at the recipe's."""
        changed = {name: old for name, old in self.changed.items() if name != key}
        if value != self.base()[key]:
            changed[key] = value
        return replace(self, changed=changed)

    def base(self) -> dict[str, Any]:
        """The recipe's settings by dotted key."""
        return _base(self.stage, self.recipe)

    def settings(self) -> list[Setting]:
        """Every setting as a form shows it; the defaults are the recipe's."""
        base = self.base()
        return [
            replace(setting, default=base[setting.key], is_required=False)
            for setting in describe_settings(STAGE_CONFIGS[self.stage])
            if setting.key not in CHOSEN_APART
        ]

    def problems(self) -> dict[str, str]:
        """What is wrong with the settings, by key; under ``""`` what belongs to no single one."""
        try:
            _load(self.stage, self.recipe, self.changed)
        except StudioError as error:
            return dict(self._told(_PLACE.sub("", part)) for part in error.what.split("; "))
        return {}

    def _told(self, problem: str) -> tuple[str, str]:
        for key in sorted(self.base(), key=len, reverse=True):
            if problem.startswith(key):
                return key, sentence("it" + problem.removeprefix(key))
        return "", sentence(problem)

    def command(self, project: Path) -> list[str]:
        """The command that starts it."""
        made = [self.stage, "train", *self.recordings, "--recipe", self.recipe]
        if "data.held_out" not in self.changed:
            made += ["--held-out-share", f"{self.held_out_percent / 100:g}"]
        for text in overrides(self.changed):
            made += ["--set", text]
        if self.name:
            made += ["--name", self.name]
        return [*made, "--detach", "--project", str(project)]


def _load(stage: str, name: str, changed: Mapping[str, Any]) -> Any:
    return load_config(
        STAGE_CONFIGS[stage], recipe=recipe(stage, name), overrides=[_ANY_RECORDING, *overrides(changed)]
    )


@functools.cache
def _base(stage: str, name: str) -> dict[str, Any]:
    known = {setting.key for setting in describe_settings(STAGE_CONFIGS[stage])}
    return _by_setting(asdict(_load(stage, name, {})), known)


def recipes(stage: str) -> Sequence[str]:
    """The recipes of a stage."""
    return list(RECIPES.get(stage, {}))


def overrides(changed: Mapping[str, Any]) -> list[str]:
    """Changed settings as the command line takes them."""
    return [f"{key}={json.dumps(value)}" for key, value in changed.items()]


def _by_setting(tree: dict[str, Any], known: set[str], above: str = "") -> dict[str, Any]:
    """A tree by the keys of its settings, tables kept whole."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        key = f"{above}{name}"
        if key in known:
            found[key] = value
        else:
            found |= _by_setting(value, known, f"{key}.")
    return found
