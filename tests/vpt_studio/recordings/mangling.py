"""Recordings damaged in every way we could think of, the same ones for the same seed.

Each case is written into a folder of its own. `expect` says what an import must do with it:

* ``left out``: nothing is imported, and a problem names one of its files;
* ``flawed``: it is imported, and a problem names one of its files;
* ``either``: damage by chance may hit something that matters or not; importing and leaving out are both
  right, but nothing is lost silently: what is not imported has its line.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Line = dict[str, object]


@dataclass(frozen=True)
class Case:
    """One mangled recording.

    Attributes:
        label: The kind of damage.
        folder: Where it lies.
        expect: ``left out``, ``flawed`` or ``either``.
        argument: What to import; the folder where nothing else is said.
    """

    label: str
    folder: Path
    expect: str
    argument: Path


class Mangler:
    """Writes cases; `stock` holds true files to damage, by name."""

    def __init__(self, stock: dict[str, bytes], seed: int = 0) -> None:
        self.stock = stock
        self.seed = seed
        self.kinds: list[tuple[str, str, Callable[[Path, random.Random], Path | None]]] = [
            *_damaged_bytes(stock),
            *_odd_lines(stock),
            *_odd_videos(stock),
            *_odd_names(stock),
            *_special_files(stock),
            *_odd_sidecars(stock),
            *_odd_indices(stock),
        ]

    def write(self, root: Path, number: int) -> Case:
        """Write case `number` below `root`."""
        label, expect, make = self.kinds[number % len(self.kinds)]
        folder = root / f"case-{number:03d}"
        folder.mkdir(parents=True)
        argument = make(folder, random.Random(f"{self.seed}/{number}"))
        return Case(label, folder, expect, argument or folder)


def _of(folder: Path, suffix: str) -> Path:
    """A file of the case; its name has the case's number, by which problems are told apart."""
    return folder / f"take-{folder.name[-3:]}{suffix}"


def _pair(folder: Path, stock: dict[str, bytes], stem: str = "", **replaced: bytes) -> None:
    stem = stem or _of(folder, "").name
    (folder / f"{stem}.mp4").write_bytes(replaced.get("video", stock["take.mp4"]))
    (folder / f"{stem}.jsonl").write_bytes(replaced.get("lines", stock["take.jsonl"]))


