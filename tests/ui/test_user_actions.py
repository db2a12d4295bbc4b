from __future__ import annotations

import pytest

from ui.user_actions import KeyClashError, UserAction, UserActions


def action(name: str, *keys: str, page: str = "everywhere", **more) -> UserAction:
    return UserAction(name, f"Do {name}", lambda: name, keys, page=page, **more)


def test_a_key_belongs_to_one_action_of_a_page():
    actions = UserActions()
    actions.add([action("a", "N", page="library"), action("b", "N", page="train")])
    with pytest.raises(KeyClashError, match="taken by a"):
        actions.add([action("c", "n", page="library")])
    with pytest.raises(KeyClashError):
        actions.add([action("d", "N")])


def test_a_chosen_key_is_refused_while_another_holds_it():
    actions = UserActions()
    actions.add([action("a", "N"), action("b", "M")])
    with pytest.raises(KeyClashError, match="Do a"):
        actions.choose_keys("b", ("N",))
    actions.choose_keys("b", ("P",))
    assert actions["b"].keys == ("P",)
    assert actions.holder("m", "library") is None


def test_a_page_that_comes_later_does_without_a_key_that_a_person_gave_away():
    actions = UserActions()
    actions.add([action("a", "N")])
    actions.choose_keys("a", ("B",))
    actions.add([action("player.bookmark", "B", "Ctrl+B", page="player")])
    assert actions["player.bookmark"].keys == ("Ctrl+B",)


def test_keys_chosen_before_are_used_from_the_start():
    actions = UserActions({"a": ("X",)})
    actions.add([action("a", "N")])
    assert actions["a"].keys == ("X",)


def test_actions_are_found_by_words_those_of_the_page_first():
    actions = UserActions()
    actions.add([action("other"), action("open", page="library"), action("hidden", in_menu=False)])
    assert [found.id for found in actions.found("do", "library")] == ["open", "other"]
    assert [found.id for found in actions.found("do oth", "library")] == ["other"]


def test_listeners_hear_of_every_change():
    heard = []
    actions = UserActions()
    actions.on_change(lambda: heard.append(1))
    actions.add([action("a", "N")])
    actions.choose_keys("a", ())
    assert len(heard) == 2


def test_declared_actions_can_be_found_and_get_keys_before_they_are_added():
    actions = UserActions()
    actions.declare([action("open", "N", page="library"), action("close", "M", page="library")])
    assert [found.id for found in actions.found("open", "home")] == ["open"]
    actions.choose_keys("open", ("X",))
    actions.add([action("open", "N", page="library"), action("close", "M", page="library")])
    assert not actions.is_declared("open")
    assert [actions[name].keys for name in ("open", "close")] == [("X",), ("M",)]
    with pytest.raises(ValueError, match="already"):
        actions.add([action("open", page="library")])


def test_an_action_gets_its_own_key_back_unless_another_one_has_it_now():
    actions = UserActions({"a": ("X",)})
    actions.add([action("a", "N"), action("b", "M")])
    actions.reset_keys("a")
    assert actions["a"].keys == actions.own_keys("a") == ("N",)
    actions.choose_keys("a", ())
    actions.choose_keys("b", ("N",))
    actions.reset_keys("a")
    assert actions["a"].keys == ()
