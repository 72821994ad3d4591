from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.course import Course, Stage, Step, periods_of
from core.directory import Ask, Directory, Listing, Order
from core.ids import ConversationId, VisitorId
from core.progress import share_of
from core.store_ports import Store
from store.directory import RedisDirectory
from store.open import OpenStore, open_store
from tests.contracts.builders import NOW
from tests.contracts.stores import new_tenant


def row(chat: str, /, **changes: Any) -> Listing:
    plain = Listing(
        conversation=ConversationId(chat),
        visitor=VisitorId("v"),
        version=1,
        created_at=NOW,
        active_at=NOW,
        channel="web",
        language="en",
    )
    return replace(plain, **changes)


async def names(directory: Directory, **ask: Any) -> list[str]:
    """Every page of what is asked for."""
    found: list[str] = []
    after = ""
    while True:
        page = await directory.find(Ask(**ask, after=after))
        found += [one.conversation for one in page.rows]
        after = page.next
        if not after:
            return found


async def test_that_each_order_begins_with_the_highest_and_pages_follow_each_other(store: Store) -> None:
    rows = [row(f"c{n}", active_at=NOW + n, created_at=NOW - n, score=n % 3, confidence=n / 10) for n in range(7)]
    for one in rows:
        await store.directory.list(one)

    scores = {
        Order.ACTIVE: [(one.active_at, one.conversation) for one in rows],
        Order.CREATED: [(one.created_at, one.conversation) for one in rows],
        Order.SCORE: [(one.score, one.conversation) for one in rows],
        Order.CONFIDENCE: [(one.confidence, one.conversation) for one in rows],
    }
    for order, pairs in scores.items():
        expected = [conversation for _, conversation in sorted(pairs, reverse=True)]
        for count in (2, 7, 50):
            assert await names(store.directory, order=order, count=count) == expected


async def test_that_a_newer_row_replaces_an_older_one_everywhere_and_never_the_other_way(store: Store) -> None:
    old = row("c1", persona="clinics", name="Ada Byron", score=10)
    new = replace(old, version=2, persona="shops", name="Ada King", score=90, status="new")
    await store.directory.list(old)
    await store.directory.list(new)
    await store.directory.list(new)
    await store.directory.list(old)

    assert (await store.directory.find(Ask())).rows == (new,)
    assert await names(store.directory, filters={"persona": "clinics"}) == []
    assert await names(store.directory, prefix="byr") == []
    assert await names(store.directory, prefix="kin") == ["c1"]
    counts = await store.directory.counts()
    assert counts["persona"] == {"shops": 1}
    assert counts["status"] == {"new": 1}


async def test_that_people_are_found_by_the_beginning_of_name_company_and_address(store: Store) -> None:
    await store.directory.list(
        row("c1", name="Zoë de la Cruz", company="Nordwind GmbH", email="z.cruz@nordwind.example")
    )
    await store.directory.list(row("c2", name="Bob", company="Südwind", email="bob@elsewhere.example"))

    for prefix in ("zoë", "ZOË D", "cruz", "nord", "Nordwind G", "z.cruz@n", "  zoë  de "):
        assert await names(store.directory, prefix=prefix) == ["c1"], prefix
    assert await names(store.directory, prefix="nobody") == []
    assert await names(store.directory, prefix="\xff\0*") == []


async def test_that_who_is_forgotten_is_in_no_list_or_count_and_does_not_come_back(store: Store) -> None:
    gone, stays = row("c1", name="Ada", persona="clinics", owner="U1"), row("c2", persona="clinics")
    await store.directory.list(gone)
    await store.directory.list(stays)

    await store.directory.forget(gone.conversation, at=NOW + 60)
    await store.directory.list(replace(gone, version=9))

    assert await names(store.directory) == ["c2"]
    assert await names(store.directory, prefix="ada") == []
    assert dict(await store.directory.counts()) == {
        "persona": {"clinics": 1},
        "channel": {"web": 1},
        "readiness": {"low": 1},
        "language": {"en": 1},
    }
    anew = row("c1", created_at=NOW + 120, version=1)
    await store.directory.list(anew)
    assert set(await names(store.directory)) == {"c1", "c2"}


async def test_that_nonsense_is_refused_in_words(store: Store) -> None:
    await store.directory.list(row("c1"))
    for ask in (Ask(filters={"shoes": "red"}), Ask(after="nowhere"), Ask(after="nan:c1")):
        with pytest.raises(ValueError, match=r"\w"):
            await store.directory.find(ask)
    assert (await store.directory.find(Ask(count=10**9))).rows == (row("c1"),)


_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["", "Ada", "Adam", "Bob"]),
            "persona": st.sampled_from(["", "clinics", "shops"]),
            "readiness": st.sampled_from(["low", "high"]),
            "score": st.integers(0, 3).map(float),
        }
    ),
    max_size=30,
)
_FILTERS = st.dictionaries(st.sampled_from(["persona", "readiness"]), st.sampled_from(["clinics", "low", "high"]))


