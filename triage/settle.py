"""One label from two opinions, the rules' and the examples'; knows no word, and that a missed danger weighs most."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.learned import LONG, Evidence, Learned, Opinion, Shares
from triage.model import Doubt, Kind, Minor, Reason, Type, Urgency
from triage.rules import Verdict

EXAMPLES = "labelled examples outweigh the rules"
"""The name under which the examples stand among the rules."""

_ACUTE_FROM = 0.14
"""How likely danger must be for an alarm: one that was none is better than one that nobody was woken for."""

_NOT_NOTHING_FROM = 0.1
"""How likely danger may be at the most for a message to be no case."""

_HIGH_FROM = 0.05
"""How likely danger must be for a case to be read today."""

_CHILD_FROM = 0.25
"""How likely it must be that a child is concerned."""

_UNCLEAR_FROM = 0.6
"""How likely it must be that a text has no type where the rules found one."""

_LOW_FROM = 0.5
"""How likely it must be that a case can lie for weeks."""

_NOWHERE_FROM = 0.35
"""How likely it must be that there is no case for its place to be left open: the national desk reads it."""

_WITHOUT_A_CASE: dict[str, str] = {
    "minor": Minor.UNKNOWN.value,
    "type": Type.UNCLEAR.value,
    "urgency": Urgency.LOW.value,
}


@dataclass(frozen=True, slots=True)
class Settled:
    """The labels by table, and why; `placed` is whether a place that the text names is the case's."""

    labels: Mapping[str, str]
    reasons: tuple[Reason, ...]
    doubts: tuple[Verdict, ...]
    placed: bool


def by_rules(found: Evidence) -> Settled:
    """What the rules say."""
    reasons = tuple(_by_rule(table, verdict) for table, verdict in found.verdicts.items())
    labels = {table: verdict.label for table, verdict in found.verdicts.items()}
    return Settled(labels, reasons, tuple(found.doubts), placed=labels["kind"] != Kind.OTHER)


def by_examples_too(found: Evidence, learned: Learned, door: Kind | None) -> Settled:
    """What the examples make of what the rules found; where they say otherwise, their reason follows.

    Of a text that is longer than the examples they may raise urgency and minor, and lower neither: much that is said
    besides must not hide the one sentence that counts. What the rules would have read today stays a case.
    """
    opinion, long = learned.weigh(found), found.text.length > LONG
    ruled = {table: verdict.label for table, verdict in found.verdicts.items()}
    labels, placed = _proposed(opinion.shares, ruled, found, door)
    labels |= _graver(ruled if long else {"urgency": _least(found, Urgency(ruled["urgency"]), door).value}, labels)
    doubts = (*found.doubts, *_outweighed(found, labels))
    return Settled(labels, tuple(_reasons(opinion, labels)), doubts, placed=placed)


def _proposed(
    shares: Shares, ruled: Mapping[str, str], found: Evidence, door: Kind | None
) -> tuple[dict[str, str], bool]:
    """No case, the case that the rules saw or that of the examples; and whether a place in the text is the case's."""
    long = found.text.length > LONG
    nothing = _likeliest(shares["kind"]) == Kind.OTHER and not _is_perhaps_danger(shares)
    stays = nothing and _is_a_case(ruled, found.doubts, long=long)
    kind = at_door(_likeliest(shares["kind"], *([] if nothing and not stays else [Kind.OTHER])), door)
    if kind == Kind.OTHER:
        return _WITHOUT_A_CASE | {"kind": kind}, False
    if stays:
        return dict(ruled) | {"kind": kind}, True
    safe = any(doubt.label == Doubt.PAST_AND_SAFE for doubt in found.doubts)
    return _of_a_case(shares, ruled, safe=safe) | {"kind": kind}, long or not _is_perhaps_nothing(shares)


