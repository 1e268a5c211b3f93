"""Closing a case: a page for its outcome and what is counted of its persons, and the act itself; knows no SQL."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from intake.casefile.closing import MOST_PERSONS, AlreadyClosed, Closing, GoneOn, close
from intake.casefile.reading import read_casefile
from intake.casework import OpenCase, Unread, open_case
from intake.inbox import casefilewords
from intake.inbox.case import casefileforms as forms
from intake.inbox.case.casepages import case_id, seen_of, show_case_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.reading import NotYours
from intake.service import Service
from intake.statistics.cells import Outcome
from triage.model import Kind, Type

_UNREAD = _("The person has written again. Read it first: the case is still open.")
_GONE_ON = _("The conversation has gone on since you opened it. Read it again: the case is still open.")
_ALREADY = _("The case is closed already.")
_NO_COUNTRY = frozenset({"001", "150", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes that are no country, or all of them."""


async def show_closing(visit: WorkVisit) -> web.Response:
    """The form; what is known of the case is filled in already."""
    service, reader, case = visit.service, visit.work.reader, case_id(visit)
    try:
        # No message stands on this page: whoever sees it has read nothing.
        found = await open_case(service, reader, case, visit.now, most=1, noting=False)
        file = await read_casefile(service, reader, case)
    except NotYours:
        raise web.HTTPNotFound from None
    return visit.show(
        "closing.html",
        case=found.case,
        seen=seen_of(visit),
        counted=file.counted,
        form=visit.form or _known(service, found),
        persons=_rooms(visit, found),
        most=MOST_PERSONS,
        filewords=casefilewords,
        municipalities=sorted(service.gazetteer.municipalities.values()),
        countries=_countries(visit),
    )


async def close_case(visit: WorkVisit) -> web.Response:
    """Close the case, unless something unread would be closed with it."""
    closing = Closing(
        outcome=forms.choice(Outcome, visit.field("outcome")) or Outcome.NOT_SAID,
        kind=forms.choice(Kind, visit.field("kind")),
        type=forms.choice(Type, visit.field("type")) or Type.UNCLEAR,
        municipality=_municipality(visit.service, visit.field("municipality")),
        persons=forms.persons(visit),
        remark=forms.words(visit, "remark"),
    )
    try:
        await close(visit.service, visit.work.reader, case_id(visit), closing, visit.now, seen_of(visit))
    except NotYours:
        raise web.HTTPNotFound from None
    except Unread:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _UNREAD)
    except GoneOn:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _GONE_ON)
    except AlreadyClosed:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _ALREADY)
    return see_other("/")


def _rooms(visit: WorkVisit, found: OpenCase) -> int:
    """For how many persons the form has room: one where somebody asks for help, and one more when asked for."""
    if "persons" in visit.form:
        more = 1 if visit.field("more") else 0
        return min(forms.number_of_persons(visit) + more, MOST_PERSONS)
    return 1 if found.labels is not None and found.labels.kind is Kind.HELP else 0


def _known(service: Service, found: OpenCase) -> Mapping[str, str]:
    labels = found.labels
    if labels is None:
        return {}
    municipality = service.gazetteer.municipalities.get(labels.place.municipality or "", "")
    return {"kind": labels.kind, "type": labels.type, "municipality": municipality}


def _municipality(service: Service, typed: str) -> str | None:
    """The code of a municipality, by its name or by the code itself."""
    names = service.gazetteer.municipalities
    wanted = typed.strip().casefold()
    return next((code for code, name in names.items() if wanted in (code, name.casefold())), None)


def _countries(visit: WorkVisit) -> list[tuple[str, str]]:
    """Every country with its name in the reader's language, in that language's order as far as letters tell."""
    names = visit.language.locale.territories
    found = [(code, name) for code, name in names.items() if code.isalpha() and code not in _NO_COUNTRY]
    return sorted(found, key=lambda pair: pair[1].casefold())
