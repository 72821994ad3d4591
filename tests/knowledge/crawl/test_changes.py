from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.passage import Passage
from knowledge.crawl.changes import passages_diff
from knowledge.reading.passages import digest


def passage(url: str, text: str, *headings: str) -> Passage:
    return Passage(url=url, title="T", headings=headings, text=text, hash=digest(text))


def test_that_equal_passages_give_an_empty_diff() -> None:
    before = [passage("/a", "one"), passage("/b", "two")]
    diff = passages_diff(before, list(before))
    assert diff.empty
    assert list(diff.lines()) == []


def test_that_pages_are_told_apart() -> None:
    before = [passage("/same", "s"), passage("/gone", "g"), passage("/edited", "old"), passage("/edited", "kept")]
    after = [passage("/same", "s"), passage("/edited", "kept"), passage("/edited", "new"), passage("/fresh", "f")]
    diff = passages_diff(before, after)
    assert [one.url for one in diff.added] == ["/fresh"]
    assert [one.url for one in diff.removed] == ["/gone"]
    assert [(one.url, one.added, one.removed) for one in diff.changed] == [("/edited", ("new",), ("old",))]
    assert diff.to_json()["changed"] == [{"url": "/edited", "added": 1, "removed": 1}]
    assert "~ /edited" in list(diff.lines())


def test_that_order_and_headings_count() -> None:
    before = [passage("/a", "one"), passage("/a", "two")]
    assert passages_diff(before, before[::-1]).moved == ("/a",)
    assert passages_diff([passage("/a", "x", "Old")], [passage("/a", "x", "New")]).changed[0].added == ("x",)
    assert not passages_diff([passage("/a", "x"), passage("/b", "y")], [passage("/b", "y"), passage("/a", "x")]).empty


def test_that_long_diffs_are_cut_for_reading() -> None:
    after = [passage(f"/{number}", "word " * 50) for number in range(500)]
    lines = list(passages_diff([], after).lines())
    assert len(lines) < 40
    assert lines[-1].endswith("and 470 more")


passages = st.lists(
    st.builds(passage, st.sampled_from(["/a", "/b", "/c"]), st.sampled_from("xyz"), st.sampled_from("hk"))
)


@given(passages, passages)
def test_that_a_diff_is_empty_exactly_for_equals(before: list[Passage], after: list[Passage]) -> None:
    assert passages_diff(before, after).empty == (before == after)
