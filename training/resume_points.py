"""Everything a training needs to go on exactly where it was: files `step-N.pt` in a run."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch

from vpt_studio.atomic_files import replaced
from vpt_studio.errors import StudioError

#: What a file is called besides once it has turned out to be unreadable.
DAMAGED_SUFFIX = ".damaged"

logger = logging.getLogger(__name__)


def save_resume_point(folder: Path, step: int, state: dict[str, Any], *, keep: int) -> Path:
    """Write `state` (tensors, numbers, text, in dicts and lists) for `step`; keep the last `keep` up to it.

    Points of later steps are left alone: whoever writes an earlier one has not read them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for draft in folder.glob(".step-*.pt"):
        draft.unlink()  # left by a kill in the middle of writing; they are as large as a point
    path = folder / f"step-{step:09d}.pt"
    with replaced(path) as temporary:
        torch.save(state, temporary)
    past = [point for point in _resume_points(folder) if point.name <= path.name]
    for old in past[: -max(keep, 1)]:
        old.unlink()
    return path


def load_newest(folder: Path) -> dict[str, Any] | None:
    """The newest state in `folder` that can be read, None where a training has not saved any yet.

    A damaged file (a disk that lied about flushing) gets another name and is passed over, with a warning,
    for the one before.

    Raises:
        StudioError: There are resume points, but none can be read: going on would mean to start over.
    """
    points = _resume_points(folder)
    for path in reversed(points):
        # torch tells damage by whatever its zip reader or unpickler raised, with advice nobody should take.
        try:
            state: Any = torch.load(path, map_location="cpu", weights_only=True)
        except MemoryError:
            raise
        except OSError as error:  # of the disk or of permissions: the file itself may be whole
            logger.warning("%s cannot be read and is passed over (%s)", path.name, error.strerror or error)
            continue
        except Exception as error:
            reason = type(error).__name__
        else:
            if isinstance(state, dict):
                return state
            reason = f"a {type(state).__name__}"
        aside = path.with_name(path.name + DAMAGED_SUFFIX)
        path.rename(aside)
        logger.warning(
            "%s is damaged (%s), is now called %s and is passed over", path.name, reason, aside.name
        )
    if points or list(folder.glob(f"step-*.pt{DAMAGED_SUFFIX}")):
        raise StudioError(
            "none of the run's resume points can be read",
            where=folder,
            mend="Put a good copy there, or empty the folder to start from step 0",
        )
    return None


def _resume_points(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*.pt") if not path.name.startswith("."))
