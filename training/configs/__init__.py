"""Configurations of the stages: what can be set, within which limits, by which recipes. Knows no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.configs.idm import IDM_RECIPES, Augmentation, IdmConfig, IdmData, IdmModel, Optimiser, Training
from training.configs.settings import (
    Setting,
    describe_settings,
    load_config,
    read_settings,
    setting,
    settings,
    to_yaml,
)
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from pydantic import JsonValue

STAGE_CONFIGS: dict[str, type[IdmConfig]] = {"idm": IdmConfig}
"""The configuration class of each stage of the worker's table."""

RECIPES = {"idm": IDM_RECIPES}
"""For each stage, settings by the recipe's name, to be put over the defaults."""


def recipe(stage: str, name: str) -> dict[str, dict[str, JsonValue]]:
    """The settings of a recipe.

    Raises:
        StudioError: The stage has no such recipe; it names those it has.
    """
    recipes = RECIPES.get(stage, {})
    if name not in recipes:
        known = ", ".join(sorted(recipes))
        raise StudioError(
            f"the stage {stage} has no recipe {name!r}", mend=f"Choose one of {known}" if known else None
        )
    return recipes[name]


__all__ = [
    "RECIPES",
    "STAGE_CONFIGS",
    "Augmentation",
    "IdmConfig",
    "IdmData",
    "IdmModel",
    "Optimiser",
    "Setting",
    "Training",
    "describe_settings",
    "load_config",
    "read_settings",
    "recipe",
    "setting",
    "settings",
    "to_yaml",
]
