"""The built-in world's rules beside Minecraft's: how one moves, what hurts, how long things take.

Ours are measured on a player in a tiny world who presses keys tick by tick. Minecraft's are written down
here, each with where it comes from. Run ``python -m bench.world_rules``; it fails where a rule is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from bench.break_times import break_rules
from bench.rule import SOURCES, Rule
from bench.small_worlds import FLOOR, Player
from vpt_studio.envs.voxel.blocks import Block
from vpt_studio.envs.voxel.handling import target
from vpt_studio.envs.voxel.items import Item, Stack
from vpt_studio.envs.voxel.presets import BRISK, SURVIVAL, Preset
from vpt_studio.envs.voxel.smelting import FUEL, INPUT, OUTPUT, Furnace
from vpt_studio.envs.voxel.state import State

_HIGH = 5000.0  # metres: open air goes on above the world


def moving() -> Iterator[Rule]:
    """Speeds, jumps and falls."""
    on_foot = {
        "walking": (("forward",), 4.317, "W, PP"),
        "sprinting": (("forward", "sprint"), 5.612, "W, PP"),
        "sneaking": (("forward", "sneak"), 1.295, "PP; W says 1.31"),
        "sprinting and jumping": (("forward", "sprint", "jump"), 7.127, "K"),
    }
    for name, (keys, expected, source) in on_foot.items():
        player = Player(size=128)
        player.state.body.state[2] = 2.5
        yield Rule(name, _speed(player, 2, keys, 120), expected, "m/s", source)
    afloat = {
        "swimming": (2, 10.0, ("forward",), 1.96),
        "swimming up": (1, 10.0, ("jump",), 3.5),
        "sinking": (1, 30.0, (), -0.5),
    }
    for name, (axis, height, held, expected) in afloat.items():
        player = Player(size=64, above=Block.WATER)
        player.state.body.state[1] = FLOOR + height
        yield Rule(name, _speed(player, axis, held, 20), expected, "m/s", "PP")
    player = Player()
    heights = [0.0]
    player.act("jump")
    while not player.state.body.on_ground:
        heights.append(player.state.body.position[1] - FLOOR)
        player.act()
    yield Rule("height of a jump", max(heights), 1.2522, "m", "W, PP")
    yield Rule("a jump, until one stands", len(heights), 12, "ticks", "PP")
    player = Player()
    player.state.body.state[1], player.state.body.state[3:6] = _HIGH, 0.0
    for ticks in (20, 60):
        player.act(ticks=ticks - (player.state.tick - 3))
        fallen = _HIGH - player.state.body.position[1]
        closed_form = 3.92 * (ticks - 50 * (1 - 0.98**ticks))
        yield Rule(f"fallen after {ticks} ticks", fallen, closed_form, "m", "PP")
    player.act(ticks=540)
    yield Rule("fastest fall", -20 * player.state.body.velocity[1], 78.4, "m/s", "PP")
    player = Player()
    yield Rule("height of the eyes", player.state.body.eye[1] - FLOOR, 1.62, "m", "K")
    player.act("sneak")
    yield Rule("height of the eyes, sneaking", player.state.body.eye[1] - FLOOR, 1.27, "m", "K; W says 1.495")


def _speed(player: Player, axis: int, keys: tuple[str, ...], ticks: int) -> float:
    """Metres a second along an axis over some ticks, after as many and 40 more to get up to speed."""
    body = player.state.body
    player.act(*keys, ticks=40 + ticks)
    before = body.position[axis]
    player.act(*keys, ticks=ticks)
    return (body.position[axis] - before) / ticks * 20


def hurting() -> Iterator[Rule]:
    """Falls, water, lava, fire, and getting better."""
    for height, loss in ((3, 0), (4, 1), (5, 2), (10, 7), (22, 19), (23, 19)):
        yield Rule(f"a fall of {height} m", 20 - _after_fall(height).vitals.health, loss, "half hearts", "K")
    yield Rule("a fall of 24 m", _after_fall(24).deaths, 1, "deaths", "K")

    player = Player(above=Block.WATER)
    _wait_for_pain(player)
    yield Rule("under water until it hurts", player.state.tick, 320, "ticks", "K")
    yield Rule("a blow by water", 20 - player.state.vitals.health, 2, "half hearts", "K")
    yield Rule("between blows by water", _wait_for_pain(player), 20, "ticks", "K")
    player.state.vitals.air = 0
    player.state.world.blocks[:, :, FLOOR:] = Block.AIR
    yield Rule(
        "from no air to full", player.ticks_until(lambda: player.state.vitals.air == 300), 75, "ticks", "K"
    )

    player = Player(above=Block.LAVA)
    yield Rule("a blow by lava", 20 - player.state.vitals.health, 4, "half hearts", "K")
    begin = player.state.tick
    _wait_for_pain(player)
    yield Rule("between blows by lava", player.state.tick - begin + 2, 10, "ticks", "K")
    player.state.vitals.health = 20
    player.state.world.blocks[:, :, FLOOR:] = Block.AIR
    left = player.state.tick
    _wait_for_pain(player)
    yield Rule("between blows by fire", _wait_for_pain(player), 20, "ticks", "K")
    player.ticks_until(lambda: player.state.vitals.fire == 0)
    yield Rule("burning after lava", player.state.tick - left, 300, "ticks", "K")

    player = Player()
    player.state.world.blocks[:, :, FLOOR : FLOOR + 2] = Block.STONE
    _wait_for_pain(player)
    yield Rule("a blow in a wall", 20 - player.state.vitals.health, 1, "half hearts", "K")
    yield Rule("between blows in a wall", _wait_for_pain(player), 10, "ticks", "K")

    player = Player()
    player.state.vitals.health = 10
    better = player.ticks_until(lambda: player.state.vitals.health > 10)
    yield Rule("half a heart comes back", better, 80, "ticks", "K, well fed")


def _after_fall(height: float) -> State:
    player = Player()
    player.state.body.state[1] = FLOOR + height
    player.act()
    player.ticks_until(lambda: player.state.body.on_ground)
    return player.state


def _wait_for_pain(player: Player) -> int:
    """Ticks until health next falls."""
    for tick in range(1, 1000):
        before = player.state.vitals.health
        player.act()
        if player.state.vitals.health < before:
            return tick
    raise RuntimeError("nothing hurts")


def furnaces() -> Iterator[Rule]:
    """Smelting and fuel, in Minecraft's time and in the quicker one."""
    for preset, expected, source in ((SURVIVAL, 200, "W"), (BRISK, 50, "brisk")):
        player, furnace = _furnace(preset, Item.COAL)
        first, _ = _burn(player, furnace)
        yield Rule(f"smelting one piece, {preset.name}", first, expected, "ticks", source)
        output = furnace[OUTPUT]
        smelted = 0 if output is None else output.count
        yield Rule(f"smelted by a piece of coal, {preset.name}", smelted, 8, "pieces", "W")
    fuels = {
        Item.COAL: 1600,
        Item.CHARCOAL: 1600,
        Item.OAK_LOG: 300,
        Item.OAK_PLANKS: 300,
        Item.CRAFTING_TABLE: 300,
        Item.WOODEN_PICKAXE: 200,
        Item.STICK: 100,
    }
    for fuel, expected in fuels.items():
        _, burnt = _burn(*_furnace(SURVIVAL, fuel))
        yield Rule(f"{fuel.label} burns", burnt, expected, "ticks", "W")


