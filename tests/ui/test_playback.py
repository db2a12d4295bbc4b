from __future__ import annotations

import pytest

from ui.playback import SPEEDS, Playback


@pytest.mark.parametrize("speed", SPEEDS)
def test_playing_follows_the_clock_at_every_speed(speed):
    playback = Playback(1000, speed=speed)
    playback.play(10.0)
    playback.advance(15.0)
    assert playback.tick == int(5 * 20 * speed)


def test_a_late_picture_is_passed_over_and_time_is_not_stretched():
    playback = Playback(1000)
    playback.play(0.0)
    assert playback.advance(0.05) == 1
    assert playback.advance(0.40) == 7
    assert playback.seconds_to_next(0.40) == pytest.approx(0.05)


def test_it_stops_at_the_end_and_begins_anew():
    playback = Playback(40)
    playback.play(0.0)
    playback.advance(9.0)
    assert (playback.tick, playback.playing) == (39, False)
    playback.play(9.0)
    assert (playback.tick, playback.playing) == (0, True)


def test_a_loop_returns_to_its_first_tick():
    playback = Playback(100, tick=30, loop=(30, 40))
    playback.play(0.0)
    assert playback.advance(0.45) == 9
    playback.advance(0.5)
    assert playback.tick == 30
    assert playback.playing


def test_repeating_begins_again_at_the_end():
    playback = Playback(10, repeats=True)
    playback.play(0.0)
    playback.advance(0.5)
    assert (playback.tick, playback.playing) == (0, True)


def test_a_step_pauses_and_stays_within_the_recording():
    playback = Playback(10, tick=9)
    playback.play(0.0)
    playback.step(5)
    assert (playback.tick, playback.playing) == (5, False)
    playback.step(-50)
    assert playback.tick == 0


def test_a_change_of_speed_while_playing_does_not_jump():
    playback = Playback(1000)
    playback.play(0.0)
    playback.advance(1.0)
    playback.set_speed(4.0, 1.0)
    assert playback.advance(1.0) == 0
    playback.advance(1.5)
    assert playback.tick == 60


def test_nothing_plays_without_ticks():
    playback = Playback(0)
    playback.play(0.0)
    assert not playback.playing
    playback.seek(3, 0.0)
    assert playback.tick == 0
