"""What a person is asked to do in a take: a prompt in plain words, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlayTask:
    """One task card.

    Attributes:
        id: Short name; takes are called by it.
        title: What it is, in a few words.
        prompt: What to do, as the person reads it; kept with the take.
        minutes: How long it may take; None without a limit.
        hints: What helps, a line each.
    """

    id: str
    title: str
    prompt: str
    minutes: int | None
    hints: tuple[str, ...] = ()

    def as_note(self) -> dict[str, Any]:
        """What the sidecar keeps of it."""
        return {"id": self.id, "title": self.title, "prompt": self.prompt, "minutes": self.minutes}


FREE_PLAY = PlayTask(
    "free-play",
    "Play freely",
    "Do what you like, the way you usually play.",
    None,
    ("Stop whenever you like",),
)

#: The tasks that come with the studio, shortest way first.
TASKS = (
    FREE_PLAY,
    PlayTask(
        "gather-wood",
        "Gather wood",
        "Walk to the trees around you and bring home as many logs as you can.",
        5,
        ("Hold the left button on a trunk until it breaks", "Move on when a tree is used up"),
    ),
    PlayTask(
        "stone-pickaxe",
        "Craft a stone pickaxe",
        "Begin with empty hands and end with a pickaxe of stone: logs, planks, a crafting table, a wooden"
        " pickaxe, then stone.",
        10,
        ("Craft on the screens, with the pointer", "Stop when the pickaxe is in your hand"),
    ),
    PlayTask(
        "simple-house",
        "Build a simple house",
        "Build a shelter of what you find: four walls, a roof, and a way in.",
        10,
        ("Gather what you need on the way", "Put a light inside if you can"),
    ),
    PlayTask(
        "find-diamonds",
        "Find diamonds",
        "Work your way down to the diamonds: better tools first, then deep tunnels, with light behind you.",
        20,
        ("An iron pickaxe is needed to dig them", "They lie near the bottom of the world"),
    ),
)
