"""Widgets that are used everywhere keep no more than they need."""

from __future__ import annotations

from PySide6.QtGui import QPixmap

from ui.lanes import FilmLane
from ui.widgets.labels import eliding
from ui.widgets.timeline import Timeline


def test_labels_share_a_class_and_tell_their_whole_text(qapp):
    first, second = eliding("a long name"), eliding("another")
    assert type(first) is type(second)
    first.setText("changed")
    assert first.toolTip() == "changed"


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
