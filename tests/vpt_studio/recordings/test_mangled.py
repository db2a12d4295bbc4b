"""Mangled recordings: none crashes or hangs an import, changes an original, or spoils its neighbours."""

from __future__ import annotations

import io
import os

import av
import numpy as np
import pytest
from mangling import Mangler

from vpt_studio.project import Project, recording_id_from
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.recordings.problems import visible

CASES = 500


def _sound(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for _ in range(20):
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            silence.sample_rate = 44100
            container.mux(stream.encode(silence))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def stock(tmp_path_factory, make_video, make_lines, a_walking_tick):
    """True files of every kind, as bytes."""
    folder = tmp_path_factory.mktemp("stock")
    make_lines(folder / "take.jsonl", [a_walking_tick(number) for number in range(40)])
    make_video(folder / "take.mp4", size=(320, 180))
    make_video(folder / "take.mkv", size=(320, 180))
    make_video(folder / "mpeg4.avi", codec="mpeg4")
    make_video(folder / "vp9.webm", codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"})
    make_video(folder / "animation.gif", codec="gif", pixels="rgb8")
    make_video(folder / "dot.mp4", codec="mpeg4", size=(2, 2))
    make_video(folder / "odd.mkv", codec="ffv1", size=(1, 1), pixels="yuv444p")
    make_video(folder / "no-frames.mp4", frames=0)
    make_video(folder / "one-frame.mp4", frames=1)
    make_video(folder / "fast.mp4", frames=120, rate=60)
    make_video(folder / "no-times.h264", format_="h264")
    make_video(folder / "picture.png", frames=1, codec="png", pixels="rgb24", format_="image2")
    (folder / "text.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    _sound(folder / "sound.mp4")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def prove(tmp_path, mangler, numbers, make_recording, fingerprints):
    """Write the cases, import them all together with good recordings, and look at what came of it."""
    originals = tmp_path / "originals"
    cases = [mangler.write(originals, number) for number in numbers]
    make_recording(originals / "a-good", "good-first", frames=41)
    make_recording(originals / "z-good", "good-last", frames=42)
    paths = [originals / "a-good", *(case.argument for case in cases), originals / "z-good"]
    before = fingerprints(originals)
    with Project.create(tmp_path / "project", "Proof") as project:
        report = import_recordings(project, paths, ImportOptions(workers=2))
        check = project.check()
    assert fingerprints(originals) == before
    assert check.healthy, check
    assert not check.unknown_files

    imported = {row.id for row in report.imported}
    assert {"good-first", "good-last"} <= imported
    known = {name for name, _ in report.known}
    lines = [str(problem) for problem in (*report.left_out, *report.flaws)]
    for line in lines:
        assert line.isprintable(), line
        assert len(line) < 2000, line
        assert "defect of VPT Studio" not in line, line
    wrong = []
    for case in cases:
        names = os.listdir(case.folder)
        stems = {name.rsplit(".", 1)[0] for name in names}
        is_in = any(recording_id_from(stem) in imported or stem in known for stem in stems)
        is_twin = any(stem in known for stem in stems)
        shown = {visible(name) for name in names}
        told_left_out = any(problem.file in shown for problem in report.left_out)
        told = told_left_out or any(problem.file in shown for problem in report.flaws)
        right = {
            "left out": not is_in and told_left_out,
            "flawed": is_in and (told or is_twin),
            "either": is_in or told_left_out,
        }[case.expect]
        if not right:
            wrong.append(
                (case.label, case.expect, is_in, [line for line in lines if any(n in line for n in shown)])
            )
    assert not wrong
    return report


def test_a_sample_of_mangled_recordings_is_told_and_the_rest_imported(
    tmp_path, stock, make_recording, fingerprints
):
    mangler = Mangler(stock)
    step = len(mangler.kinds) / 42
    numbers = [int(position * step) for position in range(42)]
    prove(tmp_path, mangler, numbers, make_recording, fingerprints)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(0, CASES, 100))
def test_five_hundred_mangled_recordings(start, tmp_path, stock, make_recording, fingerprints):
    prove(tmp_path, Mangler(stock), range(start, start + 100), make_recording, fingerprints)


def test_mangled_recordings_are_the_same_every_time(tmp_path, stock, fingerprints):
    for copy in ("first", "second"):
        for number in (0, 3, 6, 40):
            Mangler(stock).write(tmp_path / copy, number)
    first, second = (list(fingerprints(tmp_path / copy).values()) for copy in ("first", "second"))
    assert first == second
    assert len(first) > 8


def test_the_full_proof_has_every_kind_of_damage(stock):
    kinds = Mangler(stock).kinds
    assert len({label for label, _, _ in kinds}) == len(kinds) <= CASES


def test_the_stock_to_be_damaged_is_sound(stock):
    with av.open(io.BytesIO(stock["take.mp4"])) as container:
        assert len(list(container.decode(video=0))) == 40
