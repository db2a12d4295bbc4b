"""The inverse dynamics model: which action happened at every frame of a clip, seen from before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.errors import StudioError
from vpt_studio.models.action_heads import ActionHeads, ActionLogProbabilities
from vpt_studio.models.contrast import evened_contrast
from vpt_studio.models.image_tower import ImageTower
from vpt_studio.models.layers import DenseBrick, rescale_rows
from vpt_studio.models.motion_start import start_from_motion
from vpt_studio.models.transformer import Transformer, TransformerShape

_CAMERA_AXES = 2  # pitch, yaw

# Activations of so many pixels (16 frames of 128x128) fit a processor's caches: training the smallest
# network runs 1.5 times as fast as with all frames at once.
_PIXELS_PER_SLICE_ON_CPU = 16 * 128 * 128

# Options that have one value in every released model. Another value would mean another graph, which we could
# not check against anything, so it is refused instead of guessed.
_FIXED_OPTIONS: dict[str, object] = {
    "attention_mask_style": "none",
    "only_img_input": True,
    "recurrence_is_residual": True,
    "recurrence_type": "transformer",
    "single_output": True,
    "use_pointwise_layer": True,
    "use_pre_lstm_ln": False,
}


_COUNTS = (
    "hidden_size",
    "attention_heads",
    "transformer_blocks",
    "temporal_channels",
    "temporal_taps",
    "image_size",
    "input_pooling",
    "timesteps",
    "pointwise_ratio",
)


@dataclass(frozen=True)
class IdmNetwork:
    """Every size and option of an inverse dynamics model.

    Attributes:
        hidden_size: H, width of the transformer.
        attention_heads: Heads; H must be a multiple.
        transformer_blocks: Blocks over time.
        impala_width: Multiplies ``impala_channels``.
        impala_channels: Output channels of the three stacks at width 1.
        temporal_channels: Channels of the convolution over time.
        temporal_taps: Frames seen by that convolution, an odd number.
        image_size: Height and width of a frame in pixels.
        input_pooling: Side of the squares of pixels that are averaged before anything else; 1 in every
            released model. 2 makes the network four times cheaper and quicker to train on little data.
        contrast_window: Side in (averaged) pixels of the surroundings relative to whose mean and spread every
            pixel is seen, so that a dark wall shows as much as a bright meadow; an odd number, or 0, as in
            every released model, for pixels as they are.
        timesteps: Frames per clip in training; any length works in prediction.
        temperature: Divides the heads' logits; grows with the width in the released models (4 for 4x).
        norm_groups: Groups of the norms inside the image tower.
        post_pool_groups: Groups of the norm behind each pool, or ``None`` for no norm there.
        pointwise_ratio: Width of a transformer block's hidden layer in units of H.
        pointwise_use_activation: Whether a block's hidden layer is rectified at its end.
        start: How fresh weights are drawn: as in the released models, or by
            :func:`~vpt_studio.models.motion_start.start_from_motion`.
    """

    hidden_size: int
    attention_heads: int
    transformer_blocks: int
    impala_width: float
    temporal_channels: int
    impala_channels: tuple[int, ...] = (16, 32, 32)
    temporal_taps: int = 5
    image_size: int = 128
    input_pooling: int = 1
    contrast_window: int = 0
    timesteps: int = 128
    temperature: float = 1.0
    norm_groups: int | None = 1
    post_pool_groups: int | None = 1
    pointwise_ratio: int = 4
    pointwise_use_activation: bool = False
    start: Literal["released", "motion"] = "released"

    def __post_init__(self) -> None:
        for name in _COUNTS:
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise StudioError(
                    f"the network's {name} is {value!r}", mend="Choose a whole number of 1 or more"
                )
        if self.hidden_size % self.attention_heads:
            raise StudioError(
                f"a network of width {self.hidden_size} cannot have {self.attention_heads} attention heads",
                mend="Choose a width that is a multiple of the heads",
            )
        if self.temporal_taps % 2 == 0:
            raise StudioError(
                f"the convolution over time has {self.temporal_taps} taps",
                mend="Choose an odd number, so that it looks equally far back and ahead",
            )
        if self.image_size % self.input_pooling:
            raise StudioError(
                f"{self.image_size} pixels cannot be averaged over squares of {self.input_pooling}",
                mend="Choose an input pooling that divides the image size",
            )
        if self.contrast_window < 0 or (self.contrast_window and self.contrast_window % 2 == 0):
            raise StudioError(
                f"the contrast window is {self.contrast_window} pixels wide",
                mend="Choose an odd number, so that it reaches equally far to all sides, or 0 for none",
            )
        if self.start not in ("released", "motion"):
            raise StudioError(f"there is no start {self.start!r}", mend="Choose released or motion")

    @property
    def tower_channels(self) -> tuple[int, ...]:
        """Output channels of the stacks after widening."""
        return tuple(int(self.impala_width * channels) for channels in self.impala_channels)

    @classmethod
    def from_openai(cls, args: Mapping[str, Any], temperature: float) -> IdmNetwork:
        """Read the network arguments of an OpenAI ``.model`` file; unknown ones are ignored.

        Raises:
            StudioError: If an argument is missing, or asks for a graph no released IDM has.
        """
        for name, value in _FIXED_OPTIONS.items():
            if args.get(name, value) != value:
                raise StudioError(
                    f"the network option {name} is {args[name]!r}, not {value!r}",
                    mend="Choose the .model file of an inverse dynamics model",
                )
        try:
            temporal = args["conv3d_params"]
            taps, *plane = temporal["kernel_size"]
            if (
                plane != [1, 1]
                or list(temporal["padding"]) != [taps // 2, 0, 0]
                or args["img_shape"][0] != args["img_shape"][1]
                or args["attention_memory_size"] != args["timesteps"]
                or args["init_norm_kwargs"].get("batch_norm", False)
            ):
                raise StudioError(
                    "the network arguments describe a graph that no released inverse dynamics model has",
                    mend="Choose a .model file of the released family",
                )
            return cls(
                hidden_size=args["hidsize"],
                attention_heads=args["attention_heads"],
                transformer_blocks=args["n_recurrence_layers"],
                impala_width=args["impala_width"],
                impala_channels=tuple(args.get("impala_chans", (16, 32, 32))),
                temporal_channels=temporal["outchan"],
                temporal_taps=taps,
                image_size=args["img_shape"][0],
                timesteps=args["timesteps"],
                temperature=float(temperature),
                norm_groups=args["init_norm_kwargs"].get("group_norm_groups"),
                post_pool_groups=args["impala_kwargs"].get("post_pool_groups"),
                pointwise_ratio=args["pointwise_ratio"],
                pointwise_use_activation=args.get("pointwise_use_activation", False),
            )
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise StudioError(
                f"the network arguments are no inverse dynamics model's ({type(error).__name__}: {error})",
                mend="Choose the .model file of an inverse dynamics model",
            ) from error

    def to_dict(self) -> dict[str, Any]:
        """The network as JSON values, readable by :meth:`from_dict`."""
        return asdict(self) | {"impala_channels": list(self.impala_channels)}

    @classmethod
    def from_dict(cls, config: Mapping[str, Any]) -> IdmNetwork:
        """The opposite of :meth:`to_dict`.

        Raises:
            StudioError: If a key is unknown or missing.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(config) - known)
        if unknown:
            raise StudioError(
                f"the network has unknown options: {', '.join(unknown)}",
                mend="Update VPT Studio, or remove them if they were written by hand",
            )
        try:
            return cls(**{**config, "impala_channels": tuple(config.get("impala_channels", (16, 32, 32)))})
        except TypeError as error:
            raise StudioError(f"the network's description is incomplete ({error})") from error


