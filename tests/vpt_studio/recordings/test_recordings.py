"""A recording as a whole: frames against lines, sidecars, files elsewhere, and the verdict on it."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from vpt_studio.errors import StudioError
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.repair import repair
from vpt_studio.recordings.sidecar import ForeignFile, Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.validation import validate


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["take.mp4", "take.jsonl", "take"])
def test_a_recording_opens_by_any_of_its_files(tmp_path, make_recording, name):
    make_recording(tmp_path, "take", 12)
    with Recording.open(tmp_path / name) as recording:
        assert (recording.name, len(recording)) == ("take", 12)


@pytest.mark.parametrize("extra", [0, 1])
def test_as_many_frames_as_lines_or_one_more_is_healthy(tmp_path, make_recording, a_tick, extra):
    path = make_recording(tmp_path, frames=30 + extra, lines=[a_tick(number) for number in range(30)])
    with Recording.open(path) as recording:
        assert (len(recording.video), len(recording), len(recording.known)) == (30 + extra, 30, 30)
        assert len(recording.converted()) == 30
    verdict = validate(path)
    assert (verdict.health, verdict.problems) == (Health.HEALTHY, [])
    assert (verdict.frames, verdict.lines, verdict.ticks) == (30 + extra, 30, 30)


def test_more_lines_than_frames_are_told_and_left_out(tmp_path, make_recording, a_tick):
    path = make_recording(tmp_path, frames=25, lines=[a_tick(number) for number in range(30)])
    with Recording.open(path) as recording:
        assert len(recording) == len(recording.converted()) == len(recording.sources) == 25
    verdict = validate(path)
    assert (verdict.health, verdict.reason, verdict.ticks) == (Health.FLAWED, "Cut short", 25)
    assert "30 lines but 25 frames: the last 5 actions have no picture" in str(verdict.problems[0])
    assert verdict.problems[0].place == "line 26 and on"


def test_many_more_frames_than_lines_are_told(tmp_path, make_recording, a_tick):
    path = make_recording(tmp_path, frames=30, lines=[a_tick(number) for number in range(25)])
    verdict = validate(path)
    assert (verdict.health, verdict.ticks) == (Health.FLAWED, 25)
    assert verdict.problems[0].place == "frame 25 and on"


def test_lines_of_a_video_at_another_rate_are_counted_by_time(tmp_path, make_recording, a_tick):
    path = make_recording(tmp_path, frames=120, rate=60, lines=[a_tick(number) for number in range(40)])
    assert validate(path).problems == []
    path = make_recording(tmp_path, "b", frames=120, rate=60, lines=[a_tick(n) for n in range(45)])
    assert "45 lines but 40 ticks of video" in validate(path).problems[0].what


def test_a_video_without_lines_has_ticks_and_no_actions(tmp_path, make_recording):
    path = make_recording(tmp_path, lines=None)
    with Recording.open(path) as recording:
        assert recording.ticks is None
        assert not recording.known.any()
        assert set(recording.sources) == {Source.UNKNOWN}
        with pytest.raises(StudioError, match="no actions"):
            recording.converted()
    assert validate(path).health is Health.HEALTHY


def test_a_video_shorter_than_a_tick_is_broken(tmp_path, make_recording):
    verdict = validate(make_recording(tmp_path, frames=2, rate=60, lines=None))
    assert verdict.health is Health.BROKEN
    assert "shorter than one tick" in verdict.problems[0].what


def test_damage_in_the_pictures_is_found_frame_by_frame(tmp_path, make_recording, spoil_pictures):
    path = make_recording(tmp_path, frames=60, size=(320, 180), options={"g": "20", "bf": "0"})
    spoil_pictures(path)
    verdict = validate(path)
    assert verdict.health is Health.FLAWED
    assert verdict.reason == "Frames missing"
    assert 0 < len(verdict.undecodable) < 60
    assert f"{len(verdict.undecodable)} of 60 frames cannot be decoded" in str(verdict.problems[0])


def test_damage_that_the_decoder_hides_is_told(shared_data, tmp_path):
    source = shared_data / "parity" / "loader" / "quiet-amber-otter-0a1b2c3d4e5f-20220401-101500.mp4"
    content = bytearray(source.read_bytes())
    start, stop = content.index(b"mdat"), content.index(b"moov")
    for place in range(start + 2000, stop, (stop - start) // 5):
        content[place] ^= 8
    (tmp_path / "take.mp4").write_bytes(content)
    verdict = validate(tmp_path / "take.mp4")
    assert verdict.undecodable == []
    assert (verdict.health, verdict.reason) == (Health.FLAWED, "Pictures damaged")
    assert "the decoder guessed parts of them" in str(verdict.problems[0])


@pytest.mark.parametrize(
    ("source", "noted"), [(Source.HUMAN, True), (Source.UNKNOWN, True), (Source.IDM, False)]
)
def test_a_mouse_that_never_moves_is_told_where_a_recorder_may_have_missed_it(
    tmp_path, make_recording, a_tick, source, noted
):
    lines = [a_tick(number, source=source.value) for number in range(1200)]
    verdict = validate(make_recording(tmp_path, frames=1200, lines=lines, size=(16, 16)))
    assert ("Mouse still" in [entry.reason for entry in verdict.problems]) == noted
    assert "Unreadable" not in [entry.reason for entry in verdict.problems]  # it is 1:1, which is told too


def test_validation_tells_of_every_frame_it_has_looked_at(tmp_path, make_recording):
    told = []
    validate(make_recording(tmp_path, frames=30), tell=told.append)
    assert sum(told) == 30


def test_damage_is_told_as_often_as_one_asks(tmp_path, make_recording, cut_slice):
    options = {"g": "60", "bf": "0", "preset": "medium"}
    path = cut_slice(make_recording(tmp_path, frames=60, size=(320, 180), options=options), 32)
    first, second = validate(path), validate(path)
    assert (first.health, first.reason) == (Health.FLAWED, "Pictures damaged")
    assert second == first
    pieces = repair(path, tmp_path / "out", shortest_seconds=0.05)
    assert [(piece.start, piece.stop <= 32) for piece in pieces] == [(0, True)]


@pytest.mark.parametrize(
    "name", ["contractor/dev-miner-04.mp4", "contractor/dev-organiser-05.mp4", "web/web_dev_04.webm"]
)
def test_the_shared_recordings_are_healthy(shared_data, name):
    verdict = validate(shared_data / "recordings" / name)
    assert (verdict.health, [str(entry) for entry in verdict.problems if entry.severity != "note"]) == (
        Health.HEALTHY,
        [],
    )


@pytest.mark.parametrize("content", [b"", b"noise" * 99])
def test_an_unreadable_video_is_a_verdict_with_its_name(tmp_path, content):
    path = tmp_path / "take.mp4"
    path.write_bytes(content)
    verdict = validate(path)
    assert verdict.health is Health.BROKEN
    assert verdict.problems[0].file == "take.mp4"


def test_what_is_not_there_is_a_verdict_too(tmp_path):
    assert validate(tmp_path / "gone.mp4").health is Health.BROKEN


def test_the_recorders_version_scales_gui_motion_wherever_it_is_said(tmp_path, make_recording, a_tick):
    line = a_tick(0, isGuiOpen=True)
    line["mouse"]["dx"] = 10.0

    def yaw(path, **options):
        with Recording.open(path, **options) as recording:
            return recording.converted().actions[0].yaw

    assert yaw(make_recording(tmp_path / "takes", frames=1, lines=[line])) == pytest.approx(1.5)
    assert yaw(tmp_path / "takes" / "take.mp4", recorder_version="6.9") == pytest.approx(3.0)
    path = make_recording(tmp_path / "6.9", frames=1, lines=[line])
    assert yaw(path) == pytest.approx(3.0)
    assert yaw(path, recorder_version="7.6") == pytest.approx(1.5)
    # A sidecar that says nothing of it hides none of these.
    write_sidecar(path.with_suffix(".json"), Sidecar(person="me"))
    assert yaw(path) == pytest.approx(3.0)
    assert yaw(path, recorder_version="5.8") == pytest.approx(0.75)
    write_sidecar(path.with_suffix(".json"), Sidecar(recorder_version="6.13"))
    assert yaw(path, recorder_version="5.8") == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("6.9", (6, 9)),
        ("6.13.2", (6, 13)),
        ("", None),
        ("takes", None),
        ("6", None),
        ("9" * 9999 + ".1", None),
    ],
)
def test_releases_are_read_from_versions_that_look_like_one(version, release):
    assert Sidecar(recorder_version=version).recorder_release == release


def test_the_pointer_is_drawn_on_screens_and_only_where_the_video_has_none(tmp_path, make_recording, a_tick):
    lines = [a_tick(number, isGuiOpen=number == 1) for number in range(3)]
    lines[1]["mouse"] |= {"x": 200.0, "y": 100.0}
    path = make_recording(tmp_path, frames=3, lines=lines, size=(640, 360))
    with Recording.open(path) as recording:
        assert recording.pointer_ticks().tolist() == [False, True, False]
        plain, drawn = (recording.picture(1, pointer=pointer) for pointer in (False, True))
        rows, columns = np.nonzero((plain != drawn).any(axis=2))
        assert (rows.min(), columns.min()) >= (50, 100)
        assert (rows.max(), columns.max()) < (66, 116)
        np.testing.assert_array_equal(recording.picture(2), recording.picture(2, pointer=False))
        assert (recording.model_frames(1, 2) != recording.model_frames(1, 2, pointer=False)).any()
    write_sidecar(path.with_suffix(".json"), Sidecar(cursor_in_video=True))
    with Recording.open(path) as recording:
        np.testing.assert_array_equal(recording.picture(1), plain)


def test_a_crop_is_what_everyone_sees(tmp_path, make_recording):
    path = make_recording(tmp_path, frames=3, size=(320, 180), lines=None)
    with Recording.open(path) as recording:
        whole = recording.picture(2)
    write_sidecar(path.with_suffix(".json"), Sidecar(crop=(32, 10, 256, 144)))
    with Recording.open(path) as recording:
        np.testing.assert_array_equal(recording.picture(2), whole[10:154, 32:288])
        assert recording.model_frames().shape == (3, 128, 128, 3)


def test_a_crop_beyond_the_picture_is_told(tmp_path, make_recording):
    path = make_recording(tmp_path)
    write_sidecar(path.with_suffix(".json"), Sidecar(crop=(0, 0, 640, 360)))
    verdict = validate(path)
    assert verdict.health is Health.BROKEN
    assert verdict.problems[0].file == "take.json"


def test_a_sidecar_comes_back_as_it_was_written(tmp_path):
    sidecar = Sidecar(
        source=Source.IDM, person="me", environment="voxel", recorder_version="6.9", cursor_in_video=True,
        crop=(0, 2, 640, 356), video=ForeignFile("../a.mp4", "0" * 64), checkpoint="1" * 64, seed=7,
        made_by="tests", notes={"deep": [{"er": None}]},
    )  # fmt: skip
    write_sidecar(tmp_path / "a.json", sidecar)
    assert read_sidecar(tmp_path / "a.json") == sidecar
    marked = b"\xef\xbb\xbf" + (tmp_path / "a.json").read_bytes()
    (tmp_path / "b.json").write_bytes(marked)
    assert read_sidecar(tmp_path / "b.json") == sidecar


def test_json_of_another_kind_beside_a_recording_is_not_its_sidecar(tmp_path, make_recording):
    path = make_recording(tmp_path)
    path.with_suffix(".json").write_text('{"graphics": "fancy"}')
    assert read_sidecar(path.with_suffix(".json")) is None
    assert validate(path).health is Health.HEALTHY


def test_a_sidecar_of_a_newer_version_is_refused_with_the_mend(tmp_path, make_recording):
    path = make_recording(tmp_path)
    path.with_suffix(".json").write_text('{"format": "vpt-studio-recording", "format_version": 2}')
    with pytest.raises(
        StudioError, match=r"format version 2, this program knows up to 1\. Update VPT Studio"
    ):
        Recording.open(path)
    assert validate(path).problems[0].file == "take.json"


@pytest.mark.parametrize("path", ["/abs.mp4", "C:\\abs.mp4", "", "a\0b", 5])
def test_a_reference_is_a_relative_path(tmp_path, make_recording, path):
    video = make_recording(tmp_path)
    content = {"format": "vpt-studio-recording", "format_version": 1, "video": {"path": path, "sha256": ""}}
    video.with_suffix(".json").write_text(json.dumps(content))
    with pytest.raises(StudioError, match="wrong value"):
        Recording.open(video)


@pytest.fixture
def reference(tmp_path, make_recording):
    """A recording whose video lies in another folder."""
    video = make_recording(tmp_path / "videos", "long", 40, lines=None)
    lines = make_recording(tmp_path / "labels", "take", 40)
    lines.unlink()
    sidecar = Sidecar(source=Source.IDM, video=ForeignFile("../videos/long.mp4", sha256(video)))
    write_sidecar(tmp_path / "labels" / "take.json", sidecar)
    return tmp_path / "labels" / "take.json"


def test_a_recording_may_use_a_video_elsewhere(reference, number_of):
    with Recording.open(reference) as recording:
        assert recording.name == "take"
        assert len(recording) == 40
        assert set(recording.sources) == {Source.IDM}
        assert number_of(recording.picture(33)) == 33
    assert validate(reference).health is Health.HEALTHY


def test_a_video_elsewhere_that_moved_away_is_told(reference):
    (reference.parent.parent / "videos" / "long.mp4").rename(reference.parent.parent / "moved.mp4")
    with pytest.raises(StudioError, match=r"the video it refers to, \.\./videos/long\.mp4, is missing"):
        Recording.open(reference)


def test_a_video_elsewhere_that_is_another_one_by_now_is_told(reference, make_video):
    make_video(reference.parent.parent / "videos" / "long.mp4", 40, options={"crf": "40"})
    verdict = validate(reference)
    assert (verdict.health, verdict.reason) == (Health.BROKEN, "Changed")
    assert "its content is not what take.json was made for" in verdict.problems[0].what


@pytest.mark.parametrize("clip", [(0, 10), (5, 6), (7, 40)])
def test_clips_are_stretches_of_the_whole(tmp_path, make_recording, clip):
    path = make_recording(tmp_path, size=(320, 180))
    with Recording.open(path) as recording:
        whole = recording.model_frames()
        np.testing.assert_array_equal(recording.model_frames(*clip), whole[slice(*clip)])
        assert recording.model_frames(3, 3).shape == (0, 128, 128, 3)
        for start, stop in ((0, 41), (39, 42)):
            with pytest.raises(IndexError):
                recording.model_frames(start, stop)
            with pytest.raises(IndexError):
                list(recording.pictures(start, stop))
