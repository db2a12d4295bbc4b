"""The inverse dynamics model against outputs of the published reference implementation."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from bench.parity import full_size, idm
from vpt_studio.actions import BUTTONS, CameraQuantiser
from vpt_studio.models.idm_network import IdmNetwork
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.log_probability import CameraTerm, log_probability
from vpt_studio.models.openai_files import load_openai_inverse_dynamics


@pytest.fixture(scope="module")
def model(parity_folder: Path) -> InverseDynamicsModel:
    return load_openai_inverse_dynamics(parity_folder / "idm_tiny" / "idm.model")


def load(parity_folder: Path, name: str) -> dict[str, np.ndarray]:
    with np.load(parity_folder / "idm_tiny" / f"{name}.npz") as archive:
        return {key: archive[key] for key in archive.files}


@pytest.mark.parametrize("frames_per_slice", [None, 6, 2])
@pytest.mark.parametrize("length", [5, 8, 12])
def test_log_probabilities_and_choices_match_for_every_clip_length(
    parity_folder, model, length, frames_per_slice
):
    images = torch.from_numpy(load(parity_folder, "inputs")["img"][:, :length])
    expected = load(parity_folder, "outputs")
    with torch.no_grad():
        out = model(images, frames_per_slice)
    np.testing.assert_allclose(out.buttons, expected[f"T{length}/buttons_logprobs"], atol=3e-5)
    np.testing.assert_allclose(out.camera, expected[f"T{length}/camera_logprobs"], atol=3e-5)
    np.testing.assert_array_equal(out.buttons.argmax(-1), expected[f"T{length}/buttons"])
    np.testing.assert_array_equal(out.camera.argmax(-1), expected[f"T{length}/camera"])
    summed = log_probability(out, out.buttons.argmax(-1), out.camera.argmax(-1), CameraTerm.ALWAYS)
    np.testing.assert_allclose(summed, expected[f"T{length}/log_prob"], atol=3e-4)


def test_float_frames_in_unit_range_give_the_same_as_levels(parity_folder, model):
    images = torch.from_numpy(load(parity_folder, "inputs")["img"][:1, :5])
    with torch.no_grad():
        np.testing.assert_allclose(model(images).camera, model(images / 255).camera, atol=3e-5)


def test_labels_of_640x360_frames_match(parity_folder, model):
    given = load(parity_folder, "predict_640x360")
    resized = np.stack([cv2.resize(frame, (128, 128)) for frame in given["frames_rgb"]])
    np.testing.assert_array_equal(resized[None], given["resized"])
    with torch.no_grad():
        out = model(torch.from_numpy(resized[None]))
    pressed = out.buttons.argmax(-1).numpy()
    for index, button in enumerate(BUTTONS):
        np.testing.assert_array_equal(pressed[..., index], given[f"env/{button}"])
    degrees = CameraQuantiser().decode(out.camera.argmax(-1).numpy())
    np.testing.assert_allclose(degrees, given["env/camera"], atol=1e-9)


def test_every_deviation_of_idm_tiny_is_within_its_tolerance(parity_folder):
    for deviation in idm.check(parity_folder / "idm_tiny"):
        assert deviation.passed, deviation


@pytest.mark.slow
def test_4x_network_with_regenerated_weights_matches(parity_folder):
    for deviation in full_size.check(parity_folder / "full_size", ["4x_idm"]):
        assert deviation.passed, deviation


def test_fresh_parameters_follow_the_released_initialisation(parity_folder):
    stats = json.loads((parity_folder / "init" / "init_stats.json").read_text())["idm"]
    spec = json.loads((parity_folder / "idm_tiny" / "spec.json").read_text())
    torch.manual_seed(3)
    state = InverseDynamicsModel(IdmNetwork.from_openai(spec["net_args"], 4.0)).state_dict()
    assert set(state) == set(stats)
    for name, expected in stats.items():
        tensor = state[name]
        if "empty" in expected:
            assert list(tensor.shape) == expected["empty"]
        elif name.startswith("pi_head"):
            # The heads keep PyTorch's own random initialisation: only its range can be compared.
            assert tensor.abs().max() <= 1 / np.sqrt(64)
            assert tensor.std() > 0.05
        elif "row_norm_min" in expected:
            norms = tensor.flatten(1).norm(dim=1)
            assert norms.min().item() == pytest.approx(expected["row_norm_min"], rel=1e-4)
            assert norms.max().item() == pytest.approx(expected["row_norm_max"], rel=1e-4)
        else:
            assert tensor.min().item() == expected["min"]
            assert tensor.max().item() == expected["max"]


def test_network_options_survive_their_dictionary(parity_folder):
    spec = json.loads((parity_folder / "full_size" / "4x_idm.json").read_text())
    network = IdmNetwork.from_openai(spec["net_args"] | {"an_option_of_tomorrow": 1}, 4)
    assert network.tower_channels == (256, 512, 512)
    assert IdmNetwork.from_dict(json.loads(json.dumps(network.to_dict()))) == network
