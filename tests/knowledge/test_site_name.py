from __future__ import annotations

import pytest

from knowledge.site_name import site_name


@pytest.mark.parametrize(
    ("titles", "address", "name"),
    [
        (
            ["Harbourly – payroll by the hour", "Pricing – Harbourly", "FAQ – Harbourly"],
            "https://h.example",
            "Harbourly",
        ),
        (["Pricing | Kite & Co", "Kite & Co | Teams", "Kite & Co"], "https://kite.example", "Kite & Co"),
        (
            ["Kestrel Freight: dispatch without phone calls"],
            "https://www.kestrel-freight.example/en",
            "Kestrel Freight",
        ),
        (["Welcome"], "https://www.oakline.example", "Oakline"),
        ([], "https://shop.oakline.example", "Oakline"),
        (["Home - Docs", "Pricing - Docs", "Oakline - Docs"], "https://oakline.example", "Docs"),
        (["GOV.UK Pay: take payments", "GOV.UK Pay: using it"], "http://127.0.0.1:8000/", "GOV.UK Pay"),
    ],
)
def test_the_name_is_what_titles_share(titles: list[str], address: str, name: str) -> None:
    assert site_name(titles, address) == name


def test_a_long_title_is_no_name() -> None:
    title = "a title that goes on and on " * 3
    assert site_name([title, title], "https://oakline.example") == "Oakline"
