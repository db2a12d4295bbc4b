"""Snapshots: every situation goes on as if nothing had been, and what is none is refused and does nothing."""

from __future__ import annotations

import io
import pickle
import random
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import orjson
import pytest
from hands import Hands
from someone import Someone
from tiny_worlds import flat_world

from vpt_studio.actions import Action
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.canvas import Canvas, Picture
from vpt_studio.envs.voxel.cells import put_block
from vpt_studio.envs.voxel.environment import VoxelEnvironment
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import BRISK
from vpt_studio.envs.voxel.scene import Scene
from vpt_studio.envs.voxel.screen_layout import Role
from vpt_studio.envs.voxel.simulation import advance
from vpt_studio.envs.voxel.snapshot import from_bytes, to_bytes
from vpt_studio.envs.voxel.state import State
from vpt_studio.envs.voxel.stored_zip import pack
from vpt_studio.errors import StudioError

SLOT = 18 * 0.15  # degrees of the camera that move the pointer by one slot
FRONT = (24.5, 10.0, 26.5)  # a point of the ground in front of the player


def player(*things: Stack, blocks: dict[tuple[int, int, int], Block] | None = None) -> Hands:
    """Somebody in the middle of a plain of 48 cells, with `things` in the hot-bar."""
    someone = Someone(*things, world=flat_world(48))
    for cell, block in (blocks or {}).items():
        someone.put(block, cell)
    environment = VoxelEnvironment(BRISK, "64x64", on_death="terminate")
    environment._state = someone.state
    return Hands(environment)


def wait(hands: Hands, ticks: int, *buttons: str) -> None:
    for _ in range(ticks):
        hands.act(*buttons)


def let_fall(hands: Hands, block: Block, *cells: tuple[int, int, int]) -> None:
    for cell in cells:
        put_block(hands.state, cell, block)


def on_the_inventory() -> State:
    hands = player(Stack(Item.OAK_LOG, 8))
    hands.act("inventory")
    hands.act()
    hands.take(Item.OAK_LOG)
    hands.click(Role.GRID, 0, "use")
    return hands.state


def on_a_crafting_table() -> State:
    hands = player(Stack(Item.OAK_PLANKS, 20), blocks={(24, 10, 26): Block.CRAFTING_TABLE})
    hands.use_on(24.5, 10.5, 26.5)
    hands.take(Item.OAK_PLANKS)
    for place in (0, 1, 2, 5):
        hands.click(Role.GRID, place, "use")
    return hands.state


def in_a_drag() -> State:
    hands = player(Stack(Item.OAK_PLANKS, 20), blocks={(24, 10, 26): Block.CRAFTING_TABLE})
    hands.use_on(24.5, 10.5, 26.5)
    hands.take(Item.OAK_PLANKS)
    slot = next(slot for slot in hands.state.screen.slots if slot.role is Role.GRID)
    hands.point_at(slot.x + 8, slot.y + 8)
    hands.act("attack")
    hands.act("attack", yaw=SLOT)
    return hands.state


def smelting() -> Hands:
    hands = player(Stack(Item.FURNACE), Stack(Item.COAL, 2), Stack(Item.IRON_ORE, 9), Stack(Item.COAL, 30))
    hands.use_on(*FRONT)
    hands.use_on(24.5, 10.5, 26.5)
    hands.click(Role.HOTBAR, 1, "attack", "sneak")
    hands.click(Role.HOTBAR, 2, "attack", "sneak")
    wait(hands, 190)
    return hands


def on_a_burning_furnace() -> State:
    return smelting().state


def beside_a_burning_furnace() -> State:
    hands = smelting()
    hands.act("ESC")
    return hands.state


