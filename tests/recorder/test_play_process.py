"""The play process, driven through its pipes: what is given is played and recorded, tick for tick."""

from __future__ import annotations

import itertools
import shutil

import numpy as np
import pytest

from recorder.play.schedule import TICK_SECONDS
from recorder.takes.facts import take_facts
from recorder.takes.waiting import recover, waiting_takes
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.source import Source

EVENTS = (
    # (ticks after the beginning, event)
    (2.5, {"press": "forward", "down": True}),
    (3.2, {"move": [31, -4]}),
    (3.6, {"move": [-1, 9]}),
    (6.5, {"press": "sprint", "down": True}),
    (9.5, {"press": "forward", "down": False}),
    (9.6, {"press": "sprint", "down": False}),
    (12.3, {"press": "attack", "down": True}),
    (12.4, {"press": "attack", "down": False}),
    (14.5, {"wheel": -1}),
    (17.5, {"press": "inventory", "down": True}),
    (18.5, {"press": "inventory", "down": False}),
    (21.5, {"move": [40, 25]}),
    (24.5, {"press": "hotbar.4", "down": True}),
    (25.5, {"press": "hotbar.4", "down": False}),
)


def expected(given, dues):
    """What each tick is to hold and turn, by the moments that the process said its ticks were due."""
    held, ticks = set(), []
    changes: dict[str, list[bool]] = {}
    waiting = list(given)
    for due in dues:
        moved, turned = [0, 0], 0
        while waiting and waiting[0][0] <= due:
            _, event = waiting.pop(0)
            if "move" in event:
                moved = [moved[0] + event["move"][0], moved[1] + event["move"][1]]
            elif "wheel" in event:
                turned += event["wheel"]
            else:
                changes.setdefault(event["press"], []).append(event["down"])
        for button, downs in changes.items():
            if downs:  # pressed and let go in one tick: held for this one, up in the next
                (held.add if downs.pop(0) else held.discard)(button)
        ticks.append((set(held) | ({"hotbar.2"} if turned else set()), *moved))
    assert not waiting
    assert not any(changes.values())
    return ticks


def test_what_is_given_is_what_is_recorded_tick_for_tick(play, tmp_path):
    play.begin(record="take")
    begin = play.after(4)
    given = [(begin + ticks * TICK_SECONDS, event) for ticks, event in EVENTS]
    for at, event in given:
        play.give(at, **event)
    played = play.ticks(40)
    play.do("stop")
    taken = play.until("taken")
    played += [told for told in play.said if told["is"] == "tick" and told not in played]
    assert [told["recorded"] for told in played] == list(range(1, len(played) + 1))
    assert taken["ticks"] == len(played)
    dues = [told["due"] for told in played]
    steps = {round((later - sooner) / TICK_SECONDS, 6) for sooner, later in itertools.pairwise(dues)}
    assert all(step == int(step) and step >= 1 for step in steps)  # always on the grid of 50 ms
    wanted = expected(given, dues)
    assert [(set(told["held"]), told["dx"], told["dy"]) for told in played] == wanted
    with Recording.open(tmp_path / "take.mp4") as recording:
        assert recording.sidecar.source is Source.HUMAN
        assert (recording.sidecar.person, recording.sidecar.seed) == ("amber", 4)
        assert recording.sidecar.environment == "vpt-studio voxel brisk"
        assert len(recording) == len(played)
        raw = recording.ticks.raw
        assert raw.motion.tolist() == [[dx, dy] for _, dx, dy in wanted]
        assert raw.gui_open.tolist() == [False, *[told["screen"] for told in played[:-1]]]
        actions = recording.converted().actions
    again = VoxelEnvironment("brisk", "64x64")
    again.reset(seed=4)
    for action in actions:
        again.step(action.to_environment())
    assert again.state.tick == played[-1]["tick"]
    assert again.state.inventory.selected == 1  # by the wheel; on a screen number keys exchange stacks


