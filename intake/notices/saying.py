"""What a promised notice says and to whom, asked anew at the moment of sending; opens addresses, sends nothing."""

from sqlalchemy import Connection

from bridges.contract import Address, Alarm, Channel, Outbound
from intake.model import NoticeWay, Outgoing, OutgoingKind
from intake.notices.book import Reached, way_to
from intake.notices.on_call import LANGUAGE
from intake.notices.words import VOICES, notice, say
from intake.service import Service
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose

_REFERENCE = 5
"""Characters of an id, as the inbox shows them too."""


def outbound_of(conn: Connection, service: Service, outgoing: Outgoing) -> Outbound | Alarm | None:
    """The text or the call; None where its member has left, or is told nothing there any more."""
    if outgoing.sealed_address is not None and outgoing.sealed_text is not None:
        return _proof(service, outgoing, outgoing.sealed_address, outgoing.sealed_text)
    reached = None if outgoing.member is None else way_to(conn, service.key, outgoing.member, _way(service, outgoing))
    if reached is None or outgoing.template is None:
        return None
    if outgoing.kind is OutgoingKind.CALL:
        words = say("call", reached.lang, name=service.config.service.name)
        return Alarm(id=outgoing.send_id, address=reached.address, words=words, language=VOICES[reached.lang])
    return _text(service, outgoing, reached, outgoing.template)


def _way(service: Service, outgoing: Outgoing) -> NoticeWay:
    if outgoing.kind is OutgoingKind.CALL:
        return NoticeWay.CALL
    return NoticeWay(service.bridges[outgoing.bridge].channel.value)


def _text(service: Service, outgoing: Outgoing, reached: Reached, what: str) -> Outbound:
    reference = (outgoing.case or outgoing.id)[:_REFERENCE]
    return Outbound(
        id=outgoing.send_id,
        address=reached.address,
        text=notice(what, reached.lang, reference, f"{service.config.inbox.url.rstrip('/')}/"),
        expires_at=outgoing.expires_at,
        subject=_subject(service, say(what, reached.lang)),
    )


def _proof(service: Service, outgoing: Outgoing, sealed_address: bytes, sealed_text: bytes) -> Outbound | Alarm:
    """A code goes to an address that is not theirs yet; an alarm to a number that is no member's."""
    opened = open_under(service.key, Purpose.ADDRESS, sealed_address, outgoing.id).decode()
    channel, _, value = opened.partition("|")
    text = open_under(service.key, Purpose.OUTBOX, sealed_text, outgoing.id, None).decode()
    if outgoing.kind is OutgoingKind.CALL:
        voice = VOICES[LANGUAGE]
        return Alarm(id=outgoing.send_id, address=Address(Channel(channel), value), words=text, language=voice)
    return Outbound(
        id=outgoing.send_id,
        address=Address(Channel(channel), value),
        text=text,
        expires_at=outgoing.expires_at,
        subject=service.config.service.name,
    )


def _subject(service: Service, sentence: str) -> str:
    return f"{service.config.service.name}: {sentence}"
