"""Zip files whose bytes follow from what is in them: stored, undated, and read only as they are written.

Python's own `zipfile` reads anything that resembles a zip file, unpacks whatever a few kilobytes promise, and
fails in half a dozen ways; files that come from elsewhere are better read by the few lines below. Any program
opens what is written here. (Layout: PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.)
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

_ENTRY = struct.Struct("<4s5H3I2H")
_LISTED = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _PLAIN, _STORED, _MIDNIGHT, _FIRST_OF_1980 = 20, 0, 0, 0, 1 << 5 | 1


def pack(members: Mapping[str, Sequence[bytes | memoryview]]) -> bytes:
    """The zip file of these members, by their ASCII names and in their order; 4 GB at most.

    Args:
        members: The content of each, in as many pieces as one likes.
    """
    parts: list[bytes | memoryview] = []
    listed = []
    place = 0
    for member, pieces in members.items():
        name, size, checksum = member.encode("ascii"), 0, 0
        for piece in pieces:
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        facts = (_VERSION, _PLAIN, _STORED, _MIDNIGHT, _FIRST_OF_1980, checksum, size, size)
        parts += [_ENTRY.pack(b"PK\x03\x04", *facts, len(name), 0), name, *pieces]
        listed += [_LISTED.pack(b"PK\x01\x02", _VERSION, *facts, len(name), 0, 0, 0, 0, 0, place), name]
        place += _ENTRY.size + len(name) + size
    length, count = sum(map(len, listed)), len(members)
    return b"".join([*parts, *listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, length, place, 0)])


def unpack(file: bytes, names: Iterable[str]) -> dict[str, memoryview]:
    """The members of what :func:`pack` made, if they are those of `names`; nothing is copied.

    Raises:
        ValueError: `file` is anything else, by a single bit.
    """
    whole, place = memoryview(file), 0
    members = {}
    for member in names:
        name = member.encode("ascii")
        content = place + _ENTRY.size + len(name)
        if whole[place + _ENTRY.size : content] != name:
            raise ValueError(f"{member} is not where it should be")
        size: int = _ENTRY.unpack_from(file, place)[8]
        place = content + size
        if place > len(file):
            raise ValueError(f"{member} has no end")
        members[member] = whole[content:place]
    if pack({member: [content] for member, content in members.items()}) != file:
        raise ValueError("its bytes are not those that were written")
    return members
