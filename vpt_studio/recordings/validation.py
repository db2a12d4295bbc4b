"""The verdict on a recording: what is wrong with it, in words, and how much of it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.recordings.damage import find_damage
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.problems import Problem, Severity, problem, visible, worst
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.source import Source

#: Frames beyond the lines that OpenAI's recorder is known to write.
_EXTRA_FRAMES_OF_THE_FORMAT = 1


@dataclass(frozen=True)
class Verdict:
    """What validation found.

    Attributes:
        health: The verdict in one word.
        frames: Frames in the video; 0 where it cannot be read.
        lines: Tick lines; None for a video without actions.
        ticks: Ticks that have both a frame and, where there are actions, a line.
        width, height: Picture size in pixels.
        seconds: Length in ticks times 50 ms.
        problems: Everything found, gravest first.
        undecodable: Numbers of the frames that cannot be decoded, when all were tried.
    """

    health: Health
    frames: int = 0
    lines: int | None = None
    ticks: int = 0
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)
    undecodable: list[int] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The gravest problem in a word or two; empty for a healthy recording."""
        return self.problems[0].reason if self.health in (Health.FLAWED, Health.BROKEN) else ""

    def as_json(self) -> dict[str, Any]:
        """The verdict for ``--json`` answers."""
        return {
            "health": self.health.value,
            "reason": self.reason,
            "frames": self.frames,
            "lines": self.lines,
            "ticks": self.ticks,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "problems": [entry.as_json() for entry in self.problems],
        }


def validate(
    path: Path,
    *,
    decode: bool = True,
    recorder_version: str = "",
    tell: Callable[[int], None] | None = None,
) -> Verdict:
    """Check the recording at `path`; a damaged one is a verdict, never an exception.

    Args:
        path: Any of its files, or their common name without a suffix.
        decode: Decode every frame. Without this only the first and last are tried, and a recording with
            which nothing is wrong so far is *unchecked*.
        recorder_version: As in :meth:`Recording.open`.
        tell: Called with the number of frames that have just been looked at.
    """
    try:
        with Recording.open(path, recorder_version=recorder_version) as recording:
            return _validate(recording, decode, tell)
    except StudioError as error:
        return Verdict(Health.BROKEN, problems=[_fatal(error, path)])
    except MemoryError:
        too_large = StudioError("there is not enough memory to read it", where=path)
        return Verdict(Health.BROKEN, problems=[_fatal(too_large, path)])


def _validate(recording: Recording, decode: bool, tell: Callable[[int], None] | None) -> Verdict:
    problems: list[Problem] = []
    lines: int | None = None
    try:
        table = recording.ticks
        if table is not None:
            lines = len(table)
            problems.extend(table.problems)
    except StudioError as error:
        problems.append(_fatal(error, recording.actions_path or recording.video_path))
        return _video_only(recording, problems)
    video = recording.video
    if not len(recording.frames_shown):
        shortest = problem(
            Severity.ERROR,
            recording.video_path,
            "",
            "the video is shorter than one tick",
            "Leave it out",
            "Too short",
        )
        return _video_only(recording, [*problems, shortest])
    if decode:
        problems.extend(_strangers(recording))
    undecodable, complaints = _decoded(recording, decode, tell)
    problems.extend(_damage(recording, undecodable, len(video)))
    problems.extend(_complaints(recording, complaints))
    problems.extend(_counts(recording, len(video), lines))
    problems.extend(_picture(recording))
    if lines is not None:
        problems.extend(_input(recording))
    order = list(Severity)
    problems.sort(key=lambda entry: -order.index(entry.severity))
    return Verdict(
        health=_health(problems, decode),
        frames=len(video),
        lines=lines,
        ticks=len(recording),
        width=video.facts.width,
        height=video.facts.height,
        seconds=len(recording) / TICK_RATE,
        problems=problems,
        undecodable=undecodable,
    )


def _video_only(recording: Recording, problems: list[Problem]) -> Verdict:
    facts, frames = recording.video.facts, len(recording.video)
    return Verdict(Health.BROKEN, frames, 0, 0, facts.width, facts.height, 0.0, problems)


def _health(problems: list[Problem], decoded: bool) -> Health:
    match worst(problems):
        case Severity.ERROR:
            return Health.BROKEN
        case Severity.WARNING:
            return Health.FLAWED
        case _:
            return Health.HEALTHY if decoded else Health.UNCHECKED


def _fatal(error: StudioError, path: Path) -> Problem:
    place = Path(error.where) if error.where else path
    return problem(Severity.ERROR, place, "", error.what, error.mend or "Copy it again from its source")


def _strangers(recording: Recording) -> list[Problem]:
    """Files that lie elsewhere and are not the ones the sidecar means."""
    found = []
    sidecar = recording.sidecar
    referred = ((sidecar.video, recording.video_path), (sidecar.actions, recording.actions_path))
    for foreign, path in referred:
        if foreign is None or path is None or not foreign.sha256 or sha256_of(path) == foreign.sha256:
            continue
        found.append(
            problem(
                Severity.ERROR,
                path,
                "",
                f"its content is not what {visible(recording.files.sidecar.name)} was made for",
                "Put the file back that was there, or make the sidecar's recording again",
                "Changed",
            )
        )
    return found


