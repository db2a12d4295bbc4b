"""Environments: worlds to play in, behind Gymnasium's interface.

Importing this package registers ``VPTStudio/Survival-v0`` and ``VPTStudio/Brisk-v0``, so that
``gymnasium.make("vpt_studio.envs:VPTStudio/Survival-v0")`` needs nothing else.
"""

from __future__ import annotations

import gymnasium

_VOXEL = "vpt_studio.envs.voxel.environment:VoxelEnvironment"

gymnasium.register("VPTStudio/Survival-v0", entry_point=_VOXEL, kwargs={"preset": "survival"})
gymnasium.register("VPTStudio/Brisk-v0", entry_point=_VOXEL, kwargs={"preset": "brisk"})
