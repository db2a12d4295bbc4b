"""One rule of a world beside Minecraft's."""

from __future__ import annotations

from dataclasses import dataclass

#: What the letters of the sources stand for.
SOURCES = {
    "PP": "prismarine-physics' constants, and what its recursion comes to",
    "PB": "prismarine-block's digTime with minecraft-data's hardness and tool speeds",
    "W": "minecraft.wiki and mcpk.wiki",
    "V": "openai/Video-Pre-Training and minerllabs/minerl",
    "K": "the game as its players know it, not checked against a text",
    "brisk": "Minecraft's rule, quicker as the preset says",
}

#: How far a measure may be off: a tick, a millimetre; a thousandth of all that is no count.
_TOLERANCES = {"ticks": 1.0, "m": 1e-3, "half hearts": 0.0, "pieces": 0.0, "deaths": 0.0}


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        what: What was measured.
        ours: How much it is here, in `unit`.
        minecraft: How much it is there.
        unit: Such as ``ticks``.
        source: Where Minecraft's comes from: letters of `SOURCES`.
    """

    what: str
    ours: float
    minecraft: float
    unit: str
    source: str

    @property
    def difference(self) -> float:
        """How much ours is more."""
        return self.ours - self.minecraft

    @property
    def met(self) -> bool:
        """Whether the two agree, as closely as is asked."""
        allowed = _TOLERANCES.get(self.unit, 1e-3 * abs(self.minecraft))
        return abs(self.difference) <= allowed + 1e-9

    @property
    def verdict(self) -> str:
        """The same in a word."""
        return "met" if self.met else "MISSED"
