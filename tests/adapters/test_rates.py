from __future__ import annotations

import pytest

from adapters.rates import Rates, SlowDown, client_key


class Ticks:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def taken(rates: Rates, key: str, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            rates.take(key)
        except SlowDown:
            continue
        count += 1
    return count


def test_that_a_burst_passes_and_then_the_rate_holds() -> None:
    ticks = Ticks()
    rates = Rates(per_second=1, burst=5, ticks=ticks)
    assert taken(rates, "a", 10) == 5
    ticks.at = 1.0
    assert taken(rates, "a", 10) == 1
    ticks.at = 100.0
    assert taken(rates, "a", 10) == 5


def test_that_a_refusal_says_how_long_to_wait_and_costs_nothing() -> None:
    ticks = Ticks()
    rates = Rates(per_second=2, burst=1, ticks=ticks)
    rates.take("a")
    with pytest.raises(SlowDown) as caught:
        rates.take("a")
    assert caught.value.retry_after == pytest.approx(0.5)
    ticks.at = caught.value.retry_after
    rates.take("a")


def test_that_keys_do_not_share() -> None:
    rates = Rates(per_second=1, burst=1, ticks=Ticks())
    assert [taken(rates, key, 3) for key in "abc"] == [1, 1, 1]


def test_that_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    rates = Rates(per_second=0.001, burst=1, ticks=Ticks(), most_keys=3)
    for key in "abc":
        rates.take(key)
    assert taken(rates, "a", 1) == 0  # touched, so "b" is now the oldest
    rates.take("d")
    assert [taken(rates, key, 1) for key in "ad"] == [0, 0]
    assert taken(rates, "b", 1) == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("junk", "unknown"),
    ],
)
def test_that_an_address_names_its_client(address: str | None, key: str) -> None:
    assert client_key(address) == key
