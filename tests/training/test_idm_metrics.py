"""Scores of predicted actions against closed forms."""

import numpy as np
import pytest

from training.idm_metrics import evaluate_predictions
from vpt_studio.actions import DEFAULT_CAMERA, Actions


def played(ticks: int, seed: int = 0) -> Actions:
    rng = np.random.default_rng(seed)
    actions = Actions.null(ticks)
    actions.column("forward")[:] = rng.random(ticks) < 0.4
    actions.column("attack")[:] = rng.random(ticks) < 0.2
    actions.camera[:] = rng.normal(0, 6, (ticks, 2))
    return actions


def test_the_truth_scores_everything_and_the_ceiling_is_what_the_bins_leave():
    true = played(4000)
    evaluation = evaluate_predictions([true], [true])
    assert evaluation.scores.joint_exact_match == 1
    assert evaluation.scores.macro_f1 == 1
    clipped = true.camera[:, 1].clip(-10, 10)
    quantised = DEFAULT_CAMERA.decode(DEFAULT_CAMERA.encode(true.camera[:, 1]))
    by_hand = 1 - ((clipped - quantised) ** 2).sum() / ((clipped - clipped.mean()) ** 2).sum()
    assert evaluation.ceiling.yaw_r2 == pytest.approx(by_hand)
    assert 0.9 < by_hand < 1


def test_nothing_predicted_scores_as_the_null_baseline():
    true = played(1000)
    evaluation = evaluate_predictions([Actions.null(1000)], [true])
    assert evaluation.scores == evaluation.null
    assert evaluation.null.macro_f1 == 0
    nothing_held = ~true.policy_buttons.any(axis=1)
    assert evaluation.null.joint_exact_match == pytest.approx(nothing_held.mean())
    assert evaluation.null.key_accuracy == pytest.approx(1 - true.policy_buttons.mean())


def test_doing_nothing_cannot_win_the_score_that_tells_a_runs_best_moment():
    true = played(1000)
    evaluation = evaluate_predictions([Actions.null(1000)], [true])
    assert evaluation.scores.keys_and_camera == evaluation.null.keys_and_camera == 0
    # Worse than nothing at the camera takes nothing from what the keys earn.
    wild = Actions(true.buttons, -true.camera)
    assert evaluate_predictions([wild], [true]).scores.keys_and_camera == pytest.approx(1 / 3)
    still = Actions(true.buttons, np.zeros((1000, 2)))
    assert evaluate_predictions([still], [still]).scores.keys_and_camera == 1  # the keys alone have a meaning


def test_f1_by_hand():
    true, guess = Actions.null(1000), Actions.null(1000)
    true.column("jump")[:100] = 1
    guess.column("jump")[50:250] = 1  # 50 right, 150 too many, 50 missed
    evaluation = evaluate_predictions([guess], [true])
    assert evaluation.keys["jump"].precision == 0.25
    assert evaluation.keys["jump"].recall == 0.5
    assert evaluation.scores.macro_f1 == evaluation.scores.movement_f1 == pytest.approx(1 / 3)


def test_rare_keys_do_not_count_for_the_mean_of_keys():
    true, guess = Actions.null(1000), Actions.null(1000)
    true.column("forward")[:500] = 1
    guess.column("forward")[:500] = 1
    true.column("drop")[:4] = 1  # 0.4 %
    evaluation = evaluate_predictions([guess], [true])
    assert evaluation.counted_keys == ("forward",)
    assert evaluation.scores.macro_f1 == 1
    assert evaluation.keys["drop"].f1 == 0


def test_recordings_count_by_their_ticks():
    right, wrong = played(300, 1), played(100, 2)
    missed = Actions(1 - wrong.buttons, wrong.camera)
    evaluation = evaluate_predictions([right, missed], [right, wrong])
    assert evaluation.ticks == 400
    assert evaluation.recordings == 2
    assert evaluation.scores.joint_exact_match == 0.75


def test_a_camera_that_never_moves_has_no_r2():
    still = Actions.null(10)
    scores = evaluate_predictions([still], [still]).scores
    assert scores.yaw_r2 is None
    assert scores.macro_f1 is None


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="same number of ticks"):
        evaluate_predictions([Actions.null(3)], [Actions.null(4)])


def test_r2_is_measured_on_the_mean_of_the_predicted_distribution_and_beside_it_on_the_likeliest_bin():
    rng = np.random.default_rng(4)
    true = Actions.null(500)
    true.camera[:] = rng.normal(0, 3, (500, 2)).clip(-10, 10)
    guess = Actions.null(500)
    scores = evaluate_predictions([guess], [true], mean_camera=[true.camera / 2]).scores
    assert scores.yaw_r2 == pytest.approx(0.75, abs=0.01)
    assert scores.yaw_r2_likeliest == pytest.approx(0, abs=0.01)
