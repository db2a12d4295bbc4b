"""Opens the window: one process, one window, one project."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.crashes import CrashWatch
from ui.garbage import GarbageCollection
from ui.look import set_up_look
from ui.session import Session
from ui.settings import APPLICATION, SettingsStore
from ui.shell.crash_dialog import CrashDialog, FailureDialogs
from ui.single_instance import Instance, Knock, hand_over
from ui.studio import Studio
from ui.window import MainWindow
from vpt_studio.project.opening import is_project

#: Python's own 5 ms are a third of a frame each time the GUI thread waits for work in the background.
_SWITCH_SECONDS = 0.0005


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application with our look; the one that exists already, in tests."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        set_up_look(existing)
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(arguments)
    application.setApplicationName(APPLICATION)
    application.setApplicationDisplayName("VPT Studio")
    application.setDesktopFileName(APPLICATION)
    set_up_look(application)
    return application


def use_settings(store: SettingsStore) -> None:
    """Let the look follow the settings, now and after every change."""

    def follow() -> None:
        from ui.look import look

        chosen = store.current.look
        look().choose(chosen.theme, scale=chosen.text_percent / 100, reduce_motion=chosen.reduce_motion)

    follow()
    store.on_change(lambda _settings: follow())


def open_window(folder: Path | None = None, page: str = "", where: Mapping[str, Any] | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        folder: The project to open; by default the last one, if the settings say so.
        page: The page to show; by default Home, or Library with a project.
        where: What on it.

    Returns:
        The process's exit code.
    """
    application = make_application(sys.argv[:1])
    store = SettingsStore()
    if folder is None and store.current.general.reopen_project:
        folder = next(
            (Path(known) for known in store.current.remembered.projects if is_project(Path(known))), None
        )
    wish = {"page": page, "where": dict(where or {})}
    instance = Instance()
    if not instance.claim(folder):
        if hand_over(folder, wish):
            print("The window of this project is open already and was brought to the front.")  # noqa: T201
            return 0
        print("The window of this project is open already, but does not answer.", file=sys.stderr)  # noqa: T201
        return 1
    use_settings(store)
    garbage = GarbageCollection()
    session = Session(store)
    studio = Studio(session, lambda chosen: claim_or_raise(instance, studio, chosen))
    state = QSettings(str(store.path.with_name("window.ini")), QSettings.Format.IniFormat)
    window = MainWindow(studio, state)
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    watch = CrashWatch(f"window-{digest}")

    failures = FailureDialogs(watch.log, window)

    def show_failure(report: str) -> None:
        studio.background.on_gui_thread(lambda: failures.show(report))

    def show_wish(asked: Mapping[str, Any]) -> None:
        if asked.get("page"):
            studio.go(str(asked["page"]), **asked.get("where", {}))
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    _close_on_signals(window)
    last_crash = watch.last_crash
    watch.begin(show_failure)
    instance.asked.connect(show_wish)
    window.show_page("home")
    window.show()
    if folder is not None:
        studio.open_project(folder, then="" if where else page or "home")
        if page and where:
            go_when_open(studio, folder, page, where)
    for problem in store.problems:
        session.notices.tell(problem, "warn")
    if last_crash:
        session.notices.tell(
            "VPT Studio closed unexpectedly. Nothing was lost.",
            "warn",
            action="Show report",
            run=lambda: CrashDialog(
                "The last window closed unexpectedly",
                "Recordings, labels and runs are on the disk. Runs went on by themselves.",
                last_crash,
                watch.log,
                window,
            ).show(),
        )
    code = application.exec()
    garbage.stop()
    watch.end()
    instance.release()
    return code


def claim_or_raise(instance: Instance, studio: Studio, folder: Path) -> bool:
    """Whether this window may have the project in `folder`, because no other window has it.

    Otherwise the window that has it is asked to come to the front; as it may hang, nobody waits for that.
    """
    if instance.claim(folder):
        return True

    def tell(answered: bool) -> None:
        if not answered:
            studio.session.notices.tell(
                f"The other window of {folder.name} does not answer, so the project was not opened here."
                " End that window, then open the project again.",
                "warn",
            )

    Knock(folder, {}, studio).over.connect(tell)
    return False


def go_when_open(studio: Studio, folder: Path, page: str, where: Mapping[str, Any]) -> None:
    """Show `where` on `page` once the project in `folder` is open; no more once another one is."""

    def go() -> None:
        studio.project_changed.disconnect(go)
        project = studio.session.project
        if project is not None and project.folder == folder:
            studio.go(page, **where)

    studio.project_changed.connect(go)


def _close_on_signals(window: MainWindow) -> None:
    """End in good order on SIGINT and SIGTERM, which Python can only see when Qt lets it run."""
    if sys.platform == "win32":
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, window)

    def stop() -> None:
        os.read(reading, 16)
        window.close_now()
        # Qt should end with its last window, but at times did not when that was closed while it appeared.
        QTimer.singleShot(0, QApplication.quit)

    notifier.activated.connect(stop)
