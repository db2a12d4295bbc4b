"""How long a project of 10,000 recordings takes to open and list, against reading 10,000 sidecar files.

Run ``python -m bench.open_project``. Every measurement is made in a fresh process; the median counts.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from vpt_studio.project import Project, ProjectLayout, RecordingRow
from vpt_studio.recordings.health import Health
from vpt_studio.recordings.source import Source

AIM_SECONDS = 0.3
PAGE = 200

# What a window does between the click on a project and the first rows on the screen.
OPEN_AND_LIST = """
import sys, time
from vpt_studio.project import Project
begin = time.perf_counter()
project = Project.open(sys.argv[1])
rows = project.recordings(limit=200, order="-imported_at")
seconds = time.perf_counter() - begin
assert len(rows) == 200, len(rows)
print(seconds)
"""

# The same list without a database: every recording's facts in a file of its own.
READ_SIDECARS = """
import sys, time
from pathlib import Path
import orjson
begin = time.perf_counter()
found = [orjson.loads(path.read_bytes()) for path in Path(sys.argv[1], "recordings").glob("*.json")]
rows = sorted(found, key=lambda facts: facts["imported_at"], reverse=True)[:200]
seconds = time.perf_counter() - begin
assert len(rows) == 200, len(rows)
print(seconds)
"""

START_PYTHON_AND_IMPORT = """
import time
begin = time.perf_counter()
from vpt_studio.project import Project
print(time.perf_counter() - begin)
"""


def write_recordings(layout: ProjectLayout, count: int) -> Iterator[RecordingRow]:
    """Write the files of `count` recordings (empty media, real sidecars) and tell of each."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        files = layout.recording_places(f"Player{number % 40:02}-{number * 7919 % count:06}")
        imported_at = first + timedelta(minutes=number * 7919 % count)
        sidecar = {
            "format_version": 1,
            "imported_at": imported_at.isoformat(),
            "environment": "voxel",
            "seed": number,
            "clock": {"anchors": [number, number + 1], "hertz": 20},
            "capture": {"width": 640, "height": 360, "window": "Forest", "cursor_in_video": False},
            "sync": {"offset_ms": 12.5, "spread_ms": 1.25},
        }
        layout.path_of(files.video).touch()
        layout.path_of(files.actions).touch()
        layout.path_of(files.sidecar).write_bytes(orjson.dumps(sidecar))
        yield RecordingRow(
            id=Path(files.video).stem,
            video=files.video,
            actions=files.actions,
            duration_ticks=1200 + number % 5000,
            frames=1201 + number % 5000,
            width=640,
            height=360,
            source=list(Source)[number % 5],
            health=list(Health)[number % 4],
            problems=number % 4,
            person=f"Player{number % 40:02}",
            version="recorder 0.1",
            imported_at=imported_at,
            tags=("forest", f"day {number % 30}"),
            sidecar=sidecar,
        )


def median_seconds(code: str, folder: Path, repeats: int) -> float:
    """The median of what `code` prints, in seconds, run in fresh processes."""
    return statistics.median(
        float(
            subprocess.run([sys.executable, "-c", code, str(folder)], check=True, capture_output=True).stdout
        )
        for _ in range(repeats)
    )


def main() -> None:
    """Make the project, measure, print."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--recordings", type=int, default=10_000)
    options.add_argument("--repeats", type=int, default=9)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        with Project.create(folder, "Benchmark") as project:
            rows = list(write_recordings(project.layout, chosen.recordings))
            begin = time.perf_counter()
            project.add_recordings(rows)
            adding = time.perf_counter() - begin
            begin = time.perf_counter()
            project.missing_media()
            looking = time.perf_counter() - begin
            begin = time.perf_counter()
            project.recordings(search="player07 day")
            searching = time.perf_counter() - begin
        opening = median_seconds(OPEN_AND_LIST, folder, chosen.repeats)
        sidecars = median_seconds(READ_SIDECARS, folder, chosen.repeats)
        importing = median_seconds(START_PYTHON_AND_IMPORT, folder, chosen.repeats)
    verdict = "met" if opening <= AIM_SECONDS else "MISSED"
    print(f"{chosen.recordings:,} recordings, median of {chosen.repeats} fresh processes")
    print(f"open and list the newest {PAGE}: {opening:.4f} s (aim {AIM_SECONDS} s: {verdict})")
    print(f"baseline, {chosen.recordings:,} JSON sidecars by glob: {sidecars:.4f} s")
    print(f"ratio to the baseline: {sidecars / opening:.1f} times as fast")
    print(f"importing vpt_studio.project, not counted above: {importing:.4f} s")
    print(f"adding all in one call: {adding:.2f} s; looking for missing media: {looking:.3f} s")
    print(f"a search of two words: {searching:.4f} s")


if __name__ == "__main__":
    main()