def test_a_killed_process_loses_less_than_a_second(play, tmp_path):
    play.begin(record="take")
    recorded = play.ticks(50)[-1]["recorded"]
    play.kill()
    (take,) = waiting_takes(tmp_path)
    assert not take.is_whole
    whole = recover(take)
    assert recorded - 20 <= whole.ticks <= recorded + 40
    with Recording.open(whole.video) as recording:
        assert len(recording) == whole.ticks
    assert waiting_takes(tmp_path) == [whole]


def test_a_take_under_way_is_nobody_elses(play, tmp_path):
    play.begin(record="take")
    play.ticks(3)
    assert waiting_takes(tmp_path) == []
    play.end()  # the window went away
    (take,) = waiting_takes(tmp_path)
    assert recover(take).ticks >= 3


def test_losing_the_focus_lets_go_and_the_pause_stops_the_world(play):
    play.begin(record="take")
    play.give(play.after(0), press="forward", down=True)
    play.until("tick", held=["forward"])
    play.give(play.after(0), release="all")
    play.do("pause")
    play.until("paused")
    before = [told for told in play.said if told["is"] == "tick"][-1]
    play.do("resume")
    following = play.ticks(2)
    assert following[0]["tick"] == before["tick"] + 1
    assert [told["held"] for told in following] == [[], []]
    play.do("stop")
    assert play.until("taken")["pauses"] == [before["recorded"]]


def test_pictures_come_with_the_pointer_and_are_recorded_without(play, tmp_path):
    play.begin(record="take")
    play.give(play.after(0), press="inventory", down=True)
    play.until("tick", screen=True)
    picture = None
    while picture is None:  # who is slow to look may miss some
        shown = play.until("tick", screen=True)
        picture = play.board.look(shown["picture"])
    play.ticks(1)  # which is what the picture was shown for
    play.do("stop")
    play.until("taken")
    with Recording.open(tmp_path / "take.mp4") as recording:
        plain = recording.picture(shown["recorded"], pointer=False).astype(int)
        pointed = recording.picture(shown["recorded"], pointer=True).astype(int)
    assert np.abs(picture - pointed).mean() < np.abs(picture - plain).mean()
    assert np.abs(picture[180:196, 320:330] - plain[180:196, 320:330]).mean() > 20


def test_a_take_can_be_thrown_away_and_the_world_goes_on(play, tmp_path):
    play.begin(record="take")
    tick = play.ticks(3)[-1]["tick"]
    play.do("discard")
    play.until("discarded")
    assert waiting_takes(tmp_path) == []
    play.do("record", folder=str(tmp_path), name="other")
    play.until("recording")
    play.do("resume")
    assert play.ticks(1)[0]["tick"] >= tick


def test_what_cannot_be_done_is_told_and_the_play_goes_on(play, tmp_path):
    play.do("record", folder=str(tmp_path), name="early")
    assert "no world" in play.until("failed")["error"]["what"]
    play.do("dance")
    assert "dance" in play.until("failed")["error"]["what"]
    play.process.stdin.write(b"no json\n")
    play.do("reset", preset="nowhere", seed=1)
    assert "nowhere" in play.until("failed")["error"]["what"]
    play.begin(record="take")
    play.ticks(1)
    play.do("reset", preset="brisk", seed=1)
    assert "under way" in play.until("failed")["error"]["what"]
    play.ticks(1)
    play.end()
    assert play.process.returncode == 0


def test_pauses_are_those_of_one_take_and_known_after_a_crash(play, tmp_path):
    def pause():
        play.do("pause")
        play.until("paused")
        play.do("resume")
        play.ticks(1)

    play.begin(record="one")
    play.ticks(1)
    pause()
    play.do("stop")
    assert len(play.until("taken")["pauses"]) == 1
    for name in ("two", "three"):
        play.do("record", folder=str(tmp_path), name=name)
        play.until("recording")
        play.do("resume")
        play.ticks(20)
        if name == "two":
            play.do("stop")
            assert play.until("taken")["pauses"] == []
    pause()
    pause()
    play.ticks(20)
    play.kill()
    (cut,) = (take for take in waiting_takes(tmp_path) if not take.is_whole)
    assert take_facts(recover(cut).video).pauses == 2


