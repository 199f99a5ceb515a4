"""Terms in a text, whatever their spelling and language, as one canonical id."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.knowledge import LANGUAGES, Language, Term
from bot.nlu.korean import ParticleTokenizer
from bot.nlu.patterns import EMAIL, REFERENCE

RECOGNISED = ("technology", "programme", "organisation", "place", "elsewhere", "legal_form", "field", "target_language")
"""Labels that become entities; the glossary's other terms are only a matter of wording."""


@dataclass(frozen=True)
class Mention:
    """An entity in a text: `value` is the canonical id, `start` and `end` are character offsets."""

    label: str
    value: str
    start: int
    end: int


class TermRecognizer:
    """One blank spaCy pipeline a language, each with a ruler that knows every spelling of every term.

    Every pipeline knows all languages' spellings, because people mix them; the language decides how words are cut.
    """

    def __init__(self, terms: tuple[Term, ...]) -> None:
        wanted = [term for term in terms if term.label in RECOGNISED]
        self._pipelines = {language: _pipeline(language, wanted) for language in LANGUAGES}

    def recognise(self, text: str, language: Language) -> list[Mention]:
        """Every mention in `text`, in the order of the text."""
        mentions = [
            *_matches(EMAIL, "email", text, str.lower),
            *_matches(REFERENCE, "reference", text, lambda found: re.sub(r"\s", "", found).upper()),
        ]
        taken = [(mention.start, mention.end) for mention in mentions]
        doc: Doc = self._pipelines[language](text)
        for span in filter_spans(doc.ents):
            if not any(span.start_char < end and start < span.end_char for start, end in taken):
                mentions.append(Mention(span.label_, span.ent_id_, span.start_char, span.end_char))
        return sorted(mentions, key=lambda mention: mention.start)


def _pipeline(language: Language, terms: list[Term]) -> Pipeline:
    if language is Language.KOREAN:
        # spaCy's own Korean tokenizer needs a MeCab on the machine; ours splits particles, which is what rulers need.
        plain = {"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}}
        pipeline = spacy.blank("ko", config=plain)
        pipeline.tokenizer = ParticleTokenizer(pipeline.vocab)
    else:
        pipeline = spacy.blank(language.value)
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER", "overwrite_ents": True})
    ruler.add_patterns(
        [{"label": term.label, "pattern": spelling, "id": term.id} for term in terms for spelling in term.spellings]
    )
    return pipeline


def _matches(pattern: re.Pattern[str], label: str, text: str, value: Callable[[str], str]) -> list[Mention]:
    return [Mention(label, value(match.group()), *match.span()) for match in pattern.finditer(text)]
