"""What the classifier sees of a text."""

import numpy as np

from bot.nlu.features import TERM_WEIGHT, WEIGHTS, FeatureSpace, Text

WIDTHS = (3, 2)


def text(seed: int, terms: tuple[str, ...] = (), *, hangul: bool = False) -> Text:
    return Text(np.random.default_rng(seed).normal(size=sum(WIDTHS)).astype(np.float32), terms, hangul)


def test_each_encoder_has_its_weight_whatever_the_length_of_its_vector() -> None:
    texts = [text(seed) for seed in range(5)]
    rows = FeatureSpace.fit(texts, WIDTHS).features([*texts, Text(100 * texts[0].vector)])

    np.testing.assert_allclose(np.linalg.norm(rows[:, :3], axis=1), WEIGHTS[0], rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows[:, 3:], axis=1), WEIGHTS[1], rtol=1e-5)


def test_known_terms_have_a_feature_each_and_unknown_ones_none() -> None:
    space = FeatureSpace.fit([text(1, ("a",)), text(2, ("b", "a")), text(3)], WIDTHS)

    assert space.terms == ("a", "b")
    np.testing.assert_allclose(space.features([text(4, ("b", "never seen", "b"))])[0, 5:], [0.0, TERM_WEIGHT])


def test_scripts_are_centred_apart_so_that_the_language_tells_nothing() -> None:
    plain = [text(seed) for seed in range(20)]
    shifted = [Text(each.vector + 50, each.terms, hangul=True) for each in plain]
    space = FeatureSpace.fit(plain + shifted, WIDTHS)

    np.testing.assert_allclose(space.features(plain), space.features(shifted), atol=1e-4)


def test_a_text_is_told_by_its_letters() -> None:
    vector = text(1).vector

    assert Text.of("GmbH를 설립", vector).hangul
    assert not Text.of("GmbH gründen", vector).hangul


def test_a_space_makes_the_round_trip() -> None:
    space = FeatureSpace.fit([text(1, ("a",)), text(2)], WIDTHS)
    again = FeatureSpace.from_arrays(space.arrays())

    np.testing.assert_array_equal(again.features([text(3, ("a",))]), space.features([text(3, ("a",))]))
