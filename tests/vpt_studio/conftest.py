"""Small real recordings for the tests of the core: true video, true tick lines."""

from __future__ import annotations

import hashlib
import json
import os

import av
import numpy as np
import pytest

CONTENT_BITS = 8


def numbered_picture(number, width, height):
    """A picture that says its number in eight bands, bright for 1, which lossy coding cannot hide."""
    picture = np.full((height, width, 3), 40, np.uint8)
    for bit in range(CONTENT_BITS):
        if number >> bit & 1:
            picture[:, bit * width // CONTENT_BITS : (bit + 1) * width // CONTENT_BITS] = 210
    return picture


def write_video(
    path, frames=40, *, size=(64, 36), rate=20, codec="libx264", pixels="yuv420p", options=None, format_=None
):
    """Write a video whose frames say their numbers."""
    width, height = size
    with av.open(str(path), "w", format=format_) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "g": "10", "bf": "2", **(options or {})}
        else:
            stream.options = options or {}
        container.start_encoding()  # so that even a video without frames is a file
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(numbered_picture(number, width, height), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def tick(number, **fields):
    """One tick as the contractor format has it; `fields` go over the defaults."""
    return {
        "mouse": {
            "x": 640.0, "y": 360.0, "dx": 0.0, "dy": 0.0, "scaledX": 0.0, "scaledY": 0.0, "dwheel": 0.0,
            "buttons": [], "newButtons": [],
        },
        "keyboard": {"keys": [], "newKeys": [], "chars": ""},
        "isGuiOpen": False,
        "isGuiInventory": False,
        "hotbar": 0,
        "tick": number,
        **fields,
    }  # fmt: skip


def walking(number):
    """A tick of someone who walks for half of every second and turns right all the time."""
    keys = ["key.keyboard.w"] if number % 20 < 10 else []
    plain = tick(number)
    return {**plain, "keyboard": {**plain["keyboard"], "keys": keys}, "mouse": {**plain["mouse"], "dx": 11.0}}


def write_lines(path, lines):
    """Write tick lines: objects become JSON, bytes stay what they are."""
    path.write_bytes(
        b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    )
    return path


@pytest.fixture(scope="session")
def a_tick():
    return tick


@pytest.fixture(scope="session")
def a_walking_tick():
    return walking


@pytest.fixture(scope="session")
def make_video():
    return write_video


@pytest.fixture(scope="session")
def make_lines():
    return write_lines


@pytest.fixture(scope="session")
def number_of():
    """The number that a picture says."""

    def read(picture):
        height, width = picture.shape[:2]
        middles = [(2 * bit + 1) * width // (2 * CONTENT_BITS) for bit in range(CONTENT_BITS)]
        return sum(
            (int(picture[height // 2, middle].mean()) > 125) << bit for bit, middle in enumerate(middles)
        )

    return read


@pytest.fixture(scope="session")
def make_recording():
    """Write a recording: a video and its lines (None for no lines); returns the video's path."""

    def make(folder, stem="take", frames=40, lines="walking", suffix=".mp4", **video):
        folder.mkdir(parents=True, exist_ok=True)
        if lines == "walking":
            lines = [walking(number) for number in range(frames)]
        if lines is not None:
            write_lines(folder / f"{stem}.jsonl", lines)
        return write_video(folder / f"{stem}{suffix}", frames, **video)

    return make


@pytest.fixture(scope="session")
def spoil_pictures():
    """Overwrite the middle of an mp4's pictures, so that some of its frames cannot be decoded."""

    def spoil(path):
        content = bytearray(path.read_bytes())
        start, stop = content.index(b"mdat"), content.index(b"moov")
        first, last = start + (stop - start) * 5 // 10, start + (stop - start) * 7 // 10
        content[first:last] = b"\xff" * (last - first)
        path.write_bytes(content)

    return spoil


@pytest.fixture(scope="session")
def cut_slice():
    """Zero the last tenth of one frame's packet: the decoder guesses the rest of that picture."""

    def cut(path, frame):
        with av.open(str(path)) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
            place, size = packets[frame].pos, packets[frame].size
        content = bytearray(path.read_bytes())
        content[place + size * 9 // 10 : place + size] = bytes(size - size * 9 // 10)
        path.write_bytes(content)
        return path

    return cut


@pytest.fixture(scope="session")
def fingerprints():
    """What lies in a folder: every name, with its content's hash where it is a plain file."""

    def look(folder):
        found = {}
        for place, folders, names in os.walk(os.fsencode(folder)):
            for name in sorted(folders + names):
                path = os.path.join(place, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as stream:
                        found[path] = hashlib.file_digest(stream, "sha256").hexdigest()
                else:
                    found[path] = f"{os.lstat(path).st_mode:o}"
        return found

    return look
