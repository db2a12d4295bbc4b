"""Styles of play: how quick, exact, hasty or dreamy a scripted contractor is."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Style:
    """How one contractor handles mouse and keys. Times are in ticks of 50 ms, chances from 0 to 1.

    Attributes:
        name: What the sidecar calls it; its random numbers depend on it.
        held_out: Kept for testing models, never for training them.
        stroke_base: Ticks of the shortest mouse stroke (Fitts' a).
        stroke_per_bit: Ticks more per bit of difficulty (Fitts' b).
        endpoint_noise: How far strokes end from where they should, as a share of their length.
        overshoot: Chance that a long stroke goes too far and is corrected.
        tremor: Mouse counts by which the hand trembles in a moving tick, standard deviation.
        bend: How far strokes bow from the straight line, as a share of their length.
        reaction: Fewest and most ticks until something new is reacted to.
        thinking: Mean ticks of a pause between two undertakings.
        hesitation: Chance of a short pause between two small deeds.
        idling: Chance per undertaking of a longer spell in which nothing is done.
        key_lag: Most ticks that a key is held too long, or pressed too late.
        misclick: Chance that a click on a screen lands in a neighbouring slot.
        wrong_turn: Chance that a walk begins with a turn to somewhere else.
        looking_about: Chance per undertaking of a look around.
        sprint: Chance that a walk is run where the way is straight.
        strafe: Chance that one goes sideways on a walk, before the view has turned to where it leads.
        hop: Chance per tick of a jump while running.
        walks_while_turning: Degrees that the way may be off the view before the feet wait for the turn.
        keeps_attack: The attack button stays down while the view turns from one block to the next.
        escape: Screens are closed by Escape rather than by the inventory key.
        quick_move: Chance that results are taken by a click with shift.
        view_pitch: Degrees down at which the view rests while walking.
        logs: Logs wanted before going down.
        torch_every: Metres of tunnel between two torches; 0 for none.
    """

    name: str
    held_out: bool = False
    stroke_base: float = 2.2
    stroke_per_bit: float = 1.7
    endpoint_noise: float = 0.07
    overshoot: float = 0.25
    tremor: float = 0.5
    bend: float = 0.04
    reaction: tuple[int, int] = (3, 7)
    thinking: float = 28.0
    hesitation: float = 0.35
    idling: float = 0.07
    key_lag: int = 2
    misclick: float = 0.05
    wrong_turn: float = 0.04
    looking_about: float = 0.15
    sprint: float = 0.6
    strafe: float = 0.3
    hop: float = 0.03
    walks_while_turning: float = 50.0
    keeps_attack: bool = True
    escape: bool = False
    quick_move: float = 0.8
    view_pitch: float = 12.0
    logs: int = 9
    torch_every: int = 14


STEADY = Style("steady")

#: The styles that demonstrations are made of.
STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        STEADY,
        Style(
            "hasty",
            stroke_base=1.8,
            stroke_per_bit=1.2,
            endpoint_noise=0.1,
            overshoot=0.3,
            reaction=(3, 5),
            thinking=12.0,
            hesitation=0.2,
            idling=0.02,
            looking_about=0.06,
            sprint=0.95,
            strafe=0.5,
            hop=0.08,
            walks_while_turning=75.0,
            quick_move=0.95,
            logs=8,
            torch_every=22,
        ),
        Style(
            "careful",
            stroke_base=2.8,
            stroke_per_bit=2.1,
            endpoint_noise=0.05,
            overshoot=0.2,
            tremor=0.3,
            reaction=(4, 7),
            thinking=40.0,
            hesitation=0.5,
            misclick=0.03,
            wrong_turn=0.02,
            looking_about=0.25,
            sprint=0.25,
            strafe=0.15,
            hop=0.0,
            walks_while_turning=30.0,
            keeps_attack=False,
            escape=True,
            view_pitch=18.0,
            logs=10,
            torch_every=9,
        ),
        Style(
            "wanderer",
            thinking=28.0,
            hesitation=0.45,
            idling=0.08,
            wrong_turn=0.1,
            looking_about=0.5,
            sprint=0.5,
            strafe=0.35,
            hop=0.05,
            view_pitch=6.0,
            logs=9,
            bend=0.08,
        ),
        Style(
            "twitchy",
            stroke_base=1.5,
            stroke_per_bit=1.0,
            endpoint_noise=0.1,
            overshoot=0.3,
            tremor=1.1,
            bend=0.07,
            reaction=(3, 4),
            thinking=16.0,
            hesitation=0.3,
            key_lag=1,
            misclick=0.07,
            wrong_turn=0.06,
            looking_about=0.3,
            sprint=0.9,
            strafe=0.7,
            hop=0.15,
            walks_while_turning=90.0,
            view_pitch=9.0,
        ),
        Style(
            "relaxed",
            stroke_base=3.0,
            stroke_per_bit=2.2,
            tremor=0.4,
            reaction=(4, 7),
            thinking=44.0,
            hesitation=0.5,
            idling=0.12,
            key_lag=3,
            sprint=0.15,
            strafe=0.2,
            hop=0.01,
            walks_while_turning=40.0,
            keeps_attack=False,
            quick_move=0.5,
            view_pitch=15.0,
            torch_every=11,
        ),
    )
}

#: Styles no model learns from.
HELD_OUT_STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        replace(
            STEADY,
            name="nimble",
            held_out=True,
            stroke_base=1.9,
            stroke_per_bit=1.4,
            tremor=0.7,
            thinking=15.0,
            sprint=0.8,
            strafe=0.55,
            hop=0.06,
            view_pitch=8.0,
            quick_move=0.9,
        ),
        replace(
            STEADY,
            name="dreamy",
            held_out=True,
            stroke_base=2.7,
            thinking=36.0,
            hesitation=0.5,
            idling=0.1,
            looking_about=0.35,
            sprint=0.35,
            strafe=0.25,
            keeps_attack=False,
            escape=True,
            view_pitch=16.0,
        ),
    )
}


def style_named(name: str) -> Style:
    """The style of that name, held out or not.

    Raises:
        KeyError: There is none.
    """
    return (STYLES | HELD_OUT_STYLES)[name]
