"""Where those are helped who do not buy, as the company's own site says it: jobs, support, press, theses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.passage import Finding
from core.ports import Knowledge
from core.understanding import VisitorType

_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|\b(?!\d)[\w-]+\.[\w-]+\.[a-z]{2,}\b|https?://|(?<![\d,.])\+?\(?\d[\d()/ -]{6,}\d"
)
_SEARCHED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """What to search a site for, and what a sentence speaks of that tells somebody where to go."""

    query: str
    speaks_of: re.Pattern[str]


def _door(query: str, *words: str) -> _Door:
    return _Door(query=query, speaks_of=re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE))


DOORS = {
    VisitorType.JOB_SEEKER: _door(
        "where to send job applications, open positions?",
        "job", "career", "position", "applica", "vacanc", "hiring", "stelle", "bewerb", "emploi", "empleo", "vaga",
    ),
    VisitorType.CUSTOMER: _door(
        "existing customers, where do I get help and support?",
        "support", "help", "existing customer", "hilfe", "kundendienst", "assistance", "ayuda", "soporte", "suporte",
    ),
    VisitorType.STUDENT: _door(
        "where do students write for a thesis or research?",
        "student", "thesis", "research", "studie", "étudiant", "estudiante", "estudante",
    ),
    VisitorType.VENDOR: _door(
        "where do suppliers write who offer services?", "supplier", "vendor", "lieferant", "fournisseur", "proveedor"
    ),
}  # fmt: skip


async def door_for(knowledge: Knowledge, kind: VisitorType) -> Finding | None:
    """The statement of the site that tells such a visitor where to write, call or look; None where there is none."""
    door = DOORS.get(kind)
    if door is None:
        return None
    for finding in await knowledge.search(door.query, limit=_SEARCHED):
        for sentence in finding.sentences:
            if _ADDRESS.search(sentence) and door.speaks_of.search(sentence):
                return replace(finding, sentences=(sentence,), near=False, conflicts=(), prices=(), lead="")
    return None
