"""What the person and the desk say to each other, by way of the case's page."""

from intake.mailbox import key_from_receipt, open_mailbox, write_more
from intake.model import CaseId, Direction
from intake.service import Service
from tests.intake.inbox.browser import Answer, Browser
from tests.service import MONDAY_MORNING

ANSWER = "Vi hör dig. <Är du> & är det tryggt att skriva?"


async def answers(service: Service, receipt: str) -> list[str]:
    """What the person reads from the desk."""
    mailbox = await open_mailbox(service, await key_from_receipt(service, receipt), MONDAY_MORNING)
    return [one.text for one in mailbox.messages if one.direction is Direction.FROM_DESK]


async def more(service: Service, receipt: str, text: str) -> None:
    """The person writes again."""
    await write_more(service, await key_from_receipt(service, receipt), text, "sv", MONDAY_MORNING)


async def send(visitor: Browser, case: CaseId, text: str = ANSWER) -> Answer:
    return await visitor.fill_in(f"/cases/{case}", f"/cases/{case}/answer", text=text)
