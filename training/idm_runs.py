"""Preparing a run of the IDM stage: which recordings teach, which are held out, with what settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
from vpt_studio.recordings.source import Source


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


def prepare_idm_run(
    project: Project, options: IdmRunOptions, tell: Callable[[str], None] = lambda _line: None
) -> tuple[Path, IdmConfig]:
    """Write the folder of a new run, ready to be started.

    What shows the same play as a held-out recording is left out of what teaches, whatever it is called
    (:mod:`training.kept_apart`), and so is what has no actions.

    Args:
        project: The project.
        options: What a person chose.
        tell: Called with a line for what is left out, and why.

    Raises:
        StudioError: There is nothing to learn from, a recording is not there, or a setting is wrong.
    """
    base = project.layout.folder
    seed = options.seed or 0
    held_out = _stored(options.held_out, project)
    if options.recordings:
        wanted = _stored(options.recordings, project)
        opened = _opened([*held_out, *wanted], base)
    else:
        wanted = [name for name in _usable(project, tell) if name not in held_out]
        opened = {**_opened(held_out, base), **_opened(wanted, base, tell)}
        wanted = [*held_out, *(name for name in wanted if name in opened)]
    labelled = _with_actions(wanted, held_out, opened, tell)
    groups = dict(zip(opened, group_by_play(list(opened.values())), strict=True))
    spared = {groups[name] for name in held_out}
    teaching = [name for name in labelled if groups[name] not in spared]
    if labelled and not teaching:
        raise StudioError(
            f"nothing is left to learn from: {', '.join(labelled[:3])}{' …' if len(labelled) > 3 else ''}"
            " is held out, or shows the same play as what is held out",
            where=base,
            mend="Hold out fewer, or name others to learn from",
        )
    if not teaching:
        raise StudioError(
            "there are no recordings with actions to learn from",
            where=base,
            mend="Import some: vpt-studio recordings import PATH",
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


def _usable(project: Project, tell: Callable[[str], None]) -> list[str]:
    """Ids of the project's recordings that have actions, were not predicted, and are not broken."""
    names: list[str] = []
    predicted = offset = 0
    while rows := project.recordings(limit=500, offset=offset, order="id"):
        offset += len(rows)
        for row in rows:
            if row.actions is None or row.health is Health.BROKEN:
                continue
            if row.source is Source.IDM:
                predicted += 1
            else:
                names.append(row.id)
    if predicted:
        tell(
            f"{predicted} whose actions an IDM predicted are left out: it would learn its own mistakes."
            " Name them to learn from them all the same."
        )
    return names


def _opened(names: list[str], base: Path, tell: Callable[[str], None] | None = None) -> dict[str, Recording]:
    """The recordings called `names`; with `tell`, those that cannot be opened are left out and told."""
    try:
        return dict(zip(names, open_recordings(names, base), strict=True))
    except StudioError:
        if tell is None:
            raise
    found = {}
    for name in names:
        try:
            found[name] = open_recordings([name], base)[0]
        except StudioError as error:
            tell(f"{name} is left out: {error}")
    return found


def _with_actions(
    wanted: list[str], held_out: list[str], opened: Mapping[str, Recording], tell: Callable[[str], None]
) -> list[str]:
    """Those of `wanted` that have actions.

    Raises:
        StudioError: One that is to be held out has none.
    """
    for name in held_out:
        if opened[name].actions_path is None:
            raise StudioError(
                "it cannot be held out: it has no actions to compare predictions with",
                where=name,
                mend="Hold out another",
            )
    for name in wanted:
        if opened[name].actions_path is None:
            tell(f"{name} is left out: it has no actions. Label it first: vpt-studio idm predict.")
    return [name for name in wanted if opened[name].actions_path is not None]


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
