"""Fixtures: the house of the arrivals, and somebody at its national desk."""

from tests.intake.arrival.conftest import house, middle, national, new_after_closing, north, people

__all__ = ["house", "middle", "national", "new_after_closing", "north", "people"]
