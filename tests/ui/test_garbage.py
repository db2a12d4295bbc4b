"""Python's garbage, looked for in the GUI thread alone."""

from __future__ import annotations

import gc
import threading

from ui.garbage import GarbageCollection


class _InACircle:
    def __init__(self, ended_in: list[threading.Thread]) -> None:
        self.itself = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread())


def test_what_other_threads_leave_is_collected_in_the_gui_thread(qtbot):
    ended_in: list[threading.Thread] = []

    def litter() -> None:
        for _ in range(5000):
            _InACircle(ended_in)

    collection = GarbageCollection()
    try:
        thread = threading.Thread(target=litter)
        thread.start()
        thread.join()
        assert ended_in == []
        qtbot.waitUntil(lambda: bool(ended_in))
        assert set(ended_in) == {threading.current_thread()}
    finally:
        collection.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
