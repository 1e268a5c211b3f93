"""An SMS: a word that asks for something, or a message; answered once a day, with one text for everybody."""

from intake.arrival.handing import agree, answered, ask_for
from intake.arrival.talk import Talk, begin, end_texts, keep, may_answer_by_itself
from intake.contact import Consent
from intake.model import Note
from intake.phrases import Word


def take_text(talk: Talk) -> None:
    """File it and answer it. Raises `NoDesk`."""
    word = talk.service.phrases.word(talk.inbound.text)
    knew = talk.known.case is not None
    talk, signs = begin(talk)
    if word is Word.STOP:
        _stop(talk, knew)
    elif talk.contact.asked is not None:
        answered(talk, signs)
    elif word in (Word.CODE, Word.ALL) and knew:
        ask_for(talk, word)
    elif word is Word.YES and knew and talk.contact.consent is not Consent.YES:
        agree(keep(talk, signs | {Note.CONSENTED}, wakes=False))
    else:
        talk = keep(talk, signs)
        if may_answer_by_itself(talk):
            talk.say("received")


def _stop(talk: Talk, knew: bool) -> None:
    """STOP ends the texts and changes nothing else; the coordinator is told where there is one."""
    talk = end_texts(talk)
    if knew:
        keep(talk, frozenset({Note.STOPPED}))
