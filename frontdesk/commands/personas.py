"""`frontdesk personas`: kinds of visitor that keep coming and fit no persona, ready to be made one."""

from __future__ import annotations

import argparse
import asyncio
import json
from array import array
from collections.abc import Sequence

import yaml

from config import Desk
from core.errors import ConfigError, DependencyError, ModelError
from core.people_ports import Dismissal, Unmatched
from core.unmatched import UnmatchedChat
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.embedding import desk_embedder
from frontdesk.loop import run_async
from knowledge.files import read_passages
from personas.proposals import Background, Proposal, propose, words_of_personas

LINE_WIDTH = 110


def run(options: argparse.Namespace) -> int:
    """List the proposals with the YAML to paste, or dismiss one."""
    desk = read_desk(options.config)
    return run_async(_dismiss(desk, options.dismiss) if options.dismiss else _show(desk, as_json=options.json))


async def _show(desk: Desk, *, as_json: bool) -> int:
    async with store_beside(desk) as store:
        chats = await store.unmatched.chats()
        found = await proposals_of(desk, store.unmatched, chats)
    if as_json:
        content = {"chats": len(chats), "proposals": [_as_json(one) for one in found]}
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return 0
    print(
        f"{len(chats)} chats of the last 90 days fit no persona; {len(found) or 'no'} new kinds of visitor among them."
    )
    for one in found:
        print(f"\n{one.why}")
        for example in one.examples:
            print(f"  “{example}”")
        print(f"To make it a persona, put this under `personas:` and edit it:\n\n{as_yaml(one)}", end="")
        print(f"\nNot a persona? frontdesk personas -c {desk.directory} --dismiss {one.id}")
    return 0


async def _dismiss(desk: Desk, identity: str) -> int:
    async with store_beside(desk) as store:
        unmatched = store.unmatched
        found = {one.id: one for one in await proposals_of(desk, unmatched, await unmatched.chats())}
        if identity not in found:
            known = ", ".join(found) or "none at the moment"
            raise ConfigError(f"there is no proposal {identity!r}; there are: {known}")
        await unmatched.dismiss(Dismissal(id=identity, words=found[identity].words))
    print(f"{found[identity].name} will not be proposed again.")
    return 0


async def proposals_of(desk: Desk, unmatched: Unmatched, chats: Sequence[UnmatchedChat]) -> tuple[Proposal, ...]:
    """Proposals that are neither dismissed nor a persona by now."""
    vectors, dismissed = await _vectors(desk, [chat.text for chat in chats]), await unmatched.dismissed()
    return await asyncio.to_thread(_proposed, desk, chats, vectors, dismissed)


def _proposed(
    desk: Desk, chats: Sequence[UnmatchedChat], vectors: Sequence[array[float]], dismissed: Sequence[Dismissal]
) -> tuple[Proposal, ...]:
    company = desk.settings.company
    passages = read_passages(desk.locate(desk.settings.knowledge.file), site=str(company.site))
    texts = (*(passage.text for passage in passages), *(" ".join(one.cues) for one in desk.personas))
    return propose(
        chats,
        vectors=vectors,
        background=Background(texts=texts, language=company.language),
        dismissed=(*(one.words for one in dismissed), *words_of_personas(desk.personas, company.language)),
    )


def as_yaml(proposal: Proposal) -> str:
    """An entry of `personas.yaml`, indented as it stands there."""
    entry = {
        "id": proposal.id,
        "name": proposal.name,
        "kind": "segment",
        "description": "",
        "cues": list(proposal.cues),
    }
    text = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=LINE_WIDTH)
    return "".join(f"  {line}\n" for line in text.splitlines())


async def _vectors(desk: Desk, texts: Sequence[str]) -> Sequence[array[float]]:
    """What the texts mean by the desk's embedding model; without one, words alone must do."""
    async with desk_embedder(desk, SystemClock()) as embedder:
        if not texts or embedder is None:
            return ()
        try:
            return await embedder.embed(texts)
        except (DependencyError, ModelError):
            return ()


def _as_json(proposal: Proposal) -> dict[str, object]:
    return {
        "id": proposal.id,
        "name": proposal.name,
        "cues": proposal.cues,
        "examples": proposal.examples,
        "count": proposal.count,
        "visitors": proposal.visitors,
        "nearestPersona": proposal.nearest_persona,
        "why": proposal.why,
        "yaml": as_yaml(proposal),
    }
