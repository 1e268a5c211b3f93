"""What an address narrows a list to, and that it can ask for nothing else."""

from dataclasses import replace

import pytest

from intake.inbox.lists.filters import Filter, read_filter, read_saved
from intake.model import CaseId, MemberId, Status, Waiting
from intake.service import Service
from intake.store.wanted import EVERY, Wanted
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import tell
from tests.service import MONDAY_MORNING
from triage.model import NOWHERE, Assessment, Doubt, Kind, Minor, Place, Urgency

ANNA = MemberId("anna")
UMEA = Assessment(Kind.HELP, urgency=Urgency.ACUTE, minor=Minor.YES, place=Place("24", "2480"))
OPEN = replace(UMEA, place=Place(among=frozenset({"24", "12"})), minor=Minor.NO)
NONE = Assessment()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, EVERY),
        ({"status": "new"}, Wanted(status=Status.NEW)),
        ({"whose": "mine"}, Wanted(assignee=ANNA)),
        ({"whose": "nobody"}, Wanted(unassigned=True)),
        ({"waiting": "person"}, Wanted(waiting=Waiting.PERSON)),
        ({"late": "late"}, Wanted(late_at=MONDAY_MORNING)),
        ({"desk": "nord"}, Wanted(desk="nord")),
        ({"status": "closed", "whose": "boss", "desk": "nowhere", "late": "1", "x": "y"}, EVERY),
    ],
    ids=str,
)
def test_the_rows_are_asked(empty_service: Service, query: dict[str, str], wanted: Wanted) -> None:
    assert read_filter(empty_service, query).wanted(ANNA, MONDAY_MORNING) == wanted


@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ({"kind": "help"}, [UMEA, OPEN]),
        ({"urgency": "acute"}, [UMEA, OPEN]),
        ({"age": "child"}, [UMEA]),
        ({"age": "adult"}, [OPEN, NONE]),
        ({"place": "nord"}, [UMEA, OPEN]),
        ({"place": "24"}, [UMEA, OPEN]),
        ({"place": "12"}, [OPEN]),
        ({"place": "unknown"}, [NONE]),
        ({"place": "24", "age": "adult"}, [OPEN]),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_the_labels_are_asked(empty_service: Service, query: dict[str, str], fitting: list[Assessment]) -> None:
    fits = read_filter(empty_service, query).fits(empty_service)
    assert fits is not None
    assert [one for one in (UMEA, OPEN, NONE) if fits(_Line(one))] == fitting


class _Line:
    """As much of a line of the list as a filter looks at."""

    def __init__(self, labels: Assessment | None) -> None:
        self.labels = labels


def test_a_doubt_about_a_child_is_shown_among_the_children(empty_service: Service) -> None:
    fits = read_filter(empty_service, {"age": "child"}).fits(empty_service)
    assert fits is not None
    assert fits(_Line(Assessment(doubts=frozenset({Doubt.CHILD}), place=NOWHERE)))
    assert not fits(_Line(None))


def test_what_asks_nothing_of_labels_opens_nothing_more(empty_service: Service) -> None:
    assert read_filter(empty_service, {"status": "new", "kind": "<script>"}).fits(empty_service) is None


@pytest.mark.parametrize("query", ["", "kind=help", "late=late&place=24", "whose=mine&age=child"])
def test_an_address_says_the_same_again(empty_service: Service, query: str) -> None:
    assert read_saved(empty_service, read_saved(empty_service, query).query) == read_saved(empty_service, query)


def test_an_address_holds_nothing_but_known_words(empty_service: Service) -> None:
    narrowed = read_saved(empty_service, "kind=help&place=%3Cb%3E&after=1&desk=Anna+Berg")
    assert narrowed == Filter(kind="help")
    assert narrowed.query == "kind=help"


async def test_a_list_is_narrowed_kept_and_forgotten(nord: Browser, case: CaseId, house: Service) -> None:
    await tell(house, "Något annat", place=Place("25", "2580"))
    assert len((await nord.get("/")).cases) == 2
    assert (await nord.get("/?place=24")).cases == [case]
    kept = await nord.fill_in("/?place=24", "/views", view="<b>Västerbotten</b>")
    assert kept.location == "/?place=24"
    page = await nord.get("/?place=24")
    assert '<a href="/?place=24" aria-current="page"><bdi>&lt;b&gt;Västerbotten' in page.text
    (forget,) = [action for action in _forms(page.text) if action.endswith("/forget")]
    assert (await nord.fill_in("/?place=24", forget)).location == "/"
    assert "Västerbotten&lt;" not in (await nord.get("/")).text


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
async def test_a_view_has_a_name(name: str, nord: Browser) -> None:
    page = await nord.fill_in("/?place=24", "/views", view=name)
    assert page.status == 422
    assert "Give the list a name" in page.words


async def test_a_member_keeps_no_more_than_they_can_see(nord: Browser) -> None:
    for number in range(20):
        await nord.fill_in("/?place=24", "/views", view=str(number))
    assert (await nord.fill_in("/?place=24", "/views", view="more")).status == 409


def _forms(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('action="')[1:]]
