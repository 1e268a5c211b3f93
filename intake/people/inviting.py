"""Invitations: single-use codes of which only a hash is kept, and what an invited person is shown; knows no key."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.model import MemberId, Role
from intake.service import Service
from intake.store import members
from intake.store.members import Invitation
from intake.vault.base64url import from_text, to_text
from intake.vault.blind import blind_candidates, blind_index
from intake.vault.errors import Tampered, UnknownGeneration
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.totp import new_totp_secret, provisioning_uri
from triage.model import DeskName

_CODE_BYTES = 15
_TOTP_SECRET_BYTES = 20


class NoInvitation(Exception):
    """The code is unknown, used or too old."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the invited person sees before they choose. `ticket` is carried by the page's form and goes into `join`."""

    login: str = field(repr=False)
    desk: DeskName | None
    role: Role
    totp_uri: str = field(repr=False)
    ticket: str = field(repr=False)


async def invite(service: Service, login: str, role: Role, desk: DeskName | None, now: datetime) -> str:
    """Invite somebody; returns the single-use code that they join with, of which only a hash is kept.

    Raises:
        ValueError: an administrator with a desk, anybody else without one, or a national role at another desk.
    """
    if (role is Role.ADMIN) != (desk is None):
        raise ValueError("an administrator has no desk, everybody else has one")
    if role is Role.NATIONAL and desk != service.config.national_desk:
        raise ValueError("only the national desk has national coordinators")
    code, invitation = new_invitation(service, login.strip(), role, desk, now)
    await service.database.write(members.add_invitation, service.key, invitation)
    return code


def new_invitation(
    service: Service, login: str, role: Role, desk: DeskName | None, now: datetime, begun_by: MemberId | None = None
) -> tuple[str, Invitation]:
    """A fresh code, and the invitation that is to be written for it; `begun_by` started the person over."""
    code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    invitation = Invitation(
        token_hash=blind_index(service.key, Purpose.CODE, code.encode()),
        sealed_login=seal_under(service.key, Purpose.ADDRESS, login.encode(), "login"),
        role=role,
        desk=desk,
        expires_at=now + timedelta(days=service.config.inbox.invitation_days),
        begun_by=begun_by,
    )
    return code, invitation


async def read_invitation(service: Service, code: str, now: datetime) -> Invited:
    """What an invitation is for, with a new secret for the authenticator. Raises `NoInvitation`."""
    invitation = await service.database.read(find_invitation, service.key, code, now)
    return _invited(service, invitation, code, new_totp_secret())


async def read_ticket(service: Service, ticket: str, now: datetime) -> Invited:
    """The same invitation again, with the same secret, for a page that is filled in anew. Raises `NoInvitation`."""
    code, secret = open_ticket(service.key, ticket)
    return _invited(service, await service.database.read(find_invitation, service.key, code, now), code, secret)


def find_invitation(conn: Connection, key: ServiceKey, code: str, now: datetime) -> Invitation:
    """The invitation of a code, typed in groups or not. Raises `NoInvitation`."""
    hashes = blind_candidates(key, Purpose.CODE, "".join(code.split()).lower().encode("utf-8", "surrogatepass"))
    invitation = members.find_invitation(conn, key, hashes, now)
    if invitation is None:
        raise NoInvitation
    return invitation


def open_ticket(key: ServiceKey, ticket: str) -> tuple[str, bytes]:
    """Code and authenticator's secret of a ticket. Raises `NoInvitation` for what is none."""
    try:
        opened = open_under(key, Purpose.CODE, from_text(ticket), "ticket")
    except (Tampered, UnknownGeneration):
        raise NoInvitation from None
    return opened[_TOTP_SECRET_BYTES:].decode("utf-8", "replace"), opened[:_TOTP_SECRET_BYTES]


def _invited(service: Service, invitation: Invitation, code: str, secret: bytes) -> Invited:
    login = login_in(service.key, invitation)
    uri = provisioning_uri(secret, login, service.config.service.name)
    return Invited(login, invitation.desk, invitation.role, uri, _seal_ticket(service.key, code, secret))


def _seal_ticket(key: ServiceKey, code: str, totp_secret: bytes) -> str:
    return to_text(seal_under(key, Purpose.CODE, totp_secret + code.encode(), "ticket"))


def login_in(key: ServiceKey, invitation: Invitation) -> str:
    """The login that somebody is invited under."""
    return open_under(key, Purpose.ADDRESS, invitation.sealed_login, "login").decode()
