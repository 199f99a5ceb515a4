import random

from bot.evaluation.suites import suites, typos
from bot.knowledge import Language
from tests.engine.evaluation.outcomes import question

QUESTIONS = [
    question("스타트허브 상담은 무료인가요?", Language.KOREAN),
    question("Welche Förderung gibt es für Gründer?", Language.GERMAN),
    question("What does StartHub Hessen offer to founders from Korea?", Language.ENGLISH),
]


def test_suites_are_the_same_in_every_run():
    assert suites(QUESTIONS) == suites(QUESTIONS)


def test_each_suite_holds_only_questions_that_it_changes():
    originals = {asked.text for asked in QUESTIONS}

    for changed in suites(QUESTIONS).values():
        assert changed
        assert not originals & {asked.text for asked in changed}


def test_suites_of_one_language_leave_the_others_out():
    made = suites(QUESTIONS)

    assert [asked.text for asked in made["no spaces (Korean)"]] == ["스타트허브상담은무료인가요?"]
    assert [asked.text for asked in made["ae, oe, ue, ss (German)"]] == ["Welche Foerderung gibt es fuer Gruender?"]


def test_typos_leave_most_letters_alone():
    for asked in QUESTIONS:
        changed = typos(asked.text, random.Random(1))
        assert changed != asked.text
        assert abs(len(changed) - len(asked.text)) <= len(asked.text) // 10 + 1
