"""The words for every value that a page shows, in English; the templates say them in the reader's language."""

from collections.abc import Mapping
from http import HTTPStatus

from intake.inbox.lists.filters import Age, Whose
from intake.model import Channel, Direction, Police, Role, Status, Waiting
from intake.vault.passphrase import Weakness
from triage.model import Doubt, Kind, Minor, Type, Urgency


def _(message: str) -> str:
    """Mark a text for the translators; it is translated where it is shown."""
    return message


KINDS: Mapping[Kind, str] = {
    Kind.TIP: _("Tip"),
    Kind.HELP: _("Asks for help"),
    Kind.BUYER: _("Buys sex, wants to stop"),
    Kind.PROFESSIONAL: _("Professional"),
    Kind.OTHER: _("Other"),
}
TYPES: Mapping[Type, str] = {
    Type.SEXUAL_EXPLOITATION: _("sexual exploitation"),
    Type.PROSTITUTION: _("prostitution"),
    Type.LABOUR: _("labour"),
    Type.DOMESTIC_SERVITUDE: _("domestic servitude"),
    Type.BEGGING: _("begging"),
    Type.MARRIAGE: _("forced or child marriage"),
    Type.CRIMINAL_EXPLOITATION: _("criminal exploitation"),
    Type.ORGAN: _("organ trade"),
    Type.WAR_SERVICE: _("war service"),
    Type.UNCLEAR: _("type unclear"),
}
URGENCIES: Mapping[Urgency, str] = {
    Urgency.ACUTE: _("Acute"),
    Urgency.HIGH: _("High"),
    Urgency.NORMAL: _("Normal"),
    Urgency.LOW: _("Low"),
}
MINORS: Mapping[Minor, str] = {
    Minor.YES: _("Under 18"),
    Minor.NO: _("Adult"),
    Minor.UNKNOWN: _("Age not said"),
}
DOUBTS: Mapping[Doubt, str] = {
    Doubt.CHILD: _("Perhaps a child"),
    Doubt.DANGER: _("Perhaps in danger"),
    Doubt.PLACE: _("Place uncertain"),
    Doubt.PAST_AND_SAFE: _("Past, and now safe"),
}
STATES: Mapping[Status, str] = {
    Status.NEW: _("New"),
    Status.OPENED: _("Read"),
    Status.ANSWERED: _("Answered"),
    Status.CLOSED: _("Closed"),
}
POLICE: Mapping[Police, str] = {
    Police.YES: _("Yes, the police may be told"),
    Police.ASK: _("Ask me before the police are told"),
    Police.NO: _("No, do not tell the police"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.WEB: _("Web page"),
    Channel.API: _("Another service"),
    Channel.SMS: _("SMS"),
    Channel.TELEGRAM: _("Telegram"),
}
OPEN_STATES: Mapping[Status, str] = {status: said for status, said in STATES.items() if status is not Status.CLOSED}
WAITING: Mapping[Waiting, str] = {
    Waiting.PERSON: _("Waits for the person"),
    Waiting.PARTNER: _("Waits for a partner"),
}
WHOSE: Mapping[Whose, str] = {
    Whose.MINE: _("in mine"),
    Whose.NOBODY: _("in nobody's"),
    Whose.FOR_ME: _("with a note for me"),
}
AGES: Mapping[Age, str] = {
    Age.CHILD: _("a child, or perhaps"),
    Age.ADULT: _("adults"),
}
SPEAKERS: Mapping[Direction, str] = {
    Direction.FROM_PERSON: _("The person"),
    Direction.FROM_DESK: _("The desk"),
}
ROLES: Mapping[Role, str] = {
    Role.COORDINATOR: _("Coordinator"),
    Role.LEAD: _("Lead"),
    Role.NATIONAL: _("National coordinator"),
    Role.REGISTRAR: _("Registrar"),
    Role.STATISTICIAN: _("Statistician"),
    Role.ADMIN: _("Administrator"),
}
WEAKNESSES: Mapping[Weakness, str] = {
    Weakness.TOO_SHORT: _("The passphrase is too short: use at least twelve characters, such as four or five words."),
    Weakness.TOO_LONG: _("The passphrase is too long: at most 200 characters."),
    Weakness.GUESSABLE: _("The passphrase can be guessed. Take four or five words that have nothing to do with you."),
}
RULES: Mapping[str, str] = {
    "door": _("the sender chose this door"),
    "form": _("the sender chose the place"),
    "unseen-field": _("a field is filled in that people do not see: probably a machine wrote it"),
    "place.now": _("said to be there now"),
    "place.here": _("where it happens"),
    "place.headed-to": _("on the way there"),
    "place.left": _("left from there"),
    "place.past": _("was there before"),
    "place.number": _("by postcode or area code"),
    "place.planned": _("going there, it is said"),
    "place.moved-to": _("moved there"),
    "place.home-now": _("lives there now"),
    "place.home": _("the sender's home"),
    "place.home-before": _("where the sender lived before"),
    "place.others": _("where others are"),
    "place.service": _("a service's place"),
}
"""Triage's rules that are names. All others are sentences already (`triage/data/rules.toml`, `triage.po`)."""

REFUSALS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: _("What the browser sent could not be read."),
    HTTPStatus.UNAUTHORIZED: _("You have been logged out, since nothing was done for a while. Nothing was sent."),
    HTTPStatus.FORBIDDEN: _(
        "Your role does not come to this page, or the form belongs to an earlier login. Nothing was changed."
    ),
    HTTPStatus.NOT_FOUND: _("There is no such page, or it belongs to another desk."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This page cannot be used in that way."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That was too much text at once. Nothing was sent."),
    HTTPStatus.SERVICE_UNAVAILABLE: _("The store does not answer. Nothing was written; try again in a little while."),
}
UNEXPECTED = _("Something failed here. Look whether it was done before you try again.")


def label(said: str) -> str:
    """The words for a reason's label, ``minor=yes`` or the like; what is not known is shown as it is."""
    return _LABELS.get(said, said)


_LABELS: Mapping[str, str] = {
    "place=chosen": _("Place"),
    **{f"kind={value}": words for value, words in KINDS.items()},
    **{f"type={value}": words for value, words in TYPES.items()},
    **{f"urgency={value}": words for value, words in URGENCIES.items()},
    **{f"minor={value}": words for value, words in MINORS.items()},
    **{f"doubt={value}": words for value, words in DOUBTS.items()},
}
