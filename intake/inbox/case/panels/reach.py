"""How the person is reached, what they have said about it, what went out and what did not; shows no address."""

from collections.abc import Mapping

from bridges.contract import Delivery
from intake.arrival.fetching import files_of
from intake.casework import OpenCase
from intake.inbox.case.panels.sending import sending
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.model import Note, OutgoingKind, OutgoingState
from intake.reaching import safecontact

DOUBTFUL: Mapping[Note, str] = {
    Note.AFTER_SILENCE: _("they wrote after a long silence"),
    Note.OTHER_LANGUAGE: _("they wrote in another language than before"),
    Note.OTHER_HOURS: _("they wrote at hours at which they never wrote before"),
    Note.NOT_FREE: _("they gave the answer that means: I am not alone"),
}
"""Signs in a message that somebody else may hold the phone."""

KINDS: Mapping[OutgoingKind, str] = {
    OutgoingKind.NOTICE: _("Word that something waits"),
    OutgoingKind.ANSWER: _("The answer itself"),
    OutgoingKind.CHECK_IN: _("The question how they are"),
}
STATES: Mapping[OutgoingState, str] = {
    OutgoingState.WAITING: _("waits to go out"),
    OutgoingState.SENT: _("is sent"),
    OutgoingState.FAILED: _("failed"),
    OutgoingState.EXPIRED: _("was too late to be safe"),
    OutgoingState.HELD: _("may not go now"),
    OutgoingState.CANCELLED: _("is not needed any more"),
}
DELIVERIES: Mapping[Delivery, str] = {
    Delivery.QUEUED: "",
    Delivery.SENT: _("on its way to the phone"),
    Delivery.EXPIRED: _("the provider gave up"),
    Delivery.FAILED: _("the provider says that it failed"),
    Delivery.DELIVERED: _("reached the phone"),
    Delivery.READ: _("is read"),
}
REASONS: Mapping[str, str] = {
    "stopped": _("the person wants no texts, or has blocked us"),
    "no_consent": _("the person has not said that we may write first"),
    "unsafe_hour": _("no safe hour comes before it would be too late"),
    "too_many": _("they have had as many texts as one day may bring"),
    "closed": _("the case was closed"),
    "expired": _("its time was over"),
    "unreachable": _("no connection to the provider"),
    "uncertain": _("the provider did not answer; it may have been sent"),
    "unavailable": _("the provider is down"),
    "throttled": _("the provider takes no more just now"),
    "account": _("our account with the provider: tell the operator"),
    "address": _("there is no such number or chat"),
    "rejected": _("the provider refused it"),
    "unsuitable": _("this way cannot carry it"),
    "restored": _("a backup was put back: read it before it goes"),
}
LOST = (OutgoingState.FAILED, OutgoingState.EXPIRED, OutgoingState.HELD)


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """What the template `case_reach.html` shows."""
    case = found.case
    safe = None if found.reach is None else await safecontact.look(visit.service, visit.work.reader, case.id)
    return {
        "safe": safe,
        "sending": None if safe is None else sending(visit, safe),
        "wishes": _wishes(visit, safe),
        "doubtful": _doubtful(found),
        "files": await files_of(visit.service, case.id),
        "no_reply": any(Note.NO_REPLY in card.notes for card in found.cards.values()),
        "sendings": found.sendings,
        "uncollected": len(found.uncollected),
        "reach_words": {
            "kinds": KINDS,
            "states": STATES,
            "deliveries": DELIVERIES,
            "reasons": REASONS,
            "lost": LOST,
        },
    }


def _doubtful(found: OpenCase) -> list[str]:
    """The signs in what came since the desk wrote last: an answer of theirs has settled the older ones."""
    signs: set[Note] = set()
    for message in found.messages:
        card = found.cards.get(message.id)
        signs = set() if card is None else signs | card.notes
    return [words for note, words in DOUBTFUL.items() if note in signs]


def _wishes(visit: WorkVisit, safe: safecontact.Safe | None) -> Mapping[str, str]:
    """The form as it was typed, or as things stand."""
    if "safe_hours" in visit.form or safe is None:
        return {name: visit.field(f"safe_{name}") for name in ("hours", "words", "ask", "answer", "not_free")}
    hours = safe.hours
    return {
        "hours": "" if hours is None else f"{hours.opens:%H:%M}-{hours.closes:%H:%M}",
        "words": safe.words,
        "ask": safe.question.ask,
        "answer": safe.question.answer,
        "not_free": safe.question.not_free,
    }
