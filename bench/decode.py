"""Frames decoded to 128x128 a second on one core, beside OpenCV's loop and beside decoding alone.

Run ``python -m bench.decode [PATH]``. Each round takes one recording, which every way reads whole on one
decoder thread, all in step; processor time counts. Pixels are compared first. Processes of their own
show how it scales, by the clock.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import av
import cv2
import numpy as np

from bench.comparing import Figure, common_options, median_ratio, print_figures, recordings_in, take_turns
from vpt_studio.recordings.video import MODEL_SIDE, RgbFrame, VideoReader, small_frame

AIM_OF_DECODING = 0.9
_SIZE = (MODEL_SIDE, MODEL_SIDE)
_STEP_FRAMES = 40


def decoded_alone(video: Path) -> Iterator[av.VideoFrame]:
    """Decode every frame and do nothing with it: the limit."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        yield from container.decode(stream)


def opencv_frames(video: Path) -> Iterator[RgbFrame]:
    """The simplest loop there is: read, convert, resize."""
    capture = cv2.VideoCapture(str(video), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    try:
        while True:
            found, frame = capture.read()
            if not found:
                return
            rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            yield cv2.resize(rgb, _SIZE, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    finally:
        capture.release()


def our_frames(video: Path) -> Iterator[RgbFrame]:
    """What training and the frame cache do; the array is used anew for each frame."""
    out = np.empty((*_SIZE, 3), np.uint8)
    with VideoReader(video) as reader:
        for _, frame in reader.decoded():
            small_frame(frame, out)
            yield out


def count_ours(video: Path) -> int:
    """Read a whole video our way (on its own, for another process to call)."""
    return sum(1 for _ in our_frames(video))


def compared(video: Path) -> tuple[int, int]:
    """Number of frames, and how many of ours differ from OpenCV's in any pixel."""
    cv2.setNumThreads(1)
    pairs = zip(our_frames(video), opencv_frames(video), strict=True)
    equal = [np.array_equal(ours, theirs) for ours, theirs in pairs]
    return len(equal), equal.count(False)


def one_core(videos: list[Path], frames: dict[Path, int], rounds: int) -> list[Figure]:
    """Measure the three ways, one recording a round."""
    speeds: dict[str, list[float]] = {"alone": [], "opencv": [], "ours": []}
    for video, _ in zip(cycle(videos), range(rounds), strict=False):
        ways = {"alone": decoded_alone(video), "opencv": opencv_frames(video), "ours": our_frames(video)}
        for name, taken in in_step(ways).items():
            speeds[name].append(frames[video] / taken)

    def over(name: str) -> float:
        return median_ratio(speeds["ours"], speeds[name])

    middle = {name: statistics.median(values) for name, values in speeds.items()}
    ours = ("decoded to 128x128", middle["ours"], "frames/s")
    return [
        Figure("decoding alone (PyAV)", middle["alone"], "frames/s"),
        Figure("OpenCV: read, cvtColor, resize", middle["opencv"], "frames/s"),
        Figure(*ours, "decoding alone", over("alone"), AIM_OF_DECODING),
        Figure(*ours, "OpenCV's loop", over("opencv"), 1.0),
    ]


def in_step(ways: dict[str, Iterator[object]]) -> dict[str, float]:
    """Processor seconds that each of `ways` takes to its end, all going on by a few frames in turn.

    A neighbour on the machine slows memory and caches for a second or so, which is all a video takes.
    """
    seconds = dict.fromkeys(ways, 0.0)
    going = set(ways)
    while going:
        for name in sorted(going):
            begin = time.process_time()
            advanced = sum(1 for _ in islice(ways[name], _STEP_FRAMES))
            seconds[name] += time.process_time() - begin
            if advanced < _STEP_FRAMES:
                going.remove(name)
    return seconds


def with_processes(videos: list[Path], frames: dict[Path, int], rounds: int) -> list[Figure]:
    """Measure one and two processes, each reading as many videos as the other."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawning) as pool:
        list(pool.map(count_ours, videos[:1] * 4))  # starts both and warms them
        alone: list[float] = []
        together: list[float] = []
        for video, _ in zip(cycle(videos), range(rounds), strict=False):
            for speeds, count in ((alone, 1), (together, 2)):
                seconds = take_turns(
                    {"work": lambda video=video, count=count: list(pool.map(count_ours, [video] * count))},  # type: ignore[misc]
                    1,
                )["work"][0]
                speeds.append(count * frames[video] / seconds)
    one, two = statistics.median(alone), statistics.median(together)
    return [
        Figure("in 1 process", one, "frames/s"),
        Figure("in 2 processes", two, "frames/s", "1 process", median_ratio(together, alone)),
    ]


def main() -> None:
    """Compare pixels, measure, print."""
    chosen = common_options(__doc__).parse_args()
    with recordings_in(chosen.folder) as videos:
        facts = {video: compared(video) for video in videos}
        frames = {video: count for video, (count, _) in facts.items()}
        figures = one_core(videos, frames, chosen.rounds) + with_processes(videos, frames, chosen.rounds)
    different = sum(differing for _, differing in facts.values())
    compared_with = f"{sum(frames.values()):,} frames of {len(videos)} recordings compared with OpenCV's"
    title = f"{compared_with}: {different} differ. One core: by processor time; processes: by the clock"
    print_figures(title, figures, as_json=chosen.json)
    if different:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
