"""Training the inverse dynamics model: the stage ``idm``, read from top to bottom."""

from __future__ import annotations

import copy
import logging
import math
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.augmentation import Augmenter
from training.camera_response import CameraResponse, measure_camera_response, measured_ticks
from training.clips import ClipBatch, ClipSampler, Footage, cache_of, open_footage, prefetched
from training.configs import IdmConfig, Optimiser
from training.idm_metrics import HEADLINES, Evaluation, evaluate_predictions
from training.kept_apart import demand_apart
from training.resume_points import load_newest, save_resume_point
from training.run_models import MODEL_PREFIX
from training.runs import RunWriter
from training.sliding_windows import predict
from vpt_studio.actions import DEFAULT_CAMERA, Actions
from vpt_studio.actions.tick_conversion import CONVERSIONS
from vpt_studio.atomic_files import sha256_of
from vpt_studio.models.action_heads import buttons_loss, camera_loss
from vpt_studio.models.checkpoints import Checkpoint, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.presets import idm_network
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording

_METRIC_SECONDS = 2.0

logger = logging.getLogger(__name__)


def train(run: RunWriter, config: IdmConfig) -> None:
    """Train as `config` says until its steps or minutes are over, or the run is asked to stop.

    The model that is kept is the last one, with averaged weights where ``ema_decay`` is set: choosing
    by the held-out recordings would spoil them as a measure.

    Raises:
        StudioError: A recording cannot be used.
        FloatingPointError: The loss is no longer a number.
    """
    if config.training.threads is not None:
        torch.set_num_threads(config.training.threads)
    cv2.setNumThreads(1)  # clips are small: its pool would only fight torch's for the cores
    torch.manual_seed(config.training.seed)
    base = run.path.parents[1]
    with ExitStack() as opened:
        # Closed also when training fails: writing that down takes files too.
        teaching, held_out = (
            [opened.enter_context(recording) for recording in open_recordings(names, base)]
            for names in (config.data.recordings, config.data.held_out)
        )
        _train(run, config, teaching, held_out)


def _train(
    run: RunWriter, config: IdmConfig, teaching: Sequence[Recording], held_out: Sequence[Recording]
) -> None:
    footage, unseen, response = _ready(run, config, teaching, held_out)

    overrides = {**config.model.overrides, "timesteps": config.data.clip_ticks}
    model = InverseDynamicsModel(idm_network(config.model.preset, overrides))
    if config.model.heads_from_shares:
        _start_from_shares(model, footage)
    averaged = copy.deepcopy(model).requires_grad_(False)
    optimiser = _optimiser(model, config.optimiser)
    step, seconds = 0, 0.0
    resumed = load_newest(run.places.checkpoints)
    if resumed is not None:
        model.load_state_dict(resumed["model"])
        averaged.load_state_dict(resumed["averaged"])
        optimiser.load_state_dict(resumed["optimiser"])
        step, seconds = resumed["step"], resumed["training_seconds"]
        logger.info("resumed at step %d", step)

    def save() -> None:
        state = {
            "model": model.state_dict(),
            "averaged": averaged.state_dict(),
            "optimiser": optimiser.state_dict(),
            "step": step,
            "training_seconds": run.training_seconds,
        }
        save_resume_point(run.places.checkpoints, step, state, keep=config.training.keep_checkpoints)

    sampler = ClipSampler(
        footage,
        config.data.clip_ticks,
        config.training.batch_clips,
        config.training.seed,
        edge_ticks=config.data.edge_ticks,
        balanced_share=config.data.balanced_clips,
    )
    augmenter = Augmenter(config.augmentation, config.training.seed, response)
    minutes = config.training.minutes
    run.begin(
        step=step,
        total_steps=config.training.steps,
        total_seconds=None if minutes is None else minutes * 60,
        training_seconds=seconds,
    )
    meter = _Meter(run, step)
    saved = evaluated = run.training_seconds
    with closing(prefetched(lambda number: augmenter(sampler.batch(number), number), step)) as batches:
        while run.keep_going(step, before_pause=save):
            rate = config.optimiser.learning_rate * _rate_factor(config, step, run.training_seconds)
            for group in optimiser.param_groups:
                group["lr"] = rate
            losses = _learn(model, optimiser, next(batches), config.optimiser.gradient_clip)
            _average(averaged, model, config.optimiser.ema_decay, step)
            step += 1
            meter.count(step, losses, rate, config.training.batch_clips * config.data.clip_ticks)
            if _is_due(config, step, run.training_seconds - evaluated) and unseen:
                _evaluate(run, averaged, unseen, step)
                evaluated = run.training_seconds
            if run.training_seconds - saved > config.training.checkpoint_every_seconds:
                save()
                saved = run.training_seconds
    meter.write()
    save()
    evaluation = _evaluate(run, averaged, unseen, step) if unseen else None
    _export(run, config, averaged, teaching, step, evaluation)


