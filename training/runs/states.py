"""The states of a run and the one machine that says which may follow which."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RunState(StrEnum):
    """What a run is doing."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"


_S = RunState

NEXT_STATES: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        _S.QUEUED: frozenset({_S.STARTING, _S.STOPPED, _S.FAILED}),
        _S.STARTING: frozenset({_S.RUNNING, _S.STOPPING, _S.FAILED, _S.LOST}),
        _S.RUNNING: frozenset({_S.PAUSED, _S.STOPPING, _S.FINISHED, _S.FAILED, _S.LOST}),
        _S.PAUSED: frozenset({_S.RUNNING, _S.STOPPING, _S.FAILED, _S.LOST}),
        _S.STOPPING: frozenset({_S.STOPPED, _S.FAILED, _S.LOST}),
        _S.FINISHED: frozenset(),
        _S.STOPPED: frozenset({_S.STARTING}),
        _S.FAILED: frozenset({_S.STARTING}),
        _S.LOST: frozenset({_S.STARTING}),
    }
)
"""The legal graph: for each state, the states that may follow it."""

LIVING = frozenset({_S.STARTING, _S.RUNNING, _S.PAUSED, _S.STOPPING})
"""States in which a worker process must exist."""

ENDED = frozenset({_S.FINISHED, _S.STOPPED, _S.FAILED, _S.LOST})
"""States in which no worker process exists any more."""

RESUMABLE = frozenset({_S.STOPPED, _S.FAILED, _S.LOST})
"""Ended states from which a new attempt may start."""


def check_transition(old: RunState, new: RunState) -> None:
    """Refuse a change of state that the graph does not have.

    Raises:
        StudioError: ``new`` may not follow ``old``.
    """
    if new in NEXT_STATES[old]:
        return
    allowed = ", ".join(sorted(NEXT_STATES[old])) or "nothing"
    raise StudioError(
        f"a run that is {old} cannot become {new}", mend=f"From {old} only {allowed} can follow"
    )
