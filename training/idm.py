"""Training the inverse dynamics model: the stage ``idm``, read from top to bottom."""

from __future__ import annotations

import copy
import logging
import math
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.augmentation import Augmenter
from training.clips import ClipBatch, ClipSampler, Footage, prefetched
from training.configs import IdmConfig, Optimiser
from training.idm_data import IdmFootage, from_resume_point, kept_with_resume_point, ready_footage
from training.idm_metrics import HEADLINES, Evaluation, evaluate_predictions
from training.resume_points import load_newest, save_resume_point
from training.run_models import MODEL_PREFIX
from training.runs import RunWriter
from training.sliding_windows import predict
from vpt_studio.actions import DEFAULT_CAMERA, Actions
from vpt_studio.atomic_files import sha256_of
from vpt_studio.models.checkpoints import Checkpoint, save_inverse_dynamics
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import buttons_log_probability, camera_log_probability
from vpt_studio.models.presets import idm_network

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
    resumed = load_newest(run.places.checkpoints)
    decided = None if resumed is None else from_resume_point(resumed.get("left_out", []))
    with ExitStack() as opened:
        _train(run, config, ready_footage(run, config, opened, decided), resumed)


def _train(run: RunWriter, config: IdmConfig, data: IdmFootage, resumed: dict[str, Any] | None) -> None:
    overrides = {**config.model.overrides, "timesteps": config.data.clip_ticks}
    model = InverseDynamicsModel(idm_network(config.model.preset, overrides))
    if config.model.heads_from_shares:
        _start_from_shares(model, data.taught)
    averaged = copy.deepcopy(model).requires_grad_(False)
    optimiser = _optimiser(model, config.optimiser)
    step, seconds = 0, 0.0
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
            "left_out": kept_with_resume_point(data.left_out),
        }
        with run.doing("saving"):
            save_resume_point(run.places.checkpoints, step, state, keep=config.training.keep_checkpoints)

    sampler = ClipSampler(
        data.taught,
        config.data.clip_ticks,
        config.training.batch_clips,
        config.training.seed,
        edge_ticks=config.data.edge_ticks,
        balanced_share=config.data.balanced_clips,
    )
    augmenter = Augmenter(config.augmentation, config.training.seed, data.response)
    minutes = config.training.minutes
    run.begin(
        step=step,
        total_steps=config.training.steps,
        total_seconds=None if minutes is None else minutes * 60,
        training_seconds=seconds,
    )
    meter = _Meter(run, step)
    saved = evaluated = run.training_seconds
    measured: tuple[int, Evaluation] | None = None
    with closing(prefetched(lambda number: augmenter(sampler.batch(number), number), step)) as batches:
        while run.keep_going(step, before_pause=save):
            rate = config.optimiser.learning_rate * _rate_factor(config, step, run.training_seconds)
            for group in optimiser.param_groups:
                group["lr"] = rate
            losses = _learn(model, optimiser, next(batches), config.optimiser.gradient_clip)
            _average(averaged, model, config.optimiser.ema_decay, step)
            step += 1
            meter.count(step, losses, rate, config.training.batch_clips * config.data.clip_ticks)
            if _is_due(config, step, run.training_seconds - evaluated):
                evaluation = _evaluate(run, averaged, data.unseen, step)
                measured = None if evaluation is None else (step, evaluation)
                evaluated = run.training_seconds
            if run.training_seconds - saved > config.training.checkpoint_every_seconds:
                save()
                saved = run.training_seconds
    meter.write()
    save()
    evaluation = None
    if measured is not None and measured[0] == step:
        evaluation = measured[1]
    elif not run.stopping:  # whoever stops a run does not want to wait for more than its saving
        evaluation = _evaluate(run, averaged, data.unseen, step)
        if evaluation is None and data.unseen:
            run.stop_now()
    with run.doing("saving"):
        _export(run, config, averaged, data, step, evaluation)


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
    of_buttons = -buttons_log_probability(out, torch.from_numpy(batch.buttons).long())
    of_camera = -camera_log_probability(out, torch.from_numpy(batch.camera))
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


class _StoppedError(Exception):
    """The run was asked to stop in the middle of an evaluation."""


def _evaluate(
    run: RunWriter, model: InverseDynamicsModel, unseen: list[Footage], step: int
) -> Evaluation | None:
    """Measure `model` on the held-out recordings; None without any, or when the run is asked to stop."""
    if not unseen:
        return None

    def stop_where_asked(_ticks: int = 0) -> None:
        if run.stop_wanted:
            raise _StoppedError

    with run.doing("evaluating"), suppress(_StoppedError):
        stop_where_asked()
        return _measured(run, model, unseen, step, stop_where_asked)
    logger.info("the evaluation at step %d is left off: the run is asked to stop", step)
    return None


def _measured(
    run: RunWriter,
    model: InverseDynamicsModel,
    unseen: list[Footage],
    step: int,
    tell: Callable[[int], None],
) -> Evaluation:
    """What `model` scores on the held-out recordings, over ticks whose action is known."""
    predicted, mean_camera, true = [], [], []
    for footage in unseen:
        guess = predict(Checkpoint(model), footage.frames, len(footage), tell=tell)
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
    data: IdmFootage,
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
            for recording in data.teaching.values()
        ],
        "held_out": list(data.held_out),
    }
    if evaluation is not None:
        lineage["held_out_scores"] = vars(evaluation.scores)
    target = run.places.artifacts / f"{MODEL_PREFIX}{step:09d}"
    if evaluation is not None and target.exists():  # written without scores, when the evaluation was stopped
        shutil.rmtree(target)
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
