"""The configuration of the inverse dynamics model's training, and its recipes."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal, Self

from pydantic import JsonValue, model_validator

from training.configs.settings import setting, settings


@settings
class IdmData:
    """Which recordings teach, and how they are read."""

    recordings: Annotated[
        tuple[str, ...],
        setting("Recordings to learn from: project ids, or paths relative to the project", min_length=1),
    ]
    held_out: Annotated[tuple[str, ...], setting("Recordings kept for evaluation, never trained on")] = ()
    clip_ticks: Annotated[int, setting("Length of a clip", unit="ticks of 50 ms", ge=8, le=1024)] = 128
    edge_ticks: Annotated[
        int,
        setting(
            "Ticks at both ends of a clip that are shown but teach nothing, as prediction drops them too",
            unit="ticks of 50 ms",
            ge=0,
            le=256,
        ),
    ] = 0
    balanced_clips: Annotated[
        float,
        setting("Share of the clips that are chosen so that every button is held equally often", ge=0, le=1),
    ] = 0.0
    conversion: Annotated[
        Literal["exact", "published"],
        setting("How raw input becomes actions: exactly, or bit for bit as the published loader does"),
    ] = "exact"
    draw_pointer: Annotated[bool, setting("Draw the mouse pointer on frames with an open menu")] = True
    frame_cache_gigabytes: Annotated[
        float,
        setting("Disk space for decoded frames; 0 decodes every clip anew", unit="GB", ge=0, le=4096),
    ] = 2.0

    @model_validator(mode="after")
    def _kept_apart(self) -> Self:
        # By name only: settings know no files. Content is compared when a run is prepared and when it starts.
        if both := sorted(set(self.recordings) & set(self.held_out)):
            raise ValueError(f"{', '.join(both)} cannot be in recordings and in held_out")
        if self.clip_ticks % 4:
            raise ValueError("clip_ticks must be a multiple of 4, so that a window has a middle half")
        if self.clip_ticks <= 2 * self.edge_ticks:
            raise ValueError("edge_ticks leave nothing of a clip to learn from")
        return self


@settings
class IdmModel:
    """Which network is trained."""

    preset: Annotated[
        Literal["nano", "tiny", "small", "1x", "2x", "4x_idm"],
        setting("Size of the network, from what a laptop trains to the released model"),
    ] = "nano"
    overrides: Annotated[
        dict[str, JsonValue], setting("Arguments of the network that differ from the preset")
    ] = field(default_factory=dict)
    heads_from_shares: Annotated[
        bool, setting("Let fresh heads start from how often each action occurs, instead of at random")
    ] = False


@settings
class Optimiser:
    """How gradients change the weights."""

    learning_rate: Annotated[
        float, setting("Highest learning rate, reached after the warm-up", gt=0, le=1)
    ] = 3e-4
    weight_decay: Annotated[float, setting("Pull of the weights towards zero (AdamW)", ge=0, le=1)] = 0.01
    warmup_steps: Annotated[int, setting("Steps over which the learning rate rises", unit="steps", ge=0)] = (
        100
    )
    decay: Annotated[
        Literal["linear", "cosine", "constant"], setting("How the learning rate falls after the warm-up")
    ] = "linear"
    gradient_clip: Annotated[
        float | None, setting("Longest gradient (L2 norm); longer ones are shortened to it", gt=0)
    ] = 1.0
    ema_decay: Annotated[
        float | None,
        setting(
            "Share of the old in the running average of the weights that is evaluated and kept", ge=0, lt=1
        ),
    ] = None


@settings
class Augmentation:
    """How far frames are changed, drawn once per clip and evenly between plus and minus the value."""

    hue: Annotated[float, setting("Shift of the hue", unit="turns of the colour circle", ge=0, le=0.5)] = 0.2
    saturation: Annotated[float, setting("Change of saturation, as a factor around 1", ge=0, lt=1)] = 0.2
    brightness: Annotated[float, setting("Change of brightness, as a factor around 1", ge=0, lt=1)] = 0.2
    contrast: Annotated[float, setting("Change of contrast, as a factor around 1", ge=0, lt=1)] = 0.2
    rotation_degrees: Annotated[float, setting("Rotation", unit="degrees", ge=0, le=180)] = 2.0
    scale: Annotated[float, setting("Change of size, as a factor around 1", ge=0, lt=1)] = 0.02
    shear_degrees: Annotated[float, setting("Shear", unit="degrees", ge=0, lt=90)] = 2.0
    translation_pixels: Annotated[
        float, setting("Shift along each axis", unit="pixels of the network's input", ge=0, le=64)
    ] = 2.0
    panned_clips: Annotated[
        float,
        setting("Share of the clips that are moved besides, with the turn added to the labels", ge=0, le=1),
    ] = 0.0
    panned_stills: Annotated[
        float, setting("Share of the clips that become one frame, moved with a known turn", ge=0, le=1)
    ] = 0.0
    mirror: Annotated[
        bool,
        setting("Mirror half of the clips left to right, with left and right and the camera's yaw exchanged"),
    ] = False


@settings
class Training:
    """How long training lasts, and what it does on the way."""

    steps: Annotated[int | None, setting("Steps after which training is done", unit="steps", ge=1)] = None
    minutes: Annotated[
        float | None, setting("Time after which training is done, pauses not counted", unit="minutes", gt=0)
    ] = None
    batch_clips: Annotated[int, setting("Clips per step", unit="clips", ge=1, le=65536)] = 8
    seed: Annotated[int, setting("Start of every random choice", ge=0, lt=2**32)] = 0
    threads: Annotated[
        int | None,
        setting("Processor threads to use; left to PyTorch unless it is set", unit="threads", ge=1, le=4096),
    ] = None
    evaluate_every_steps: Annotated[
        int | None, setting("Steps between evaluations on the held-out recordings", unit="steps", ge=1)
    ] = None
    evaluate_every_minutes: Annotated[
        float | None, setting("Time between evaluations on the held-out recordings", unit="minutes", gt=0)
    ] = 5.0
    checkpoint_every_seconds: Annotated[
        float, setting("Longest time whose work a crash can cost", unit="seconds", gt=0)
    ] = 300.0
    keep_checkpoints: Annotated[
        int, setting("Latest checkpoints kept, beside the best", unit="checkpoints", ge=1, le=1000)
    ] = 2

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.steps is None and self.minutes is None:
            raise ValueError("steps or minutes must say when it is done")
        return self


@settings
class IdmConfig:
    """Everything that decides a training of the inverse dynamics model."""

    data: IdmData
    model: IdmModel = field(default_factory=IdmModel)
    optimiser: Optimiser = field(default_factory=Optimiser)
    augmentation: Augmentation = field(default_factory=Augmentation)
    training: Training


IDM_RECIPES: dict[str, dict[str, dict[str, JsonValue]]] = {
    "laptop": {
        "data": {"clip_ticks": 8, "edge_ticks": 2, "balanced_clips": 0.5, "frame_cache_gigabytes": 8.0},
        "model": {"preset": "nano", "heads_from_shares": True},
        "optimiser": {
            "learning_rate": 1e-3,
            "warmup_steps": 30,
            "decay": "linear",
            "gradient_clip": 5.0,
            "ema_decay": 0.995,
        },
        "augmentation": {"panned_clips": 0.5, "panned_stills": 0.2, "mirror": True},
        "training": {"minutes": 30.0, "batch_clips": 20},
    },
    # For an hour of play and more: longer clips, fewer made motions, a wider network that evens out contrast.
    "hour": {
        "data": {"clip_ticks": 16, "edge_ticks": 2, "balanced_clips": 0.5, "frame_cache_gigabytes": 8.0},
        "model": {
            "preset": "nano",
            "overrides": {"impala_channels": [40, 48, 64], "contrast_window": 9},
            "heads_from_shares": True,
        },
        "optimiser": {
            "learning_rate": 1e-3,
            "warmup_steps": 30,
            "decay": "linear",
            "gradient_clip": 5.0,
            "ema_decay": 0.995,
        },
        "augmentation": {"panned_clips": 0.3, "panned_stills": 0.1, "mirror": True},
        "training": {"minutes": 60.0, "batch_clips": 12},
    },
    # Adam, 0.003 falling linearly, decay 0.01, batches of 128 clips of 128 frames: 20 epochs over 1,962 hours
    # at 20 Hz are 20 * 1962 * 72000 / (128 * 128) steps. No warm-up and no clip of the gradient are known.
    "paper": {
        "data": {"clip_ticks": 128, "conversion": "published", "draw_pointer": True},
        "model": {"preset": "4x_idm"},
        "optimiser": {
            "learning_rate": 0.003,
            "weight_decay": 0.01,
            "warmup_steps": 0,
            "decay": "linear",
            "gradient_clip": None,
            "ema_decay": None,
        },
        "training": {"steps": 172441, "batch_clips": 128},
    },
}
