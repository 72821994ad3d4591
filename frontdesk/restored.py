"""After a backup was restored: whoever was erased since it was made is taken out again."""

from __future__ import annotations

from dataclasses import asdict

from core.erasing import Erased
from core.tombstones import Tombstones, merged, reapply
from store.open import OpenStore


async def reapply_tombstones(opened: OpenStore, tombstones: Tombstones) -> Erased:
    """Take out again whom this list or the store's own names, record the list, and write the store's files anew.

    The list is that of the store which the backup replaces, or a saved one. No hub may serve meanwhile. Raises
    `StoreUnavailable` and `DependencyError`; doing it again does no harm.
    """
    store = opened.store
    known = merged(await store.erasure.recorded(), tombstones)
    for name, at in known.items():
        await store.erasure.record((name,), at=at)
    erased = await reapply(store, known, conversations=opened.conversations(), people=opened.people())
    await opened.compact()
    return _sum(erased)


def _sum(erased: tuple[Erased, ...]) -> Erased:
    total: dict[str, int] = {}
    for one in erased:
        for name, count in asdict(one).items():
            total[name] = total.get(name, 0) + count
    return Erased(**total)
