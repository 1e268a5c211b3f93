"""How a person may be written to, looked at and put down by their coordinator; shows no address, sends nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.audit import Act, Line
from intake.contact import Consent, Hours, Question, parse_hours
from intake.model import CaseId, Channel
from intake.reading import Reader, readable_case
from intake.service import Service

LONGEST_WORDS = 70
"""Characters: one part of an SMS in any script."""
LONGEST_QUESTION = 120
LONGEST_ANSWER = 40


class Unsuitable(Exception):
    """What was typed cannot be used; `field` names where."""

    def __init__(self, field_: str) -> None:
        super().__init__(field_)
        self.field = field_


@dataclass(frozen=True, slots=True)
class Safe:
    """What is known of writing to somebody. `words` stand in the place of "something waits"."""

    channel: Channel
    lang: str
    consent: Consent
    stopped: bool
    blocked: bool
    hours: Hours | None
    whole: bool
    words: str = field(repr=False)
    question: Question = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a coordinator has heard from the person, as typed; empty where they said nothing of it."""

    hours: str
    words: str = field(repr=False)
    ask: str = field(repr=False)
    answer: str = field(repr=False)
    not_free: str = field(repr=False)


async def look(service: Service, reader: Reader, case_id: CaseId) -> Safe | None:
    """How a case's person may be written to; None where they came by no phone or chat. Raises `NotYours`."""
    return await service.database.read(_look, service, reader, case_id)


async def put_down(service: Service, reader: Reader, case_id: CaseId, wishes: Wishes, now: datetime) -> bool:
    """Keep what the person has said; consent is theirs alone to give. False where there is nobody to write to.

    Raises:
        NotYours: no such case, or another desk's.
        Unsuitable: hours that are none, words that are too long or betray, half a question.
    """
    hours, words, question = _read_hours(wishes), _read_words(wishes), _read_question(wishes)
    kept = await service.database.write(_put_down, service, reader, case_id, hours, words, question, now)
    service.bell.ring()
    return kept


def _look(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> Safe | None:
    readable_case(conn, service.key, reader, case_id)
    known = addressbook.of_case(conn, service.key, case_id)
    if known is None:
        return None
    contact = known.contact
    question = contact.question or Question("")
    return Safe(
        channel=contact.channel,
        lang=contact.lang,
        consent=contact.consent,
        stopped=contact.stopped,
        blocked=contact.blocked,
        hours=contact.hours,
        whole=contact.whole,
        words=contact.words or "",
        question=question,
    )


def _put_down(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    hours: Hours | None,
    words: str | None,
    question: Question | None,
    now: datetime,
) -> bool:
    case = readable_case(conn, service.key, reader, case_id)
    known = addressbook.of_case(conn, service.key, case_id)
    known = known and addressbook.hold(conn, service.key, known)
    if known is None:
        return False
    contact = replace(known.contact, hours=hours, words=words, question=question)
    addressbook.keep(conn, service.key, replace(known, contact=contact), now)
    audit.record(conn, service.key, case.desk, Line(now, Act.CONTACT_SET, reader.member, case_id))
    return True


def _read_hours(wishes: Wishes) -> Hours | None:
    if not wishes.hours.strip():
        return None
    hours = parse_hours(wishes.hours)
    if hours is None:
        raise Unsuitable("hours")
    return hours


def _read_words(wishes: Wishes) -> str | None:
    words = " ".join(wishes.words.split())
    if len(words) > LONGEST_WORDS or "http" in words.casefold() or "www." in words.casefold():
        raise Unsuitable("words")
    return words or None


def _read_question(wishes: Wishes) -> Question | None:
    """All three or none: a question that only one answer fits locks its owner out, or lets anybody in."""
    ask, answer, not_free = (" ".join(one.split()) for one in (wishes.ask, wishes.answer, wishes.not_free))
    if not ask and not answer and not not_free:
        return None
    question = Question(ask, answer, not_free)
    short = len(ask) <= LONGEST_QUESTION and max(len(answer), len(not_free)) <= LONGEST_ANSWER
    if not ask or not short or not question.complete or question.one_answer:
        raise Unsuitable("question")
    return question
