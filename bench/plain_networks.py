"""The networks evaluated the straightforward way, from their weights: what our evaluation is compared with.

Formulas as published, one line of PyTorch for each: a convolution over time as a 3D convolution, whole clips
at once, attention by its definition, memory concatenated in every call. Nothing is shared between windows,
sliced to fit caches, laid out for the processor or kept in place.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from vpt_studio.actions.joint_space import BUTTON_COMBINATIONS, camera_combinations
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.policy import Policy

_HIDDEN = -1e9
_BASIS = 10

#: Keys and values of one block [B, M, H], and which of them may be seen, bool [B, M].
PlainMemory = tuple[Tensor, Tensor, Tensor]


class _Plain:
    """Layers by the names of their weights.

    Args:
        model: Whose weights.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        self.state = {name: weight.detach() for name, weight in model.state_dict().items()}

    def norm(self, name: str, x: Tensor) -> Tensor:
        """Group norm of pictures, layer norm of vectors."""
        weight, bias = self.state[f"{name}.weight"], self.state[f"{name}.bias"]
        if x.ndim == 4:
            return functional.group_norm(x, 1, weight, bias)
        return functional.layer_norm(x, x.shape[-1:], weight, bias)

    def linear(self, name: str, x: Tensor) -> Tensor:
        """A layer with or without bias."""
        return functional.linear(x, self.state[f"{name}.weight"], self.state.get(f"{name}.bias"))

    def brick(self, name: str, x: Tensor) -> Tensor:
        """Norm, convolution or linear layer, ReLU."""
        if f"{name}.norm.weight" in self.state:
            x = self.norm(f"{name}.norm", x)
        if x.ndim == 4:
            weight, bias = self.state[f"{name}.layer.weight"], self.state.get(f"{name}.layer.bias")
            return functional.relu(functional.conv2d(x, weight, bias, padding=1))
        return functional.relu(self.linear(f"{name}.layer", x))

    def tower(self, x: Tensor) -> Tensor:
        """Float [N, C, h, w] -> float [N, H]."""
        for stack in range(3):
            name = f"net.img_process.cnn.stacks.{stack}"
            x = functional.max_pool2d(self.brick(f"{name}.firstconv", x), 3, stride=2, padding=1)
            x = self.norm(f"{name}.n", x)
            for block in range(2):
                inner = self.brick(f"{name}.blocks.{block}.conv0", x)
                x = x + self.brick(f"{name}.blocks.{block}.conv1", inner)
        return self.brick("net.img_process.linear", self.brick("net.img_process.cnn.dense", x.flatten(1)))

    def block(
        self, number: int, heads: int, x: Tensor, memory: PlainMemory | None
    ) -> tuple[Tensor, PlainMemory]:
        """One transformer block, float [B, T, H]; without a memory every frame sees every other."""
        name = f"net.recurrent_layer.blocks.{number}"
        attention = f"{name}.r.orc_block"
        z = self.norm(f"{name}.pre_r_ln", x)
        queries, keys, values = (self.linear(f"{attention}.{part}_layer", z) for part in "qkv")
        seen = torch.ones(z.shape[:2], dtype=torch.bool)
        if memory is not None:
            keys, values = torch.cat([memory[0], keys], 1), torch.cat([memory[1], values], 1)
            seen = torch.cat([memory[2], seen], 1)
        q, k, v = (part.view(*part.shape[:2], heads, -1).transpose(1, 2) for part in (queries, keys, values))
        logits = q @ k.transpose(2, 3) / q.shape[-1]
        span = self.state[f"{attention}.b_nd"].shape[1]
        if memory is not None:
            frames = z.shape[1]
            ages = span + torch.arange(frames)[:, None] - torch.arange(span + frames)
            within = (ages >= 0) & (ages < span)
            r = self.linear(f"{attention}.r_layer", z).view(*z.shape[:2], heads, _BASIS).transpose(1, 2)
            by_column = self.state[f"{attention}.b_nd"][:, ages.clamp(0, span - 1)] * within
            logits = logits + torch.einsum("bhtn,ntj->bhtj", r, by_column)
            logits = logits + torch.where(within & seen[:, None, :], 0.0, _HIDDEN)[:, None]
        attended = (logits.softmax(-1) @ v).transpose(1, 2).flatten(2)
        y = z + self.linear(f"{attention}.proj_layer", attended)
        y = y + self.linear(f"{name}.mlp1.layer", self.brick(f"{name}.mlp0", y))
        return y, (keys[:, -span:], values[:, -span:], seen[:, -span:])

    def head(self, name: str, latent: Tensor, temperature: float, options: tuple[int, ...]) -> Tensor:
        """Log-probabilities, float [..., *options]."""
        logits = self.linear(f"pi_head.{name}.linear_layer", latent) / temperature
        return logits.view(*logits.shape[:-1], *options).log_softmax(-1)


