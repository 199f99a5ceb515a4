"""Intent, knowledge entry and calibrated confidence of a message, with the runners-up.

A label is a conversation intent (`greet`) or a knowledge entry (`faq/starthub-cost`). Below the threshold that training
found, the message is `nlu_fallback`, its nearest entries kept for buttons, or `out_of_scope` where nothing is near.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Component
from bot.nlu.encoders import Kind
from bot.nlu.entities import TERMS
from bot.nlu.features import Text
from bot.nlu.model import Model, Ranking, Scope
from bot.nlu.sentence_features import MENDED, sentence_vectors
from bot.nlu.trainer import Goals, train
from bot.nlu.training_texts import LABEL_TEXTS, LabelTexts, training_texts
from bot.nlu.turn import Payload, TurnContext, looks_like_payload, plain_text, read_context

FAQ = "faq"
FOLLOW_UP = "follow_up"
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"

FOLLOW_UP_MAX_WORDS = 8
"""A question that leans on the one before is short; a long one says itself what it is about."""

_WORD = re.compile(r"\w+")
_HAS_CONTENT = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Understanding:
    """What a message means.

    Arguments:
        confidence: calibrated probability that the intent is right.
        entries: the nearest knowledge entries with their probabilities, best first.
        ranking: the likeliest labels with their probabilities.
        answer_confidence: calibrated probability that the first of `entries` answers, whatever the intent.
        inside: how likely a fact is asked for that is known; 0 where something else is likelier than any entry.
    """

    intent: str
    confidence: float
    entries: tuple[tuple[str, float], ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    answer_confidence: float = 0.0
    inside: float = 0.0

    @property
    def entry(self) -> str | None:
        """The entry to answer with, for the intent `faq` only."""
        return self.entries[0][0] if self.intent == FAQ and self.entries else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeClassifier(Component):
    """Sets `intent`, `intent_ranking` and the `response_selector` that `utter_faq` reads."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: Model | None = None,
        neighbours: dict[str, list[str]] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._neighbours = neighbours or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeClassifier:
        """Rasa's way to make a component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeClassifier:
        """Read a trained component back from a model."""
        with model_storage.read_from(resource) as folder:
            # Arrays without objects: nothing in a model file is unpickled.
            content = io.BytesIO((folder / "model.npz").read_bytes())
            with np.load(content, allow_pickle=False) as arrays:
                model = Model.from_arrays(arrays)
            neighbours = json.loads((folder / "neighbours.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, model, neighbours)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings.

        `precision`, `answered_outside` and `asked_outside` are explained in `bot.nlu.trainer.Goals`. A message with
        nothing nearer than `similarity_floor` is out of scope. The `follow_up_...` settings were chosen on the 108
        follow-up questions of the tuning set, of which they lead 84 to the right entry and 11 to another: from `share`
        on a message is read in context, moved by `context` towards the previous entry, which itself counts `same` as
        much as others, and answered from `threshold` on.
        """
        return {
            "precision": 0.9,
            "answered_outside": 0.1,
            "asked_outside": 0.2,
            "follow_up_context": 0.6,
            "follow_up_share": 0.1,
            "follow_up_same": 0.03,
            "follow_up_threshold": 0.6,
            "similarity_floor": 0.3,
            "ranking_length": 8,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example with an intent, and write the model."""
        texts, labels = [], []
        answers: dict[str, list[Text]] = {}
        for example in training_data.training_examples:
            vectors = sentence_vectors(example)
            if vectors is None:
                continue
            label = example.get_full_intent()
            for each, text in zip(training_texts(example), _texts(example, vectors), strict=True):
                if each.kind is Kind.ANSWER:
                    answers.setdefault(label, []).append(text)
                else:
                    texts.append(text)
                    labels.append(label)
            known: LabelTexts | None = example.get(LABEL_TEXTS)
            if known and known.neighbours:
                self._neighbours[label] = list(known.neighbours)
        goals = Goals(
            self._config["precision"], OUT_OF_SCOPE, self._config["answered_outside"], self._config["asked_outside"]
        )
        self._model = train(texts, labels, goals, answers)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "model.npz", **self._model.arrays())
            (folder / "neighbours.json").write_text(json.dumps(self._neighbours), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Understand each message."""
        for message in messages:
            context = read_context(message.get("metadata"))
            understanding = _pressed(context.payload) if context.payload else self.understand(message, context)
            _write(message, understanding)
        return messages

    def understand(self, message: Message, context: TurnContext) -> Understanding:
        """The meaning of a typed message."""
        text = plain_text(message.get(TEXT) or "")
        vectors = sentence_vectors(message)
        if self._model is None or vectors is None or not _HAS_CONTENT.search(text) or looks_like_payload(text):
            return Understanding(OUT_OF_SCOPE, 1.0)
        (seen,) = _texts(message, vectors)
        features = self._model.features(seen)
        ranking = self._model.rank(seen, features, self._config["ranking_length"])
        label, scope = ranking.labels[0], self._model.scope(ranking)
        sure = scope is Scope.INSIDE and ranking.confidence >= self._model.threshold
        if context.previous_entry and self._leans(text, ranking, sure):
            leaning = self._lean(self._model, features, context.previous_entry)
            if leaning is not None:
                return leaning
        entries = _entries(ranking)
        pairs = tuple(zip(ranking.labels, ranking.probabilities, strict=True))
        likelihoods = _answer_confidence(ranking, entries), ranking.inside if label.startswith(f"{FAQ}/") else 0.0
        if sure:
            intent = FAQ if label.startswith(f"{FAQ}/") else label
            return Understanding(intent, ranking.confidence, entries, pairs, *likelihoods)
        near = ranking.similarity >= self._config["similarity_floor"]
        if label == OUT_OF_SCOPE or scope is Scope.OUTSIDE or not near or not entries:
            return Understanding(OUT_OF_SCOPE, 1.0 - ranking.confidence, entries, pairs, *likelihoods)
        return Understanding(FALLBACK, 1.0 - ranking.confidence, entries, pairs, *likelihoods)

    def _leans(self, text: str, ranking: Ranking, sure: bool) -> bool:
        """Whether a message is short and may well ask about what was answered before."""
        if len(_WORD.findall(text)) > FOLLOW_UP_MAX_WORDS:
            return False
        if ranking.labels[0] == FOLLOW_UP:
            return True
        likely = dict(zip(ranking.labels, ranking.probabilities, strict=True)).get(FOLLOW_UP, 0.0)
        names_an_entry = ranking.labels[0].startswith(f"{FAQ}/")
        return likely >= self._config["follow_up_share"] and not (sure and names_an_entry)

    def _lean(self, model: Model, features: np.ndarray, previous: str) -> Understanding | None:
        """Read a short question as one about the entry answered before.

        The message's features are moved towards the previous entry's, and only that entry's neighbours (its
        follow-ups and its topic) and, with less weight, itself may answer.
        """
        before = f"{FAQ}/{previous}"
        centre = model.centre(before)
        if centre is None:
            return None
        length = np.linalg.norm(features)
        moved = features / length + self._config["follow_up_context"] * centre
        moved *= length / np.linalg.norm(moved)
        scores = model.scores(moved, [before, *self._neighbours.get(before, [])])
        scores[before] *= self._config["follow_up_same"]
        total = sum(scores.values())
        ranked = sorted(
            ((name.partition("/")[2], score / total) for name, score in scores.items()), key=lambda item: -item[1]
        )
        entries = tuple(ranked[: self._config["ranking_length"]])
        intent = FAQ if entries[0][1] >= self._config["follow_up_threshold"] else FALLBACK
        return Understanding(intent, entries[0][1], entries)


def _texts(message: Message, vectors: np.ndarray) -> list[Text]:
    """A message's texts as the components before have left them."""
    terms = message.get(TERMS) or [()] * len(vectors)
    return [Text.of(*seen) for seen in zip(message.get(MENDED), vectors, terms, strict=True)]


def _pressed(payload: Payload) -> Understanding:
    if payload.intent == FAQ:
        return Understanding(FAQ, 1.0, ((payload.entities.get("entry", ""), 1.0),))
    return Understanding(payload.intent, 1.0)


def _entries(ranking: Ranking) -> tuple[tuple[str, float], ...]:
    return tuple(
        (label.partition("/")[2], probability)
        for label, probability in zip(ranking.labels, ranking.probabilities, strict=True)
        if label.startswith(f"{FAQ}/")
    )


def _answer_confidence(ranking: Ranking, entries: tuple[tuple[str, float], ...]) -> float:
    """How likely the first entry answers: where another label leads, its share of what that label leaves."""
    if not entries:
        return 0.0
    if ranking.labels[0].startswith(f"{FAQ}/"):
        return ranking.confidence
    return (1.0 - ranking.confidence) * entries[0][1] / max(1.0 - ranking.probabilities[0], 1e-9)


def _write(message: Message, understanding: Understanding) -> None:
    """Put the result where Rasa's policies and its retrieval action look for it."""
    message.set(INTENT, {"name": understanding.intent, "confidence": understanding.confidence}, add_to_output=True)
    message.set(
        INTENT_RANKING_KEY,
        [{"name": name, "confidence": probability} for name, probability in understanding.ranking],
        add_to_output=True,
    )
    key = f"{FAQ}/{understanding.entry}" if understanding.entry else None
    message.set(
        RESPONSE_SELECTOR,
        {
            "all_retrieval_intents": [FAQ],
            FAQ: {
                "response": {
                    "intent_response_key": key,
                    "utter_action": f"utter_{key}" if key else None,
                    "confidence": understanding.confidence,
                },
                "ranking": [
                    {"intent_response_key": f"{FAQ}/{entry}", "confidence": probability}
                    for entry, probability in understanding.entries
                ],
            },
        },
        add_to_output=True,
    )
