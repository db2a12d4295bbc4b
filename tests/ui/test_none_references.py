"""Qt calls that return nothing must not lose references to None (PySide6 6.12.0 did, and aborted)."""

import sys

import pytest

QtGui = pytest.importorskip("PySide6.QtGui", reason="PySide6 is not installed")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_two_thousand_calls_leave_the_references_to_none_as_they_were():
    pen = QtGui.QPen()
    before = sys.getrefcount(None)
    for _ in range(2000):
        pen.setWidth(2)
    assert abs(sys.getrefcount(None) - before) < 100
