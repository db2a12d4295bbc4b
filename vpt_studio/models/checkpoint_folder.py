"""An export folder on disk: weights, configuration and card, there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError

FORMAT_VERSION = 1
WEIGHTS_NAME = "model.safetensors"
CONFIG_NAME = "config.json"
CARD_NAME = "README.md"
AGAIN = "Copy the checkpoint again from its source, or export it again"
_LARGEST_CONFIG = 4 << 20  # bytes; a lineage of thousands of recordings has some hundred kB
_PARTS = ("architecture", "action_codec", "preprocessing", "lineage")
_OBJECTS = ("architecture", "action_codec", "lineage")


def write_folder(folder: Path, state: Mapping[str, Tensor], config: Mapping[str, Any], card: str) -> None:
    """Write an export folder. It appears complete, by one rename, or not at all.

    Args:
        folder: The folder to create; its parent is created when needed.
        state: The weights by name.
        config: The configuration; length and hash of the weights are added to it.
        card: The card's text.

    Raises:
        StudioError: If the folder exists or cannot be written.
    """
    if folder.exists():
        raise StudioError(
            "a checkpoint with this name exists", where=folder, mend="Choose another name, or remove it first"
        )
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    unfinished: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        weights = unfinished / WEIGHTS_NAME
        save_file(tensors, weights)
        files = {WEIGHTS_NAME: {"bytes": weights.stat().st_size, "sha256": sha256_of(weights)}}
        text = json.dumps({**config, "files": files}, indent=2, ensure_ascii=False)
        (unfinished / CONFIG_NAME).write_text(text + "\n", encoding="utf-8")
        (unfinished / CARD_NAME).write_text(card, encoding="utf-8")
        unfinished.chmod(0o755)  # made private; an export is for others too
        weights.chmod(0o644)
        for name in (WEIGHTS_NAME, CONFIG_NAME, CARD_NAME):
            with (unfinished / name).open("rb+") as file:
                os.fsync(file.fileno())
        unfinished.rename(folder)
    except OSError as error:
        raise StudioError(
            f"the checkpoint cannot be written ({error.strerror or error})",
            where=folder,
            mend="Check the free space and the permissions",
        ) from error
    finally:
        if unfinished is not None and unfinished.exists():
            shutil.rmtree(unfinished, ignore_errors=True)


def read_configuration(folder: Path) -> dict[str, Any]:
    """Read and check ``config.json`` of an export folder.

    Returns:
        The JSON object: ``format_version``, ``kind``, ``architecture``, ``action_codec``, ``preprocessing``,
        ``lineage``; and ``files``, lengths and hashes, unless an early version wrote it.

    Raises:
        StudioError: If it is missing, damaged or from a newer format.
    """
    place = folder / CONFIG_NAME
    try:
        with place.open("rb") as file:
            content = file.read(_LARGEST_CONFIG + 1)
    except OSError as error:
        raise StudioError(
            f"the configuration cannot be read ({error.strerror})",
            where=place,
            mend="Choose an export folder, which has a config.json, or an OpenAI .model file",
        ) from error
    if len(content) > _LARGEST_CONFIG:
        raise StudioError("the configuration is too large to be one", where=place, mend=AGAIN)
    try:
        config = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StudioError(f"the configuration is not JSON ({error})", where=place, mend=AGAIN) from error
    if not isinstance(config, dict) or config.get("format_version") != FORMAT_VERSION:
        raise StudioError(
            "the checkpoint has another format version than this program",
            where=place,
            mend=f"This program reads version {FORMAT_VERSION}; update it, or export the checkpoint again",
        )
    lacking = [key for key in _PARTS if key not in config]
    if lacking:
        raise StudioError(f"the configuration lacks {', '.join(lacking)}", where=place, mend=AGAIN)
    for key in _OBJECTS:
        if not isinstance(config[key], dict):
            raise StudioError(f"the configuration's {key} is not an object", where=place, mend=AGAIN)
    return config


def read_weights(folder: Path, config: Mapping[str, Any]) -> dict[str, Tensor]:
    """Read the weights of an export folder into memory, if they are those that were written.

    Args:
        folder: The folder.
        config: Its configuration.

    Raises:
        StudioError: If they are missing, damaged, or others than the configuration was written with.
    """
    place = folder / WEIGHTS_NAME
    try:
        demand_written(place, config)
        # Out of the mapped file: one that is replaced meanwhile must not change a network in use.
        return {name: tensor.clone() for name, tensor in load_file(place).items()}
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(f"the weights cannot be read ({reason})", where=place, mend=AGAIN) from error
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise StudioError(f"the weights cannot be read ({reason})", where=place, mend=AGAIN) from error


def demand_written(weights: Path, config: Mapping[str, Any]) -> bool:
    """Make sure that a file of weights has the length and hash that its configuration noted.

    Returns:
        Whether anything was noted; early versions did not.

    Raises:
        StudioError: If it is another file.
        OSError: If it cannot be read.
    """
    files = config.get("files")
    noted = files.get(WEIGHTS_NAME) if isinstance(files, dict) else None
    if not isinstance(noted, dict):
        return False
    if weights.stat().st_size != noted.get("bytes") or sha256_of(weights) != noted.get("sha256"):
        raise StudioError(
            "the weights are not those that this checkpoint was written with", where=weights, mend=AGAIN
        )
    return True
