"""One spelling for each number, handle, link and plate that triage found in a text, and its keyed hash; no row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from bridges.numbers import to_e164
from intake.vault.blind import blind_candidates
from intake.vault.service_key import Purpose, ServiceKey
from triage.model import Assessment

MOST = 40
"""Of one message: somebody who pastes a telephone directory fills no table."""

_PLATE = re.compile(r"[A-Z]{3} ?\d{2}[A-Z\d]")


class Sort(StrEnum):
    """What an identifier is. A name is shown as somebody's, and never looked up: too many bear the same."""

    PHONE = "phone"
    HANDLE = "handle"
    LINK = "link"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier: as the text has it, in the one spelling, and whether it is advertised or a third person's."""

    sort: Sort
    said: str = field(repr=False)
    spelling: str = field(repr=False)
    advertised: bool

    @property
    def can_be_found(self) -> bool:
        """Whether it is looked for in other cases."""
        return self.sort is not Sort.NAME

    def lookups(self, key: ServiceKey) -> tuple[bytes, ...]:
        """What it may lie under, the newest generation of the service key first; apart from senders' numbers."""
        return blind_candidates(
            key, Purpose.IDENTIFIER_INDEX, f"{self.sort}:{self.spelling}".encode("utf-8", "replace")
        )


def named_in(assessments: Iterable[Assessment], region: str) -> list[Named]:
    """Everything that these assessments of a case name, each once, advertised before third persons' own.

    `region` reads numbers that are written nationally.
    """
    found: dict[tuple[Sort, str], Named] = {}
    parts = list(assessments)
    for one in (*_named(parts, region, advertised=True), *_named(parts, region, advertised=False)):
        found.setdefault((one.sort, one.spelling), one)
    return list(found.values())


def _named(assessments: Iterable[Assessment], region: str, *, advertised: bool) -> Iterator[Named]:
    for assessment in assessments:
        for said in (assessment.ads if advertised else assessment.pii)[:MOST]:
            sort, spelling = _spelled(said, region)
            yield Named(sort, said, spelling, advertised)


def _spelled(said: str, region: str) -> tuple[Sort, str]:
    if said.startswith("@"):
        return Sort.HANDLE, said[1:].rstrip(".").casefold()
    if _PLATE.fullmatch(said):
        return Sort.PLATE, said.replace(" ", "")
    if (number := to_e164(said, region)) is not None:
        return Sort.PHONE, number
    if (address := _address(said)) is not None:
        return Sort.LINK, address
    return Sort.NAME, said.casefold()


def _address(said: str) -> str | None:
    """Host and the rest, without what may differ between two copies of one link; None for a site's front page."""
    try:
        parts = urlsplit(said if "://" in said else f"//{said}")
    except ValueError:
        return None
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{path}{query}" if "." in host and (path or query) else None
