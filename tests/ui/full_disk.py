"""A window whose disk is full for a while: tags two recordings meanwhile, then again; prints what was told.

Run as ``python full_disk.py PROJECT``. No file may grow meanwhile (RLIMIT_FSIZE), which is what a full disk
does to a database.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ui.application import make_application, use_settings
from ui.session import Session
from ui.settings import SettingsStore
from ui.studio import Studio
from ui.window import MainWindow

DEADLINE_SECONDS = 60


def main() -> None:
    folder = Path(sys.argv[1])
    application = make_application(sys.argv[:1])
    store = SettingsStore()
    use_settings(store)
    studio = Studio(Session(store))
    window = MainWindow(studio)
    window.show_page("home")
    window.show()

    def until(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            application.processEvents()
            assert time.monotonic() < end, [notice.text for notice in studio.session.notices.history]

    studio.open_project(folder, then="library")
    until(lambda: window.page == "library" and window.current_page().table.model().rowCount() == 5)
    until(lambda: studio.background.is_idle)
    library = window.current_page()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    library.edits.retag({"noise-0": ("full",)})
    until(lambda: studio.background.is_idle and bool(studio.session.notices.history))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    while_full = [(notice.severity, notice.text) for notice in studio.session.notices.history]
    library.edits.retag({"noise-1": ("room",)})
    until(lambda: any(row.tags == ("room",) for _, row in library.table.model().known_rows()))
    shown = {row.id: list(row.tags) for _, row in library.table.model().known_rows()}
    window.close_now()
    print(json.dumps({"while_full": while_full, "tags": shown}))  # noqa: T201


if __name__ == "__main__":
    main()
