"""The Player: pictures shown late while it plays, and how soon a picture is there after a seek."""

from __future__ import annotations

import random
import time

from bench.comparing import Figure
from bench.window.gui_thread import Heartbeat, PaintWatch, wait_until
from ui.pages.player import PlayerPage
from ui.playback import TICK_RATE
from ui.window import MainWindow

AIM_LATE_PERCENT = 1.0
AIM_BLOCK_MS = 33
AIM_SEEK_MS = 80
_LATE_SECONDS = 0.5 / TICK_RATE


def open_player(window: MainWindow, recording: str) -> PlayerPage:
    """The Player of `recording`, with every overlay, the inspector and an IDM's opinion."""
    window.studio.go("player", recording=recording)
    page = window.current_page()
    assert isinstance(page, PlayerPage)
    wait_until(lambda: page.supply.picture(0) is not None, "the first picture")
    wait_until(lambda: window.studio.background.is_idle, "the recording's actions and opinion")
    assert page.inspector is not None
    assert page.inspector.isVisible()
    return page


class _Shown:
    """Notes when each tick's picture was first on the screen."""

    def __init__(self, window: MainWindow, page: PlayerPage) -> None:
        self.at: dict[int, float] = {}
        self._fresh: list[int] = []
        self._signal = page.view.painted
        self._signal.connect(self._fresh.append)
        self._watch = PaintWatch(window, self._note)

    def stop(self) -> None:
        """Note no longer."""
        self._watch.stop()
        self._signal.disconnect(self._fresh.append)

    def _note(self, _begin: float, end: float) -> None:
        for tick in self._fresh:
            self.at.setdefault(tick, end)
        self._fresh.clear()


def measure_playing(window: MainWindow, page: PlayerPage, seconds: float) -> list[Figure]:
    """Play from the beginning for `seconds`, at the recording's own speed."""
    page.seek(0)
    wait_until(lambda: page.supply.picture(0) is not None, "the first picture")
    ticks = min(round(seconds * TICK_RATE), page.playback.ticks - 1)
    shown = _Shown(window, page)
    window.studio.session.actions["player.play"].run()
    now = time.monotonic()
    first_due = now + page.playback.seconds_to_next(now)  # of tick 1
    with Heartbeat() as heartbeat:
        wait_until(lambda: page.playback.tick >= ticks or not page.playback.playing, "the end", seconds + 30)
    window.studio.session.actions["player.play"].run()
    shown.stop()
    assert not page.playback.playing
    delays = [
        shown.at.get(tick, float("inf")) - first_due - (tick - 1) / TICK_RATE for tick in range(1, ticks)
    ]
    late = sum(delay > _LATE_SECONDS for delay in delays)
    ordered = sorted(delays)
    return [
        Figure("player: ticks played", len(delays), "ticks"),
        Figure("player: never shown", sum(delay == float("inf") for delay in delays), "ticks"),
        Figure("player: median delay", 1000 * ordered[len(ordered) // 2], "ms"),
        Figure("player: shown late", 100 * late / len(delays), "%", aim=AIM_LATE_PERCENT, at_most=True),
        Figure(
            "player: longest block of the GUI thread",
            1000 * max(heartbeat.gaps),
            "ms",
            aim=AIM_BLOCK_MS,
            at_most=True,
        ),
    ]


def measure_seeking(window: MainWindow, page: PlayerPage, count: int) -> list[Figure]:
    """Seek to `count` random ticks whose pictures are not at hand, one after the other."""
    random_ticks = random.Random(0)
    taken: list[float] = []
    shown = _Shown(window, page)
    while len(taken) < count:
        tick = random_ticks.randrange(page.playback.ticks)
        begin = time.monotonic()
        if page.supply.picture(tick) is not None:
            continue
        shown.at.clear()
        page.seek(tick)
        wait_until(lambda tick=tick: tick in shown.at, f"the picture of tick {tick}")  # type: ignore[misc]
        taken.append(shown.at[tick] - begin)
    shown.stop()
    ordered = sorted(taken)
    return [
        Figure("seek: median", 1000 * ordered[count // 2], "ms"),
        Figure(
            "seek: 95 of 100 within", 1000 * ordered[count * 95 // 100], "ms", aim=AIM_SEEK_MS, at_most=True
        ),
        Figure("seek: longest", 1000 * ordered[-1], "ms"),
    ]
