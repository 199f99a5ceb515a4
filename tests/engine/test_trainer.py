"""The classifier's mathematics: calibrated, careful out of scope, repeatable, stored without pickled objects."""

import dataclasses
import io

import numpy as np
import pytest

from bot.nlu.features import Text
from bot.nlu.model import Model, Scope
from bot.nlu.trainer import FOLDS, THRESHOLD_RANGE, Goals, train

DIMENSIONS = 16
WIDTHS = (8, 8)
PER_LABEL = 12
GOALS = Goals(precision=0.9, out_of_scope="outside", answered_outside=0.05, asked_outside=0.15)


def centres(count: int, seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def around(centre: np.ndarray, count: int, spread: float, seed: int) -> list[Text]:
    rows = centre + spread * np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return [Text(row.astype(np.float32)) for row in rows / np.linalg.norm(rows, axis=1, keepdims=True)]


def examples(labels: int = 4, spread: float = 0.2, seed: int = 10) -> tuple[list[Text], list[str]]:
    """Vectors around one direction a label; a larger spread makes labels overlap."""
    texts = [
        text
        for number, centre in enumerate(centres(labels))
        for text in around(centre, PER_LABEL, spread, seed + number)
    ]
    return texts, [f"label-{number // PER_LABEL}" for number in range(len(texts))]


def learn(texts: list[Text], names: list[str], answers: dict[str, list[Text]] | None = None) -> Model:
    return train(texts, names, GOALS, answers, widths=WIDTHS)


def trained(spread: float = 0.2, labels: int = 4) -> Model:
    return learn(*examples(labels, spread))


def rank(model: Model, texts: list[Text]) -> list:
    return [model.rank(text, model.features(text)) for text in texts]


@pytest.mark.parametrize("labels", [3, 6])
def test_examples_are_ranked_first_under_their_own_label(labels: int) -> None:
    texts, names = examples(labels, 0.1)

    assert [ranking.labels[0] for ranking in rank(learn(texts, names), texts)] == names


@pytest.mark.parametrize("spread", [0.01, 0.2, 1.0, 5.0])
def test_confidence_and_probabilities_lie_between_0_and_1(spread: float) -> None:
    model = trained(spread)

    for ranking in rank(model, examples(spread=spread, seed=70)[0]):
        assert 0.0 <= ranking.confidence <= 1.0
        assert 0.0 <= ranking.inside <= 1.0
        assert all(0.0 <= value <= 1.0 for value in ranking.probabilities)
        assert sum(ranking.probabilities) <= 1.0 + 1e-5
        assert list(ranking.probabilities) == sorted(ranking.probabilities, reverse=True)
    assert THRESHOLD_RANGE[0] <= model.threshold <= THRESHOLD_RANGE[1]


def test_confidence_is_calibrated() -> None:
    """On texts that training has not seen, the mean confidence is near the share of right answers."""
    model = trained(0.3)
    texts, names = [], []
    for number, centre in enumerate(centres(4)):
        texts += around(centre, 100, 0.3, 500 + number)
        names += [f"label-{number}"] * 100
    rankings = rank(model, texts)
    right = np.array([ranking.labels[0] == name for ranking, name in zip(rankings, names, strict=True)])
    confidences = np.array([ranking.confidence for ranking in rankings])

    assert abs(confidences.mean() - right.mean()) < 0.15
    sure = confidences >= np.median(confidences)
    assert right[sure].mean() > right[~sure].mean()


def scoped() -> Model:
    """Two labels with answers, one without, and messages out of scope round about them."""
    texts, names = examples(3)
    outside = [text for number in range(8) for text in around(centres(8, seed=99)[number], 5, 0.3, 900 + number)]
    answers = {f"label-{number}": around(centres(3)[number], 3, 0.2, 300 + number) for number in (0, 1)}
    return learn(texts + outside, names + ["outside"] * len(outside), answers)


def test_few_messages_out_of_scope_are_answered_with_a_fact() -> None:
    model = scoped()
    strange = [text for number in range(8) for text in around(centres(8, seed=99)[number], 20, 0.3, 40 + number)]
    answered = [
        model.scope(ranking) is Scope.INSIDE and ranking.labels[0] in ("label-0", "label-1")
        for ranking in rank(model, strange)
    ]

    assert np.mean(answered) <= 0.2


def test_messages_in_scope_are_let_through() -> None:
    model = scoped()

    for number in (0, 1):
        rankings = rank(model, around(centres(3)[number], 20, 0.15, 60 + number))
        assert np.mean([model.scope(ranking) is Scope.INSIDE for ranking in rankings]) >= 0.9


def test_between_answered_and_refused_there_is_what_is_asked_about() -> None:
    model = scoped()
    ranking = next(
        ranking for ranking in rank(model, examples(3)[0]) if model.guarded[model.labels.index(ranking.labels[0])]
    )

    assert model.unclear < model.clear
    for inside, scope in (
        (model.clear, Scope.INSIDE),
        ((model.clear + model.unclear) / 2, Scope.UNCLEAR),
        (model.unclear / 2, Scope.OUTSIDE),
    ):
        assert model.scope(dataclasses.replace(ranking, inside=inside)) is scope


def test_only_labels_that_state_facts_are_guarded() -> None:
    model = scoped()

    assert dict(zip(model.labels, model.guarded.tolist(), strict=True)) == {
        "label-0": True,
        "label-1": True,
        "label-2": False,
        "outside": False,
    }


def test_without_answers_every_label_but_the_one_out_of_scope_is_guarded() -> None:
    texts, names = examples(4)
    model = learn(texts, ["outside" if name == "label-3" else name for name in names])

    assert dict(zip(model.labels, model.guarded.tolist(), strict=True)) == {
        "label-0": True,
        "label-1": True,
        "label-2": True,
        "outside": False,
    }


def test_an_answer_helps_where_examples_do_not_tell() -> None:
    """Both labels have the same examples; their answers differ."""
    first, second, other = centres(3)
    middle = (first + second) / np.linalg.norm(first + second)
    texts = around(middle, PER_LABEL, 0.3, 1) + around(middle, PER_LABEL, 0.3, 2) + around(other, PER_LABEL, 0.1, 3)
    names = ["a"] * PER_LABEL + ["b"] * PER_LABEL + ["c"] * PER_LABEL
    answers = {"a": around(first, 3, 0.01, 4), "b": around(second, 3, 0.01, 5)}
    model = learn(texts, names, answers)

    assert rank(model, around(first, 1, 0.0, 6))[0].labels[0] == "a"
    assert rank(model, around(second, 1, 0.0, 6))[0].labels[0] == "b"


def test_training_twice_gives_the_same_model() -> None:
    first, second = trained().arrays(), trained().arrays()

    assert first.keys() == second.keys()
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def test_arrays_make_the_round_trip_without_pickle() -> None:
    model = scoped()
    file = io.BytesIO()
    np.savez(file, **model.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Model.from_arrays(arrays)

    for name, array in model.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])
    texts, _ = examples(seed=30)
    for ranking, before in zip(rank(again, texts), rank(model, texts), strict=True):
        assert ranking.labels == before.labels
        assert ranking.confidence == pytest.approx(before.confidence, abs=0.005)


