"""The action spaces against vectors from the published implementation, entry for entry."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA, Action, CameraQuantiser, to_factored, to_joint
from vpt_studio.actions.joint_space import (
    BUTTON_COMBINATIONS,
    BUTTON_TABLE,
    CAMERA_OFF_TABLE,
    INVENTORY_INDEX,
    NULL_BUTTONS_INDEX,
    camera_combinations,
    null_camera_index,
)

QUANTISERS = {
    "mu10_bin2_max10": CameraQuantiser(),
    "mu5_bin2_max10": CameraQuantiser(mu=5),
    "mu20_bin1_max10": CameraQuantiser(mu=20, bin_size=1),
    "mu10.3194_bin2_max20": CameraQuantiser(limit=20, mu=10.3194),
    "linear_bin2_max10": CameraQuantiser(scheme="linear"),
}


@pytest.fixture
def vectors(shared_data):
    """The arrays of one file."""

    def load(name):
        with np.load(shared_data / "parity" / "actions" / f"{name}.npz") as archive:
            return dict(archive)

    return load


def test_all_button_combinations_and_camera_pairs_stand_where_they_should(vectors):
    tables = vectors("tables")
    np.testing.assert_array_equal(BUTTON_TABLE, tables["buttons_table"])
    np.testing.assert_array_equal(CAMERA_OFF_TABLE, tables["camera_off"])
    # Combination 1 presses nothing and listens to the camera, so every pair comes through.
    _, pairs = to_factored(np.ones(121, np.int64), np.arange(121))
    np.testing.assert_array_equal(pairs, tables["camera_table"])
    assert tables["null_buttons"] == NULL_BUTTONS_INDEX
    assert tables["null_camera"] == null_camera_index()
    assert tables["inventory_buttons"] == INVENTORY_INDEX


def test_combinations_are_named_as_in_the_published_tables(shared_data):
    tables = json.loads((shared_data / "parity" / "actions" / "tables.json").read_bytes())
    assert (tables["n_buttons"], tables["n_camera"]) == (BUTTON_COMBINATIONS, camera_combinations())
    for index, names in tables["spot_checks"].items():
        wanted = set(names if isinstance(names, list) else [names]) - {"none"}
        held = {BUTTONS[column] for column in np.flatnonzero(BUTTON_TABLE[int(index)])}
        listens = set() if CAMERA_OFF_TABLE[int(index)] else {"camera"}
        assert held | (listens if int(index) != INVENTORY_INDEX else set()) == wanted


def test_environment_actions_go_to_the_joint_space_and_back(vectors):
    known = vectors("roundtrip")
    assert tuple(known["button_names"]) == BUTTONS
    bins = DEFAULT_CAMERA.encode(known["env_camera"])
    np.testing.assert_array_equal(known["env_buttons"], known["policy_buttons"])
    np.testing.assert_array_equal(bins, known["policy_camera"])

    joint = to_joint(known["env_buttons"], bins)
    np.testing.assert_array_equal(joint.buttons, known["agent_buttons"][:, 0])
    np.testing.assert_array_equal(joint.camera, known["agent_camera"][:, 0])

    buttons, bins = to_factored(joint.buttons, joint.camera)
    np.testing.assert_array_equal(buttons, known["factored_buttons"])
    np.testing.assert_array_equal(bins, known["factored_camera"])
    np.testing.assert_array_equal(buttons, known["env_out_buttons"])
    np.testing.assert_array_equal(DEFAULT_CAMERA.decode(bins), known["env_out_camera"])


def test_any_pair_of_indices_becomes_the_published_action(vectors):
    known = vectors("decode")
    buttons, bins = to_factored(known["agent_buttons"], known["agent_camera"])
    np.testing.assert_array_equal(buttons[:, 0], known["factored_buttons"])
    np.testing.assert_array_equal(bins[:, 0], known["factored_camera"])
    for row in range(len(buttons)):
        pressed = frozenset(name for name, held in zip(BUTTONS, buttons[row, 0], strict=True) if held)
        pitch, yaw = DEFAULT_CAMERA.decode(bins[row, 0])
        action = Action(pressed, pitch, yaw).to_environment()
        assert [action[name] for name in BUTTONS] == known["env_buttons"][row].tolist()
        np.testing.assert_array_equal(action["camera"], known["env_camera"][row].astype(np.float32))


@pytest.mark.parametrize("setting", QUANTISERS)
def test_the_quantiser_agrees_under_every_setting(vectors, setting):
    known, quantiser = vectors("camera_quantiser"), QUANTISERS[setting]
    np.testing.assert_array_equal(quantiser.encode(known["values"]), known[f"{setting}/bins"])
    np.testing.assert_array_equal(quantiser.centres, known[f"{setting}/centres"])


def test_the_default_quantiser_agrees_bit_for_bit(vectors):
    known, whole = vectors("camera_quantiser"), vectors("camera_integer_inputs")
    np.testing.assert_array_equal(DEFAULT_CAMERA.encode(known["values"]), known["bins"])
    np.testing.assert_array_equal(DEFAULT_CAMERA.decode(np.arange(11)), known["centres"])
    np.testing.assert_allclose(DEFAULT_CAMERA.edges, known["edges"], rtol=0, atol=1e-9)
    np.testing.assert_array_equal(DEFAULT_CAMERA.encode(whole["values"]), whole["bins"])
