"""The chat's questions as one table of transitions; pure: knows no row, no text of ours and no Telegram."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from intake.contact import Step, parse_hours
from intake.phrases import Word
from triage.model import Place


class Sign(StrEnum):
    """What came, as far as the script cares."""

    BEGIN = "/start"
    HELP = "/help"
    LANGUAGE = "/language"
    SAFE = "/safe"
    ERASE = "/erase"
    STOP = "/stop"
    LANGUAGE_CHOSEN = "lang"
    DOOR_CHOSEN = "door"
    PLACE_NAMED = "place"
    PLACE_SHARED = "position"
    PLACE_SKIPPED = "skip"
    DONE = "done"
    MAY = "may"
    HOURS_CHOSEN = "hours"
    HOURS_ASKED = "hours-ask"
    WHOLE = "whole"
    QUESTION = "ask"
    ERASE_ANSWERED = "erase"
    READ = "read"
    CHALLENGED = "challenged"
    TEXT = "text"
    OTHER = "other"


class Act(StrEnum):
    """What is to be done about it; `intake.arrival.chat` does it."""

    KEEP = "keep"
    STOP = "stop"
    SET_LANGUAGE = "set_language"
    SET_DOOR = "set_door"
    SET_PLACE = "set_place"
    FINISH = "finish"
    SET_MAY = "set_may"
    SET_HOURS = "set_hours"
    SET_WHOLE = "set_whole"
    SET_QUESTION = "set_question"
    SET_ANSWER = "set_answer"
    SET_NOT_FREE = "set_not_free"
    ERASE = "erase"
    READ = "read"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Move:
    """Where it leads, what is said, what is done; None: stay, nothing, nothing."""

    to: Step | None = None
    say: str | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A sign with what it carries: a button's choice, a text, a place."""

    sign: Sign
    value: str = field(default="", repr=False)
    place: Place | None = field(default=None, repr=False)


ANYWHERE: Mapping[Sign, Move] = {
    Sign.BEGIN: Move(Step.LANGUAGE, "language"),
    Sign.HELP: Move(say="help"),
    Sign.LANGUAGE: Move(Step.LANGUAGE, "language"),
    Sign.SAFE: Move(say="safe"),
    Sign.ERASE: Move(say="erase"),
    Sign.STOP: Move(Step.REST, act=Act.STOP),
    Sign.LANGUAGE_CHOSEN: Move(Step.DOOR, "door", Act.SET_LANGUAGE),
    Sign.DOOR_CHOSEN: Move(Step.PLACE, "place", Act.SET_DOOR),
    Sign.PLACE_SHARED: Move(Step.TEXT, "write", Act.SET_PLACE),
    Sign.DONE: Move(Step.REST, "thanks", Act.FINISH),
    Sign.MAY: Move(Step.REST, act=Act.SET_MAY),
    Sign.HOURS_CHOSEN: Move(Step.REST, "saved", Act.SET_HOURS),
    Sign.HOURS_ASKED: Move(Step.HOURS, "hours_ask"),
    Sign.WHOLE: Move(say="saved", act=Act.SET_WHOLE),
    Sign.QUESTION: Move(Step.ASK, "question_ask"),
    Sign.ERASE_ANSWERED: Move(Step.REST, act=Act.ERASE),
    Sign.READ: Move(act=Act.READ),
    Sign.CHALLENGED: Move(act=Act.ANSWERED),
    Sign.TEXT: Move(Step.TEXT, act=Act.KEEP),
    Sign.OTHER: Move(act=Act.KEEP),
}
"""What holds wherever somebody is: nobody must follow the script, and free text is always taken."""

TABLE: Mapping[tuple[Step, Sign], Move] = {
    (Step.PLACE, Sign.PLACE_NAMED): Move(Step.TEXT, "write", Act.SET_PLACE),
    (Step.PLACE, Sign.PLACE_SKIPPED): Move(Step.TEXT, "write"),
    (Step.HOURS, Sign.HOURS_CHOSEN): Move(Step.REST, "saved", Act.SET_HOURS),
    (Step.ASK, Sign.TEXT): Move(Step.ANSWER, "question_free", Act.SET_QUESTION),
    (Step.ANSWER, Sign.TEXT): Move(Step.NOT_FREE, "question_not_free", Act.SET_ANSWER),
    (Step.NOT_FREE, Sign.TEXT): Move(Step.REST, "saved", Act.SET_NOT_FREE),
}
"""What holds at one step only."""

_COMMANDS = {sign.value: sign for sign in Sign if sign.value.startswith("/")}
_BUTTONS = {
    sign.value: sign
    for sign in (
        Sign.LANGUAGE_CHOSEN,
        Sign.DOOR_CHOSEN,
        Sign.DONE,
        Sign.MAY,
        Sign.HOURS_CHOSEN,
        Sign.HOURS_ASKED,
        Sign.WHOLE,
        Sign.QUESTION,
        Sign.ERASE_ANSWERED,
    )
}


def move(step: Step, sign: Sign) -> Move:
    """The one way on from here."""
    return TABLE.get((step, sign)) or ANYWHERE[sign]


def hear_command(line: str) -> Heard:
    """A line that begins with a slash; one that we do not know is something said."""
    sign = _COMMANDS.get(line.split()[0].casefold()) if line.strip() else None
    return Heard(Sign.OTHER, line) if sign is None else Heard(sign)


def hear_button(data: str) -> Heard | None:
    """What a button of ours carries; None for one that we never made."""
    name, _, value = data.partition(":")
    sign = _BUTTONS.get(name)
    return None if sign is None else Heard(sign, value)


def hear_text(
    text: str,
    step: Step,
    *,
    challenged: bool,
    word: Word | None,
    skips: bool,
    find_place: Callable[[str], Place | None],
) -> Heard:
    """Free text, which at some steps is an answer. `skips`: it is the label of "I don't know"."""
    if word is Word.STOP:
        return Heard(Sign.STOP, text)
    if challenged:
        return Heard(Sign.CHALLENGED, text)
    if word in (Word.CODE, Word.ALL):
        return Heard(Sign.READ, word)
    if step is Step.PLACE and skips:
        return Heard(Sign.PLACE_SKIPPED)
    if step is Step.PLACE and (place := find_place(text)) is not None:
        return Heard(Sign.PLACE_NAMED, place=place)
    if step is Step.HOURS and parse_hours(text) is not None:
        return Heard(Sign.HOURS_CHOSEN, text)
    return Heard(Sign.TEXT, text)
