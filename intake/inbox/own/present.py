"""The present passphrase, asked for once more before what a stolen session must not do; knows no page."""

from http import HTTPStatus

from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.login import Paused, Refused, prove

NO_PASSPHRASE = _("Type your present passphrase too: a computer left open must not be enough to change this.")
_REFUSED = _("The present passphrase is wrong. Nothing was changed.")
_PAUSED = _("The passphrase was tried in vain too often. Wait a quarter of an hour; nothing was changed.")


async def refused(visit: WorkVisit) -> tuple[HTTPStatus, str] | None:
    """Why the form may not be followed, as status and words; None where its field `current` is the passphrase."""
    current = visit.field("current")
    if not current:
        return HTTPStatus.UNPROCESSABLE_ENTITY, NO_PASSPHRASE
    try:
        await prove(visit.service, visit.work.member, current, visit.now)
    except (Refused, Paused) as error:
        return wrong(error)
    return None


def wrong(error: Refused | Paused) -> tuple[HTTPStatus, str]:
    """What is said where the passphrase did not prove who it is."""
    if isinstance(error, Paused):
        return HTTPStatus.TOO_MANY_REQUESTS, _PAUSED
    return HTTPStatus.UNPROCESSABLE_ENTITY, _REFUSED
