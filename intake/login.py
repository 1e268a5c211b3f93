"""Logging in and staying so: passphrase, one-time code, session; tells a stranger nothing about who has an account."""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from intake import passkeys
from intake.model import Member, MemberId, MemberState
from intake.passkeys import NotShown, Shown, Used
from intake.reading import Reader, unlock
from intake.service import Service
from intake.store import members, sessions
from intake.store.members import Credentials, Tries
from intake.store.sessions import Session
from intake.vault.blind import blind_candidates
from intake.vault.device import NO_DEVICE, Device, seal_device
from intake.vault.errors import Tampered, WrongPassphrase
from intake.vault.passphrase import decoy, unlock_member_key
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.session import (
    SessionToken,
    new_session_token,
    open_session_token,
    unwrap_session_key,
    wrap_session_key,
)
from intake.vault.suite import PrivateKey
from intake.vault.totp import accepted_counter, open_totp_secret

T = TypeVar("T")

_LONGEST_PAUSE = timedelta(minutes=15)
_FIRST_PAUSE = timedelta(seconds=5)
MOST_WAITING = 50
"""Passphrases that wait to be tried, some five seconds' work: whoever comes then is asked to come again."""
_TOUCH_EVERY = timedelta(minutes=1)


class Refused(Exception):
    """Login, passphrase or code is wrong: the same answer for all, and for a login that does not exist."""


class Paused(Exception):
    """Too many vain tries at this login, whether it exists or not, or at all; `until` is when it takes one again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries")
        self.until = until


class NoSession(Exception):
    """There is no such session, or it has ended."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody who is logged in. An administrator's `reader` has no desk and opens nothing."""

    member: Member
    reader: Reader
    token: SessionToken = field(repr=False)


def login_indexes(key: ServiceKey, login: str) -> tuple[bytes, ...]:
    """What a login may be stored under, the newest generation of the service key first; case does not matter."""
    folded = unicodedata.normalize("NFKC", login.strip()).casefold()
    return blind_candidates(key, Purpose.PASSPHRASE, folded.encode("utf-8", "surrogatepass"))


def login_of(key: ServiceKey, member: Member) -> str:
    """What a member logs in under."""
    return open_under(key, Purpose.ADDRESS, member.sealed_login, "login").decode()


async def log_in(
    service: Service,
    login: str,
    passphrase: str,
    code: str,
    now: datetime,
    *,
    shown: Shown | None = None,
    device: Device = NO_DEVICE,
) -> SessionToken:
    """Open a session: with a passphrase, and with the authenticator's `code` or a passkey that was `shown`.

    Raises:
        Paused: this login was tried in vain too often.
        Refused: something is wrong, and it is not said what.
    """
    credentials, private = await _proven(service, login, passphrase, now)
    member = credentials.member.id
    factor = await _passkey(service, member, shown, now) if shown else _accepted(service, credentials, code, now)
    token, session = new_session(service, member, private, now, device)
    if not await service.database.write(_settle, service, session, login_indexes(service.key, login)[0], factor, now):
        raise Refused
    return token


async def prove(service: Service, member: Member, passphrase: str, now: datetime) -> PrivateKey:
    """The key of somebody who is logged in and types their passphrase once more, before something grave.

    Raises:
        Paused, Refused: as for a login, and counted with it.
    """
    login = login_of(service.key, member)
    _, private = await _proven(service, login, passphrase, now)
    await service.database.write(members.forget_failures, login_indexes(service.key, login)[0])
    return private


def new_session(
    service: Service, member: MemberId, private: PrivateKey, now: datetime, device: Device
) -> tuple[SessionToken, Session]:
    """A session under a new id, with the row that is to be written for it."""
    token = new_session_token()
    ends_at = (now + timedelta(hours=service.config.inbox.session_hours)).replace(microsecond=0)
    wrapped = wrap_session_key(service.key, token, private, member, ends_at)
    sealed = seal_device(service.key, token.id_hash, device)
    return token, Session(token.id_hash, member, wrapped, sealed, now, now, ends_at)


async def resume(service: Service, cookie: str, now: datetime, *, touch: bool = True) -> AtWork:
    """Go on with a session. Without `touch` nobody was there: a page that asks by itself keeps no session alive.

    Raises:
        NoSession: there is none, or it has ended.
    """
    try:
        token = open_session_token(cookie)
    except Tampered:
        raise NoSession from None
    at_work, last_seen_at = await service.database.read(_resume, service, token, now)
    if touch and now - last_seen_at > _TOUCH_EVERY:
        await service.database.write(sessions.touch, token.id_hash, now)
    return at_work