def _burn(player: Player, furnace: Furnace) -> tuple[int, int]:
    """Ticks until the first piece was ready (0 if none was) and until the fire was out again."""
    player.act()
    first = ticks = 0
    while furnace.lit:
        player.act()
        ticks += 1
        if not first and furnace[OUTPUT] is not None:
            first = ticks + 1  # with the tick in which it was lit
    return first, ticks


def _furnace(preset: Preset, fuel: Item) -> tuple[Player, Furnace]:
    player = Player(preset)
    cell = player.put(Block.FURNACE_NORTH, 2)
    furnace = player.state.furnaces[cell] = Furnace(preset.smelting_ticks)
    furnace[INPUT], furnace[FUEL] = Stack(Item.IRON_ORE, 64), Stack(fuel)
    return player, furnace


def handling() -> Iterator[Rule]:
    """Reach, hands, what is picked up, the pointer, the day."""
    player = Player()
    wall = player.put(Block.STONE, 5)
    near, far = 3.0, 6.0
    while far - near > 1e-6:
        middle = (near + far) / 2
        player.state.body.state[2] = wall[2] - middle
        near, far = (middle, far) if target(player.state) else (near, middle)
    yield Rule("reach", near, 4.5, "m", "W")

    player = Player()
    player.put(Block.STONE, 4)
    player.hold(Item.COBBLESTONE, 64)
    player.ticks_until(lambda: player.state.inventory.count(Item.COBBLESTONE) < 64, "use")
    again = player.ticks_until(lambda: player.state.inventory.count(Item.COBBLESTONE) < 63, "use")
    yield Rule("between uses of a held button", again, 4, "ticks", "K")

    player = Player()
    dirt = player.put(Block.DIRT, 1, up=0)
    player.act(pitch=48)
    player.ticks_until(lambda: player.block(dirt) is Block.AIR, "attack")
    taken = 1 + player.ticks_until(lambda: player.state.inventory.count(Item.DIRT) == 1)
    yield Rule("a broken block, until picked up", taken, 10, "ticks", "K")
    player = Player()
    player.hold(Item.DIRT)
    player.act(pitch=90)
    player.act("drop")
    taken = 1 + player.ticks_until(lambda: player.state.inventory.count(Item.DIRT) == 1)
    yield Rule("a thrown item, until picked up", taken, 40, "ticks", "K")

    player = Player()
    player.act("attack")
    swing = player.ticks_until(lambda: player.state.swing == 0)
    yield Rule("a swing of the arm", swing, 6, "ticks", "K")
    player.put(Block.OBSIDIAN, 2)
    player.act("attack", ticks=2)
    swing = 1 + player.ticks_until(lambda: player.state.swing == 1, "attack")
    yield Rule("between swings while digging", swing, 4, "ticks", "K")

    player = Player()
    player.act("inventory")
    before = player.state.pointer
    player.act(yaw=15, pitch=6)
    across, down = (after - start for after, start in zip(player.state.pointer, before, strict=True))
    yield Rule("pointer, across", 15 / across, 0.15, "°/pixel", "V")
    yield Rule("pointer, down", 6 / down, 0.15, "°/pixel", "V")
    player.act("ESC")
    begin = player.state.daytime
    player.act()
    day = 1 + player.ticks_until(lambda: player.state.daytime == begin)
    yield Rule("a day", day, 24000, "ticks", "K")


