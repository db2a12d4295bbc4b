"""Part ``released_model_files``: genuine architecture pickles, read without gym3 and without running them."""

from __future__ import annotations

from pathlib import Path

from bench.parity.deviation import Deviation
from vpt_studio.models.openai_files import read_openai_model

_EXPECTED = {
    "foundation-model-1x.model": {"hidsize": 1024, "attention_heads": 8, "temperature": 1.0},
    "foundation-model-3x.model": {"hidsize": 3072, "attention_heads": 24, "temperature": 3.0},
}


def check(folder: Path) -> list[Deviation]:
    """Read every genuine file and compare the sizes it states.

    Args:
        folder: The part's folder.

    Returns:
        One deviation per file: how many of its known options differ.
    """
    found = []
    for name, expected in _EXPECTED.items():
        description = read_openai_model(folder / name)
        stated = {**description.network_args, "temperature": description.temperature}
        wrong = sum(stated.get(key) != value for key, value in expected.items())
        found.append(Deviation(f"options of {name}", float(wrong), 0))
    return found