@pytest.mark.parametrize("candidates", [1, 2_000])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_rows=_ROWS, filters=_FILTERS, prefix=st.sampled_from(["", "ad", "b"]), count=st.integers(1, 9))
async def test_that_every_mixture_of_filters_finds_what_a_scan_would_find(
    opened: OpenStore,
    monkeypatch: pytest.MonkeyPatch,
    candidates: int,
    given_rows: list[dict[str, Any]],
    filters: Mapping[str, str],
    prefix: str,
    count: int,
) -> None:
    """With few candidates allowed the order is walked, otherwise the candidates are sorted."""
    monkeypatch.setattr("store.directory.MOST_CANDIDATES", 2_000 if prefix else candidates)
    directory = RedisDirectory(opened._commands, opened._keys)
    for n in range(30):
        await directory.forget(ConversationId(f"c{n}"), at=0.0)
    rows = [row(f"c{n}", **fields) for n, fields in enumerate(given_rows)]
    for one in rows:
        await directory.list(one)

    fitting = [
        one
        for one in rows
        if one.name.casefold().startswith(prefix)
        and all(getattr(one, name) == value for name, value in filters.items())
    ]
    expected = [one.conversation for one in sorted(fitting, key=lambda o: (o.score, o.conversation), reverse=True)]
    found = await names(directory, order=Order.SCORE, filters=filters, prefix=prefix, count=count)
    assert found == expected


def walked(chat: str, /, *stages: Stage, at: float = NOW, **changes: Any) -> Listing:
    course = Course(steps=tuple(Step(stage, at) for stage in stages), waited=changes.pop("waited", None))
    return row(chat, created_at=at, course=course, messages=1, **changes)


async def test_that_a_stage_counts_once_however_often_and_late_a_row_comes(store: Store) -> None:
    first = walked("c1", Stage.ENGAGED, waited=3.0, pending="volume", asked=("volume",))
    later = replace(
        walked("c1", Stage.ENGAGED, Stage.EMAIL, waited=3.0, asked=("volume",), persona="clinics", campaign="spring"),
        version=2,
    )
    for one in (first, first, later, later, first):
        await store.directory.list(one)
    await store.directory.list(walked("c2", Stage.ENGAGED, at=NOW + 90 * 86_400))

    day, month = periods_of(NOW)
    found = await store.directory.tallies((day, month, "1999-01-01"))
    assert found[day] == found[month]
    assert found["1999-01-01"] == {}
    assert found[day] == {
        **{f"{stage}|": 1 for stage in ("visitor", "engaged", "email")},
        **{f"{stage}|persona:clinics": 1 for stage in ("visitor", "engaged", "email")},
        **{f"{stage}|channel:web": 1 for stage in ("visitor", "engaged", "email")},
        **{f"{stage}|campaign:spring": 1 for stage in ("visitor", "engaged", "email")},
        "asked|volume": 1,
        "answer|2": 1,
    }


async def test_that_who_was_taken_out_still_counts_and_leaves_no_words(store: Store) -> None:
    gone = walked("c1", Stage.ENGAGED, campaign="for Ada Byron", name="Ada Byron")
    await store.directory.list(gone)
    await store.directory.forget(gone.conversation, at=NOW + 60)
    await store.directory.list(replace(gone, version=2))
    await store.directory.forget(gone.conversation, at=NOW + 60)

    day, _ = periods_of(NOW)
    assert (await store.directory.tallies((day,)))[day] == {
        f"{stage}|{dimension}": 1 for stage in ("visitor", "engaged") for dimension in ("", "channel:web")
    }


_WALKS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3"]),
        st.integers(1, 4),
        st.lists(st.sampled_from(list(Stage)[1:]), unique=True, max_size=4),
        st.fixed_dictionaries(
            {
                "persona": st.sampled_from(["", "clinics", "shops"]),
                "campaign": st.sampled_from(["", "spring"]),
                "pending": st.sampled_from(["", "volume"]),
                "at": st.sampled_from([NOW, NOW + 40 * 86_400]),
            }
        ),
    )
    | st.sampled_from(["c1", "c2", "c3"]),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walks=_WALKS)
async def test_that_the_counters_are_what_the_log_sums_up_to(embedded_server: str, walks: list[Any]) -> None:
    """Whatever comes, in whatever order, and whoever is taken out: the rows give the same sums."""
    opened = await open_store(embedded_server, tenant=new_tenant(), shards=2)
    directory = opened.store.directory
    taken_out: Counter[tuple[str, str]] = Counter()
    held: dict[str, Listing] = {}
    for walk in walks:
        if isinstance(walk, str):
            if one := held.pop(walk, None):
                taken_out += _sums([replace(one, campaign="")])
            await directory.forget(ConversationId(walk), at=0.0)
            continue
        chat, version, stages, changes = walk
        one = replace(walked(chat, *stages, **changes), version=version)
        if chat not in held or held[chat].version <= version:
            held[chat] = one
        await directory.list(one)

    periods = sorted({*periods_of(NOW), *periods_of(NOW + 40 * 86_400)})
    counted = {
        (period, name): count
        for period, names in (await directory.tallies(periods)).items()
        for name, count in names.items()
    }
    rows = (await directory.find(Ask())).rows
    assert counted == dict(taken_out + _sums(rows))
    summed = await directory.summed(periods, ["visitor|", "email|"])
    assert summed.total == dict(sum((Counter({name: n}) for (_, name), n in counted.items()), Counter()))
    assert {(period, name): n for period, names in summed.each.items() for name, n in names.items()} == {
        key: n for key, n in counted.items() if key[1] in {"visitor|", "email|"}
    }
    await opened.close()


def _sums(rows: Iterable[Listing]) -> Counter[tuple[str, str]]:
    shares = [share_of(one) for one in rows]
    return Counter((period, name) for share in shares for period in share.periods for name in share.names())
