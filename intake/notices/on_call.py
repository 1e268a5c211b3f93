"""Reaches the number that a desk's configuration names for outside its hours, where no member stands; sends nothing."""

from datetime import datetime

from sqlalchemy import Connection

from bridges.numbers import to_e164
from intake.model import NoticeWay, Outgoing, OutgoingKind
from intake.notices.book import bridge_for
from intake.notices.promise import LIVES
from intake.notices.words import What, say
from intake.service import Service
from intake.store import outbox
from intake.vault.ids import new_id
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose
from triage.model import DeskName

LANGUAGE = "sv"
"""Nobody has chosen one for this number."""


def promise_on_call(conn: Connection, service: Service, desk: DeskName, what: What, now: datetime) -> bool:
    """Ring whoever is on call for the desk, or text them where no bridge rings. False where they cannot be reached."""
    number = to_e164(service.config.desks[desk].out_of_hours or "")
    ringing = bridge_for(service, NoticeWay.CALL)
    bridge = ringing or bridge_for(service, NoticeWay.SMS)
    if number is None or bridge is None:
        return False
    template = "call" if ringing else what.value
    text = say(template, LANGUAGE, **({"name": service.config.service.name} if ringing else {}))
    id_ = new_id()
    outgoing = Outgoing(
        id=id_,
        send_id=new_id(),
        bridge=bridge,
        kind=OutgoingKind.CALL if ringing else OutgoingKind.DUTY,
        expires_at=now + LIVES[what],
        template=what.value,
        sealed_address=seal_under(service.key, Purpose.ADDRESS, f"{NoticeWay.SMS}|{number}".encode(), id_),
        sealed_text=seal_under(service.key, Purpose.OUTBOX, text.encode(), id_, None),
    )
    outbox.enqueue(conn, outgoing, now)
    return True
