"""Reads what was done in a recording into columns; runs off the GUI thread. Knows no Qt."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ui.lanes import TickColumns
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording


def columns_of(recording: Recording) -> TickColumns:
    """The columns of an open recording; of a video without actions, nothing is known.

    Raises:
        StudioError: Its files cannot be read.
    """
    count = len(recording)
    if recording.ticks is None:
        return TickColumns(
            np.zeros((count, 20), bool), np.zeros((count, 2)), np.zeros(count, bool), np.zeros(count, bool)
        )
    actions = recording.converted().actions
    return TickColumns(
        buttons=actions.policy_buttons.astype(bool),
        camera=actions.camera,
        known=recording.known,
        screen_open=recording.screen_open,
        hotbar=recording.ticks.raw.hotbar[:count],
        lines=recording.ticks.lines[:count],
    )


def read_columns(folder: Path, recording: str) -> TickColumns:
    """The columns of a recording of the project in `folder`.

    Raises:
        StudioError: Its files are missing or cannot be read.
    """
    (opened,) = open_recordings([recording], folder)
    with opened:
        return columns_of(opened)
