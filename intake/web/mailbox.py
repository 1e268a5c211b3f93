"""The person's mailbox as a page: open, read, write more, erase; carries a sealed handle, never the receipt."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from aiohttp import web

from intake.attachments.taking import Taken, take_in
from intake.mailbox import (
    Key,
    NoMailbox,
    OpenMailbox,
    deletion_time,
    erase,
    keep_receipt,
    key_from_receipt,
    open_mailbox,
    write_more,
)
from intake.model import Status
from intake.reaching.codes import open_typed
from intake.store.failure import StoreUnavailable
from intake.vault.errors import VaultError
from intake.vault.handles import open_handle, seal_handle
from intake.vault.receipt import show_receipt
from intake.vault.tokens import FormToken
from intake.web.drafts import Draft, Fault
from intake.web.files import Sent, sent
from intake.web.site import Visit
from intake.web.tokens import genuine, new_token, use_up
from triage.route import NoDesk

MOST_SHOWN = 50
"""Messages on one page; those before come when they are asked for."""
_LONGEST_NUMBER = 6


class Note(StrEnum):
    """What a mailbox page says above its form; the page has the words for it."""

    NOT_FOUND = "not_found"
    AGAIN = "again"
    WRITTEN = "written"


class Stand(StrEnum):
    """What became of what the person wrote last; the page has the words for it."""

    WAITS = "waits"
    LATE = "late"
    READ = "read"
    ANSWERED = "answered"
    CLOSED = "closed"


class _Before(Exception):
    """The form came before: the browser's history sends it again, or an impatient finger."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A genuine request to the mailbox: what to do, with which fields."""

    visit: Visit = field(repr=False)
    came: Sent = field(repr=False)
    token: FormToken

    @property
    def form(self) -> Mapping[str, str]:
        return self.came.fields

    @property
    def text(self) -> str:
        return self.form.get("text", "")

    @property
    def action(self) -> "Callable[[_Asked], Awaitable[web.Response]]":
        # What the button says comes after the files: where those broke off, a text is still to be written.
        return _ACTIONS.get(self.form.get("action", "write" if self.text else ""), _open)

    async def spend(self) -> None:
        """Use the form's token up. Raises `_Before`."""
        if not await use_up(self.visit, self.token):
            raise _Before

    async def key(self) -> Key:
        """From the receipt on the first page, from the handle on those after it. Raises `NoMailbox`."""
        if "receipt" in self.form:
            return await key_from_receipt(self.visit.service, self.form["receipt"])
        try:
            handle = open_handle(self.visit.service.key, self.form.get("handle", ""), self.visit.now)
        except VaultError:
            raise NoMailbox from None
        return Key(handle.lookup_id, handle.private)


async def show_door(visit: Visit) -> web.Response:
    """The empty field for a receipt."""
    return _door(visit)


async def act(visit: Visit) -> web.Response:
    """Whatever a mailbox page sends. Sent again from the browser's history, it shows the empty field."""
    async with sent(visit) as came:
        token = genuine(visit, came.fields)
        if token is None:
            return _closed(visit, came)
        return await _act(_Asked(visit, came, token))


async def _act(asked: _Asked) -> web.Response:
    try:
        if asked.action is not _write:
            await asked.spend()
        return await asked.action(asked)
    except _Before:
        return _door(asked.visit, Note.AGAIN, HTTPStatus.CONFLICT)
    except NoMailbox:
        return _closed(asked.visit, asked.came)
    except (StoreUnavailable, NoDesk):
        if not asked.text:
            raise
        return _kept_words(asked.visit, asked.came, Fault.UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)


async def _open(asked: _Asked) -> web.Response:
    """With a receipt, with the single-use code that came to a phone, or again with the handle."""
    visit = asked.visit
    if "receipt" not in asked.form:
        return await _conversation(visit, await asked.key(), draft=asked.text, chose_files=asked.came.chose_files)
    opening = await open_typed(visit.service, asked.form["receipt"], visit.now)
    return await _conversation(visit, opening.key, receipt=opening.receipt)


