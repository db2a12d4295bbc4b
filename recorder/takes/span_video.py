"""The pictures of some stretches of a take as a video of their own, encoded again only where they must be.

Pictures can be copied as they are encoded from a key frame on. Those between a stretch's begin and its first
key frame are encoded again, as the recorder does it, and put before those that are copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import av.error
import numpy as np
import numpy.typing as npt

from recorder.takes.mended_notes import Span
from vpt_studio.errors import StudioError
from vpt_studio.recordings.damage import find_damage
from vpt_studio.recordings.recording import TICK_RATE, Recording
from vpt_studio.recordings.video import VideoReader
from vpt_studio.recordings.video_writer import VideoWriter

#: What is encoded again as a whole loses nothing that can be seen.
_QUALITY = 16
#: What is put before copied pictures has the take's own: a decoder has to know of it, too.
_TAKE_QUALITY = 23
#: The presets of x264 that takes are encoded with. Parts of one video must agree in the decoder's settings,
#: which follow from the preset.
_PRESETS = ("veryfast", "ultrafast")
#: Pictures after a place where parts meet that are decoded to see that they do.
_TRIED = 4

Tell = Callable[[int], None]


def write_video(recording: Recording, spans: Sequence[Span], target: Path, tell: Tell | None = None) -> None:
    """Write the pictures of `spans`, one after another.

    Args:
        recording: The take.
        spans: Half-open, in order.
        target: The new mp4.
        tell: Called with the number of pictures that have just been written.

    Raises:
        StudioError: The take cannot be read, or the disk refuses.
    """
    if not _copied(recording, spans, target, tell):
        _encode(recording, spans, target, tell)


def _encode(
    recording: Recording, spans: Sequence[Span], target: Path, tell: Tell | None, *, preset: str = ""
) -> None:
    """Encode pictures again; with `preset` as the recorder does it, else all of a video in one way."""
    height, width = recording.picture(spans[0][0], pointer=False).shape[:2]
    streamed = bool(preset)
    with VideoWriter(
        target,
        width,
        height,
        rate=TICK_RATE,
        quality=_TAKE_QUALITY if streamed else _QUALITY,
        preset=preset or _PRESETS[0],
        streamed=streamed,
    ) as writer:
        for start, stop in spans:
            for picture in recording.pictures(start, stop, pointer=False):
                writer.write(picture)
                if tell is not None:
                    tell(1)


def _copied(recording: Recording, spans: Sequence[Span], target: Path, tell: Tell | None) -> bool:
    """Copy all pictures that can be; False where that cannot be done to the frame."""
    video = recording.video
    if recording.sidecar.crop is not None or not recording.has_frame_per_tick:
        return False
    if not _in_order(recording.video_path, video):
        return False
    parts = [part for span in spans for part in _parts(span, video.keyframes)]
    try:
        with TemporaryDirectory(dir=target.parent) as folder:
            heads = _encoded_heads(
                recording, [span for span, is_copied in parts if not is_copied], Path(folder)
            )
            if heads is None:
                return False
            _join(recording.video_path, parts, heads, target, tell)
    except av.error.FFmpegError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(f"the video cannot be copied ({reason})", where=recording.video_path) from error
    return _decodes_where_joined(target, parts)


def _parts(span: Span, keyframes: npt.NDArray[np.int64]) -> list[tuple[Span, bool]]:
    """The part of a span that is to be encoded again, and that which can be copied."""
    start, stop = span
    later = keyframes[keyframes >= start]
    key = min(int(later[0]), stop) if len(later) else stop
    return [
        (part, is_copied)
        for part, is_copied in (((start, key), False), ((key, stop), True))
        if part[0] < part[1]
    ]


def _encoded_heads(recording: Recording, spans: Sequence[Span], folder: Path) -> dict[Span, Path] | None:
    """Each of `spans` encoded as the take is; None where none of our ways to encode is the take's."""
    if not spans:
        return {}
    wanted = _settings(recording.video_path)
    for preset in _PRESETS:
        made: dict[Span, Path] = {}
        for span in spans:
            made[span] = folder / f"{preset}-{span[0]}.mkv"
            _encode(recording, [span], made[span], None, preset=preset)
            if _settings(made[span]) != wanted:
                break
        else:
            return made
    return None


def _settings(path: Path) -> bytes:
    """What a decoder has to know of a video before its first picture."""
    with av.open(str(path)) as container:
        return container.streams.video[0].codec_context.extradata or b""


def _join(
    source: Path,
    parts: Sequence[tuple[Span, bool]],
    heads: dict[Span, Path],
    target: Path,
    tell: Tell | None,
) -> None:
    written = 0

    def write(packet: av.Packet[av.VideoStream]) -> None:
        nonlocal written
        packet.pts = packet.dts = written
        packet.time_base, packet.duration = Fraction(1, TICK_RATE), 1
        packet.stream = stream
        new.mux(packet)
        written += 1
        if tell is not None:
            tell(1)

    with av.open(str(source)) as old, av.open(str(target), "w", format="mp4") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        packets = enumerate(_packets(old))
        for (start, stop), is_copied in parts:
            if not is_copied:
                with av.open(str(heads[start, stop])) as head:
                    for packet in _packets(head):
                        write(packet)
                continue
            for number, packet in packets:
                if number >= start:
                    write(packet)
                if number == stop - 1:
                    break


def _decodes_where_joined(target: Path, parts: Sequence[tuple[Span, bool]]) -> bool:
    joints = np.cumsum([stop - start for (start, stop), _ in parts])
    with VideoReader(target) as video:
        if len(video) != joints[-1]:
            return False
        for joint in (0, *joints[:-1].tolist()):
            found = find_damage(video, max(0, joint - 1), min(joint + _TRIED, len(video)))
            if found.missing or found.complaints:
                return False
    return True


def _packets(container: av.container.InputContainer) -> Iterator[av.Packet[av.VideoStream]]:
    return (packet for packet in container.demux(container.streams.video[0]) if packet.size)


def _in_order(path: Path, video: VideoReader) -> bool:
    """Whether every packet is one picture and none waits for a later one: then it has its frame's number."""
    with av.open(str(path)) as container:
        stamps: npt.NDArray[np.int64] = np.array(
            [packet.pts if packet.pts is not None else -1 for packet in _packets(container)], np.int64
        )
    return len(stamps) == len(video) and bool((np.diff(stamps) > 0).all())
