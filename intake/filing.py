"""Puts a message where it belongs, sealed to whoever is a reader now; knows no page, no address."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake.crew.shop import Shop
from intake.due import begin, first_at, renew, renew_elsewhere
from intake.identifiers.keeping import keep, to_keep
from intake.logs import log
from intake.model import Attachment, Card, Case, CaseId, Channel, Context, Direction, Envelope, Filed, Recipient, Status
from intake.register import keeping as register
from intake.sealing import DeskKeys, desk_recipients, mailbox_recipient
from intake.service import Service
from intake.statistics.counting import tick
from intake.statistics.moments import came_in
from intake.store import attachments, cases, desks, envelopes, mailboxes, numbers
from intake.store.envelopes import Stored
from intake.store.identifiers import Kept
from intake.store.mailboxes import Mailbox
from intake.vault.attachment_list import ATTACHMENT_LISTS
from intake.vault.card import CARDS
from intake.vault.envelope import seal_envelope
from intake.vault.ids import new_message_id
from triage.assess import assess
from triage.model import NOWHERE, Assessment, DeskName, Doubt, Kind, Pace, Place, Route, Urgency
from triage.nudges import due_at
from triage.route import NoDesk, route

_LOG = log(__name__)

FIRST_LANGUAGE = "sv"
"""Who finds it before them and writes in another has not chosen it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said, and what the desk is to know of it. `wakes`: somebody must read it by a certain time.

    `files` lie in the store already and are claimed with the message; one that is gone by then is left out.
    """

    text: str = field(repr=False)
    card: Card = field(repr=False)
    wakes: bool = True
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A new case as it will be stored, sealed for the desks' keys that it was drafted by.

    `kind` goes into the register, `tick` is what is counted, `nudge_at` when somebody must be told. It holds nothing
    that was said: it crosses from a helping process, and every byte and every value takes its time.
    """

    case: Case
    filed: Filed
    way: Route
    kind: Kind
    nudge_at: datetime | None
    tick: bytes = field(repr=False)
    sealed: tuple[Envelope, Envelope] = field(repr=False)
    named: Sequence[Kept] = field(default=(), repr=False)
    files: tuple[Attachment, ...] = ()


def assess_text(
    shop: Shop,
    text: str,
    *,
    kind: Kind | None = None,
    chosen: Place = NOWHERE,
    lang: str | None = None,
    follow_up: bool = False,
) -> Assessment:
    """What triage makes of a text, as `triage.assess` has it: long work, for whoever has a core to spare.

    `lang` is the page's: what somebody chose, unless it is the one that every page begins in. Whatever triage trips
    over, a text is filed: to be read today, with the door's kind and the place that was chosen.
    """
    picked = None if lang == FIRST_LANGUAGE else lang
    try:
        return assess(text, shop.knowledge, kind=kind, chosen=chosen, lang=picked, follow_up=follow_up)
    except Exception as error:  # noqa: BLE001 (else one text could be sent by nobody, and held up what came after it)
        _LOG.error("a text could not be assessed", exception=type(error).__name__)
        return _unassessed(kind or Kind.HELP, chosen, lang or FIRST_LANGUAGE)


def _unassessed(kind: Kind, place: Place, lang: str) -> Assessment:
    return Assessment(kind, urgency=Urgency.HIGH, place=place, lang=lang, doubts=frozenset({Doubt.DANGER}))


def find_way(shop: Shop, assessment: Assessment, keys: DeskKeys, now: datetime) -> Route:
    """The desk that a new case goes to. Raises `NoDesk`."""
    config = shop.config
    routable = frozenset(keys)
    return route(assessment, config.desks, config.regions, routable, config.national_desk, shop.calendar, now)


def draft_case(
    shop: Shop, keys: DeskKeys, case_id: CaseId, channel: Channel, told: Told, now: datetime, mailbox: Mailbox | None
) -> Drafted:
    """Decide where a first message goes and seal it; a pure function but for fresh ids and keys. Raises `NoDesk`."""
    assessment = told.card.assessment
    way = find_way(shop, assessment, keys, now)
    filed = Filed(case_id, new_message_id(), 0)
    due = due_for(shop, way.desk, assessment.pace, now)
    opened = Case(case_id, way.desk, Status.NEW, assessment.pace, channel, received_at=now, due_at=due)
    case = begin(shop.config, shop.calendar, opened, assessment.kind)
    readers = desk_recipients(shop, keys, (way.desk, *way.deputies))
    return Drafted(
        case=case,
        filed=filed,
        way=way,
        kind=assessment.kind,
        nudge_at=first_at(shop.config, shop.calendar, case),
        tick=tick(shop.key, came_in(case, assessment, now)),
        sealed=_seal(filed, told, readers, mailbox),
        named=to_keep(shop, assessment),
        files=told.files,
    )


