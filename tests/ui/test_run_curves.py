"""The curves of a run: whatever is opened in between, they come; and other runs can be laid beside them."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from ui.run_model import smoothed
from ui.widgets.chart import Chart

TIMEOUT = 15_000


class Unwalked(np.ndarray):
    """Values that cannot be looked at one by one."""

    def __iter__(self):
        raise AssertionError("a loop over all values holds up the window")


def one_by_one(values, strength):
    average, weight, result = 0.0, 0.0, []
    for value in values:
        if np.isfinite(value):
            average = strength * average + (1 - strength) * value
            weight = strength * weight + (1 - strength)
        result.append(average / weight if weight else np.nan)
    return np.array(result)


@pytest.mark.parametrize("strength", [0.01, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("count", [0, 1, 2, 37, 5000])
def test_smoothing_is_the_running_average_and_takes_no_loop(strength, count):
    values = np.random.default_rng(count).normal(0, 100, count)
    values[::7] = np.nan
    found = smoothed(values.view(Unwalked), strength)
    np.testing.assert_allclose(found, one_by_one(values, strength), rtol=1e-9, atol=1e-9)


def offered(page):
    box = next(box for box in page.findChildren(QComboBox) if box.accessibleName() == "Run to compare with")
    return {box.itemData(place) for place in range(1, box.count())}


def test_charts_come_although_another_run_was_opened_while_their_library_was_loading(
    make_window, store, own_project, qtbot
):
    first, second, _ = sorted(run.name for run in (own_project / "runs").iterdir())
    window = make_window(store, own_project, "train")
    qtbot.waitUntil(lambda: window.studio.runs.is_known, timeout=TIMEOUT)
    loaded, read, told = threading.Event(), threading.Event(), []
    background = window.studio.background
    background.run(lambda _task: loaded.wait(TIMEOUT / 1000), lane="charts")
    window.studio.go("run", run=first)
    page = window.current_page()
    qtbot.waitUntil(lambda: page.run is not None and page.run.id == first, timeout=TIMEOUT)
    background.run(lambda _task: read.wait(TIMEOUT / 1000), lane="run page")
    window.studio.go("run", run=second)
    loaded.set()
    background.run(lambda _task: None, told.append, lane="charts")
    qtbot.waitUntil(lambda: told == [None], timeout=TIMEOUT)
    read.set()
    qtbot.waitUntil(lambda: len(page.findChildren(Chart)) == 4, timeout=TIMEOUT)
    assert page.run.id == second


def test_the_other_runs_are_offered_for_comparison_though_none_is_running(
    make_window, store, own_project, qtbot
):
    runs = {run.name for run in (own_project / "runs").iterdir()}
    first, second, _ = sorted(runs)
    window = make_window(store, own_project, "train")
    qtbot.waitUntil(lambda: window.studio.runs.is_known, timeout=TIMEOUT)
    for shown in (first, second):
        window.studio.go("run", run=shown)
        page = window.current_page()
        qtbot.waitUntil(lambda: offered(page) == runs - {shown}, timeout=TIMEOUT)  # noqa: B023