def test_as_many_labels_are_ranked_as_asked_for() -> None:
    model = trained()
    text = examples()[0][0]

    assert len(model.rank(text, model.features(text), 3).labels) == 3
    assert len(model.rank(text, model.features(text), 50).labels) == 4


@pytest.mark.parametrize("labels", [1, 2])
def test_too_few_labels_are_refused_clearly(labels: int) -> None:
    with pytest.raises(ValueError, match="at least three intents or entries"):
        learn(*examples(labels))


def test_a_label_with_too_few_examples_is_named() -> None:
    texts, names = examples()
    names[0] = names[1] = "rare"

    with pytest.raises(ValueError, match=f"'rare' has 2 examples: write at least {FOLDS}"):
        learn(texts, names)


def test_scores_are_probabilities_among_the_given_labels_alone() -> None:
    model = trained()
    features = model.features(examples()[0][0])
    scores = model.scores(features, ["label-0", "label-2", "unknown"])

    assert scores.keys() == {"label-0", "label-2"}
    assert sum(scores.values()) == pytest.approx(1.0)
    assert model.scores(features, ["unknown"]) == {}


def test_a_centre_is_a_direction() -> None:
    centre = trained().centre("label-1")

    assert centre is not None
    assert np.linalg.norm(centre) == pytest.approx(1.0, abs=1e-5)
    assert trained().centre("unknown") is None


def test_a_term_decides_between_messages_that_are_alike() -> None:
    """Two of three labels have the same vectors and differ by a term alone."""
    texts, names = examples(3)
    vectors = [text.vector for text in texts]
    vectors[PER_LABEL : 2 * PER_LABEL] = vectors[:PER_LABEL]
    terms = {"label-0": ["programme/push"], "label-1": ["programme/zim"], "label-2": []}
    model = learn([Text(vector, terms[name]) for vector, name in zip(vectors, names, strict=True)], names)

    for term, label in (("programme/push", "label-0"), ("programme/zim", "label-1")):
        assert rank(model, [Text(vectors[0], [term])])[0].labels[0] == label
