"""A report becomes a sealed case in the right desk's list, or nothing at all; knows no page, no address."""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.crew.parcel import Packed
from intake.crew.shop import Shop
from intake.filing import FIRST_LANGUAGE, Drafted, Told, assess_text, draft_case, store_case
from intake.model import Attachment, Card, Channel, Police
from intake.sealing import DeskKeys, new_mailbox
from intake.service import Service
from intake.store import cases, desks, failure, mailboxes
from intake.store.failure import StoreUnavailable
from intake.store.mailboxes import Mailbox
from intake.vault.blind import blind_candidates
from intake.vault.framing import frame
from intake.vault.ids import new_case_id
from intake.vault.receipt import SALT_BYTES, Source, derive_receipt, lookup_ids
from intake.vault.service_key import Purpose, ServiceKey
from triage.calendar import on_duty, reads_by
from triage.model import NOWHERE, Assessment, Kind, Place, Reason, Urgency
from triage.route import NoDesk

UNSEEN_FIELD = "unseen-field"
"""The rule's name in the reasons of a card."""
SAME_RECEIPT_FOR = timedelta(hours=1)
"""How long a repeated request is answered with the receipt of the first."""
_TRIES = 5
"""So often a report is drafted anew because a desk's keys have changed meanwhile."""


class AlreadySpent(Exception):
    """The token served for another request, or for this one too long ago, or its case was erased."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody wrote, and what they chose beside it; None and nowhere are answers too.

    `suspect`: a field is filled in that people do not see.
    """

    text: str = field(repr=False)
    channel: Channel
    kind: Kind | None = None
    place: Place = field(default=NOWHERE, repr=False)
    police: Police | None = None
    lang: str = FIRST_LANGUAGE
    files: tuple[Attachment, ...] = ()
    suspect: bool = False

    @property
    def digest(self) -> bytes:
        """SHA-256 of it: what makes two requests the same. Files are sealed anew each time, so they do not count."""
        parts = (self.text.encode("utf-8", "surrogatepass"), self.kind, self.place.county, self.place.municipality)
        return hashlib.sha256(frame("hamn/v1/report", *parts, self.police, self.lang)).digest()


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a repeated request the same one. `spent_id` None: nothing to spend, every request is new.

    `older_ids` are what the same value was spent under before the service key rotated.
    """

    source: Source
    value: bytes = field(repr=False)
    spent_id: bytes | None = field(repr=False)
    older_ids: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def by_key(cls, key: ServiceKey, given: bytes) -> "Once":
        """For a sender who gave an `Idempotency-Key`. Framed: it can never spend a form's token, nor the reverse."""
        spent_id, *older = blind_candidates(key, Purpose.FORM, frame("hamn/v1/idempotency-key", given))
        return cls(Source.IDEMPOTENCY_KEY, given, spent_id, tuple(older))

    @classmethod
    def by_chance(cls) -> "Once":
        """For a sender who gave nothing to know a retry by."""
        return cls(Source.CHANCE, secrets.token_bytes(SALT_BYTES), None)


@dataclass(frozen=True, slots=True)
class Received:
    """It is on disk: the receipt, who has it, and when somebody reads it (aware). `again`: it was there before."""

    receipt: str = field(repr=False)
    desk_name: str
    answer_by: datetime
    on_duty: bool
    again: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is stored of a report, made before the transaction by the desks' keys that were last seen."""

    receipt: str = field(repr=False)
    mailbox: Mailbox = field(repr=False)
    drafted: Drafted = field(repr=False)


