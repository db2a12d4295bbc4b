"""Repair, export, overlay and thumbnail: what they write can be read back, and nothing is overwritten."""

from __future__ import annotations

import errno
import json

import av
import cv2
import numpy as np
import pytest
from published_reader import read_items

from vpt_studio.actions import Action, Actions
from vpt_studio.actions.tick_conversion import PUBLISHED
from vpt_studio.errors import StudioError
from vpt_studio.recordings.exporting import export
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.overlay import draw_overlay, write_overlay
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.repair import repair
from vpt_studio.recordings.sidecar import Sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.thumbnail import write_thumbnail
from vpt_studio.recordings.validation import validate


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def numbers_in(path, number_of):
    with Recording.open(path) as recording:
        return [number_of(picture) for picture in recording.pictures()]


@pytest.fixture
def damaged(tmp_path, make_recording, a_walking_tick):
    """A recording with two damaged lines, one of them so near the end that little is left after it."""
    lines = [a_walking_tick(number) for number in range(100)]
    lines[40] = lines[90] = b"{\n"
    return make_recording(tmp_path / "in", "v1.take", 100, lines, size=(128, 72))


def test_repair_writes_the_stretches_between_the_damage(tmp_path, damaged, number_of, fingerprints):
    before = fingerprints(damaged.parent)
    pieces = repair(damaged, tmp_path / "out")
    assert [(piece.start, piece.stop) for piece in pieces] == [(0, 40), (41, 90)]
    assert [piece.video.name for piece in pieces] == ["v1.take-part1.mp4", "v1.take-part2.mp4"]
    for piece in pieces:
        assert validate(piece.video).health is Health.HEALTHY
        assert numbers_in(piece.video, number_of) == list(range(piece.start, piece.stop))
        with Recording.open(piece.video) as recording:
            assert [json.loads(line)["tick"] for line in recording.ticks.lines] == list(
                range(piece.start, piece.stop)
            )
            assert recording.sidecar.notes == {
                "repaired_from": "v1.take.mp4",
                "ticks": [piece.start, piece.stop],
            }
            assert recording.sidecar.recorder_version == ""
    assert fingerprints(damaged.parent) == before


def test_repair_keeps_short_stretches_when_told_to(tmp_path, damaged):
    pieces = repair(damaged, tmp_path / "out", shortest_seconds=0.4)
    assert [(piece.start, piece.stop) for piece in pieces] == [(0, 40), (41, 90), (91, 100)]


def test_repair_leaves_out_pictures_that_cannot_be_decoded(tmp_path, make_recording, spoil_pictures):
    path = make_recording(tmp_path, "take", 60, size=(320, 180), options={"g": "20", "bf": "0"})
    spoil_pictures(path)
    pieces = repair(path, tmp_path / "out", shortest_seconds=0.05)
    kept = sum(piece.stop - piece.start for piece in pieces)
    assert 0 < kept <= 60 - len(validate(path).undecodable)
    assert all(validate(piece.video).health is Health.HEALTHY for piece in pieces)


@pytest.mark.parametrize("place", [0.2, 0.35, 0.5, 0.65, 0.8])
def test_repair_leaves_out_pictures_that_the_decoder_guessed(tmp_path, make_recording, number_of, place):
    path = make_recording(tmp_path, "take", 120, size=(320, 180), options={"g": "20"})
    content = bytearray(path.read_bytes())
    start, stop = content.index(b"mdat"), content.index(b"moov")
    at = start + int((stop - start) * place)
    content[at : at + 24] = bytes(range(200, 224))
    path.write_bytes(content)
    pieces = repair(path, tmp_path / "out", shortest_seconds=0.05)
    for piece in pieces:
        assert validate(piece.video).health is Health.HEALTHY
        assert numbers_in(piece.video, number_of) == [tick % 256 for tick in range(piece.start, piece.stop)]
    assert 40 <= sum(piece.stop - piece.start for piece in pieces) < 120


def test_a_span_that_begins_on_another_slot_is_exported_with_a_warning(tmp_path, make_recording, a_tick):
    lines = [a_tick(number, hotbar=0 if number < 10 else 3) for number in range(30)]
    path = make_recording(tmp_path / "in", "take", 30, lines)
    assert not any("slot" in text for text in export(path, tmp_path / "whole").warnings)
    done = export(path, tmp_path / "part", start=15)
    assert any("slot 4" in text for text in done.warnings)
    with Recording.open(done.video) as part, Recording.open(path) as whole:
        assert np.array_equal(part.converted().actions.buttons, whole.converted().actions.buttons[15:])


