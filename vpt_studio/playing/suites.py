"""Suites: named, versioned lists of worlds in which players are compared.

Those that come with the studio lie in `suite_files`; a person may write more. A suite that changes
in anything gets a new version: figures of two versions are not comparable.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from vpt_studio.contractors import GOALS, HELD_OUT_STYLES, STYLES
from vpt_studio.described_files import read_described
from vpt_studio.envs.voxel.environment import LARGEST_SEED
from vpt_studio.envs.voxel.presets import PRESETS
from vpt_studio.errors import StudioError

#: Where the suites that come with the studio lie.
FOLDER = Path(__file__).with_name("suite_files")
#: The suite that is taken where none is named.
DEFAULT = "early-game"

_EXAMPLE = "early-game.yaml"
_LONGEST = 72_000  # an hour, as the paper's longest episodes
_Seed = Annotated[int, Field(ge=0, lt=LARGEST_SEED)]


class Suite(BaseModel):
    """Worlds to be compared in.

    Attributes:
        name: Short name in small letters, digits and hyphens.
        version: Raised with every change.
        title: What it is for, in a few words.
        preset: The kind of world.
        ticks: Length of an episode.
        seeds: Of the worlds, one episode each.
        style: Of the scripted player.
        goal: Of the scripted player.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    version: int = Field(ge=1)
    title: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
    preset: str
    ticks: int = Field(ge=1, le=_LONGEST)
    seeds: tuple[_Seed, ...] = Field(strict=False, min_length=1, max_length=10_000)
    style: str = "steady"
    goal: str = "diamond_pickaxe"

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        twice = sorted({seed for seed in seeds if seeds.count(seed) > 1})
        if twice:
            raise ValueError(f"the seed {twice[0]} stands more than once")
        return seeds

    @field_validator("preset", "style", "goal")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        known = {
            "preset": tuple(PRESETS), "style": tuple(STYLES | HELD_OUT_STYLES), "goal": tuple(GOALS)
        }[info.field_name]  # fmt: skip
        if value not in known:
            raise ValueError(f"{value!r} is none of {', '.join(known)}")
        return value

    @property
    def sha256(self) -> str:
        """Of all it says, so that a change without a new version is noticed."""
        content = orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(content).hexdigest()


def suite_names() -> list[str]:
    """The suites that come with the studio, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_suite(name: str) -> Suite:
    """The suite called `name`, or the one in the file of that path.

    Raises:
        StudioError: There is none, or it holds something wrong.
    """
    if name.endswith((".yaml", ".yml")):
        return read_described(Path(name), Suite, "suite", _EXAMPLE)
    if name not in suite_names():
        known = ", ".join(suite_names())
        raise StudioError(
            f"there is no suite {name!r}", mend=f"Those we have: {known}; or name a file that ends in .yaml"
        )
    return read_described(FOLDER / f"{name}.yaml", Suite, "suite", _EXAMPLE)
