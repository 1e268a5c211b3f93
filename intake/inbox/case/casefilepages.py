"""The casefile's forms: steps, concern, referral, links, hold, transfer, a ready answer; knows no SQL."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from intake.casefile.entries import Answered, AnyFact, Step, Transferred
from intake.casefile.reading import desk_of, find_case, read_casefile
from intake.casefile.ready import filled_in
from intake.casefile.writing import Itself, link, write_down
from intake.inbox.case import casefileforms as forms
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.case.readyanswers import ready_answers
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.reading import NotYours

_INCOMPLETE = _("Something is missing in the form. Nothing was saved.")
_ITSELF = _("That is this very case. Nothing was saved.")
_NO_SUCH_CASE = _("No case that you may read has this reference. Nothing was saved.")
_NO_READY_ANSWER = _("Choose an answer and a language first.")


async def save_steps(visit: WorkVisit) -> web.Response:
    """Note each step whose box was ticked or cleared."""
    case = case_id(visit)
    try:
        file = await read_casefile(visit.service, visit.work.reader, case)
    except NotYours:
        raise web.HTTPNotFound from None
    for number, title in enumerate(visit.service.config.casefile.steps):
        done = bool(visit.field(f"step-{number}"))
        if done != (title in file.steps):
            await write_down(visit.service, visit.work.reader, case, Step(title=title, done=done), visit.now)
    return see_other(f"/cases/{case}#file")


async def save_concern(visit: WorkVisit) -> web.Response:
    """Note what became of the report of concern."""
    return await _save(visit, forms.concern(visit))


async def save_referral(visit: WorkVisit) -> web.Response:
    """Note to whom the case was referred, and on what basis."""
    return await _save(visit, forms.referral(visit))


async def save_answer(visit: WorkVisit) -> web.Response:
    """Note that the partner has answered."""
    return await _save(visit, Answered(referral=visit.field("referral"), remark=forms.words(visit, "remark")))


async def save_hold(visit: WorkVisit) -> web.Response:
    """Let the case not be deleted, or let it again."""
    return await _save(visit, forms.held(visit))


async def save_transfer(visit: WorkVisit) -> web.Response:
    """Note the reference of the personal file in which the matter goes on."""
    reference = forms.words(visit, "reference")
    return await _save(visit, Transferred(reference=reference) if reference else None)


async def save_link(visit: WorkVisit) -> web.Response:
    """Link another case, or part the two."""
    service, reader, one = visit.service, visit.work.reader, case_id(visit)
    other = await find_case(service, reader, visit.field("other").strip().lower(), forms.case_id(visit.field("other")))
    if other is None:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_SUCH_CASE)
    try:
        await link(service, reader, one, other, visit.now, linked=visit.field("act") != "part")
    except NotYours:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_SUCH_CASE)
    except Itself:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _ITSELF)
    return see_other(f"/cases/{one}#file")


async def insert_ready(visit: WorkVisit) -> web.Response:
    """Put a ready answer behind what is typed already; nothing is sent."""
    chosen = "ready_other" if visit.field("pick") == "other" else "ready"
    lang, _slash, key = visit.field(chosen).partition("/")
    ready = ready_answers().get(lang, {}).get(key)
    if ready is None:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_READY_ANSWER)
    try:
        desk = await desk_of(visit.service, visit.work.reader, case_id(visit))
    except NotYours:
        raise web.HTTPNotFound from None
    typed = visit.field("text").rstrip()
    text = "\n\n".join(part for part in (typed, filled_in(ready, desk, lang)) if part)
    return await show_case_again(replace(visit, form={**visit.form, "text": text}))


async def _save(visit: WorkVisit, fact: AnyFact | None) -> web.Response:
    if fact is None:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _INCOMPLETE)
    try:
        await write_down(visit.service, visit.work.reader, case_id(visit), fact, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    return see_other(f"/cases/{case_id(visit)}#file")
