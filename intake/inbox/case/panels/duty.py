"""What was typed into the form that puts a case off, where it was refused; shows nothing of the case."""

from collections.abc import Mapping

from intake.casework import OpenCase
from intake.inbox.visit import WorkVisit


async def panel(visit: WorkVisit, _: OpenCase) -> Mapping[str, object]:
    """The form's own fields."""
    return {"put_off_typed": {name: visit.field(name) for name in ("later", "why_later")}}
