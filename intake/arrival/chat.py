"""The chat: hears what came, moves along the script, and does what the move asks; knows no Telegram library."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bridges.contract import Inbound
from bridges.contract import Kind as Arrived
from intake.arrival.handing import agree, answered, ask_for, waiting_answers
from intake.arrival.script import Act, Heard, Sign, hear_button, hear_command, hear_text, move
from intake.arrival.talk import Talk, begin, end_texts, end_writing, erase, keep
from intake.contact import Consent, Question, parse_hours
from intake.model import Note
from intake.phrases import Word
from intake.promise import erasure
from intake.service import Service
from intake.store import contacts, passing
from intake.store.contacts import Handle
from intake.vault.ids import new_id
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose
from triage.gazetteer import Gazetteer, search_places
from triage.model import Kind, Place
from triage.words import folded, key_of

TAKEN_BACK_FOR = timedelta(hours=48)
"""So long Telegram lets a bot delete messages of a private chat."""

_DOORS = {"tip": Kind.TIP, "help": Kind.HELP}


def take_update(talk: Talk) -> None:
    """Answer one message, button or position. Raises `NoDesk`."""
    heard = _hear(talk)
    talk, signs = begin(talk)
    if talk.inbound.handle is not None:
        _note_handle(talk, talk.inbound.handle)
    if heard is None:
        return
    way = move(talk.contact.step, heard.sign)
    if way.to is not None:
        talk = replace(talk, known=replace(talk.known, contact=replace(talk.contact, step=way.to)))
    talk = talk.having(talk.contact) if way.act is None else _ACTS[way.act](talk, heard, signs)
    if way.say is not None:
        talk.say(way.say)


def named_place(text: str, gazetteer: Gazetteer) -> Place | None:
    """The place that a text is the name of, and nothing else; None where it is none, or several."""
    wanted = folded(key_of(text.strip()))
    found = [choice for choice in search_places(text, gazetteer) if folded(key_of(choice.label)) == wanted]
    if not found:
        found = [choice for choice in search_places(text, gazetteer) if _name_of(choice.label) == wanted]
    places = {choice.place for choice in found}
    return places.pop() if len(places) == 1 else None


def _hear(talk: Talk) -> Heard | None:
    inbound, contact = talk.inbound, talk.contact
    if inbound.kind is Arrived.COMMAND:
        return hear_command(inbound.text)
    if inbound.kind is Arrived.BUTTON:
        return hear_button(inbound.text)
    if inbound.kind is Arrived.LOCATION:
        return Heard(Sign.PLACE_SHARED, place=_position(talk.service, inbound))
    if inbound.kind is not Arrived.TEXT or inbound.media:
        return Heard(Sign.OTHER, inbound.text)
    phrases, gazetteer = talk.service.phrases, talk.service.gazetteer
    return hear_text(
        inbound.text,
        contact.step,
        challenged=contact.asked is not None,
        word=phrases.word(inbound.text),
        skips=inbound.text.strip() == phrases.say("place_unknown", contact.lang),
        find_place=lambda text: named_place(text, gazetteer),
    )


def _position(service: Service, inbound: Inbound) -> Place | None:
    """The municipality of a shared position; the position itself goes no further."""
    where = inbound.location
    return None if where is None else service.atlas.nearest(where.latitude, where.longitude)


def _name_of(label: str) -> str:
    return folded(key_of(label.partition(",")[0]))


def _note_handle(talk: Talk, handle: str) -> None:
    id_ = new_id()
    sealed = seal_under(talk.service.key, Purpose.ADDRESS, handle.encode(), id_, talk.known.id)
    contacts.add_handles(talk.conn, talk.known.id, [Handle(id_, sealed)], talk.now + TAKEN_BACK_FOR)


def _keep(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    first = not passing.fragments_of(talk.conn, talk.known.id, talk.now)
    talk = keep(talk, signs)
    if waiting_answers(talk):
        talk.say("waits")
    elif first:
        talk.say("kept")
    return talk


def _stop(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    knew = talk.known.case is not None
    talk = end_texts(talk)
    return keep(talk, signs | {Note.STOPPED}) if knew else talk


def _set_language(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return talk.having(replace(talk.contact, lang=talk.service.phrases.language(heard.value)))


def _set_door(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return talk.having(replace(talk.contact, door=_DOORS.get(heard.value)))


def _set_place(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    place = talk.contact.place if heard.place is None else heard.place
    return talk.having(replace(talk.contact, place=place))


def _finish(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return end_writing(talk.having(talk.contact))


def _set_may(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    if heard.value == "yes":
        talk = agree(talk)
        talk.say("may_noted")
        return talk
    talk = talk.having(replace(talk.contact, consent=Consent.NO))
    talk.say("may_not_noted")
    return talk


def _set_hours(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return talk.having(replace(talk.contact, hours=parse_hours(heard.value)))


def _set_whole(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return talk.having(replace(talk.contact, whole=heard.value == "yes"))


def _set_question(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return talk.having(replace(talk.contact, question=Question(heard.value)))


def _set_answer(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    question = talk.contact.question or Question("")
    return talk.having(replace(talk.contact, question=replace(question, answer=heard.value)))


def _set_not_free(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    question = talk.contact.question or Question("")
    return talk.having(replace(talk.contact, question=replace(question, not_free=heard.value)))


def _erase(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    if heard.value != "yes":
        talk.say("noted")
        return talk.having(talk.contact)
    talk = erase(talk)
    erasure(talk.conn, talk.service, talk.known, talk.now)
    return talk


def _read(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return ask_for(talk.having(talk.contact), Word(heard.value))


def _answered(talk: Talk, heard: Heard, signs: frozenset[Note]) -> Talk:
    return answered(talk, signs)


_ACTS: Mapping[Act, Callable[[Talk, Heard, frozenset[Note]], Talk]] = {
    Act.KEEP: _keep,
    Act.STOP: _stop,
    Act.SET_LANGUAGE: _set_language,
    Act.SET_DOOR: _set_door,
    Act.SET_PLACE: _set_place,
    Act.FINISH: _finish,
    Act.SET_MAY: _set_may,
    Act.SET_HOURS: _set_hours,
    Act.SET_WHOLE: _set_whole,
    Act.SET_QUESTION: _set_question,
    Act.SET_ANSWER: _set_answer,
    Act.SET_NOT_FREE: _set_not_free,
    Act.ERASE: _erase,
    Act.READ: _read,
    Act.ANSWERED: _answered,
}
