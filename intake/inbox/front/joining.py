"""From an invitation to an account: authenticator, passphrase, first one-time code; no code is ever in an address."""

from http import HTTPStatus

import segno
from aiohttp import web

from intake.inbox.front.entrance import is_own_form
from intake.inbox.visit import Visit, see_other
from intake.inbox.words import WEAKNESSES, _
from intake.people import (
    Invited,
    LoginTaken,
    NoInvitation,
    WeakPassphrase,
    WrongCode,
    join,
    read_invitation,
    read_ticket,
)

_UNKNOWN = _("There is no such invitation: it is mistyped, used already, or too old. Ask for a new one.")
_STALE = _("The form was too old. Nothing was changed; please send it again.")
UNLIKE = _("The two passphrases are not the same.")
WRONG_CODE = _("The code does not fit. Take the one that the authenticator shows now, and check the phone's clock.")
_TAKEN = _("Somebody works here under this login already. Ask for an invitation under another.")


async def show_join(visit: Visit) -> web.Response:
    """The field for an invitation's code."""
    return visit.show("join.html", error="")


async def begin(visit: Visit) -> web.Response:
    """What the invitation is for, and what the invited person chooses now."""
    if not is_own_form(visit):
        return visit.show("join.html", HTTPStatus.FORBIDDEN, error=_STALE)
    try:
        invited = await read_invitation(visit.service, visit.field("invitation"), visit.now)
    except NoInvitation:
        return visit.show("join.html", HTTPStatus.FORBIDDEN, error=_UNKNOWN)
    return _choose(visit, invited)


async def finish(visit: Visit) -> web.Response:
    """Make the account. Passphrases are typed again after an error, the authenticator's secret stays the same."""
    if not is_own_form(visit):
        return visit.show("join.html", HTTPStatus.FORBIDDEN, error=_STALE)
    ticket, passphrase = visit.field("ticket"), visit.field("passphrase")
    try:
        invited = await read_ticket(visit.service, ticket, visit.now)
        if passphrase != visit.field("again"):
            return _choose(visit, invited, {"again": UNLIKE})
        try:
            await join(visit.service, ticket, passphrase, visit.field("code"), visit.now)
        except WeakPassphrase as weak:
            return _choose(visit, invited, {"passphrase": WEAKNESSES[weak.weakness]})
        except WrongCode:
            return _choose(visit, invited, {"code": WRONG_CODE})
    except NoInvitation:
        return visit.show("join.html", HTTPStatus.FORBIDDEN, error=_UNKNOWN)
    except LoginTaken:
        return visit.show("join.html", HTTPStatus.CONFLICT, error=_TAKEN)
    return see_other("/login?joined")


def _choose(visit: Visit, invited: Invited, errors: dict[str, str] | None = None) -> web.Response:
    config = visit.service.config
    desk = None if invited.desk is None else config.desks[invited.desk].name
    values = {"invited": invited, "desk": desk, "errors": errors or {}, "totp": config.inbox.totp}
    if config.inbox.totp:
        values |= {"picture": qr_code(invited.totp_uri), "secret": spelled_secret(invited.totp_uri)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return visit.show("choose.html", status, **values)


def qr_code(uri: str) -> str:
    """A picture for the authenticator, as a data URI; dark on light in dark mode too, or no camera reads it."""
    return segno.make(uri, micro=False).svg_data_uri(scale=5, border=4, dark="#111", light="#fff")


def spelled_secret(uri: str) -> str:
    """The authenticator's secret in groups of four letters, to type where no camera can be used."""
    secret = uri.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
