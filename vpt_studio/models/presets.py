"""Named sizes of networks, from what two processor cores can train to the released ones."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from vpt_studio.errors import StudioError
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.policy_network import PolicyNetwork

#: Sizes from small to large. The first two are for training on a CPU within minutes to hours; they average
#: the frames (``nano`` to 32 pixels, ``tiny`` to 64) and start from motion filters, which no released model
#: does. The others scale the released architecture; ``4x_idm`` is exactly OpenAI's.
IDM_PRESETS: Mapping[str, IdmNetwork] = MappingProxyType(
    {
        "nano": IdmNetwork(
            hidden_size=128,
            attention_heads=4,
            transformer_blocks=1,
            impala_width=1.0,
            impala_channels=(32, 32, 32),
            temporal_channels=8,
            input_pooling=4,
            timesteps=8,
            start="motion",
        ),
        "tiny": IdmNetwork(
            hidden_size=256,
            attention_heads=4,
            transformer_blocks=2,
            impala_width=1.0,
            impala_channels=(32, 64, 64),
            temporal_channels=16,
            input_pooling=2,
            timesteps=64,
            start="motion",
        ),
        "small": IdmNetwork(
            hidden_size=512,
            attention_heads=4,
            transformer_blocks=2,
            impala_width=2.0,
            temporal_channels=32,
        ),
        "1x": IdmNetwork(
            hidden_size=1024,
            attention_heads=8,
            transformer_blocks=2,
            impala_width=4.0,
            temporal_channels=64,
        ),
        "2x": IdmNetwork(
            hidden_size=2048,
            attention_heads=16,
            transformer_blocks=2,
            impala_width=8.0,
            temporal_channels=128,
            temperature=2.0,
        ),
        "4x_idm": IdmNetwork(
            hidden_size=4096,
            attention_heads=32,
            transformer_blocks=2,
            impala_width=16.0,
            temporal_channels=128,
            temperature=4.0,
        ),
    }
)

#: Sizes of policies from small to large. ``nano`` averages the frames to 64 pixels, which no released model
#: does; the small three can be trained on a laptop. ``1x``, ``2x`` and ``3x`` are exactly OpenAI's.
POLICY_PRESETS: Mapping[str, PolicyNetwork] = MappingProxyType(
    {
        "nano": PolicyNetwork(
            hidden_size=128,
            attention_heads=4,
            transformer_blocks=2,
            impala_width=1.0,
            impala_channels=(16, 32, 32),
            input_pooling=2,
            memory=64,
            timesteps=32,
        ),
        "tiny": PolicyNetwork(
            hidden_size=256,
            attention_heads=4,
            transformer_blocks=2,
            impala_width=1.0,
            timesteps=64,
        ),
        "small": PolicyNetwork(
            hidden_size=512,
            attention_heads=4,
            transformer_blocks=4,
            impala_width=2.0,
        ),
        "1x": PolicyNetwork(
            hidden_size=1024,
            attention_heads=8,
            transformer_blocks=4,
            impala_width=4.0,
        ),
        "2x": PolicyNetwork(
            hidden_size=2048,
            attention_heads=16,
            transformer_blocks=4,
            impala_width=8.0,
            temperature=2.0,
        ),
        "3x": PolicyNetwork(
            hidden_size=3072,
            attention_heads=24,
            transformer_blocks=4,
            impala_width=12.0,
            temperature=3.0,
        ),
    }
)


def idm_network(preset: str, overrides: Mapping[str, Any] | None = None) -> IdmNetwork:
    """A preset of the inverse dynamics model, with some options replaced.

    Args:
        preset: Name in :data:`IDM_PRESETS`.
        overrides: Fields of :class:`IdmNetwork`, as JSON values.

    Raises:
        StudioError: If there is no such preset or option, or the options contradict each other.
    """
    network = IDM_PRESETS.get(preset)
    if network is None:
        raise _no_such_size(preset, IDM_PRESETS)
    return IdmNetwork.from_dict({**network.to_dict(), **(overrides or {})})


def policy_network(preset: str, overrides: Mapping[str, Any] | None = None) -> PolicyNetwork:
    """A preset of the policy, with some options replaced.

    Args:
        preset: Name in :data:`POLICY_PRESETS`.
        overrides: Fields of :class:`PolicyNetwork`, as JSON values.

    Raises:
        StudioError: If there is no such preset or option, or the options contradict each other.
    """
    network = POLICY_PRESETS.get(preset)
    if network is None:
        raise _no_such_size(preset, POLICY_PRESETS)
    return PolicyNetwork.from_dict({**network.to_dict(), **(overrides or {})})


def _no_such_size(preset: str, known: Mapping[str, object]) -> StudioError:
    return StudioError(f"there is no network size {preset!r}", mend=f"Choose one of {', '.join(known)}")
