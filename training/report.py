"""The page that shows what a training of the inverse dynamics model came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from training.charts import camera_chart, held_out_chart, keys_chart, loss_chart
from training.idm_metrics import Evaluation
from vpt_studio.actions import DEFAULT_CAMERA, Actions
from vpt_studio.atomic_files import write_atomically

STRETCH_TICKS = 200


@dataclass(frozen=True)
class ReportFacts:
    """What a report tells.

    Attributes:
        title: Its heading.
        summary: What was done, in a sentence or two.
        evaluation: Scores on the held-out recordings.
        metrics: The run's measurements.
        shown_name: The held-out recording that is shown in detail.
        true, predicted: Its actions.
        film: The film's file name, beside the report.
        film_words: What the film shows.
        recordings: Rows of name, use, length, source.
        commands: Command lines to go on with.
    """

    title: str
    summary: str
    evaluation: Evaluation
    metrics: Sequence[dict[str, Any]]
    shown_name: str
    true: Actions
    predicted: Actions
    film: str
    film_words: str
    recordings: Sequence[tuple[str, str, str, str]]
    commands: Sequence[str]


def write_report(facts: ReportFacts, path: Path) -> None:
    """Write the report to `path`: one HTML file that needs nothing but the film beside it."""
    environment = Environment(
        loader=PackageLoader("training", "templates"), autoescape=True, undefined=StrictUndefined
    )
    start = liveliest_stretch(facts.true, STRETCH_TICKS)
    stop = start + min(STRETCH_TICKS, len(facts.true))
    true, predicted = facts.true.span(start, stop), facts.predicted.span(start, stop)
    page = environment.get_template("report.html.j2").render(
        title=facts.title,
        summary=facts.summary,
        cards=_cards(facts.evaluation),
        film=facts.film,
        film_words=facts.film_words,
        loss_chart=loss_chart(facts.metrics),
        held_out_chart=held_out_chart(facts.metrics),
        stretch_title=f"{(stop - start) / 20:.0f} seconds of {facts.shown_name}",
        yaw_chart=camera_chart(true, predicted, start, 1),
        pitch_chart=camera_chart(true, predicted, start, 0),
        keys_chart=keys_chart(true, predicted, start),
        bins=DEFAULT_CAMERA.bins,
        scores=facts.evaluation.rows(),
        keys=_key_rows(facts.evaluation),
        recordings=facts.recordings,
        commands=facts.commands,
    )
    write_atomically(path, page.encode())


def liveliest_stretch(actions: Actions, ticks: int) -> int:
    """Start of the stretch of `ticks` ticks in which most is done: keys changing and the camera turning."""
    if len(actions) <= ticks:
        return 0
    changes = np.abs(np.diff(actions.policy_buttons.astype(int), axis=0, prepend=0)).sum(axis=1)
    turns = np.minimum(np.abs(actions.camera).sum(axis=1) / 5, 1)
    summed = np.concatenate([[0.0], np.cumsum(changes + turns)])
    return int((summed[ticks:] - summed[:-ticks]).argmax())


def _cards(evaluation: Evaluation) -> list[dict[str, str]]:
    scores, null, ceiling = evaluation.scores, evaluation.null, evaluation.ceiling
    return [
        _card("Yaw, R2", scores.yaw_r2, null.yaw_r2, _bins_note(scores.yaw_r2_likeliest, ceiling.yaw_r2)),
        _card("Pitch, R2", scores.pitch_r2, null.pitch_r2,
              _bins_note(scores.pitch_r2_likeliest, ceiling.pitch_r2)),
        _card("F1, mean of keys", scores.macro_f1, null.macro_f1,
              f"{len(evaluation.counted_keys)} keys held often enough to count"),
        {
            "name": "All 20 keys right at once",
            "value": f"{scores.joint_exact_match:.1%}",
            "null": f"{null.joint_exact_match:.1%}",
            "note": f"over {evaluation.ticks:,} ticks",
        },
    ]  # fmt: skip


def _bins_note(likeliest: float | None, ceiling: float | None) -> str:
    return f"of the mean; of the likeliest bin {_figure(likeliest)}, of the true bin {_figure(ceiling)}"


def _card(name: str, value: float | None, null: float | None, note: str) -> dict[str, str]:
    return {"name": name, "value": _figure(value), "null": _figure(null), "note": note}


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _key_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    return [
        (
            key,
            f"{score.held:,}",
            f"{score.predicted:,}",
            _figure(score.precision),
            _figure(score.recall),
            _figure(score.f1),
            f"{score.accuracy:.1%}",
            f"{score.null_accuracy:.1%}",
        )
        for key, score in evaluation.keys.items()
        if score.held or score.predicted
    ]
