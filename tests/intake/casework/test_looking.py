"""Reading a case opens it, for what was shown and for nothing else."""

from intake.casework import open_case
from intake.model import CaseId, Status
from intake.reading import Reader
from intake.service import Service
from tests.flows.steps import add
from tests.intake.casework.meanwhile import disturbed
from tests.service import MONDAY_MORNING


async def test_what_comes_in_while_a_case_is_opened_leaves_it_unread(
    empty_service: Service, syd: Reader, receipt: str, case: CaseId
) -> None:
    service = disturbed(empty_service, lambda: add(empty_service, receipt, "Han kommer"))
    found = await open_case(service, syd, case, MONDAY_MORNING)
    assert (len(found.messages), found.case.status) == (1, Status.NEW)
    again = await open_case(service, syd, case, MONDAY_MORNING)
    assert (len(again.messages), again.case.status) == (2, Status.OPENED)
