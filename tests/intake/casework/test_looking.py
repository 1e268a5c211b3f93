"""Reading a case opens it, for what was shown and for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from intake.casework import open_case
from intake.model import CaseId, Status
from intake.reading import Reader
from intake.service import Service
from intake.store.database import Database
from tests.flows.steps import add
from tests.service import MONDAY_MORNING


class Meanwhile:
    """A store in which something happens after each reading."""

    def __init__(self, database: Database, happens: Callable[[], Any]) -> None:
        self._database, self._happens = database, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def read(self, *args: Any) -> object:
        found = await self._database.read(*args)
        await self._happens()
        return found


async def test_what_comes_in_while_a_case_is_opened_leaves_it_unread(
    empty_service: Service, syd: Reader, receipt: str, case: CaseId
) -> None:
    store = Meanwhile(empty_service.database, lambda: add(empty_service, receipt, "Han kommer"))
    found = await open_case(replace(empty_service, database=store), syd, case, MONDAY_MORNING)
    assert (len(found.messages), found.case.status) == (1, Status.NEW)
    again = await open_case(empty_service, syd, case, MONDAY_MORNING)
    assert (len(again.messages), again.case.status) == (2, Status.OPENED)
