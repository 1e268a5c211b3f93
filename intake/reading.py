"""What a member's own key opens, and only that; knows no page. Whoever holds a `Reader` holds unlocked keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from intake.model import (
    Attachment,
    Card,
    Case,
    CaseId,
    Context,
    Correction,
    Envelope,
    MemberId,
    MessageId,
    Recipient,
    RecipientKind,
    Wrap,
)
from intake.store import cases, desks
from intake.turns import gently
from intake.vault.attachment_list import ATTACHMENT_LISTS
from intake.vault.card import CARDS
from intake.vault.correction import CORRECTIONS
from intake.vault.desk_keys import open_desk_key
from intake.vault.envelope import open_envelope, share_envelope
from intake.vault.errors import NotForMe
from intake.vault.remark import REMARKS, Remark
from intake.vault.sealed_form import SealedForm
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PrivateKey
from triage.model import DeskName

T = TypeVar("T")

DeskKeyring = Mapping[tuple[DeskName, int], PrivateKey]


@dataclass(frozen=True, slots=True)
class Reader:
    """A member at work: the desks they belong to, and the desks' keys that they were let in to."""

    member: MemberId
    desks: frozenset[DeskName]
    private: PrivateKey = field(repr=False)
    keyring: DeskKeyring = field(repr=False)

    @property
    def let_in_to(self) -> frozenset[DeskName]:
        """The desks at which they may work: an invitation alone, which needs no colleague, opens no case."""
        return self.desks & {desk for desk, _ in self.keyring}


class NotYours(Exception):
    """There is no such case, or it is another desk's: the two must look the same."""


def unlock(conn: Connection, key: ServiceKey, member: MemberId, private: PrivateKey) -> Reader:
    """Open every desk key that is wrapped to the member. Raises `Tampered` for a planted one."""
    own = desks.desks_of(conn, key, member)
    published = desks.public_keys(conn, key, own)
    keyring = {
        (wrap.desk, wrap.generation): open_desk_key(wrap, published.get((wrap.desk, wrap.generation), b""), private)
        for wrap in desks.wraps_to(conn, key, member)
        if wrap.desk in own
    }
    return Reader(member, own, private, keyring)


def held_case(conn: Connection, key: ServiceKey, reader: Reader, case_id: CaseId) -> Case:
    """As `readable_case`, for whoever writes into it: until the transaction ends nobody else does, or moves it.

    The keys come first, as everywhere: whoever changes them writes into cases, too.
    """
    desks.keys_to_seal_to(conn, key)
    cases.hold(conn, case_id)
    return readable_case(conn, key, reader, case_id)


def readable_case(conn: Connection, key: ServiceKey, reader: Reader, case_id: CaseId) -> Case:
    """The case, if it lies with a desk that the reader was let in to, or was shown to one. Raises `NotYours`."""
    case = cases.find_case(conn, key, case_id)
    if case is None:
        raise NotYours
    own = reader.let_in_to
    if case.desk not in own and not cases.granted_desks(conn, key, case_id) & own:
        raise NotYours
    return case


def open_text(reader: Reader, envelope: Envelope) -> str:
    """The text of a message. Raises `NotForMe` when it was sealed before the reader came, or to others."""
    desk, generation, private = _wrap_for(reader, envelope)
    return open_envelope(envelope, RecipientKind.DESK, desk, generation, private).decode("utf-8", "surrogatepass")


def open_cards(reader: Reader, envelopes: Iterable[Envelope]) -> dict[MessageId, Card]:
    """Those of the cards that the reader can open, in their order, each by the message that it is about."""
    return {context.message: card for context, card in _open_all(reader, envelopes, CARDS)}


async def open_cards_gently(reader: Reader, envelopes: Iterable[Envelope]) -> dict[MessageId, Card]:
    """As `open_cards`, with a turn for everybody else between them: a case may have thousands."""
    cards: dict[MessageId, Card] = {}
    async for sealed in gently(envelopes):
        cards |= open_cards(reader, [sealed])
    return cards


def open_lists(reader: Reader, envelopes: Iterable[Envelope]) -> dict[MessageId, Sequence[Attachment]]:
    """The files of each message whose list the reader can open."""
    return {context.message: files for context, files in _open_all(reader, envelopes, ATTACHMENT_LISTS)}


def open_remarks(reader: Reader, envelopes: Iterable[Envelope]) -> list[Remark]:
    """Those of the remarks that the reader can open, the oldest first."""
    return sorted((remark for _, remark in _open_all(reader, envelopes, REMARKS)), key=lambda remark: remark.at)


def open_corrections(reader: Reader, envelopes: Iterable[Envelope]) -> dict[CaseId, Correction]:
    """The corrections that the reader can open, by their case, which has at most one."""
    return {context.case: correction for context, correction in _open_all(reader, envelopes, CORRECTIONS)}


def share(reader: Reader, envelope: Envelope, to: Recipient) -> Wrap:
    """Let one more recipient open what the reader can open. Raises `NotForMe`."""
    desk, generation, private = _wrap_for(reader, envelope)
    return share_envelope(envelope, RecipientKind.DESK, desk, generation, private, to)


def _open_all(reader: Reader, envelopes: Iterable[Envelope], form: SealedForm[T]) -> Iterator[tuple[Context, T]]:
    """What the reader can open of it, each with where it belongs."""
    for envelope in envelopes:
        try:
            desk, generation, private = _wrap_for(reader, envelope)
        except NotForMe:
            continue
        yield envelope.context, form.open(envelope, RecipientKind.DESK, desk, generation, private)


def _wrap_for(reader: Reader, envelope: Envelope) -> tuple[DeskName, int, PrivateKey]:
    for wrap in envelope.wraps:
        desk = DeskName(wrap.recipient)
        private = reader.keyring.get((desk, wrap.generation))
        if wrap.kind is RecipientKind.DESK and private is not None:
            return desk, wrap.generation, private
    raise NotForMe("no wrap for this reader")
