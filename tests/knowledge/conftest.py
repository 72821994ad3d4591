from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.files import read_passages
from knowledge.search.passage_index import PassageIndex

DESK = Path(__file__).parents[2] / "examples" / "desk"


@pytest.fixture(scope="session")
def index() -> PassageIndex:
    return PassageIndex(read_passages(DESK / "knowledge.jsonl"))
