"""What goes to a person's phone or chat when they are answered, and in how many SMS; sees no address, sends nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from bridges.segments import BASIC, EXTENDED, segments
from intake.contact import Consent
from intake.inbox.visit import WorkVisit
from intake.model import Channel
from intake.reaching.safecontact import Safe


@dataclass(frozen=True, slots=True)
class Sending:
    """`notice` goes in the place of the answer, empty where the answer goes itself; `later`: not before then.

    `barred`: nothing goes before they write. `parts` are the SMS of the answer as typed so far. `plain` and `double`
    are the letters of an SMS and those that count twice: the script counts on by them.
    """

    sms: bool
    barred: bool
    notice: str = field(repr=False)
    notice_parts: int
    parts: int
    later: datetime | None
    plain: str
    double: str


def sending(visit: WorkVisit, safe: Safe) -> Sending:
    """As the rules stand now; they are asked again when it goes (`intake.contact.may_send`)."""
    notice = "" if safe.whole else safe.words or visit.service.phrases.say("waits", safe.lang)
    at = visit.now if safe.hours is None else safe.hours.next(visit.now)
    return Sending(
        sms=safe.channel is Channel.SMS,
        barred=safe.stopped or safe.blocked or safe.consent is not Consent.YES,
        notice=notice,
        notice_parts=segments(notice).parts,
        parts=segments(visit.field("text").strip()).parts,
        later=at if at > visit.now else None,
        plain="".join(sorted(BASIC)),
        double="".join(sorted(EXTENDED)),
    )
