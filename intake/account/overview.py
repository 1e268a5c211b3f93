"""What somebody sees of their own account: sessions and passkeys; ends sessions, changes nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.login import AtWork, login_of
from intake.service import Service
from intake.store import passkeys, sessions
from intake.store.passkeys import StoredPasskey
from intake.store.sessions import Session
from intake.vault.device import Device, open_device
from intake.vault.passkey import open_passkey
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A login of one's own. `id` names it in a form, and opens nothing."""

    id: str = field(repr=False)
    device: Device
    began_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey of one's own, as one called it."""

    id: str
    name: str = field(repr=False)
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody sees of their own account; sessions with the one used last first."""

    login: str = field(repr=False)
    sessions: Sequence[OwnSession]
    passkeys: Sequence[OwnPasskey]


async def own_account(service: Service, work: AtWork, now: datetime) -> Account:
    """Read one's own account."""
    return await service.database.read(_own_account, service, work, now)


async def end_session(service: Service, work: AtWork, session_id: str) -> None:
    """End one of one's own sessions; one that is not there has ended already."""
    try:
        id_hash = bytes.fromhex(session_id)
    except ValueError:
        return
    await service.database.write(sessions.end_one_of, work.member.id, id_hash)


async def end_other_sessions(service: Service, work: AtWork) -> None:
    """End all of one's own sessions but this one."""
    await service.database.write(sessions.end_all_of, work.member.id, work.token.id_hash)


def _own_account(conn: Connection, service: Service, work: AtWork, now: datetime) -> Account:
    key, member = service.key, work.member.id
    awake_since = now - timedelta(minutes=service.config.inbox.idle_minutes)
    alive = [one for one in sessions.of_member(conn, member) if one.last_seen_at >= awake_since]
    return Account(
        login=login_of(key, work.member),
        sessions=[_session(key, one, work) for one in alive if one.expires_at > now],
        passkeys=[_passkey(key, one) for one in passkeys.of_member(conn, key, member)],
    )


def _session(key: ServiceKey, session: Session, work: AtWork) -> OwnSession:
    device = open_device(key, session.id_hash, session.sealed_device)
    current = session.id_hash == work.token.id_hash
    return OwnSession(session.id_hash.hex(), device, session.began_at, session.last_seen_at, current)


def _passkey(key: ServiceKey, stored: StoredPasskey) -> OwnPasskey:
    name = open_passkey(key, stored.member, stored.id, stored.sealed).name
    return OwnPasskey(stored.id, name, stored.made_at, stored.used_at)
