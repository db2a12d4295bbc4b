"""Where games that we start keep what is theirs."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def games_folder() -> Path:
    """In the person's data folder; it may not exist yet."""
    return Path(platformdirs.user_data_dir("vpt-studio")) / "games"
