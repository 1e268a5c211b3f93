"""Pictures and recordings that came by phone or chat: noted with their message, fetched, sealed; hold up no text."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bridges.contract import Bridge, Fetching, Inbound, Undelivered
from bridges.contract import Media as Sent
from intake.attachments.taking import take_in, take_recording
from intake.attachments.uploads import MOST_FILES, take_upload
from intake.filing import attach_files
from intake.logs import log
from intake.model import Attachment, CaseId, Filed
from intake.parser.run import LARGEST_CONTENT
from intake.service import Service
from intake.store import attachments, cases, fetches
from intake.store.failure import StoreUnavailable
from intake.store.fetches import Fetch, Standing
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose

_LOG = log(__name__)

KEPT_TRYING_FOR = timedelta(hours=24)
"""After that the provider hardly has it any more."""
_LEASE = timedelta(minutes=10)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_RECORDING = "audio/ogg"


@dataclass(frozen=True, slots=True)
class _Got:
    """What came of a message's files; `again` says that some may still be had."""

    files: Sequence[Attachment] = field(default=())
    lost: int = 0
    again: timedelta | None = None


def can_fetch(service: Service, inbound: Inbound) -> bool:
    """Whether the files of a message can be had from its bridge."""
    return isinstance(service.bridges.get(inbound.bridge), Fetching)


def note_files(conn: Connection, service: Service, inbound: Inbound, filed: Filed, due_at: datetime) -> None:
    """Note what is to be fetched, in the transaction that files the message. The text waits for none of it."""
    if not inbound.media or not can_fetch(service, inbound):
        return
    named = msgspec.json.encode(inbound.media)
    sealed = seal_under(service.key, Purpose.FRAGMENT, named, *_bound(filed))
    fetches.add(conn, Fetch(filed, inbound.bridge, sealed, due_at + KEPT_TRYING_FOR), due_at)


async def files_of(service: Service, case_id: CaseId) -> Standing:
    """How it stands with the files of a case that the reader has opened."""
    return await service.database.read(fetches.standing, case_id)


async def fetch_due(service: Service, bridge: Bridge, node: str) -> int:
    """Fetch what is due from this bridge, one message's files after the other; returns of how many messages."""
    count = 0
    while isinstance(bridge, Fetching):
        service.signs.turn(fetching(bridge), service.clock())
        fetch = await service.database.write(fetches.claim_due, bridge.name, node, service.clock(), _LEASE)
        if fetch is None:
            break
        await _carry(service, bridge, node, fetch)
        count += 1
    return count


def fetching(bridge: Bridge) -> str:
    """The loop that fetches a bridge's files, as its signs of life name it."""
    return f"fetching {bridge.name}"


async def _carry(service: Service, bridge: Fetching, node: str, fetch: Fetch) -> None:
    now = service.clock()
    got = await _fetch(service, bridge, fetch, now)
    _LOG.info("files fetched", kept=len(got.files), lost=got.lost, again=got.again is not None)
    if got.again is None:
        await service.database.write(_settle, service, node, fetch, got, now)
        return
    await service.database.write(attachments.discard, [one.id for one in got.files])
    grown = min(_FIRST_WAIT * (1 << min(fetch.attempts - 1, 10)), _LONGEST_WAIT)
    await service.database.write(fetches.put_back, fetch.filed.message, node, now + max(got.again, grown))


async def _fetch(service: Service, bridge: Fetching, fetch: Fetch, now: datetime) -> _Got:
    """Every file of a message. As long as one may still be had none is kept: a message's files are sealed together."""
    named = open_under(service.key, Purpose.FRAGMENT, fetch.sealed, *_bound(fetch.filed))
    media = msgspec.json.decode(named, type=tuple[Sent, ...])
    files: list[Attachment] = []
    again: list[timedelta] = []
    for one in media[:MOST_FILES]:
        try:
            files += await _take(service, bridge, one, now)
        except Undelivered as error:
            again += [] if error.retry is None or now >= fetch.until else [error.retry]
        except StoreUnavailable:
            again.append(_FIRST_WAIT)
    return _Got(files, len(media) - len(files), max(again, default=None))


def _bound(filed: Filed) -> tuple[str, str, str, int]:
    """What a note of files is bound to: moved to another case, it would show them to another desk."""
    return "fetch", filed.case, filed.message, filed.position


async def _take(service: Service, bridge: Fetching, media: Sent, now: datetime) -> Sequence[Attachment]:
    """One file, drawn anew by the parser; a recording, which nothing draws, as it came. None where it is no such."""
    upload = await take_upload(service, media.name or "", 0, _pieces(bridge, media))
    if media.mime.partition(";")[0] == _RECORDING:
        return (await take_recording(service, upload, now)).files
    return (await take_in(service, [upload], now)).files


async def _pieces(bridge: Fetching, media: Sent) -> AsyncIterator[bytes]:
    async for piece in bridge.fetch(media, LARGEST_CONTENT):
        yield piece


def _settle(conn: Connection, service: Service, node: str, fetch: Fetch, got: _Got, now: datetime) -> None:
    """Give the files to their message, unless its case went meanwhile; whatever nobody claims is deleted."""
    if not fetches.settle(conn, fetch.filed.message, node, got.lost):
        return
    case = cases.find_case(conn, service.key, fetch.filed.case)
    if case is not None and case.erased_at is None and got.files:
        attach_files(conn, service, case, fetch.filed, got.files, now)
