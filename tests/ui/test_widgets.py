"""Widgets that are used everywhere keep no more than they need."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from ui.lanes import FilmLane
from ui.widgets.labels import eliding
from ui.widgets.live_input import LiveInput
from ui.widgets.timeline import Timeline


def test_labels_share_a_class_and_tell_their_whole_text(qapp):
    first, second = eliding("a long name"), eliding("another")
    assert type(first) is type(second)
    first.setText("changed")
    assert first.toolTip() == "changed"


@pytest.mark.parametrize(
    ("rate", "said", "token"),
    [(20.0, "20.0 Hz", "ok"), (18.7, "18.7 Hz, slow", "warn"), (11.3, "11.3 Hz, too slow", "danger")],
)
def test_a_rate_that_is_too_low_is_not_green(rate, said, token, qapp, qtbot):
    devices = LiveInput()
    qtbot.addWidget(devices)
    devices.show_ticks(
        [{"shown": number / rate, "held": [], "dx": 0, "dy": 0, "late": 0.1} for number in range(50)]
    )
    (label,) = [found for found in devices.findChildren(QLabel) if found.text() == said]
    assert label.property("colour") == token


def test_a_filmstrip_forgets_pictures_of_places_left_but_none_that_is_shown(qapp, qtbot):
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(1200, 100)
    wanted = []
    timeline.film_wanted.connect(wanted.append)
    timeline.show_lanes([FilmLane()], 100_000)
    (shown,) = wanted
    picture = QPixmap(128, 72)
    for tick in (*shown, *(tick for tick in range(3000) if tick not in shown)):
        timeline.show_film(tick, picture)
    assert len(shown) < timeline.film_kept < 1000
    timeline.show_lanes([FilmLane()], 100_000)
    assert wanted == [shown]
