"""Showing somebody out, and starting somebody over who has lost their passphrase: their desks get new keys."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.journal import copy_out
from intake.login import login_of
from intake.model import Member, MemberId, MemberState, Role
from intake.people.inviting import NoInvitation, new_invitation
from intake.people.meeting import as_recipient
from intake.service import Service
from intake.store import cases, desks, journal, members, mentions, passkeys
from intake.store.journal import What
from intake.vault.desk_keys import new_generation
from intake.vault.service_key import ServiceKey
from triage.model import DeskName


async def deactivate(service: Service, member: MemberId, now: datetime, by: MemberId | None = None) -> None:
    """Show somebody out: sessions, wraps and memberships go, and their desks get new keys, in one transaction.

    `by` is the administrator who does it, None for the command line.

    Raises:
        NoInvitation: there is no such active member.
    """
    await service.database.write(_deactivate, service, member, now, by)
    await copy_out(service)


async def begin_anew(
    service: Service, member: MemberId, now: datetime, by: MemberId | None, within: AbstractSet[DeskName] | None
) -> str:
    """Start somebody over who has lost their passphrase; returns the code that they join with once more.

    The old account is shown out whole: a new key means that a colleague must let them in again, after comparing
    fingerprints. Not `by`, who has seen the code and could have joined with it: it takes two. `within` are the desks at
    which `by` may do this, None for an administrator (and the command line).

    Raises:
        NoInvitation: there is no such active member, it is oneself, one of another desk, or one who may do what `by`
            may not.
    """
    code = await service.database.write(_begin_anew, service, member, now, by, within)
    await copy_out(service)
    return code


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
    passkeys.remove_all_of(conn, member_id)
    cases.release(conn, member_id)
    mentions.forget_member(conn, member_id)
    for desk, staying in sorted(remaining.items()):
        _renew(conn, key, desk, staying, now)
        audit.record(conn, key, desk, Line(now, Act.DEACTIVATED, by, member=member_id))


def _begin_anew(
    conn: Connection,
    service: Service,
    member_id: MemberId,
    now: datetime,
    by: MemberId | None,
    within: AbstractSet[DeskName] | None,
) -> str:
    key = service.key
    member, own = members.find_member(conn, key, member_id), desks.desks_of(conn, key, member_id)
    if member is None or member_id == by or (within is not None and not own & within):
        raise NoInvitation
    if within is not None and not _is_equal(member, None if by is None else members.find_member(conn, key, by)):
        raise NoInvitation
    _deactivate(conn, service, member_id, now, by)
    for desk in sorted(own):
        audit.record(conn, key, desk, Line(now, Act.BEGUN_ANEW, by, member=member_id))
    code, invitation = new_invitation(service, login_of(key, member), member.role, min(own, default=None), now, by)
    members.add_invitation(conn, key, invitation)
    return code


def _is_equal(member: Member, by: Member | None) -> bool:
    """Whether `by` may do all that the member may: they see the code, and could join with it themselves."""
    return by is not None and member.role in (Role.COORDINATOR, by.role)


def _deactivate(conn: Connection, service: Service, member_id: MemberId, now: datetime, by: MemberId | None) -> None:
    journal.add(conn, service.key, What.DEACTIVATED, member_id, now)
    show_out(conn, service, member_id, now, by)


def _renew(conn: Connection, key: ServiceKey, desk: DeskName, staying: frozenset[MemberId], now: datetime) -> None:
    people = [members.find_member(conn, key, member) for member in sorted(staying)]
    recipients = [as_recipient(person) for person in people if person is not None]
    if not recipients:
        desks.retire_generation(conn, key, desk)
        return
    generation = desks.last_generation(conn, desk) + 1
    desks.add_generation(conn, key, new_generation(desk, generation, recipients), now)
