"""The forms by which a coordinator plans to ask a person how they are, or gives it up; sees no address."""

from http import HTTPStatus

from aiohttp import web

from intake.inbox.case import casefileforms as forms
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.case.panels.checkin import REFUSALS
from intake.inbox.visit import WorkVisit, see_other
from intake.reaching.checkin import Refusal, Refused, Wording, give_up, plan
from intake.reading import NotYours


async def plan_one(visit: WorkVisit) -> web.Response:
    """Ask the person on a day, at an hour, in words that tell nothing."""
    wording = forms.choice(Wording, visit.field("ask_words"))
    at = forms.moment(visit.field("ask_day"), visit.field("ask_hour"))
    if wording is None or at is None:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, REFUSALS[Refusal.DAY])
    try:
        await plan(visit.service, visit.work.reader, case_id(visit), wording, at, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except Refused as refused:
        return await show_case_again(visit, HTTPStatus.CONFLICT, REFUSALS[refused.why])
    return see_other(f"/cases/{case_id(visit)}#reach")


async def give_it_up(visit: WorkVisit) -> web.Response:
    """Do not ask after all."""
    try:
        await give_up(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    return see_other(f"/cases/{case_id(visit)}#reach")
