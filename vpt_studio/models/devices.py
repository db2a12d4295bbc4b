"""Where a model computes."""

from __future__ import annotations

from torch import nn

from vpt_studio.errors import StudioError


def move_to(device: str, model: nn.Module) -> None:
    """Move a model's weights to a device, in place; what is computed with it is computed there.

    Args:
        device: In PyTorch's words, such as ``cpu`` or ``cuda:1``.
        model: The model.

    Raises:
        StudioError: PyTorch finds no such device here, or it has no room.
    """
    try:
        model.to(device)
    # PyTorch's errors for names it does not know, drivers that are missing, builds without them, full memory.
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise StudioError(
            f"the model cannot compute on the device {device!r} ({reason})",
            mend="Choose cpu, or a device that PyTorch finds on this computer",
        ) from error
