"""The memory of a policy that plays: preallocated rings of keys and values, written in place."""

from __future__ import annotations

import torch
from torch import Tensor

from vpt_studio.models.attention import HIDDEN, BlockMemory, RingPlace, TransformerShape


class RingMemory:
    """What all blocks remember of ``batch`` streams, each with a clock of its own.

    A frame sees the M latest frames, itself included, and M slots hold exactly these: the slot a new frame
    takes is that of the frame which has just become too old. So nothing grows, nothing is moved, and every
    step costs the same. An episode's start only sets its stream's count of frames back; older slots are
    hidden until they are overwritten.

    Args:
        shape: Sizes of the transformer.
        batch: Streams B.
        like: A tensor on the device and in the type of the weights.
    """

    def __init__(self, shape: TransformerShape, batch: int, like: Tensor) -> None:
        size = (shape.blocks, batch, shape.heads, shape.memory, shape.width // shape.heads)
        self.keys = like.new_zeros(size)
        self.values = like.new_zeros(size)
        self._slots = torch.arange(shape.memory, device=like.device)
        self._all = torch.arange(batch, device=like.device)
        self._frames = torch.zeros(batch, dtype=torch.long, device=like.device)  # of the present episode
        self._next = torch.zeros(batch, dtype=torch.long, device=like.device)  # slot of the next frame

    @property
    def streams(self) -> int:
        """B, how many streams it remembers."""
        return self.keys.shape[1]

    def place(self, first: Tensor, streams: Tensor | None = None) -> RingPlace:
        """Take the next slot for one frame of every stream, or of some of them.

        Args:
            first: Bool [b]; true where the frame starts an episode, which hides all before it.
            streams: Int64 [b]: whose frames they are, each at most once; ``None`` means all, in order.
        """
        span = len(self._slots)
        rows = self._all if streams is None else streams
        slots = self._next[rows]
        frames = torch.where(first, 1, self._frames[rows] + 1).clamp_(max=span)
        self._next[rows] = (slots + 1) % span
        self._frames[rows] = frames
        ages = (slots[:, None] - self._slots) % span
        seen = ages < frames[:, None]
        bias = torch.zeros_like(seen, dtype=self.keys.dtype).masked_fill_(~seen, HIDDEN)
        return RingPlace(rows, slots, ages, bias[:, None], whole=streams is None)

    def in_order(self) -> list[BlockMemory]:
        """A copy in the form that calls with many frames take and give, oldest frame first."""
        order = (self._slots + self._next[:, None]) % len(self._slots)
        mask = (self._slots.flip(0) < self._frames[:, None])[:, None]
        rows = self._all[:, None]

        def unrolled(ring: Tensor) -> Tensor:
            return ring.transpose(1, 2)[rows, order].flatten(2)

        return [
            BlockMemory(mask, unrolled(keys), unrolled(values))
            for keys, values in zip(self.keys, self.values, strict=True)
        ]