def busy() -> State:
    """Everything at once: a drag on a burning furnace's screen, sand on its way, things on the ground."""
    hands = smelting()
    hands.take(Item.COAL)
    fuel = next(slot for slot in hands.state.screen.slots if slot.role is Role.FUEL)
    hands.point_at(fuel.x + 8, fuel.y + 8)
    hands.state.scatter(Stack(Item.IRON_PICKAXE, 1, 7), (5, 12, 5))
    hands.state.scatter(Stack(Item.DIRT, 12), (7, 12, 5))
    let_fall(hands, Block.SAND, (3, 30, 3))
    wait(hands, 5)
    hands.act("use")
    let_fall(hands, Block.GRAVEL, (3, 40, 30), (3, 45, 33))
    return hands.state


def loose_sand() -> State:
    hands = player()
    let_fall(hands, Block.SAND, (24, 20, 27), (25, 20, 27))
    return hands.state


def falling_sand() -> State:
    hands = player()
    let_fall(hands, Block.SAND, (24, 20, 27), (25, 20, 27))
    wait(hands, 6)
    return hands.state


def in_a_swing() -> State:
    hands = player()
    hands.act("attack")
    hands.act()
    return hands.state


def half_dug() -> State:
    hands = player(Stack(Item.WOODEN_PICKAXE, 1, 3))
    hands.face(*FRONT)
    wait(hands, 8, "attack")
    return hands.state


def just_dug() -> State:
    hands = player(Stack(Item.DIAMOND_PICKAXE))
    hands.face(*FRONT)
    while hands.state.digging.pause == 0:
        hands.act("attack")
    return hands.state


def building() -> State:
    hands = player(Stack(Item.COBBLESTONE, 64))
    hands.face(24.5, 10.0, 28.5)
    wait(hands, 2, "use")
    return hands.state


def before_a_double_click() -> State:
    hands = player(Stack(Item.DIRT, 5), Stack(Item.DIRT, 6), Stack(Item.DIRT, 7))
    hands.act("inventory")
    hands.act()
    hands.take(Item.DIRT)
    return hands.state


def dead() -> State:
    hands = player(Stack(Item.DIAMOND, 3), Stack(Item.OAK_LOG, 9))
    hands.state.body.state[1] = 60.0
    while hands.state.vitals.alive:
        hands.act()
    return hands.state


def leaping() -> State:
    hands = player(Stack(Item.TORCH, 3))
    hands.state.inventory[36] = Stack(Item.SAND, 3)
    wait(hands, 5, "forward", "sprint")
    wait(hands, 3, "forward", "sprint", "jump")
    return hands.state


def burning() -> State:
    hands = player(blocks={(24, 10, 24): Block.LAVA})
    wait(hands, 3)
    put_block(hands.state, (24, 10, 24), Block.AIR)
    wait(hands, 3)
    return hands.state


def under_water() -> State:
    hands = player(blocks={(24, y, 24): Block.WATER for y in range(10, 16)})
    wait(hands, 25)
    return hands.state


def throwing() -> State:
    hands = player(Stack(Item.DIRT, 2), Stack(Item.POPPY, 9))
    hands.hold(Item.POPPY)
    wait(hands, 3, "drop")
    hands.act()
    return hands.state


@dataclass(frozen=True)
class Situation:
    begin: Callable[[], State]
    holds: Callable[[State], object]
    keys: tuple[str, ...] = ()  # held down in every other half second that follows
    yaw: float = 0.0
    pitch: float = 0.0


