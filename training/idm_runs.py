"""Preparing a run of the IDM stage: which recordings teach, which are held out, with what settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.configs import IdmConfig, load_config, recipe, to_yaml
from training.kept_apart import demand_apart, group_by_play
from training.runs import create_run
from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.references import open_recordings, relative_reference, resolve_recording
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import Recording


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

    What shows the same play as a held-out recording is left out of what teaches, whatever it is called
    (:mod:`training.kept_apart`).

    Raises:
        StudioError: There is nothing to learn from, a recording is not there, or a setting is wrong.
    """
    base = project.layout.folder
    seed = options.seed or 0
    held_out = _stored(options.held_out, project)
    wanted = _stored(options.recordings, project) if options.recordings else _usable(project)
    groups = dict(zip([*held_out, *wanted], _groups([*held_out, *wanted], base), strict=True))
    spared = {groups[name] for name in held_out}
    teaching = [name for name in wanted if groups[name] not in spared]
    if not teaching:
        raise StudioError(
            "there are no recordings with actions to learn from",
            where=base,
            mend="Import some that are not held out: vpt-studio recordings import PATH",
        )
    if not held_out:
        teaching, held_out = split(teaching, options.held_out_share, seed, groups)
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
    chosen = [list(config.data.recordings), list(config.data.held_out)]
    if chosen != [teaching, held_out]:  # by the file or an override
        demand_apart(*(open_recordings(names, base) for names in chosen))
    run_dir = create_run(
        project.layout.runs, "idm", to_yaml(config), name=options.name, seed=config.training.seed
    )
    return run_dir, config


def split(
    names: list[str], share: float, seed: int, groups: Mapping[str, int] | None = None
) -> tuple[list[str], list[str]]:
    """`names` in two: to learn from, and held out. At least one is always left to learn from.

    Whole recordings are held out: neighbouring ticks are so alike that a split by tick would test memory.

    Args:
        names: The recordings.
        share: How many of them to hold out.
        seed: Start of the choice.
        groups: For each name a number; those with the same number stay together.
    """
    ordered = sorted(names)
    group_of = {name: number for number, name in enumerate(ordered)} if groups is None else groups
    together: dict[int, list[str]] = {}
    for name in ordered:
        together.setdefault(group_of[name], []).append(name)
    parts = list(together.values())
    count = min(round(share * len(parts)), len(parts) - 1)
    count = max(count, 1) if share > 0 and len(parts) > 1 else 0
    chosen = set(np.random.default_rng(seed).permutation(len(parts))[:count].tolist())
    teaching = [name for index, part in enumerate(parts) if index not in chosen for name in part]
    return teaching, [name for index, part in enumerate(parts) if index in chosen for name in part]


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


def _stored(names: Iterable[str], project: Project) -> list[str]:
    """`names` as the run keeps them, each once: ids where the project has this content, else paths."""
    return list(dict.fromkeys(_one_stored(name, project) for name in names))


def _one_stored(name: str, project: Project) -> str:
    base = project.layout.folder
    try:
        row = project.recording(name)
    except StudioError:
        row = None
    if row is not None and row.deleted_at is None:
        return row.id  # before a file of this name in the current folder
    path = resolve_recording(name, base)
    with Recording.open(path) as recording:
        actions = recording.actions_path
        known = project.find_by_content(
            sha256_of(recording.video_path), None if actions is None else sha256_of(actions)
        )
    if known is not None:
        return known
    reference = relative_reference(
        path, base, named_by="the project", mend="Import it: vpt-studio recordings import PATH"
    )
    # With a slash at least, or it could be taken for an id.
    return reference if "/" in reference else f"./{reference}"


def _groups(names: list[str], base: Path) -> list[int]:
    return group_by_play(open_recordings(names, base))