class PlainPolicy(_Plain):
    """A policy's log-probabilities and value.

    Args:
        policy: Whose weights; it has no auxiliary value head and does not average pixels.
    """

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.network = policy.network
        assert self.network.input_pooling == 1

    def fresh(self, streams: int) -> list[PlainMemory]:
        """The memory before anything was seen."""
        nothing = torch.zeros(streams, self.network.memory, self.network.hidden_size)
        hidden = torch.zeros(streams, self.network.memory, dtype=torch.bool)
        return [(nothing, nothing, hidden) for _ in range(self.network.transformer_blocks)]

    @torch.no_grad()
    def __call__(
        self, frames: Tensor, memory: list[PlainMemory]
    ) -> tuple[Tensor, Tensor, Tensor, list[PlainMemory]]:
        """uint8 [B, T, H, W, 3] -> log-probabilities [B, T, 8641] and [B, T, 121], value [B, T], memory."""
        pictures = frames.flatten(0, 1).permute(0, 3, 1, 2).contiguous() / 255
        x = self.tower(pictures).view(*frames.shape[:2], -1)
        following = []
        for number, remembered in enumerate(memory):
            x, state = self.block(number, self.network.attention_heads, x, remembered)
            following.append(state)
        latent = self.norm("net.final_ln", self.brick("net.lastlayer", functional.relu(x)))
        temperature = self.network.temperature
        buttons = self.head("buttons", latent, temperature, (BUTTON_COMBINATIONS,))
        camera = self.head("camera", latent, temperature, (camera_combinations(),))
        return buttons, camera, self.linear("value_head.linear", latent)[..., 0], following


class PlainInverseDynamics(_Plain):
    """An inverse dynamics model's probabilities.

    Args:
        model: Whose weights; it does not even out contrast.
    """

    def __init__(self, model: InverseDynamicsModel) -> None:
        super().__init__(model)
        self.network = model.network
        assert self.network.contrast_window == 0

    @torch.no_grad()
    def __call__(self, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """uint8 [T, H, W, 3] -> probability of each button [T, 20], and of each camera bin [T, 2, 11]."""
        pictures = torch.from_numpy(frames).permute(0, 3, 1, 2).contiguous() / 255
        pictures = functional.avg_pool2d(pictures, self.network.input_pooling)
        kernel, bias = self.state["net.conv3d_layer.layer.weight"], self.state["net.conv3d_layer.layer.bias"]
        moving = functional.conv3d(
            pictures.transpose(0, 1)[None], kernel, bias, padding=(kernel.shape[2] // 2, 0, 0)
        )
        x = self.tower(functional.relu(moving)[0].transpose(0, 1).contiguous())[None]
        for number in range(self.network.transformer_blocks):
            x, _ = self.block(number, self.network.attention_heads, x, None)
        latent = self.norm("net.final_ln", functional.relu(x))[0]
        buttons = self.head("buttons", latent, self.network.temperature, (20, 2))
        camera = self.head("camera", latent, self.network.temperature, (2, 11))
        return buttons[..., 1].exp().numpy(), camera.exp().numpy()