def _is_a_case(ruled: Mapping[str, str], doubts: Sequence[Verdict], *, long: bool) -> bool:
    """Whether the rules saw what no example may make nothing of."""
    child = ruled["minor"] == Minor.YES or any(doubt.label == Doubt.CHILD for doubt in doubts)
    pressing = child or ruled["urgency"] in (Urgency.ACUTE, Urgency.HIGH)
    return ruled["kind"] != Kind.OTHER and (pressing or long)


def _least(found: Evidence, ruled: Urgency, door: Kind | None) -> Urgency:
    """How urgent a case stays, whatever the examples say: it sinks one step, and a chosen door is looked behind."""
    if ruled is Urgency.ACUTE:
        return Urgency.HIGH
    behind = door is Kind.HELP or (door is Kind.TIP and "findable" in found.signs)
    return Urgency.NORMAL if behind or ruled is Urgency.HIGH else Urgency.LOW


def _outweighed(found: Evidence, labels: Mapping[str, str]) -> Iterator[Verdict]:
    """A child that the rules saw and the examples do not stays a doubt: the rules, being sure, left none."""
    minor = found.verdicts["minor"]
    if labels["kind"] != Kind.OTHER and minor.label == Minor.YES != labels["minor"]:
        yield Verdict(Doubt.CHILD.value, minor.rule, minor.marks)


def _reasons(opinion: Opinion, labels: Mapping[str, str]) -> Iterator[Reason]:
    for table, verdict in opinion.found.verdicts.items():
        said, ruled = f"{table}={labels[table]}", f"{table}={verdict.label}"
        yield _by_rule(table, verdict)
        if said != ruled:
            yield Reason(said, EXAMPLES, opinion.why(said, ruled))


def _graver(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Of each table of `one` whose labels have an order, which is that of the enumerations, the graver."""
    orders = {"urgency": list(map(str, Urgency)), "minor": list(map(str, Minor))}
    return {table: min(one[table], other[table], key=orders[table].index) for table in orders.keys() & one.keys()}


def at_door(label: str, door: Kind | None) -> str:
    """The door wins; but a tip may become a call for help: somebody in danger takes whichever door stands open."""
    return label if door is None or (door is Kind.TIP and label == Kind.HELP) else door.value


def _of_a_case(shares: Shares, ruled: Mapping[str, str], *, safe: bool) -> dict[str, str]:
    child = shares["minor"][Minor.YES] >= _CHILD_FROM
    return {
        "minor": Minor.YES.value if child else _likeliest(shares["minor"]),
        "type": _type(shares["type"], ruled["type"]),
        "urgency": _urgency(shares["urgency"], child=child and not safe),
    }


def _type(own: Mapping[str, float], ruled: str) -> str:
    """The likeliest; but what the rules could name is unclear only where the examples are sure of it."""
    unclear = ruled == Type.UNCLEAR or own[Type.UNCLEAR] >= _UNCLEAR_FROM
    return _likeliest(own, *([] if unclear else [Type.UNCLEAR]))


def _urgency(own: Mapping[str, float], *, child: bool) -> str:
    """The likeliest, but that danger and children raise it, and that only what is probably low is low."""
    if own[Urgency.ACUTE] >= _ACUTE_FROM:
        return Urgency.ACUTE.value
    if own[Urgency.ACUTE] >= _HIGH_FROM or child:
        return Urgency.HIGH.value
    return _likeliest(own, *([] if own[Urgency.LOW] >= _LOW_FROM else [Urgency.LOW]))


def _is_perhaps_danger(shares: Shares) -> bool:
    return shares["urgency"][Urgency.ACUTE] >= _NOT_NOTHING_FROM


def _is_perhaps_nothing(shares: Shares) -> bool:
    return shares["kind"][Kind.OTHER] >= _NOWHERE_FROM and not _is_perhaps_danger(shares)


def _likeliest(own: Mapping[str, float], *but: str) -> str:
    return max((label for label in own if label not in but), key=own.__getitem__)


def _by_rule(table: str, verdict: Verdict) -> Reason:
    return Reason(f"{table}={verdict.label}", verdict.rule, verdict.spans)