def main() -> int:
    """Measure and print; 1 if any rule is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    rules = [*moving(), *hurting(), *break_rules(), *furnaces(), *handling()]
    if chosen.json:
        rows = [asdict(rule) | {"difference": rule.difference, "verdict": rule.verdict} for rule in rules]
        print(json.dumps({"rules": rows, "sources": SOURCES}, indent=2, ensure_ascii=False))
    else:
        _print_table(rules)
    return 0 if all(rule.met for rule in rules) else 1


def _print_table(rules: list[Rule]) -> None:
    width = max(len(rule.what) for rule in rules)
    unit = max(len(rule.unit) for rule in rules)
    source = max(len(rule.source) for rule in rules)
    heads = f"  {'':{width}} {'ours':>11} {'Minecraft':>11}  {'unit':{unit}}  {'source':{source}}"
    print(f"{heads} {'difference':>11}")
    for rule in rules:
        numbers = f"{rule.ours:11,.6g} {rule.minecraft:11,.6g}"
        line = f"  {rule.what:{width}} {numbers}  {rule.unit:{unit}}  {rule.source:{source}}"
        print(f"{line} {rule.difference:11.2g}  {rule.verdict}")
    for letters, meaning in SOURCES.items():
        print(f"  {letters}: {meaning}")
    broken = sum(not rule.met for rule in rules)
    print(f"{len(rules)} rules, {broken or 'none'} broken")


if __name__ == "__main__":
    sys.exit(main())
