"""Content-free notices to coordinators by e-mail (aiosmtplib); sees a subject, a text and an address, keeps none."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

import aiosmtplib
from aiohttp import web

from bridges.contract import Channel, Outbound, Reason, Receive, Sent, Surroundings, TakeReport, Undelivered
from bridges.http import OPERATOR, SOON
from bridges.settings import is_loopback, read, require, secret

_OPERATORS_FAULT = (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPNotSupported)


class Tls(StrEnum):
    """How the line to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`sender` is the From address. `tls = "none"` is for a mail server on this machine only."""

    host: str
    sender: str
    port: int = 587
    tls: Tls = Tls.STARTTLS
    username: str = ""
    password: str = secret()


class SmtpBridge:
    """A `Bridge` that only sends."""

    channel = Channel.EMAIL

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings) -> None:
        self.name = name
        self._settings = settings
        self._now = surroundings.now
        self._patience = surroundings.patience

    def attach(self, app: web.Application, receive: Receive, report: TakeReport) -> None:
        """Nothing comes in by e-mail."""

    async def start(self) -> None:
        """Nothing to open: one connection a notice."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outbound: Outbound) -> Sent:
        """Send one notice, once. Raises `Undelivered`."""
        now = self._now()
        if outbound.expires_at <= now:
            raise Undelivered(Reason.EXPIRED, None)
        if outbound.address.channel is not Channel.EMAIL:
            raise Undelivered(Reason.ADDRESS, None)
        message = compose(outbound, self._settings.sender, now)
        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                username=settings.username or None,
                password=settings.password or None,
                use_tls=settings.tls is Tls.TLS,
                start_tls=settings.tls is Tls.STARTTLS,
                timeout=self._patience.total_seconds(),
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _undelivered(error) from None
        return Sent((str(message["Message-ID"]),))


def compose(outbound: Outbound, sender: str, now: datetime) -> EmailMessage:
    """The mail: the same id every time, so that a repetition can be recognised. Raises `Undelivered`."""
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = outbound.address.value
        message["Subject"] = outbound.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{outbound.id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(outbound.text)
    # A line break in an address or a subject; the exception's own text would quote it.
    except (ValueError, IndexError):
        raise Undelivered(Reason.UNSUITABLE, None) from None
    return message


def _undelivered(error: Exception) -> Undelivered:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [one.code for one in error.recipients]
        passing = bool(codes) and all(400 <= code < 500 for code in codes)
        return Undelivered(Reason.UNAVAILABLE, OPERATOR) if passing else Undelivered(Reason.ADDRESS, None)
    if isinstance(error, _OPERATORS_FAULT):
        return Undelivered(Reason.ACCOUNT, OPERATOR)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        passing = 400 <= error.code < 500
        return Undelivered(Reason.UNAVAILABLE, OPERATOR) if passing else Undelivered(Reason.REJECTED, None)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPReadTimeoutError):
        return Undelivered(Reason.UNCERTAIN, SOON)
    # The bare class is the library's word for a server that will not encrypt.
    if type(error) is aiosmtplib.SMTPException:
        return Undelivered(Reason.ACCOUNT, OPERATOR)
    return Undelivered(Reason.UNREACHABLE, SOON)


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmtpBridge:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require("tls", settings.tls is not Tls.NONE or is_loopback(settings.host), "none is for a server on this machine")
    require("sender", "@" in settings.sender, "must be an e-mail address")
    require("password_file", bool(settings.password) == bool(settings.username), "goes with username")
    return SmtpBridge(name, settings, surroundings)
