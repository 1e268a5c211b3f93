"""The numbers, handles, links and plates of a case and in how many others they are; counts, and never a search box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.casework import OpenCase
from intake.identifiers.linking import Linked, TooOften, linked
from intake.identifiers.naming import Sort
from intake.inbox.shown import plain
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.model import CaseId
from intake.reading import NotYours

_SORTS: Mapping[Sort, str] = {
    Sort.PHONE: _("Phone number"),
    Sort.HANDLE: _("Handle"),
    Sort.LINK: _("Web link"),
    Sort.PLATE: _("Number plate"),
    Sort.NAME: _("Name, or a website"),
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """One of them as the page names it, the other cases that may be opened, and how many more there are."""

    said: str = field(repr=False)
    sort: str
    advertised: bool
    cases: Sequence[CaseId]
    more: int


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """What the case names, and where else it is named, as far as this reader may know."""
    cards = list(found.cards.values())
    try:
        links = await linked(visit.service, visit.work.reader, found.case.id, cards, visit.now)
    except TooOften:
        return {"identifiers": (), "identifiers_paused": True}
    except NotYours:
        # Handed on between two reads: the page shows what was read, and nothing more of it.
        return {"identifiers": (), "identifiers_paused": False}
    return {"identifiers": [_identifier(one) for one in links], "identifiers_paused": False}


def _identifier(link: Linked) -> Identifier:
    named = link.named
    return Identifier(plain(named.said), _SORTS[named.sort], named.advertised, link.cases, link.more)
