"""The four ways to write for the first time, from the empty form to the receipt; knows no channel but the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import segno
from aiohttp import web
from markupsafe import Markup

from intake.attachments.taking import Taken, take_in
from intake.mailbox import NoMailbox, key_from_receipt
from intake.model import Channel
from intake.receive import AlreadySpent, Once, Received, Report, receive
from intake.store.failure import StoreUnavailable
from intake.vault.handles import seal_handle
from intake.vault.receipt import Source, show_receipt
from intake.vault.tokens import FormToken
from intake.web.drafts import Draft, Fault, place_of, places_like, read_draft
from intake.web.files import Sent, sent
from intake.web.site import Visit
from intake.web.slowing import wait_for_desk
from intake.web.tokens import DOUBLE_TAP, FIELD, genuine, new_token, use_up
from triage.model import Kind
from triage.route import NoDesk

_UNSEEN = "website"
"""The field that people do not see; whoever fills it in is taken in all the same."""
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
        return _Again(visit, self, Draft()).show(new_token(visit))

    async def take(self, visit: Visit) -> web.Response:
        """What was sent: a search for the place, or the message itself."""
        async with sent(visit) as came:
            return await self._act(visit, came)

    async def _act(self, visit: Visit, came: Sent) -> web.Response:
        form, draft, token = came.fields, read_draft(came.fields), genuine(visit, came.fields)
        again = _Again(visit, self, draft, came.chose_files)
        if token is None:
            return again.show(new_token(visit), Fault.EXPIRED)
        try:
            if "search" in form or draft.fault:
                return await again.show_once(token, searched="search" in form)
            return await self._send(visit, draft, came, token)
        except (StoreUnavailable, NoDesk):
            # The same token: should the commit have succeeded after all, the next try returns its receipt.
            return again.show(form[FIELD], Fault.UNAVAILABLE)

    async def _send(self, visit: Visit, draft: Draft, came: Sent, token: FormToken) -> web.Response:
        taken = await take_in(visit.service, came.uploads, visit.now, originals=draft.originals)
        label = visit.language.words.gettext("Place")
        report = Report(
            text=draft.text_with_place(label),
            channel=Channel.WEB,
            kind=self.kind,
            place=place_of(draft, visit.service.gazetteer),
            police=draft.police,
            lang=visit.language.html,
            files=taken.files,
            suspect=bool(came.fields.get(_UNSEEN)),
        )
        once = Once(Source.FORM_TOKEN, token.value, token.spent_id)
        try:
            received = await receive(visit.service, report, once, visit.now)
        except AlreadySpent:
            return visit.show("sent_before.html", HTTPStatus.CONFLICT, door=self)
        await wait_for_desk(visit.service, received.desk_name)
        return await _receipt(visit, received, taken)


DOORS = tuple(Door(kind) for kind in (Kind.TIP, Kind.HELP, Kind.BUYER, Kind.PROFESSIONAL))


@dataclass(frozen=True, slots=True)
class _Again:
    """A door's form with what was typed into it; files must be picked anew, for no page can hold them."""

    visit: Visit = field(repr=False)
    door: Door
    draft: Draft
    chose_files: bool = False

    def show(self, token: str, fault: Fault | None = None, *, searched: bool = False) -> web.Response:
        found = places_like(self.draft, self.visit.service.gazetteer) if self.draft.place else []
        return self.visit.show(
            self.door.template,
            _STATUS[fault],
            door=self.door,
            draft=self.draft,
            token=token,
            fault=fault,
            searched=searched,
            found=found,
            chose_files=self.chose_files,
            now=self.visit.now,
        )

    async def show_once(self, token: FormToken, *, searched: bool) -> web.Response:
        """The form with a new token, unless the history sends it."""
        if not await use_up(self.visit, token, DOUBLE_TAP):
            return self.visit.show("sent_before.html", HTTPStatus.CONFLICT, door=self.door)
        return self.show(new_token(self.visit), None if searched else self.draft.fault, searched=searched)


async def _receipt(visit: Visit, received: Received, taken: Taken) -> web.Response:
    return visit.show(
        "receipt.html",
        HTTPStatus.CREATED,
        receipt=show_receipt(received.receipt),
        code=_qr_code(received.receipt),
        received=received,
        taken=taken,
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
