"""Recordings that are written while they happen, and what is left of them after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import orjson
import pytest

from vpt_studio.errors import StudioError
from vpt_studio.recordings import take_video
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.take_writer import TakeWriter, recover_take, unfinished_takes
from vpt_studio.recordings.tick_writing import TickInput

SIDECAR = Sidecar(source=Source.SCRIPT, environment="test", seed=3)
WIDTH, HEIGHT = 96, 64


def frame(number: int) -> np.ndarray:
    """A picture that tells its number by its brightness."""
    return np.full((HEIGHT, WIDTH, 3), 20 + 2 * (number % 100), np.uint8)


def tick(number: int) -> TickInput:
    held = frozenset({"forward"} | ({"attack"} if number % 7 < 3 else set()))
    return TickInput(held, dx=float(number % 5), dy=-1.0, hotbar=number % 9)


def begin(folder: Path) -> TakeWriter:
    return TakeWriter(folder, "play", SIDECAR, width=WIDTH, height=HEIGHT)


def check(video: Path, ticks: int) -> None:
    with Recording.open(video) as recording:
        assert len(recording) == ticks
        assert recording.sidecar.seed == 3
        assert recording.sidecar.source is Source.SCRIPT
        actions = recording.converted().actions
        for number in range(ticks):
            assert actions[number].pressed >= {"forward"}
            assert actions.camera[number].tolist() == pytest.approx([-0.15, 0.15 * (number % 5)])
        for number in (0, ticks // 2, ticks - 1):
            assert abs(int(recording.picture(number)[30, 40, 1]) - int(frame(number)[0, 0, 1])) <= 3


def test_a_closed_take_is_a_recording(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    for number in range(45):
        writer.write(frame(number), tick(number), {"source": "script"})
    video = writer.close({"ended": "by hand"})
    check(video, 45)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["play.json", "play.jsonl", "play.mp4"]
    with Recording.open(video) as recording:
        assert recording.sidecar.notes == {"ended": "by hand"}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.write(frame(0), tick(0))
    with pytest.raises(StudioError, match="already there"):
        begin(tmp_path)


def test_a_discarded_take_leaves_nothing(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    writer.write(frame(0), tick(0))
    writer.discard()
    assert not list(tmp_path.iterdir())


def test_a_take_without_ticks_stays_and_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no tick"):
        begin(tmp_path).close()
    assert unfinished_takes(tmp_path) == [tmp_path / "play.take"]


def test_a_kill_loses_at_most_a_second(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests/vpt_studio/recordings')\n"
        "from pathlib import Path\n"
        "from test_take_writer import begin, frame, tick\n"
        f"writer = begin(Path({str(tmp_path)!r}))\n"
        "for number in range(100_000):\n"
        "    writer.write(frame(number), tick(number))\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = 0
        while told < 130:
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        told = max([told, *map(int, process.stdout.read().split("\n")[:-1])])
    [take] = unfinished_takes(tmp_path)
    video = recover_take(take)
    with Recording.open(video) as recording:
        kept = len(recording)
    assert kept >= told + 1 - 20
    check(video, kept)
    assert not unfinished_takes(tmp_path)


def test_recovering_again_after_a_crash_while_recovering(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    for number in range(30):
        writer.write(frame(number), tick(number))
    writer._stop()
    (tmp_path / "play.jsonl").write_text("half of it")
    check(recover_take(tmp_path / "play.take"), 30)


def test_a_take_of_which_only_lines_reached_the_disk_has_no_ticks(tmp_path: Path) -> None:
    """Killed before its first picture did."""
    writer = begin(tmp_path)
    for number in range(3):
        writer.write(frame(number), tick(number))
    writer.leave()
    video = tmp_path / "play.take" / "video.mkv"
    video.write_bytes(video.read_bytes().partition(b"\x1f\x43\xb6\x75")[0])  # where pictures begin
    with pytest.raises(StudioError, match="no tick of this take reached the disk"):
        recover_take(tmp_path / "play.take")


def test_the_last_frame_lasts_no_longer_than_the_others(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        for number in range(40):
            writer.write(frame(number), tick(number))
    with av.open(str(tmp_path / "play.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 20
        assert stream.duration * stream.time_base == 2


def test_what_is_noted_is_known_of_a_recovered_take(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    writer.write(frame(0), tick(0))
    writer.note({"pauses": [1]})
    writer.write(frame(1), tick(1))
    writer.leave()
    with Recording.open(recover_take(tmp_path / "play.take")) as recording:
        assert recording.sidecar.notes["pauses"] == [1]


def events(number: int) -> list[dict]:
    return [{"kind": "key", "code": f"event-{number}"}, {"kind": "motion", "dx": number}]


def write(writer: TakeWriter, numbers: range) -> None:
    for number in numbers:
        writer.write_events(events(number))
        writer.write(frame(number), tick(number))


def test_events_go_with_their_ticks(tmp_path: Path) -> None:
    writer = begin(tmp_path)
    write(writer, range(3))
    writer.write_events(events(3))  # a crash before their tick
    writer.leave()
    recover_take(tmp_path / "play.take")
    lines = [orjson.loads(line) for line in (tmp_path / "play.events.jsonl").read_bytes().splitlines()]
    assert lines == [said for number in range(3) for said in ({"tick": number}, *events(number))]


@pytest.mark.parametrize("kept", [0, 1, 17, 20, 21, 59])
def test_what_is_cut_off_is_in_no_file_and_writing_goes_on(tmp_path: Path, monkeypatch, kept: int) -> None:
    monkeypatch.setattr(take_video, "FILE_FRAMES", 20)
    writer = begin(tmp_path)
    write(writer, range(60))
    assert len(list((tmp_path / "play.take").glob("*.mkv"))) == 3
    writer.cut(kept)
    take = tmp_path / "play.take"
    assert len((take / "ticks.jsonl").read_bytes().splitlines()) == kept
    assert f"event-{kept}".encode() not in (take / "events.jsonl").read_bytes()
    assert sum(_frames(path) for path in take.glob("*.mkv")) == kept
    write(writer, range(kept, 90))
    check(writer.close(), 90)
    lines = [orjson.loads(line) for line in (tmp_path / "play.jsonl").read_bytes().splitlines()]
    assert [line["tick"] for line in lines] == list(range(90))
    said = [orjson.loads(line) for line in (tmp_path / "play.events.jsonl").read_bytes().splitlines()]
    assert said == [line for number in range(90) for line in ({"tick": number}, *events(number))]


def test_frames_that_a_file_lost_move_no_others(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(take_video, "FILE_FRAMES", 20)
    writer = begin(tmp_path)
    write(writer, range(60))
    writer.leave()
    second = tmp_path / "play.take" / "video-000000020.mkv"
    second.write_bytes(second.read_bytes()[: second.stat().st_size * 3 // 4])
    video = recover_take(tmp_path / "play.take")
    with Recording.open(video) as recording:
        assert 20 < len(recording) < 40
        check(video, len(recording))


def _frames(path: Path) -> int:
    with av.open(str(path)) as video:
        return sum(1 for _ in video.decode(video=0))


def left_behind(folder: Path, ticks: int = 30) -> tuple[Path, dict[str, bytes]]:
    """A take that a crash left, and its files."""
    writer = begin(folder)
    for number in range(ticks):
        writer.write(frame(number), tick(number))
    writer.leave()
    take = folder / "play.take"
    return take, {path.name: path.read_bytes() for path in take.iterdir()}


def test_a_kill_after_the_recording_was_made_leaves_no_take(tmp_path: Path) -> None:
    take, files = left_behind(tmp_path)
    video = recover_take(take)
    take.mkdir()
    for name, content in files.items():  # as if the process had died before it put the take away
        (take / name).write_bytes(content)
    assert recover_take(take) == video
    take.mkdir()
    (take / "ticks.jsonl").write_bytes(files["ticks.jsonl"])  # and half way through it
    assert unfinished_takes(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["play.json", "play.jsonl", "play.mp4"]
    check(video, 30)


def test_a_kill_before_the_video_was_in_place_loses_nothing(tmp_path: Path) -> None:
    take, _ = left_behind(tmp_path)
    (tmp_path / "play.jsonl").write_bytes(b'{"tick":0}\n')
    (tmp_path / "play.json").write_bytes(b"{}")
    assert unfinished_takes(tmp_path) == [take]
    check(recover_take(take), 30)


def test_another_recording_of_the_name_is_not_taken_for_the_takes_own(tmp_path: Path) -> None:
    take, _ = left_behind(tmp_path)
    (tmp_path / "play.mp4").write_bytes(b"another")
    (tmp_path / "play.jsonl").write_bytes(b'{"tick":0}\n')
    assert unfinished_takes(tmp_path) == [take]
    with pytest.raises(StudioError, match="already there"):
        recover_take(take)


LIMITED = """
import resource, signal, sys
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from pathlib import Path
from test_take_writer import *
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, what, limit = Path(sys.argv[1]), sys.argv[4], int(sys.argv[5])

