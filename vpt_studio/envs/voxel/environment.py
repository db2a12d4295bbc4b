"""The built-in world as a Gymnasium environment."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.envs.action_space import action_space, checked_action
from vpt_studio.envs.environment import Environment, Observation
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.observation import observation_space, observe
from vpt_studio.envs.voxel.presets import PRESETS, Preset
from vpt_studio.envs.voxel.scene import Scene
from vpt_studio.envs.voxel.simulation import advance, respawn
from vpt_studio.envs.voxel.snapshot import from_bytes, to_bytes
from vpt_studio.envs.voxel.state import State
from vpt_studio.errors import StudioError

#: Seeds lie below this; where none is given, the world's is drawn from fewer, so that people can read it.
LARGEST_SEED, DRAWN_SEEDS = 2**63, 2**31

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 6.0
_COMPILING = (
    "Compiling the world's loops: once after an installation, half a minute (vpt-studio world warm-up)"
)


class VoxelEnvironment(Environment):
    """The built-in survival world, in lock-step; one step is one tick.

    Beyond what :class:`~vpt_studio.envs.environment.Environment` says: ``pov`` is 640x360, or 128x128 or
    64x64, which equal OpenCV's bilinear resize of the 640x360 picture bit for bit at a seventh of its
    cost. ``inventory`` has this world's 62 items. The *reward* is always 0; wrappers give one
    (:mod:`vpt_studio.envs.rewards`). ``truncated`` is always False; Gymnasium's ``TimeLimit`` ends episodes.
    ``terminated`` tells a death where `on_death` is ``"terminate"``; else the player who died goes on from
    the spawn. ``info`` holds ``seed``, ``preset``, ``tick`` (since the world began) and ``deaths``.

    What differs from Minecraft: no mobs, no hunger (health comes back as with a full stomach), no weather;
    water and lava stand still; logs lie upright only; no doors, chests, armour, saplings and recipe book.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012  # as Gymnasium declares it

    def __init__(
        self,
        preset: str | Preset = "survival",
        picture: str | Picture = Picture.FULL,
        *,
        pointer: bool = True,
        on_death: str = "respawn",
        render_mode: str | None = None,
    ) -> None:
        """Make the environment; :meth:`reset` makes its world.

        Args:
            preset: ``"survival"``, ``"brisk"``, or a :class:`Preset` of your own.
            picture: ``"640x360"``, ``"128x128"`` or ``"64x64"``.
            pointer: Whether `pov` has the mouse pointer on screens, as MineRL's has. Recordings are made
                without it.
            on_death: ``"respawn"`` lets the player go on from the spawn, ``"terminate"`` ends the episode.
            render_mode: ``"rgb_array"`` makes :meth:`render` give the 640x360 picture.

        Raises:
            StudioError: An argument is none of those.
        """
        self.preset: Preset = preset if isinstance(preset, Preset) else _one_of(preset, PRESETS, "preset")
        pictures = {each.value: each for each in Picture}
        named = picture.value if isinstance(picture, Picture) else picture
        self.picture: Picture = _one_of(named, pictures, "picture")
        self.on_death = _one_of(on_death, {"respawn": "respawn", "terminate": "terminate"}, "on_death")
        self.pointer = pointer
        self.render_mode = _one_of(render_mode, {None: None, "rgb_array": "rgb_array"}, "render_mode")
        self.action_space = action_space()
        self.observation_space = observation_space(self.picture)
        self._scene = Scene()
        self._canvas = Canvas(self.picture)
        self._full_canvas: Canvas | None = None
        self._state: State | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin anew.

        Args:
            seed: Seed of the world and of all chance in it, 0 to 2**63 - 1; the same gives the same.
                Without one, the next of the worlds that the last seed leads to.
            options: ``{"snapshot": bytes}`` begins at what :meth:`snapshot` took instead.

        Returns:
            The first observation, and info.
        """
        seed = checked_seed(seed)
        unknown = [name for name in options or {} if name != "snapshot"]
        if unknown:
            raise StudioError(f"reset knows no option {unknown[0]!r}", mend="Its option is 'snapshot'")
        if options and "snapshot" in options:
            begun = self.restore(options["snapshot"])
            super().reset(seed=seed)
            return begun
        self.preset.check()
        super().reset(seed=seed)
        world_seed = int(self.np_random.integers(DRAWN_SEEDS)) if seed is None else seed
        self._state = None  # two worlds at once would take twice the memory
        with _told_if_slow():
            self._state = State.begin(self.preset, world_seed)
            return self._observation(), self._info()

    def step(self, action: Mapping[str, Any]) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Do `action` for one tick.

        Raises:
            StudioError: The action is none (see :func:`~vpt_studio.envs.action_space.checked_action`), or
                :meth:`reset` was not called yet. Nothing has happened then.
        """
        state, checked = self.state, checked_action(action)
        terminate = self.on_death == "terminate"
        if terminate and not state.vitals.alive:
            raise StudioError("the player is dead: this episode is over", mend="Call reset()")
        died = advance(state, checked)
        terminated = died and terminate
        if died and not terminated:
            respawn(state)
        return self._observation(), 0.0, terminated, False, self._info()

    @property
    def state(self) -> State:
        """The world and the player, for who teaches or measures; a policy sees observations only."""
        if self._state is None:
            raise StudioError("this environment has no world yet", mend="Call reset() first")
        return self._state

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The whole picture with the pointer, uint8 [360, 640, 3] RGB; None without a render mode."""
        return None if self.render_mode is None else self.whole_picture(pointer=True)

    def whole_picture(self, *, pointer: bool) -> npt.NDArray[np.uint8]:
        """What is on screen now at 640x360, whatever `picture` is: uint8 [360, 640, 3], RGB."""
        if self._full_canvas is None:
            self._full_canvas = self._canvas if self.picture is Picture.FULL else Canvas(Picture.FULL)
        self._scene.draw(self.state, self._full_canvas, pointer=pointer)
        return self._full_canvas.observation()

    def snapshot(self) -> bytes:
        """The whole state, byte for byte the same whenever the state is; 2 to 9 MB, good for a file.

        A state into which somebody wrote what cannot be, a health of 99 say, gives bytes that
        :meth:`restore` refuses.
        """
        return to_bytes(self.state)

    def restore(self, snapshot: bytes) -> tuple[Observation, dict[str, Any]]:
        """Go back, or over, to a snapshot of this or another built-in world, whatever its preset.

        Returns:
            The observation and info of that moment.

        Raises:
            StudioError: These bytes are no snapshot, or a damaged one; nothing has changed then.
        """
        before, self._state = self._state, from_bytes(snapshot)
        try:
            return self._observation(), self._info()
        except BaseException:  # of memory for instance
            self._state = before
            raise

    def state_hash(self) -> str:
        """SHA-256 of the snapshot."""
        return hashlib.sha256(self.snapshot()).hexdigest()

    def close(self) -> None:
        """Let go of the world."""
        self._state = None

    def _observation(self) -> Observation:
        self._scene.draw(self.state, self._canvas, pointer=self.pointer)
        return observe(self.state, self._canvas.observation())

    def _info(self) -> dict[str, Any]:
        state = self.state
        return {
            "seed": state.world.seed,
            "preset": state.world.preset.name,
            "tick": state.tick,
            "deaths": state.deaths,
        }


@contextmanager
def _told_if_slow() -> Iterator[None]:
    """Say why, where the first world of an installation keeps somebody waiting."""
    timer = threading.Timer(_PATIENCE_SECONDS, _LOG.warning, [_COMPILING])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def checked_seed(seed: Any) -> int | None:
    """`seed` as a number, or None for None.

    Raises:
        StudioError: It is neither.
    """
    if seed is None:
        return None
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < LARGEST_SEED:
        raise StudioError(f"the seed is {seed!r}", mend="A seed is a whole number from 0 to 2**63 - 1")
    return int(seed)


def _one_of(value: Any, known: Mapping[Any, Any], what: str) -> Any:
    if not isinstance(value, str | None) or value not in known:
        names = ", ".join(repr(name) for name in known)
        raise StudioError(f"{what} is {value!r}", mend=f"Take one of {names}")
    return known[value]