def begin_case(
    conn: Connection,
    service: Service,
    case_id: CaseId,
    channel: Channel,
    told: Told,
    now: datetime,
    mailbox: Mailbox | None = None,
) -> tuple[Filed, Route]:
    """A new case with its first message, and the way that it went. Raises `NoDesk`."""
    keys = desks.keys_to_seal_to(conn, service.key)
    drafted = draft_case(service, keys, case_id, channel, told, now, mailbox)
    store_case(conn, service, keys, drafted, now, mailbox)
    return drafted.filed, drafted.way


def store_case(
    conn: Connection, service: Service, keys: DeskKeys, drafted: Drafted, now: datetime, mailbox: Mailbox | None
) -> None:
    """Write a drafted case down; `keys` are those that it was drafted by, and hold in this transaction."""
    filed, way = drafted.filed, drafted.way
    cases.add(conn, service.key, drafted.case, drafted.nudge_at)
    numbers.add_ticks(conn, [drafted.tick])
    envelopes.add(conn, service.key, *(Stored(envelope, 0, now) for envelope in drafted.sealed))
    keep(conn, filed.case, drafted.named)
    register.enter(conn, service, drafted.case, drafted.kind, now)
    if drafted.files:
        _file_with(conn, service, filed, drafted.files, desk_recipients(service, keys, (way.desk, *way.deputies)), now)
    if mailbox is not None:
        mailboxes.add(conn, service.key, mailbox)


def add_message(conn: Connection, service: Service, case: Case, told: Told, now: datetime) -> Filed:
    """One more message of the person's; a closed case opens again. Raises `NoDesk`."""
    key = service.key
    keys = desks.keys_to_seal_to(conn, key)
    case = _held(conn, service, case)
    pace = case.pace.or_sooner(told.card.assessment.pace)
    deputies = () if pace.can_wait else service.config.desks[case.desk].deputies
    granted = _shown_to(conn, service, keys, case, now)
    readers = desk_recipients(service, keys, (case.desk, *granted, *deputies))
    filed = Filed(case.id, new_message_id(), cases.next_position(conn, case.id))
    sealed = _seal(filed, told, readers, mailboxes.of_case(conn, key, case.id))
    envelopes.add(conn, key, *(Stored(envelope, filed.position, now) for envelope in sealed))
    keep(conn, case.id, to_keep(service, told.card.assessment))
    register.note(conn, service, filed, Direction.FROM_PERSON, now)
    _file_with(conn, service, filed, told.files, readers, now)
    if told.wakes:
        cases.mark_waiting(conn, case.id, pace, due_for(service, case.desk, pace, now), now)
        renew(conn, service, case.id, now)
    return filed


def add_answer(conn: Connection, service: Service, case: Case, text: str, now: datetime) -> Filed:
    """One more message of the desk's, sealed to whoever reads the case and to the person's mailbox, where it is."""
    key = service.key
    keys = desks.keys_to_seal_to(conn, key)
    case = _held(conn, service, case)
    filed = Filed(case.id, new_message_id(), cases.next_position(conn, case.id))
    readers = (case.desk, *sorted(cases.granted_desks(conn, key, case.id)))
    mailbox = mailboxes.of_case(conn, key, case.id)
    own = [] if mailbox is None else [mailbox_recipient(mailbox)]
    recipients = [*desk_recipients(service, keys, readers), *own]
    context = Context(case.id, filed.message, Direction.FROM_DESK)
    sealed = seal_envelope(context, text.encode("utf-8", "surrogatepass"), recipients)
    envelopes.add(conn, key, Stored(sealed, filed.position, now))
    register.note(conn, service, filed, Direction.FROM_DESK, now)
    return filed


