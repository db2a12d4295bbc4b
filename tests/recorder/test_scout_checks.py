"""What the scout says of what it knows: which checks stop a start, and what mends them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recorder.scout.checks import ScoutFacts, checks
from recorder.scout.sync_check import SyncResult

READY = ScoutFacts(
    is_in_front=True,
    is_pictured=True,
    size=(1280, 720),
    input="XInput 2.2",
    keys=["W", "left button"],
    moved=True,
    hertz=20.0,
    grab_ms=(2.0, 9.0),
    disk_minutes=120.0,
    hotkeys={"F9": "starts and stops"},
    sync=SyncResult(36.5, 8.0, 9),
)
ORDER = ["screen", "input", "front", "keys", "mouse", "rate", "size", "cover", "disk", "hotkeys", "sync"]


def test_where_all_is_ready_all_is_said_to_be_and_nothing_is_to_be_mended():
    told = checks(READY)
    assert [one["id"] for one in told] == ORDER
    assert {one["state"] for one in told} == {"ok"}
    assert not any(one["mend"] for one in told)
    assert all(one["words"] for one in told)


@pytest.mark.parametrize(
    ("name", "state", "words", "facts"),
    [
        ("screen", "bad", "closed", {"is_gone": True}),
        ("screen", "bad", "black", {"is_black": True}),
        ("screen", "wait", "minimised", {"is_shown": False}),
        ("screen", "wait", "cannot be seen yet", {"is_pictured": False}),
        ("screen", "warn", "No picture", {"trouble": "No picture has come"}),
        ("input", "bad", "No X server", {"input": "", "input_mend": ("no X server", "Log in")}),
        ("input", "warn", "not to be trusted", {"untrusted": "a tablet"}),
        ("front", "wait", "Another window", {"is_in_front": False}),
        ("keys", "wait", "No key", {"keys": []}),
        ("mouse", "wait", "not heard", {"moved": False}),
        ("mouse", "warn", "not exactly", {"untrusted": "a tablet"}),
        ("rate", "wait", "No pictures", {"hertz": 0.0, "grab_ms": None}),
        ("rate", "warn", "17.2 Hz", {"hertz": 17.2}),
        ("rate", "warn", "30.0 ms", {"grab_ms": (30.0, 44.0)}),
        ("size", "warn", "600 x 338", {"size": (600, 338)}),
        ("size", "warn", "beyond the screen", {"is_beyond": True}),
        ("size", "warn", "not 16:9", {"size": (1280, 800)}),
        ("cover", "warn", "Mail lies over", {"covered": "Mail"}),
        ("cover", "warn", "Mail lies over the game, and is rec", {"covered": "Mail", "ignores_cover": True}),
        ("cover", "warn", "What lies over the game is", {"is_in_front": False, "ignores_cover": True}),
        ("cover", "wait", "VPT Studio", {"covered": "VPT Studio", "is_own_cover": True}),
        ("cover", "wait", "once the game is in front", {"is_in_front": False}),
        ("cover", "warn", "Not known", {"tells_cover": False}),
        ("disk", "bad", "full", {"disk_minutes": 0.0}),
        ("disk", "warn", "4 min", {"disk_minutes": 4.0}),
        ("hotkeys", "warn", "Another program has F9", {"refused": frozenset({"F9"})}),
        ("hotkeys", "warn", "F9 starts", {"refused": None}),
        ("hotkeys", "warn", "None", {"hotkeys": {}}),
        ("sync", "wait", "Not measured", {"sync": None}),
        (
            "sync",
            "warn",
            "Nothing was still",
            {"sync": None, "sync_failure": ("nothing was still", "Stand still")},
        ),
        ("sync", "warn", "190 ms", {"sync": SyncResult(190.0, 8.0, 9)}),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(name: str, state: str, words: str, facts: dict[str, Any]):
    (found,) = (one for one in checks(replace(READY, **facts)) if one["id"] == name)
    assert found["state"] == state
    assert words in found["words"]
    assert found["mend"]
