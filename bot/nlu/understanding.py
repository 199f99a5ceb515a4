"""Understanding without Rasa's server: for measuring the very code that the engine runs.

`Understander` takes a trained model apart and calls its components one after the other, as Rasa's graph does.
`train_examples` puts the same features, classifier and calibration on any labelled texts, such as a public benchmark.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge import Language
from bot.nlu.classifier import OUT_OF_SCOPE, KnowledgeClassifier, Understanding
from bot.nlu.encoders import SentenceEncoder
from bot.nlu.features import Text
from bot.nlu.model import Model
from bot.nlu.trainer import Goals, train
from bot.nlu.turn import mark_text, read_context

_COMPONENTS = "bot.nlu."


class Understander:
    """A trained model's components in the order of the pipeline."""

    def __init__(self, components: Sequence[Any]) -> None:
        self._components = tuple(components[:-1])
        self._classifier: KnowledgeClassifier = components[-1]

    @classmethod
    def load(cls, model_path: Path) -> Understander:
        """Read a model archive that `bot train` wrote; the working folder must be the project's root.

        Raises:
            FileNotFoundError: there is no such archive.
            ValueError: the archive's pipeline does not end with the project's classifier.
        """
        if not model_path.is_file():
            raise FileNotFoundError(f"no model at {model_path}: run `bot train`")
        with tempfile.TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model_path)
            components = [
                _load(name, node, storage)
                for name, node in metadata.predict_schema.nodes.items()
                if node.fn == "process" and node.uses.__module__.startswith(_COMPONENTS)
            ]
        if not components or not isinstance(components[-1], KnowledgeClassifier):
            raise ValueError(f"{model_path}: the pipeline does not end with {KnowledgeClassifier.__name__}")
        return cls(components)

    def understand(
        self, text: str, language: Language | None = None, *, previous_entry: str | None = None
    ) -> Understanding:
        """What `text` means.

        Arguments:
            language: the conversation's language before this message; English where there is none.
            previous_entry: the entry answered last, which a follow-up question leans on.
        """
        metadata = {"language": (language or Language.ENGLISH).value, "previous_entry": previous_entry}
        message = Message({TEXT: mark_text(text), "metadata": metadata})
        for component in self._components:
            component.process([message])
        return self._classifier.understand(message, read_context(metadata))


@dataclass(frozen=True)
class Classification:
    """A text's label, the out-of-scope one below the threshold, and how likely it is in scope."""

    label: str
    best: str
    inside: float


class ExampleClassifier:
    """The project's features and classifier over arbitrary labels; see `train_examples`."""

    def __init__(self, encoder: SentenceEncoder, model: Model, threshold: float, out_of_scope: str) -> None:
        self._encoder = encoder
        self._model = model
        self._threshold = threshold
        self._out_of_scope = out_of_scope

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """Label each text."""
        result = []
        for vector, text in zip(self._encoder.encode(texts), texts, strict=True):
            seen = Text.of(text, vector)
            ranking = self._model.rank(seen, self._model.features(seen))
            sure = ranking.inside >= self._threshold
            best = ranking.labels[0]
            result.append(Classification(best if sure else self._out_of_scope, best, ranking.inside))
        return result


def train_examples(
    training: Sequence[tuple[str, str]],
    validation: Sequence[tuple[str, str]],
    *,
    out_of_scope: str = OUT_OF_SCOPE,
    recall: float = 0.92,
) -> ExampleClassifier:
    """Train the project's pipeline on pairs of text and label.

    Arguments:
        training: pairs to learn from, those of the label `out_of_scope` among them.
        validation: pairs on which the threshold is chosen.
        recall: the share of validation texts out of scope that the threshold must tell to be that, 0 to 1; a higher
            share costs accuracy on the others.

    Raises:
        ValueError: too few labels or examples; see `bot.nlu.trainer.train`.
    """
    encoder = SentenceEncoder()
    vectors = encoder.encode([text for text, _ in training])
    texts = [Text.of(text, vector) for vector, (text, _) in zip(vectors, training, strict=True)]
    defaults = KnowledgeClassifier.get_default_config()
    goals = Goals(defaults["precision"], out_of_scope, defaults["answered_outside"], defaults["asked_outside"])
    model = train(texts, [label for _, label in training], goals)
    trial = ExampleClassifier(encoder, model, 0.0, out_of_scope).classify([text for text, _ in validation])
    threshold = _threshold_for(trial, [label for _, label in validation], out_of_scope, recall)
    return ExampleClassifier(encoder, model, threshold, out_of_scope)


def _threshold_for(trial: Sequence[Classification], labels: Sequence[str], out_of_scope: str, recall: float) -> float:
    """The lowest threshold at which so many of the validation texts out of scope are told to be that."""
    insides = sorted(found.inside for found, label in zip(trial, labels, strict=True) if label == out_of_scope)
    if not insides:
        return 0.0
    missed = int((1 - recall) * len(insides) + 1e-9)
    return float(np.nextafter(insides[len(insides) - 1 - missed], 1.0))


def _load(name: str, node: Any, storage: LocalModelStorage) -> GraphComponent:
    context = ExecutionContext(graph_schema=None, node_name=name)
    make = node.uses.load if node.constructor_name == "load" else node.uses.create
    config = {**node.uses.get_default_config(), **node.config}
    resource = node.resource or Resource(name)
    return make(config=config, model_storage=storage, resource=resource, execution_context=context)
