"""The list of cases with what each is about; opens cards, never a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from intake.casework.labels import labels_of
from intake.model import Card, Case, CaseId, Direction, Envelope
from intake.reading import Reader, open_cards_gently, open_corrections
from intake.service import Service
from intake.store import cases, envelopes
from intake.store.cases import After
from intake.store.wanted import EVERY, Wanted
from intake.turns import gently
from triage.model import Assessment

MOST_OPENED = 500
"""So many cases are opened at the most to fill one page of a list by labels: about a fifth of a second."""
_AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `cards` are in the order of the messages; empty where the reader cannot open any.

    `labels` is what the case is about over all of them, as a coordinator put it right; None with no card.
    """

    case: Case
    cards: Sequence[Card] = field(repr=False)
    labels: Assessment | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list; `after` begins the next one, None at the end. `looked_at` is how many cases were opened."""

    lines: Sequence[Listed]
    after: After | None
    looked_at: int = 0


async def list_cases(
    service: Service,
    reader: Reader,
    after: After | None,
    limit: int,
    *,
    closed: bool = False,
    wanted: Wanted = EVERY,
    fits: Callable[[Listed], bool] | None = None,
) -> Page:
    """A page of at most `limit` cases: the open ones with the soonest due first, or the closed ones.

    `wanted` is asked of the rows. `fits` is asked of each opened card, since labels lie sealed: at most `MOST_OPENED`
    for one page, which may then hold fewer than `limit`, and leads on.
    """
    if fits is None:
        return await _page(service, reader, after, limit, closed, wanted)
    lines: list[Listed] = []
    looked_at = 0
    while looked_at < MOST_OPENED:
        page = await _page(service, reader, after, _AT_A_TIME, closed, wanted)
        for line in page.lines:
            looked_at += 1
            lines += [line] if fits(line) else []
            if len(lines) == limit:
                return Page(lines, After(line.case.due_at, line.case.id), looked_at)
        after = page.after
        if after is None:
            break
    return Page(lines, after, looked_at)


async def _page(
    service: Service, reader: Reader, after: After | None, limit: int, closed: bool, wanted: Wanted
) -> Page:
    found, cards = await service.database.read(_list, service, reader, after, limit + 1, closed, wanted)
    lines = [await _line(reader, case, cards.get(case.id, ())) async for case in gently(found[:limit])]
    last = lines[-1].case if len(found) > limit else None
    return Page(lines, After(last.due_at, last.id) if last else None, len(lines))


def _list(
    conn: Connection,
    service: Service,
    reader: Reader,
    after: After | None,
    limit: int,
    closed: bool,
    wanted: Wanted,
) -> tuple[list[Case], dict[CaseId, list[Envelope]]]:
    verb = cases.list_closed if closed else cases.list_open
    found = verb(conn, service.key, sorted(reader.let_in_to), after, limit, wanted)
    stored = envelopes.cards_of(conn, service.key, [case.id for case in found])
    return found, {case_id: [one.envelope for one in cards] for case_id, cards in stored.items()}


async def _line(reader: Reader, case: Case, sealed: Sequence[Envelope]) -> Listed:
    corrections = [one for one in sealed if one.context.direction is Direction.CORRECTION]
    cards = await open_cards_gently(reader, [one for one in sealed if one.context.direction is Direction.CARD])
    labels = labels_of(cards, open_corrections(reader, corrections).get(case.id))
    return Listed(case, list(cards.values()), labels)