class TemporalConvolution(nn.Module):
    """Convolution over time only, zero padding at the clip's ends, bias, ReLU.

    Computed as one 1x1 convolution over the taps' stacked channels: many times faster on a CPU than a 3D
    convolution, with the same parameters and the same sums.

    Args:
        channels_in: Channels of a frame.
        channels_out: Channels of the result.
        taps: Frames seen, an odd number.
    """

    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.layer = nn.Conv3d(channels_in, channels_out, (taps, 1, 1), padding=(taps // 2, 0, 0))
        rescale_rows(self.layer.weight, 1.0)
        if self.layer.bias is not None:
            nn.init.zeros_(self.layer.bias)
        self.taps = taps

    def forward(self, padded: Tensor) -> Tensor:
        """Convolve a clip that already has ``taps // 2`` zero frames (or neighbours) at both ends.

        Args:
            padded: [B, T + taps - 1, H, W, C]; uint8 levels 0..255, or float in [0, 1].

        Returns:
            Float [B*T, channels_out, H, W] in channels-last memory.
        """
        kernel = self.layer.weight.flatten(2)  # [out, C, taps]
        weight = kernel.transpose(1, 2).flatten(1)  # [out, taps * C], tap-major like the stack below
        if padded.dtype == torch.uint8:
            weight = weight / 255.0
        frames = padded.shape[1] - self.taps + 1
        stacked = torch.cat([padded[:, tap : tap + frames] for tap in range(self.taps)], dim=-1)
        pixels = stacked.to(weight.dtype).flatten(0, 1).permute(0, 3, 1, 2)
        return functional.relu(
            functional.conv2d(pixels, weight[:, :, None, None], self.layer.bias), inplace=True
        )


def _pooled(frames: Tensor, side: int) -> Tensor:
    """Average squares of pixels, [B, T, H, W, C] -> float in [0, 1]; a side of 1 leaves the frames alone."""
    if side == 1:
        return frames
    unit = frames.float() / 255 if frames.dtype == torch.uint8 else frames
    pictures = functional.avg_pool2d(unit.flatten(0, 1).permute(0, 3, 1, 2), side)
    return pictures.permute(0, 2, 3, 1).reshape(*frames.shape[:2], *pictures.shape[2:], -1)


class InverseDynamicsNet(nn.Module):
    """Everything below the heads: convolution over time, image tower, transformer, final norm.

    ``lastlayer`` exists because released checkpoints contain it; the released graph evaluates it and throws
    the result away, so it is not evaluated here and gets no gradient.

    Args:
        network: Sizes and options.
    """

    def __init__(self, network: IdmNetwork) -> None:
        super().__init__()
        width = network.hidden_size
        self.conv3d_layer = TemporalConvolution(3, network.temporal_channels, network.temporal_taps)
        self.img_process = ImageTower(
            width=width,
            image_size=network.image_size // network.input_pooling,
            channels_in=network.temporal_channels,
            channels=network.tower_channels,
            norm_groups=network.norm_groups,
            first_conv_normalised=True,
            post_pool_groups=network.post_pool_groups,
        )
        self.recurrent_layer = Transformer(
            TransformerShape(
                width=width,
                heads=network.attention_heads,
                blocks=network.transformer_blocks,
                memory=0,
                mask_style="none",
                pointwise_ratio=network.pointwise_ratio,
                pointwise_use_activation=network.pointwise_use_activation,
            )
        )
        self.lastlayer = DenseBrick(width, width, normalised=True, rectified=True, init_scale=1.0)
        self.final_ln = nn.LayerNorm(width)
        self._pooling = network.input_pooling
        self._contrast_window = network.contrast_window
        side = network.image_size // network.input_pooling
        self._frames_per_slice = max(1, _PIXELS_PER_SLICE_ON_CPU // (side * side))
        if network.start == "motion":
            start_from_motion(self.conv3d_layer.layer.weight, self.img_process.cnn)

    def forward(self, frames: Tensor, frames_per_slice: int | None) -> Tensor:
        """[B, T, H, W, 3] -> latents, float [B, T, hidden_size]; see :class:`InverseDynamicsModel`."""
        batch, count = frames.shape[:2]
        reach = self.conv3d_layer.taps // 2
        padded = functional.pad(frames, (0, 0, 0, 0, 0, 0, reach, reach))
        if frames_per_slice is None:
            frames_per_slice = self._frames_per_slice if frames.device.type == "cpu" else batch * count
        step = max(1, frames_per_slice // batch)
        embedded = []
        for start in range(0, count, step):
            part = _pooled(padded[:, start : min(start + step, count) + 2 * reach], self._pooling)
            part = evened_contrast(part, self._contrast_window)
            embedded.append(self.img_process(self.conv3d_layer(part)))
        slices = [rows.unflatten(0, (batch, -1)) for rows in embedded]
        mixed, _ = self.recurrent_layer(torch.cat(slices, dim=1))
        latent: Tensor = self.final_ln(functional.relu(mixed))
        return latent


class InverseDynamicsModel(nn.Module):
    """Predicts the action of every frame of a clip from the whole clip (paper, section 4; OpenAI release).

    Parameter names are those of the released checkpoints.

    Args:
        network: Sizes and options.
    """

    def __init__(self, network: IdmNetwork) -> None:
        super().__init__()
        self.network = network
        self.net = InverseDynamicsNet(network)
        self.pi_head = ActionHeads(
            network.hidden_size,
            buttons=((len(BUTTONS),), 2),
            camera=((_CAMERA_AXES,), DEFAULT_CAMERA.bins),
            temperature=network.temperature,
        )

    def forward(self, frames: Tensor, frames_per_slice: int | None = None) -> ActionLogProbabilities:
        """Log-probabilities of the action taken at each frame.

        Args:
            frames: RGB [B, T, image_size, image_size, 3]; uint8 levels, or float already in [0, 1].
            frames_per_slice: Frames that pass the image tower at once; bounds memory in prediction. ``None``
                means as many as fit a CPU's caches, all elsewhere. The result does not depend on it.

        Returns:
            Float32 log-probabilities: buttons [B, T, 20, 2], camera [B, T, 2, 11].

        Raises:
            ValueError: If the frames have another shape.
        """
        size = self.network.image_size
        if frames.ndim != 5 or frames.shape[2:] != (size, size, 3):
            raise ValueError(f"frames must be [B, T, {size}, {size}, 3], not {list(frames.shape)}")
        heads: ActionLogProbabilities = self.pi_head(self.net(frames, frames_per_slice))
        return heads
