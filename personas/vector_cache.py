"""Vectors of the personas' texts in a file, so that a restart need not compute them again. Needs numpy."""

from __future__ import annotations

import zipfile
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

_READ_ERRORS = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


def read_vectors(path: Path, model: str) -> dict[str, array[float]]:
    """What is known by this very model; nothing when the file is missing, broken or another model's."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["model"]) != model:
                return {}
            texts, vectors = kept["texts"].tolist(), kept["vectors"].astype(np.float32)
    except _READ_ERRORS:
        return {}
    if vectors.ndim != 2 or len(texts) != len(vectors) or not np.isfinite(vectors).all():  # noqa: PLR2004 -- rows and columns
        return {}
    return {str(text): array("f", vector.tobytes()) for text, vector in zip(texts, vectors, strict=True)}


def write_vectors(path: Path, model: str, vectors: Mapping[str, Sequence[float]]) -> None:
    """Replace the file at once. Raises OSError."""
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        rows = np.array([list(vector) for vector in vectors.values()], np.float32)
        np.savez(file, model=np.array(model), texts=np.array(list(vectors), str), vectors=rows)
    draft.replace(path)
