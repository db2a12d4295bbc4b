"""Configurations: read, checked, told and written back."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.configs import (
    RECIPES,
    STAGE_CONFIGS,
    IdmConfig,
    IdmData,
    Training,
    describe_settings,
    load_config,
    read_settings,
    recipe,
    to_yaml,
)
from vpt_studio.errors import StudioError

MINIMUM = ("data.recordings=[take-1]", "training.steps=10")


def idm(*overrides, **kwargs):
    return load_config(IdmConfig, overrides=[*MINIMUM, *overrides], **kwargs)


def refusal(*overrides, **kwargs):
    with pytest.raises(StudioError) as caught:
        idm(*overrides, **kwargs)
    return str(caught.value)


def test_defaults_are_the_papers_augmentation():
    assert dataclasses.asdict(idm().augmentation) == {
        "hue": 0.2,
        "saturation": 0.2,
        "brightness": 0.2,
        "contrast": 0.2,
        "rotation_degrees": 2.0,
        "scale": 0.02,
        "shear_degrees": 2.0,
        "translation_pixels": 2.0,
        "panned_clips": 0.0,
        "panned_stills": 0.0,
        "mirror": False,
    }


def test_file_goes_over_recipe_and_override_over_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("optimiser:\n  learning_rate: 1e-3\n  decay: constant\n")
    config = idm("optimiser.decay=cosine", path=path, recipe=recipe("idm", "paper"))
    assert config.optimiser.learning_rate == 0.001  # file
    assert config.optimiser.decay == "cosine"  # override
    assert config.optimiser.gradient_clip is None  # recipe
    assert config.augmentation.hue == 0.2  # default


@pytest.mark.parametrize("name", sorted(RECIPES["idm"]))
def test_every_recipe_needs_only_recordings(name):
    config = load_config(IdmConfig, recipe=recipe("idm", name), overrides=["data.recordings=[a]"])
    assert load_config(IdmConfig, recipe=json.loads(json.dumps(dataclasses.asdict(config)))) == config


def test_the_paper_saw_its_data_twenty_times():
    training = recipe("idm", "paper")["training"]
    ticks = training["steps"] * training["batch_clips"] * 128
    assert ticks / (1962 * 3600 * 20) == pytest.approx(20, rel=1e-4)


def test_an_unknown_recipe_names_the_known():
    with pytest.raises(StudioError, match="Choose one of hour, laptop, paper"):
        recipe("idm", "desktop")


def test_a_misspelt_key_is_named_with_its_place_and_what_was_meant(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("training:\n  minutes: 3\noptimiser:\n  # note\n  learning_rat: 3e-4\n")
    told = refusal(path=path)
    assert "there is no setting optimiser.learning_rat (mine.yaml line 5)" in told
    assert "Perhaps optimiser.learning_rate is meant" in told


def test_a_key_without_its_section_is_found():
    told = refusal("seed=3")
    assert "there is no setting seed (override 'seed=3')" in told
    assert "Perhaps training.seed is meant" in told


def test_a_misspelt_section_is_named_with_its_place():
    told = refusal("optimizer.decay=linear")
    assert "there is no setting optimizer (override 'optimizer.decay=linear')" in told
    assert told.endswith("Perhaps optimiser is meant.")


def test_a_key_that_resembles_nothing_gets_the_list():
    assert "There are model.preset, model.overrides" in refusal("model.xyzzy=3")


@pytest.mark.parametrize(
    ("override", "told"),
    [
        (
            "optimiser.learning_rate=3",
            "cannot be 3 (override 'optimiser.learning_rate=3'): it must be a number above 0",
        ),
        ("optimiser.learning_rate=fast", "a number above 0 and at most 1"),
        ("optimiser.decay=square", "it must be one of linear, cosine, constant"),
        ("training.batch_clips=2.5", "a whole number at least 1 and at most 65536"),
        ("training.batch_clips=true", "a whole number at least 1 and at most 65536"),
        ("augmentation.mirror=1", "it must be true or false"),
        ("training.threads=0", "a whole number at least 1 and at most 4096, or null"),
        ("optimiser.weight_decay=.nan", "a number at least 0 and at most 1"),
        ("data.recordings=[]", "a list with length at least 1"),
        ("data.recordings=[3]", "data.recordings.0 cannot be 3 (override"),
        ("data.held_out=[take-1]", "take-1 cannot be in recordings and in held_out"),
        (
            "optimiser=fast",
            "optimiser cannot be \"fast\" (override 'optimiser=fast'): it is a section of keys",
        ),
    ],
)
def test_a_bad_value_is_named_with_its_place_and_the_allowed_range(override, told):
    assert told in refusal(override)


def test_every_mistake_is_told_at_once():
    told = refusal("optimiser.decay=square", "training.batch_clips=0")
    assert "optimiser.decay" in told
    assert "training.batch_clips" in told


def test_what_is_required_is_asked_for():
    with pytest.raises(StudioError, match=r"data\.recordings is missing.*Set data\.recordings"):
        load_config(IdmConfig, overrides=["training.steps=1", "data.held_out=[a]"])
    with pytest.raises(StudioError, match=r"data\.recordings is missing"):
        load_config(IdmConfig, overrides=["training.steps=1"])


def test_training_needs_an_end():
    with pytest.raises(StudioError, match=r"training.*: steps or minutes must say when"):
        load_config(IdmConfig, overrides=["data.recordings=[a]", "training.seed=1"])
    with pytest.raises(StudioError, match=r"training.*: steps or minutes must say when"):
        load_config(IdmConfig, overrides=["data.recordings=[a]"])


@pytest.mark.parametrize("text", ["steps", "=3", "training.=3", ".steps=3"])
def test_an_override_that_sets_nothing_is_refused(text):
    with pytest.raises(StudioError, match=r"Write section\.key=value"):
        idm(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "this is not YAML"),
        ("- a\n- b\n", "settings must be sections with keys"),
        (
            "training:\n  steps: 1\n  steps: 2\n",
            "training.steps is set twice: it.yaml line 2 and it.yaml line 3",
        ),
        ("training: !!python/object:os.system {}\n", "this is not YAML"),
        ("training: !!binary aGVsbG8=\n", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_settings_is_refused_with_its_name(tmp_path, text, told):
    path = tmp_path / "it.yaml"
    path.write_text(text)
    with pytest.raises(StudioError, match=r"it\.yaml") as caught:
        load_config(IdmConfig, path)
    assert told in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StudioError, match=r"none\.yaml: the settings cannot be read"):
        load_config(IdmConfig, tmp_path / "none.yaml")


def test_a_configuration_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        idm().training.steps = 3


def test_made_in_code_it_is_checked_as_well():
    with pytest.raises(ValueError, match="steps or minutes must say when"):
        IdmConfig(data=IdmData(recordings=("a",)), training=Training(seed=1))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TRICKY = "no on 3e-4 1_000 0x10 012 2026-11-22 null ~ = << true .inf 1: - ? !x &a *a"
words = st.sampled_from(["", *TRICKY.split()])


@given(
    recordings=st.lists(st.text() | words, min_size=1, max_size=4),
    overrides=st.dictionaries(st.text(max_size=6) | words, values | words, max_size=4),
    rate=st.floats(0, 1, exclude_min=True),
    minutes=st.none() | st.floats(min_value=0, exclude_min=True, allow_infinity=False),
)
def test_what_is_written_is_read_back_the_same(tmp_path_factory, recordings, overrides, rate, minutes):
    config = load_config(
        IdmConfig,
        recipe={
            "data": {"recordings": recordings},
            "model": {"overrides": overrides},
            "optimiser": {"learning_rate": rate},
            "training": {"steps": 3, "minutes": minutes},
        },
    )
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(to_yaml(config), encoding="utf-8")
    assert load_config(IdmConfig, path) == config
    assert to_yaml(read_settings(path)) == path.read_text("utf-8")


def test_a_form_can_be_made_from_what_is_told():
    told = {setting.key: setting for setting in describe_settings(IdmConfig)}
    rate = told["optimiser.learning_rate"]
    assert (rate.kind, rate.default, rate.limits) == ("number", 3e-4, {"gt": 0, "le": 1})
    assert told["training.minutes"].unit == "minutes"
    assert told["training.minutes"].may_be_none
    assert told["data.conversion"].choices == ("exact", "published")
    assert told["data.recordings"].is_required
    assert not told["data.held_out"].is_required


@pytest.mark.parametrize("stage", sorted(STAGE_CONFIGS))
def test_every_setting_is_described(stage):
    for setting in describe_settings(STAGE_CONFIGS[stage]):
        assert setting.description
        assert not setting.description.endswith("."), setting.key
        assert setting.allowed


def test_the_presets_that_can_be_set_are_those_there_are():
    from vpt_studio.models.presets import IDM_PRESETS

    setting = next(known for known in describe_settings(IdmConfig) if known.key == "model.preset")
    assert setting.choices == tuple(IDM_PRESETS)
