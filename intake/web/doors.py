"""The four ways to write for the first time, from the empty form to the receipt; knows no channel but the web."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import segno
from aiohttp import web
from markupsafe import Markup

from intake.mailbox import NoMailbox, key_from_receipt
from intake.model import Channel
from intake.pages.forms import read_form
from intake.receive import AlreadySpent, Once, Received, Report, receive
from intake.store.failure import StoreUnavailable
from intake.vault.handles import seal_handle
from intake.vault.receipt import Source, show_receipt
from intake.vault.tokens import FormToken
from intake.web.drafts import Draft, Fault, place_of, places_like, read_draft
from intake.web.site import Visit
from intake.web.tokens import DOUBLE_TAP, FIELD, genuine, new_token, use_up
from triage.model import Kind
from triage.route import NoDesk

_STATUS: Mapping[Fault | None, HTTPStatus] = {
    None: HTTPStatus.OK,
    Fault.EMPTY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Fault.TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Fault.EXPIRED: HTTPStatus.CONFLICT,
    Fault.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Door:
    """One of the ways in."""

    kind: Kind

    @property
    def template(self) -> str:
        """The page of this door."""
        return f"{self.kind}.html"

    async def show(self, visit: Visit) -> web.Response:
        """The empty form."""
        return _form(visit, self, Draft(), new_token(visit))

    async def take(self, visit: Visit) -> web.Response:
        """What was sent: a search for the place, or the message itself."""
        form = await read_form(visit.request)
        draft, token = read_draft(form), genuine(visit, form)
        if token is None:
            return _form(visit, self, draft, new_token(visit), Fault.EXPIRED)
        try:
            if "search" in form or draft.fault:
                return await self._show_again(visit, draft, token, searched="search" in form)
            return await self._send(visit, draft, token)
        except (StoreUnavailable, NoDesk):
            # The same token: should the commit have succeeded after all, the next try returns its receipt.
            return _form(visit, self, draft, form[FIELD], Fault.UNAVAILABLE)

    async def _show_again(self, visit: Visit, draft: Draft, token: FormToken, *, searched: bool) -> web.Response:
        if not await use_up(visit, token, DOUBLE_TAP):
            return visit.show("sent_before.html", HTTPStatus.CONFLICT, door=self)
        return _form(visit, self, draft, new_token(visit), None if searched else draft.fault, searched=searched)

    async def _send(self, visit: Visit, draft: Draft, token: FormToken) -> web.Response:
        label = visit.language.words.gettext("Place")
        report = Report(
            text=draft.text_with_place(label),
            channel=Channel.WEB,
            kind=self.kind,
            place=place_of(draft, visit.service.gazetteer),
            police=draft.police,
            lang=visit.language.html,
        )
        once = Once(Source.FORM_TOKEN, token.value, token.spent_id)
        try:
            received = await receive(visit.service, report, once, visit.now)
        except AlreadySpent:
            return visit.show("sent_before.html", HTTPStatus.CONFLICT, door=self)
        return await _receipt(visit, received)


DOORS = tuple(Door(kind) for kind in (Kind.TIP, Kind.HELP, Kind.BUYER, Kind.PROFESSIONAL))


def _form(
    visit: Visit, door: Door, draft: Draft, token: str, fault: Fault | None = None, *, searched: bool = False
) -> web.Response:
    found = places_like(draft, visit.service.gazetteer) if draft.place else []
    return visit.show(
        door.template,
        _STATUS[fault],
        door=door,
        draft=draft,
        token=token,
        fault=fault,
        searched=searched,
        found=found,
        now=visit.now,
    )


async def _receipt(visit: Visit, received: Received) -> web.Response:
    return visit.show(
        "receipt.html",
        HTTPStatus.CREATED,
        receipt=show_receipt(received.receipt),
        code=_qr_code(received.receipt),
        received=received,
        handle=await _handle(visit, received.receipt),
        token=new_token(visit),
        now=visit.now,
    )


async def _handle(visit: Visit, receipt: str) -> str | None:
    """What lets the next page say "I have kept it". It is on disk already: without a store the receipt still shows."""
    try:
        key = await key_from_receipt(visit.service, receipt)
    except (StoreUnavailable, NoMailbox):
        return None
    return seal_handle(visit.service.key, key.lookup_id, key.private, visit.now)


def _qr_code(digits: str) -> Markup:
    """The digits alone, as an SVG that stands in the page."""
    drawn = segno.make(digits, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True, lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn from digits by segno, nothing typed is in it
