"""The entries of a casefile as values and as JSON; knows no key and no row.

An entry is never changed: what it says is put right by a later one. So two colleagues can write at once, and the file
tells what was known when.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec

from intake.model import CaseId, Hold, MemberId
from intake.statistics.cells import Outcome
from intake.vault.errors import Tampered


class ConcernState(StrEnum):
    """What became of the duty to report concern for a child (14 kap. socialtjänstlagen)."""

    MADE = "made"
    KNOWN = "known"
    """The social services know of the child already."""
    CANNOT = "cannot"
    """Nobody knows who the child is."""


class Basis(StrEnum):
    """Why something could be passed on to somebody else."""

    CONSENT = "consent"
    GROUND = "ground"
    """A ground in law makes consent unnecessary; which one is said beside it."""


_NO_WORDS = frozenset({"id", "referral", "case"})
"""Fields that name something instead of saying it."""


class Fact(msgspec.Struct, frozen=True, tag_field="fact", kw_only=True):
    """What one entry says. Its `repr` tells only of which sort it is."""

    @property
    def sort(self) -> str:
        """Of which sort it is, as the JSON says it too."""
        return str(self.__struct_config__.tag)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Step(Fact, frozen=True, tag="step"):
    """A step of the support process is done, or is not after all. Its title stands here as it was then."""

    title: str
    done: bool


class Concern(Fact, frozen=True, tag="concern"):
    """A report of concern for a child: whether it was made, and when that was."""

    state: ConcernState
    at: datetime
    remark: str = ""


class Referral(Fact, frozen=True, tag="referral"):
    """Somebody else was asked to help. `id` is what an answer names; `awaited`: by when they were to answer."""

    id: str
    partner: str
    basis: Basis
    ground: str = ""
    passed_on: str = ""
    awaited: date | None = None


class Answered(Fact, frozen=True, tag="answered"):
    """The one to whom it was referred has answered."""

    referral: str
    remark: str = ""


class FollowUp(Fact, frozen=True, tag="follow_up"):
    """When to look at the case again, and why; `at` None: there is no need any more."""

    at: datetime | None
    reason: str = ""


class Link(Fact, frozen=True, tag="link"):
    """Another case is about the same matter, or is not after all."""

    case: CaseId
    linked: bool = True


class Held(Fact, frozen=True, tag="held"):
    """The case may not be deleted, for this reason; `hold` None: it may again."""

    hold: Hold | None
    reason: str


class Transferred(Fact, frozen=True, tag="transferred"):
    """The matter goes on in a personal file of the authority's, under this reference."""

    reference: str


class Closed(Fact, frozen=True, tag="closed"):
    """How the case ended, and how many persons of it were counted then."""

    outcome: Outcome
    persons: int = 0
    remark: str = ""


AnyFact: TypeAlias = Step | Concern | Referral | Answered | FollowUp | Link | Held | Transferred | Closed


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, who wrote it down, and exactly when: rows keep no more than the day."""

    by: MemberId
    at: datetime
    fact: AnyFact

    @property
    def words(self) -> list[str]:
        """Whatever somebody typed into it."""
        values = msgspec.structs.asdict(self.fact)
        return [value for name, value in values.items() if type(value) is str and value and name not in _NO_WORDS]


def to_json(entry: Entry) -> str:
    """The JSON text of an entry."""
    return msgspec.json.encode(entry).decode()


def from_json(text: str) -> Entry:
    """Read what `to_json` wrote. Raises `Tampered`."""
    try:
        return msgspec.json.decode(text, type=Entry)
    except msgspec.MsgspecError:
        raise Tampered("not an entry of a casefile") from None
