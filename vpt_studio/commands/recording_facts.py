"""What `recordings show` tells of a recording."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from vpt_studio.errors import StudioError
from vpt_studio.project import RecordingRow
from vpt_studio.recordings.action_statistics import ActionStatistics
from vpt_studio.recordings.problems import visible
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.words import duration_words


def facts_of(recording: Recording, row: RecordingRow | None = None) -> dict[str, Any]:
    """Length, picture, source, use of keys and health as its `row` in the project has it, for ``--json``."""
    video = recording.video
    facts: dict[str, Any] = {
        "name": recording.name,
        "video": recording.video_path,
        "actions": recording.actions_path,
        "ticks": len(recording),
        "seconds": len(recording) / TICK_RATE,
        "frames": len(video),
        "width": video.facts.width,
        "height": video.facts.height,
        "codec": video.facts.codec,
        "rate": video.facts.rate,
        "source": recording.sidecar.source.value,
        "person": recording.sidecar.person,
        "environment": recording.sidecar.environment,
        "health": "unchecked" if row is None else row.health.value,
        "health_reason": "" if row is None else row.health_reason,
        "cursor_in_video": recording.sidecar.cursor_in_video,
    }
    if recording.ticks is not None and len(recording):
        counts = ActionStatistics.of(recording)
        facts |= {
            "lines": len(recording.ticks),
            "null_share": counts.share(counts.null),
            "screen_open_share": counts.share(counts.screen_open),
            "mouse_share": counts.share(counts.mouse),
            "unknown_ticks": len(recording) - counts.ticks,
            "held_share": {name: share for name, share in counts.held_shares.items() if share},
            "sources": dict(Counter(source.value for source in recording.sources)),
        }
    return facts


def facts_text(facts: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        visible(facts["name"]),
        f"length        {duration_words(facts['seconds'])} ({facts['ticks']} ticks)",
        f"video         {visible(str(facts['video']))}",
        f"picture       {facts['width']}x{facts['height']}, {facts['codec']}, {facts['rate']:g} frames/s",
        f"source        {facts['source']}" + (f", {visible(facts['person'])}" if facts["person"] else ""),
        f"health        {facts['health']}"
        + (f" ({facts['health_reason'].lower()})" if facts["health_reason"] else "")
        + ("; recordings validate checks it" if facts["health"] == "unchecked" else ""),
    ]
    if "lines" not in facts:
        lines.append("actions       none; predict them with vpt-studio idm predict")
        return "\n".join(lines)
    lines += [
        f"actions       {visible(str(facts['actions']))}",
        f"nothing done  {facts['null_share']:.1%} of ticks",
        f"mouse moved   {facts['mouse_share']:.1%}",
        f"screen open   {facts['screen_open_share']:.1%}",
        "keys held     " + ", ".join(f"{key} {share:.1%}" for key, share in facts["held_share"].items()),
    ]
    if facts["unknown_ticks"]:
        lines.append(f"unknown       {facts['unknown_ticks']} ticks with damaged lines")
    return "\n".join(lines)


def tick_facts(recording: Recording, tick: int) -> dict[str, Any]:
    """One tick's action and raw line.

    Raises:
        StudioError: There is no such tick, or the recording has no actions.
    """
    table = recording.ticks
    if table is None:
        raise StudioError(
            "this recording has no actions",
            where=recording.video_path,
            mend="Predict them: vpt-studio idm predict",
        )
    if not 0 <= tick < len(recording):
        raise StudioError(
            f"it has no action at tick {tick}; its ticks go from 0 to {len(recording) - 1}",
            where=recording.video_path,
        )
    # What a damaged line meant nobody knows, which is not the same as that nothing was done.
    action = recording.converted().actions[tick] if table.known[tick] else None
    return {
        "number": tick,
        "frame": int(recording.frame_of_tick[tick]),
        "known": action is not None,
        "pressed": None if action is None else sorted(action.pressed),
        "pitch": None if action is None else action.pitch,
        "yaw": None if action is None else action.yaw,
        "source": recording.sources[tick].value,
        "raw": None if action is None else orjson.loads(table.lines[tick]),
        "line": table.lines[tick].decode(errors="backslashreplace"),
    }


def tick_text(facts: dict[str, Any]) -> str:
    """The same for people; the line stands as it is in the file."""
    lines = [f"tick    {facts['number']}, frame {facts['frame']}"]
    if facts["known"]:
        lines += [
            f"keys    {', '.join(facts['pressed']) or 'none'}",
            f"camera  pitch {facts['pitch']:g}, yaw {facts['yaw']:g} degrees",
        ]
    else:
        lines.append("action  unknown: the line is damaged")
    return "\n".join([*lines, f"source  {facts['source']}", f"line    {visible(facts['line'].strip())}"])
