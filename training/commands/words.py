"""Words on the command line that a shell can complete and that are checked before anything is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    _Word = click.ParamType[str]
else:
    _Word = click.ParamType  # no generic in older versions

# Everything heavier than click is imported where it is used: --help pays for this module.


class RunWord(_Word):
    """A run's id or name; only completed, because a folder may stand there too."""

    name = "run"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """The runs of the project."""
        from training.runs.naming import names_of_runs
        from vpt_studio.errors import StudioError
        from vpt_studio.project import Project

        chosen = ctx.params.get("project_folder")
        try:
            folder = Path(chosen) if chosen else Project.find()
        except StudioError:
            return []
        words = []
        for run_dir, called in names_of_runs(folder / "runs"):
            words.append(CompletionItem(run_dir.name, help=called if called != run_dir.name else None))
            if called != run_dir.name:
                words.append(CompletionItem(called, help=run_dir.name))
        return [word for word in words if word.value.startswith(incomplete)]


class RecipeWord(_Word):
    """One of the recipes of the IDM stage."""

    name = "recipe"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value`, if there is such a recipe."""
        return click.Choice(self.known()).convert(value, param, ctx)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """The recipes."""
        return [CompletionItem(word) for word in self.known() if word.startswith(incomplete)]

    def known(self) -> list[str]:
        """All of them."""
        from training.configs import RECIPES

        return sorted(RECIPES["idm"])


class PresetWord(RecipeWord):
    """One of the sizes of the network."""

    name = "preset"

    def known(self) -> list[str]:
        """All of them, from small to large."""
        from training.configs import IdmConfig, describe_settings

        return next(list(one.choices) for one in describe_settings(IdmConfig) if one.key == "model.preset")


class StateWord(RecipeWord):
    """One of the states of a run."""

    name = "state"

    def known(self) -> list[str]:
        """All of them."""
        from training.runs import RunState

        return [state.value for state in RunState]


def demand_settings(recipe: str, config_file: Path | None, overrides: tuple[str, ...]) -> None:
    """Make sure that every ``--set`` names a setting and a value it may have.

    Raises:
        click.BadParameter: One does not; mistakes in the file are left to whoever reads it.
    """
    from training.configs import IdmConfig, load_config
    from training.configs import recipe as settings_of
    from vpt_studio.errors import StudioError

    start = {"data": {}, "training": {}, **settings_of("idm", recipe)}
    start["data"] = {**start["data"], "recordings": ["any"]}
    start["training"] = {"minutes": 1.0, **start["training"]}
    try:
        load_config(IdmConfig, config_file, recipe=start)
    except StudioError:
        return
    try:
        load_config(IdmConfig, config_file, recipe=start, overrides=overrides)
    except StudioError as error:
        remedy = f". {error.mend}" if error.mend else ""
        raise click.BadParameter(f"{error.what}{remedy}.", param_hint="'--set'") from error


checkpoint_option = click.option(
    "--checkpoint", type=RunWord(), required=True, metavar="CHECKPOINT", help="The model to use."
)