def _ready(
    run: RunWriter, config: IdmConfig, teaching: Sequence[Recording], held_out: Sequence[Recording]
) -> tuple[list[Footage], list[Footage], CameraResponse | None]:
    """What is learned from and what is held out, ready to be cut, and how the camera moves the picture."""
    demand_apart(teaching, held_out)  # again: files may have changed since the run was prepared
    everything = [*teaching, *held_out]
    preparation = _Preparation(run)
    for recording in everything:
        with recording:
            preparation.total += len(recording)
        preparation.tell(0)
    ticks = preparation.total
    logger.info(
        "%d recordings to learn from, %d held out, %d ticks in all", len(teaching), len(held_out), ticks
    )
    began = time.monotonic()
    footage = open_footage(
        everything,
        CONVERSIONS[config.data.conversion],
        cache_of(run.path.parents[1] / "cache" / "frames", config.data.frame_cache_gigabytes),
        draw_pointer=config.data.draw_pointer,
        tell=preparation.tell,
    )
    run.event("data", recordings=len(teaching), held_out=len(held_out), ticks=ticks)
    logger.info("frames are ready after %.1f s", time.monotonic() - began)
    taught, unseen = footage[: len(teaching)], footage[len(teaching) :]
    if config.augmentation.panned_clips + config.augmentation.panned_stills == 0:
        return taught, unseen, None
    preparation.total += measured_ticks(taught)
    return taught, unseen, measure_camera_response(taught, preparation.tell)


class _Preparation:
    """Tells the run how far preparing is, in ticks; a stop that is asked for meanwhile ends it."""

    def __init__(self, run: RunWriter) -> None:
        self.total = 0
        self._run = run
        self._done = 0

    def tell(self, ticks: int) -> None:
        """`ticks` more are done."""
        self._done += ticks
        self._run.preparing(self._done, self.total)


def _optimiser(model: nn.Module, settings: Optimiser) -> torch.optim.AdamW:
    """AdamW; biases, gains and other vectors are not pulled towards zero."""
    matrices = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": settings.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
    )


def _rate_factor(config: IdmConfig, step: int, seconds: float) -> float:
    """The share of the full learning rate at `step`, after `seconds` of training."""
    settings, limits = config.optimiser, config.training
    done = max(
        step / limits.steps if limits.steps else 0.0,
        seconds / (limits.minutes * 60) if limits.minutes else 0.0,
    )
    warm = min(1.0, (step + 1) / settings.warmup_steps) if settings.warmup_steps else 1.0
    match settings.decay:
        case "linear":
            return warm * max(0.0, 1 - done)
        case "cosine":
            return warm * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
        case "constant":
            return warm


def _learn(
    model: InverseDynamicsModel,
    optimiser: torch.optim.Optimizer,
    batch: ClipBatch,
    gradient_clip: float | None,
) -> Tensor:
    """One step down the NLL summed over all heads, mean over the ticks each is known for.

    Returns:
        The loss and the gradient's length, float [2].
    """
    model.train()
    out = model(torch.from_numpy(batch.frames))
    of_buttons = buttons_loss(out, torch.from_numpy(batch.buttons).long())
    of_camera = camera_loss(out, torch.from_numpy(batch.camera))
    loss = _mean(of_buttons, batch.buttons_known) + _mean(of_camera, batch.camera_known)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    length = nn.utils.clip_grad_norm_(model.parameters(), gradient_clip or math.inf)
    if not torch.isfinite(length):
        raise FloatingPointError("the loss or its gradient is no longer a number")
    optimiser.step()
    return torch.stack([loss.detach(), length.detach()])


def _mean(per_tick: Tensor, known: npt.NDArray[np.bool_]) -> Tensor:
    mask = torch.from_numpy(known)
    return (per_tick * mask).sum() / mask.sum().clamp(min=1)


def _start_from_shares(model: InverseDynamicsModel, footage: Sequence[Footage]) -> None:
    """Let the heads start from how often each option occurs in what is learned from."""
    held = np.concatenate([part.buttons[part.known] for part in footage]).mean(axis=0)
    model.pi_head.buttons.start_from_shares(torch.from_numpy(np.stack([1 - held, held], axis=1)).float())
    bins = DEFAULT_CAMERA.encode(np.concatenate([part.degrees[part.known] for part in footage]))
    counts = np.stack([np.bincount(axis, minlength=DEFAULT_CAMERA.bins) for axis in bins.T])
    model.pi_head.camera.start_from_shares(torch.from_numpy(counts / len(bins)).float())


