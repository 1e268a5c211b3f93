"""Colleagues as they see each other, and how one lets a newcomer in after hearing their key's fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.login import login_of
from intake.model import Member, MemberId, MemberState, Recipient, RecipientKind
from intake.people.inviting import NoInvitation
from intake.reading import Reader
from intake.service import Service
from intake.store import desks, members
from intake.vault.desk_keys import fingerprint, let_in
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as members see them. `fingerprint` is what is compared by phone; `let_in` whether they can read."""

    member: Member
    login: str = field(repr=False)
    desks: frozenset[DeskName]
    fingerprint: str
    let_in: bool


class BegunByYou(Exception):
    """The reader started the newcomer over, and has seen the code: somebody else must hear the fingerprint."""


async def let_colleague_in(service: Service, reader: Reader, newcomer: MemberId, heard: str, now: datetime) -> None:
    """Give a newcomer the keys of the desks they share with the reader, after comparing fingerprints by phone.

    Raises:
        NoInvitation: there is nobody of that id and a role that reads who waits at a desk of the reader's.
        BegunByYou: the reader is who started them over.
        WrongFingerprint: what was heard is not this key's: somebody else's key lies here.
    """
    await service.database.write(_let_in, service, reader, newcomer, heard, now)


async def colleagues(service: Service, of: Sequence[DeskName] | None) -> list[Colleague]:
    """The active members of these desks, or everybody (for an administrator) where `of` is None."""
    return await service.database.read(_colleagues, service, of)


def as_recipient(member: Member) -> Recipient:
    """A member as somebody to wrap a desk's key to."""
    return Recipient(RecipientKind.MEMBER, member.id, 0, member.public_key)


def _let_in(conn: Connection, service: Service, reader: Reader, newcomer: MemberId, heard: str, now: datetime) -> None:
    key = service.key
    desks.hold_keys(conn)
    person = members.find_member(conn, key, newcomer)
    shared = desks.desks_of(conn, key, newcomer) & reader.desks
    if person is None or person.state is not MemberState.ACTIVE or not person.role.reads or not shared:
        raise NoInvitation
    if person.begun_by == reader.member:
        raise BegunByYou
    published = desks.public_keys(conn, key, shared)
    held = {(wrap.desk, wrap.generation) for wrap in desks.wraps_to(conn, key, newcomer)}
    for wrap in desks.wraps_to(conn, key, reader.member):
        place = (wrap.desk, wrap.generation)
        if wrap.desk in shared and place not in held:
            new = let_in(wrap, published[place], reader.private, as_recipient(person), heard)
            desks.add_wraps(conn, key, [new])
            audit.record(conn, key, wrap.desk, Line(now, Act.LET_IN, reader.member, member=newcomer))


def _colleagues(conn: Connection, service: Service, of: Sequence[DeskName] | None) -> list[Colleague]:
    key = service.key
    found = []
    for member in members.list_members(conn, key):
        own = desks.desks_of(conn, key, member.id)
        if member.state is MemberState.ACTIVE and (of is None or own & set(of)):
            inside = any(member.id in desks.let_in(conn, key, desk) for desk in own)
            login = login_of(key, member)
            found.append(Colleague(member, login, own, fingerprint(member.public_key), inside))
    return found
