"""One's own account: sessions, passphrase, authenticator, passkeys; for every role, and about nobody else."""

from http import HTTPStatus

from aiohttp import hdrs, web

from intake.account.overview import end_other_sessions, end_session, own_account
from intake.account.passkeys import NotMade, add_passkey, offer_passkey, remove_passkey
from intake.account.secrets import (
    NewAuthenticator,
    change_authenticator,
    change_passphrase,
    offer_again,
    offer_authenticator,
)
from intake.inbox.browsers import device_of
from intake.inbox.front.joining import UNLIKE, WRONG_CODE, qr_code, spelled_secret
from intake.inbox.own.present import NO_PASSPHRASE, wrong
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import WEAKNESSES, _
from intake.login import Paused, Refused
from intake.passkeys import Shown
from intake.people import WeakPassphrase, WrongCode
from intake.vault.device import Device
from intake.vault.session import SessionToken

_NO_PASSKEY = _("No passkey was made. Try once more, and let the device check that it is you.")


async def show_account(visit: WorkVisit) -> web.Response:
    """The account whole."""
    return await _page(visit)


async def new_passphrase(visit: WorkVisit) -> web.Response:
    """Change the passphrase; every other session ends."""
    current, chosen = visit.field("current"), visit.field("passphrase")
    if not current:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, NO_PASSPHRASE)
    if chosen != visit.field("again"):
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, UNLIKE)
    try:
        token = await change_passphrase(visit.service, visit.work, current, chosen, _device(visit), visit.now)
    except (Refused, Paused) as error:
        return await _page(visit, *wrong(error))
    except WeakPassphrase as weak:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, WEAKNESSES[weak.weakness])
    return _changed(visit, token)


async def show_authenticator(visit: WorkVisit) -> web.Response:
    """A new authenticator's secret."""
    if not visit.service.config.inbox.totp:
        raise web.HTTPNotFound
    return _authenticator_page(visit, offer_authenticator(visit.service, visit.work))


async def new_authenticator(visit: WorkVisit) -> web.Response:
    """Take the new authenticator; every other session ends."""
    try:
        offered = offer_again(visit.service, visit.work, visit.field("ticket"))
    except WrongCode:
        raise web.HTTPNotFound from None
    current, code = visit.field("current"), visit.field("code")
    if not current:
        return _authenticator_page(visit, offered, HTTPStatus.UNPROCESSABLE_ENTITY, NO_PASSPHRASE)
    try:
        token = await change_authenticator(
            visit.service, visit.work, current, offered.ticket, code, _device(visit), visit.now
        )
    except (Refused, Paused) as error:
        return _authenticator_page(visit, offered, *wrong(error))
    except WrongCode:
        return _authenticator_page(visit, offered, HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_CODE)
    return _changed(visit, token)


async def end_one(visit: WorkVisit) -> web.Response:
    """End one session; ending this one is logging out."""
    await end_session(visit.service, visit.work, visit.field("session"))
    return see_other("/account")


async def end_others(visit: WorkVisit) -> web.Response:
    """End all sessions but this one."""
    await end_other_sessions(visit.service, visit.work)
    return see_other("/account")


async def new_passkey(visit: WorkVisit) -> web.Response:
    """Take a passkey that the device has just made."""
    current, shown = visit.field("current"), Shown(visit.field("challenge"), visit.field("answer"))
    if not current:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, NO_PASSPHRASE)
    try:
        await add_passkey(visit.service, visit.work, current, visit.field("name"), shown, visit.now)
    except (Refused, Paused) as error:
        return await _page(visit, *wrong(error))
    except NotMade:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_PASSKEY)
    return see_other("/account")


async def drop_passkey(visit: WorkVisit) -> web.Response:
    """Take a passkey no more."""
    current = visit.field("current")
    if not current:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, NO_PASSPHRASE)
    try:
        await remove_passkey(visit.service, visit.work, current, visit.field("passkey"), visit.now)
    except (Refused, Paused) as error:
        return await _page(visit, *wrong(error))
    return see_other("/account")


async def _page(visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, problem: str = "") -> web.Response:
    return visit.show(
        "account.html",
        status,
        account=await own_account(visit.service, visit.work, visit.now),
        question=await offer_passkey(visit.service, visit.work, visit.now),
        totp=visit.service.config.inbox.totp,
        problem=problem,
        changed="changed" in visit.request.query,
    )


def _authenticator_page(
    visit: WorkVisit, offered: NewAuthenticator, status: HTTPStatus = HTTPStatus.OK, problem: str = ""
) -> web.Response:
    shown = {"picture": qr_code(offered.uri), "secret": spelled_secret(offered.uri)}
    return visit.show("authenticator.html", status, ticket=offered.ticket, problem=problem, **shown)


def _changed(visit: WorkVisit, token: SessionToken) -> web.Response:
    response = see_other("/account?changed")
    visit.inbox.cookie.give(response, token)
    return response


def _device(visit: WorkVisit) -> Device:
    return device_of(visit.request.headers.get(hdrs.USER_AGENT, ""))
