"""What each goal is called in plain words, for models that are told what to do."""

from __future__ import annotations

#: At least four wordings of every goal, by its id.
GOAL_TEXTS: dict[str, tuple[str, ...]] = {
    "gather_wood": (
        "gather wood",
        "chop down some trees",
        "collect logs",
        "get wood from a tree",
        "cut a few trunks",
    ),
    "craft_wooden_pickaxe": (
        "craft a wooden pickaxe",
        "make a pickaxe out of wood",
        "build a crafting table and a wooden pickaxe",
        "get your first pickaxe",
    ),
    "mine_stone": (
        "mine some stone",
        "dig for cobblestone",
        "collect cobblestone",
        "get stone with the pickaxe",
    ),
    "craft_stone_pickaxe": (
        "craft a stone pickaxe",
        "make a pickaxe out of cobblestone",
        "get a stone pickaxe",
        "replace the pickaxe by one of stone",
    ),
    "find_iron": (
        "find iron ore",
        "look for iron",
        "go underground and mine iron",
        "collect three pieces of iron ore",
    ),
    "find_coal": (
        "find coal",
        "look for fuel",
        "mine some coal ore",
        "get something that burns in a furnace",
    ),
    "smelt_iron": (
        "smelt the iron ore",
        "put down a furnace and make iron ingots",
        "turn iron ore into ingots",
        "melt iron in a furnace",
    ),
    "craft_iron_pickaxe": (
        "craft an iron pickaxe",
        "make a pickaxe out of iron ingots",
        "get an iron pickaxe",
        "use the ingots for a pickaxe",
    ),
    "craft_torches": (
        "craft torches",
        "make torches from coal and sticks",
        "get some light",
        "prepare torches",
    ),
    "find_diamonds": (
        "find diamonds",
        "dig deep and search for diamonds",
        "mine three diamonds",
        "tunnel near the bottom of the world for diamonds",
    ),
    "craft_diamond_pickaxe": (
        "craft a diamond pickaxe",
        "make a pickaxe out of diamonds",
        "get the best pickaxe",
        "use three diamonds for a pickaxe",
    ),
    "tidy_inventory": (
        "throw away what is not needed",
        "make room in the inventory",
        "drop the dirt and gravel",
        "tidy up the inventory",
    ),
    "explore": (
        "explore the island",
        "walk around and look at the world",
        "wander about",
        "see what is out there",
    ),
    "swim": ("swim across the water", "go for a swim", "cross the water", "enter the water and swim"),
    "climb": ("climb the hill", "go to a high place", "get to the top", "climb up and look around"),
    "gather_flowers": (
        "pick flowers",
        "collect some flowers",
        "gather dandelions and poppies",
        "get a flower",
    ),
    "gather_sand": (
        "gather sand",
        "dig up some sand",
        "collect sand from the beach",
        "get a few blocks of sand",
    ),
    "gather_dirt": ("dig up some dirt", "collect dirt", "gather a few blocks of earth", "get dirt"),
    "build_wall": (
        "build a small wall",
        "put up a wall of blocks",
        "stack blocks into a wall",
        "make a little wall",
    ),
    "build_hut": (
        "build a small hut",
        "make a shelter out of blocks",
        "build a little house",
        "put up four walls",
    ),
}
