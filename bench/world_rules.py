"""The built-in world's rules beside Minecraft's: how fast one walks, falls, digs, smelts, and what hurts.

Ours are measured on a player in a tiny world who presses keys tick by tick. Minecraft's are written down
here, each with where it comes from. Run ``python -m bench.world_rules``; it fails if a rule is broken.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.small_worlds import FLOOR, Player
from vpt_studio.envs.voxel import smelting
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.handling import target
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.physics import EYES, Y
from vpt_studio.envs.voxel.presets import BRISK, SURVIVAL, Preset

#: What the letters of the table's sources stand for.
SOURCES = {
    "PP": "prismarine-physics index.js (constants; speeds are what its recursion comes to)",
    "PB": "prismarine-block index.js, digTime, with minecraft-data's hardness and tool speeds",
    "W": "minecraft.wiki, mcpk.wiki",
    "V": "openai/Video-Pre-Training and minerllabs/minerl",
    "K": "the game as players know it, not checked against a text",
    "ours": "the preset's own promise",
}

_WALK, _SPRINT, _SWIM = ("forward",), ("forward", "sprint"), ("forward",)
_FACTOR = 3  # how many times faster than Minecraft one digs in `brisk`
_BRISK_SMELTING = 50
