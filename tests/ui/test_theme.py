"""The contrasts that the visual language promises, computed from the tokens (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import pytest

from ui.theme import DARK, LIGHT

GROUNDS = ("rail", "page", "card", "control", "hover", "press", "selected")
DATA = ("sky", "orange", "green", "purple", "yellow", "vermillion", "grey")
THEMES = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_words_on_every_ground(tokens):
    for ground in GROUNDS:
        assert contrast(tokens.text, tokens[ground]) >= 10.6, ground
        momentary = ground == "press"  # held down for the length of a click: the AA of body text is enough
        assert contrast(tokens.text_secondary, tokens[ground]) >= (4.5 if momentary else 6.4), ground


@THEMES
def test_hints_on_the_grounds_where_they_are_written(tokens):
    for ground in ("rail", "page", "card", "control"):
        assert contrast(tokens.text_hint, tokens[ground]) >= 4.5, ground


@THEMES
def test_words_on_the_accent(tokens):
    for ground in ("accent", "accent_hover"):
        assert contrast(tokens.on_accent, tokens[ground]) >= 4.5, ground
    for ground in ("page", "card", "selected"):
        assert contrast(tokens.accent_text, tokens[ground]) >= 4.5, ground


@THEMES
def test_states_on_their_chips(tokens):
    for state in ("ok", "warn", "danger", "info"):
        assert contrast(tokens[state], tokens.chip_ground(state)) >= 4.5, state


@THEMES
def test_edges_of_fields_and_marks_on_cards(tokens):
    assert contrast(tokens.field, tokens.card) >= 3
    for mark in DATA:
        assert contrast(tokens[mark], tokens.card) >= 3, mark