def test_a_take_without_a_tick_leaves_nothing(play, tmp_path):
    play.begin()
    play.do("pause")
    play.until("paused")
    play.do("record", folder=str(tmp_path), name="take")
    play.until("recording")
    play.do("stop")
    told = play.until("failed")
    assert (told["command"], told["error"]["what"]) == ("stop", "nothing was recorded")
    play.do("record", folder=str(tmp_path), name="take")
    play.until("recording")
    play.end()
    assert waiting_takes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def let_files_grow_to(play, most):
    """From now on no file of the play process grows further: to it the disk is full."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits another process")
    endless = resource.RLIM_INFINITY
    resource.prlimit(play.process.pid, resource.RLIMIT_FSIZE, (endless if most is None else most, endless))


def check_the_world_goes_on(play, folder):
    let_files_grow_to(play, None)
    play.do("record", folder=str(folder), name="after")
    play.until("recording")
    play.do("resume")
    play.until("tick", recorded=3)
    play.do("stop")
    assert play.until("taken")["video"] == str(folder / "after.mp4")
    play.end()
    assert play.process.returncode == 0


def test_a_disk_that_becomes_full_ends_the_take_and_not_the_world(play, tmp_path):
    play.begin(record="take")
    play.ticks(40)
    let_files_grow_to(play, (tmp_path / "take.take" / "video.mkv").stat().st_size + 3000)
    told = play.until("failed")
    assert told["command"] == "tick"
    assert "written" in told["error"]["what"]
    check_the_world_goes_on(play, tmp_path)
    (take,) = (take for take in waiting_takes(tmp_path) if take.name == "take")
    assert recover(take).ticks >= 20


def test_a_full_disk_lets_no_take_begin_and_leaves_nothing_of_it(play, tmp_path):
    play.begin()
    play.ticks(1)
    let_files_grow_to(play, 0)
    before = sorted(tmp_path.iterdir())
    play.do("record", folder=str(tmp_path), name="after")
    assert play.until("failed")["command"] == "record"
    assert sorted(tmp_path.iterdir()) == before
    check_the_world_goes_on(play, tmp_path)


def test_a_full_disk_at_the_end_leaves_the_take_to_be_recovered(play, tmp_path):
    play.begin(record="take")
    play.ticks(40)
    play.do("pause")
    play.until("paused")
    play.do("nothing")
    play.until("failed")  # by now it has noted the pause
    let_files_grow_to(play, 10)
    play.do("stop")
    assert play.until("failed")["command"] == "stop"
    check_the_world_goes_on(play, tmp_path)
    (take,) = (take for take in waiting_takes(tmp_path) if take.name == "take")
    assert recover(take).ticks >= 20


def test_a_folder_that_is_gone_or_not_for_us_is_told_and_the_world_goes_on(play, tmp_path):
    play.begin()
    play.do("record", folder="/proc", name="take")
    assert play.until("failed")["command"] == "record"
    (tmp_path / "takes").mkdir()
    play.do("record", folder=str(tmp_path / "takes"), name="take")
    play.until("recording")
    play.until("tick", recorded=3)
    shutil.rmtree(tmp_path / "takes")
    play.do("discard")
    play.until("discarded")
    check_the_world_goes_on(play, tmp_path)


def test_the_place_of_a_project_that_was_moved_away_is_not_made_again(play, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "project.db").touch()
    play.begin()
    play.do("record", folder=str(project / "takes"), name="one")
    play.until("recording")
    play.until("tick", recorded=3)
    play.do("stop")
    play.until("taken")
    project.rename(tmp_path / "elsewhere")
    play.do("record", folder=str(project / "takes"), name="two")
    assert "no longer there" in play.until("failed")["error"]["what"]
    assert not project.exists()


def test_the_pictures_are_gone_when_it_has_ended(play, tmp_path):
    play.until("warming")
    assert (tmp_path / "pictures").exists()
    play.end()  # the window was killed before it saw any
    assert not (tmp_path / "pictures").exists()
