"""The state of a world as bytes, and back: exact, quick, and fit to be kept in a file.

A snapshot is a NumPy archive (.npz, nothing pickled) of the cells, the body and what lies on the ground,
with everything else as JSON in its member ``header``.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.drops import Drops
from vpt_studio.envs.voxel.inventory import Inventory
from vpt_studio.envs.voxel.ledger import Ledger
from vpt_studio.envs.voxel.physics import Body
from vpt_studio.envs.voxel.presets import HEIGHT, Ore, Preset
from vpt_studio.envs.voxel.progress import Progress
from vpt_studio.envs.voxel.screens import Screen
from vpt_studio.envs.voxel.smelting import Furnace
from vpt_studio.envs.voxel.state import Digging, FallingBlock, State
from vpt_studio.envs.voxel.vitals import Vitals
from vpt_studio.envs.voxel.world import Cell, World
from vpt_studio.errors import StudioError

#: Version of what :func:`to_bytes` writes; :func:`from_bytes` reads no other.
FORMAT = 1

_ARCHIVE = b"PK\x03\x04"  # how every zip file begins


def to_bytes(state: State) -> bytes:
    """Everything that decides what happens next; equal states give equal bytes."""
    header = {
        "format": FORMAT,
        "preset": asdict(state.world.preset),
        "seed": state.world.seed,
        "spawn": state.spawn,
        "random": state.random.bit_generator.state["state"],
        "inventory": state.inventory.to_rows(),
        "selected": state.inventory.selected,
        "vitals": asdict(state.vitals),
        "furnaces": sorted([cell, furnace.to_state()] for cell, furnace in state.furnaces.items()),
        "unsettled": sorted([cell, tick] for cell, tick in state.unsettled.items()),
        "falling": [asdict(block) for block in state.falling],
        "digging": asdict(state.digging),
        "screen": None if state.screen is None else state.screen.to_state(),
        "furnace_open": state.furnace_open,
        "last_click": state.last_click,
        "pointer": state.pointer,
        "held": sorted(state.held),
        "use_pause": state.use_pause,
        "swing": state.swing,
        "tick": state.tick,
        "deaths": state.deaths,
    }
    header["random"] = {name: str(number) for name, number in header["random"].items()}  # of 128 bits
    drop_motion, drop_numbers = state.drops.to_arrays()
    file = io.BytesIO()
    np.savez(
        file,
        allow_pickle=False,
        header=np.frombuffer(orjson.dumps(header), np.uint8),
        blocks=state.world.blocks,
        light=state.world.light,
        top=state.world.top,
        body=state.body.state,
        ledger=state.ledger.counts,
        obtained=state.progress.obtained,
        first_ticks=state.progress.first_ticks,
        drop_motion=drop_motion,
        drop_numbers=drop_numbers,
    )
    return file.getvalue()


def from_bytes(snapshot: bytes) -> State:
    """The state that :func:`to_bytes` wrote.

    Raises:
        StudioError: These bytes are no snapshot, are damaged, or come from another version.
    """
    if not snapshot.startswith(_ARCHIVE):  # NumPy would advise to trust it
        raise StudioError("this is no snapshot of a built-in world", mend="Take one with snapshot()")
    try:
        with np.load(io.BytesIO(snapshot), allow_pickle=False) as archive:
            arrays = dict(archive)
        header = orjson.loads(arrays.pop("header").tobytes())
        if header["format"] == FORMAT:
            return _state_of(header, arrays)
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise StudioError(
            f"this is no snapshot of a built-in world, or a damaged one ({error})",
            mend="Take a new one with snapshot()",
        ) from error
    raise StudioError(
        f"this snapshot has format {header['format']}, and format {FORMAT} is read here",
        mend="Open it with the version of VPT Studio that made it",
    )


def _state_of(header: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> State:
    preset = Preset(
        **{**header["preset"], "ores": tuple(_ore(ore) for ore in header["preset"]["ores"])},
    )
    cells = (preset.size, preset.size, HEIGHT)
    for name in ("blocks", "light"):
        if arrays[name].shape != cells or arrays[name].dtype != np.uint8:
            raise ValueError(f"{name} has the wrong shape")
    random = np.random.Generator(np.random.PCG64())
    random.bit_generator.state = {
        **random.bit_generator.state,
        "state": {name: int(number) for name, number in header["random"].items()},
    }
    inventory = Inventory.from_rows(header["inventory"], header["selected"])
    state = State(
        world=World(preset, header["seed"], arrays["blocks"], arrays["light"], arrays["top"]),
        spawn=tuple(header["spawn"]),
        body=_body(arrays["body"]),
        random=random,
        inventory=inventory,
        ledger=Ledger(arrays["ledger"]),
        progress=Progress(arrays["obtained"], arrays["first_ticks"]),
        drops=Drops.from_arrays(arrays["drop_motion"], arrays["drop_numbers"]),
        vitals=Vitals(**header["vitals"]),
        furnaces={
            tuple(cell): Furnace.from_state(furnace, preset.smelting_ticks)
            for cell, furnace in header["furnaces"]
        },
        unsettled={tuple(cell): tick for cell, tick in header["unsettled"]},
        falling=[FallingBlock(**block) for block in header["falling"]],
        digging=Digging(**{**header["digging"], "cell": _cell(header["digging"]["cell"])}),
        pointer=tuple(header["pointer"]),
        held=frozenset(header["held"]),
        use_pause=header["use_pause"],
        swing=header["swing"],
        furnace_open=_cell(header["furnace_open"]),
        last_click=_pair(header["last_click"]),
        tick=header["tick"],
        deaths=header["deaths"],
    )
    if header["screen"] is not None:
        opened = state.furnaces[state.furnace_open] if state.furnace_open else None
        state.screen = Screen.from_state(header["screen"], inventory, state.ledger, opened)
    return state


def _body(numbers: npt.NDArray[np.float64]) -> Body:
    body = Body(0.0, 0.0, 0.0)
    body.state[:] = numbers
    return body


def _cell(numbers: list[int] | None) -> Cell | None:
    return None if numbers is None else (numbers[0], numbers[1], numbers[2])


def _pair(numbers: list[int] | None) -> tuple[int, int] | None:
    return None if numbers is None else (numbers[0], numbers[1])


def _ore(fields: dict[str, Any]) -> Ore:
    return Ore(**{**fields, "block": Block(fields["block"])})
