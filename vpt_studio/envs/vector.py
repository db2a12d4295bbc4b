"""Many environments stepped at once by threads of one process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import gymnasium
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import iterate


class ThreadedVectorEnv(SyncVectorEnv):
    """Gymnasium's vector environment whose environments step side by side.

    Drawing and physics of the built-in world run without the interpreter's lock, so that threads use every
    core, share one copy of code and art, and hand pictures over without copying them between processes.
    Everything else is Gymnasium's: batches, seeds (environment i gets ``seed + i``), infos, and autoreset
    (by default an environment that ended is reset by the next step, whose action it ignores).

    Which thread steps an environment changes nothing of what it does.
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
            env_fns: What makes each of them; no environment may share state with another.
            threads: How many step at once; as many as there are cores if None.
            copy: Whether observations are the caller's to keep. If not, the next step overwrites them.
            autoreset_mode: Gymnasium's.
        """
        super().__init__([_ahead(make) for make in env_fns], copy, autoreset_mode=autoreset_mode)
        self._ahead = [env for env in self.envs if isinstance(env, _Ahead)]
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, "environment")

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin anew in every environment, or in those of ``options["reset_mask"]``."""
        seeds = [seed + i for i in range(self.num_envs)] if isinstance(seed, int) else seed
        seeds = [None] * self.num_envs if seeds is None else seeds
        chosen = (options or {}).get("reset_mask", [True] * self.num_envs)
        rest = {name: value for name, value in (options or {}).items() if name != "reset_mask"} or None
        for env, env_seed, wanted in zip(self._ahead, seeds, chosen, strict=False):
            if wanted:
                env.begin(self._pool, env.env.reset, seed=env_seed, options=rest)
        return super().reset(seed=seed, options=options)

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """One step of every environment."""
        resets = (
            self._autoreset_envs
            if self.autoreset_mode == AutoresetMode.NEXT_STEP
            else [False] * self.num_envs
        )
        for env, action, ended in zip(self._ahead, iterate(self.action_space, actions), resets, strict=True):
            if ended:
                env.begin(self._pool, env.env.reset)
            else:
                env.begin(self._pool, env.env.step, action)
        return super().step(actions)

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments and end the threads."""
        super().close_extras(**kwargs)
        self._pool.shutdown()


class _Ahead(gymnasium.Wrapper[Any, Any, Any, Any]):
    """An environment whose next call was begun ahead, in another thread."""

    _begun: Future[Any] | None = None

    def begin(self, pool: ThreadPoolExecutor, call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Begin `call`; the next :meth:`step` or :meth:`reset` waits for what it gives."""
        self._begun = pool.submit(call, *args, **kwargs)

    def step(self, action: Any) -> Any:
        """What the step that was begun gives."""
        return self._finish() if self._begun else super().step(action)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """What the reset that was begun gives; a new one where none was."""
        return self._finish() if self._begun else super().reset(seed=seed, options=options)

    def _finish(self) -> Any:
        assert self._begun is not None
        begun, self._begun = self._begun, None
        return begun.result()


def _ahead(make: Callable[[], gymnasium.Env[Any, Any]]) -> Callable[[], _Ahead]:
    return lambda: _Ahead(make())
