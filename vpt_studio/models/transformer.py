"""The transformer over time: attention with cached keys and values, and its memory between calls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, cast

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.models.layers import DenseBrick, scaled_linear

MaskStyle = Literal["clipped_causal", "none"]
_RELATIVE_BASIS = 10  # basis functions of the relative-position branch, in every released model
_HIDDEN = -1e9  # added to a forbidden logit; finite, so a row of only forbidden keys stays a number


@dataclass(frozen=True)
class BlockMemory:
    """What one attention block carries from call to call.

    Attributes:
        mask: Bool [B, 1, M], true where the memory column may be seen; ``None`` before the first call.
        keys: Float [B, M, H], not yet split into heads.
        values: Float [B, M, H], not yet split into heads.
    """

    mask: Tensor | None
    keys: Tensor
    values: Tensor


@dataclass(frozen=True)
class TransformerShape:
    """The sizes a transformer is built from.

    Attributes:
        width: H, the size of every latent.
        heads: Attention heads; H must be a multiple.
        blocks: Number of blocks.
        memory: M, how many frames a block remembers and how far back it may look, itself included. Must be 0
            for the mask style "none".
        mask_style: "clipped_causal" (the M most recent frames) or "none" (every frame of the call).
        pointwise_ratio: Width of a block's hidden layer in units of H.
        pointwise_use_activation: Whether the hidden layer's output is rectified before it is added.
    """

    width: int
    heads: int
    blocks: int
    memory: int
    mask_style: MaskStyle
    pointwise_ratio: int = 4
    pointwise_use_activation: bool = False


class Attention(nn.Module):
    """Multi-head attention with a learned relative-position term and a key/value cache (OpenAI release).

    Logits are scaled by 1/e for heads of size e (not 1/sqrt(e)).

    Args:
        shape: The transformer's sizes.
        init_scale: Row length of the value and output projections.
    """

    def __init__(self, shape: TransformerShape, *, init_scale: float) -> None:
        super().__init__()
        width = shape.width
        self.q_layer = scaled_linear(width, width, bias=True, init_scale=0.1)
        self.k_layer = scaled_linear(width, width, bias=False, init_scale=0.2)
        self.v_layer = scaled_linear(width, width, bias=False, init_scale=init_scale)
        self.proj_layer = scaled_linear(width, width, bias=True, init_scale=init_scale)
        self.r_layer = scaled_linear(width, _RELATIVE_BASIS * shape.heads, bias=True, init_scale=0.1)
        self.b_nd = nn.Parameter(torch.randn(_RELATIVE_BASIS, shape.memory) * 0.2)
        self._heads = shape.heads
        self._memory = shape.memory
        self._causal = shape.mask_style == "clipped_causal"

    def forward(self, z: Tensor, first: Tensor, memory: BlockMemory) -> tuple[Tensor, BlockMemory]:
        """Attend from every frame of the call to the frames it may see.

        Args:
            z: Float [B, T, H], normalised latents.
            first: Bool [B]; true hides the memory of that batch element in this call.
            memory: State of the previous call.

        Returns:
            The projected result, float [B, T, H], without residual; and the next state.
        """
        keys = torch.cat([memory.keys, self.k_layer(z)], dim=1)
        values = torch.cat([memory.values, self.v_layer(z)], dim=1)
        queries = self._split(self.q_layer(z))
        bias = self._bias(z, first, memory) if self._causal else None
        attended = functional.scaled_dot_product_attention(
            queries,
            self._split(keys),
            self._split(values),
            attn_mask=bias,
            scale=1.0 / queries.shape[-1],
        )
        merged = attended.transpose(1, 2).flatten(2)
        return self.proj_layer(merged), self._next_memory(first, memory, keys, values, z.shape[1])

    def _split(self, x: Tensor) -> Tensor:
        """[B, S, H] -> [B, heads, S, e]; heads are consecutive slices."""
        return x.reshape(*x.shape[:2], self._heads, -1).transpose(1, 2)

    def _bias(self, z: Tensor, first: Tensor, memory: BlockMemory) -> Tensor:
        """Relative term plus mask, float [B, heads, T, M+T], to be added to the scaled logits."""
        batch, frames = z.shape[:2]
        span = self._memory
        column = torch.arange(span + frames, device=z.device)
        row = torch.arange(frames, device=z.device)
        age = span + row[:, None] - column[None, :]  # d = (M + i) - j, 0 is the frame itself
        visible = (age >= 0) & (age < span)
        strength = self.r_layer(z).unflatten(2, (self._heads, _RELATIVE_BASIS)).transpose(1, 2)
        by_age = strength @ self.b_nd  # [B, heads, T, M]
        lookup = age.clamp(0, span - 1).expand(batch, self._heads, -1, -1)
        relative = by_age.gather(3, lookup) * visible  # R[i, j]
        allowed = visible.expand(batch, -1, -1).clone()
        allowed[:, :, :span] &= self._remembered(first, memory, batch)
        return relative + torch.where(allowed, 0.0, _HIDDEN).unsqueeze(1)

    def _remembered(self, first: Tensor, memory: BlockMemory, batch: int) -> Tensor:
        """Bool [B, 1, M]: memory columns that are filled and belong to the current episode."""
        if memory.mask is None:
            return torch.zeros(batch, 1, self._memory, dtype=torch.bool, device=first.device)
        return memory.mask & ~first[:, None, None]

    def _next_memory(
        self, first: Tensor, memory: BlockMemory, keys: Tensor, values: Tensor, frames: int
    ) -> BlockMemory:
        span = self._memory
        if not self._causal:
            return memory
        fresh = torch.ones(keys.shape[0], 1, frames, dtype=torch.bool, device=keys.device)
        mask = torch.cat([self._remembered(first, memory, keys.shape[0]), fresh], dim=2)
        return BlockMemory(mask[:, :, -span:], keys[:, -span:], values[:, -span:])


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
        y = z + attended
        return y + self.mlp1(self.mlp0(y)), memory


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

    def initial_memory(self, batch: int) -> list[BlockMemory]:
        """An empty memory for ``batch`` parallel streams, on the device and in the type of the weights."""
        weight = cast("TransformerBlock", self.blocks[0]).pre_r_ln.weight
        empty = weight.new_zeros(batch, self.shape.memory, self.shape.width)
        return [BlockMemory(None, empty, empty) for _ in self.blocks]

    def forward(
        self, x: Tensor, first: Tensor | None = None, memory: list[BlockMemory] | None = None
    ) -> tuple[Tensor, list[BlockMemory]]:
        """Run all blocks over the frames of one call.

        Args:
            x: Float [B, T, H].
            first: Bool [B]: the first frame of the call starts an episode. ``None`` means nowhere. Episodes
                that start inside a call must be cut into calls by the caller.
            memory: What the previous call returned; ``None`` means a fresh start.

        Returns:
            Float [B, T, H], and the memory for the next call.
        """
        if first is None:
            first = torch.zeros(x.shape[0], dtype=torch.bool, device=x.device)
        following = []
        for block, remembered in zip(self.blocks, memory or self.initial_memory(x.shape[0]), strict=True):
            x, state = block(x, first, remembered)
            following.append(state)
        return x, following