async def receive(service: Service, report: Report, once: Once, now: datetime) -> Received:
    """Take a report in; returns after the commit.

    1. Triage the text, route it and seal it to whoever is a recipient now, apart from any transaction.
    2. In one transaction: spend the token, or answer a retry as the first time; write case, message, card and mailbox.
       Where the desks' keys have changed meanwhile nothing is written, and all begins again.

    Raises:
        AlreadySpent: the token was used for something else, or is too old for a retry.
        StoreUnavailable: nothing was written; the sender keeps the text.
        NoDesk: not even the national desk has a member.
    """
    for _ in range(_TRIES):
        if service.last_seen.keys is None:
            service.last_seen.keys = Packed.of(dict(await service.database.read(desks.current_keys, service.key)))
        seen = service.last_seen.keys
        with service.database.expecting_write():
            draft = await service.crew.do(draft_report, service, report, once, seen, now)
        received = await service.database.write_together(_accept, service, report, once, draft, seen.value, now)
        if received is not None:
            return received
        if service.last_seen.keys is seen:
            service.last_seen.keys = None
    raise StoreUnavailable(failure.Reason.BUSY)


def draft_report(shop: Shop, report: Report, once: Once, keys: Packed[DeskKeys], now: datetime) -> Draft | None:
    """Triage, route and seal a report: nearly all of its work, and no row in it. None where the keys leave no desk."""
    assessment = assess_text(shop, report.text, kind=report.kind, chosen=report.place, lang=report.lang)
    if report.suspect:
        assessment = sunk(assessment)
    receipt = derive_receipt(shop.key, once.source, once.value, report.digest)
    told = Told(report.text, Card(assessment, report.police, report.lang), files=report.files)
    case_id = new_case_id()
    mailbox = new_mailbox(shop.key, case_id, receipt)
    try:
        drafted = draft_case(shop, keys.value, case_id, report.channel, told, now, mailbox)
    except NoDesk:
        return None
    return Draft(receipt, mailbox, drafted)


def sunk(assessment: Assessment) -> Assessment:
    """What a machine probably wrote lies last, but never what cannot wait: a phone may fill in fields by itself."""
    if not assessment.pace.can_wait:
        return assessment
    reasons = [one for one in assessment.reasons if not one.label.startswith("urgency=")]
    why = Reason(f"urgency={Urgency.LOW}", UNSEEN_FIELD, ())
    return replace(assessment, urgency=Urgency.LOW, reasons=(*reasons, why))


def _accept(
    conn: Connection, service: Service, report: Report, once: Once, draft: Draft | None, seen: DeskKeys, now: datetime
) -> Received | None:
    """Write a draft down; None, and nothing written, where the desks have other keys than it was `seen` to have."""
    keys = desks.keys_to_seal_to(conn, service.key)
    if keys != seen:
        return None
    if once.spent_id is not None:
        spent_at = mailboxes.spent_before(conn, once.older_ids) or mailboxes.spend(conn, once.spent_id, now)
        if spent_at is not None:
            return _again(conn, service, report, once, spent_at, now)
    if draft is None:
        raise NoDesk
    store_case(conn, service, keys, draft.drafted, now, draft.mailbox)
    way = draft.drafted.way
    return Received(draft.receipt, service.config.desks[way.desk].name, way.answer_by, way.on_duty)


def _again(
    conn: Connection, service: Service, report: Report, once: Once, spent_at: datetime, now: datetime
) -> Received:
    if now - spent_at > SAME_RECEIPT_FOR:
        raise AlreadySpent
    for generation in service.key.generations:
        receipt = derive_receipt(service.key, once.source, once.value, report.digest, generation)
        mailbox = mailboxes.find(conn, service.key, [lookup.id for lookup in lookup_ids(service.key, receipt)])
        # A page that shows a receipt again after it was used would show it to whoever presses Back.
        if mailbox is not None and not (mailbox.kept and once.source is Source.FORM_TOKEN):
            return _received_before(conn, service, receipt, mailbox)
    raise AlreadySpent


def _received_before(conn: Connection, service: Service, receipt: str, mailbox: Mailbox) -> Received:
    case = cases.find_case(conn, service.key, mailbox.case)
    if case is None:
        raise AlreadySpent
    desk = service.config.desks[case.desk]
    at, calendar = case.received_at, service.calendar
    answer_by = reads_by(desk, case.pace, calendar, at)
    return Received(receipt, desk.name, answer_by, on_duty(desk, case.pace, calendar, at), again=True)
