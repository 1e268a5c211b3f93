"""Times as a coordinator in Sweden reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.inbox import when


@pytest.mark.parametrize(("month", "hour"), [(1, "13:05"), (7, "14:05")])
def test_a_time_is_swedish_summer_and_winter(month: int, hour: str) -> None:
    assert when.at(datetime(2026, month, 15, 12, 5, tzinfo=UTC), "sv").endswith(hour)


def test_a_day_is_the_swedish_one_near_midnight() -> None:
    assert when.day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC), "sv") == "2 jan. 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "mån 23 nov. 14:05"),
        (datetime(2026, 11, 23, 13, tzinfo=UTC), "mån 23 nov. 14–15"),
        (datetime(2026, 11, 23, 22, tzinfo=UTC), "mån 23 nov. 23–00"),
        (datetime(2026, 11, 23, tzinfo=UTC), "mån 23 nov."),
    ],
    ids=["exact", "to the hour", "before midnight", "to the day"],
)
def test_a_time_is_no_more_exact_than_it_is_kept(moment: datetime, words: str) -> None:
    assert when.kept(moment, "sv") == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=3), "3 timmar"),
        (timedelta(hours=-3), "3 timmar"),
        (timedelta(days=4), "4 dygn"),
        (timedelta(seconds=2), "1 minut"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span: timedelta, words: str) -> None:
    assert when.long(span, "sv") == words
