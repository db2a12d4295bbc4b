"""The state of a world as bytes, and back: exact, quick, and fit to be kept in a file.

A snapshot is a zip file of NumPy's .npy files for the cells, the body and what lies on the ground, with
everything else as JSON in its member ``header.json``. Nothing in it is trusted: whatever :func:`to_bytes`
could not have written of a world one can play in is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from pydantic import ValidationError

from vpt_studio.envs.voxel.drops import Drops
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.items import Item
from vpt_studio.envs.voxel.ledger import Cause, Ledger
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.player_motion import STATE_SIZE
from vpt_studio.envs.voxel.presets import HEIGHT, Preset
from vpt_studio.envs.voxel.progress import Progress
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.snapshot_check import check
from vpt_studio.envs.voxel.snapshot_header import Header
from vpt_studio.envs.voxel.state import Digging, FallingBlock, State
from vpt_studio.envs.voxel.stored_zip import pack, unpack
from vpt_studio.envs.voxel.vitals import Vitals
from vpt_studio.envs.voxel.world import World
from vpt_studio.errors import StudioError

#: Version of what :func:`to_bytes` writes; :func:`from_bytes` reads no other.
FORMAT = 1

_MOST_BYTES = 1 << 28  # the largest world takes half of it
_MOST_HEADER_BYTES = 1 << 21  # a header lists furnaces and sand on the move, some 80 bytes each

_HEADER = "header.json"
#: Every array: its type as .npy files spell it, and its shape by the world's size and the number of drops.
_ARRAYS: dict[str, tuple[str, Callable[[int, int], tuple[int, ...]]]] = {
    "blocks": ("|u1", lambda size, _: (size, size, HEIGHT)),
    "light": ("|u1", lambda size, _: (size, size, HEIGHT)),
    "top": ("|u1", lambda size, _: (size, size)),
    "body": ("<f8", lambda *_: (STATE_SIZE,)),
    "ledger": ("<i8", lambda *_: (len(Cause), len(Item) + 1)),
    "obtained": ("<i8", lambda *_: (len(Item) + 1,)),
    "first_ticks": ("<i8", lambda *_: (len(Item) + 1,)),
    "drop_motion": ("<f8", lambda _, drops: (drops, 6)),
    "drop_numbers": ("<i4", lambda _, drops: (drops, 6)),
}
_MEMBERS = (_HEADER, *(f"{name}.npy" for name in _ARRAYS))


def to_bytes(state: State) -> bytes:
    """Everything that decides what happens next; equal states give equal bytes, on every system.

    Raises:
        StudioError: There are tens of thousands of furnaces.
    """
    header = _header_of(state)
    if len(header) > _MOST_HEADER_BYTES:
        raise StudioError("so many furnaces and falling blocks fit in no snapshot", mend="Break some of them")
    drop_motion, drop_numbers = state.drops.to_arrays()
    arrays: dict[str, npt.NDArray[Any]] = {
        "blocks": state.world.blocks,
        "light": state.world.light,
        "top": state.world.top,
        "body": state.body.state,
        "ledger": state.ledger.counts,
        "obtained": state.progress.obtained,
        "first_ticks": state.progress.first_ticks,
        "drop_motion": drop_motion,
        "drop_numbers": drop_numbers,
    }
    members: dict[str, list[bytes | memoryview]] = {_HEADER: [header]}
    for name, (dtype, _) in _ARRAYS.items():
        numbers = np.ascontiguousarray(arrays[name], dtype)
        members[f"{name}.npy"] = [_npy_head(dtype, numbers.shape), numbers.reshape(-1).view(np.uint8).data]
    return pack(members)


def from_bytes(snapshot: bytes) -> State:
    """The state that :func:`to_bytes` wrote.

    Raises:
        StudioError: These bytes are no snapshot, are damaged, or come from another version.
    """
    try:
        if not isinstance(snapshot, bytes):
            raise ValueError(f"it is no bytes but {type(snapshot).__name__}")
        if len(snapshot) > _MOST_BYTES:
            raise ValueError(f"it has {len(snapshot):,} bytes")
        return _state_of(unpack(snapshot, _MEMBERS))
    except ValueError as error:
        raise StudioError(
            f"this is no snapshot of a built-in world, or a damaged one ({_words(error)})",
            mend="Take a new one with snapshot()",
        ) from error


def _words(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or _HEADER}: {first['msg']}"


def _header_of(state: State) -> bytes:
    # No 32 bits are left over in the generator, which would have to be kept too: only floats are drawn.
    random = state.random.bit_generator.state["state"]
    return orjson.dumps(
        {
            "format": FORMAT,
            "preset": asdict(state.world.preset),
            "seed": state.world.seed,
            "spawn": state.spawn,
            "random": {name: str(number) for name, number in random.items()},  # of 128 bits
            "inventory": state.inventory.to_rows(),
            "selected": state.inventory.selected,
            "vitals": asdict(state.vitals),
            "drops": len(state.drops),
            "furnaces": [[cell, state.furnaces[cell].to_state()] for cell in sorted(state.furnaces)],
            "unsettled": sorted(state.unsettled.items()),
            "falling": [asdict(block) for block in state.falling],
            "digging": asdict(state.digging),
            "screen": None if state.screen is None else state.screen.to_state(),
            "opened_at": state.opened_at,
            "last_click": state.last_click,
            "pointer": state.pointer,
            "held": sorted(state.held),
            "use_pause": state.use_pause,
            "swing": state.swing,
            "tick": state.tick,
            "deaths": state.deaths,
        }
    )


def _state_of(members: Mapping[str, memoryview]) -> State:
    written = bytes(members[_HEADER])
    if len(written) > _MOST_HEADER_BYTES:
        raise ValueError(f"{_HEADER} has {len(written):,} bytes")
    _check_format(written)
    header = Header.model_validate_json(written)
    preset = _preset(header)
    arrays = {
        name: _array(members[f"{name}.npy"], name, dtype, shape(preset.size, header.drops))
        for name, (dtype, shape) in _ARRAYS.items()
    }
    check(header, arrays)
    state = _put_together(header, preset, arrays)
    if _header_of(state) != written:  # keys twice, 1 for 1.0, lists out of order
        raise ValueError(f"{_HEADER} is not spelt as it was written")
    return state


def _check_format(written: bytes) -> None:
    header = orjson.loads(written)
    number = header.get("format") if isinstance(header, dict) else None
    if isinstance(number, int) and number != FORMAT:
        raise StudioError(
            f"this snapshot has format {number}, and format {FORMAT} is read here",
            mend="Open it with the version of VPT Studio that made it",
        )


def _preset(header: Header) -> Preset:
    try:
        preset = header.preset.to_preset()
        preset.check()
    except StudioError as error:
        raise ValueError(f"preset: {error.what}") from error
    return preset


def _npy_head(dtype: str, shape: tuple[int, ...]) -> bytes:
    """What an .npy file begins with (NumPy's format 1.0), the same whatever the version of NumPy."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00\x76\x00" + text.ljust(117).encode("ascii") + b"\n"


def _array(file: memoryview, name: str, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    head = _npy_head(dtype, shape)
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if len(file) != len(head) + size or file[: len(head)] != head:
        raise ValueError(f"{name} is not an array of {dtype} {list(shape)}")
    numbers = np.frombuffer(file, dtype, offset=len(head)).reshape(shape)
    return numbers.astype(numbers.dtype.newbyteorder("="))  # a copy, which can be written to


def _put_together(header: Header, preset: Preset, arrays: Mapping[str, npt.NDArray[Any]]) -> State:
    random = np.random.Generator(np.random.PCG64(0))
    random.bit_generator.state = {
        **random.bit_generator.state,
        "state": {"state": int(header.random.state), "inc": int(header.random.inc)},
    }
    state = State(
        world=World(preset, header.seed, arrays["blocks"], arrays["light"], arrays["top"]),
        spawn=header.spawn,
        body=Body(0.0, 0.0, 0.0),
        random=random,
        inventory=Inventory.from_rows(header.inventory, header.selected),
        ledger=Ledger(arrays["ledger"]),
        progress=Progress(arrays["obtained"], arrays["first_ticks"]),
        drops=Drops.from_arrays(arrays["drop_motion"], arrays["drop_numbers"]),
        vitals=Vitals(**header.vitals.model_dump()),
        furnaces={
            cell: Furnace.from_state(furnace.model_dump(), preset.smelting_ticks)
            for cell, furnace in header.furnaces
        },
        unsettled=dict(header.unsettled),
        falling=[FallingBlock(**block.model_dump()) for block in header.falling],
        digging=Digging(**header.digging.model_dump()),
        opened_at=header.opened_at,
        last_click=header.last_click,
        pointer=header.pointer,
        held=frozenset(header.held),
        use_pause=header.use_pause,
        swing=header.swing,
        tick=header.tick,
        deaths=header.deaths,
    )
    state.body.state[:] = arrays["body"]
    if header.screen is not None:
        furnace = None if state.opened_at is None else state.furnaces.get(state.opened_at)
        state.screen = Screen.from_state(header.screen.model_dump(), state.inventory, state.ledger, furnace)
    return state
