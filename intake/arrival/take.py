"""From a bridge's hands to the disk, once: drops what was seen, joins parts, files and answers; returns committed."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bridges.contract import Channel, Inbound, Kind, NotStored
from intake import addressbook
from intake.arrival.chat import take_update
from intake.arrival.phone import take_text
from intake.arrival.talk import Talk, file_alone, recent
from intake.filing import assess_text
from intake.journal import copy_out
from intake.logs import log
from intake.notices.proving import prove_chat
from intake.service import Service
from intake.store import outbox, passing
from intake.store.failure import StoreUnavailable
from intake.store.passing import Piece
from intake.vault.blind import blind_candidates, blind_index
from intake.vault.errors import VaultError
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose
from triage.model import NOWHERE, Assessment
from triage.route import NoDesk

_LOG = log(__name__)

PARTS_WAIT = timedelta(minutes=10)
_GAP = " […] "
"""Where a part never came."""
_GROUPS = 50


class _Clash(Exception):
    """Another message under the same reference: what has come of the first is all that there will be."""


async def arrive(service: Service, inbound: Inbound, now: datetime) -> None:
    """Take a message in; returns after the commit. What a provider repeats is dropped, also two copies at once.

    1. A part of an SMS is kept until the others have come.
    2. Triage reads it together with what was written in the last minutes, apart from any transaction.
    3. In one transaction: note the provider's id, file and seal the message, move the talk on, promise the answer.

    Raises:
        NotStored: nothing was written; the provider must come again.
    """
    try:
        async with service.turns.of(addressbook.lookups(service.key, inbound.address)[0]):
            await (_take if inbound.part is None else _take_part)(service, inbound, now)
    except (StoreUnavailable, NoDesk):
        raise NotStored from None
    # A STOP or an erasure stands in the journal before the word that confirms it goes out.
    await copy_out(service)
    service.bell.ring()


async def deliver_late_parts(service: Service, now: datetime) -> int:
    """File what has come of messages whose other parts never did; returns how many."""
    late = await service.database.read(passing.late_groups, now, _GROUPS)
    for group in late:
        try:
            await _deliver(service, group, now)
        except VaultError as error:
            # One row that is not what was written keeps nobody else's message back.
            _LOG.error("late parts cannot be opened", exception=type(error).__name__)
    service.bell.ring()
    return len(late)


async def _take(service: Service, inbound: Inbound, now: datetime) -> None:
    assessment = await _assessed(service, inbound, now)
    await service.database.write(_once, service, inbound, assessment, now)


async def _take_part(service: Service, inbound: Inbound, now: datetime) -> None:
    try:
        whole = await service.database.write(_keep_part, service, inbound, now)
    except _Clash:
        await _deliver(service, _group_of(service, inbound), now)
        whole = await service.database.write(_keep_part, service, inbound, now)
    if whole:
        await _deliver(service, _group_of(service, inbound), now)


async def _deliver(service: Service, group: bytes, now: datetime) -> None:
    pieces = await service.database.read(passing.parts_of, group)
    if pieces:
        assessment = await _assessed(service, _joined(service, pieces), now)
        await service.database.write(_take_group, service, group, assessment, now)


async def _assessed(service: Service, inbound: Inbound, now: datetime) -> Assessment:
    known, before = await service.database.read(recent, service, inbound, now)
    door, place = (None, NOWHERE) if known is None else (known.contact.door, known.contact.place)
    return await service.crew.do(assess_text, service, before + inbound.text, kind=door, chosen=place)


def _once(conn: Connection, service: Service, inbound: Inbound, assessment: Assessment, now: datetime) -> None:
    if _is_new(conn, service, inbound, now):
        _answer(conn, service, inbound, assessment, now)


def _keep_part(conn: Connection, service: Service, inbound: Inbound, now: datetime) -> bool:
    """Whether with this part the message is whole."""
    part, group = inbound.part, _group_of(service, inbound)
    if part is None or not _is_new(conn, service, inbound, now):
        return False
    sealed = seal_under(service.key, Purpose.FRAGMENT, msgspec.json.encode(inbound), group, part.number)
    if not passing.add_part(conn, Piece(group, part.number, part.total, sealed), now + PARTS_WAIT):
        raise _Clash
    return len(passing.parts_of(conn, group)) >= part.total


def _take_group(conn: Connection, service: Service, group: bytes, assessment: Assessment, now: datetime) -> None:
    pieces = passing.take_parts(conn, group)
    if pieces:
        _answer(conn, service, _joined(service, pieces), assessment, now)


def _answer(conn: Connection, service: Service, inbound: Inbound, assessment: Assessment, now: datetime) -> None:
    """STOP and who has blocked us come first; then whatever was said is filed and answered."""
    known = addressbook.find(conn, service.key, inbound.address)
    if inbound.kind is Kind.STOP:
        if known is not None:
            blocked = replace(known, contact=replace(known.contact, blocked=True))
            addressbook.keep(conn, service.key, blocked, now)
            outbox.cancel_of_contact(conn, known.id)
        return
    if inbound.kind is Kind.COMMAND and prove_chat(conn, service, inbound.address, inbound.text, now):
        return
    lang = service.phrases.language(inbound.language or assessment.lang)
    known = known or addressbook.meet(service.key, inbound.address, inbound.bridge, lang)
    talk = Talk(conn, service, inbound, assessment, known, now)
    if not inbound.reply_possible:
        file_alone(talk)
    elif inbound.address.channel is Channel.TELEGRAM:
        take_update(talk)
    else:
        take_text(talk)


def _is_new(conn: Connection, service: Service, inbound: Inbound, now: datetime) -> bool:
    name = f"{inbound.provider}|{inbound.account}|{inbound.id}".encode()
    return passing.is_new(conn, blind_candidates(service.key, Purpose.DEDUP, name), now)


def _group_of(service: Service, inbound: Inbound) -> bytes:
    part = inbound.part
    ref, total = ("", 0) if part is None else (part.ref, part.total)
    name = f"{inbound.bridge}|{inbound.address.value}|{inbound.to}|{ref}|{total}".encode()
    return blind_index(service.key, Purpose.DEDUP, name)


def _joined(service: Service, pieces: list[Piece]) -> Inbound:
    """The parts in their order as one message, which says where one is missing."""
    opened = {piece.number: _open_part(service, piece) for piece in pieces}
    total = pieces[0].total
    text = "".join(opened[n].text if n in opened else _GAP for n in range(1, max(total, max(opened)) + 1))
    media = tuple(media for inbound in opened.values() for media in inbound.media)
    first = opened[min(opened)]
    return replace(first, text=text, media=media, part=None, incomplete=len(opened) < total)


def _open_part(service: Service, piece: Piece) -> Inbound:
    text = open_under(service.key, Purpose.FRAGMENT, piece.sealed, piece.group, piece.number)
    return msgspec.json.decode(text, type=Inbound)