SITUATIONS = (
    Situation(on_the_inventory, lambda state: state.screen.carried.count == 7, ("attack",)),
    Situation(on_a_crafting_table, lambda state: state.screen.carried.count == 16, ("use",), SLOT / 2),
    Situation(in_a_drag, lambda state: len(state.screen._spread.given) == 2, ("attack",), SLOT / 3),
    Situation(on_a_burning_furnace, lambda state: state.furnaces[state.opened_at].lit, ("ESC",)),
    Situation(beside_a_burning_furnace, lambda state: state.furnaces and not state.screen, ("use",)),
    Situation(busy, lambda state: state.unsettled and state.falling and state.screen._spread, ("use",), SLOT),
    Situation(loose_sand, lambda state: len(state.unsettled) == 2, ("forward",)),
    Situation(falling_sand, lambda state: len(state.falling) == 2, ("forward",)),
    Situation(in_a_swing, lambda state: state.swing > 1),
    Situation(half_dug, lambda state: 0 < state.digging.progress < 1, ("attack",)),
    Situation(just_dug, lambda state: state.digging.pause > 0, ("attack",)),
    Situation(building, lambda state: state.use_pause > 1, ("use",), pitch=0.2),
    Situation(before_a_double_click, lambda state: state.last_click, ("attack",)),
    Situation(dead, lambda state: not state.vitals.alive and len(state.drops) == 2, ("forward",), 2.0),
    Situation(leaping, lambda state: not state.body.on_ground and state.body.sprinting, ("use", "jump")),
    Situation(burning, lambda state: state.vitals.fire and state.vitals.pain, ("back",)),
    Situation(under_water, lambda state: state.vitals.air < 300, ("jump",)),
    Situation(throwing, lambda state: len(state.drops) > 0, ("drop",), 3.0),
)


def told(state: State) -> tuple[Any, ...]:
    """What the next two seconds need not show."""
    return state.world.preset, state.world.seed, state.spawn, state.deaths, state.inventory.selected


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.begin.__name__)
def test_every_situation_goes_on_from_its_snapshot_as_if_nothing_had_been(situation: Situation) -> None:
    state = situation.begin()
    assert situation.holds(state)
    snapshot = to_bytes(state)
    twin = from_bytes(snapshot)
    assert to_bytes(twin) == snapshot
    assert told(twin) == told(state)
    scene, canvas = Scene(), Canvas(Picture.EXACT_64)
    for tick in range(40):
        if tick < 4 or tick % 8 == 0:
            pictures = []
            for one in (state, twin):
                scene.draw(one, canvas, pointer=True)
                pictures.append(canvas.observation())
            np.testing.assert_array_equal(*pictures, f"pictures of tick {tick}")
        keys = situation.keys if tick // 2 % 3 != 2 else ()
        action = Action(frozenset(keys), situation.pitch, situation.yaw)
        assert advance(state, action) == advance(twin, action)
        assert to_bytes(twin) == to_bytes(state), f"after tick {tick}"
    assert to_bytes(state) != snapshot


def test_a_snapshot_of_the_dead_is_over_where_death_ends_the_episode() -> None:
    environment = VoxelEnvironment("brisk", "64x64", on_death="terminate")
    observation, _ = environment.restore(to_bytes(dead()))
    assert observation["life_stats"]["life"] == 0
    with pytest.raises(StudioError, match="reset"):
        environment.step({})


def test_a_snapshot_is_a_zip_file_of_numpy_arrays_that_anything_reads() -> None:
    good = good_snapshot()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(io.BytesIO(good), allow_pickle=False) as arrays:
        state = from_bytes(good)
        np.testing.assert_array_equal(arrays["blocks"], state.world.blocks)
        np.testing.assert_array_equal(arrays["drop_motion"][:, :3], state.drops.positions)
        assert orjson.loads(arrays["header.json"])["tick"] == state.tick


def test_a_preset_of_ones_own_with_whole_numbers_comes_back() -> None:
    preset = replace(BRISK, name="Insel Ω", size=48, trees=7, digging_speed=2, ores=())
    state = Someone(world=flat_world(48)).state
    state.world.preset = preset
    snapshot = to_bytes(state)
    assert asdict(from_bytes(snapshot).world.preset) == asdict(preset)
    assert to_bytes(from_bytes(snapshot)) == snapshot


# What is refused -----------------------------------------------------------------------------------------

Header = dict[str, Any]
Members = dict[str, bytes]


@cache
def good_snapshot() -> bytes:
    return to_bytes(busy())


@cache
def good_members() -> Members:
    with zipfile.ZipFile(io.BytesIO(good_snapshot())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members) -> bytes:
    return pack({name: [content] for name, content in members.items()})


