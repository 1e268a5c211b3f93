"""What a text is about, with the words that say so; knows no sender, no desk and no history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from triage.gazetteer import Gazetteer
from triage.hits import Hit, Read, hear, read
from triage.identifiers import find_identifiers
from triage.language import Tongues, find_language, load_tongues
from triage.lexicons import Lexicons, load_lexicons
from triage.lookup import look_up
from triage.model import NOWHERE, Assessment, Doubt, Kind, Minor, Place, Reason, Span, Type, Urgency
from triage.places import Where, decide_place
from triage.rules import Rule, Rules, Signs, Verdict, add_signs, decide, every, load_rules
from triage.signs import find_signs
from triage.tables import load_gazetteer


@dataclass(frozen=True)
class Knowledge:
    """All that triage knows, as one value: each part is read when it is first asked for, or all at once by `ready`.

    Reading raises OSError where the package lies there without its data, ValueError where a file is damaged.
    """

    places: Gazetteer | None = field(default=None, repr=False)
    """The names, where somebody has read them already."""

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names of Sweden: a third of a second."""
        return self.places or load_gazetteer()

    @cached_property
    def lexicons(self) -> Lexicons:
        """The words of all languages: more than a second."""
        return load_lexicons()

    @cached_property
    def rules(self) -> Rules:
        """How signs become labels."""
        return load_rules()

    @cached_property
    def tongues(self) -> Tongues:
        """The model of languages: a second."""
        return load_tongues()

    def ready(self) -> "Knowledge":
        """Read what has not been read, so that nobody's first message waits for it."""
        _ = (self.gazetteer, self.lexicons, self.rules, self.tongues)
        return self


def load_knowledge(gazetteer: Gazetteer | None = None) -> Knowledge:
    """The packaged places, words, rules and languages, none of them read yet."""
    return Knowledge(gazetteer)


def assess(
    text: str,
    knowledge: Knowledge,
    *,
    kind: Kind | None = None,
    chosen: Place = NOWHERE,
    lang: str | None = None,
    follow_up: bool = False,
) -> Assessment:
    """What triage makes of a text; the door's `kind`, the `chosen` place and the person's `lang` win over it.

    A tip at the door may become a call for help: somebody in danger takes whichever door stands open. A `follow_up`
    belongs to a case that runs: it is never `other`, and "She is 15." says of whom the case is.
    """
    words = read(text)
    finds = look_up(words, knowledge.lexicons)
    found, spoken = find_language(words, finds, knowledge.tongues, knowledge.lexicons.languages)
    where = _where(words, knowledge, chosen, lang or found)
    heard = hear(words, finds, spoken | ({lang} if lang else set()))
    identifiers = find_identifiers(text, words, [hit for hit in heard.hits if hit.lang in spoken])
    findable = where.place != NOWHERE or bool(identifiers.ads)
    signs = find_signs(heard, knowledge.lexicons, findable)
    circumstances = {
        "unread": (lang or found) not in knowledge.lexicons.languages,
        "located": where.place != NOWHERE,
        "follow_up": follow_up,
    }
    signs |= {name: () for name, holds in circumstances.items() if holds}
    add_signs(signs, knowledge.rules.signs)
    labels = _labels(signs, knowledge.rules, kind)
    doubts = list(every(knowledge.rules.doubt, signs))
    other = labels["kind"].label == Kind.OTHER
    return Assessment(
        kind=Kind(labels["kind"].label),
        type=Type(labels["type"].label),
        urgency=Urgency(labels["urgency"].label),
        minor=Minor(labels["minor"].label),
        place=NOWHERE if other and chosen == NOWHERE else where.place,
        lang=lang or found,
        reasons=(*_reasons(labels), *_doubts(doubts), *(() if other else where.reasons)),
        ads=identifiers.ads,
        pii=identifiers.pii,
        doubts=where.doubts | {Doubt(verdict.label) for verdict in doubts},
    )


def _where(words: Read, knowledge: Knowledge, chosen: Place, lang: str) -> Where:
    if chosen != NOWHERE:
        return Where(chosen, (Reason("place=chosen", "form"),))
    return decide_place(words.text, knowledge.gazetteer, lang, words.words)


def _labels(signs: Signs, rules: Rules, door: Kind | None) -> dict[str, Verdict]:
    """Kind, minor, type and urgency in this order: each label is a sign for the next."""
    labels: dict[str, Verdict] = {}
    tables: Sequence[tuple[str, Sequence[Rule]]] = (
        ("kind", rules.kind),
        ("minor", rules.minor),
        ("type", rules.type),
        ("urgency", rules.urgency),
    )
    for name, table in tables:
        verdict = decide(table, signs) or Verdict("", "none", ())
        labels[name] = _at_door(verdict, door) if name == "kind" else verdict
        signs[f"{name}={labels[name].label}"] = ()
    return labels


def _at_door(verdict: Verdict, door: Kind | None) -> Verdict:
    if door is None or (door is Kind.TIP and verdict.label == Kind.HELP):
        return verdict
    return Verdict(door.value, "door", ())


def _reasons(labels: dict[str, Verdict]) -> tuple[Reason, ...]:
    return tuple(Reason(f"{name}={one.label}", one.rule, _spans(one.marks)) for name, one in labels.items())


def _doubts(doubts: Sequence[Verdict]) -> tuple[Reason, ...]:
    """A doubt may set the pace, so that it has its reason like a label."""
    return tuple(Reason(f"doubt={one.label}", one.rule, _spans(one.marks)) for one in doubts)


def _spans(marks: Sequence[Hit]) -> tuple[Span, ...]:
    return tuple(Span(*ends) for ends in sorted({(mark.start, mark.end) for mark in marks}))
