"""The single-use tokens of our pages' forms: issue, read, use up; knows no form."""

from collections.abc import Mapping
from datetime import timedelta

from intake.store import mailboxes
from intake.vault.errors import VaultError
from intake.vault.tokens import FormToken, issue_form_token, read_form_token
from intake.web.site import Visit

FIELD = "token"
MAX_AGE = timedelta(hours=24)
AT_ONCE = timedelta(0)
DOUBLE_TAP = timedelta(minutes=1)
"""Within this, a form that comes twice is an impatient finger; later it is somebody going back in the history."""


def new_token(visit: Visit) -> str:
    """A token for a form of the page under way."""
    return issue_form_token(visit.service.key, visit.now)


def genuine(visit: Visit, form: Mapping[str, str]) -> FormToken | None:
    """The token that came with a form; None when it is too old or none of ours."""
    try:
        return read_form_token(visit.service.key, form.get(FIELD, ""), visit.now, MAX_AGE)
    except VaultError:
        return None


async def use_up(visit: Visit, token: FormToken, grace: timedelta = AT_ONCE) -> bool:
    """Spend a token; True the first time, and again until `grace` has passed. Raises `StoreUnavailable`."""
    spent_at = await visit.service.database.write(mailboxes.spend, token.spent_id, visit.now)
    return spent_at is None or visit.now - spent_at < grace