def limited(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

if what == "write":
    writer = begin(folder)
    limited(limit)
    for number in range(200):
        try:
            writer.write(frame(number), tick(number))
        except StudioError as error:
            limited(resource.RLIM_INFINITY)  # room again, for a moment
            try:
                writer.write(frame(number + 1), tick(number + 1))
            except StudioError:
                writer.leave()
                print(number, error.what)
                sys.exit()
else:
    limited(limit)
    try:
        recover_take(folder / "play.take")
    except StudioError as error:
        print(error.what, "|", error.mend)
"""


def with_little_room(folder: Path, what: str, limit: int) -> str:
    here = Path(__file__).resolve()
    words = [sys.executable, "-c", LIMITED, folder, here.parents[3], here.parent, what, str(limit)]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of file size")
def test_a_line_that_does_not_fit_ends_the_take_and_moves_no_other(tmp_path: Path) -> None:
    size = len((left_behind(tmp_path / "before", 60)[0] / "ticks.jsonl").read_bytes())
    number, told = with_little_room(tmp_path, "write", size - 100).split(maxsplit=1)
    assert "the take cannot be written on" in told
    check(recover_take(tmp_path / "play.take"), int(number))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of file size")
def test_a_full_disk_while_recovering_keeps_the_take_and_says_so(tmp_path: Path) -> None:
    take, _ = left_behind(tmp_path)
    told = with_little_room(tmp_path, "recover", 1000)
    assert told.startswith("the take's video cannot be copied")
    assert "the take is kept" in told
    check(recover_take(take), 30)
