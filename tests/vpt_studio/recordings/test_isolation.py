"""Work in a process of its own: crashes, hangs and errors cost only the thing they happened on."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.recordings.isolation import DecoderCrashedError, IsolatedWorker, map_isolated


class OddError(Exception):
    """An exception that cannot be put together again from its words."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def work(thing, tell):
    """Do what `thing` says."""
    match thing:
        case "segfault":
            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "exit":
            os._exit(0)
        case "long":
            end = time.monotonic() + 2.5
            while time.monotonic() < end:
                tell(1)
        case "hang":
            threading.Event().wait()
        case "raise":
            raise ValueError("no such thing")
        case "studio":
            raise StudioError("it is broken", where="take.mp4", mend="Copy it")
        case "odd":
            raise OddError(1, 2)
    return f"{thing} done by {os.getpid()}"


def test_results_and_errors_come_in_the_order_of_the_things():
    things = ["a", "raise", "segfault", "b", "studio", "abort", "odd", "exit", "c"]
    outcomes = dict(map_isolated(work, things, workers=2))
    assert list(outcomes) == things
    for fine in ("a", "b", "c"):
        assert outcomes[fine].startswith(f"{fine} done by ")
        assert not outcomes[fine].endswith(f" {os.getpid()}")
    for crash in ("segfault", "abort", "exit"):
        assert isinstance(outcomes[crash], DecoderCrashedError)
        assert str(outcomes[crash]) == "the decoder crashed on this file"
    assert isinstance(outcomes["raise"], ValueError)
    assert str(outcomes["odd"]) == "OddError: 1 and 2"
    error = outcomes["studio"]
    assert (error.what, error.where, error.mend) == ("it is broken", "take.mp4", "Copy it")


def test_what_hangs_is_ended_and_the_next_thing_is_done():
    with (
        IsolatedWorker(work, seconds=0.5) as worker,
        pytest.raises(DecoderCrashedError, match="got no further"),
    ):
        worker("hang")
    with IsolatedWorker(work) as worker:
        assert worker("a").startswith("a done")
        with pytest.raises(DecoderCrashedError):
            worker("segfault")
        assert worker("b").startswith("b done")


def test_what_takes_long_and_tells_of_its_progress_is_waited_for():
    with IsolatedWorker(work, seconds=2) as worker:
        assert worker("long").startswith("long done")


def test_who_stops_listening_waits_for_nothing():
    outcomes = map_isolated(work, ["a", "hang", "hang", "hang"], workers=2)
    thing, made = next(outcomes)
    assert (thing, made[:6]) == ("a", "a done")
    outcomes.close()  # would hang for good if it waited


def test_what_died_with_nothing_to_do_is_replaced_whoever_collected_its_end():
    with IsolatedWorker(work) as worker:
        process = int(worker("a").split()[-1])
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)  # as multiprocessing does in whichever thread starts the next process
        assert worker("b").startswith("b done")


def test_an_interrupt_that_comes_before_the_process_is_there_is_not_lost():
    with IsolatedWorker(work) as worker:
        worker.interrupt()
        with pytest.raises(DecoderCrashedError, match="interrupted"):
            worker("hang")


def test_what_is_known_before_needs_no_process():
    answers = map_isolated(work, ["segfault", "a"], workers=1, known={"segfault": "known"}.get)
    (first, known), (second, made) = answers
    assert (first, known, second) == ("segfault", "known", "a")
    assert made.startswith("a done")


def test_nothing_to_do_starts_nothing():
    assert list(map_isolated(work, [], workers=2)) == []
