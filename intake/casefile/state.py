"""What a casefile says as a whole, from all its entries in order; pure, knows no row and no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from intake.casefile.entries import (
    Answered,
    Closed,
    Concern,
    Entry,
    FollowUp,
    Held,
    Link,
    Referral,
    Step,
    Transferred,
)
from intake.model import CaseId


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral with its entry, and the answer to it; None while it is awaited."""

    entry: Entry = field(repr=False)
    referral: Referral = field(repr=False)
    answer: Entry | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """How things stand. `history` is every entry, the oldest first; `locked` of them the reader cannot open."""

    steps: frozenset[str] = field(default=frozenset(), repr=False)
    concern: Entry | None = field(default=None, repr=False)
    referrals: Sequence[Referred] = field(default=(), repr=False)
    follow_up: Entry | None = field(default=None, repr=False)
    links: frozenset[CaseId] = frozenset()
    hold: Entry | None = field(default=None, repr=False)
    reference: str = field(default="", repr=False)
    closings: Sequence[Closed] = field(default=(), repr=False)
    history: Sequence[Entry] = field(default=(), repr=False)
    locked: int = 0

    @property
    def counted(self) -> int:
        """How many persons of this case the statistics hold already."""
        return sum(closing.persons for closing in self.closings)


def stand(entries: Iterable[Entry], locked: int = 0) -> CaseFile:
    """Put the entries of a casefile together."""
    history = sorted(entries, key=lambda entry: entry.at)
    file = CaseFile(history=history, locked=locked)
    for entry in history:
        file = _after(file, entry)
    return file


def _after(file: CaseFile, entry: Entry) -> CaseFile:
    match entry.fact:
        case Step(title=title, done=done):
            return replace(file, steps=file.steps | {title} if done else file.steps - {title})
        case Concern():
            return replace(file, concern=entry)
        case Referral() as referral:
            return replace(file, referrals=[*file.referrals, Referred(entry, referral)])
        case Answered():
            return replace(file, referrals=[_answered(one, entry, entry.fact) for one in file.referrals])
        case FollowUp(at=at):
            return replace(file, follow_up=None if at is None else entry)
        case Link(case=other, linked=linked):
            return replace(file, links=file.links | {other} if linked else file.links - {other})
        case Held(hold=hold):
            return replace(file, hold=None if hold is None else entry)
        case Transferred(reference=reference):
            return replace(file, reference=reference)
        case Closed() as closed:
            return replace(file, closings=[*file.closings, closed], follow_up=None)


def _answered(one: Referred, entry: Entry, answer: Answered) -> Referred:
    return replace(one, answer=entry) if one.referral.id == answer.referral else one
