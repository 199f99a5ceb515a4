"""Tests of what runs inside the engine, with its real libraries.

PYTHONPATH=. engine/.venv/bin/python -m pytest tests/engine
"""

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# In the app's environment there is no Rasa: the same folder is then simply left out.
collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py"]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


@pytest.fixture(scope="session")
def detector() -> Any:
    from bot.nlu.identification import LinguaDetector

    return LinguaDetector()


@pytest.fixture(scope="session")
def extractor() -> Any:
    from bot.nlu.entities import TermEntityExtractor

    return TermEntityExtractor({"terms": str(ROOT / "data" / "terms.yml")})


@pytest.fixture(scope="session")
def recognizer(extractor: Any) -> Any:
    """The extractor's own: a second one would take seconds to build."""
    return extractor._recognizer


@pytest.fixture(scope="session")
def importer() -> Any:
    from bot.nlu.importer import KnowledgeImporter

    paths = [str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules")]
    return KnowledgeImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), paths)


@pytest.fixture(scope="session")
def trained(importer: Any, extractor: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The pipeline from the extractor on, trained on the real data as Rasa's graph does it; the classifier last."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    from bot.nlu.classifier import KnowledgeClassifier
    from bot.nlu.sentence_features import SentenceFeaturizer

    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource, spelling = Resource("classifier"), Resource("spelling")
    texts = importer.get_nlu_data()
    SentenceFeaturizer(storage, spelling).train(texts)
    featurizer = SentenceFeaturizer.load({}, storage, spelling, None)
    data = featurizer.process_training_data(extractor.process_training_data(texts))
    config = KnowledgeClassifier.get_default_config()
    KnowledgeClassifier(config, storage, resource).train(data)
    return extractor, featurizer, KnowledgeClassifier.load(config, storage, resource, None)
