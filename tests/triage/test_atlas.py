"""A shared position becomes a municipality, or nothing where it lies outside Sweden."""

import pytest

from triage.atlas import load_atlas
from triage.model import NOWHERE

ATLAS = load_atlas()


@pytest.mark.parametrize(
    ("where", "latitude", "longitude", "municipality"),
    [
        ("Luleå, the cathedral", 65.584, 22.157, "2580"),
        ("Stockholm, Sergels torg", 59.332, 18.064, "0180"),
        ("Sundbyberg, not Stockholm", 59.361, 17.970, "0183"),
        ("Malmö, Möllevångstorget", 55.591, 13.008, "1280"),
        ("Haparanda, at the border", 65.835, 24.137, "2583"),
        ("Visby, the harbour", 57.637, 18.281, "0980"),
        ("the fells west of Kiruna", 68.2, 19.0, "2584"),
    ],
    ids=lambda value: value if isinstance(value, str) and "," in value else None,
)
def test_a_position_is_in_the_municipality_of_the_nearest_locality(where, latitude, longitude, municipality):
    place = ATLAS.nearest(latitude, longitude)
    assert (place.county, place.municipality) == (municipality[:2], municipality)


@pytest.mark.parametrize(("latitude", "longitude"), [(52.52, 13.4), (0.0, 0.0), (90.0, 0.0), (-33.9, 151.2)])
def test_a_position_far_away_is_nowhere(latitude: float, longitude: float):
    assert ATLAS.nearest(latitude, longitude) == NOWHERE
