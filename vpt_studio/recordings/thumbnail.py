"""A small picture that stands for a recording."""

from __future__ import annotations

from pathlib import Path

import cv2

from vpt_studio.atomic_files import created, replaced
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import RgbFrame


def thumbnail(recording: Recording, width: int = 320, tick: int | None = None) -> RgbFrame:
    """The picture at `tick` (a third of the way in by default), `width` pixels wide: uint8 RGB.

    A third of the way in play has begun, and it is rarely the last thing seen.

    Raises:
        StudioError: The recording is empty, or the frame cannot be decoded.
    """
    if not len(recording):
        raise StudioError("an empty recording has no picture", where=recording.video_path)
    picture = recording.picture(len(recording) // 3 if tick is None else tick)
    height = max(round(picture.shape[0] * width / picture.shape[1]), 1)
    if height > 4 * width:  # a strip, which nothing shows whole
        picture, height = picture[: 4 * picture.shape[1]], 4 * width
    small: RgbFrame = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype("uint8")
    return small


def write_thumbnail(recording: Recording, out: Path, width: int = 320, *, replace: bool = False) -> None:
    """Write :func:`thumbnail` to `out`, as PNG, JPEG or WebP by its suffix.

    Raises:
        StudioError: `out` is in the way (unless `replace`), has another suffix, or cannot be written.
    """
    if out.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise StudioError("a thumbnail is a .png, .jpg or .webp file", where=out)
    written, data = cv2.imencode(out.suffix, thumbnail(recording, width)[:, :, ::-1])
    if not written:
        raise StudioError("the thumbnail could not be encoded", where=out)
    with (replaced if replace else created)(out) as temporary:
        temporary.write_bytes(data.tobytes())
