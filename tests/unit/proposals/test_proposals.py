"""What staff propose: checked before it is kept, settling questions, shown as a change, and taken back."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import InvalidField, NotFound, ProposalRefused
from bot.gaps.groups import Gaps
from bot.gaps.questions import FOUND_MAX
from bot.knowledge import Language, load_knowledge
from bot.proposals import EntryDraft, Proposals, Questions, SourceDraft
from bot.proposals.change import apply
from bot.proposals.service import addition_of
from bot.store import Message, Outcome, Sender, SettledQuestion, Store
from tests.support.talk import Talk
from tests.unit.proposals.conftest import LETTERS


def draft(**changes: object) -> EntryDraft:
    questions = {language: tuple(f"drei {language} {each * 7}!" for each in LETTERS) for language in Language}
    values: dict[str, object] = {
        "id": "visa-three",
        "topic": "visa",
        "new_fact": "A fact that staff know.",
        "as_of": "2026-11",
        "review_by": "2027-06",
        "sources": (SourceDraft(title="Ministry", url="https://example.org/visa"),),
        "follow_ups": ("visa-one",),
        "questions": Questions(by_language=questions),
        "answer": {Language.KOREAN: "네.", Language.GERMAN: "Ja.", Language.ENGLISH: "Yes."},
    }
    return EntryDraft.model_validate(values | changes)


def test_assigned_questions_settle_the_gap_and_wait_as_a_change(store: Store, proposals: Proposals, data: Path) -> None:
    asked = Talk(store).ask("Wo ist das Amt?", Outcome.REFUSED)

    proposals.assign("visa-one", {Language.GERMAN: ["Wo ist das Amt?"]}, [asked], "anna")
    assert Gaps(store).overview().questions == 0
    (waiting,) = proposals.open()
    assert (waiting.entry, waiting.author, waiting.settles) == ("visa-one", "anna", 1)
    change = proposals.change()
    assert any(line.startswith("+") and "Wo ist das Amt?" in line for line in change.diff.splitlines())
    assert not change.report.mistakes
    assert "Wo ist das Amt?" not in (data / "knowledge" / "visa.yml").read_text("utf-8")


def test_the_diff_is_one_that_git_can_apply(proposals: Proposals, data: Path) -> None:
    proposals.assign("visa-two", {Language.KOREAN: ["관청이 어디예요?"]}, [], "anna")
    proposals.draft(draft(), [], "anna")
    change = proposals.change()
    patch = data.parent / "change.patch"
    patch.write_text(change.diff, "utf-8")

    subprocess.run(["git", "apply", str(patch)], cwd=data.parent, check=True, capture_output=True)
    entries = load_knowledge(data / "knowledge").entries
    assert "관청이 어디예요?" in entries["visa-two"].questions[Language.KOREAN]
    assert entries["visa-three"].facts == ("staff-visa-three",)
    assert (data / "facts" / "staff.yml").read_text("utf-8") == change.files["facts/staff.yml"]


def test_addresses_in_a_question_are_masked_before_it_is_kept(proposals: Proposals) -> None:
    proposals.assign("visa-one", {Language.GERMAN: ["Geht das mit kim@example.kr?"]}, [], "anna")

    (waiting,) = proposals.open()
    assert isinstance(waiting.content, Questions)
    assert waiting.content.by_language[Language.GERMAN] == ("Geht das mit [e-mail]?",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": {Language.GERMAN: "Ja."}}, "answer.ko"),
        ({"new_fact": None}, "facts"),
        ({"facts": ("no-such-fact",)}, "no-such-fact"),
        ({"follow_ups": ("no-such-entry",)}, "no-such-entry"),
        ({"id": "visa-one"}, "visa-one"),
        ({"id": "Not Kebab"}, "id"),
        ({"as_of": "soon"}, "as_of"),
        ({"topic": "nowhere"}, "nowhere"),
        ({"questions": Questions(by_language={Language.GERMAN: ("Nur eine?",)})}, "questions.ko"),
    ],
)
def test_a_new_entry_with_a_mistake_is_refused_and_the_mistake_named(
    proposals: Proposals, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ProposalRefused, match=said):
        proposals.draft(draft(**changes), [], "anna")
    assert proposals.open() == []


def test_a_question_of_another_entry_is_refused(proposals: Proposals) -> None:
    with pytest.raises(ProposalRefused, match="visa-two"):
        proposals.assign("visa-one", {Language.KOREAN: ["zwei quark ko aaaaaa?"]}, [], "anna")


def test_two_proposals_that_contradict_each_other_are_not_both_kept(proposals: Proposals) -> None:
    proposals.assign("visa-one", {Language.GERMAN: ["Wohin muss ich?"]}, [], "anna")

    with pytest.raises(ProposalRefused):
        proposals.assign("visa-two", {Language.GERMAN: ["wohin muss ich"]}, [], "ben")


def test_a_question_that_understanding_is_measured_on_is_never_learnt(proposals: Proposals) -> None:
    with pytest.raises(ProposalRefused, match="measured"):
        proposals.assign("visa-one", {Language.GERMAN: ["gefrorene frage"]}, [], "anna")


def test_no_entry_no_question_and_a_whole_story_are_refused(proposals: Proposals) -> None:
    with pytest.raises(NotFound):
        proposals.assign("visa-nine", {Language.GERMAN: ["Was?"]}, [], "anna")
    for texts in ([], ["  "], ["x" * 400]):
        with pytest.raises(InvalidField):
            proposals.assign("visa-one", {Language.GERMAN: texts}, [], "anna")


def test_what_is_taken_back_makes_its_questions_gaps_again(store: Store, proposals: Proposals) -> None:
    asked = Talk(store).ask("Wo ist das Amt?", Outcome.REFUSED)
    number = proposals.assign("visa-one", {Language.GERMAN: ["Wo ist das Amt?"]}, [asked], "anna")

    proposals.drop(number)
    assert Gaps(store).overview().questions == 1
    assert proposals.open() == []
    with pytest.raises(NotFound):
        proposals.drop(number)
    with pytest.raises(NotFound):
        proposals.change()


def test_dismissed_questions_are_settled_once_whoever_does_it_twice(store: Store, proposals: Proposals) -> None:
    asked = Talk(store).ask("Wie wird das Wetter?", Outcome.REFUSED)

    proposals.dismiss([asked, 999_999], "anna")
    proposals.dismiss([asked], "ben")
    assert Gaps(store).overview().questions == 0


def test_the_largest_group_there_may_be_is_settled_at_once(store: Store, proposals: Proposals) -> None:
    asked = Talk(store).ask("Wie wird das Wetter?", Outcome.REFUSED)
    with store.session() as session:
        of = session.get_one(Message, asked).conversation_id
        more = [
            Message(conversation_id=of, sender=Sender.USER, text="Wetter?", language="de", outcome=Outcome.REFUSED)
            for _ in range(FOUND_MAX - 1)
        ]
        session.add_all(more)
        session.flush()
        ids = [asked, *(each.id for each in more)]

    proposals.dismiss(ids, "anna")
    assert Gaps(store).overview().questions == 0
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(SettledQuestion)) == FOUND_MAX
    with pytest.raises(InvalidField):
        proposals.dismiss([*ids, ids[-1] + 1], "anna")


def test_an_entry_that_is_gone_from_the_files_is_named(proposals: Proposals, data: Path) -> None:
    proposals.assign("visa-two", {Language.GERMAN: ["Wohin muss ich?"]}, [], "anna")
    path = data / "knowledge" / "visa.yml"
    path.write_text(path.read_text("utf-8").replace("id: visa-two", "id: visa-other"), "utf-8")

    with pytest.raises(ProposalRefused, match="visa-two"):
        apply(data, [addition_of(each) for each in proposals.open()])
