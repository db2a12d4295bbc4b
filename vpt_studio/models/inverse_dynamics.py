"""The inverse dynamics model: which action happened at every frame of a clip, seen from before and after."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.actions.buttons import BUTTONS
from vpt_studio.actions.camera import DEFAULT_CAMERA
from vpt_studio.models.action_heads import ActionHeads
from vpt_studio.models.attention import TransformerShape
from vpt_studio.models.contrast import evened_contrast
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.image_tower import ImageTower
from vpt_studio.models.layers import DenseBrick
from vpt_studio.models.log_probability import ActionLogProbabilities
from vpt_studio.models.motion_start import start_from_motion
from vpt_studio.models.pooling import pooled
from vpt_studio.models.temporal_convolution import TemporalConvolution, neighbours_in_clips
from vpt_studio.models.transformer import Transformer

_CAMERA_AXES = 2  # pitch, yaw


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
        if network.start == "motion" and not self.final_ln.weight.is_meta:  # else weights are to be loaded
            start_from_motion(self.conv3d_layer.layer.weight, self.img_process.cnn)

    def forward(self, frames: Tensor, frames_per_slice: int | None) -> Tensor:
        """[B, T, H, W, 3] -> latents, float [B, T, hidden_size]; see :class:`InverseDynamicsModel`."""
        clips, count = frames.shape[:2]
        beyond = frames.new_zeros(1, *frames.shape[2:])
        pixels = self.pixels(torch.cat([frames.flatten(0, 1), beyond]))
        neighbours = neighbours_in_clips(clips, count, self.conv3d_layer.taps, frames.device)
        return self.latent(self.embedded(pixels, neighbours, frames_per_slice).view(clips, count, -1))

    def pixels(self, frames: Tensor) -> Tensor:
        """[N, H, W, 3] -> [N, h, w, 3], what the convolution over time reads, every frame for itself."""
        return evened_contrast(pooled(frames, self._pooling)[None], self._contrast_window)[0]

    def embedded(self, pixels: Tensor, neighbours: Tensor, frames_per_slice: int | None) -> Tensor:
        """What the image tower sees in frames with their neighbours: nearly all of the model's work.

        Args:
            pixels: [N, h, w, 3], from :meth:`pixels`.
            neighbours: Int64 [n, taps]; see :class:`TemporalConvolution`.
            frames_per_slice: As for :class:`InverseDynamicsModel`.

        Returns:
            Float [n, hidden_size].
        """
        slices = torch.split(neighbours, frames_per_slice or self.img_process.frames_at_once)
        return torch.cat([self.img_process(self.conv3d_layer(pixels, part)) for part in slices])

    def latent(self, embedded: Tensor) -> Tensor:
        """Float [B, T, hidden_size] -> the same shape: each frame mixed with all others of its clip."""
        mixed, _ = self.recurrent_layer(embedded)
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
                means as many as are quick; training keeps all activations anyway. The result does not depend
                on it.

        Returns:
            Float32 log-probabilities: buttons [B, T, 20, 2], camera [B, T, 2, 11].

        Raises:
            ValueError: If the frames have another shape.
        """
        size = self.network.image_size
        if frames.ndim != 5 or frames.shape[2:] != (size, size, 3):
            raise ValueError(f"frames must be [B, T, {size}, {size}, 3], not {list(frames.shape)}")
        return self.read(self.net(frames, frames_per_slice))

    def read(self, latent: Tensor) -> ActionLogProbabilities:
        """Float [B, T, hidden_size] -> the log-probabilities of :meth:`forward`."""
        heads: ActionLogProbabilities = self.pi_head(latent)
        return heads
