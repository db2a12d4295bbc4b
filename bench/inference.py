"""How fast the networks run on a CPU, beside a plain evaluation of the same weights, and in how much memory.

Run ``python -m bench.inference``: a policy that plays (1x; one stream and eight), a policy over clips, and an
IDM that labels a long video (``tiny`` and ``4x_idm``). Both evaluations run in processes of their own, piece
by piece in turns, and what they compute is compared. ``--quick`` does small sizes in seconds.

``python -m bench.inference --steps 10000`` lets one agent play so many steps: are time and memory flat?
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from bench.comparing import Figure, median_ratio, print_figures
from bench.inference_steps import AIM_OF_MEMORY, AIM_OF_TIME, play_on
from bench.inference_ways import Case, Labelling
from bench.inference_workers import Measured, in_turns, largest_difference
from vpt_studio.models.presets import POLICY_PRESETS, policy_network

AIM_OF_LABELLING = 1.7
AIM_ELSEWHERE = 1.0
_TOLERANCE = 1e-3  # of log-probabilities, in nats: sums of some thousand products in another order


@dataclass(frozen=True)
class Line:
    """One line of the benchmark."""

    what: str
    kind: str
    case: Case
    threads: int
    aim: float

    @property
    def frames(self) -> tuple[float, float]:
        """Frames in a piece of ours, and of the plain way."""
        match self.kind:
            case "steps":
                frames = float(self.case.count * self.case.streams)
            case "clips":
                frames = float(self.case.count * policy_network(self.case.preset).timesteps)
            case _:
                frames = float(Labelling.of(self.case).frames_per_piece)
        return frames, frames * self.case.plain_share


def full() -> Iterator[Line]:
    """What the closing figures are made of."""
    for threads in (1, 2):
        cores = "1 core" if threads == 1 else f"{threads} cores"
        yield Line(f"1x, one stream, {cores}", "steps", Case("1x", 5, 20), threads, AIM_ELSEWHERE)
        yield Line(f"1x, 8 streams, {cores}", "steps", Case("1x", 5, 4, streams=8), threads, AIM_ELSEWHERE)
        yield Line(f"1x, clips of 128, {cores}", "clips", Case("1x", 3, 1), threads, AIM_ELSEWHERE)
        yield Line(f"labelling, tiny, {cores}", "labelling", Case("tiny", 5, 6), threads, AIM_OF_LABELLING)
    wide = Case("4x_idm", 2, 1, plain_share=0.5)
    yield Line("labelling, 4x_idm, 2 cores", "labelling", wide, 2, AIM_OF_LABELLING)


def quick() -> Iterator[Line]:
    """The same ways with small networks."""
    yield Line("tiny, one stream", "steps", Case("tiny", 5, 40), 2, AIM_ELSEWHERE)
    yield Line("tiny, 8 streams", "steps", Case("tiny", 5, 8, streams=8), 2, AIM_ELSEWHERE)
    yield Line("tiny, clips of 64", "clips", Case("tiny", 5, 2), 2, AIM_ELSEWHERE)
    yield Line("labelling, tiny", "labelling", Case("tiny", 3, 2), 2, AIM_OF_LABELLING)


def figures_of(line: Line) -> tuple[list[Figure], float]:
    """Measure a line: its figures, and the largest difference between both evaluations."""
    measured = in_turns(line.kind, line.case, line.threads)
    per_frame = {
        way: [seconds / frames for seconds in measured[way].seconds]
        for way, frames in zip(("ours", "plain"), line.frames, strict=True)
    }
    ratio = median_ratio(per_frame["plain"], per_frame["ours"])
    unit = "steps/s" if line.kind == "steps" and line.case.streams == 1 else "frames/s"
    speed = {way: 1 / statistics.median(values) for way, values in per_frame.items()}
    figures = [
        Figure(f"{line.what}: plain", speed["plain"], unit),
        Figure(line.what, speed["ours"], unit, "plain", ratio, line.aim),
        *(_memory(line.what, way, measured[way]) for way in ("plain", "ours")),
    ]
    return figures, largest_difference(measured)


def _memory(what: str, way: str, measured: Measured) -> Figure:
    return Figure(
        f"{what}: peak memory, {way} ({measured.ready_mb:,.0f} MB when ready)", measured.peak_mb, "MB"
    )


def compare(lines: Iterator[Line], *, as_json: bool) -> bool:
    """Measure and print; whether the two evaluations agree everywhere."""
    figures: list[Figure] = []
    largest = 0.0
    for line in lines:
        found, difference = figures_of(line)
        largest = max(largest, difference)
        figures += found
    agree = largest <= _TOLERANCE
    title = (
        f"Largest difference from the plain evaluation: {largest:.1e} ({'equal' if agree else 'NOT EQUAL'})"
    )
    print_figures(title, figures, as_json=as_json)
    return agree


def flat(preset: str, steps: int, threads: int, *, as_json: bool) -> None:
    """Let an agent play `steps` steps, and print its time and memory by tenths."""
    tenths = play_on(preset, steps, threads)
    figures = [
        Figure(
            f"{preset}, tenth {number}: median",
            tenth.milliseconds,
            f"ms, quickest tenth {tenth.quick_milliseconds:,.1f} ms, {tenth.memory_mb:,.1f} MB",
        )
        for number, tenth in enumerate(tenths, 1)
    ]
    first, last = tenths[1], tenths[-1]  # the first tenth fills the memory and warms up
    figures += [
        Figure("time of the last tenth's quickest steps", last.quick_milliseconds, "ms", "the second's",
               last.quick_milliseconds / first.quick_milliseconds, AIM_OF_TIME, at_most=True),
        Figure("memory after the last tenth", last.memory_mb, "MB", "the second's",
               last.memory_mb / first.memory_mb, AIM_OF_MEMORY, at_most=True),
    ]  # fmt: skip
    print_figures(f"{steps:,} steps of one stream", figures, as_json=as_json)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small networks, some seconds")
    parser.add_argument("--steps", type=int, help="let one agent play so many steps instead")
    parser.add_argument(
        "--policy", choices=sorted(POLICY_PRESETS), default="1x", help="with --steps: its size"
    )
    parser.add_argument("--threads", type=int, default=2, help="with --steps: threads to compute with")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    if chosen.steps is not None:
        flat(chosen.policy, chosen.steps, chosen.threads, as_json=chosen.json)
    elif not compare(quick() if chosen.quick else full(), as_json=chosen.json):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
