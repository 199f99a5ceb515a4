"""The classifier's mathematics: calibrated, repeatable, stored without pickled objects."""

import io
from dataclasses import fields

import numpy as np
import pytest

from bot.nlu.model import FOLDS, TERM_WEIGHT, THRESHOLD_RANGE, Model, train

DIMENSIONS = 16
PER_LABEL = 12


def examples(labels: int = 4, spread: float = 0.35, seed: int = 1) -> tuple[np.ndarray, list[str]]:
    """Unit vectors around one direction a label; a larger spread makes labels overlap."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(labels, DIMENSIONS))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = np.repeat(centres, PER_LABEL, axis=0) + spread * random.normal(size=(labels * PER_LABEL, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), [f"label-{number // PER_LABEL}" for number in range(labels * PER_LABEL)]


def learn(vectors: np.ndarray, labels: list[str], terms: list[list[str]] | None = None) -> Model:
    return train(vectors, terms or [[] for _ in labels], labels, regularisation=30.0, precision=0.9)


def trained(spread: float = 0.35, labels: int = 4) -> Model:
    return learn(*examples(labels, spread))


@pytest.mark.parametrize("labels", [3, 6])
def test_examples_are_ranked_first_under_their_own_label(labels: int) -> None:
    model = trained(0.1, labels)
    vectors, names = examples(labels, 0.1)

    assert [model.rank(vector).labels[0] for vector in vectors] == names


@pytest.mark.parametrize("spread", [0.01, 0.35, 1.0, 5.0])
def test_confidence_and_probabilities_lie_between_0_and_1(spread: float) -> None:
    model = trained(spread)
    vectors, _ = examples(spread=spread, seed=7)

    for ranking in map(model.rank, vectors):
        assert 0.0 <= ranking.confidence <= 1.0
        assert all(0.0 <= value <= 1.0 for value in ranking.probabilities)
        assert sum(ranking.probabilities) <= 1.0 + 1e-6
        assert list(ranking.probabilities) == sorted(ranking.probabilities, reverse=True)
    assert THRESHOLD_RANGE[0] <= model.threshold <= THRESHOLD_RANGE[1]


def test_confidence_is_calibrated() -> None:
    """On vectors that training has not seen, the mean confidence is near the share of right answers."""
    model = trained(0.45)
    random = np.random.default_rng(5)
    centres = np.stack([model.centre(f"label-{number}") for number in range(4)])
    right, confidences = [], []
    for number in range(400):
        vector = centres[number % 4] + 0.45 * random.normal(size=DIMENSIONS)
        ranking = model.rank((vector / np.linalg.norm(vector)).astype(np.float32))
        right.append(ranking.labels[0] == f"label-{number % 4}")
        confidences.append(ranking.confidence)

    assert abs(np.mean(confidences) - np.mean(right)) < 0.15
    sure = np.array(confidences) >= np.median(confidences)
    assert np.array(right)[sure].mean() > np.array(right)[~sure].mean()


def test_a_message_unlike_any_example_is_less_sure() -> None:
    model = trained(0.6)
    vectors, _ = examples(spread=0.6)
    strange = -vectors.mean(axis=0)

    assert model.rank(strange / np.linalg.norm(strange)).confidence < model.rank(vectors[0]).confidence


def test_training_twice_gives_the_same_model() -> None:
    first, second = trained().arrays(), trained().arrays()

    assert first.keys() == second.keys()
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def test_arrays_make_the_round_trip_without_pickle() -> None:
    model = trained()
    file = io.BytesIO()
    np.savez(file, **model.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Model.from_arrays(arrays)

    assert (again.labels, again.terms, again.threshold) == (model.labels, model.terms, model.threshold)
    for name in (field.name for field in fields(Model) if field.name not in ("labels", "terms", "threshold")):
        np.testing.assert_array_equal(getattr(again, name), getattr(model, name))
    vectors, _ = examples(seed=3)
    assert [again.rank(vector) for vector in vectors] == [model.rank(vector) for vector in vectors]


def test_as_many_labels_are_ranked_as_asked_for() -> None:
    vector = examples()[0][0]

    assert len(trained().rank(vector, 3).labels) == 3
    assert len(trained().rank(vector, 50).labels) == 4


@pytest.mark.parametrize("labels", [1, 2])
def test_too_few_labels_are_refused_clearly(labels: int) -> None:
    with pytest.raises(ValueError, match="at least three intents or entries"):
        learn(*examples(labels))


def test_a_label_with_too_few_examples_is_named() -> None:
    vectors, names = examples()
    names[0] = names[1] = "rare"

    with pytest.raises(ValueError, match=f"'rare' has 2 examples: write at least {FOLDS}"):
        learn(vectors, names)


def test_scores_are_probabilities_among_the_given_labels_alone() -> None:
    scores = trained().scores(examples()[0][0], ["label-0", "label-2", "unknown"])

    assert scores.keys() == {"label-0", "label-2"}
    assert sum(scores.values()) == pytest.approx(1.0)
    assert trained().scores(examples()[0][0], ["unknown"]) == {}


def test_a_centre_is_a_direction() -> None:
    centre = trained().centre("label-1")

    assert centre is not None
    assert np.linalg.norm(centre) == pytest.approx(1.0, abs=1e-5)
    assert trained().centre("unknown") is None


def with_terms() -> tuple[Model, np.ndarray]:
    """Two of three labels have the same vectors and differ by a term alone."""
    vectors, names = examples(3, 0.2)
    vectors[PER_LABEL : 2 * PER_LABEL] = vectors[:PER_LABEL]
    terms = {"label-0": ["programme:push"], "label-1": ["programme:zim"], "label-2": []}
    return learn(vectors, names, [terms[name] for name in names]), vectors[0]


def test_a_term_decides_between_messages_that_are_alike() -> None:
    model, vector = with_terms()

    for term, label in (("programme:push", "label-0"), ("programme:zim", "label-1")):
        assert model.rank(model.features(vector, [term])).labels[0] == label


def test_features_are_the_vector_and_the_known_terms() -> None:
    model, vector = with_terms()
    features = model.features(vector, ["programme:zim", "programme:unknown", "programme:zim"])

    assert model.terms == ("programme:push", "programme:zim")
    np.testing.assert_array_equal(features[:DIMENSIONS], vector)
    np.testing.assert_allclose(features[DIMENSIONS:], [0.0, TERM_WEIGHT])
