"""A waiting answer and its reader: asked for by a word, given after the person's own question, by code or whole."""

import secrets
from dataclasses import replace

from intake.arrival.talk import Talk, keep
from intake.contact import CODE_DIGITS, CODE_LIFE, Verdict, consent, judge
from intake.model import Note, OutgoingKind
from intake.phrases import Word
from intake.promise import hand_over, notice
from intake.service import Service
from intake.store import contacts, outbox, passing
from intake.store.passing import Kept
from intake.vault.blind import blind_index
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose


def agree(talk: Talk) -> Talk:
    """We may write first: what was held for want of it goes now."""
    talk = talk.having(consent(talk.contact))
    outbox.release(talk.conn, talk.known.id, "no_consent", talk.now)
    kept = waiting_answers(talk)
    if kept and not talk.contact.whole:
        text = open_answer(talk.service, kept[-1])
        notice(talk.conn, talk.service, talk.known, kept[-1].message, text, talk.now)
    return talk


def ask_for(talk: Talk, word: Word) -> Talk:
    """They want to read what waits: their own question comes first, if they have chosen one."""
    if not waiting_answers(talk):
        talk.say("nothing")
        return talk
    question = talk.contact.question
    if question is not None and question.complete:
        talk.say("question", question.ask)
        return talk.having(replace(talk.contact, asked=word))
    return _give(talk, word)


def answered(talk: Talk, notes: frozenset[Note]) -> Talk:
    """What they say to their own question: whoever looks over their shoulder sees the same, whatever it means."""
    question, asked = talk.contact.question, talk.contact.asked
    verdict = Verdict.NEITHER if question is None else judge(question, talk.inbound.text)
    if verdict is Verdict.FREE and asked is not None:
        return _give(talk, Word(asked))
    talk = talk.having(replace(talk.contact, asked=None))
    talk = keep(talk, notes | {Note.NOT_FREE} if verdict is Verdict.NOT_FREE else notes)
    talk.say("noted")
    return talk


def waiting_answers(talk: Talk) -> list[Kept]:
    """The answers that they have not come for yet."""
    return passing.waiting_of(talk.conn, talk.known.id, talk.now)


def open_answer(service: Service, kept: Kept) -> str:
    """The text of a waiting answer. Raises `Tampered`."""
    sealed = open_under(service.key, Purpose.OUTBOX, kept.sealed, kept.message, kept.contact)
    return sealed.decode("utf-8", "surrogatepass")


def _give(talk: Talk, word: Word) -> Talk:
    talk = talk.having(replace(talk.contact, asked=None))
    outbox.cancel_of_contact(talk.conn, talk.known.id, [OutgoingKind.NOTICE, OutgoingKind.ANSWER])
    return _send_whole(talk) if word is Word.ALL else _send_code(talk)


def _send_whole(talk: Talk) -> Talk:
    """Here, in order; an answer waits on until it is known to be sent."""
    for kept in waiting_answers(talk):
        hand_over(talk.conn, talk.service, talk.known, kept.message, open_answer(talk.service, kept), talk.now)
    return talk.having(replace(talk.contact, whole=True))


def _send_code(talk: Talk) -> Talk:
    """A code, good once and for half an hour, that opens a mailbox with what waits."""
    key, config = talk.service.key, talk.service.config
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    code_hash = blind_index(key, Purpose.CODE, digits.encode())
    contacts.add_code(talk.conn, key, code_hash, talk.known.id, talk.now + CODE_LIFE)
    address = config.contact.code_address or f"{config.web.public_url.partition('://')[2]}/sv/mailbox"
    shown = f"{digits[:5]} {digits[5:]}"
    talk.say("code_is", talk.service.phrases.say("code_is", talk.contact.lang, code=shown, address=address))
    return talk