def test_repair_overwrites_nothing_and_says_when_nothing_is_left(tmp_path, damaged):
    repair(damaged, tmp_path / "out")
    with pytest.raises(StudioError, match="already there"):
        repair(damaged, tmp_path / "out")
    assert len(names_in(tmp_path / "out")) == 6
    with pytest.raises(StudioError, match="no stretch of 60 s or more"):
        repair(damaged, tmp_path / "other", shortest_seconds=60)
    assert not (tmp_path / "other").exists()


def test_a_recording_in_the_format_is_exported_byte_for_byte(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", "a.b", 30, size=(640, 360))
    done = export(path, tmp_path / "out")
    assert (done.rendered, done.ticks, done.warnings) == (False, 30, ())
    assert names_in(tmp_path / "out") == ["a_b.jsonl", "a_b.mp4"]
    assert done.video.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "video", [{"size": (320, 180)}, {"rate": 60, "frames": 90}, {"suffix": ".mkv", "size": (640, 360)}]
)
def test_any_other_is_rendered_so_that_the_published_rules_read_the_same(
    tmp_path, make_recording, a_walking_tick, number_of, video
):
    lines = [a_walking_tick(number) for number in range(30)]
    path = make_recording(tmp_path / "in", lines=lines, **{"frames": 30, **video})
    done = export(path, tmp_path / "out", start=4, stop=28)
    assert done.rendered
    with Recording.open(path) as recording:
        actions = recording.converted(PUBLISHED).actions
        shown = [number_of(picture) for picture in recording.pictures(4, 28)]
    items = list(read_items(done.video, np.zeros((16, 16, 4), np.uint8)))
    assert [line for line, _, _ in items] == list(range(24))
    assert [number_of(picture) for _, _, picture in items] == shown
    for line, action, _ in items:
        ours = actions[4 + line].to_environment()
        ours["camera"] = [int(angle) for angle in ours["camera"]]
        assert action == ours
    with av.open(str(done.video)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate, stream.pix_fmt) == (640, 360, 20, "yuv420p")


def test_export_overwrites_nothing_and_leaves_nothing_half_done(tmp_path, make_recording, spoil_pictures):
    path = make_recording(tmp_path / "in", size=(320, 180))
    out = tmp_path / "out"
    export(path, out)
    with pytest.raises(StudioError, match="already there"):
        export(path, out)
    (out / "take.mp4").unlink()
    with pytest.raises(StudioError, match="already there"):
        export(path, out)
    spoil_pictures(path)
    with pytest.raises(StudioError, match="cannot be decoded"):
        export(path, tmp_path / "other")
    assert names_in(tmp_path / "other") == []


def test_export_says_what_the_loader_would_stumble_over(tmp_path, make_recording, a_tick):
    lines = [a_tick(number, isGuiOpen=True) for number in range(10)]
    lines[3] = b"{\n"
    path = make_recording(tmp_path / "in", frames=10, lines=lines)
    write_sidecar(path.with_suffix(".json"), Sidecar(cursor_in_video=True))
    warnings = export(path, tmp_path / "out").warnings
    assert any("burnt into the pictures" in warning for warning in warnings)
    assert any("1 lines are damaged" in warning for warning in warnings)


