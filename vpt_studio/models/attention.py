"""Attention over time: what each frame takes from the frames before it, in calls of any length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.models.layers import scaled_linear

MaskStyle = Literal["clipped_causal", "none"]
HIDDEN = -1e9  # added to a forbidden logit; finite, so a row of only forbidden keys stays a number
_RELATIVE_BASIS = 10  # basis functions of the relative-position branch, in every released model


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
class RingPlace:
    """Where one frame of each of B streams goes in a ring of M slots, and what it may see there.

    Attributes:
        streams: Int64 [B]: which of the ring's streams these are.
        slots: Int64 [B]: the slot that each frame takes, over the frame that has just become too old.
        ages: Int64 [B, M]: how many frames ago each slot was written, 0 for this frame's.
        bias: Float [B, 1, M]: 0 where a slot belongs to the stream's present episode, else ``HIDDEN``.
        whole: Whether these are all streams of the ring, in order, so that it is read as it lies.
    """

    streams: Tensor
    slots: Tensor
    ages: Tensor
    bias: Tensor
    whole: bool


class Attention(nn.Module):
    """Multi-head attention with a learned relative-position term and a key/value cache (OpenAI release).

    Two traps for who compares with the paper's citations: logits are scaled by 1/e for heads of size e, not
    by 1/sqrt(e); and a frame sees at most M frames *including itself*, so that the oldest entry of the
    memory is never seen.

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
            first: Bool [B, T]; true hides all earlier frames of that stream from this one on.
            memory: State of the previous call.

        Returns:
            The projected result, float [B, T, H], without residual; and the next state.
        """
        keys = torch.cat([memory.keys, self.k_layer(z)], dim=1)
        values = torch.cat([memory.values, self.v_layer(z)], dim=1)
        allowed, following = self._visibility(first, memory) if self._causal else (None, memory.mask)
        queries = self._split(self.q_layer(z))
        attended = functional.scaled_dot_product_attention(
            queries,
            self._split(keys),
            self._split(values),
            attn_mask=None if allowed is None else self._relative(z) + _hiding(allowed, z),
            scale=1.0 / queries.shape[-1],
        )
        projected = self.proj_layer(attended.transpose(1, 2).flatten(2))
        if following is not None:
            span = self._memory
            memory = BlockMemory(following, keys[:, -span:], values[:, -span:])
        return projected, memory

    def step(self, z: Tensor, keys: Tensor, values: Tensor, place: RingPlace) -> Tensor:
        """Attend from one frame of each stream, with keys and values in a ring that is written in place.

        Args:
            z: Float [B, H], normalised latents.
            keys: Float [streams of the ring, heads, M, e], this block's ring.
            values: The same for values.
            place: Where this frame goes.

        Returns:
            Float [B, H], what :meth:`forward` gives for the same frame.
        """
        heads = (self._heads, -1)
        keys[place.streams, :, place.slots] = self.k_layer(z).unflatten(1, heads)
        values[place.streams, :, place.slots] = self.v_layer(z).unflatten(1, heads)
        if not place.whole:
            keys, values = keys[place.streams], values[place.streams]
        queries = self.q_layer(z).unflatten(1, heads).unsqueeze(2)
        strength = self.r_layer(z).unflatten(1, heads)  # [B, heads, 10]
        relative = (strength @ self.b_nd).gather(2, place.ages[:, None].expand(-1, self._heads, -1))
        attended = functional.scaled_dot_product_attention(
            queries,
            keys,
            values,
            attn_mask=(relative + place.bias).unsqueeze(2),
            scale=1.0 / queries.shape[-1],
        )
        projected: Tensor = self.proj_layer(attended.flatten(1))
        return projected

    def _split(self, x: Tensor) -> Tensor:
        """[B, S, H] -> [B, heads, S, e]; heads are consecutive slices."""
        return x.reshape(*x.shape[:2], self._heads, -1).transpose(1, 2)

    def _ages(self, frames: int, device: torch.device) -> Tensor:
        """Int64 [T, M+T]: d = (M + i) - j, how long before frame i column j was; 0 is the frame itself."""
        column = torch.arange(self._memory + frames, device=device)
        row = torch.arange(frames, device=device)
        return self._memory + row[:, None] - column[None, :]

    def _relative(self, z: Tensor) -> Tensor:
        """R[i, j] = sum over n of r_i[n] b_nd[n, d], float [B, heads, T, M+T]; of no meaning where hidden."""
        strength = self.r_layer(z).unflatten(2, (self._heads, _RELATIVE_BASIS)).transpose(1, 2)
        by_age = strength @ self.b_nd  # [B, heads, T, M]
        ages = self._ages(z.shape[1], z.device).clamp(0, self._memory - 1)
        return by_age.gather(3, ages.expand(*by_age.shape[:2], -1, -1))

    def _visibility(self, first: Tensor, memory: BlockMemory) -> tuple[Tensor, Tensor]:
        """Which columns each frame may see, bool [B, T, M+T]; and the mask of the next memory, [B, 1, M]."""
        batch, frames = first.shape
        span = self._memory
        ages = self._ages(frames, first.device)
        # Episodes of the call are numbered from 1 on; what came before the first start, memory too, is 0.
        episode = first.long().cumsum(1)
        held = memory.mask
        if held is None:
            held = torch.zeros(batch, 1, span, dtype=torch.bool, device=first.device)
        filled = torch.cat([held, torch.ones(batch, 1, frames, dtype=torch.bool, device=first.device)], dim=2)
        owner = functional.pad(episode, (span, 0))[:, None, :]  # the episode of every column
        recent = (ages >= 0) & (ages < span)
        allowed = recent & filled & (owner == episode[:, :, None])
        following = (filled & (owner == episode[:, None, -1:]))[:, :, -span:]
        return allowed, following


def _hiding(allowed: Tensor, like: Tensor) -> Tensor:
    """Float [B, 1, T, M+T]: what is added to the logits of every head, 0 or ``HIDDEN``."""
    return torch.zeros_like(allowed, dtype=like.dtype).masked_fill_(~allowed, HIDDEN).unsqueeze(1)