def _decoded(
    recording: Recording, decode: bool, tell: Callable[[int], None] | None
) -> tuple[list[int], dict[int, int]]:
    """Frames that cannot be decoded; and how often the decoder complained, by the frame that came next."""
    video = recording.video
    spans = [(0, len(video))] if decode else [(0, 1), (len(video) - 1, len(video))]
    missing: list[int] = []
    complaints: dict[int, int] = {}
    for start, stop in spans:
        found = find_damage(video, start, stop, tell)
        missing += found.missing
        complaints |= found.complaints
    return missing, complaints


def _complaints(recording: Recording, complaints: dict[int, int]) -> list[Problem]:
    if not complaints:
        return []
    return [
        problem(
            Severity.WARNING,
            recording.video_path,
            f"frame {min(complaints)} or a few before",
            f"the pictures are damaged: the decoder guessed parts of them, {sum(complaints.values())} times",
            "Copy it again from its source; from each damage to the next key frame the pictures may be wrong",
            "Pictures damaged",
        )
    ]


def _damage(recording: Recording, undecodable: list[int], frames: int) -> list[Problem]:
    if not undecodable:
        return []
    if len(undecodable) == frames:
        return [
            problem(
                Severity.ERROR,
                recording.video_path,
                "",
                "not one frame can be decoded",
                "Copy it again from its source, or leave it out",
            )
        ]
    spans = spans_of(np.isin(np.arange(frames), undecodable))
    shown = ", ".join(
        f"{start} to {stop - 1}" if stop - start > 1 else f"{start}" for start, stop in spans[:5]
    )
    more = f" and {len(spans) - 5} more spans" if len(spans) > 5 else ""
    return [
        problem(
            Severity.WARNING,
            recording.video_path,
            f"frame {shown}{more}",
            f"{len(undecodable)} of {frames} frames cannot be decoded",
            "vpt-studio recordings repair writes a copy without them",
            "Frames missing",
        )
    ]


def _counts(recording: Recording, frames: int, lines: int | None) -> list[Problem]:
    if lines is None:
        return []
    actions = recording.actions_path or recording.files.actions
    shown = len(recording.frames_shown)
    length = f"{frames} frames" if recording.has_frame_per_tick else f"{shown} ticks of video"
    if lines > shown:
        missing = lines - shown
        return [
            problem(
                Severity.WARNING,
                actions,
                f"line {shown + 1} and on",
                f"there are {lines} lines but {length}: the last {missing} actions have no picture",
                "They are left out",
                "Cut short",
            )
        ]
    extra = shown - lines
    if extra > _EXTRA_FRAMES_OF_THE_FORMAT:
        return [
            problem(
                Severity.WARNING,
                recording.video_path,
                f"frame {recording.frames_shown[lines]} and on",
                f"there are {length} but {lines} lines: the last {extra} have no action",
                "They are left out",
                "Cut short",
            )
        ]
    return []


def _picture(recording: Recording) -> list[Problem]:
    facts, found = recording.video.facts, []
    width, height = (
        (facts.width, facts.height) if recording.sidecar.crop is None else recording.sidecar.crop[2:]
    )
    if abs(width * 9 - height * 16) > 16 * 9:
        found.append(
            problem(
                Severity.NOTE,
                recording.video_path,
                "",
                f"the picture is {width}x{height}, not 16:9",
                # An IDM is shown the middle of a video it labels, but what is learned from whole, as OpenAI's
                # loader does it.
                "idm predict labels its 16:9 middle; a crop in its sidecar names another part"
                if recording.ticks is None
                else "Models learn from it stretched to their square; a crop in its sidecar leaves out bars",
                "Not 16:9",
            )
        )
    if recording.sidecar.crop is not None:
        x, y, width, height = recording.sidecar.crop
        if x + width > facts.width or y + height > facts.height:
            found.append(
                problem(
                    Severity.ERROR,
                    recording.files.sidecar,
                    "crop",
                    f"the crop reaches outside the picture of {facts.width}x{facts.height}",
                    "Correct the crop in the file",
                    "Crop outside",
                )
            )
    steps = np.diff(recording.video.times) if recording.has_frame_per_tick else np.empty(0)
    if recording.ticks is not None and len(steps) and (steps <= 0.025).any() | (steps >= 0.1).any():
        worst_step = int(np.abs(steps - 1 / TICK_RATE).argmax())
        found.append(
            problem(
                Severity.NOTE,
                recording.video_path,
                f"frame {worst_step + 1}",
                f"frames are uneven: this one comes {steps[worst_step] * 1000:.0f} ms after the last",
                "Nothing needs doing: frames go with lines by number",
                "Frames uneven",
            )
        )
    return found


def _input(recording: Recording) -> list[Problem]:
    table = recording.ticks
    assert table is not None
    actions = recording.actions_path or recording.files.actions
    moved = bool(table.raw.motion.any())
    # What an IDM, a script or an agent answered is what it answered: no recorder can have missed it.
    by_person = not {Source.HUMAN, Source.UNKNOWN}.isdisjoint(recording.sources)
    if by_person and not moved and len(table) >= 60 * TICK_RATE:
        return [
            problem(
                Severity.NOTE,
                actions,
                "",
                "the mouse never moves",
                "If the player did use the mouse, the recorder missed it: record again",
                "Mouse still",
            )
        ]
    return []


def spans_of(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs of true values in `mask` as half-open spans."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
