"""Where passkeys work, and whether one that was shown is a member's own; knows no page and no passphrase."""

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import Connection

from intake.config import Config
from intake.model import MemberId
from intake.service import Service
from intake.store import mailboxes, passkeys
from intake.store.passkeys import StoredPasskey
from intake.vault.errors import Expired, Tampered, UnknownGeneration
from intake.vault.passkey import (
    LOGIN,
    Passkey,
    Site,
    accept,
    ask,
    is_of,
    issue_challenge,
    open_passkey,
    read_challenge,
    seal_passkey,
)
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class Shown:
    """What an authenticator answered to a challenge, as the browser sends it in."""

    challenge: str = field(repr=False)
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser asks an authenticator with: the challenge, and the options as JSON."""

    challenge: str = field(repr=False)
    options: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that answered, not yet noted: `settle` uses the challenge up."""

    stored: StoredPasskey
    passkey: Passkey = field(repr=False)
    spent_id: bytes = field(repr=False)


class NotShown(Exception):
    """There is no such passkey of this member's, or it did not answer this challenge."""


def site(config: Config) -> Site | None:
    """The site that passkeys are bound to; None where browsers know none, at a bare IP address."""
    parts = urlsplit(config.inbox.url)
    domain = config.inbox.passkey_domain or parts.hostname or ""
    if _is_address(domain):
        return None
    return Site(domain, f"{parts.scheme}://{parts.netloc}", config.service.name)


def question(service: Service, now: datetime) -> Question | None:
    """What to ask for at the login, of anybody; None where passkeys do not work or no second factor is asked for."""
    here = site(service.config)
    if here is None or not service.config.inbox.totp:
        return None
    challenge = issue_challenge(service.key, LOGIN, now)
    return Question(challenge, ask(here, challenge))


async def check(service: Service, member: MemberId, shown: Shown, now: datetime) -> Used:
    """Whether a passkey of the member's has answered. Raises `NotShown`."""
    here = site(service.config)
    held = await service.database.read(passkeys.of_member, service.key, member)
    opened = [(one, open_passkey(service.key, member, one.id, one.sealed)) for one in held]
    try:
        spent_id = read_challenge(service.key, shown.challenge, LOGIN, now)
        stored, own = next((one, passkey) for one, passkey in opened if is_of(passkey, shown.answer))
        if here is None:
            raise NotShown
        return Used(stored, accept(here, own, shown.answer, shown.challenge), spent_id)
    except (Tampered, Expired, UnknownGeneration, StopIteration):
        raise NotShown from None


def settle(conn: Connection, key: ServiceKey, used: Used, now: datetime) -> bool:
    """Use the challenge up and note the use. False when the challenge has served before."""
    if mailboxes.spend(conn, used.spent_id, now) is not None:
        return False
    stored = used.stored
    passkeys.use(conn, key, stored, seal_passkey(key, stored.member, stored.id, used.passkey), now)
    return True


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
