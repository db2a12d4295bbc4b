"""When nothing may be recorded, and which keys never are."""

from __future__ import annotations

import pytest

from recorder.devices.events import InputEvent
from recorder.game import privacy_gate
from recorder.game.privacy_gate import (
    BLIND,
    CHAT,
    CHAT_FADES_NS,
    COVERED,
    IDLE,
    LONGEST_BLIND_NS,
    NOT_IN_FRONT,
    PAUSED,
    SLEPT,
    PrivacyGate,
)
from recorder.game_profiles import read_profile

SECOND = 1_000_000_000
MS = 1_000_000
BEGIN = 100 * SECOND


def key(at: int, name: str, is_down: bool = True) -> InputEvent:
    return InputEvent("key", at, at, code=f"key.keyboard.{name}", is_down=is_down)


@pytest.fixture
def gate() -> PrivacyGate:
    """Open since BEGIN."""
    made = PrivacyGate(read_profile("minecraft"), BEGIN, idle_ns=60 * SECOND)
    made.look(BEGIN, True)
    return made


def why(gate: PrivacyGate, at: int) -> str:
    return gate.why_closed(at, at + 1)


def test_closed_until_the_game_was_seen_in_front():
    gate = PrivacyGate(read_profile("generic"), BEGIN)
    gate.look(BEGIN + 5, False)
    assert why(gate, BEGIN + 5) == NOT_IN_FRONT
    gate.look(BEGIN + 9, True)
    assert why(gate, BEGIN + 8) == NOT_IN_FRONT
    assert why(gate, BEGIN + 9) == ""


def test_what_was_not_seen_to_be_in_front_was_not(gate):
    gate.look(BEGIN + 10, True)
    gate.look(BEGIN + 20, False)
    assert why(gate, BEGIN + 9) == ""
    assert why(gate, BEGIN + 10) == NOT_IN_FRONT
    gate.look(BEGIN + 30, True)
    assert gate.why_closed(BEGIN + 5, BEGIN + 11) == NOT_IN_FRONT
    assert gate.why_closed(BEGIN + 30, BEGIN + 40) == ""


def test_keys_that_the_game_does_not_use_never_pass(gate):
    assert gate.hear(key(BEGIN, "p")) is None
    assert gate.hear(InputEvent("button", BEGIN, BEGIN, code="7", is_down=True)) is None
    for event in (
        key(BEGIN, "w"),
        InputEvent("motion", BEGIN, BEGIN, dx=1),
        InputEvent("wheel", BEGIN, BEGIN),
    ):
        assert gate.hear(event) is event


def test_the_chat_is_closed_from_its_key_until_it_faded(gate):
    assert gate.hear(key(BEGIN + 100, "t")) is None
    gate.hear(key(BEGIN + 200, "w"))
    assert why(gate, BEGIN + 99) == ""
    assert why(gate, BEGIN + 100) == why(gate, BEGIN + 90 * SECOND) == CHAT
    left = BEGIN + 5 * SECOND
    gate.hear(key(left, "escape"))
    assert why(gate, left + CHAT_FADES_NS - 1) == CHAT
    assert why(gate, left + CHAT_FADES_NS) == ""


def test_what_was_sent_is_still_to_be_read_for_a_while(gate):
    gate.hear(key(BEGIN + 100, "t"))
    sent = BEGIN + 5 * SECOND
    gate.hear(key(sent, "enter"))
    stays = read_profile("minecraft").chat_stays * SECOND
    assert stays > CHAT_FADES_NS
    assert why(gate, sent + stays - 1) == CHAT
    assert why(gate, sent + stays) == ""
    # Also where more words are begun meanwhile, and taken back.
    gate.hear(key(sent + SECOND, "t"))
    gate.hear(key(sent + 2 * SECOND, "escape"))
    assert why(gate, sent + stays - 1) == CHAT
    assert why(gate, sent + stays) == ""


