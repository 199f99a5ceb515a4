"""Measuring runs the engine's code, on a trained model and on any labelled texts."""

from pathlib import Path

import pytest

from bot.nlu.understanding import Understander, train_examples

WEATHER = ["will it rain today", "is it sunny outside", "weather forecast please", "how cold is it tomorrow"]
MUSIC = ["play a song", "turn on some jazz", "I want to hear music", "put on the radio"]
ALARM = ["wake me at seven", "set an alarm for noon", "set my alarm clock", "I need an alarm tomorrow morning"]
OUTSIDE = ["who wrote Hamlet", "buy me a horse", "what is love", "translate this into Greek", "my cat is ill"]


def test_a_missing_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none.tar.gz: run `bot train`"):
        Understander.load(tmp_path / "none.tar.gz")


def test_examples_of_any_kind_can_be_learnt() -> None:
    pairs = [
        (text, label)
        for label, texts in (("weather", WEATHER), ("music", MUSIC), ("alarm", ALARM), ("oos", OUTSIDE))
        for text in texts
    ]
    validation = [
        ("does it rain", "weather"),
        ("play music", "music"),
        ("alarm at six", "alarm"),
        ("feed my dog", "oos"),
    ]
    classifier = train_examples(pairs, validation, out_of_scope="oos")

    found = classifier.classify(["rain tomorrow?", "some music now", "an alarm at eight"])
    assert [each.best for each in found] == ["weather", "music", "alarm"]
    assert all(each.label in (each.best, "oos") for each in found)
    assert all(0.0 <= each.inside <= 1.0 for each in found)
