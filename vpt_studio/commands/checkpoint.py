"""``vpt-studio checkpoint``: look at checkpoints, convert them between our form and OpenAI's, verify them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import StudioGroup, answer, json_option, note, table
from vpt_studio.errors import StudioError
from vpt_studio.recordings.problems import visible
from vpt_studio.words import size_words

if TYPE_CHECKING:
    from vpt_studio.models.checkpoints import Checkpoint, PolicyCheckpoint

# torch takes seconds to import: the commands that need it import it themselves.

_path = click.argument("path", metavar="CHECKPOINT", type=click.Path(path_type=Path))
_weights = click.option(
    "--weights",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The .weights file of an OpenAI model. Default: the one beside it with the same name.",
)


@click.group(cls=StudioGroup)
def checkpoint() -> None:
    """Look at checkpoints, convert them, verify them. Nothing in a checkpoint is ever executed.

    CHECKPOINT is an export folder of ours (model.safetensors, config.json, README.md), or an OpenAI .model
    file with its .weights beside it.
    """


@checkpoint.command()
@_path
@_weights
@json_option
def inspect(path: Path, weights: Path | None, as_json: bool) -> None:
    """Say what a checkpoint is and where it comes from.

    Its weights are not read, so this takes no time even where they are gigabytes.
    """
    from vpt_studio.models.checkpoint_facts import facts_of

    facts = facts_of(path, weights)
    answer(as_json, facts, _facts_text(facts))


@checkpoint.command()
@_path
@_weights
@json_option
def verify(path: Path, weights: Path | None, as_json: bool) -> None:
    """Load a checkpoint and try whether it is sound.

    Its files must be whole, its tensors just those of the network, every number finite, and the network must
    answer with probabilities. Ends with status 1 and the reason if anything is wrong.
    """
    from vpt_studio.models.checkpoint_trial import verify_checkpoint

    checks = verify_checkpoint(path, weights)
    rows = [[check.what, check.found] for check in checks]
    data = {"checkpoint": path, "checks": [{"what": what, "found": found} for what, found in rows]}
    answer(as_json, data, table(rows, ["check", "found"]))


@checkpoint.command()
@_path
@click.argument("out", type=click.Path(path_type=Path))
@_weights
@click.option(
    "--without",
    multiple=True,
    metavar="PREFIX",
    help="Leave out tensors of an OpenAI file whose names begin so; may be repeated.",
)
@json_option
def convert(path: Path, out: Path, weights: Path | None, without: tuple[str, ...], as_json: bool) -> None:
    """Write a checkpoint in our form or in OpenAI's.

    OUT.model makes OpenAI's two files, any other name a folder of ours.

    \b
    vpt-studio checkpoint convert foundation-model-1x.model foundation-1x
    vpt-studio checkpoint convert my-policy my-policy.model

    What was written is read back and compared, number by number. Policies that OpenAI trained by
    reinforcement learning may hold a second value head that their .model does not tell of: --without leaves
    it out, and the folder's lineage says so.
    """
    from vpt_studio.models.checkpoint_trial import demand_equal, hashes_of
    from vpt_studio.models.checkpoints import load_checkpoint
    from vpt_studio.models.openai_files import save_openai

    loaded = load_checkpoint(path, weights, without=without)
    if out.suffix == ".model":
        written = [out, save_openai(loaded.model, out)]
        if loaded.lineage:
            note("OpenAI's form has no place for the lineage; the folder keeps it.")
    else:
        _save_folder(loaded, hashes_of(path, weights), out)
        written = sorted(out.iterdir())
    demand_equal(loaded.model, load_checkpoint(out).model, where=out)
    data = {
        "from": path,
        "to": out,
        "files": [{"name": file, "bytes": file.stat().st_size} for file in written],
    }
    lines = [f"{visible(str(file))}  {size_words(file.stat().st_size)}" for file in written]
    answer(as_json, data, "\n".join([*lines, "Read back: every tensor is equal."]))


@checkpoint.command()
@_path
@_weights
@click.option("--write", is_flag=True, help="Put the card into the export folder, in place of the old one.")
@json_option
def card(path: Path, weights: Path | None, write: bool, as_json: bool) -> None:
    """Print a checkpoint's card, in Markdown."""
    from vpt_studio.atomic_files import write_atomically
    from vpt_studio.models.checkpoint_facts import card_for
    from vpt_studio.models.checkpoint_folder import CARD_NAME

    if write and not path.is_dir():
        raise StudioError(
            "OpenAI's form has no card", where=path, mend="Convert it first: vpt-studio checkpoint convert"
        )
    text = card_for(path, weights)
    if write:
        write_atomically(path / CARD_NAME, text.encode())
    answer(as_json, {"card": text, "written": path / CARD_NAME if write else None}, text.rstrip())


def _save_folder(loaded: Checkpoint | PolicyCheckpoint, files: list[dict[str, Any]], out: Path) -> None:
    from dataclasses import replace

    from vpt_studio.models.checkpoints import PolicyCheckpoint, save_inverse_dynamics, save_policy

    lineage = {**loaded.lineage, "converted_from": files}
    if isinstance(loaded, PolicyCheckpoint):
        save_policy(replace(loaded, lineage=lineage), out)
    else:
        save_inverse_dynamics(replace(loaded, lineage=lineage), out)


def _facts_text(facts: dict[str, Any]) -> str:
    network = facts["network"]
    policy = facts["kind"] == "policy"
    sees = f"{network['memory']} frames back" if policy else "the whole clip"
    form = {"openai": "OpenAI's .model and .weights", "vpt-studio": "export folder"}[facts["form"]]
    lines = [
        visible(facts["name"]) + (f", OpenAI's {facts['released_as']}" if facts["released_as"] else ""),
        f"kind         {'policy' if policy else 'inverse dynamics model'}, {form}",
        f"parameters   {facts['parameters']:,}",
        f"sees         frames of {network['image_size']}x{network['image_size']}, {sees}",
        f"width        {network['hidden_size']}, {network['transformer_blocks']} blocks of"
        f" {network['attention_heads']} heads, image tower {network['impala_width']:g}x",
        f"temperature  {network['temperature']:g}",
    ]
    if policy:
        heads = "two value heads" if network["auxiliary_value_head"] else "one value head"
        lines.append(f"actions      8641 buttons x 121 camera, {heads}")
        lines.append(f"camera       counts {facts['log_probability'].replace('_', ' ')} in a log-probability")
    lines += [
        f"{'file' if not number else '':<12} {visible(file['name'])}  "
        + ("missing" if file["bytes"] is None else size_words(file["bytes"]))
        for number, file in enumerate(facts["files"])
    ]
    if facts["lineage"]:
        lines.append(f"lineage      {', '.join(map(visible, facts['lineage']))}; --json tells all of it")
    return "\n".join(lines)
