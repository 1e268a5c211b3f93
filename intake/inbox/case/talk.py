"""The conversation as a page shows it: each message with its words marked and why it was labelled so; knows no form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.casework import OpenCase
from intake.inbox.names import place_name, read_place
from intake.inbox.shown import Piece, pieces, quotes
from intake.inbox.visit import WorkVisit
from intake.inbox.words import RULES, label
from intake.model import Card, Message
from intake.turns import gently
from triage.model import Reason

MOST_SHOWN = 50
"""Messages on one page; those before are a page further."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a label was given: label and rule in words, and the words of the text that they came from."""

    label: str
    rule: str
    quotes: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation as it is shown."""

    message: Message
    pieces: Sequence[Piece] = field(repr=False)
    why: Sequence[Why] = field(repr=False)


async def turns_of(visit: WorkVisit, found: OpenCase) -> list[Turn]:
    """The messages that were opened, in their order."""
    return [_turn(visit, message, found.cards.get(message.id)) async for message in gently(found.messages)]


def _turn(visit: WorkVisit, message: Message, card: Card | None) -> Turn:
    reasons = () if card is None else card.assessment.reasons
    spans = [span for reason in reasons for span in reason.spans]
    why = [_why(visit, message, one) for one in reasons]
    return Turn(message, pieces(message.text, spans), why)


def _why(visit: WorkVisit, message: Message, reason: Reason) -> Why:
    place = read_place(reason.label)
    said = label(reason.label) if place is None else place_name(visit.service, place)
    return Why(said, RULES.get(reason.rule, reason.rule), quotes(message.text, reason.spans))
