"""Every icon that the window names is one that the font has: a missing one would fail only when painted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

qtawesome = pytest.importorskip("qtawesome", reason="the window's packages are not installed")

UI = Path(__file__).resolve().parents[2] / "ui"
#: Where the name of an icon stands among the arguments, by function.
PLACES = {
    "icon": 0,
    "icon_button": 0,
    "EmptyState": 0,
    "Chip": 1,
    "PageEntry": 2,
    "paint_icon": 2,
    "_Fact": 0,
    "Sign": 0,
    "Indicated": 2,
}
KEYWORDS = {"icon", "icon_name"}


def icons_in(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        values = [keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS]
        if name in PLACES and len(node.args) > PLACES[name]:
            values.append(node.args[PLACES[name]])
        for value in values:
            choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            found |= {c.value for c in choices if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return found - {""}


def test_every_icon_named_in_the_sources_is_in_the_font(qapp):
    named = {name: path for path in UI.rglob("*.py") for name in icons_in(path.read_text("utf-8"))}
    assert len(named) > 40
    known = qtawesome.charmap
    missing = {}
    for name, path in named.items():
        try:
            known(f"ph.{name}")
        except KeyError:
            missing[name] = path.name
    assert not missing


def test_every_icon_of_an_action_is_in_the_font(make_window, store, full_project):
    window = make_window(store, full_project, "train")
    for page in ("library", "settings", "record"):
        window.show_page(page)
    icons = {
        action.icon
        for page in ("train", "library", "settings", "record")
        for action in window.studio.session.actions.on_page(page)
    }
    for name in icons - {""}:
        qtawesome.charmap(f"ph.{name}")
