"""The policy: what to do now, seen from this frame and the frames before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.actions.joint_space import BUTTON_COMBINATIONS, camera_combinations
from vpt_studio.models.action_heads import ActionHeads
from vpt_studio.models.attention import BlockMemory
from vpt_studio.models.image_tower import ImageTower
from vpt_studio.models.layers import DenseBrick
from vpt_studio.models.log_probability import ActionLogProbabilities
from vpt_studio.models.policy_network import PolicyNetwork
from vpt_studio.models.pooling import pooled
from vpt_studio.models.ring_memory import RingMemory
from vpt_studio.models.transformer import Transformer
from vpt_studio.models.value_head import ValueHead

Starts = Literal["anywhere", "call"]


@dataclass(frozen=True)
class PolicyOutput:
    """What a policy says of every frame.

    Attributes:
        actions: Log-probabilities of the joint choices: buttons [B, T, 8641], camera [B, T, 121].
        value: Normalised value, float32 [B, T]; ``policy.value_head.returns`` makes expected returns of it.
        auxiliary_value: The same of the second value head, or ``None`` without one.
        latent: Float [B, T, H], what all heads read.
    """

    actions: ActionLogProbabilities
    value: Tensor
    auxiliary_value: Tensor | None
    latent: Tensor


class PolicyNet(nn.Module):
    """Everything below the heads: image tower, transformer, last layer, final norm.

    Args:
        network: Sizes and options.
    """

    def __init__(self, network: PolicyNetwork) -> None:
        super().__init__()
        width = network.hidden_size
        side = network.image_size // network.input_pooling
        self.img_process = ImageTower(
            width=width,
            image_size=side,
            channels_in=3,
            channels=network.tower_channels,
            norm_groups=network.norm_groups,
            first_conv_normalised=False,
            post_pool_groups=network.post_pool_groups,
        )
        self.recurrent_layer = Transformer(network.transformer)
        self.lastlayer = DenseBrick(width, width, normalised=True, rectified=True, init_scale=1.0)
        self.final_ln = nn.LayerNorm(width)
        self._pooling = network.input_pooling

    def forward(
        self,
        frames: Tensor,
        first: Tensor | None,
        memory: list[BlockMemory] | None,
        frames_per_slice: int | None,
    ) -> tuple[Tensor, list[BlockMemory]]:
        """[B, T, H, W, 3] -> latents, float [B, T, hidden_size], and the next memory; see :class:`Policy`."""
        embedded = self._embedded(frames.flatten(0, 1), frames_per_slice).view(*frames.shape[:2], -1)
        mixed, memory = self.recurrent_layer(embedded, first, memory)
        return self._latent(mixed), memory

    def step(self, frames: Tensor, first: Tensor, ring: RingMemory, streams: Tensor | None) -> Tensor:
        """[B, H, W, 3] -> latents, float [B, hidden_size]; the ring is written."""
        return self._latent(self.recurrent_layer.step(self._embedded(frames, None), first, ring, streams))

    def _embedded(self, frames: Tensor, frames_per_slice: int | None) -> Tensor:
        """[N, H, W, 3] -> float [N, hidden_size], every frame for itself."""
        if frames_per_slice is None:
            frames_per_slice = self.img_process.frames_at_once
        return torch.cat(
            [self.img_process(self._pixels(part)) for part in torch.split(frames, frames_per_slice)]
        )

    def _pixels(self, frames: Tensor) -> Tensor:
        """[N, H, W, 3] -> float [N, 3, H, W] in [0, 1], in channels-last memory."""
        pictures = pooled(frames, self._pooling)
        weight = self.final_ln.weight
        unit = pictures.to(weight.dtype) / 255 if pictures.dtype == torch.uint8 else pictures.to(weight.dtype)
        return unit.permute(0, 3, 1, 2)

    def _latent(self, mixed: Tensor) -> Tensor:
        latent: Tensor = self.final_ln(self.lastlayer(functional.relu(mixed)))
        return latent


class Policy(nn.Module):
    """Chooses one of 8641 button combinations and one of 121 camera pairs per frame (paper; OpenAI release).

    Parameter names are those of the released checkpoints. A call may have any number of frames: a stream
    that is cut into calls of any lengths gives the same, as long as each gets the memory the last returned.

    A camera pair is 11 x pitch bin + yaw bin: the first axis is pitch (the mouse up and down), though
    OpenAI's code calls it x, and other projects have mixed the two up.

    Args:
        network: Sizes and options.
    """

    def __init__(self, network: PolicyNetwork) -> None:
        super().__init__()
        self.network = network
        self.net = PolicyNet(network)
        self.value_head = ValueHead(network.hidden_size)
        self.pi_head = ActionHeads(
            network.hidden_size,
            buttons=((), BUTTON_COMBINATIONS),
            camera=((), camera_combinations()),
            temperature=network.temperature,
        )
        self.auxiliary_value_head = ValueHead(network.hidden_size) if network.auxiliary_value_head else None

    def forward(
        self,
        frames: Tensor,
        first: Tensor | None = None,
        memory: list[BlockMemory] | None = None,
        *,
        starts: Starts = "anywhere",
        frames_per_slice: int | None = None,
    ) -> tuple[PolicyOutput, list[BlockMemory]]:
        """Read the frames of one call.

        Args:
            frames: RGB [B, T, image_size, image_size, 3]; uint8 levels, or float already in [0, 1].
            first: Bool [B, T]: the frames that start an episode and must know nothing of earlier ones.
                ``None`` means nowhere.
            memory: What the previous call returned; ``None`` means that nothing came before.
            starts: ``"anywhere"`` honours every start. ``"call"`` honours only one at the call's first frame,
                as the published code does in silence, and exists to compare with it.
            frames_per_slice: Frames that pass the image tower at once; bounds memory. ``None`` means as many
                as are quick. The result does not depend on it.

        Returns:
            What the policy says of every frame, and the memory for the next call. The memory carries
            gradients; training that cuts them between calls detaches it.

        Raises:
            ValueError: If frames or starts have another shape.
        """
        self._demand_frames(frames, ndim=5)
        if first is not None and first.shape != frames.shape[:2]:
            raise ValueError(f"first must be {list(frames.shape[:2])}, not {list(first.shape)}")
        if first is not None and starts == "call":
            first = first & (torch.arange(first.shape[1], device=first.device) == 0)
        latent, memory = self.net(frames, first, memory, frames_per_slice)
        return self._read(latent), memory

    @torch.no_grad()
    def step(
        self, frames: Tensor, first: Tensor, ring: RingMemory, streams: Tensor | None = None
    ) -> PolicyOutput:
        """Read one frame of every stream, without gradients; what :meth:`forward` says, for less.

        Args:
            frames: RGB [B, image_size, image_size, 3], as in :meth:`forward`.
            first: Bool [B]: which frames start an episode.
            ring: The streams' memory, from :meth:`ring`; it is written in place.
            streams: Int64 [B]: whose frames these are, each at most once, where only some of the ring's
                streams have one; their memory is then copied to be read. ``None`` means all, in order.

        Returns:
            The output without the axis T.

        Raises:
            ValueError: If frames or starts have another shape than the ring.
        """
        self._demand_frames(frames, ndim=4)
        expected = ring.streams if streams is None else len(streams)
        if not len(frames) == len(first) == expected:
            raise ValueError(f"{len(frames)} frames and {len(first)} starts for {expected} streams")
        return self._read(self.net.step(frames, first, ring, streams))

    def ring(self, streams: int) -> RingMemory:
        """An empty memory for :meth:`step` of so many streams, on the device of the weights."""
        return self.net.recurrent_layer.ring(streams)

    def _read(self, latent: Tensor) -> PolicyOutput:
        auxiliary = self.auxiliary_value_head
        return PolicyOutput(
            self.pi_head(latent),
            self.value_head(latent),
            None if auxiliary is None else auxiliary(latent),
            latent,
        )

    def _demand_frames(self, frames: Tensor, *, ndim: int) -> None:
        size = self.network.image_size
        if frames.ndim != ndim or frames.shape[-3:] != (size, size, 3):
            axes = "B, T, " if ndim == 5 else "B, "
            raise ValueError(f"frames must be [{axes}{size}, {size}, 3], not {list(frames.shape)}")
