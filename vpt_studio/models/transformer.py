"""The transformer over time: blocks of attention and a pointwise layer, and their memory between calls."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn

from vpt_studio.models.attention import Attention, BlockMemory, RingPlace, TransformerShape
from vpt_studio.models.layers import DenseBrick
from vpt_studio.models.ring_memory import RingMemory


class _AttentionHolder(nn.Module):
    """Gives the attention the name it has in released state dictionaries (``r.orc_block``)."""

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.orc_block = attention


class TransformerBlock(nn.Module):
    """z = LayerNorm(x); y = z + Attention(z); y + MLP(y).

    The attention's residual sits on the normalised stream: the un-normalised x is dropped (OpenAI release).

    Args:
        shape: The transformer's sizes.
    """

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        scale = 1 / math.sqrt(2 * shape.blocks)  # s = L^-1/2 * 2^-1/2
        hidden = shape.pointwise_ratio * shape.width
        self.pre_r_ln = nn.LayerNorm(shape.width)
        self.r = _AttentionHolder(Attention(shape, init_scale=math.sqrt(scale)))
        self.mlp0 = DenseBrick(shape.width, hidden, normalised=True, rectified=True, init_scale=1.0)
        self.mlp1 = DenseBrick(
            hidden,
            shape.width,
            normalised=False,
            rectified=shape.pointwise_use_activation,
            init_scale=scale,
        )

    def forward(self, x: Tensor, first: Tensor, memory: BlockMemory) -> tuple[Tensor, BlockMemory]:
        """Float [B, T, H] -> the same shape, and the next memory."""
        z = self.pre_r_ln(x)
        attended, memory = self.r.orc_block(z, first, memory)
        return self._widened(z + attended), memory

    def step(self, x: Tensor, keys: Tensor, values: Tensor, place: RingPlace) -> Tensor:
        """One frame of each stream, float [B, H] -> the same shape; the block's ring is written."""
        z = self.pre_r_ln(x)
        return self._widened(z + self.r.orc_block.step(z, keys, values, place))

    def _widened(self, y: Tensor) -> Tensor:
        result: Tensor = y + self.mlp1(self.mlp0(y))
        return result


class Transformer(nn.Module):
    """A stack of transformer blocks with one memory each.

    Args:
        shape: Sizes; see :class:`TransformerShape`.

    Raises:
        ValueError: If the width is no multiple of the heads, or the memory does not fit the mask style.
    """

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        if shape.width % shape.heads:
            raise ValueError(f"width {shape.width} is not a multiple of {shape.heads} heads")
        if (shape.memory > 0) != (shape.mask_style == "clipped_causal"):
            raise ValueError(f"mask style {shape.mask_style} cannot have a memory of {shape.memory} frames")
        self.shape = shape
        self.blocks = nn.ModuleList(TransformerBlock(shape) for _ in range(shape.blocks))

    @property
    def _weight(self) -> Tensor:
        return cast("TransformerBlock", self.blocks[0]).pre_r_ln.weight

    def initial_memory(self, batch: int) -> list[BlockMemory]:
        """An empty memory for ``batch`` parallel streams, on the device and in the type of the weights."""
        empty = self._weight.new_zeros(batch, self.shape.memory, self.shape.width)
        return [BlockMemory(None, empty, empty) for _ in self.blocks]

    def ring(self, batch: int) -> RingMemory:
        """An empty memory for :meth:`step`, on the device and in the type of the weights."""
        return RingMemory(self.shape, batch, self._weight.detach())

    def forward(
        self, x: Tensor, first: Tensor | None = None, memory: list[BlockMemory] | None = None
    ) -> tuple[Tensor, list[BlockMemory]]:
        """Run all blocks over the frames of one call.

        Args:
            x: Float [B, T, H].
            first: Bool [B, T]: where an episode starts, also inside the call; ``None`` means nowhere.
            memory: What the previous call returned; ``None`` means a fresh start.

        Returns:
            Float [B, T, H], and the memory for the next call.
        """
        if first is None:
            first = torch.zeros(x.shape[:2], dtype=torch.bool, device=x.device)
        following = []
        for block, remembered in zip(self.blocks, memory or self.initial_memory(x.shape[0]), strict=True):
            x, state = block(x, first, remembered)
            following.append(state)
        return x, following

    def step(self, x: Tensor, first: Tensor, ring: RingMemory, streams: Tensor | None = None) -> Tensor:
        """Run all blocks over one frame of every stream, or of some of them; the ring is written.

        Args:
            x: Float [B, H].
            first: Bool [B]: where the frame starts an episode.
            ring: From :meth:`ring`.
            streams: As for :meth:`RingMemory.place`.

        Returns:
            Float [B, H].
        """
        place = ring.place(first, streams)
        for block, keys, values in zip(self.blocks, ring.keys, ring.values, strict=True):
            x = cast("TransformerBlock", block).step(x, keys, values, place)
        return x
