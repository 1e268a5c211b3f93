"""Where the parts of a picture stand: bars by month, spans side by side, a map of tiles; pure, knows no page.

The pictures are drawn on our own server, from our own numbers, and ask nobody for anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.statistics.own import BUCKETS, Month

WIDTH, HEIGHT = 360, 200
"""As wide as a phone, so that its numbers can be read there; drawn larger where there is room."""
_BASE = HEIGHT - 24
_TOP = 24
_GAP = 0.25
_TILE = 58
_SHADES = 4

TILES: Mapping[str, tuple[int, int]] = {
    "25": (4, 0),
    "24": (4, 1),
    "23": (3, 1),
    "22": (4, 2),
    "21": (4, 3),
    "20": (3, 2),
    "17": (2, 3),
    "19": (3, 4),
    "03": (4, 4),
    "18": (2, 4),
    "04": (3, 5),
    "01": (4, 5),
    "14": (1, 5),
    "05": (2, 5),
    "06": (2, 6),
    "08": (3, 6),
    "13": (1, 6),
    "07": (2, 7),
    "10": (3, 7),
    "12": (1, 7),
    "09": (5, 6),
}
"""The 21 counties by SCB's codes, each a tile about where it lies: column and row from the north-west."""

NAMES: Mapping[str, str] = {
    "01": "Stockholm",
    "03": "Uppsala",
    "04": "Södermanl.",
    "05": "Östergötl.",
    "06": "Jönköping",
    "07": "Kronoberg",
    "08": "Kalmar",
    "09": "Gotland",
    "10": "Blekinge",
    "12": "Skåne",
    "13": "Halland",
    "14": "V. Götal.",
    "17": "Värmland",
    "18": "Örebro",
    "19": "Västmanl.",
    "20": "Dalarna",
    "21": "Gävleborg",
    "22": "Västernorrl.",
    "23": "Jämtland",
    "24": "Västerb.",
    "25": "Norrbotten",
}
"""As short as a tile is wide."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its corner and size, what it is of, and its number; None does not show, and is drawn as a hatch."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int | None
    shade: int = 0


@dataclass(frozen=True, slots=True)
class Tile:
    """A county on the map; `shade` from 0, none, to 4, most."""

    x: int
    y: int
    size: int
    name: str
    value: int | None
    shade: int


def bars(numbers: Sequence[tuple[str, int | None]]) -> list[Bar]:
    """One bar a month, as high as its share of the highest."""
    most = max((value for _, value in numbers if value), default=0)
    step = WIDTH / max(len(numbers), 1)
    return [_bar(n * step, step, label, value, most) for n, (label, value) in enumerate(numbers)]


def spans(months: Sequence[Month]) -> list[list[Bar]]:
    """For each month, how many were first opened within each span, one upon the other."""
    most = max((sum(month.opened.values()) for month in months), default=0)
    step = WIDTH / max(len(months), 1)
    return [_stack(n * step, step, month, most) for n, month in enumerate(months)]


def tiles(numbers: Mapping[str, int | None]) -> list[Tile]:
    """The map. A county whose number does not show is drawn without a shade, so that the shade tells nothing either."""
    most = max((value for value in numbers.values() if value), default=0)
    return [_tile(code, numbers.get(code, 0), most) for code in TILES]


def _bar(x: float, step: float, label: str, value: int | None, most: int) -> Bar:
    height = (_BASE - _TOP) * value / most if value and most else 0.0
    hidden = _BASE - _TOP if value is None else height
    return Bar(x + step * _GAP / 2, _BASE - hidden, step * (1 - _GAP), hidden, label, value)


def _stack(x: float, step: float, month: Month, most: int) -> list[Bar]:
    parts, base = [], float(_BASE)
    for shade, bucket in enumerate(BUCKETS):
        height = (_BASE - _TOP) * month.opened[bucket] / most if most else 0.0
        base -= height
        parts.append(Bar(x + step * _GAP / 2, base, step * (1 - _GAP), height, bucket, month.opened[bucket], shade))
    return parts


def _tile(code: str, value: int | None, most: int) -> Tile:
    column, row = TILES[code]
    shade = -(-_SHADES * value // most) if value and most else 0
    return Tile(column * _TILE, row * _TILE, _TILE - 4, NAMES[code], value, shade)
