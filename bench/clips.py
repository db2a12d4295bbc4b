"""Random clips of 64 frames a second as training asks for them, beside a loop that seeks with OpenCV.

Run ``python -m bench.clips [PATH]``. All ways cut the same clips through training's own ``ClipSampler``. On
two cores means: two threads, each with readers of its own and one decoder thread (training's
``prefetched`` makes its clips in a thread too), for both; OpenCV may also use its own decoder threads
instead, and the faster of the two is the baseline. No pointer is drawn: OpenCV's loop knows of none.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bench.comparing import Figure, common_options, median_ratio, print_figures, recordings_in, take_turns
from training.clips import ClipSampler, open_footage
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.recordings.frame_cache import FRAME_BYTES, FrameCache
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import MODEL_SIDE

AIM_FROM_VIDEO = 1.4
AIM_FROM_CACHE = 10.0
CLIP_TICKS = 64
_BATCH_CLIPS = 4
_THREADS = 2
_SIZE = (MODEL_SIDE, MODEL_SIDE)

Frames = npt.NDArray[np.uint8]


class OpenCvClips:
    """Cuts frames out of one video as a plain OpenCV loop does; the file stays open between clips."""

    def __init__(self, video: Path, threads: int | None) -> None:
        settings = [] if threads is None else [cv2.CAP_PROP_N_THREADS, threads]
        self.capture = cv2.VideoCapture(str(video), cv2.CAP_FFMPEG, settings)

    def __call__(self, start: int, stop: int) -> Frames:
        """Seek to frame `start`; read, convert and resize up to `stop`."""
        out = np.empty((stop - start, *_SIZE, 3), np.uint8)
        self.capture.set(cv2.CAP_PROP_POS_FRAMES, start)
        for place in range(stop - start):
            found, frame = self.capture.read()
            if not found:
                raise SystemExit("OpenCV reads no frame where there must be one")
            rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            out[place] = cv2.resize(rgb, _SIZE, interpolation=cv2.INTER_LINEAR)
        return out


def our_sampler(videos: list[Path], cache: FrameCache | None = None) -> ClipSampler:
    """Training's way to clips: from the video, or from `cache`."""
    recordings = [Recording.open(video) for video in videos]
    footage = open_footage(recordings, EXACT, cache, draw_pointer=cache is not None)
    return ClipSampler(footage, CLIP_TICKS, _BATCH_CLIPS, seed=0)


def opencv_sampler(videos: list[Path], threads: int | None) -> ClipSampler:
    """The same clips by OpenCV's seeking."""
    footage = open_footage([Recording.open(video) for video in videos], EXACT, None, draw_pointer=False)
    changed = [
        replace(part, frames=OpenCvClips(video, threads)) for part, video in zip(footage, videos, strict=True)
    ]
    return ClipSampler(changed, CLIP_TICKS, _BATCH_CLIPS, seed=0)


def cut(sampler: ClipSampler, numbers: range) -> None:
    """Cut the batches of these numbers, one after another."""
    for number in numbers:
        sampler.batch(number)


def cut_together(samplers: list[ClipSampler], numbers: range, pool: ThreadPoolExecutor) -> None:
    """Share these batches out among `samplers`, a thread each."""
    shares = [numbers[place :: len(samplers)] for place in range(len(samplers))]
    for _ in pool.map(cut, samplers, shares):
        pass


def differing(ours: ClipSampler, theirs: ClipSampler, numbers: range) -> tuple[int, int]:
    """How many clips there are in these batches, and how many of them differ in any pixel."""
    pairs = [
        np.array_equal(mine, other)
        for number in numbers
        for mine, other in zip(ours.batch(number).frames, theirs.batch(number).frames, strict=True)
    ]
    return len(pairs), pairs.count(False)


def turns(first: int, batches: int) -> Iterator[range]:
    """Numbers of batches, new ones for each round."""
    while True:
        yield range(first, first + batches)
        first += batches


def from_video(videos: list[Path], rounds: int, batches: int) -> list[Figure]:
    """Measure on two cores; the aim counts against the faster of OpenCV's two ways."""
    ours = [our_sampler(videos) for _ in range(_THREADS)]
    single = [opencv_sampler(videos, 1) for _ in range(_THREADS)]
    threaded = opencv_sampler(videos, None)
    taken: dict[str, list[float]] = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        for numbers, _ in zip(turns(1000, batches), range(rounds), strict=False):
            ways: dict[str, Callable[[], object]] = {
                "ours": partial(cut_together, ours, numbers, pool),
                "OpenCV, two threads": partial(cut_together, single, numbers, pool),
                "OpenCV, its own threads": partial(cut, threaded, numbers),
            }
            for name, seconds in take_turns(ways, 1).items():
                taken.setdefault(name, []).extend(seconds)
    clips = batches * _BATCH_CLIPS
    middle = {name: clips / statistics.median(seconds) for name, seconds in taken.items()}
    our_way = ("from the video, two threads", middle.pop("ours"), "clips/s")
    best = max(middle, key=lambda name: middle[name])
    return [
        *(Figure(name, speed, "clips/s") for name, speed in middle.items()),
        *(
            Figure(
                *our_way,
                name,
                median_ratio(taken[name], taken["ours"]),
                AIM_FROM_VIDEO if name == best else None,
            )
            for name in middle
        ),
    ]


def from_cache(videos: list[Path], rounds: int, batches: int) -> tuple[list[Figure], int, int]:
    """Measure the cache beside OpenCV in one thread each, and compare its pixels with the video's."""
    with tempfile.TemporaryDirectory() as place:
        frames = 0
        for video in videos:
            with Recording.open(video) as recording:
                frames += len(recording)
        ours = our_sampler(videos, FrameCache(Path(place), (frames + 1) * FRAME_BYTES))
        drawn = open_footage([Recording.open(video) for video in videos], EXACT, None)
        clips, different = differing(
            ours, ClipSampler(drawn, CLIP_TICKS, _BATCH_CLIPS, seed=0), range(batches)
        )
        theirs = opencv_sampler(videos, None)
        taken: dict[str, list[float]] = {}
        for numbers, _ in zip(turns(1000, batches), range(rounds), strict=False):
            ways: dict[str, Callable[[], object]] = {
                "ours": partial(cut, ours, numbers),
                "opencv": partial(cut, theirs, numbers),
            }
            for name, seconds in take_turns(ways, 1).items():
                taken.setdefault(name, []).extend(seconds)
        speed = batches * _BATCH_CLIPS / statistics.median(taken["ours"])
    ratio = median_ratio(taken["opencv"], taken["ours"])
    what = "from the frame cache, one thread"
    return (
        [Figure(what, speed, "clips/s", "OpenCV, its own threads", ratio, AIM_FROM_CACHE)],
        clips,
        different,
    )


def main() -> None:
    """Compare pixels, measure, print."""
    parser = common_options(__doc__)
    parser.add_argument("--batches", type=int, default=6, help=f"batches of {_BATCH_CLIPS} clips a round")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    with recordings_in(chosen.folder) as videos:
        clips, wrong = differing(our_sampler(videos), opencv_sampler(videos, 1), range(chosen.batches * 2))
        figures = from_video(videos, chosen.rounds, chosen.batches)
        cached, checked, different = from_cache(videos, chosen.rounds, chosen.batches)
    title = (
        f"{len(videos)} recordings, clips of {CLIP_TICKS} frames\n"
        f"from the video: {wrong} of {clips} clips differ from what OpenCV's seek gives\n"
        f"from the cache: {different} of {checked} clips differ from those cut from the video"
    )
    print_figures(title, figures + cached, as_json=chosen.json)
    if different:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