def test_a_video_without_actions_is_not_exported(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", lines=None)
    with pytest.raises(StudioError, match="without actions"):
        export(path, tmp_path / "out")
    path = make_recording(tmp_path / "in", "b")
    with pytest.raises(StudioError, match="not in it: it has 40"):
        export(path, tmp_path / "out", start=10, stop=41)


def test_the_overlay_shows_the_keys_that_are_held_and_the_motion(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", frames=20, size=(640, 360))
    assert write_overlay(path, tmp_path / "film.mp4") == 20
    with av.open(str(tmp_path / "film.mp4")) as container:
        film = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(film) == 20
    assert film[0].shape == (720, 1280, 3)
    # W lies in the third column and second row of the keyboard, and is held for the first half second.
    blank, walking = np.full((720, 1280, 3), 90, np.uint8), np.full((720, 1280, 3), 90, np.uint8)
    draw_overlay(blank, Action())
    draw_overlay(walking, Action(frozenset({"forward"})))
    rows, columns = np.nonzero((blank != walking).any(axis=2))
    cap = np.s_[rows.min() : rows.max(), columns.min() : columns.max()]
    assert film[5][cap].mean() > film[15][cap].mean() + 80


def test_predictions_are_drawn_apart_from_what_was_recorded(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", frames=4)
    predicted = Actions.stack([Action(frozenset({"jump"}), 0.0, -5.0)] * 4)
    plain = np.full((720, 1280, 3), 90, np.uint8)
    drawn = {}
    for predictor in (None, Source.IDM, Source.AGENT):
        picture = plain.copy()
        if predictor is None:
            draw_overlay(picture, Action())
        else:
            draw_overlay(picture, Action(), predicted[0], predictor=predictor)
        drawn[predictor] = picture
    assert (drawn[None] != drawn[Source.IDM]).any()
    assert (drawn[Source.IDM] != drawn[Source.AGENT]).any()
    assert write_overlay(path, tmp_path / "film.mp4", predictions=predicted) == 4
    with pytest.raises(StudioError, match="predictions end before tick 4"):
        write_overlay(path, tmp_path / "other.mp4", predictions=predicted[:3])


def test_an_overlay_overwrites_nothing_and_needs_ticks_and_a_folder(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", frames=4)
    (tmp_path / "film.mp4").write_bytes(b"mine")
    with pytest.raises(StudioError, match="already there"):
        write_overlay(path, tmp_path / "film.mp4")
    assert (tmp_path / "film.mp4").read_bytes() == b"mine"
    for start, stop in ((4, None), (3, 2), (99, 100)):
        with pytest.raises(StudioError, match="no ticks from"):
            write_overlay(path, tmp_path / "new.mp4", start=start, stop=stop)
    with pytest.raises(StudioError, match="no such folder"):
        write_overlay(path, tmp_path / "gone" / "film.mp4")
    assert names_in(tmp_path) == ["film.mp4", "in"]


def test_a_film_under_a_name_of_no_video_is_refused_before_any_work(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", frames=4)
    for name in ("film.txt", "film", "film.webm"):
        with pytest.raises(StudioError, match=r"cannot be written as .* ends in \.mp4, \.mkv or \.mov"):
            write_overlay(path, tmp_path / name)
    assert names_in(tmp_path) == ["in"]


@pytest.mark.parametrize("work", ["copy", "render", "overlay"])
def test_a_full_disk_is_told_of_the_file_that_was_asked_for(tmp_path, make_recording, monkeypatch, work):
    size = (640, 360) if work == "copy" else (320, 180)
    path = make_recording(tmp_path / "in", frames=4, size=size)

    def full(source, _target):
        raise OSError(errno.ENOSPC, "No space left on device", str(source))

    def full_encoder(self, _picture):
        raise self._failure("written on", OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr("vpt_studio.recordings.exporting.shutil.copyfile", full)
    monkeypatch.setattr("vpt_studio.recordings.video_writer.VideoWriter._mux", full_encoder)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(StudioError, match="no space left on device") as told:
        write_overlay(path, out / "take.mp4") if work == "overlay" else export(path, out)
    assert (told.value.where, told.value.mend) == (str(out / "take.mp4"), "Free some space")
    assert names_in(out) == []


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_thumbnail_is_the_picture_a_third_of_the_way_in(tmp_path, make_recording, number_of, suffix):
    path = make_recording(tmp_path / "in", frames=60, size=(640, 360))
    out = tmp_path / f"small{suffix}"
    with Recording.open(path) as recording:
        write_thumbnail(recording, out, 320)
        picture = cv2.imread(str(out))
        assert picture.shape == (180, 320, 3)
        assert number_of(picture) == 20
        with pytest.raises(StudioError, match="already there"):
            write_thumbnail(recording, out)
        write_thumbnail(recording, out, 64, replace=True)
        assert cv2.imread(str(out)).shape == (36, 64, 3)
        with pytest.raises(StudioError, match=r"\.png, \.jpg or \.webp"):
            write_thumbnail(recording, tmp_path / "small.gif")


def test_a_thumbnail_of_a_strip_stays_small(tmp_path, make_recording):
    path = make_recording(tmp_path / "in", frames=3, lines=None, size=(16, 4096))
    with Recording.open(path) as recording:
        write_thumbnail(recording, tmp_path / "small.png")
    assert cv2.imread(str(tmp_path / "small.png")).shape == (1280, 320, 3)
