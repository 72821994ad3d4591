"""Vectors of texts, kept in a file beside the passages so that only what changed is computed again."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from array import array
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from core.ports import Embedder

_log = logging.getLogger(__name__)

_AT_ONCE = 128
"""Texts of one call, so that a visitor's question never waits behind a whole site."""
_KEY = 16
_FORMAT = 1
_HEADER_LIMIT = 1_000


class _Header(NamedTuple):
    model: str
    dimension: int
    texts: int


async def vectors_of(texts: Sequence[str], embedder: Embedder, cache: Path | None) -> Mapping[str, array[float]]:
    """A vector for every text. Raises `ModelError` where the model fails.

    `cache` is read and replaced; a missing or damaged one, and one of another model, costs only time.
    """
    wanted = dict.fromkeys(texts)
    keys = {text: _key(text) for text in wanted}
    known = await asyncio.to_thread(_read, cache, embedder.model, set(keys.values())) if cache else {}
    found = {text: known[key] for text, key in keys.items() if key in known}
    missing = sorted((text for text in wanted if text not in found), key=len)
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        found.update(zip(part, await embedder.embed(part), strict=True))
    if cache:
        kept = {keys[text]: vector for text, vector in found.items()}
        await asyncio.to_thread(_keep, cache, embedder.model, kept, changed=bool(missing))
    return found


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_KEY).digest()


def _read(path: Path, model: str, wanted: Collection[bytes]) -> dict[bytes, array[float]]:
    """Those of `wanted` that the file holds."""
    try:
        data = path.read_bytes()
        header, start = _header(data)
        keys_end = start + header.texts * _KEY
        size = header.dimension * array("f").itemsize
        if header.model != model or len(data) != keys_end + header.texts * size:
            return {}
        found = {}
        for number in range(header.texts):
            key = data[start + number * _KEY : start + (number + 1) * _KEY]
            if key in wanted:
                found[key] = array("f", data[keys_end + number * size : keys_end + (number + 1) * size])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s: not a file of vectors (%s); it is made anew", path, error)
        return {}
    return found


def _header(data: bytes) -> tuple[_Header, int]:
    end = data.index(b"\n", 0, _HEADER_LIMIT)
    read = json.loads(data[:end])
    if read["format"] != _FORMAT:
        raise ValueError(f"format {read['format']}")
    return _Header(model=read["model"], dimension=int(read["dimension"]), texts=int(read["texts"])), end + 1


def _count(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return _header(file.read(_HEADER_LIMIT))[0].texts
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def _keep(path: Path, model: str, vectors: Mapping[bytes, array[float]], *, changed: bool) -> None:
    """Replace the file where it lacks texts or holds others."""
    if not changed and len(vectors) == _count(path):
        return
    dimension = len(next(iter(vectors.values()), ()))
    header = {"format": _FORMAT, "model": model, "dimension": dimension, "texts": len(vectors)}
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            file.writelines(vectors)
            file.writelines(vector.tobytes() for vector in vectors.values())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        _log.warning("%s: the vectors could not be kept (%s); they are computed again at the next start", path, error)
