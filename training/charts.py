"""Charts of a report, as SVG text that inherits the page's colours."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt

from vpt_studio.actions import BUTTONS, Actions

mpl.use("svg")  # never asks for a screen
from matplotlib.figure import Figure

# Okabe-Ito, as everywhere in VPT Studio: the training curve is sky, held-out orange, the IDM purple.
_SKY, _ORANGE, _PURPLE, _GREY = "#0072B2", "#CF8200", "#B0538A", "#616C7A"
_TEXT = "#46515F"


def loss_chart(metrics: Sequence[dict[str, Any]]) -> str:
    """The training loss over the steps."""
    figure, axes = _figure(3.1)
    points = [(row["step"], row["losses/nll"]) for row in metrics if "losses/nll" in row]
    if points:
        steps, losses = zip(*points, strict=True)
        axes.plot(steps, losses, color=_SKY, alpha=0.3, linewidth=1)
        axes.plot(steps, _smoothed(np.array(losses)), color=_SKY, linewidth=2)
    axes.set_xlabel("step")
    axes.set_ylabel("loss per tick (nats)")
    return _svg(figure)


def held_out_chart(metrics: Sequence[dict[str, Any]]) -> str:
    """Scores on held-out recordings over the steps."""
    figure, axes = _figure(3.1)
    curves = (
        ("yaw_r2", "yaw R2", _ORANGE, "-"),
        ("pitch_r2", "pitch R2", _ORANGE, "--"),
        ("macro_f1", "F1, mean of keys", _PURPLE, "-"),
        ("joint_exact_match", "all keys right", _GREY, "-"),
    )
    for name, label, colour, style in curves:
        points = [(row["step"], row[f"held_out/{name}"]) for row in metrics if f"held_out/{name}" in row]
        if points:
            steps, values = zip(*points, strict=True)
            axes.plot(steps, values, style, color=colour, linewidth=2, marker="o", markersize=3, label=label)
    axes.set_ylim(-0.1, 1.02)
    axes.set_xlabel("step")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8, labelcolor=_TEXT, loc="upper left", ncols=2)
    return _svg(figure)


def camera_chart(true: Actions, predicted: Actions, start: int, axis: int) -> str:
    """Degrees per tick over a stretch that starts at tick `start`; axis 0 is pitch, 1 is yaw."""
    figure, axes = _figure(2.2)
    seconds = (start + np.arange(len(true))) / 20
    axes.plot(seconds, true.camera[:, axis].clip(-10, 10), color=_GREY, linewidth=2.2, label="recorded")
    axes.plot(seconds, predicted.camera[:, axis], color=_PURPLE, linewidth=1.3, label="predicted")
    axes.set_ylabel(f"{('pitch', 'yaw')[axis]}, degrees")
    axes.set_xlabel("seconds")
    axes.legend(frameon=False, fontsize=8, labelcolor=_TEXT, loc="upper right", ncols=2)
    return _svg(figure)


def keys_chart(true: Actions, predicted: Actions, start: int) -> str:
    """Which keys were held (upper bar) and which the model saw (lower bar), over the same stretch."""
    used = [
        index
        for index in range(len(BUTTONS))
        if true.policy_buttons[:, index].any() or predicted.policy_buttons[:, index].any()
    ]
    figure, axes = _figure(0.5 + 0.32 * max(len(used), 1), width=12.8)
    for row, index in enumerate(reversed(used)):
        for actions, colour, place in ((true, _GREY, 0.08), (predicted, _PURPLE, -0.3)):
            axes.broken_barh(
                _bars(actions.policy_buttons[:, index], start), (row + place, 0.3), facecolors=colour
            )
    axes.set_yticks(range(len(used)), [BUTTONS[index] for index in reversed(used)])
    axes.set_ylim(-0.6, max(len(used), 1) - 0.4)
    axes.set_xlim(start / 20, (start + len(true)) / 20)
    axes.set_xlabel("seconds; upper bar recorded, lower bar predicted")
    return _svg(figure)


def _bars(held: npt.NDArray[np.uint8], start: int) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held, [0]])))
    return [((start + first) / 20, (last - first) / 20) for first, last in edges.reshape(-1, 2)]


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    smooth = np.empty_like(values)
    level = values[0]
    for index, value in enumerate(values):
        level = 0.9 * level + 0.1 * value
        smooth[index] = level
    return smooth


def _figure(height: float, width: float = 6.4) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color(_GREY)
    axes.tick_params(colors=_TEXT, labelsize=8)
    axes.xaxis.label.set_color(_TEXT)
    axes.yaxis.label.set_color(_TEXT)
    axes.xaxis.label.set_fontsize(8)
    axes.yaxis.label.set_fontsize(8)
    axes.grid(alpha=0.2)
    return figure, axes


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    # Without a date and with fixed ids the same report has the same bytes.
    with mpl.rc_context({"svg.hashsalt": "vpt-studio", "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
