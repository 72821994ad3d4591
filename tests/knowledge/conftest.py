from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.files import folder_passages
from knowledge.search.passage_index import PassageIndex

SITE = Path(__file__).parents[2] / "examples" / "site"


@pytest.fixture(scope="session")
def index() -> PassageIndex:
    return PassageIndex(folder_passages(SITE))
