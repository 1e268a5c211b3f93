"""Who may work here: invite, join, be let in, be shown out; an administrator does it and reads nothing."""

import asyncio
import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from intake import audit
from intake.audit import Act, Line
from intake.journal import copy_out
from intake.login import login_indexes
from intake.model import Member, MemberId, MemberState, Recipient, RecipientKind, Role
from intake.reading import Reader
from intake.service import Service
from intake.store import desks, journal, members
from intake.store.journal import What
from intake.store.members import Credentials, Invitation
from intake.vault.blind import blind_candidates, blind_index
from intake.vault.desk_keys import fingerprint, let_in, new_generation
from intake.vault.errors import Tampered
from intake.vault.ids import new_member_id
from intake.vault.passphrase import Weakness, protect_member_key, weakness
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import PrivateKey
from intake.vault.totp import accepted_counter, new_totp_secret, provisioning_uri, seal_totp_secret
from triage.model import DeskName

_CODE_BYTES = 15
_TOTP_SECRET_BYTES = 20


class NoInvitation(Exception):
    """The code is unknown, used or too old."""


class LoginTaken(Exception):
    """Somebody works here under this login."""


class WeakPassphrase(Exception):
    """The passphrase will not do; `weakness` says why."""

    def __init__(self, reason: Weakness) -> None:
        super().__init__(reason.value)
        self.weakness = reason