async def is_at_work(service: Service, token: SessionToken, now: datetime) -> bool:
    """Whether a session goes on; asking touches nothing."""
    session = await service.database.read(sessions.find, token.id_hash)
    return session is not None and not _has_ended(service, session, now)


async def log_out(service: Service, token: SessionToken) -> None:
    """End a session."""
    await service.database.write(sessions.end, token.id_hash)


def paused_until(tries: Tries | None, free: int) -> datetime | None:
    """When a login takes a try again: after `free` vain ones each pause is twice the last, up to a quarter hour."""
    if tries is None or tries.failures < free:
        return None
    pause = _FIRST_PAUSE * int(2 ** min(tries.failures - free, 10))
    return tries.tried_at + min(pause, _LONGEST_PAUSE)


async def _proven(service: Service, login: str, passphrase: str, now: datetime) -> tuple[Credentials, PrivateKey]:
    if service.under_way.stretching >= MOST_WAITING:
        raise Paused(now + _FIRST_PAUSE)
    credentials = await service.database.write(_begin, service, login_indexes(service.key, login), now)
    if credentials is None:
        await _stretched(service, partial(decoy, passphrase, service.cost))
        raise Refused
    return credentials, await _unlocked(service, credentials, passphrase)


async def _passkey(service: Service, member: MemberId, shown: Shown, now: datetime) -> Used:
    try:
        return await passkeys.check(service, member, shown, now)
    except NotShown:
        raise Refused from None


async def _unlocked(service: Service, credentials: Credentials, passphrase: str) -> PrivateKey:
    protected, member = credentials.protected_key, credentials.member.id
    try:
        return await _stretched(service, partial(unlock_member_key, service.key, passphrase, protected, member))
    except WrongPassphrase:
        raise Refused from None


async def _stretched(service: Service, work: Callable[[], T]) -> T:
    service.under_way.stretching += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(service.stretcher, work)
    finally:
        service.under_way.stretching -= 1


def _accepted(service: Service, credentials: Credentials, code: str, now: datetime) -> int | None:
    """The counter of the code that was typed; None where no code is asked for (the demo)."""
    if not service.config.inbox.totp:
        return None
    if credentials.sealed_totp is None:
        raise Refused
    secret = open_totp_secret(service.key, credentials.member.id, credentials.sealed_totp)
    counter = accepted_counter(secret, code, now, credentials.totp_counter)
    if counter is None:
        raise Refused
    return counter


def _begin(conn: Connection, service: Service, indexes: tuple[bytes, ...], now: datetime) -> Credentials | None:
    """Count the try as vain before it is made: a hundred at once would else all be made before the first counts."""
    members.hold_tries(conn, indexes[0])
    until = paused_until(members.find_tries(conn, indexes[0]), service.config.limits.logins_before_pause)
    if until is not None and now < until:
        raise Paused(until)
    members.count_failure(conn, indexes[0], now)
    return members.find_credentials(conn, service.key, indexes)


def _settle(
    conn: Connection, service: Service, session: Session, login_index: bytes, factor: int | Used | None, now: datetime
) -> bool:
    if isinstance(factor, Used) and not passkeys.settle(conn, service.key, factor, now):
        return False
    if isinstance(factor, int) and not members.use_code(conn, session.member, factor):
        return False
    members.forget_failures(conn, login_index)
    sessions.add(conn, session)
    return True


def _resume(conn: Connection, service: Service, token: SessionToken, now: datetime) -> tuple[AtWork, datetime]:
    session = sessions.find(conn, token.id_hash)
    if session is None or _has_ended(service, session, now):
        raise NoSession
    member = _active(conn, service.key, session.member)
    try:
        private = unwrap_session_key(service.key, token, session.wrapped_key, member.id, session.expires_at)
    except Tampered:
        raise NoSession from None
    reader = unlock(conn, service.key, member.id, private)
    return AtWork(member, reader, token), session.last_seen_at


def _has_ended(service: Service, session: Session, now: datetime) -> bool:
    idle = timedelta(minutes=service.config.inbox.idle_minutes)
    return now >= session.expires_at or now - session.last_seen_at > idle


def _active(conn: Connection, key: ServiceKey, member_id: MemberId) -> Member:
    member = members.find_member(conn, key, member_id)
    if member is None or member.state is not MemberState.ACTIVE:
        raise NoSession
    return member
