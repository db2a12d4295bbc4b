"""The Impala image tower: one picture in, one vector out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.models.layers import ConvBrick, DenseBrick

EMBEDDING_WIDTH = 256  # units of the dense layer behind the convolutions, in every released model
_BLOCKS_PER_STACK = 2

# Numbers in the widest activation of all frames that pass a tower together. On a CPU it is what its caches
# hold: with 16 MB every size of network is within a tenth of its best, with all frames at once up to twice as
# slow. On other devices it only bounds memory.
_NUMBERS_AT_ONCE_ON_CPU = 4 * 2**20
_NUMBERS_AT_ONCE_ELSEWHERE = 256 * 2**20
_FEWEST_AT_ONCE = 2  # below, the widest network reads its weights too often


class ResidualBlock(nn.Module):
    """x + brick(brick(x)); the sum itself is not rectified.

    Args:
        channels: Channels of input and output.
        norm_groups: Groups of the GroupNorm in front of each convolution.
        init_scale: Filter length of both convolutions.
    """

    def __init__(self, channels: int, *, norm_groups: int | None, init_scale: float) -> None:
        super().__init__()
        self.conv0 = ConvBrick(channels, channels, norm_groups=norm_groups, init_scale=init_scale)
        self.conv1 = ConvBrick(channels, channels, norm_groups=norm_groups, init_scale=init_scale)

    def forward(self, x: Tensor) -> Tensor:
        """Float [N, C, h, w] -> the same shape."""
        result: Tensor = x + self.conv1(self.conv0(x))
        return result


class ImpalaStack(nn.Module):
    """Convolution, max-pool that halves the picture, norm, two residual blocks.

    Args:
        channels_in: Channels of the input.
        channels_out: Channels of the output.
        norm_groups: Groups of the norms in front of the residual convolutions.
        first_norm_groups: The same for the first convolution; ``None`` gives it a bias instead of a norm.
        post_pool_groups: Groups of the norm behind the pool, or ``None`` to leave it out.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        norm_groups: int | None,
        first_norm_groups: int | None,
        post_pool_groups: int | None,
    ) -> None:
        super().__init__()
        self.firstconv = ConvBrick(channels_in, channels_out, norm_groups=first_norm_groups, init_scale=1.0)
        self.n = None if post_pool_groups is None else nn.GroupNorm(post_pool_groups, channels_out)
        # Two blocks share the variance budget of their stack; sqrt(3) belongs to three stacks.
        block_scale = math.sqrt(math.sqrt(3) / math.sqrt(_BLOCKS_PER_STACK))
        self.blocks = nn.ModuleList(
            ResidualBlock(channels_out, norm_groups=norm_groups, init_scale=block_scale)
            for _ in range(_BLOCKS_PER_STACK)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Float [N, C_in, h, w] -> float [N, C_out, ceil(h/2), ceil(w/2)]."""
        x = functional.max_pool2d(self.firstconv.pre_activation(x), 3, stride=2, padding=1)
        x = functional.relu(x, inplace=True)
        if self.n is not None:
            x = self.n(x)
        for block in self.blocks:
            x = block(x)
        return x


class ImpalaCNN(nn.Module):
    """Three Impala stacks and the dense layer behind them (facts of the OpenAI release).

    Args:
        image_size: Height and width of the input in pixels.
        channels_in: Channels of the input.
        channels: Output channels of the stacks.
        norm_groups: Groups of the norms in front of convolutions.
        first_conv_normalised: Whether the very first convolution has a norm (IDM: yes, policy: no).
        post_pool_groups: Groups of the norm behind each pool, or ``None``.
    """

    def __init__(
        self,
        *,
        image_size: int,
        channels_in: int,
        channels: Sequence[int],
        norm_groups: int | None,
        first_conv_normalised: bool,
        post_pool_groups: int | None,
    ) -> None:
        super().__init__()
        stacks = []
        for position, channels_out in enumerate(channels):
            normalised = first_conv_normalised or position > 0
            stacks.append(
                ImpalaStack(
                    channels_in,
                    channels_out,
                    norm_groups=norm_groups,
                    first_norm_groups=norm_groups if normalised else None,
                    post_pool_groups=post_pool_groups,
                )
            )
            channels_in = channels_out
            image_size = (image_size + 1) // 2
        self.stacks = nn.ModuleList(stacks)
        flat = channels_in * image_size * image_size
        self.dense = DenseBrick(flat, EMBEDDING_WIDTH, normalised=True, rectified=True, init_scale=1.4)

    def forward(self, x: Tensor) -> Tensor:
        """Float [N, C, h, w] -> float [N, 256]."""
        for stack in self.stacks:
            x = stack(x)
        # Released weights expect channel-major order, whatever the memory layout of the convolutions.
        embedding: Tensor = self.dense(x.flatten(1))
        return embedding


class ImageTower(nn.Module):
    """Impala CNN and the linear brick that widens its embedding to the transformer's width.

    Args:
        width: Size H of the output.
        image_size, channels_in, channels, norm_groups, first_conv_normalised, post_pool_groups: As for
            :class:`ImpalaCNN`.
    """

    def __init__(
        self,
        *,
        width: int,
        image_size: int,
        channels_in: int,
        channels: Sequence[int],
        norm_groups: int | None,
        first_conv_normalised: bool,
        post_pool_groups: int | None,
    ) -> None:
        super().__init__()
        self.cnn = ImpalaCNN(
            image_size=image_size,
            channels_in=channels_in,
            channels=channels,
            norm_groups=norm_groups,
            first_conv_normalised=first_conv_normalised,
            post_pool_groups=post_pool_groups,
        )
        self.linear = DenseBrick(EMBEDDING_WIDTH, width, normalised=True, rectified=True, init_scale=1.0)
        self._numbers_per_frame = image_size * image_size * channels[0]

    def forward(self, x: Tensor) -> Tensor:
        """Float [N, C, h, w] -> float [N, H]; channels-last memory is fastest on a CPU."""
        latent: Tensor = self.linear(self.cnn(x))
        return latent

    @property
    def frames_at_once(self) -> int:
        """How many frames should pass together; the result does not depend on it."""
        on_cpu = self.linear.layer.weight.device.type == "cpu"
        numbers = _NUMBERS_AT_ONCE_ON_CPU if on_cpu else _NUMBERS_AT_ONCE_ELSEWHERE
        return max(_FEWEST_AT_ONCE, numbers // self._numbers_per_frame)