@torch.no_grad()
def _average(averaged: nn.Module, model: nn.Module, decay: float | None, step: int) -> None:
    """Move the averaged weights towards the present ones; without `decay` they are the present ones."""
    # While few steps are done the average follows closely, or it would remember the random start.
    keep = 0.0 if decay is None else min(decay, (1 + step) / (10 + step))
    for slow, fast in zip(averaged.parameters(), model.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)


def _is_due(config: IdmConfig, step: int, seconds: float) -> bool:
    every_steps, every_minutes = config.training.evaluate_every_steps, config.training.evaluate_every_minutes
    if every_steps is not None:
        return step % every_steps == 0
    return every_minutes is not None and seconds >= every_minutes * 60


def _evaluate(run: RunWriter, model: InverseDynamicsModel, unseen: list[Footage], step: int) -> Evaluation:
    """Measure `model` on the held-out recordings, over ticks whose action is known."""
    predicted, mean_camera, true = [], [], []
    for footage in unseen:
        guess = predict(Checkpoint(model), footage.frames, len(footage))
        known = footage.known
        predicted.append(Actions(guess.actions.buttons[known], guess.actions.camera[known]))
        mean_camera.append(guess.mean_camera[known])
        truth = Actions.null(int(known.sum()))
        truth.buttons[:, : footage.buttons.shape[1]] = footage.buttons[known]
        truth.camera[:] = footage.degrees[known]
        true.append(truth)
    evaluation = evaluate_predictions(predicted, true, mean_camera=mean_camera)
    scores = {name: value for name, value in vars(evaluation.scores).items() if value is not None}
    nothing = {name: getattr(evaluation.null, name) for name in HEADLINES}
    run.metric(
        step,
        **{f"held_out/{name}": value for name, value in scores.items()},
        **{f"held_out_null/{name}": value for name, value in nothing.items() if value is not None},
    )
    if evaluation.scores.keys_and_camera is not None:
        run.record_best(
            step, "held_out/keys_and_camera", evaluation.scores.keys_and_camera, higher_is_better=True
        )
    logger.info("held out at step %d: %s", step, ", ".join(f"{k} {v:.3f}" for k, v in scores.items()))
    return evaluation


def _export(
    run: RunWriter,
    config: IdmConfig,
    model: InverseDynamicsModel,
    teaching: Sequence[Recording],
    step: int,
    evaluation: Evaluation | None,
) -> None:
    """Write the model into the run's artifacts; it takes the place of an earlier attempt's."""
    lineage: dict[str, Any] = {
        "run": run.record.id,
        "stage": "idm",
        "preset": config.model.preset,
        "steps": step,
        "training_seconds": round(run.training_seconds, 1),
        "seed": config.training.seed,
        "conversion": config.data.conversion,
        "recordings": [
            {
                "name": recording.name,
                "video_sha256": sha256_of(recording.video_path),
                "actions_sha256": None
                if recording.actions_path is None
                else sha256_of(recording.actions_path),
            }
            for recording in teaching
        ],
        "held_out": list(config.data.held_out),
    }
    if evaluation is not None:
        lineage["held_out_scores"] = vars(evaluation.scores)
    target = run.places.artifacts / f"{MODEL_PREFIX}{step:09d}"
    if not target.exists():  # an attempt that was resumed only to be stopped has nothing new
        save_inverse_dynamics(Checkpoint(model, lineage=lineage), target)
    for older in sorted(run.places.artifacts.glob(f"{MODEL_PREFIX}*"))[:-1]:
        shutil.rmtree(older)
    logger.info("the model is in %s", target.relative_to(run.path))


class _Meter:
    """Collects losses between two measurements that are written."""

    def __init__(self, run: RunWriter, step: int) -> None:
        self._run = run
        self._losses: list[Tensor] = []
        self._frames = 0
        self._since = time.monotonic()
        self._first = self._step = step
        self._rate = 0.0

    def count(self, step: int, losses: Tensor, rate: float, frames: int) -> None:
        """Add one step; every two seconds, and at the first step, write the means."""
        self._losses.append(losses)
        self._frames += frames
        self._step, self._rate = step, rate
        if time.monotonic() - self._since >= _METRIC_SECONDS or step == self._first + 1:
            self.write()

    def write(self) -> None:
        """Write the means of the steps that have not been written yet, if there are any."""
        if not self._losses:
            return
        elapsed = time.monotonic() - self._since
        loss, length = torch.stack(self._losses).mean(dim=0).tolist()
        self._run.metric(
            self._step,
            **{
                "losses/nll": loss,
                "charts/gradient_norm": length,
                "charts/learning_rate": self._rate,
                "perf/frames_per_second": self._frames / max(elapsed, 1e-9),
            },
        )
        self._losses, self._frames, self._since = [], 0, time.monotonic()
