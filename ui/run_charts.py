"""Which measurements of a stage are drawn, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


def as_share(value: float) -> str:
    """A share as percent: ``91.8 %``."""
    return f"{100 * value:.3g} %"


def as_number(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


@dataclass(frozen=True)
class ChartLine:
    """A measurement in a chart: its name in ``metrics.jsonl``, its words, its data colour."""

    metric: str
    name: str
    token: str
    dashed: bool = False


@dataclass(frozen=True)
class ChartPlan:
    """A chart.

    Attributes:
        title: Its heading.
        lines: What is drawn in it.
        in_words: How its values are written.
        can_be_logarithmic: Whether a logarithmic axis makes sense: all its values are above 0.
    """

    title: str
    lines: tuple[ChartLine, ...]
    in_words: Callable[[float], str] = as_number
    can_be_logarithmic: bool = False


STAGE_CHARTS: Mapping[str, tuple[ChartPlan, ...]] = {
    "idm": (
        ChartPlan("Loss", (ChartLine("losses/nll", "train", "sky"),), can_be_logarithmic=True),
        ChartPlan(
            "Keys, held out",
            (
                ChartLine("held_out/joint_exact_match", "right", "orange"),
                ChartLine("held_out/macro_f1", "F1", "green", dashed=True),
                ChartLine("held_out_null/joint_exact_match", "null", "text_hint", dashed=True),
            ),
            as_share,
        ),
        ChartPlan(
            "Camera R², held out",
            (
                ChartLine("held_out/yaw_r2", "yaw", "orange"),
                ChartLine("held_out/pitch_r2", "pitch", "green", dashed=True),
            ),
        ),
        ChartPlan("Frames a second", (ChartLine("perf/frames_per_second", "train", "sky"),)),
    )
}
"""The four charts of each stage."""

METRIC_WORDS: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "held_out/keys_and_camera": ("keys and camera", as_number),
    "held_out/joint_exact_match": ("keys right", as_share),  # runs of earlier versions
}
"""How the metric by which a stage chooses its best model is called, and written."""


def best_in_words(name: str, value: float) -> tuple[str, str]:
    """A best value and what it is: ``("91.8 %", "keys right")``."""
    words, in_words = METRIC_WORDS.get(name, (name.rpartition("/")[2].replace("_", " "), as_number))
    return in_words(value), words
