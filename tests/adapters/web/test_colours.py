"""Every text made from a brand's colour can be read, whatever the colour."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest
from playwright.async_api import Browser

pytestmark = pytest.mark.browser

READABLE = 4.5  # WCAG 2.2, 1.4.3: texts
VISIBLE = 3.0  # 1.4.11: what is not text
GROUNDS = {"day": ["#ffffff", "#fafbfc", "#f1f2f6"], "night": ["#181b23", "#12151b", "#232733"]}
Colour = tuple[float, float, float]


def parsed(colour: str) -> Colour:
    if colour.startswith("#"):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    else:
        red, green, blue = (int(part) for part in re.findall(r"\d+", colour))
    return red, green, blue


def tinted(ground: Colour, colour: Colour, share: float) -> Colour:
    red, green, blue = (below + (above - below) * share for below, above in zip(ground, colour, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    def luminance(colour: Colour) -> float:
        parts = (value / 255 for value in colour)
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def some_colours() -> list[str]:
    """All greys, the corners of the cube, and two thousand others."""
    draw = random.Random(20_261_123)
    greys = [f"#{value:02x}{value:02x}{value:02x}" for value in range(256)]
    corners = [f"#{red}{green}{blue}" for red in ("00", "ff") for green in ("00", "ff") for blue in ("00", "ff")]
    return [*greys, *corners, *(f"#{draw.randrange(1 << 24):06x}" for _ in range(2_000))]


@pytest.fixture
async def made(chromium: Browser) -> dict[str, dict[str, Colour]]:
    """What the widget makes of these colours."""
    source = files("adapters.web").joinpath("static", "colours.js").read_text("utf-8")
    page = await chromium.new_page()
    found: dict[str, dict[str, str]] = await page.evaluate(
        """async ([source, colours]) => {
          const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          const {brandColours} = await import(address);
          return Object.fromEntries(colours.map((colour) => [colour, brandColours(colour)]));
        }""",
        [source, some_colours()],
    )
    return {brand: {name: parsed(colour) for name, colour in names.items()} for brand, names in found.items()}


async def test_that_texts_in_and_on_the_brands_colour_are_readable(made: dict[str, dict[str, Colour]]) -> None:
    for colour, names in made.items():
        brand, on_brand = names["--brand"], names["--on-brand"]
        assert brand == parsed(colour), "the brand keeps its colour"
        assert contrast(on_brand, brand) >= READABLE, colour
        assert contrast(on_brand, tinted(brand, on_brand, 0.16)) >= VISIBLE, colour
        for time, grounds in GROUNDS.items():
            accent = names[f"--accent-{time}"]
            for ground in map(parsed, grounds):
                assert contrast(accent, ground) >= READABLE, (colour, time, ground)
                assert contrast(accent, tinted(ground, accent, 0.14)) >= READABLE, (colour, time, ground, "tinted")


async def test_that_a_colour_that_can_be_read_is_left_alone(made: dict[str, dict[str, Colour]]) -> None:
    ends = [list(made["#000000"]["--accent-day"]), list(made["#ffffff"]["--accent-night"])]
    assert ends == [[0, 0, 0], [255, 255, 255]]
    kept = [colour for colour, names in made.items() if names["--accent-day"] == parsed(colour)]
    assert len(kept) > len(made) / 4


def test_that_the_grounds_are_those_of_the_style_sheet() -> None:
    source = files("adapters.web").joinpath("static", "styles.js").read_text("utf-8")
    found = re.findall(r"--(?:ground|raised|sunken): (#[0-9a-f]{3,6})", source)
    grounds = [colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:]) for colour in found]
    assert sorted(grounds) == sorted(colour for colours in GROUNDS.values() for colour in colours)
