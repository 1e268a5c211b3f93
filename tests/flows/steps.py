"""The steps that flows are made of: tell, look into the mailbox, find the case, read it; each over the use cases."""

from datetime import datetime, timedelta

from intake import casework, mailbox, receive
from intake.casework import OpenCase
from intake.mailbox import OpenMailbox
from intake.model import CaseId, Channel
from intake.reading import Reader
from intake.receive import Once, Received, Report
from intake.service import Service
from intake.vault.receipt import Source
from intake.vault.tokens import issue_form_token, read_form_token
from tests.service import MONDAY_MORNING, Person, reader_of, staff_all
from triage.model import DeskName, Kind, Place

TEXT = "De sover i källaren och får inte gå ut. Varje kväll kommer olika män."
MALMO, GOTEBORG, UMEA, STOCKHOLM = (Place(code[:2], code) for code in ("1280", "1480", "2480", "0180"))
SYD, VAST, NATIONAL = DeskName("syd"), DeskName("vast"), DeskName("nationell")


def a_report(text: str = TEXT, place: Place = MALMO, kind: Kind = Kind.TIP) -> Report:
    return Report(text, Channel.WEB, kind, place)


def by_form(service: Service, now: datetime = MONDAY_MORNING) -> Once:
    """As a page of ours makes its form's requests the same one."""
    token = read_form_token(service.key, issue_form_token(service.key, now), now, timedelta(days=1))
    return Once(Source.FORM_TOKEN, token.value, token.spent_id)


async def tell(
    service: Service,
    text: str = TEXT,
    place: Place = MALMO,
    now: datetime = MONDAY_MORNING,
    once: Once | None = None,
) -> Received:
    """Send a report in."""
    return await receive.receive(service, a_report(text, place), once or Once.by_chance(), now)


async def look(service: Service, receipt: str, now: datetime = MONDAY_MORNING) -> OpenMailbox:
    """Open a mailbox with nothing but its receipt."""
    return await mailbox.open_mailbox(service, await mailbox.key_from_receipt(service, receipt), now)


async def heard(service: Service, receipt: str, now: datetime = MONDAY_MORNING) -> list[str]:
    """The texts in a mailbox."""
    return [message.text for message in (await look(service, receipt, now)).messages]


async def add(service: Service, receipt: str, text: str, now: datetime = MONDAY_MORNING) -> None:
    """Write one more message."""
    await mailbox.write_more(service, await mailbox.key_from_receipt(service, receipt), text, "sv", now)


async def erase(service: Service, receipt: str, now: datetime = MONDAY_MORNING) -> None:
    await mailbox.erase(service, await mailbox.key_from_receipt(service, receipt), now)


async def staffed(service: Service, *desks: str) -> list[Person]:
    """One member at each of these desks."""
    return await staff_all(service, {f"{desk}@test": desk for desk in desks})


async def listed(service: Service, reader: Reader) -> list[CaseId]:
    """The open cases that somebody sees."""
    return [line.case.id for line in (await casework.list_cases(service, reader, None, 100)).lines]


async def only_case(service: Service, reader: Reader) -> CaseId:
    (case,) = await listed(service, reader)
    return case


async def read(service: Service, reader: Reader, now: datetime = MONDAY_MORNING) -> OpenCase:
    """Open the only case that somebody sees."""
    return await casework.open_case(service, reader, await only_case(service, reader), now)


async def texts_read(service: Service, person: Person, now: datetime = MONDAY_MORNING) -> list[str]:
    """What somebody reads in the only case that they see, from logging in on."""
    reader = await reader_of(service, person, now)
    return [message.text for message in (await read(service, reader, now)).messages]
