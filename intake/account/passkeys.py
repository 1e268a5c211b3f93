"""Passkeys of one's own: made for this site, several, removable; changed only by who proves who they are."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.login import AtWork, login_of, prove
from intake.model import MemberId
from intake.passkeys import Question, Shown, site
from intake.service import Service
from intake.store import desks, mailboxes, passkeys
from intake.store.passkeys import StoredPasskey
from intake.vault.errors import Expired, Tampered, UnknownGeneration
from intake.vault.ids import new_id
from intake.vault.passkey import accept_new, issue_challenge, offer, open_passkey, read_challenge, seal_passkey

LONGEST_NAME = 40
MOST = 10


class NotMade(Exception):
    """No passkey came of it: not of this site, its owner not verified, too late, one too many, or sent in twice."""


async def offer_passkey(service: Service, work: AtWork, now: datetime) -> Question | None:
    """What a browser needs to make a passkey; None where passkeys do not work or no second factor is asked for."""
    here = site(service.config)
    if here is None or not service.config.inbox.totp:
        return None
    key, member = service.key, work.member.id
    challenge = issue_challenge(key, member, now)
    stored = await service.database.read(passkeys.of_member, key, member)
    held = [open_passkey(key, member, one.id, one.sealed) for one in stored]
    return Question(challenge, offer(here, member, login_of(key, work.member), held, challenge))


async def add_passkey(service: Service, work: AtWork, passphrase: str, name: str, shown: Shown, now: datetime) -> None:
    """Take a new passkey as a second factor.

    Raises:
        Paused, Refused: the passphrase is wrong.
        NotMade: no passkey of this site came of it.
    """
    await prove(service, work.member, passphrase, now)
    here = site(service.config)
    if here is None:
        raise NotMade
    try:
        spent_id = read_challenge(service.key, shown.challenge, work.member.id, now)
        made = accept_new(here, shown.answer, shown.challenge, name.strip()[:LONGEST_NAME])
    except (Tampered, Expired, UnknownGeneration):
        raise NotMade from None
    passkey_id = new_id()
    sealed = seal_passkey(service.key, work.member.id, passkey_id, made)
    await service.database.write(_add, service, StoredPasskey(passkey_id, work.member.id, sealed, now), spent_id)


async def remove_passkey(service: Service, work: AtWork, passphrase: str, passkey_id: str, now: datetime) -> None:
    """Take a passkey of one's own no more; one that is not there is gone already.

    Raises:
        Paused, Refused: the passphrase is wrong.
    """
    await prove(service, work.member, passphrase, now)
    await service.database.write(_remove, service, work, passkey_id, now)


def _add(conn: Connection, service: Service, made: StoredPasskey, spent_id: bytes) -> None:
    if mailboxes.spend(conn, spent_id, made.made_at) is not None:
        raise NotMade
    if len(passkeys.of_member(conn, service.key, made.member)) >= MOST:
        raise NotMade
    passkeys.add(conn, service.key, made)
    _log(conn, service, made.member, made.made_at)


def _remove(conn: Connection, service: Service, work: AtWork, passkey_id: str, now: datetime) -> None:
    if passkeys.remove(conn, work.member.id, passkey_id):
        _log(conn, service, work.member.id, now)


def _log(conn: Connection, service: Service, member: MemberId, now: datetime) -> None:
    for desk in sorted(desks.desks_of(conn, service.key, member)):
        audit.record(conn, service.key, desk, Line(now, Act.SECOND_FACTOR_CHANGED, member))
