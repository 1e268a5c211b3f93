"""One JSON line a record: our own words are kept, a library's are not, and an exception is told by its type."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from intake.logs import configure_logs, log, log_uncaught
from tests.flows.ears import listening

CANARY = "kanariefågel-4711"


@pytest.fixture
def house() -> Iterator[io.StringIO]:
    """What the house's own logging writes."""
    with listening() as ears:
        yield ears.house


def lines(house: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in house.getvalue().splitlines()]


def failed() -> BaseException:
    try:
        raise LookupError(CANARY)
    except LookupError as error:
        return error


def test_our_own_event_is_one_line_with_its_fields(house: io.StringIO):
    log("intake.test").info("moved", case="abc", count=3)
    (line,) = lines(house)
    assert line.pop("timestamp")
    assert line == {"event": "moved", "level": "info", "logger": "intake.test", "case": "abc", "count": 3}


def test_of_a_library_only_place_and_level_are_kept(house: io.StringIO):
    logging.getLogger("aiohttp.server").warning("GET /%s from %s", CANARY, CANARY, extra={"peer": CANARY})
    (line,) = lines(house)
    assert (line["event"], line["logger"], line["level"]) == ("a library spoke", "aiohttp.server", "warning")
    assert line["place"].startswith("test_logs:")
    assert CANARY not in house.getvalue()


@pytest.mark.parametrize("given", ["raised", "tuple", True], ids=["an exception", "a tuple", "the current one"])
def test_of_an_exception_only_its_type_is_kept(house: io.StringIO, given):
    error = failed()
    given = {"raised": error, "tuple": (type(error), error, error.__traceback__)}.get(given, given)
    try:
        raise error
    except LookupError:
        log("intake.test").error("failed", exc_info=given)
        logging.getLogger("library").error("failed %s", CANARY, exc_info=given, stack_info=True)
    assert [line["exception"] for line in lines(house)] == ["LookupError"] * 2
    assert CANARY not in house.getvalue()


def test_a_warning_is_told_without_its_words(house: io.StringIO):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    assert [line["logger"] for line in lines(house)] == ["py.warnings"]
    assert CANARY not in house.getvalue()


def test_a_crash_is_told_by_type_and_place(house: io.StringIO):
    error = failed()
    log_uncaught(type(error), error, error.__traceback__)
    (line,) = lines(house)
    assert (line["event"], line["exception"]) == ("crashed", "LookupError")
    assert line["place"].startswith("test_logs.py:")
    assert CANARY not in house.getvalue()


def test_a_crash_without_a_place_is_told_too(house: io.StringIO):
    log_uncaught(LookupError, LookupError(CANARY), None)
    assert lines(house)[0]["place"] == ""


def test_as_it_runs_libraries_speak_only_when_something_is_wrong():
    with listening():
        house = io.StringIO()
        configure_logs(house)
        for name in ("aiohttp", "sqlalchemy.engine", "apscheduler"):
            logging.getLogger(name).info("hello")
        log("intake.test").info("hello")
        log("intake.test").debug("hello")
        assert [line["logger"] for line in lines(house)] == ["intake.test"]
