"""From a position to the municipality that it lies in or near; knows no text, and keeps no position."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from math import cos, radians

from triage.model import NOWHERE, Place

_KM_A_DEGREE = 111.2
_FARTHEST_KM = 60.0
"""No place of Sweden's is so far from the next one that has a name: beyond is another country, or the sea."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """Points (latitude, longitude in degrees, WGS 84) of localities, each with its municipality's code."""

    points: Sequence[tuple[str, float, float]] = field(repr=False)

    def nearest(self, latitude: float, longitude: float) -> Place:
        """The municipality of the nearest locality; nowhere if none is within 60 km."""
        if not self.points:
            return NOWHERE
        east = cos(radians(latitude))
        code, distance = min(
            ((code, (lat - latitude) ** 2 + ((lon - longitude) * east) ** 2) for code, lat, lon in self.points),
            key=lambda pair: pair[1],
        )
        return Place(code[:2], code) if distance <= (_FARTHEST_KM / _KM_A_DEGREE) ** 2 else NOWHERE


def load_atlas() -> Atlas:
    """Read the packaged table."""
    text = (resources.files("triage") / "data" / "coordinates.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return Atlas([(row["municipality"], float(row["latitude"]), float(row["longitude"])) for row in rows])