def move_unread(
    conn: Connection, service: Service, case: Case, before: Sequence[tuple[Filed, Told, datetime]], now: datetime
) -> Case:
    """What somebody wrote minutes ago goes where all of it together belongs, as long as nobody has read any of it.

    `before` is everything that the case holds; the last of it was assessed with all that came before. Somebody who
    begins with "hello" and names the town in their second message would else stay with a desk far away.
    """
    assessment = before[-1][1].card.assessment
    keys = desks.keys_to_seal_to(conn, service.key)
    way = find_way(service, assessment, keys, now)
    pace = case.pace.or_sooner(assessment.pace)
    if way.desk == case.desk and pace.can_wait == case.pace.can_wait:
        return case
    moved = replace(case, desk=way.desk, pace=pace, due_at=due_for(service, way.desk, pace, now))
    readers = desk_recipients(service, keys, (way.desk, *way.deputies))
    mailbox = mailboxes.of_case(conn, service.key, case.id)
    cases.move(conn, service.key, moved)
    renew_elsewhere(conn, service, case.id, now)
    envelopes.delete_messages(conn, [filed.message for filed, _, _ in before])
    for filed, told, written_at in before:
        sealed = _seal(filed, told, readers, mailbox)
        envelopes.add(conn, service.key, *(Stored(envelope, filed.position, written_at) for envelope in sealed))
    return moved


def due_for(shop: Shop, desk: DeskName, pace: Pace, now: datetime) -> datetime:
    """When somebody at the desk must have read what waits from `now` on."""
    config = shop.config
    return due_at(pace, config.desks[desk].hours, config.limits_of(desk), shop.calendar, now)


def _held(conn: Connection, service: Service, case: Case) -> Case:
    """The case where it lies now; until this transaction ends nobody moves it, or passes on only what was there."""
    cases.hold(conn, case.id)
    return cases.find_case(conn, service.key, case.id) or case


def _seal(filed: Filed, told: Told, readers: Sequence[Recipient], mailbox: Mailbox | None) -> tuple[Envelope, Envelope]:
    own = [] if mailbox is None else [mailbox_recipient(mailbox)]
    message = seal_envelope(
        Context(filed.case, filed.message, Direction.FROM_PERSON),
        told.text.encode("utf-8", "surrogatepass"),
        [*readers, *own],
    )
    return message, CARDS.seal(Context(filed.case, filed.message, Direction.CARD), told.card, readers)


def _file_with(
    conn: Connection,
    service: Service,
    filed: Filed,
    files: Sequence[Attachment],
    readers: Sequence[Recipient],
    now: datetime,
) -> None:
    """Claim the files of a message and seal their names and keys to its readers, but not to the person's mailbox.

    Whoever finds the receipt, or takes it from somebody, gets no picture with it.
    """
    claimed = attachments.claim(conn, service.key, [one.id for one in files], filed.case, filed.message)
    listed = [one for one in files if one.id in claimed]
    if listed:
        context = Context(filed.case, filed.message, Direction.ATTACHMENTS)
        sealed = ATTACHMENT_LISTS.seal(context, listed, readers)
        envelopes.add(conn, service.key, Stored(sealed, filed.position, now))


def attach_files(
    conn: Connection, service: Service, case: Case, filed: Filed, files: Sequence[Attachment], now: datetime
) -> None:
    """Give files that came later to a message that lies with the desk already. Raises `NoDesk`."""
    keys = desks.keys_to_seal_to(conn, service.key)
    case = _held(conn, service, case)
    deputies = () if case.pace.can_wait else service.config.desks[case.desk].deputies
    granted = _shown_to(conn, service, keys, case, now)
    readers = desk_recipients(service, keys, (case.desk, *granted, *deputies))
    _file_with(conn, service, filed, files, readers, now)


def _shown_to(conn: Connection, service: Service, keys: DeskKeys, case: Case, now: datetime) -> list[DeskName]:
    """The desks that the case was shown to; one more where nobody is left to read it. Raises `NoDesk`."""
    granted = sorted(cases.granted_desks(conn, service.key, case.id))
    if any(desk in keys for desk in (case.desk, *granted)):
        return granted
    stand_ins = (*service.config.desks[case.desk].deputies, service.config.national_desk)
    found = next((desk for desk in stand_ins if desk in keys), None)
    if found is None:
        raise NoDesk
    if found not in granted:
        cases.grant(conn, service.key, case.id, found, "absence", now)
    return [*granted, found]
