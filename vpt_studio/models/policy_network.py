"""Sizes and options of a policy, as values that checkpoints carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from reprlib import repr as brief
from typing import Any

from vpt_studio.errors import StudioError
from vpt_studio.models.attention import TransformerShape
from vpt_studio.models.network_options import demand_buildable, options_from

# Options that have one value in every released policy. Another value would mean another graph, which we could
# not check against anything, so it is refused instead of guessed.
_FIXED_OPTIONS: dict[str, object] = {
    "attention_mask_style": "clipped_causal",
    "diff_mlp_embedding": False,
    "only_img_input": True,
    "recurrence_is_residual": True,
    "recurrence_type": "transformer",
    "use_pointwise_layer": True,
    "use_pre_lstm_ln": False,
}

_COUNTS = (
    "hidden_size",
    "attention_heads",
    "transformer_blocks",
    "image_size",
    "input_pooling",
    "memory",
    "timesteps",
    "pointwise_ratio",
)


@dataclass(frozen=True)
class PolicyNetwork:
    """Every size and option of a policy.

    Attributes:
        hidden_size: H, width of the transformer.
        attention_heads: Heads; H must be a multiple.
        transformer_blocks: Blocks over time.
        impala_width: Multiplies ``impala_channels``.
        impala_channels: Output channels of the three stacks at width 1.
        image_size: Height and width of a frame in pixels.
        input_pooling: Side of the squares of pixels that are averaged before anything else; 1 in every
            released model. 2 makes the network four times cheaper.
        memory: M, the frames that each block sees, the present one included.
        timesteps: Frames per clip in training; any length works in use.
        temperature: Divides the heads' logits. It belongs to the trained network and grows with its width
            (1, 2, 3 in the released models); it is no knob for sampling, and leaving it out ruins the policy.
        norm_groups: Groups of the norms inside the image tower.
        post_pool_groups: Groups of the norm behind each pool, or ``None`` for no norm there.
        pointwise_ratio: Width of a transformer block's hidden layer in units of H.
        pointwise_use_activation: Whether a block's hidden layer is rectified at its end.
        auxiliary_value_head: Whether there is a second value head, for phasic policy gradient (PPG).
    """

    hidden_size: int
    attention_heads: int
    transformer_blocks: int
    impala_width: float
    impala_channels: tuple[int, ...] = (16, 32, 32)
    image_size: int = 128
    input_pooling: int = 1
    memory: int = 128
    timesteps: int = 128
    temperature: float = 1.0
    norm_groups: int | None = 1
    post_pool_groups: int | None = 1
    pointwise_ratio: int = 4
    pointwise_use_activation: bool = False
    auxiliary_value_head: bool = False

    def __post_init__(self) -> None:
        demand_buildable(self, _COUNTS)

    @property
    def tower_channels(self) -> tuple[int, ...]:
        """Output channels of the stacks after widening."""
        return tuple(int(self.impala_width * channels) for channels in self.impala_channels)

    @property
    def transformer(self) -> TransformerShape:
        """Sizes of the transformer."""
        return TransformerShape(
            width=self.hidden_size,
            heads=self.attention_heads,
            blocks=self.transformer_blocks,
            memory=self.memory,
            mask_style="clipped_causal",
            pointwise_ratio=self.pointwise_ratio,
            pointwise_use_activation=self.pointwise_use_activation,
        )

    @classmethod
    def from_openai(cls, args: Mapping[str, Any], temperature: float) -> PolicyNetwork:
        """Read the network arguments of an OpenAI ``.model`` file; unknown ones are ignored.

        Raises:
            StudioError: If an argument is missing, or asks for a graph no released policy has.
        """
        for name, value in _FIXED_OPTIONS.items():
            if args.get(name, value) != value:
                raise StudioError(
                    f"the network option {name} is {brief(args[name])}, not {value!r}",
                    mend="Choose the .model file of a policy",
                )
        try:
            height, width, colours = args["img_shape"]
            if height != width or colours != 3 or args["init_norm_kwargs"].get("batch_norm", False):
                raise StudioError(
                    "the network arguments describe a graph that no released policy has",
                    mend="Choose a .model file of the released family",
                )
            return cls(
                hidden_size=args["hidsize"],
                attention_heads=args["attention_heads"],
                transformer_blocks=args["n_recurrence_layers"],
                impala_width=args["impala_width"],
                impala_channels=tuple(args.get("impala_chans", (16, 32, 32))),
                image_size=height,
                # What OpenAI calls the memory's size counts the frames of the call too.
                memory=args["attention_memory_size"] - args["timesteps"],
                timesteps=args["timesteps"],
                temperature=float(temperature),
                norm_groups=args["init_norm_kwargs"].get("group_norm_groups"),
                post_pool_groups=args["impala_kwargs"].get("post_pool_groups"),
                pointwise_ratio=args["pointwise_ratio"],
                pointwise_use_activation=args.get("pointwise_use_activation", False),
            )
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise StudioError(
                f"the network arguments are no policy's ({type(error).__name__}: {str(error)[:200]})",
                mend="Choose the .model file of a policy",
            ) from error

    def to_openai(self) -> dict[str, Any]:
        """The network arguments of a ``.model`` file; the temperature stands elsewhere in it.

        Raises:
            StudioError: If the network has something that OpenAI's code cannot build.
        """
        ours = {"input_pooling": self.input_pooling != 1, "auxiliary_value_head": self.auxiliary_value_head}
        if any(ours.values()):
            raise StudioError(
                f"OpenAI's code has no {' and no '.join(name for name, used in ours.items() if used)}",
                mend="Keep this checkpoint in our own form",
            )
        return {
            **_FIXED_OPTIONS,
            "active_reward_monitors": {"env_reward": 1},
            "attention_heads": self.attention_heads,
            "attention_memory_size": self.memory + self.timesteps,
            "hidsize": self.hidden_size,
            "img_shape": [self.image_size, self.image_size, 3],
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
    def from_dict(cls, config: Mapping[str, Any]) -> PolicyNetwork:
        """The opposite of :meth:`to_dict`.

        Raises:
            StudioError: If a key is unknown or missing, or a value makes no network.
        """
        return options_from(cls, config)
