"""Searches what a member may read: opened in memory, the newest case first, bounded; the words are kept nowhere."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from intake.casefile.entries import from_json
from intake.model import Case, CaseId, Direction, Envelope, RecipientKind
from intake.reading import Reader, open_remarks, open_text
from intake.service import Service
from intake.store import cases, envelopes
from intake.turns import gently
from intake.vault.errors import NotForMe

MOST_CASES = 1000
MOST_HITS = 50
SHORTEST, LONGEST = 2, 200
"""Characters of what is searched for."""
_AT_A_TIME = 25
_AROUND = 60
_SPOKEN = (Direction.FROM_PERSON, Direction.FROM_DESK)
_SEARCHED = (*_SPOKEN, Direction.REMARK, Direction.FILE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A case in which all the words stand, and a piece of it around the first of them."""

    case: Case
    before: str = field(repr=False)
    found: str = field(repr=False)
    after: str = field(repr=False)


async def search(service: Service, reader: Reader, wanted: str) -> AsyncIterator[Hit]:
    """The newest cases in which all the words stand, one after another, as they are found.

    At most `MOST_CASES` are opened and `MOST_HITS` found. Nothing is written down: neither that it was searched, nor
    what for, nor an index.
    """
    words = wanted.casefold().split()
    before: Case | None = None
    hits = opened = 0
    while words and opened < MOST_CASES:
        page = await service.database.read(_page, service, reader, before)
        for case, sealed in page:
            hit = _hit(case, await _texts(reader, sealed), words)
            if hit is not None:
                yield hit
                hits += 1
            if hits == MOST_HITS:
                return
        if len(page) < _AT_A_TIME:
            return
        opened, before = opened + len(page), page[-1][0]


def _page(
    conn: Connection, service: Service, reader: Reader, before: Case | None
) -> list[tuple[Case, Sequence[Envelope]]]:
    key = service.key
    found = cases.list_newest(conn, key, sorted(reader.let_in_to), before, _AT_A_TIME)
    return [(case, _sealed(conn, service, case.id)) for case in found]


def _sealed(conn: Connection, service: Service, case_id: CaseId) -> list[Envelope]:
    stored = envelopes.of_case(conn, service.key, case_id, _SEARCHED, RecipientKind.DESK)
    return [one.envelope for one in stored]


async def _texts(reader: Reader, sealed: Sequence[Envelope]) -> list[str]:
    texts = [remark.text for remark in open_remarks(reader, _of(sealed, Direction.REMARK))]
    async for envelope in gently(sealed):
        direction = envelope.context.direction
        if direction is Direction.REMARK:
            continue
        try:
            text = open_text(reader, envelope)
        except NotForMe:
            continue
        texts += from_json(text).words if direction is Direction.FILE else [text]
    return texts


def _of(sealed: Sequence[Envelope], direction: Direction) -> list[Envelope]:
    return [envelope for envelope in sealed if envelope.context.direction is direction]


def _hit(case: Case, texts: Sequence[str], words: Sequence[str]) -> Hit | None:
    folded = [text.casefold() for text in [*texts, case.id[:5]]]
    if not all(any(word in text for text in folded) for word in words):
        return None
    shown = next((text for text in texts if words[0] in text.casefold()), "")
    # Folding may change a text's length; where it does, the piece is cut a little beside the word.
    at = shown.casefold().find(words[0])
    if at < 0:
        return Hit(case, "", case.id[:5], "")
    end = at + len(words[0])
    return Hit(case, shown[max(0, at - _AROUND) : at], shown[at:end], shown[end : end + _AROUND])