async def _write(asked: _Asked) -> web.Response:
    """Add a message; its token is spent with it or not at all, so that a retry adds nothing and loses nothing."""
    visit, key = asked.visit, await asked.key()
    fault = Draft(asked.text).fault
    if fault is not None:
        await asked.spend()
        return await _conversation(visit, key, draft=asked.text, fault=fault, chose_files=asked.came.chose_files)
    taken = await take_in(visit.service, asked.came.uploads, visit.now, originals="originals" in asked.form)
    spent_ids = [asked.token.spent_id]
    if not await write_more(visit.service, key, asked.text, visit.language.html, visit.now, taken.files, spent_ids):
        raise _Before
    return await _conversation(visit, key, note=Note.WRITTEN, taken=taken)


async def _earlier(asked: _Asked) -> web.Response:
    """What was said before; words that stand in the field stay there."""
    before = asked.form.get("before", "")
    if not (before.isascii() and before.isdigit() and len(before) < _LONGEST_NUMBER):
        return await _open(asked)
    came = asked.came
    return await _conversation(
        asked.visit, await asked.key(), draft=asked.text, before=int(before), chose_files=came.chose_files
    )


async def _keep(asked: _Asked) -> web.Response:
    await keep_receipt(asked.visit.service, await asked.key())
    return asked.visit.show("kept.html")


async def _ask_erase(asked: _Asked) -> web.Response:
    visit, key = asked.visit, await asked.key()
    goes = deletion_time(visit.service, visit.now)
    return visit.show("erase.html", deleted_at=goes, handle=_handle(visit, key), token=new_token(visit))


async def _erase(asked: _Asked) -> web.Response:
    visit, key = asked.visit, await asked.key()
    await erase(visit.service, key, visit.now)
    return visit.show("erased.html", deleted_at=deletion_time(visit.service, visit.now))


_ACTIONS: Mapping[str, Callable[[_Asked], Awaitable[web.Response]]] = {
    "open": _open,
    "write": _write,
    "earlier": _earlier,
    "keep": _keep,
    "ask-erase": _ask_erase,
    "erase": _erase,
}


def _door(visit: Visit, note: Note | None = None, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return visit.show("mailbox.html", status, note=note, token=new_token(visit))


def _closed(visit: Visit, came: Sent) -> web.Response:
    """The receipt is unknown, or half an hour has passed: words that were typed meanwhile are not lost."""
    if came.fields.get("text"):
        return _kept_words(visit, came, Fault.EXPIRED, HTTPStatus.CONFLICT)
    note = Note.NOT_FOUND if "receipt" in came.fields else Note.AGAIN
    return _door(visit, note, HTTPStatus.NOT_FOUND)


def _kept_words(visit: Visit, came: Sent, fault: Fault, status: HTTPStatus) -> web.Response:
    text, lost = came.fields.get("text", ""), came.chose_files
    return visit.show("resume.html", status, draft=text, fault=fault, chose_files=lost, token=new_token(visit))


async def _conversation(
    visit: Visit,
    key: Key,
    *,
    draft: str = "",
    fault: Fault | None = None,
    note: Note | None = None,
    receipt: str | None = None,
    taken: Taken | None = None,
    chose_files: bool = False,
    before: int | None = None,
) -> web.Response:
    status = HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY
    opened = await open_mailbox(visit.service, key, visit.now, most=MOST_SHOWN, before=before)
    return visit.show(
        "conversation.html",
        status,
        opened=opened,
        stand=_stand(opened, visit.now),
        draft=draft,
        fault=fault,
        note=note,
        taken=taken or Taken(),
        chose_files=chose_files,
        receipt=None if receipt is None else show_receipt(receipt),
        handle=_handle(visit, key),
        token=new_token(visit),
    )


def _stand(opened: OpenMailbox, now: datetime) -> Stand:
    """Only what nobody has read yet has an hour: times are kept to the hour once answered, to the day once closed."""
    if opened.case.status is Status.CLOSED:
        return Stand.CLOSED
    if not opened.waits:
        return Stand.ANSWERED
    if opened.case.status is not Status.NEW:
        return Stand.READ
    return Stand.WAITS if now <= opened.answer_by else Stand.LATE


def _handle(visit: Visit, key: Key) -> str:
    """Half an hour more of access, for the next form."""
    return seal_handle(visit.service.key, key.lookup_id, key.private, visit.now)
