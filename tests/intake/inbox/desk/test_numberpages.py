"""Published numbers: a year that is over, no small one in page or CSV, for every role that may see counts."""

from datetime import UTC, datetime

import pytest

from intake.inbox.desk.pictures import NAMES, TILES, bars, tiles
from intake.service import Service
from intake.statistics.cells import Age, Cell, Form, Gender, Person, Purpose, Survey, cells_of
from intake.statistics.counting import count
from tests.intake.inbox.browser import Browser

LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)
GIRL = Person(Age.CHILD, Gender.WOMAN_GIRL, Form.TRAFFICKING, frozenset({Purpose.SEXUAL}), "RO")
MAN = Person(Age.ADULT, Gender.MAN_BOY, Form.EXPLOITATION, frozenset({Purpose.LABOUR}), "TH")


@pytest.fixture
async def counted(house: Service) -> None:
    cells = [one for person in [GIRL] * 30 + [MAN] * 3 for one in cells_of(person, "nord", LAST_YEAR)]
    summed: dict[Cell, int] = {}
    for cell, number in cells:
        summed[cell] = summed.get(cell, 0) + number
    summed |= {Cell(Survey.MUNICIPALITY, "2025-06", ("2480", "labour")): 7}
    summed |= {Cell(Survey.RECEIVED, "2025-06", ("nord", "tip")): 40, Cell(Survey.COUNTY, "2025", ("24",)): 40}
    await house.database.write(count, house.key, summed.items())


async def test_the_year_is_shown_with_its_pictures_and_no_small_number(nord: Browser, counted):
    page = await nord.get("/numbers/published?year=2025")
    assert page.text.count("<svg") == 2
    assert ">40<" in page.text
    assert ">3<" not in page.text
    assert "Romania" in page.words


async def test_csv_leaves_hidden_numbers_empty(nord: Browser, counted):
    answer = await nord.get("/numbers/origin.csv?year=2025")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "Thailand,\r\n" in answer.text
    assert ",3\r" not in answer.text


async def test_a_municipality_has_its_survey_and_the_others_have_none(nord: Browser, counted):
    page = await nord.get("/numbers/survey?year=2025&municipality=2480")
    assert ("Umeå" in page.words, ">7<" in page.text) == (True, True)
    assert (await nord.get("/numbers/type.csv?year=2025&municipality=2480")).status == 200
    assert (await nord.get("/numbers/type.csv?year=2025&municipality=0114")).status == 404


async def test_before_a_year_is_over_there_is_nothing_to_publish(nord: Browser):
    for path in ("/numbers/published", "/numbers/survey"):
        assert "none yet" in (await nord.get(path)).words
    assert (await nord.get("/numbers/origin.csv")).status == 404


async def test_an_administrator_sees_no_numbers(another_browser, house: Service):
    admin = another_browser()
    await admin.log_in("admin")
    for path in ("/numbers", "/numbers/published", "/numbers/survey", "/search"):
        assert (await admin.get(path)).status == 403


def test_every_county_has_a_tile_of_its_own_and_a_hidden_number_has_no_shade(house: Service):
    assert set(TILES) == set(NAMES) == set(house.gazetteer.counties)
    assert len(set(TILES.values())) == 21
    drawn = tiles({"01": 100, "12": None, "24": 1})
    assert {tile.shade for tile in drawn if tile.value is None} == {0}
    assert max(tile.shade for tile in drawn) == 4


def test_a_bar_is_as_high_as_its_share_of_the_highest():
    found = bars([("2025-01", 10), ("2025-02", 5), ("2025-03", 0), ("2025-04", None)])
    assert found[0].height == 2 * found[1].height
    assert found[2].height == 0
    assert found[3].value is None