def test_what_lies_over_the_game_closes_from_when_it_was_last_seen_free(gate):
    gate.look_over(BEGIN + 10, False)
    gate.look_over(BEGIN + 20, True)
    gate.look_over(BEGIN + 30, True)
    assert why(gate, BEGIN + 9) == ""
    assert why(gate, BEGIN + 10) == COVERED
    gate.look_over(BEGIN + 40, False)
    assert why(gate, BEGIN + 39) == COVERED
    assert why(gate, BEGIN + 40) == ""


def test_a_chat_that_is_opened_again_while_it_fades(gate):
    gate.hear(key(BEGIN + 1, "t"))
    gate.hear(key(BEGIN + 2, "escape"))
    gate.hear(key(BEGIN + 3, "slash"))
    assert why(gate, BEGIN + 10 * SECOND) == CHAT


def test_keys_for_other_windows_neither_open_nor_close_the_chat(gate):
    gate.hear(key(BEGIN + 1, "t"))
    gate.look(BEGIN + 2, True)
    gate.look(BEGIN + 3, False)
    gate.hear(key(BEGIN + 4, "enter"))
    gate.look(BEGIN + 5, True)
    assert why(gate, BEGIN + SECOND) == CHAT
    gate.hear(key(BEGIN + 6, "escape"))
    gate.look(BEGIN + 7, False)
    gate.hear(key(BEGIN + 8, "t"))
    gate.look(BEGIN + 9, True)
    assert why(gate, BEGIN + SECOND) == ""


def test_a_key_that_opens_and_closes(tmp_path):
    gate = PrivacyGate(read_profile("generic"), BEGIN)
    gate.look(BEGIN, True)
    gate.hear(key(BEGIN + 1, "enter"))
    assert why(gate, BEGIN + 2) == CHAT
    gate.hear(key(BEGIN + 3, "enter"))
    assert why(gate, BEGIN + 3 + round(read_profile("generic").chat_stays * SECOND)) == ""


def test_what_nobody_looked_at_is_not_recorded(gate):
    gate.look(BEGIN + LONGEST_BLIND_NS, True)
    assert gate.why_closed(BEGIN, BEGIN + LONGEST_BLIND_NS) == ""
    gate.look(BEGIN + 2 * LONGEST_BLIND_NS + 1, True)
    assert why(gate, BEGIN + LONGEST_BLIND_NS - 1) == ""
    assert why(gate, BEGIN + 2 * LONGEST_BLIND_NS) == BLIND
    assert why(gate, BEGIN + 2 * LONGEST_BLIND_NS + 1) == ""


def test_nobody_plays_until_somebody_does(gate):
    at = BEGIN + 60 * SECOND
    gate.look(at, True)
    assert why(gate, at) == ""
    gate.look(at + 1, True)
    assert why(gate, at + 1) == IDLE
    gate.hear(InputEvent("motion", at + 50, at + 50, dx=1.0))
    assert why(gate, at + 49) == IDLE
    assert why(gate, at + 50) == ""


def test_reasons_come_and_go_by_themselves(gate):
    gate.close(PAUSED, BEGIN + 5)
    gate.look(BEGIN + 10, False)
    gate.open(PAUSED, BEGIN + 15)
    assert why(gate, BEGIN + 16) == NOT_IN_FRONT
    gate.look(BEGIN + 20, True)
    assert why(gate, BEGIN + 20) == ""
    gate.close(PAUSED, BEGIN + 30)
    gate.close(PAUSED, BEGIN + 40)
    assert why(gate, BEGIN + 35) == PAUSED


def test_the_time_around_a_sleep_of_the_computer(gate, monkeypatch):
    gate.look(BEGIN + 10 * MS, True)
    asleep = privacy_gate.time_asleep()
    monkeypatch.setattr(privacy_gate, "time_asleep", lambda: asleep + 3600 * SECOND)
    gate.look(BEGIN + 20 * MS, True)
    assert gate.why_closed(BEGIN, BEGIN + 15 * MS) == SLEPT
    assert why(gate, BEGIN + 20 * MS) == ""
