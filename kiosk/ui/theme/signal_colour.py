"""An operator's colour becomes the signal: moved in lightness (OKLCH) until it can be seen and read.

Contrast is WCAG 2's; the colour space is Björn Ottosson's OKLab (https://bottosson.github.io/posts/oklab/).
"""

import math

from msgspec import Struct

SILL = "#12161C"
WORDS = ("#12161C", "#FFFFFF")
EDGE_MIN = 3.05  # against the sill
WORD_MIN = 4.55  # of its word on it
STEP = 0.005  # of OKLCH lightness
ROUNDING = 1e-6
Triple = tuple[float, float, float]


class SignalColour(Struct, frozen=True):
    """The colour to use, the colour of its word, and the two ratios reached."""

    colour: str
    word: str
    word_ratio: float
    edge_ratio: float


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio of two #RRGGBB colours."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def signal_colour(operator: str) -> SignalColour:
    """Return the nearest lightness of an operator's colour that passes, lighter ones first at equal distance."""
    lightness, chroma, hue = _to_oklch(operator)
    for index in range(int(1 / STEP)):
        for direction in (1, -1) if index else (1,):
            moved = lightness + direction * index * STEP
            found = _judge(operator if index == 0 else _from_oklch(moved, chroma, hue)) if 0 <= moved <= 1 else None
            if found:
                return found
    return SignalColour("#FFD100", WORDS[0], contrast("#FFD100", WORDS[0]), contrast("#FFD100", SILL))


def _judge(colour: str) -> SignalColour | None:
    edge = contrast(colour, SILL)
    word = max(WORDS, key=lambda each: contrast(colour, each))
    if edge < EDGE_MIN or contrast(colour, word) < WORD_MIN:
        return None
    return SignalColour(colour.upper(), word, contrast(colour, word), edge)


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _expand(red), _expand(green), _expand(blue)


def _expand(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def _compress(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> Triple:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    while chroma > 0 and not all(-ROUNDING <= each <= 1 + ROUNDING for each in _rgb(lightness, chroma, hue)):
        chroma = max(0.0, chroma - 0.002)
    channels = (round(255 * _compress(min(1.0, max(0.0, each)))) for each in _rgb(lightness, chroma, hue))
    return "#" + "".join(f"{each:02X}" for each in channels)
