"""Sizes and options of an inverse dynamics model, as values that checkpoints carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from reprlib import repr as brief
from typing import Any, Literal

from vpt_studio.errors import StudioError
from vpt_studio.models.network_options import demand_buildable, options_from

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
        demand_buildable(self, _COUNTS)
        if self.temporal_taps % 2 == 0:
            raise StudioError(
                f"the convolution over time has {self.temporal_taps} taps",
                mend="Choose an odd number, so that it looks equally far back and ahead",
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
                    f"the network option {name} is {brief(args[name])}, not {value!r}",
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
                "the network arguments are no inverse dynamics model's"
                f" ({type(error).__name__}: {str(error)[:200]})",
                mend="Choose the .model file of an inverse dynamics model",
            ) from error

    def to_openai(self) -> dict[str, Any]:
        """The network arguments of a ``.model`` file; the temperature stands elsewhere in it.

        Raises:
            StudioError: If the network has something that OpenAI's code cannot build.
        """
        ours = {"input_pooling": self.input_pooling != 1, "contrast_window": self.contrast_window != 0}
        if any(ours.values()):
            raise StudioError(
                f"OpenAI's code has no {' and no '.join(name for name, used in ours.items() if used)}",
                mend="Keep this checkpoint in our own form",
            )
        return {
            **_FIXED_OPTIONS,
            "attention_heads": self.attention_heads,
            "attention_memory_size": self.timesteps,
            "conv3d_params": {
                "inchan": 3,
                "outchan": self.temporal_channels,
                "kernel_size": [self.temporal_taps, 1, 1],
                "padding": [self.temporal_taps // 2, 0, 0],
            },
            "hidsize": self.hidden_size,
            "img_shape": [self.image_size, self.image_size, self.temporal_channels],
            "impala_chans": list(self.impala_channels),
            "impala_kwargs": {"post_pool_groups": self.post_pool_groups},
            "impala_width": self.impala_width,
            "init_norm_kwargs": {"batch_norm": False, "group_norm_groups": self.norm_groups},
            "n_recurrence_layers": self.transformer_blocks,
            "pointwise_ratio": self.pointwise_ratio,
            "pointwise_use_activation": self.pointwise_use_activation,
            "timesteps": self.timesteps,
        }

    def to_dict(self) -> dict[str, Any]:
        """The network as JSON values, readable by :meth:`from_dict`."""
        return asdict(self) | {"impala_channels": list(self.impala_channels)}

    @classmethod
    def from_dict(cls, config: Mapping[str, Any]) -> IdmNetwork:
        """The opposite of :meth:`to_dict`.

        Raises:
            StudioError: If a key is unknown or missing.
        """
        return options_from(cls, config)
