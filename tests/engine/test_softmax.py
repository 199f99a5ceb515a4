"""Logistic regression with a label whose texts have little in common."""

import numpy as np
import pytest

from bot.nlu.softmax import TEXTS_A_KIND, Softmax, fit_softmax

SEED = 7
WIDE = 1
TEXTS = 2_000
FAR = 50.0
"""Far enough apart for the few steps that so few texts are given."""


def separated() -> tuple[np.ndarray, np.ndarray]:
    """Label 0 at the origin of a plane, label 1 in two places on opposite sides of it."""
    random = np.random.default_rng(SEED)
    middle = random.normal(scale=0.1, size=(TEXTS, 2))
    sides = random.normal(scale=0.1, size=(TEXTS, 2)) + np.repeat([[1.0, 0.0], [-1.0, 0.0]], TEXTS // 2, 0)
    features = np.vstack([middle, sides]).astype(np.float32)
    return FAR * features, np.repeat([0, WIDE], TEXTS)


def learn(wide: int) -> tuple[Softmax, float]:
    features, owners = separated()
    start = np.zeros((2, 2), dtype=np.float32)
    softmax = fit_softmax(features, owners, start, SEED, wide)
    return softmax, float((softmax.scores(features).argmax(axis=1) == owners).mean())


def test_a_wide_label_is_learnt_on_both_sides_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """No straight line parts them; a column for each side does."""
    monkeypatch.setattr("bot.nlu.softmax.KINDS_MAX", 2)

    assert learn(-1)[1] < 0.9
    assert learn(WIDE)[1] > 0.9


@pytest.mark.parametrize("wide", [-1, WIDE])
def test_the_probabilities_of_the_labels_sum_to_one(wide: int) -> None:
    softmax, _ = learn(wide)
    features, _ = separated()

    assert softmax.scores(features).shape == (len(features), 2)
    np.testing.assert_allclose(np.exp(softmax.scores(features)).sum(axis=1), 1.0, rtol=1e-4)
    np.testing.assert_allclose(softmax.scores(features[0]), softmax.scores(features)[0], rtol=1e-4)


def test_a_label_with_few_texts_has_one_column() -> None:
    features, owners = separated()
    few = np.concatenate([np.arange(TEXTS), np.arange(TEXTS, TEXTS + TEXTS_A_KIND)])
    softmax = fit_softmax(features[few], owners[few], np.zeros((2, 2), dtype=np.float32), SEED, WIDE)

    assert softmax.weights.shape == (2, 2)