class WrongCode(Exception):
    """The one-time code does not fit the secret that was shown."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the invited person sees before they choose. `ticket` is carried by the page's form and goes into `join`."""

    login: str = field(repr=False)
    desk: DeskName | None
    role: Role
    totp_uri: str = field(repr=False)
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as members see them. `fingerprint` is what is compared by phone; `let_in` whether they can read."""

    member: Member
    login: str = field(repr=False)
    desks: frozenset[DeskName]
    fingerprint: str
    let_in: bool


async def invite(service: Service, login: str, role: Role, desk: DeskName | None, now: datetime) -> str:
    """Invite somebody; returns the single-use code that they join with, of which only a hash is kept.

    Raises:
        ValueError: an administrator with a desk, anybody else without one, or a national role at another desk.
    """
    if (role is Role.ADMIN) != (desk is None):
        raise ValueError("an administrator has no desk, everybody else has one")
    if role is Role.NATIONAL and desk != service.config.national_desk:
        raise ValueError("only the national desk has national coordinators")
    code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    invitation = Invitation(
        token_hash=blind_index(service.key, Purpose.CODE, code.encode()),
        sealed_login=seal_under(service.key, Purpose.ADDRESS, login.strip().encode(), "login"),
        role=role,
        desk=desk,
        expires_at=now + timedelta(days=service.config.inbox.invitation_days),
    )
    await service.database.write(members.add_invitation, service.key, invitation)
    return code


async def read_invitation(service: Service, code: str, now: datetime) -> Invited:
    """What an invitation is for, with a new secret for the authenticator. Raises `NoInvitation`."""
    invitation = await service.database.read(_find_invitation, service.key, code, now)
    return _invited(service, invitation, code, new_totp_secret())


async def read_ticket(service: Service, ticket: str, now: datetime) -> Invited:
    """The same invitation again, with the same secret, for a page that is filled in anew. Raises `NoInvitation`."""
    code, secret = _open_ticket(service.key, ticket)
    return _invited(service, await service.database.read(_find_invitation, service.key, code, now), code, secret)


async def join(service: Service, ticket: str, passphrase: str, typed: str, now: datetime) -> MemberId:
    """Become a member: the first of a desk makes its key, everybody later waits to be let in by one who has it.

    `ticket` is that of `read_invitation`; `typed` is the authenticator's code.

    Raises:
        NoInvitation, LoginTaken, WeakPassphrase, WrongCode.
    """
    code, totp_secret = _open_ticket(service.key, ticket)
    invitation = await service.database.read(_find_invitation, service.key, code, now)
    login, member = _login(service.key, invitation.sealed_login), new_member_id()
    counter = _first_code(service, totp_secret, typed, now)
    if (weak := weakness(passphrase, [login])) is not None:
        raise WeakPassphrase(weak)
    private = PrivateKey.generate()
    protect = partial(protect_member_key, service.key, passphrase, private, member, service.cost)
    protected = await asyncio.get_running_loop().run_in_executor(service.stretcher, protect)
    person = Member(member, invitation.role, MemberState.ACTIVE, invitation.sealed_login, private.public_bytes)
    sealed_totp = seal_totp_secret(service.key, member, totp_secret)
    credentials = Credentials(person, protected, sealed_totp, counter)
    try:
        await service.database.write(_join, service, invitation, credentials, login, now)
    except IntegrityError:
        raise LoginTaken from None
    return member


async def let_colleague_in(service: Service, reader: Reader, newcomer: MemberId, heard: str, now: datetime) -> None:
    """Give a newcomer the keys of the desks they share with the reader, after comparing fingerprints by phone.

    Raises:
        NoInvitation: there is nobody of that id and a role that reads who waits at a desk of the reader's.
        WrongFingerprint: what was heard is not this key's: somebody else's key lies here.
    """
    await service.database.write(_let_in, service, reader, newcomer, heard, now)


async def deactivate(service: Service, member: MemberId, now: datetime, by: MemberId | None = None) -> None:
    """Show somebody out: sessions, wraps and memberships go, and their desks get new keys, in one transaction.

    `by` is the administrator who does it, None for the command line.

    Raises:
        NoInvitation: there is no such active member.
    """
    await service.database.write(_deactivate, service, member, now, by)
    await copy_out(service)


async def colleagues(service: Service, of: Sequence[DeskName] | None) -> list[Colleague]:
    """The active members of these desks, or everybody (for an administrator) where `of` is None."""
    return await service.database.read(_colleagues, service, of)


def show_out(conn: Connection, service: Service, member_id: MemberId, now: datetime, by: MemberId | None) -> None:
    """As `deactivate`, within a transaction."""
    key = service.key
    desks.hold_keys(conn)
    member = members.find_member(conn, key, member_id)
    if member is None or member.state is not MemberState.ACTIVE:
        raise NoInvitation
    left = desks.desks_of(conn, key, member_id)
    remaining = {desk: desks.let_in(conn, key, desk) - {member_id} for desk in left}
    desks.remove_member(conn, member_id)
    members.deactivate(conn, key, member)
    for desk, staying in sorted(remaining.items()):
        _renew(conn, key, desk, staying, now)
        audit.record(conn, key, desk, Line(now, Act.DEACTIVATED, by, member=member_id))


def _find_invitation(conn: Connection, key: ServiceKey, code: str, now: datetime) -> Invitation:
    hashes = blind_candidates(key, Purpose.CODE, "".join(code.split()).lower().encode("utf-8", "surrogatepass"))
    invitation = members.find_invitation(conn, key, hashes, now)
    if invitation is None:
        raise NoInvitation
    return invitation


def _invited(service: Service, invitation: Invitation, code: str, secret: bytes) -> Invited:
    login = _login(service.key, invitation.sealed_login)
    uri = provisioning_uri(secret, login, service.config.service.name)
    return Invited(login, invitation.desk, invitation.role, uri, _seal_ticket(service.key, code, secret))


def _seal_ticket(key: ServiceKey, code: str, totp_secret: bytes) -> str:
    return base64.urlsafe_b64encode(seal_under(key, Purpose.CODE, totp_secret + code.encode(), "ticket")).decode()


def _open_ticket(key: ServiceKey, ticket: str) -> tuple[str, bytes]:
    try:
        opened = open_under(key, Purpose.CODE, base64.urlsafe_b64decode(ticket), "ticket")
    except (ValueError, Tampered):
        raise NoInvitation from None
    return opened[_TOTP_SECRET_BYTES:].decode("utf-8", "replace"), opened[:_TOTP_SECRET_BYTES]


def _first_code(service: Service, secret: bytes, typed: str, now: datetime) -> int:
    if not service.config.inbox.totp:
        return 0
    counter = accepted_counter(secret, typed, now, 0)
    if counter is None:
        raise WrongCode
    return counter


def _join(
    conn: Connection, service: Service, invitation: Invitation, credentials: Credentials, login: str, now: datetime
) -> None:
    key, member = service.key, credentials.member
    desks.hold_keys(conn)
    if not members.take_invitation(conn, invitation.token_hash):
        raise NoInvitation
    indexes = login_indexes(key, login)
    if members.find_credentials(conn, key, indexes) is not None:
        raise LoginTaken
    members.add_member(conn, key, credentials, indexes[0], now)
    desk = invitation.desk
    if desk is None:
        return
    desks.add_membership(conn, key, member.id, desk)
    audit.record(conn, key, desk, Line(now, Act.JOINED, member.id))
    if member.role.reads and desk not in desks.current_keys(conn, key):
        generation = desks.last_generation(conn, desk) + 1
        desks.add_generation(conn, key, new_generation(desk, generation, [_recipient(member)]), now)


def _let_in(conn: Connection, service: Service, reader: Reader, newcomer: MemberId, heard: str, now: datetime) -> None:
    key = service.key
    desks.hold_keys(conn)
    person = members.find_member(conn, key, newcomer)
    shared = desks.desks_of(conn, key, newcomer) & reader.desks
    if person is None or person.state is not MemberState.ACTIVE or not person.role.reads or not shared:
        raise NoInvitation
    published = desks.public_keys(conn, key, shared)
    held = {(wrap.desk, wrap.generation) for wrap in desks.wraps_to(conn, key, newcomer)}
    for wrap in desks.wraps_to(conn, key, reader.member):
        place = (wrap.desk, wrap.generation)
        if wrap.desk in shared and place not in held:
            new = let_in(wrap, published[place], reader.private, _recipient(person), heard)
            desks.add_wraps(conn, key, [new])
            audit.record(conn, key, wrap.desk, Line(now, Act.LET_IN, reader.member, member=newcomer))


def _deactivate(conn: Connection, service: Service, member_id: MemberId, now: datetime, by: MemberId | None) -> None:
    journal.add(conn, service.key, What.DEACTIVATED, member_id, now)
    show_out(conn, service, member_id, now, by)


def _renew(conn: Connection, key: ServiceKey, desk: DeskName, staying: frozenset[MemberId], now: datetime) -> None:
    people = [members.find_member(conn, key, member) for member in sorted(staying)]
    recipients = [_recipient(person) for person in people if person is not None]
    if not recipients:
        desks.retire_generation(conn, key, desk)
        return
    generation = desks.last_generation(conn, desk) + 1
    desks.add_generation(conn, key, new_generation(desk, generation, recipients), now)


def _colleagues(conn: Connection, service: Service, of: Sequence[DeskName] | None) -> list[Colleague]:
    key = service.key
    found = []
    for member in members.list_members(conn, key):
        own = desks.desks_of(conn, key, member.id)
        if member.state is MemberState.ACTIVE and (of is None or own & set(of)):
            inside = any(member.id in desks.let_in(conn, key, desk) for desk in own)
            login = _login(key, member.sealed_login)
            found.append(Colleague(member, login, own, fingerprint(member.public_key), inside))
    return found


def _recipient(member: Member) -> Recipient:
    return Recipient(RecipientKind.MEMBER, member.id, 0, member.public_key)


def _login(key: ServiceKey, sealed: bytes) -> str:
    return open_under(key, Purpose.ADDRESS, sealed, "login").decode()
