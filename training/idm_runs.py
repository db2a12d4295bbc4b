"""Preparing a run of the IDM stage: which recordings teach, which are held out, with what settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.configs import IdmConfig, load_config, recipe, to_yaml
from training.runs import create_run
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.references import resolve_recording
from vpt_studio.recordings.health import Health


@dataclass(frozen=True)
class IdmRunOptions:
    """What a person chose; None and empty leave it to the recipe.

    Attributes:
        recordings: Ids or paths to learn from; empty for all of the project that have actions.
        held_out: Ids or paths kept for evaluation.
        held_out_share: Without `held_out`, the share of the recordings kept for evaluation.
        recipe: Name of the settings to start from.
        config_file: A YAML file, put over the recipe.
        overrides: Single settings, put over both.
        preset, minutes, steps, seed: The settings people change most.
        name: What to call the run.
    """

    recordings: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    held_out_share: float = 0.25
    recipe: str = "laptop"
    config_file: Path | None = None
    overrides: tuple[str, ...] = ()
    preset: str | None = None
    minutes: float | None = None
    steps: int | None = None
    seed: int | None = None
    name: str | None = None


def prepare_idm_run(project: Project, options: IdmRunOptions) -> tuple[Path, IdmConfig]:
    """Write the folder of a new run, ready to be started.

    Raises:
        StudioError: There is nothing to learn from, or a setting is wrong.
    """
    base = project.layout.folder
    seed = options.seed or 0
    held_out = [_stored(name, base) for name in options.held_out]
    if options.recordings:
        teaching = [_stored(name, base) for name in options.recordings]
        teaching = [name for name in dict.fromkeys(teaching) if name not in held_out]
    else:
        teaching = [name for name in _usable(project) if name not in held_out]
    if not teaching:
        raise StudioError(
            "there are no recordings with actions to learn from",
            where=base,
            mend="Import some: vpt-studio recordings import PATH",
        )
    if not held_out:
        teaching, held_out = split(teaching, options.held_out_share, seed)
    overrides = [*options.overrides]
    overrides += [
        f"{key}={value}"
        for key, value in (
            ("model.preset", options.preset),
            ("training.minutes", options.minutes),
            ("training.steps", options.steps),
            ("training.seed", options.seed),
        )
        if value is not None
    ]
    if options.steps is not None and options.minutes is None:
        overrides.append("training.minutes=null")
    settings: dict[str, Any] = dict(recipe("idm", options.recipe))
    settings["data"] = {**settings.get("data", {}), "recordings": teaching, "held_out": held_out}
    config = load_config(IdmConfig, options.config_file, recipe=settings, overrides=overrides)
    run_dir = create_run(
        project.layout.runs, "idm", to_yaml(config), name=options.name, seed=config.training.seed
    )
    return run_dir, config


def split(names: list[str], share: float, seed: int) -> tuple[list[str], list[str]]:
    """`names` in two: to learn from, and held out. At least one is always left to learn from.

    Whole recordings are held out: neighbouring ticks are so alike that a split by tick would test memory.
    """
    ordered = sorted(names)
    count = min(round(share * len(ordered)), len(ordered) - 1)
    count = max(count, 1) if share > 0 and len(ordered) > 1 else 0
    chosen = set(np.random.default_rng(seed).permutation(len(ordered))[:count].tolist())
    teaching = [name for index, name in enumerate(ordered) if index not in chosen]
    return teaching, [name for index, name in enumerate(ordered) if index in chosen]


def _usable(project: Project) -> list[str]:
    """Ids of the project's recordings that have actions, were not predicted, and are not broken."""
    names, offset = [], 0
    while rows := project.recordings(limit=500, offset=offset, order="id"):
        offset += len(rows)
        names += [
            row.id
            for row in rows
            if row.actions is not None and row.health is not Health.BROKEN and row.source.value != "idm"
        ]
    return names


def _stored(name: str, base: Path) -> str:
    """`name` as the run keeps it: an id as it is, a path relative to the project."""
    path = resolve_recording(name, base)
    own = base / "recordings"
    if path.parent.resolve() == own.resolve():
        return path.stem if path.suffix else path.name
    return Path(os.path.relpath(path.resolve(), base.resolve())).as_posix()
