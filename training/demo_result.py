"""The end of the demo: scores on what the model has not seen, a film with its predictions, a report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.configs import IdmConfig
from training.evaluation import evaluate_checkpoint
from training.idm_metrics import Evaluation
from training.pseudo_labels import label_video, weights_hash
from training.report import ReportFacts, liveliest_stretch, write_report
from training.run_models import resolve_checkpoint
from training.runs import present_metrics, read_metrics, read_run
from training.sliding_windows import Predictions
from vpt_studio.actions.tick_conversion import CONVERSIONS
from vpt_studio.commands.console import progress, table
from vpt_studio.models.checkpoints import load_inverse_dynamics
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.overlay import write_overlay
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.words import count_words, duration_words

_FILM_SECONDS = 30


@dataclass(frozen=True)
class Shown:
    """What the demo wrote and measured."""

    evaluation: Evaluation
    film: Path
    report: Path
    labels: Path
    run: Path

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: paths, then the evaluation."""
        paths = {"film": self.film, "report": self.report, "labels": self.labels, "run": self.run}
        return {**{name: path.resolve() for name, path in paths.items()}, **self.evaluation.as_json()}

    def text(self) -> str:
        """For people: the scores, and where to look."""
        scores = table(self.evaluation.rows(), ("score", "predictions", "null", "ceiling"))
        return (
            f"{scores}\n\nfilm     {self.film.resolve()}\nreport   {self.report.resolve()}"
            f"\nlabels   {self.labels.resolve()}\nmodel    {self.run.resolve()}"
        )


def show_result(run_dir: Path, config: IdmConfig, project_folder: Path, out: Path, *, quiet: bool) -> Shown:
    """Evaluate the model of `run_dir`, and write film, labels and report into `out`.

    Raises:
        StudioError: The run has no model, or a file is already there.
    """
    place = resolve_checkpoint(str(run_dir))
    checkpoint = load_inverse_dynamics(place)
    taught = open_recordings(config.data.recordings, project_folder)
    tested = open_recordings(config.data.held_out, project_folder)
    seen: list[tuple[Recording, Predictions]] = []
    ticks = 0
    for recording in tested:
        with recording:
            ticks += len(recording)
    with progress("Testing", ticks, hidden=quiet) as bar:
        evaluation = evaluate_checkpoint(
            checkpoint,
            tested,
            CONVERSIONS[config.data.conversion],
            keep=lambda recording, guess: seen.append((recording, guess)),
            tell=bar.update,
        )
    out.mkdir(parents=True, exist_ok=True)
    shown, predictions = seen[0]
    true = shown.converted(CONVERSIONS[config.data.conversion]).actions
    length = min(_FILM_SECONDS * TICK_RATE, len(shown))
    first = liveliest_stretch(true, length)
    film = out / "film.mp4"
    with progress("Filming", length, hidden=quiet) as bar:
        write_overlay(
            shown.files.sidecar,
            film,
            predictions=predictions.actions,
            start=first,
            stop=first + length,
            tell=bar.update,
        )
    with progress("Labelling", len(shown), hidden=quiet) as bar:
        labels = label_video(checkpoint, weights_hash(place), shown, out / "labels", tell=bar.update)
    report = out / "report.html"
    record = read_run(run_dir)
    parameters = sum(parameter.numel() for parameter in checkpoint.model.parameters())
    write_report(
        ReportFacts(
            title="An inverse dynamics model, from play to predictions",
            summary=(
                f"A network of {parameters:,} parameters (preset {config.model.preset}) learned for"
                f" {duration_words(record.training_seconds)} ({record.step:,} steps) from"
                f" {count_words(len(taught), 'recording')} which keys and mouse"
                " motion cause what a video shows. It is tested on"
                f" {count_words(len(tested), 'whole recording')} that it has never seen."
            ),
            evaluation=evaluation,
            metrics=present_metrics(read_metrics(run_dir).rows),
            shown_name=shown.name,
            true=true,
            predicted=predictions.actions,
            film=film.name,
            film_words=f"{length // TICK_RATE} seconds of {shown.name}, which the model has never seen.",
            recordings=[
                *(_row(recording, "learned from") for recording in taught),
                *(_row(recording, "tested on") for recording in tested),
            ],
            commands=_commands(run_dir, project_folder, shown.name),
        ),
        report,
    )
    return Shown(evaluation, film, report, labels.sidecar, run_dir)


def _row(recording: Recording, use: str) -> tuple[str, str, str, str]:
    with recording:  # all of them open at once may be more files than the system allows
        length = duration_words(len(recording) / TICK_RATE)
    return (recording.name, use, length, recording.sidecar.source.value)


def _commands(run_dir: Path, project_folder: Path, name: str) -> list[str]:
    project = f"--project {project_folder}"
    return [
        f"vpt-studio runs show {run_dir.name} {project}",
        f"vpt-studio idm evaluate --checkpoint {run_dir.name} {name} {project}",
        f"vpt-studio idm predict --checkpoint {run_dir.name} VIDEO.mp4 --out labels {project}",
        f"vpt-studio idm train --minutes 60 {project}",
    ]