def _flip(data: bytes, chance: random.Random, start: int, stop: int, count: int) -> bytes:
    flipped = bytearray(data)
    for _ in range(count):
        flipped[chance.randrange(start, max(min(stop, len(data)), start + 1))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _damaged_bytes(stock):  # noqa: C901 - one small function after another
    video, lines, matroska = stock["take.mp4"], stock["take.jsonl"], stock["take.mkv"]

    def truncated_video(folder, chance):
        _pair(folder, stock, video=video[: chance.randrange(1, len(video))])

    def truncated_matroska(folder, chance):
        _of(folder, ".mkv").write_bytes(matroska[: chance.randrange(1, len(matroska))])

    def truncated_lines(folder, chance):
        _pair(folder, stock, lines=lines[: chance.randrange(1, len(lines))])

    def flipped_header(folder, chance):
        _pair(folder, stock, video=_flip(video, chance, 0, 64, 3))

    def flipped_matroska_header(folder, chance):
        _of(folder, ".mkv").write_bytes(_flip(matroska, chance, 0, 600, 8))

    def flipped_table(folder, chance):
        # The table of samples lies at the end of an mp4 written in one go.
        _pair(folder, stock, video=_flip(video, chance, video.index(b"moov"), len(video), 12))

    def flipped_pictures(folder, chance):
        _pair(folder, stock, video=_flip(video, chance, 48, video.index(b"moov"), 60))

    def flipped_lines(folder, chance):
        _pair(folder, stock, lines=_flip(lines, chance, 0, len(lines), 40))

    def swapped(folder, chance):
        _pair(folder, stock, video=lines, lines=video)

    def hole(folder, chance):
        start = chance.randrange(len(video) // 2)
        _pair(folder, stock, video=video[:start] + bytes(4096) + video[start + 4096 :])

    def noise(folder, chance):
        _pair(folder, stock, video=chance.randbytes(chance.randrange(1, 20_000)))

    def noisy_lines(folder, chance):
        _pair(folder, stock, lines=chance.randbytes(20_000))

    def empty_video(folder, chance):
        _pair(folder, stock, video=b"")

    def empty_lines(folder, chance):
        _pair(folder, stock, lines=chance.choice([b"", b"\n", b" \r\n\r\n"]))

    def nothing_but_zeros(folder, chance):
        _pair(folder, stock, video=bytes(chance.randrange(1, 100_000)))

    return [
        ("video cut off", "either", truncated_video),
        ("matroska cut off", "either", truncated_matroska),
        ("lines cut off", "either", truncated_lines),
        ("bits flipped in the header", "either", flipped_header),
        ("bits flipped in a matroska header", "either", flipped_matroska_header),
        ("bits flipped in the table of samples", "either", flipped_table),
        ("bits flipped in pictures", "either", flipped_pictures),
        ("bits flipped in lines", "either", flipped_lines),
        ("video and lines swapped", "left out", swapped),
        ("a hole of zeros", "either", hole),
        ("noise for a video", "left out", noise),
        ("noise for lines", "left out", noisy_lines),
        ("empty video", "left out", empty_video),
        ("empty lines", "left out", empty_lines),
        ("zeros for a video", "left out", nothing_but_zeros),
    ]


def _odd_lines(stock):
    good = stock["take.jsonl"].splitlines()
    tick: Line = json.loads(good[0])

    def file_of(make_line):
        """A recording of good lines but for one in the middle."""

        def write(folder, chance):
            lines = list(good)
            lines[chance.randrange(1, len(lines) - 1)] = make_line(chance)
            _pair(folder, stock, lines=b"\n".join(lines) + b"\n")

        return write

    def changed(**fields):
        return json.dumps({**tick, **fields}).encode()

    def mouse(**fields):
        return changed(mouse={**tick["mouse"], **fields})  # type: ignore[dict-item]

    def whole_file(make_content):
        def write(folder, chance):
            _pair(folder, stock, lines=make_content(chance))

        return write

    text = stock["take.jsonl"].decode()
    deep = b'{"mouse":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    bad_lines = {
        "deep nesting": lambda _: deep,
        "unclosed nesting": lambda _: b"[" * 1_000_000,
        "huge number": lambda chance: mouse(dx=10 ** chance.choice([7, 30, 300])),
        "number beyond floats": lambda _: changed().replace(b'"dx": 11.0', b'"dx": 1e999'),
        "NaN": lambda _: mouse(dx=float("nan")),
        "text for motion": lambda _: mouse(dy="7"),
        "list for a mouse": lambda _: changed(mouse=[1, 2]),
        "number for a keyboard": lambda _: changed(keyboard=7),
        "number for keys": lambda _: changed(keyboard={"keys": 5}),
        "lists for keys": lambda _: changed(keyboard={"keys": [["key.keyboard.w"]]}),
        "slot out of range": lambda chance: changed(hotbar=chance.choice([-1, 9, 10**30, 1.5, "1", True])),
        "a huge text for a slot": lambda _: changed(hotbar="x" * 5_000_000),
        "unknown source": lambda _: changed(source="martian\x1b[2J\n"),
        "an array for a line": lambda _: b"[1, 2, 3]",
        "a word for a line": lambda _: b'"tick"',
        "no JSON": lambda _: b"{'mouse': None}",
        "blank": lambda _: b"",
        "NUL bytes": lambda _: bytes(500),
        "binary": lambda chance: chance.randbytes(300).replace(b"\n", b""),
        "UTF-16 line": lambda _: good[0].decode().encode("utf-16").replace(b"\n", b""),
    }
    files = {
        "UTF-16 file": lambda _: text.encode("utf-16"),
        "old Mac line ends": lambda _: text.replace("\n", "\r").encode(),
        "one array instead of lines": lambda _: b"[\n" + b",\n".join(good) + b"\n]",
        "a picture for lines": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(5000),
        "a line of 50 MB": lambda _: changed(stats={"x": "y" * 50_000_000}) + b"\n" + b"\n".join(good),
        "zeros after the lines": lambda _: stock["take.jsonl"] + bytes(4096),
        "half the lines": lambda _: b"\n".join(good[: len(good) // 2]) + b"\n",
        "thrice the lines": lambda _: stock["take.jsonl"] * 3,
    }
    expected = {
        "UTF-16 file": "left out",
        "old Mac line ends": "left out",
        "a picture for lines": "left out",
        "a line of 50 MB": "either",
    }
    return [
        *((f"line: {name}", "flawed", file_of(make)) for name, make in bad_lines.items()),
        *((f"lines: {name}", expected.get(name, "flawed"), whole_file(make)) for name, make in files.items()),
    ]


def _odd_videos(stock):
    def of(name):
        def write(folder, chance):
            _of(folder, ".jsonl").write_bytes(stock["take.jsonl"])
            _of(folder, Path(name).suffix if name in _CONTAINERS else ".mp4").write_bytes(stock[name])

        return write

    def playlist(text):
        def write(folder, chance):
            os.mkfifo(folder / "pipe.fifo")
            _of(folder, ".mp4").write_text(text.format(folder=folder))

        return write

    def sparse(folder, chance):
        _pair(folder, stock)
        with _of(folder, ".mp4").open("r+b") as stream:
            stream.truncate(1 << 26)

    def claims_size(folder, chance):
        video = bytearray(stock["take.mp4"])
        place = video.index(b"avc1") + 4 + 24  # width and height in the sample entry
        video[place : place + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x1f\xff\x1f\xff"])
        _pair(folder, stock, video=bytes(video))

    def claims_frames(folder, chance):
        video = bytearray(stock["take.mp4"])
        place = video.index(b"stsz") + 12
        video[place : place + 4] = b"\x7f\xff\xff\xff"
        _pair(folder, stock, video=bytes(video))

    def claims_duration(folder, chance):
        video = bytearray(stock["take.mp4"])
        place = video.index(b"stts") + 8 + 8
        video[place : place + 4] = chance.choice([b"\x7f\xff\xff\xff", b"\0\xff\xff\xff", b"\0\0\0\0"])
        _pair(folder, stock, video=bytes(video))

    def claims_box(folder, chance):
        video = bytearray(stock["take.mp4"])
        place = video.index(chance.choice([b"moov", b"trak", b"mdat"])) - 4
        video[place : place + 4] = chance.choice([b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\0\0\0\0"])
        _pair(folder, stock, video=bytes(video))

    concat = "ffconcat version 1.0\nfile pipe.fifo\n"
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{folder}/pipe.fifo\n#EXT-X-ENDLIST\n"
    return [
        *((f"video: {name}", expect, of(name)) for name, expect in _VIDEOS.items()),
        ("video: a playlist that names a pipe", "left out", playlist(concat)),
        ("video: a web playlist", "left out", playlist(hls)),
        ("video: sixty megabytes of nothing after it", "either", sparse),
        ("video: claims a huge picture", "either", claims_size),
        ("video: claims two thousand million frames", "either", claims_frames),
        ("video: claims a frame that lasts for days", "either", claims_duration),
        ("video: claims a huge box", "either", claims_box),
    ]


#: True files of other kinds, and what an import makes of them.
_VIDEOS = {
    "mpeg4.avi": "either",
    "vp9.webm": "either",
    "animation.gif": "either",
    "sound.mp4": "left out",
    "dot.mp4": "either",
    "odd.mkv": "either",
    "no-frames.mp4": "left out",
    "one-frame.mp4": "either",
    "no-times.h264": "left out",
    "picture.png": "left out",
    "text.srt": "left out",
    "fast.mp4": "either",
}
_CONTAINERS = ("mpeg4.avi", "vp9.webm", "odd.mkv")


def _odd_names(stock):
    names = {
        "a newline": "new\nline",
        "escape codes": "\x1b[2J\x1b]0;title\x07red",
        "right to left": "‮gnp.4pm",
        "letters of the world": "Ünïcödé 漢字 🎮 é",
        "very long": "n" * 240,
        "very long letters": "漢" * 80,
        "a leading dash": "--help",
        "spaces and quotes": " '\"; rm -rf $HOME `x` ",
        "a protocol": "http:example",
        "a pipe": "pipe:0",
        "a pattern": "%05d%s*?[x]",
        "a Windows device": "CON",
        "dots": "a.b..c.mp4",
        "bytes that are no text": os.fsdecode(b"\xff\xfe\x80"),
        "a backslash": "back\\slash",
        "a tilde": "~root",
    }

    def named(name, expect):
        def write(folder, chance):
            number = folder.name[-3:]
            # Blank lines at the end make it another file, which is no duplicate of the others.
            lines = stock["take.jsonl"] + b" " * int(number) + b"\n"
            video = b"broken" if expect == "left out" else stock["take.mp4"]
            # Ids are cut off at 120 bytes, so the number goes before a long name.
            stem = f"{number}{name}" if len(name) >= 80 else f"{name}.{number}"
            _pair(folder, stock, stem, video=video, lines=lines)

        return write

    return [
        *((f"name: {what}", "either", named(name, "either")) for what, name in names.items()),
        *(
            (f"name of a broken one: {what}", "left out", named(name, "left out"))
            for what, name in names.items()
        ),
    ]


def _special_files(stock):
    def made(kind, suffix):
        def write(folder, chance):
            _pair(folder, stock)
            place = _of(folder, suffix)
            place.unlink(missing_ok=True)
            kind(place)

        return write

    kinds = {
        "a pipe": os.mkfifo,
        "a link to itself": lambda place: place.symlink_to(place.name),
        "a link to nothing": lambda place: place.symlink_to("nowhere"),
        "a link to endless zeros": lambda place: place.symlink_to("/dev/zero"),
        "a link to a folder": lambda place: place.symlink_to("/"),
        "a folder": lambda place: place.mkdir(),
    }

    def circle(folder, chance):
        _pair(folder, stock, video=b"broken")
        (folder / "deeper").mkdir()
        (folder / "deeper" / "up").symlink_to("..", target_is_directory=True)

    def lonely_lines(folder, chance):
        _of(folder, ".jsonl").write_bytes(stock["take.jsonl"])

    def two_videos(folder, chance):
        _pair(folder, stock)
        _of(folder, ".mkv").write_bytes(stock["take.mkv"])

    def named_file(suffix, kind):
        def write(folder, chance):
            kind(_of(folder, suffix))
            return _of(folder, suffix)

        return write

    return [
        *((f"video is {what}", "left out", made(kind, ".mp4")) for what, kind in kinds.items()),
        *((f"lines are {what}", "left out", made(kind, ".jsonl")) for what, kind in kinds.items()),
        *((f"sidecar is {what}", "left out", made(kind, ".json")) for what, kind in kinds.items()),
        *(
            (f"index is {what}", "left out", named_file(".json", kind))
            for what, kind in kinds.items()
            if "folder" not in what  # which is searched as one
        ),
        ("a circle of folders", "left out", circle),
        ("lines without a video", "left out", lonely_lines),
        ("two videos of one name", "flawed", two_videos),
    ]


def _odd_sidecars(stock):
    base = {"format": "vpt-studio-recording", "format_version": 1}

    def content(make, *, video=True):
        def write(folder, chance):
            _pair(folder, stock)
            if not video:
                _of(folder, ".mp4").unlink()
            made = make(folder)
            _of(folder, ".json").write_bytes(
                made if isinstance(made, bytes) else json.dumps({**base, **made}).encode()
            )

        return write

    def pipe(folder):
        os.mkfifo(folder / "pipe")
        return {"video": {"path": "pipe", "sha256": ""}}

    def changed_video(folder):
        (folder / "other.bin").write_bytes(stock["take.mp4"])
        return {"video": {"path": "other.bin", "sha256": "0" * 64}}

    deep = b'{"deeper":' * 1000 + b"1" + b"}" * 1000
    head = json.dumps(base).encode()[:-1]
    odd = {
        "a newer version": {"format_version": 99},
        "a version in words": {"format_version": "one"},
        "an unknown source": {"source": "martian"},
        "a number for a person": {"person": 5},
        "a crop beyond the picture": {"crop": [0, 0, 5000, 5000]},
        "a crop of huge numbers": {"crop": [0, 0, 10**30, 10**30]},
        "a crop without size": {"crop": [0, 0, 0, 0]},
        "a crop in words": {"crop": "all"},
        "words for the pointer": {"cursor_in_video": "yes"},
        "notes in a list": {"notes": [1]},
        "a video in a list": {"video": ["take.mp4"]},
        "an absolute video": {"video": {"path": "/etc/passwd", "sha256": ""}},
        "endless zeros for a video": {"video": {"path": "../../../../../../../../dev/zero", "sha256": ""}},
        "a missing video": {"video": {"path": "../gone.mp4", "sha256": ""}},
        "a video path of 5000 letters": {"video": {"path": "n" * 5000, "sha256": ""}},
        "a NUL in the path": {"video": {"path": "a\0b", "sha256": ""}},
    }
    return [
        *((f"sidecar: {what}", "left out", content(lambda _, m=made: m)) for what, made in odd.items()),
        ("sidecar: notes without end", "either", content(lambda _: head + b', "notes": ' + deep + b"}")),
        ("sidecar: a pipe for a video", "left out", content(pipe)),
        ("sidecar: a video that changed", "left out", content(changed_video)),
        (
            "sidecar: the video for lines",
            "left out",
            content(lambda folder: {"actions": {"path": _of(folder, ".mp4").name, "sha256": ""}}),
        ),
        ("sidecar: cut off", "left out", content(lambda _: b'{"format": "vpt-stud')),
        ("sidecar: noise", "left out", content(lambda _: bytes(range(256)) * 9)),
        ("sidecar: nesting", "left out", content(lambda _: b"[" * 500_000)),
        ("sidecar: alone", "left out", content(lambda _: {}, video=False)),
    ]


def _odd_indices(stock):
    def content(text):
        def write(folder, chance):
            _pair(folder, stock, f"below-{folder.name[-3:]}")
            index = _of(folder, ".json")
            index.write_bytes(text if isinstance(text, bytes) else text.encode())
            return index

        return write

    def listing(*relpaths):
        return json.dumps({"basedir": "https://example.invalid/", "relpaths": relpaths})

    odd = {
        "climbs out": listing("../below", "x/../../below"),
        "absolute": listing("/etc/passwd", "/dev/zero.mp4"),
        "no texts": listing(5, None, ["below"], {}),
        "names nothing": listing("gone", "a/b/gone.mp4"),
        "names with controls": listing("new\nline", "\x1b[2J", "a\0b"),
        "names of 5000 letters": listing("n" * 5000, "/".join(["d"] * 3000)),
        "empty names": listing("", ".", "/", ".mp4", ".."),
        "no list": '{"basedir": "", "relpaths": "below"}',
        "a Python call": "{'basedir': '', 'relpaths': [__import__('os').getcwd()]}",
        "nesting": "[" * 100_000,
        "signs without end": "-" * 200_000 + "1",
        "a number without end": '{"relpaths": [' + "9" * 100_000 + "]}",
        "noise": bytes(range(256)) * 40,
        "UTF-16": listing("below").encode("utf-16"),
        "cut off": listing("below", "more")[:-9],
    }
    return [(f"index: {what}", "left out", content(text)) for what, text in odd.items()]
