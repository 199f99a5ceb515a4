"""How much of a message is worded as a label's texts are."""

import io

import numpy as np
import pytest

from bot.nlu.wording import Wording, pieces

TEXTS = ("Was ist der EIC Accelerator?", "EIC Accelerator Zuschuss", "Wer zahlt Gewerbesteuer?", "영업세가 얼마예요?")
OWNERS = np.array([0, 0, 1, 1])
ANSWERS = (("Der EIC Accelerator zahlt bis zu 2,5 Millionen Euro.",), ())


def wording() -> Wording:
    answers = [[pieces(text) for text in texts] for texts in ANSWERS]
    return Wording.of([pieces(text) for text in TEXTS], OWNERS, answers)


def coverage(text: str, label: int) -> float:
    return float(wording().coverage([pieces(text)], np.array([label]))[0])


def test_words_are_cut_into_pieces_whatever_their_case() -> None:
    assert pieces("EIC-Zuschuss") == pieces("zuschuss eic")
    assert pieces("얼마예요") == {"얼마", "마예", "예요"}
    assert pieces("KI") == {"^ki"}
    assert pieces("?!") == frozenset()


def test_a_message_in_the_labels_own_words_is_covered() -> None:
    assert coverage("Accelerator EIC: was ist der Zuschuss?", 0) == pytest.approx(1.0)
    assert coverage("EIC Accelerator", 1) < 0.3


def test_answers_count_as_the_labels_words() -> None:
    assert coverage("2,5 Millionen Euro", 0) == pytest.approx(1.0)


def test_the_one_word_that_differs_lowers_the_coverage() -> None:
    assert coverage("Was ist der EIC Pathfinder?", 0) < coverage("Was ist der EIC Accelerator?", 0) - 0.3


def test_a_word_with_another_ending_is_still_known() -> None:
    assert coverage("Gewerbesteuern", 1) > 0.7
    assert coverage("영업세는", 1) > 0.4


def test_a_text_without_letters_lacks_nothing() -> None:
    assert coverage("?!", 0) == 1.0


def test_arrays_make_the_round_trip() -> None:
    file = io.BytesIO()
    np.savez(file, **wording().arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Wording.from_arrays(arrays)

    assert again.labels == wording().labels
    for text in (*TEXTS, "EIC Pathfinder"):
        for label in (0, 1):
            found = again.coverage([pieces(text)], np.array([label]))
            assert found == pytest.approx([coverage(text, label)])
