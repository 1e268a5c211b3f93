"""Another passphrase or another authenticator, for whoever proves with the passphrase who they are; knows no page."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.login import AtWork, login_of, new_session, prove
from intake.people import WeakPassphrase, WrongCode
from intake.service import Service
from intake.store import desks, members, sessions
from intake.store.sessions import Session
from intake.vault.base64url import from_text, to_text
from intake.vault.device import Device
from intake.vault.errors import Tampered, UnknownGeneration
from intake.vault.passphrase import protect_member_key, weakness
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose
from intake.vault.session import SessionToken
from intake.vault.totp import accepted_counter, new_totp_secret, provisioning_uri, seal_totp_secret

_TICKET = "new authenticator"


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """A secret to be read by an authenticator. `ticket` is carried by the form and goes into `change_authenticator`."""

    uri: str = field(repr=False)
    ticket: str = field(repr=False)


async def change_passphrase(
    service: Service, work: AtWork, current: str, chosen: str, device: Device, now: datetime
) -> SessionToken:
    """Put one's key under another passphrase. All sessions end; returned is this browser's new one.

    Raises:
        Paused, Refused: the current passphrase is wrong.
        WeakPassphrase: the chosen one will not do.
    """
    private = await prove(service, work.member, current, now)
    if (weak := weakness(chosen, [login_of(service.key, work.member)])) is not None:
        raise WeakPassphrase(weak)
    protect = partial(protect_member_key, service.key, chosen, private, work.member.id, service.cost)
    protected = await asyncio.get_running_loop().run_in_executor(service.stretcher, protect)
    change = partial(members.set_protected_key, member=work.member.id, protected_key=protected)
    token, session = new_session(service, work.member.id, private, now, device)
    await service.database.write(
        _change, service, work, session, change, Line(now, Act.PASSPHRASE_CHANGED, work.member.id)
    )
    return token


def offer_authenticator(service: Service, work: AtWork) -> NewAuthenticator:
    """A new secret for an authenticator; the old one serves until the new one has shown a code."""
    secret = new_totp_secret()
    sealed = seal_under(service.key, Purpose.CODE, secret, _TICKET, work.member.id)
    return _shown(service, work, secret, to_text(sealed))


def offer_again(service: Service, work: AtWork, ticket: str) -> NewAuthenticator:
    """The same secret again, for a page that is filled in anew. Raises `WrongCode` for a ticket that is none."""
    return _shown(service, work, _open_ticket(service, work, ticket), ticket)


async def change_authenticator(
    service: Service, work: AtWork, passphrase: str, ticket: str, typed: str, device: Device, now: datetime
) -> SessionToken:
    """Take another authenticator. All sessions end; returned is this browser's new one.

    Raises:
        Paused, Refused: the passphrase is wrong.
        WrongCode: the code is not the new authenticator's.
    """
    secret = _open_ticket(service, work, ticket)
    private = await prove(service, work.member, passphrase, now)
    counter = accepted_counter(secret, typed, now, 0)
    if counter is None:
        raise WrongCode
    sealed = seal_totp_secret(service.key, work.member.id, secret)
    change = partial(members.set_authenticator, member=work.member.id, sealed_totp=sealed, counter=counter)
    token, session = new_session(service, work.member.id, private, now, device)
    line = Line(now, Act.SECOND_FACTOR_CHANGED, work.member.id)
    await service.database.write(_change, service, work, session, change, line)
    return token


def _change(
    conn: Connection,
    service: Service,
    work: AtWork,
    session: Session,
    change: Callable[[Connection], None],
    line: Line,
) -> None:
    """Whoever knew the old secret is out: every session ends, and the one who changed it gets a new one."""
    change(conn)
    sessions.end_all_of(conn, work.member.id)
    sessions.add(conn, session)
    for desk in sorted(desks.desks_of(conn, service.key, work.member.id)):
        audit.record(conn, service.key, desk, line)


def _shown(service: Service, work: AtWork, secret: bytes, ticket: str) -> NewAuthenticator:
    uri = provisioning_uri(secret, login_of(service.key, work.member), service.config.service.name)
    return NewAuthenticator(uri, ticket)


def _open_ticket(service: Service, work: AtWork, ticket: str) -> bytes:
    try:
        return open_under(service.key, Purpose.CODE, from_text(ticket), _TICKET, work.member.id)
    except (Tampered, UnknownGeneration):
        raise WrongCode from None
