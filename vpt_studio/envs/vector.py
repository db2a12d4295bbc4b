"""Many environments stepped at once by threads of one process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import iterate

from vpt_studio.errors import StudioError


class ThreadedVectorEnv(SyncVectorEnv):
    """Gymnasium's vector environment whose environments step side by side.

    Drawing and physics of the built-in world run without the interpreter's lock, so that threads use every
    core, share one copy of code and art, and hand pictures over without copying them between processes.
    Everything else is Gymnasium's: batches, seeds (environment i gets ``seed + i``), infos, and autoreset
    (by default an environment that ended is reset by the next step, whose action it ignores).

    Which thread steps an environment changes nothing of what it does. Where one of them fails, the others
    finish what they began before its error is raised; after that only :meth:`reset` and :meth:`close` make
    sense.
    """

    def __init__(
        self,
        env_fns: Sequence[Callable[[], gymnasium.Env[Any, Any]]],
        *,
        threads: int | None = None,
        copy: bool = True,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
    ) -> None:
        """Make the environments.

        Args:
            env_fns: What makes each of them, at least one; no environment may share state with another.
            threads: How many step at once; as many as there are cores if None.
            copy: Whether observations are the caller's to keep. If not, the next step overwrites them.
            autoreset_mode: Gymnasium's.

        Raises:
            StudioError: There is nothing to make, or no thread to do it.
        """
        if not env_fns:
            raise StudioError("a vector environment has no environments", mend="Give at least one function")
        if threads is not None and threads < 1:
            raise StudioError(f"{threads} threads can step nothing", mend="Give 1 or more, or None")
        super().__init__([_ahead(make) for make in env_fns], copy, autoreset_mode=autoreset_mode)
        self._ahead = [env for env in self.envs if isinstance(env, _Ahead)]
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, "environment")

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin anew in every environment, or in those of ``options["reset_mask"]`` (bool [N])."""
        self._demand_open()
        seed = int(seed) if isinstance(seed, np.integer) else seed
        seeds = [seed + i for i in range(self.num_envs)] if isinstance(seed, int) else seed
        chosen = (options or {}).get("reset_mask", np.ones(self.num_envs, bool))
        sound = isinstance(chosen, np.ndarray) and chosen.shape == (self.num_envs,) and chosen.dtype == bool
        if sound and (seeds is None or len(seeds) == self.num_envs):  # else Gymnasium says what is wrong
            rest = {name: value for name, value in (options or {}).items() if name != "reset_mask"}
            self._begin(
                [
                    (env, env.env.reset, (), {"seed": seeds and seeds[i], "options": rest or None})
                    for i, env in enumerate(self._ahead)
                    if chosen[i]
                ]
            )
        return super().reset(seed=seed, options=options and dict(options))  # type: ignore[arg-type]

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """One step of every environment."""
        self._demand_open()
        next_step = self.autoreset_mode == AutoresetMode.NEXT_STEP
        resets = self._autoreset_envs if next_step else np.zeros(self.num_envs, bool)
        singles = list(iterate(self.action_space, actions))
        self._begin(
            [
                (env, env.env.reset, (), {}) if ended else (env, env.env.step, (action,), {})
                for env, action, ended in zip(self._ahead, singles, resets, strict=True)
            ]
        )
        return super().step(actions)

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments and end the threads."""
        super().close_extras(**kwargs)
        self._pool.shutdown()

    def _begin(self, calls: list[tuple[_Ahead, Callable[..., Any], tuple[Any, ...], dict[str, Any]]]) -> None:
        """Do `calls` in the threads, and leave what they gave with their environments."""
        futures = [self._pool.submit(call, *args, **kwargs) for _, call, args, kwargs in calls]
        wait(futures)
        failures = [error for error in (future.exception() for future in futures) if error is not None]
        if failures:
            raise failures[0]
        for (env, *_), future in zip(calls, futures, strict=True):
            env.done = future

    def _demand_open(self) -> None:
        if self.closed:
            raise StudioError("this vector environment is closed", mend="Make a new one")


class _Ahead(gymnasium.Wrapper[Any, Any, Any, Any]):
    """An environment whose next call was done ahead, in another thread."""

    done: Future[Any] | None = None

    def step(self, action: Any) -> Any:
        """What the step that was done ahead gave."""
        return self._take() if self.done else super().step(action)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """What the reset that was done ahead gave; a new one where none was."""
        return self._take() if self.done else super().reset(seed=seed, options=options)

    def _take(self) -> Any:
        assert self.done is not None
        done, self.done = self.done, None
        return done.result()


def _ahead(make: Callable[[], gymnasium.Env[Any, Any]]) -> Callable[[], _Ahead]:
    return lambda: _Ahead(make())