def with_header(change: Callable[[Header], object]) -> bytes:
    header = orjson.loads(good_members()["header.json"])
    change(header)
    return packed(good_members() | {"header.json": orjson.dumps(header)})


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=(1, 0))
    return file.getvalue()


def with_array(name: str, change: Callable[[np.ndarray], np.ndarray | None]) -> bytes:
    array = np.load(io.BytesIO(good_members()[f"{name}.npy"]))
    changed = change(array)
    return packed(good_members() | {f"{name}.npy": npy(array if changed is None else changed)})


def put(*path: Any) -> Callable[[Header], None]:
    """A change of a header: the last of `path` is the value, the others lead to its place."""
    *way, last, value = path

    def change(header: Any) -> None:
        for step in way:
            header = header[step]
        header[last] = value

    return change


def at(place: Any, value: Any) -> Callable[[np.ndarray], None]:
    def change(array: np.ndarray) -> None:
        array[place] = value

    return change


def deflated() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in good_members().items():
            archive.writestr(name, content)
    return file.getvalue()


def bomb() -> bytes:
    """A few kilobytes that promise 64 megabytes."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("header.json", "w", force_zip64=True) as member,
    ):
        for _ in range(64):
            member.write(bytes(1 << 20))
    return file.getvalue()


def as_numpy_saves() -> bytes:
    file = io.BytesIO()
    np.savez(file, header=np.frombuffer(good_members()["header.json"], np.uint8))
    return file.getvalue()


def promising(shape: str) -> bytes:
    blocks = good_members()["blocks.npy"]
    return packed(
        good_members() | {"blocks.npy": blocks[:70] + shape.encode().ljust(57) + b"\n" + blocks[128:]}
    )


def without(name: str) -> bytes:
    return packed({other: content for other, content in good_members().items() if other != name})


STRUCTURES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "text": lambda: "snapshot",
    "a number": lambda: 5,
    "a view": lambda: memoryview(good_snapshot()),
    "empty": lambda: b"",
    "a sign of zip files": lambda: b"PK\x03\x04",
    "an empty zip file": lambda: packed({}),
    "an array": lambda: npy(np.zeros(3)),
    "a pickle": lambda: packed(good_members() | {"body.npy": pickle.dumps({})}),
    "an array of objects": lambda: packed(good_members() | {"body.npy": npy(np.array([{}] * 17, object))}),
    "NumPy's archive": as_numpy_saves,
    "deflated": deflated,
    "a bomb": bomb,
    "cut": lambda: good_snapshot()[:-1],
    "half": lambda: good_snapshot()[: len(good_snapshot()) // 2],
    "trailing bytes": lambda: good_snapshot() + b"\0",
    "leading bytes": lambda: b"\0" + good_snapshot(),
    "twice": lambda: good_snapshot() * 2,
    "a comment": lambda: good_snapshot()[:-2] + b"\1\0!",
    "encrypted": lambda: good_snapshot()[:6] + b"\1" + good_snapshot()[7:],
    "a size of 4 GB": lambda: good_snapshot()[:18] + b"\xff" * 8 + good_snapshot()[26:],
    "an extra member": lambda: packed(good_members() | {"zzz.npy": npy(np.zeros(3))}),
    "another order": lambda: packed(dict(reversed(good_members().items()))),
    **{
        f"no {name}": lambda name=name: without(name)
        for name in ("header.json", "top.npy", "drop_numbers.npy")
    },
    "no JSON": lambda: packed(good_members() | {"header.json": b"{"}),
    "a list": lambda: packed(good_members() | {"header.json": b"[]"}),
    "no UTF-8": lambda: packed(good_members() | {"header.json": b"\xff\xfe"}),
    "deep JSON": lambda: packed(good_members() | {"header.json": b"[" * 100_000}),
    "long JSON": lambda: packed(
        good_members() | {"header.json": good_members()["header.json"] + b" " * (1 << 21)}
    ),
    "spaced JSON": lambda: packed(good_members() | {"header.json": good_members()["header.json"] + b" "}),
    "a key twice": lambda: packed(
        good_members() | {"header.json": good_members()["header.json"][:-1] + b',"deaths":0}'}
    ),
    "a huge shape": lambda: promising("(1000000000, 1000000000, 64), }"),
    "a negative shape": lambda: promising("(-1, 48, 64), }"),
}

STACK = [int(Item.DIRT), 1, 0]
SPREAD = {"button": "left", "like": STACK, "given": [[5, 1]]}
HEADERS: dict[str, Callable[[Header], object]] = {
    "another version": put("format", 2),
    "a field too many": put("zzz", 1),
    **{
        f"no {name}": lambda header, name=name: header.pop(name)
        for name in ("vitals", "tick", "format", "preset")
    },
    "a size as text": put("preset", "size", "48"),
    "a huge size": put("preset", "size", 1 << 40),
    "another size": put("preset", "size", 64),
    "smelting in no time": put("preset", "smelting_ticks", 0),
    "digging at no speed": put("preset", "digging_speed", 0),
    "an unknown ore": put("preset", "ores", 0, "block", 99),
    "a preset with more": put("preset", "extra", 1),
    "a seed as text": put("seed", "x"),
    "a negative seed": put("seed", -1),
    "a large seed": put("seed", 1 << 63),
    "a far spawn": put("spawn", [1e9, 1.0, 1.0]),
    "a spawn in the side": put("spawn", [0.0, 10.0, 5.0]),
    "a spawn of two": put("spawn", [5.0, 10.0]),
    "no random number": put("random", "state", "-5"),
    "a large random number": put("random", "state", str(1 << 128)),
    "an even increment": put("random", "inc", "2"),
    "a random number with zeros": put("random", "state", "007"),
    "a short inventory": put("inventory", []),
    "65 of something": put("inventory", 0, [int(Item.DIRT), 65, 0]),
    "none of something": put("inventory", 0, [int(Item.DIRT), 0, 0]),
    "an unknown item": put("inventory", 0, [9999, 1, 0]),
    "a negative item": put("inventory", 0, [-1, 1, 0]),
    "a worn block": put("inventory", 0, [int(Item.DIRT), 1, 1]),
    "a tool beyond breaking": put("inventory", 0, [int(Item.WOODEN_AXE), 1, 59]),
    "a negative wear": put("inventory", 0, [int(Item.WOODEN_AXE), 1, -1]),
    "a slot of floats": put("inventory", 0, [9.0, 1, 0]),
    "a hand of a monster": put("selected", 9),
    "a negative hand": put("selected", -1),
    "much health": put("vitals", "health", 99),
    "half of a health": put("vitals", "health", 3.5),
    "much air": put("vitals", "air", 301),
    "no rest": put("vitals", "rest", 0),
    "long fire": put("vitals", "fire", 10**9),
    "more drops": put("drops", 3),
    "negative drops": put("drops", -1),
    "no furnaces": put("furnaces", []),
    "a furnace elsewhere": put("furnaces", 0, 0, [1, 1, 1]),
    "a furnace twice": lambda header: header["furnaces"].append(header["furnaces"][0]),
    "an endless fire": put("furnaces", 0, 1, "burn_left", 10**6),
    "a fire without end": put("furnaces", 0, 1, "burn_total", 1 << 50),
    "a smelting that is over": put("furnaces", 0, 1, "progress", 200),
    "a furnace of two slots": lambda header: header["furnaces"][0][1]["slots"].pop(),
    "unsettled outside": put("unsettled", 0, 0, [48, 10, 0]),
    "unsettled above": put("unsettled", 0, 0, [0, 64, 0]),
    "unsettled below": put("unsettled", 0, 0, [0, -1, 0]),
    "unsettled by text": put("unsettled", 0, 1, "soon"),
    "unsettled out of order": lambda header: header["unsettled"].reverse(),
    "an unknown block falls": put("falling", 0, "block", 200),
    "stone falls": put("falling", 0, "block", int(Block.STONE)),
    "something falls beside": put("falling", 0, "x", -5),
    "something falls far beside": put("falling", 0, "z", 48),
    "something falls above": put("falling", 0, "y", 64.0),
    "something falls below": put("falling", 0, "y", -1.0),
    "something falls up": put("falling", 0, "speed", 1.0),
    "something falls at light's speed": put("falling", 0, "speed", -3e8),
    "dug outside": put("digging", "cell", [48, 0, 0]),
    "dug after a long miss": put("digging", "missed", 10_001),
    "dug through": put("digging", "progress", 1.0),
    "a long pause of digging": put("digging", "pause", 99),
    "an unknown screen": put("screen", "kind", "chest"),
    "another screen over a furnace": put(
        "screen", {"kind": "inventory", "grid": [None] * 4, "carried": None, "spread": None}
    ),
    "a furnace's screen without one": put("opened_at", None),
    "no screen over a furnace": put("screen", None),
    "a furnace that is not there": put("opened_at", [1, 1, 1]),
    "half a cell": put("opened_at", [1]),
    "a grid on a furnace": put("screen", "grid", [None] * 4),
    "too much on the pointer": put("screen", "carried", [int(Item.COAL), 65, 0]),
    "a drag of nothing": put("screen", "spread", "like", None),
    "a drag of another thing": put("screen", "spread", {**SPREAD, "like": STACK}),
    "a drag of a stack": put("screen", "spread", "like", [int(Item.COAL), 2, 0]),
    "a drag of a third button": put("screen", "spread", "button", "middle"),
    "a drag over what was made": put("screen", "spread", "given", [[2, 1]]),
    "a drag over no slot": put("screen", "spread", "given", [[99, 1]]),
    "a drag of too much": put("screen", "spread", "given", [[1, 60], [5, 60]]),
    "a drag of less than nothing": put("screen", "spread", "given", [[1, -1]]),
    "a drag over nothing": put("screen", "spread", "given", []),
    "a click on no slot": put("last_click", [99, 1]),
    "a click in the future": put("last_click", [0, 10**6]),
    "a far pointer": put("pointer", [1e9, 1.0]),
    "a pointer at the edge": put("pointer", [1.0, 359.5]),
    "numbers held": put("held", [1, 2]),
    "a key that there is not": put("held", ["fly"]),
    "keys out of order": put("held", ["use", "attack"]),
    "a key twice held": put("held", ["use", "use"]),
    "a long pause": put("use_pause", 10_001),
    "a long swing": put("swing", 7),
    "a tick as text": put("tick", "abc"),
    "a tick as float": put("tick", 5.0),
    "a tick as truth": put("tick", True),
    "a negative tick": put("tick", -1),
    "negative deaths": put("deaths", -1),
}

NAN, HUGE = float("nan"), 1e300
ARRAYS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray | None]]] = {
    "an unknown block": ("blocks", at((5, 5, 5), 52)),
    "blocks of another order": ("blocks", np.asfortranarray),
    "blocks of two bytes": ("blocks", lambda blocks: blocks.astype(np.uint16)),
    "fewer blocks": ("blocks", lambda blocks: blocks[:-1]),
    "a furnace without contents": ("blocks", at((1, 1, 9), int(Block.FURNACE_EAST))),
    "another sky": ("blocks", at((1, 1, 63), int(Block.STONE))),
    "light of another shape": ("light", lambda light: light.reshape(-1)),
    "another top": ("top", at((4, 4), 3)),
    "a top of floats": ("top", lambda top: top.astype(np.float64)),
    "one top": ("top", lambda top: top[:1, :1]),
    "a short body": ("body", lambda body: body[:3]),
    "a body of nothing": ("body", lambda body: np.float64(5)),
    "a body of another byte order": ("body", lambda body: body.astype(">f8")),
    **{f"number {place} of the body is none": ("body", at(place, NAN)) for place in range(17)},
    **{f"number {place} of the body is endless": ("body", at(place, np.inf)) for place in range(17)},
    **{f"number {place} of the body is huge": ("body", at(place, -HUGE)) for place in range(17)},
    "a body in the side": ("body", at(0, 47.9)),
    "a body outside": ("body", at(2, -1.0)),
    "a body in the sky": ("body", at(1, 1e4)),
    "a fast body": ("body", at(4, 1e18)),
    "a yaw of half a turn": ("body", at(6, 180.0)),
    "a pitch over the top": ("body", at(7, 91.0)),
    "half a flag": ("body", at(12, 0.5)),
    "a short ledger": ("ledger", lambda ledger: ledger[:2]),
    "negative counts": ("ledger", at((0, 3), -1)),
    "endless counts": ("ledger", at((0, 3), 2**62)),
    "a short progress": ("obtained", lambda counts: counts[:2]),
    "negative progress": ("obtained", at(4, -5)),
    "progress in the future": ("first_ticks", at(4, 10**6)),
    "progress before the beginning": ("first_ticks", at(4, -2)),
    **{f"number {place} of a drop is none": ("drop_motion", at((0, place), NAN)) for place in range(6)},
    **{f"number {place} of a drop is huge": ("drop_motion", at((1, place), HUGE)) for place in range(6)},
    "a drop outside": ("drop_motion", at((0, 0), -0.5)),
    "a drop on the edge": ("drop_motion", at((0, 2), 48.0)),
    "more motion": ("drop_motion", lambda motion: np.concatenate([motion, motion])),
    "fewer drops": ("drop_numbers", lambda numbers: numbers[:0]),
    "narrow drops": ("drop_numbers", lambda numbers: numbers[:, :3]),
    "drops of floats": ("drop_numbers", lambda numbers: numbers.astype(np.float64)),
    "an unknown drop": ("drop_numbers", at((0, 0), 9999)),
    "a drop of nothing": ("drop_numbers", at((0, 0), 0)),
    "a very negative drop": ("drop_numbers", at((0, 0), -(10**9))),
    "two pickaxes in one": ("drop_numbers", at((0, 1), 2)),
    "a drop of none": ("drop_numbers", at((1, 1), 0)),
    "a drop of thousands": ("drop_numbers", at((1, 1), 9999)),
    "a drop worn through": ("drop_numbers", at((0, 2), 250)),
    "worn dirt": ("drop_numbers", at((1, 2), 1)),
    "an old drop": ("drop_numbers", at((0, 3), 6000)),
    "a drop before its time": ("drop_numbers", at((0, 3), -1)),
    "a drop nobody gets": ("drop_numbers", at((0, 4), 10**9)),
    "a drop thrown twice": ("drop_numbers", at((0, 5), 2)),
}

FORGED: dict[str, Callable[[], Any]] = {
    **{f"structure: {name}": make for name, make in STRUCTURES.items()},
    **{f"header: {name}": lambda change=change: with_header(change) for name, change in HEADERS.items()},
    **{f"array: {name}": lambda it=it: with_array(*it) for name, it in ARRAYS.items()},
}


@pytest.fixture(scope="module")
def somewhere() -> VoxelEnvironment:
    environment = VoxelEnvironment(BRISK, "64x64")
    environment.restore(to_bytes(building()))
    return environment


def check_refused(environment: VoxelEnvironment, forged: Any) -> None:
    before, state = environment.state_hash(), environment.state
    with pytest.raises(StudioError, match="snapshot") as refused:
        environment.restore(forged)
    assert refused.value.mend
    with pytest.raises(StudioError, match="snapshot"):
        environment.reset(seed=77, options={"snapshot": forged})
    assert environment.state is state
    assert environment.state_hash() == before


def test_what_is_forged_here_is_good_before(somewhere: VoxelEnvironment) -> None:
    assert packed(good_members()) == good_snapshot() == with_header(lambda header: None)
    for name in ("blocks", "body", "drop_motion", "drop_numbers"):
        assert with_array(name, lambda array: None) == good_snapshot()
    before = somewhere.snapshot()
    somewhere.restore(good_snapshot())
    assert somewhere.snapshot() == good_snapshot()
    somewhere.restore(before)


@pytest.mark.parametrize("name", FORGED)
def test_what_is_no_snapshot_is_refused_and_nothing_changes(somewhere: VoxelEnvironment, name: str) -> None:
    check_refused(somewhere, FORGED[name]())


def test_refusals_name_the_field() -> None:
    for forged, told in (
        (with_header(put("vitals", "health", 99)), r"vitals\.health"),
        (with_header(put("inventory", 3, [9, 65, 0])), r"inventory\.3.*65 dirt"),
        (with_header(put("preset", "sea_level", 3)), "preset: sea_level"),
        (with_array("body", at(6, NAN)), "body: yaw is nan"),
        (with_array("drop_numbers", at((1, 1), 9999)), "drop_numbers: count is 9999, not from 1 to 64"),
        (with_array("ledger", lambda ledger: ledger[:2]), "ledger is not an array"),
        (with_header(put("format", 2)), "format 2"),
        (STRUCTURES["long JSON"](), "header.json has 2,09"),
        (STRUCTURES["a size of 4 GB"](), "header.json has no end"),
    ):
        with pytest.raises(StudioError, match=told):
            from_bytes(forged)


def test_damaged_bytes_are_always_noticed(somewhere: VoxelEnvironment) -> None:
    good, chance = good_snapshot(), random.Random(5)
    before, state = somewhere.state_hash(), somewhere.state
    for _ in range(200):
        damaged = bytearray(good)
        for _ in range(chance.choice((1, 3))):
            anywhere, begin, end = len(good), 1500, len(good) - 1500
            place = chance.choice(
                (chance.randrange(anywhere), chance.randrange(begin), chance.randrange(end, anywhere))
            )
            damaged[place] ^= 1 << chance.randrange(8)
        if damaged == good:
            continue
        with pytest.raises(StudioError, match="snapshot"):
            somewhere.restore(bytes(damaged))
    assert somewhere.state is state
    assert somewhere.state_hash() == before


def test_a_header_of_anything_is_refused_or_can_be_played() -> None:
    chance = random.Random(6)
    values = (
        None,
        True,
        -1,
        0,
        1,
        3,
        47,
        48,
        63,
        64,
        300,
        2**31,
        2**63,
        0.5,
        -0.5,
        1e300,
        "",
        "x",
        [],
        {},
        [1, 2, 3],
    )
    accepted = 0
    for _ in range(400):
        header = orjson.loads(good_members()["header.json"])
        place: Any = header
        while True:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = chance.choice(keys)
            if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.2:
                break
            place = place[key]
        place[key] = chance.choice(values)
        forged = packed(good_members() | {"header.json": orjson.dumps(header)})
        try:
            state = from_bytes(forged)
        except StudioError:
            continue
        accepted += 1
        assert to_bytes(state) == forged
        for tick in range(12):
            keys = frozenset({"use", "attack"} if tick % 3 else {"ESC", "drop", "jump"})
            advance(state, Action(keys, 5.0, 9.0))
    assert accepted > 20


def test_a_refused_reset_leaves_the_next_seed_alone() -> None:
    one, other = (VoxelEnvironment(replace(BRISK, size=48, caves=0.0), "64x64") for _ in range(2))
    one.reset(seed=5)
    other.reset(seed=5)
    for options in ({"bad": 1}, {"snapshot": b"no"}, {"snapshot": good_snapshot(), "more": 1}):
        with pytest.raises(StudioError):
            other.reset(seed=6, options=options)
    with pytest.raises(StudioError):
        other.reset(options={"snapshot": b"no"})
    assert other.state_hash() == one.state_hash()
    assert other.reset()[1]["seed"] == one.reset()[1]["seed"]


def test_a_picture_that_fails_leaves_the_world_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = VoxelEnvironment("brisk", "64x64")
    environment.restore(to_bytes(building()))
    before = environment.state

    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(Scene, "draw", fail)
    with pytest.raises(MemoryError):
        environment.restore(good_snapshot())
    assert environment.state is before
