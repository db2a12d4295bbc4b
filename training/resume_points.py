"""Everything a training needs to go on exactly where it was: files `step-N.pt` in a run."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path
from typing import Any

import torch

from vpt_studio.atomic_files import replaced

logger = logging.getLogger(__name__)


def save_resume_point(folder: Path, step: int, state: dict[str, Any], *, keep: int) -> Path:
    """Write `state` (tensors, numbers, text, in dicts and lists) as the newest; keep the last `keep`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{step:09d}.pt"
    with replaced(path) as temporary:
        torch.save(state, temporary)
    for old in _resume_points(folder)[:-keep]:
        old.unlink()
    return path


def load_newest(folder: Path) -> dict[str, Any] | None:
    """The newest state in `folder` that can be read, None where there is none.

    A damaged file (a disk that lied about flushing) is passed over with a warning for the one before.
    """
    for path in reversed(_resume_points(folder)):
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
            logger.warning("%s cannot be read and is passed over (%s)", path.name, error)
            continue
        return state
    return None


def _resume_points(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*.pt") if not path.name.startswith("."))
