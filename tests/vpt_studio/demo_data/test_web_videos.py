"""Web-like videos: their truth holds, what is clean is untouched, and every file can be read."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest

from vpt_studio.demo_data.web.catalogue import LOOKS
from vpt_studio.demo_data.web.design import design_for
from vpt_studio.demo_data.web.look import Role
from vpt_studio.demo_data.web.making import make_web_video
from vpt_studio.demo_data.web.style import Kit, Moment, style_for
from vpt_studio.demo_data.web.truth import Label, read_truth, truth_path
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import VideoReader

LOOKS_FIELDS = ("always", "overlays", "alterations", "openings", "interludes", "closings")
SEEDS = 60


def meadow():
    """A picture with much in it, wider than play, so that play can move along it."""
    dice = np.random.default_rng(7)
    coarse = dice.integers(50, 200, (20, 60, 3), dtype=np.uint8)
    return cv2.resize(coarse, (1280, 360), interpolation=cv2.INTER_CUBIC)


MEADOW = meadow()


def play(ticks):
    """Frames that move to the right."""
    for tick in range(ticks):
        left = tick * 2 % 640
        yield np.ascontiguousarray(MEADOW[:, left : left + 640])


def numbered_play(ticks):
    """Frames that say their number in eight bands, as the fixture `number_of` reads them."""
    for tick in range(ticks):
        frame = np.full((360, 640, 3), 40, np.uint8)
        for bit in range(8):
            if tick >> bit & 1:
                frame[:, bit * 80 : (bit + 1) * 80] = 210
        yield frame


def channel(seed=1, *, held_back=False, plain=False, **file):
    """A design with small, plain files, but for what `file` says."""
    design = design_for(seed, held_back)
    easy = {
        "suffix": ".mp4", "codec": "libx264", "width": 640, "height": 360,
        "rate": Fraction(30), "quality": 28,
        "b_frames": False, "variable_rate": False, "start_seconds": 0.0, "silent_sound": False,
        "high_definition_colours": False,
    }  # fmt: skip
    design = replace(design, format=replace(design.format, **(easy | file)), always=())
    if plain:
        empty = dict.fromkeys(LOOKS_FIELDS, ())
        design = replace(design, **empty, clean_share=1.0, interlude_share=0.0, cut_share=0.0)
    return design


def varied():
    """A channel that does a bit of everything, so that a short video has all kinds of spans."""
    return replace(
        channel(),
        overlays=("face_camera", "subscribe_banner"),
        openings=("sign",),
        interludes=("pause",),
        closings=("farewell",),
        interlude_share=0.3,
        transition_share=0.6,
        cut_share=0.4,
    )


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """A video of 15 s of play, its truth, and the play."""
    path = tmp_path_factory.mktemp("web") / "some.mp4"
    return path, make_web_video(play(300), path, varied(), 58)


def farthest(picture, wanted):
    """The largest difference of the means over 9x9 pixels, which compression hardly changes."""
    means = [cv2.blur(one.astype(np.float32), (9, 9)) for one in (picture, wanted)]
    return np.abs(means[0] - means[1]).max()


def test_the_truth_covers_the_whole_video_without_gaps(video):
    path, truth = video
    assert truth.spans[0].start == 0
    for before, after in pairwise(truth.spans):
        assert before.stop == after.start
    assert all(span.start < span.stop for span in truth.spans)
    assert {span.label for span in truth.spans} == set(Label)
    intervals = truth.intervals()
    assert intervals[0][0] == 0
    assert intervals[-1][1] == truth.duration
    assert all(a[1] == b[0] and a[2] != b[2] for a, b in pairwise(intervals))
    with VideoReader(path) as reader:
        assert len(reader) == truth.frames == -(-truth.spans[-1].stop * 30 // 20)


def test_only_spans_with_nothing_done_to_them_are_clean(video):
    _, truth = video
    for span in truth.spans:
        assert (span.label is Label.CLEAN) == (span.looks == ())
        if span.label is Label.CLEAN:
            assert span.play_rate == 1
    shown = [span for span in truth.spans if span.first_play_tick is not None and span.play_rate]
    ends = [span.first_play_tick + span.play_rate * (span.stop - span.start - 1) for span in shown]
    assert all(end < after.first_play_tick for end, after in zip(ends, shown[1:], strict=False))
    assert ends[-1] < 300


def test_the_truth_file_says_the_same(video):
    path, truth = video
    stored = read_truth(truth_path(path))
    assert replace(stored, design={}) == replace(truth, design={})
    content = json.loads(truth_path(path).read_bytes())
    assert content["intervals"][0] == [0.0, truth.intervals()[0][1], "none"]
    assert content["design"]["style"]["channel"] == varied().style.channel


def test_clean_frames_differ_by_compression_only_and_others_by_more(video):
    path, truth = video
    frames = list(play(300))
    distances = {label: [] for label in Label}
    with VideoReader(path) as reader:
        for time, picture in list(zip(reader.times, reader.frames(), strict=True))[::7]:
            tick = truth.play_tick_of_frame_at(time)
            if tick is not None:
                distances[truth.label_of_frame_at(time)].append(farthest(picture, frames[tick]))
    assert max(distances[Label.CLEAN]) < 16 < 25 < min(distances[Label.ARTIFACT])


@pytest.mark.parametrize(
    ("suffix", "codec", "file"),
    [
        (".mp4", "libx264", {"rate": Fraction(24), "b_frames": True, "start_seconds": 1.4}),
        (".mp4", "libx264", {"rate": Fraction(60), "silent_sound": True, "high_definition_colours": True}),
        (".mov", "libx264", {"rate": Fraction(30000, 1001), "variable_rate": True, "b_frames": True}),
        (
            ".mkv",
            "libx264",
            {"rate": Fraction(30000, 1001), "silent_sound": True, "width": 854, "height": 480},
        ),
        (".mkv", "libx264", {"rate": Fraction(60), "variable_rate": True, "start_seconds": 0.7}),
        (".webm", "libvpx", {"rate": Fraction(25), "silent_sound": True}),
        (".webm", "libvpx-vp9", {"rate": Fraction(24), "start_seconds": 0.7, "silent_sound": True}),
    ],
)
def test_every_file_shows_the_play_frame_that_the_truth_tells(tmp_path, number_of, suffix, codec, file):
    design = channel(plain=True, suffix=suffix, codec=codec, **file)
    path = tmp_path / f"some{suffix}"
    truth = make_web_video(numbered_play(70), path, design, 0)
    assert truth.duration == 3.5
    with VideoReader(path) as reader:
        assert (reader.facts.width, reader.facts.height) == (truth.width, truth.height)
        assert len(reader) == truth.frames
        if not design.format.variable_rate:
            assert len(reader) == -(-truth.rate * 7 // 2)
        else:
            assert len(reader) < 0.9 * truth.rate * 3.5
        for time, picture in zip(reader.times, reader.frames(), strict=True):
            assert number_of(picture) == truth.play_tick_of_frame_at(time) == int(time * 20 + 1e-4)
    with Recording.open(path) as recording:
        assert abs(len(recording) - len(truth.shown)) <= 1
        for tick in range(min(len(recording), len(truth.shown))):
            assert number_of(recording.picture(tick)) == truth.play_tick_at_tick(tick)


@pytest.mark.parametrize(("rate", "variable"), [(25, False), (24, False), (30, True)])
def test_the_label_of_a_tick_is_that_of_the_frame_it_shows(tmp_path, rate, variable):
    design = replace(varied(), format=channel(rate=Fraction(rate), variable_rate=variable).format)
    path = tmp_path / "some.mp4"
    truth = make_web_video(play(200), path, design, 58)
    with Recording.open(path) as recording:
        times = recording.video.times[recording.frames_shown]
        labels = [truth.label_of_frame_at(time) for time in times][: len(truth.shown)]
    assert labels == [truth.label_at_tick(tick) for tick in range(len(labels))]
    stored = json.loads(truth_path(path).read_bytes())["ticks"]
    assert stored["labels"][: len(labels)] == labels
    assert len(stored["play_ticks"]) == len(truth.shown)


def test_bars_leave_nothing_clean(tmp_path):
    fitting = [
        design for design in (design_for(seed, False) for seed in range(SEEDS)) if "bars" in design.always
    ]
    design = replace(channel(plain=True, width=640, height=480), always=("bars",))
    truth = make_web_video(play(20), tmp_path / "some.mp4", design, 0)
    assert fitting
    assert all(design.format.height == 480 and design.format.width == 640 for design in fitting)
    assert [span.label for span in truth.spans] == [Label.ARTIFACT]


def test_held_back_looks_are_drawn_only_when_asked_for():
    for held_back in (False, True):
        used = set()
        for seed in range(SEEDS):
            design = design_for(seed, held_back)
            for field in LOOKS_FIELDS:
                used.update(getattr(design, field))
        used.discard("bars")
        assert {LOOKS[name].held_back for name in used} == {held_back}
        roles = {Role.OVERLAY, Role.ALTERATION, Role.OPENING, Role.INTERLUDE, Role.CLOSING}
        expected = {n for n, look in LOOKS.items() if look.role in roles and look.held_back is held_back}
        assert used == expected


def test_a_held_back_video_says_so(tmp_path):
    truth = make_web_video(play(9), tmp_path / "some.mp4", channel(held_back=True, plain=True), 0)
    assert truth.held_back
    assert read_truth(truth_path(tmp_path / "some.mp4")).held_back


def test_the_same_arguments_give_the_same_files(tmp_path):
    design = replace(
        varied(), openings=(), closings=(), clean_share=0.3, format=channel(suffix=".mkv").format
    )
    for name, seed in (("first", 58), ("second", 58), ("other", 59)):
        make_web_video(play(40), tmp_path / f"{name}.mkv", design, seed)
    first, second, other = ((tmp_path / f"{name}.mkv").read_bytes() for name in ("first", "second", "other"))
    assert first == second != other
    assert (tmp_path / "first.truth.json").read_bytes() == (tmp_path / "second.truth.json").read_bytes()
    assert design_for(9, False) == design_for(9, False) != design_for(10, False)


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_changes_its_first_and_its_last_frame(name):
    look = LOOKS[name]
    for seed, size in ((1, (640, 480)), (2, (854, 480))):
        if look.role is Role.FIT and size == (854, 480):
            continue  # play fits it
        frame = cv2.resize(next(play(1)), size)
        shown = np.zeros_like(frame) if look.play_rate is None else frame
        layer = look.make(Kit(style_for(seed), name, *size))
        length = look.seconds[1]
        for seconds in (0.0, length - 1 / 60):
            drawn = layer(shown.copy(), Moment(seconds, length, 4 + seconds, 2))
            again = layer(shown.copy(), Moment(seconds, length, 4 + seconds, 2))
            assert drawn.shape == frame.shape
            assert drawn.dtype == np.uint8
            assert (drawn == again).all()
            changed = (cv2.absdiff(drawn, frame).max(axis=2) > 12).mean()
            assert changed > (0.5 if look.play_rate is None else 0.002)


def test_play_is_read_as_it_is_shown_and_told_of(tmp_path):
    told = []
    make_web_video(play(45), tmp_path / "some.mp4", channel(plain=True), 0, told.append)
    assert sum(told) == 45


def test_files_in_the_way_stay(tmp_path):
    for there in (tmp_path / "some.mp4", tmp_path / "some.truth.json"):
        there.write_bytes(b"mine")
        with pytest.raises(StudioError, match="already there"):
            make_web_video(play(5), tmp_path / "some.mp4", channel(plain=True), 0)
        assert [path.name for path in tmp_path.iterdir()] == [there.name]
        assert there.read_bytes() == b"mine"
        there.unlink()


def test_nothing_is_left_of_a_video_that_failed(tmp_path):
    def ending_badly():
        yield from play(10)
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="gone"):
        make_web_video(ending_badly(), tmp_path / "some.mp4", channel(plain=True), 0)
    with pytest.raises(StudioError, match="no play"):
        make_web_video(play(0), tmp_path / "some.mp4", channel(plain=True), 0)
    with pytest.raises(ValueError, match="must end in"):
        make_web_video(play(5), tmp_path / "some.mkv", channel(), 0)
    with pytest.raises(ValueError, match="not uint8"):
        make_web_video([np.zeros((36, 64, 3), np.uint8)], tmp_path / "some.mp4", channel(plain=True), 0)
    assert list(tmp_path.iterdir()) == []


def test_a_truth_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "some.truth.json"
    for content in (b"{}", b"[1]", b'{"schema": 99}', b"\xff"):
        path.write_bytes(content)
        with pytest.raises(StudioError, match="cannot be read"):
            read_truth(path)
