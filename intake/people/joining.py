"""From an invitation to an account: passphrase, authenticator, a key; the first of a desk makes the desk's."""

import asyncio
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from intake import audit
from intake.audit import Act, Line
from intake.login import login_indexes
from intake.model import Member, MemberId, MemberState
from intake.people.inviting import NoInvitation, find_invitation, login_in, open_ticket
from intake.people.meeting import as_recipient
from intake.service import Service
from intake.store import desks, members
from intake.store.members import Credentials, Invitation
from intake.vault.desk_keys import new_generation
from intake.vault.ids import new_member_id
from intake.vault.passphrase import Weakness, protect_member_key, weakness
from intake.vault.suite import PrivateKey
from intake.vault.totp import accepted_counter, seal_totp_secret


class LoginTaken(Exception):
    """Somebody works here under this login."""


class WeakPassphrase(Exception):
    """The passphrase will not do; `weakness` says why."""

    def __init__(self, reason: Weakness) -> None:
        super().__init__(reason.value)
        self.weakness = reason


class WrongCode(Exception):
    """The one-time code does not fit the secret that was shown."""


async def join(service: Service, ticket: str, passphrase: str, typed: str, now: datetime) -> MemberId:
    """Become a member: the first of a desk makes its key, everybody later waits to be let in by one who has it.

    `ticket` is that of `read_invitation`; `typed` is the authenticator's code.

    Raises:
        NoInvitation, LoginTaken, WeakPassphrase, WrongCode.
    """
    code, totp_secret = open_ticket(service.key, ticket)
    invitation = await service.database.read(find_invitation, service.key, code, now)
    login, member = login_in(service.key, invitation), new_member_id()
    counter = _first_code(service, totp_secret, typed, now)
    if (weak := weakness(passphrase, [login])) is not None:
        raise WeakPassphrase(weak)
    private = PrivateKey.generate()
    protect = partial(protect_member_key, service.key, passphrase, private, member, service.cost)
    protected = await asyncio.get_running_loop().run_in_executor(service.stretcher, protect)
    person = Member(
        id=member,
        role=invitation.role,
        state=MemberState.ACTIVE,
        sealed_login=invitation.sealed_login,
        public_key=private.public_bytes,
        begun_by=invitation.begun_by,
    )
    sealed_totp = seal_totp_secret(service.key, member, totp_secret)
    credentials = Credentials(person, protected, sealed_totp, counter)
    try:
        await service.database.write(_join, service, invitation, credentials, login, now)
    except IntegrityError:
        raise LoginTaken from None
    return member


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
        desks.add_generation(conn, key, new_generation(desk, generation, [as_recipient(member)]), now)
