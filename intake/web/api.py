"""The public JSON API: each call one use case; answers 201 only after the commit, and repeats no input."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import hdrs, web

from intake import mailbox
from intake.filing import FIRST_LANGUAGE
from intake.mailbox import NoMailbox
from intake.model import Channel, Direction, Message
from intake.pages.errors import problem
from intake.receive import AlreadySpent, Once, Received, Report, receive
from intake.store.failure import StoreUnavailable
from intake.vault.blind import blind_candidates
from intake.vault.framing import frame
from intake.vault.service_key import Purpose, ServiceKey
from intake.web.bodies import (
    MailboxMessage,
    NewMessage,
    NewReceipt,
    NewReport,
    OpenMailbox,
    ReceivedBy,
    Speaker,
    encode,
)
from intake.web.site import SITE
from intake.web.slowing import wait_for_desk
from triage.calendar import STOCKHOLM
from triage.gazetteer import Gazetteer, UnknownPlace, place_from_choice
from triage.model import Kind, Place
from triage.route import NoDesk

IDEMPOTENCY_KEY = re.compile("[!-~]{32,255}")
"""Visible ASCII. The receipt comes out of it, so nobody must be able to guess one."""

_SPEAKERS: Mapping[Direction, Speaker] = {
    Direction.FROM_PERSON: Speaker.YOU,
    Direction.FROM_DESK: Speaker.COORDINATOR,
}


async def post_report(request: web.Request, body: NewReport) -> web.Response:
    """Take a report in."""
    service = request.app[SITE].service
    once = _once(service.key, request.headers.get("Idempotency-Key"))
    if once is None:
        return _no_key()
    try:
        report = _report(body, service.gazetteer)
        received = await receive(service, report, once, service.clock())
    except UnknownPlace:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The field county or municipality is no code of SCB's.")
    except AlreadySpent:
        return problem(HTTPStatus.CONFLICT, "This Idempotency-Key served for another report, or too long ago.")
    except NoDesk:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Not received: no desk is staffed yet. Keep your text.")
    await wait_for_desk(service, received.desk_name)
    return _json(encode(_receipt(received)), HTTPStatus.CREATED)


async def read_mailbox(request: web.Request, body: OpenMailbox) -> web.StreamResponse:
    """The conversation of a receipt, sent as it is opened: it may be longer than there is memory for."""
    service = request.app[SITE].service
    try:
        key = await mailbox.key_from_receipt(service, body.receipt)
        messages = mailbox.read_whole(service, key)
        first = await anext(messages, None)
    except NoMailbox:
        return _no_mailbox()
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "application/json"})
    await response.prepare(request)
    await response.write(b'{"messages":[' + (b"" if first is None else encode(_message(first))))
    try:
        async for one in messages:
            await response.write(b"," + encode(_message(one)))
    except (NoMailbox, StoreUnavailable):
        # Half is said already: a line that breaks says that there was more.
        request.protocol.force_close()
        return response
    await response.write_eof(b"]}")
    return response


async def post_message(request: web.Request, body: NewMessage) -> web.Response:
    """One more message; with an `Idempotency-Key` a retry adds nothing and is answered as the first time."""
    service = request.app[SITE].service
    given = request.headers.get("Idempotency-Key")
    if _once(service.key, given) is None:
        return _no_key()
    try:
        key = await mailbox.key_from_receipt(service, body.receipt)
        spent_ids = () if given is None else _same_message(service.key, given, key.lookup_id, body.text)
        await mailbox.write_more(service, key, body.text, body.lang, service.clock(), spent_ids=spent_ids)
    except NoMailbox:
        return _no_mailbox()
    except NoDesk:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "Not received: no desk is staffed yet. Keep your text.")
    return web.Response(status=HTTPStatus.CREATED)


async def erase_mailbox(request: web.Request, body: OpenMailbox) -> web.Response:
    """Destroy the person's side."""
    service = request.app[SITE].service
    try:
        key = await mailbox.key_from_receipt(service, body.receipt)
        await mailbox.erase(service, key, service.clock())
    except NoMailbox:
        return _no_mailbox()
    return web.Response(status=HTTPStatus.NO_CONTENT)


def _once(key: ServiceKey, given: str | None) -> Once | None:
    """What makes a retry the same request; None for a key that is none, or too short to be secret."""
    if given is None:
        return Once.by_chance()
    return Once.by_key(key, given.encode()) if IDEMPOTENCY_KEY.fullmatch(given) else None


def _same_message(key: ServiceKey, given: str, lookup_id: bytes, text: str) -> tuple[bytes, ...]:
    """What a message is known again by: with other words under the same key it is another one, and not lost."""
    value = frame("hamn/v1/message", given.encode(), lookup_id, text.encode("utf-8", "surrogatepass"))
    return blind_candidates(key, Purpose.FORM, value)


def _no_key() -> web.Response:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Idempotency-Key must be 32 to 255 visible ASCII characters.")


def _report(body: NewReport, gazetteer: Gazetteer) -> Report:
    return Report(
        text=body.text,
        channel=Channel.API,
        kind=None if body.kind is None else Kind(body.kind.value),
        place=_place(body, gazetteer),
        police=body.police,
        lang=body.lang or FIRST_LANGUAGE,
    )


def _place(body: NewReport, gazetteer: Gazetteer) -> Place:
    """The narrower of the codes decides: a contradiction is no reason to refuse a report."""
    if body.municipality is not None:
        return place_from_choice(None, body.municipality, gazetteer)
    return place_from_choice(body.county, None, gazetteer)


def _receipt(received: Received) -> NewReceipt:
    answer_by = received.answer_by.astimezone(STOCKHOLM).isoformat(timespec="seconds")
    return NewReceipt(received.receipt, ReceivedBy(received.desk_name, answer_by))


def _message(message: Message) -> MailboxMessage:
    day = message.sent_at.astimezone(STOCKHOLM).date().isoformat()
    return MailboxMessage(_SPEAKERS.get(message.direction, Speaker.SERVICE), message.text, day)


def _no_mailbox() -> web.Response:
    return problem(HTTPStatus.NOT_FOUND, "No mailbox opens with this receipt.")


def _json(body: bytes, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
