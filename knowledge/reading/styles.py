"""What a list of CSS declarations means for the eye: whether text can be seen, its colour, what lies behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_CACHED = 16_384
_LONGEST_STYLE = 4_000

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_ZERO = r"[-+]?(?:0+(?:\.0*)?|\.0+)(?:px|em|rem|%|pt|vw|vh|ch|ex)?(?=[;!,)]|$)"
_FAR = r"-(?:[5-9]\d\d|\d{4,})(?:\.\d+)?(?:px|pt|%|)(?=[;!,)]|$)|-\d{3,}(?:em|rem|vw|vh)(?=[;!,)]|$)"
"""Further off than any layout moves what it shows."""
_HIDES = re.compile(
    r"(?:^|;)(?:"
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    r"|font:(?:[^;]*[^\d.;])?0(?:px|em|%)?[/a-z]"
    rf"|(?:max-)?(?:height|width):{_ZERO}"
    rf"|(?:left|top|right|bottom|text-indent|margin(?:-(?:left|top|right))?|inset):(?:{_FAR})"
    r"|(?:left|right|top|text-indent):-\d+(?:em|rem|vw|vh|%)(?=[;!]|$)(?:.*position:(?:absolute|fixed))"
    r"|(?:left|right|top|bottom):\d{4,}(?:px|em|rem|vw|vh)"
    r"|clip:rect\((?:[01](?:px)?,?){4}\)"
    r"|clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(0(?:px|%)?0(?:px|%)?,0(?:px|%)?0)"
    rf"|transform:[^;]*(?:scale[xy3d]*\(0[,)]|translate[xy3d]*\([^)]*(?:{_FAR}))"
    r"|scale:0(?=[;!]|$)|zoom:0(?=[;!]|$)"
    r"|filter:[^;]*opacity\(0[%)]"
    r")",
)
_SEE_THROUGH = re.compile(r"(?:^|;)opacity:(?:0*(?:\.0\d*)?|0*\.0\d*|0%)(?=[;!]|$)")
_BEGINS_TO_APPEAR = re.compile(r"(?:^|;)(?:transform:[^;]*translate|will-change:|transition:|animation)")
_ONE_PIXEL = re.compile(
    r"(?:^|;)(?:height|width):1px.*overflow:(?:hidden|clip)|overflow:(?:hidden|clip).*;(?:height|width):1px"
)
_STRUCK = re.compile(r"(?:^|;)text-decoration(?:-line)?:[^;]*line-through")
_COLOUR = re.compile(r"(?:^|;)(?:color|-webkit-text-fill-color):([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
_FONT_SIZE = re.compile(r"(?:^|;)font-size:(\d*\.?\d+)(px|pt|em|rem|%|vw|vh|)(?=[;!]|$)")
_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "%": 0.16, "vw": 12.0, "vh": 8.0, "": 1.0}
_LEGIBLE = 3
"""Pixels below which letters are specks."""
_REVEALS = re.compile(
    r"(?:^|;)(?:(display):(?!none)|(visibility):(?:visible|initial)|(opacity):(?!0(?:\.0*)?(?:[;!]|$))"
    r"|(?:max-)?(height):(?!0(?:px|em|rem|%)?(?:[;!]|$)))",
)
_COLOUR_IN = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|\b[a-z]{3,20}\b")
_NUMBER = re.compile(r"[\d.]+%?")
_NAMED = {
    "white": "ffffff", "snow": "fffafa", "ivory": "fffff0", "ghostwhite": "f8f8ff", "floralwhite": "fffaf0",
    "whitesmoke": "f5f5f5", "mintcream": "f5fffa", "azure": "f0ffff", "aliceblue": "f0f8ff", "seashell": "fff5ee",
    "black": "000000", "gray": "808080", "grey": "808080", "silver": "c0c0c0", "lightgray": "d3d3d3",
    "lightgrey": "d3d3d3", "gainsboro": "dcdcdc", "red": "ff0000", "green": "008000", "lime": "00ff00",
    "blue": "0000ff", "navy": "000080", "yellow": "ffff00", "orange": "ffa500", "purple": "800080", "teal": "008080",
    "maroon": "800000", "olive": "808000", "aqua": "00ffff", "cyan": "00ffff", "fuchsia": "ff00ff",
    "magenta": "ff00ff", "pink": "ffc0cb", "brown": "a52a2a", "gold": "ffd700", "beige": "f5f5dc", "linen": "faf0e6",
}  # fmt: skip
_ALIKE = 24
"""How far two colours may lie apart, added over red, green and blue, and still not be told apart when read."""
_RGB_DIGITS = 6

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


class Style(NamedTuple):
    """What a declaration list means for the eye. Colours are None when they are not set."""

    hides: bool = False
    colour: Colour | None = None
    background: Colour | None = None
    covered: bool = False  # has a background that cannot be told: a picture, a gradient, a variable
    reveals: frozenset[str] = frozenset()  # of display, visibility, opacity, height: those set to something seen


@lru_cache(_CACHED)
def style_of(declarations: str) -> Style:
    """Reads a `style` attribute or the body of a rule."""
    text = _compact(declarations[:_LONGEST_STYLE])
    colour = _colour(found[-1]) if (found := _COLOUR.findall(text)) else None
    background = None
    covered = False
    for plain in _BACKGROUND.finditer(text):
        background = _colour(plain.group(1))
        covered = background is None and plain.group(1) not in {"none", "transparent", "inherit", "initial", "unset"}
    blends = colour is not None and background is not None and alike(colour, background)
    reveals = frozenset(name for found in _REVEALS.findall(text) for name in found if name)
    return Style(blends or _hides(text), colour, background, covered, reveals)


def _hides(text: str) -> bool:
    if _HIDES.search(text) or _ONE_PIXEL.search(text) or _STRUCK.search(text):
        return True
    if _SEE_THROUGH.search(text):
        # What moves in is drawn at last; what is merely see-through never is.
        return not _BEGINS_TO_APPEAR.search(text)
    if (size := _FONT_SIZE.search(text)) and float(size.group(1)) * _PIXELS[size.group(2)] < _LEGIBLE:
        return True
    colours = _COLOUR.findall(text)
    return bool(colours) and _transparent(colours[-1]) and "background-clip:text" not in text


def _compact(declarations: str) -> str:
    text = _CSS_COMMENT.sub("", declarations)
    if "\\" in text:
        text = _CSS_ESCAPE.sub(_unescaped, text)
    return "".join(text.lower().split())


def _unescaped(escape: re.Match[str]) -> str:
    if escape.group(2):
        return escape.group(2)
    number = int(escape.group(1), 16)
    return chr(number) if number < 0x80 else ""  # noqa: PLR2004  (CSS itself is ASCII)


def _transparent(value: str) -> bool:
    if value == "transparent":
        return True
    numbers = _NUMBER.findall(value) if value.startswith(("rgba(", "hsla(", "rgb(", "hsl(")) else []
    return len(numbers) == 4 and float(numbers[3].rstrip("%")) == 0  # noqa: PLR2004  (the fourth is how solid it is)


def _colour(value: str) -> Colour | None:
    """The colour that stands in a compacted value; None for pictures, variables and names that are not listed."""
    if "url(" in value or "gradient" in value or "var(" in value:
        return None
    for word in _COLOUR_IN.findall(value):
        if word.startswith("rgb"):
            return _rgb(_NUMBER.findall(word))
        digits = word[1:] if word.startswith("#") else _NAMED.get(word, "")
        if len(digits) in {3, 4}:
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) >= _RGB_DIGITS:
            return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return None


def _rgb(numbers: Sequence[str]) -> Colour | None:
    try:
        red, green, blue = (
            min(255, int(float(one.rstrip("%")) * (2.55 if one.endswith("%") else 1))) for one in numbers[:3]
        )
    except ValueError:
        return None
    return red, green, blue


def alike(one: Colour, other: Colour) -> bool:
    return sum(abs(first - second) for first, second in zip(one, other, strict=True)) <= _ALIKE
