"""What a text is about, with the words that say so; knows no sender, no desk and no history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from triage.gazetteer import Gazetteer
from triage.hits import Read, hear, read
from triage.identifiers import Identifiers, find_identifiers
from triage.language import Tongues, find_language, load_tongues
from triage.learned import Evidence, Learned, load_learned
from triage.lexicons import Lexicons, languages, load_lexicons
from triage.lookup import look_up
from triage.model import NOWHERE, Assessment, Doubt, Kind, Minor, Place, Reason, Type, Urgency
from triage.places import Where, decide_place
from triage.rules import Rule, Rules, Signs, Verdict, add_signs, decide, every, load_rules
from triage.settle import at_door, by_examples_too, by_rules
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
        """The names of Sweden: half a second."""
        return self.places or load_gazetteer()

    @cached_property
    def lexicons(self) -> Lexicons:
        """The words of all languages: two seconds."""
        return load_lexicons()

    @cached_property
    def languages(self) -> frozenset[str]:
        """Those that it has words of; known before any is read."""
        return languages()

    @cached_property
    def rules(self) -> Rules:
        """How signs become labels."""
        return load_rules()

    @cached_property
    def tongues(self) -> Tongues:
        """The model of languages: half a second."""
        return load_tongues()

    @cached_property
    def learned(self) -> Learned:
        """What labelled examples say beside the rules: a tenth of a second."""
        return load_learned()

    @property
    def is_read(self) -> bool:
        """Whether all of it lies here, so that nobody waits."""
        return vars(self).keys() >= _PARTS

    def ready(self) -> "Knowledge":
        """Read what has not been read, so that nobody's first message waits for it."""
        for part in _PARTS:
            getattr(self, part)
        return self


_PARTS = {name: None for name, part in vars(Knowledge).items() if isinstance(part, cached_property)}.keys()
"""What is read, in the order in which it stands there."""


def load_knowledge(gazetteer: Gazetteer | None = None) -> Knowledge:
    """The packaged places, words, rules and languages, none of them read yet."""
    return Knowledge(gazetteer)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the rules make of a text, with all that they had to go by."""

    evidence: Evidence
    where: Where
    lang: str
    identifiers: Identifiers = field(repr=False)


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

    A `follow_up` belongs to a case that runs: it is never `other`, and "She is 15." says of whom the case is. Of those,
    and of languages that triage has no words of, there are no examples, and a few words say too little to weigh: there
    rules alone decide.
    """
    found = gather(text, knowledge, kind=kind, chosen=chosen, lang=lang, follow_up=follow_up)
    evidence, where = found.evidence, found.where
    alone = follow_up or not evidence.signs.keys().isdisjoint(_BY_RULES_ALONE)
    settled = by_rules(evidence) if alone else by_examples_too(evidence, knowledge.learned, kind)
    doubts = tuple(Reason(f"doubt={one.label}", one.rule, one.spans) for one in settled.doubts)
    return Assessment(
        kind=Kind(settled.labels["kind"]),
        type=Type(settled.labels["type"]),
        urgency=Urgency(settled.labels["urgency"]),
        minor=Minor(settled.labels["minor"]),
        place=where.place if settled.placed or chosen != NOWHERE else NOWHERE,
        lang=found.lang,
        reasons=(*settled.reasons, *doubts, *(where.reasons if settled.placed else ())),
        ads=found.identifiers.ads,
        pii=found.identifiers.pii,
        doubts=where.doubts | {Doubt(one.label) for one in settled.doubts},
    )


def gather(
    text: str,
    knowledge: Knowledge,
    *,
    kind: Kind | None = None,
    chosen: Place = NOWHERE,
    lang: str | None = None,
    follow_up: bool = False,
) -> Gathered:
    """What the rules say of a text; as `assess`, without the examples."""
    words = read(text)
    finds = look_up(words, knowledge.lexicons)
    found, spoken = find_language(words, finds, knowledge.tongues, knowledge.languages)
    where = _where(words, knowledge, chosen, lang or found)
    heard = hear(words, finds, spoken | ({lang} if lang else set()))
    identifiers = find_identifiers(text, words, [hit for hit in heard.hits if hit.lang in spoken])
    findable = where.place != NOWHERE or bool(identifiers.ads)
    signs = find_signs(heard, knowledge.lexicons, findable)
    circumstances = {
        _UNREAD: not {found, lang or found} <= knowledge.languages,
        "located": where.place != NOWHERE,
        "follow_up": follow_up,
    }
    signs |= {name: () for name, holds in circumstances.items() if holds}
    add_signs(signs, knowledge.rules.signs)
    verdicts = _verdicts(signs, knowledge.rules, kind)
    doubts = tuple(every(knowledge.rules.doubt, signs))
    return Gathered(Evidence(words, signs, verdicts, doubts), where, lang or found, identifiers)


_UNREAD = "unread"
"""The sign that a text, or who wrote it by the page they chose, is in a language that has no lexicon."""

_BY_RULES_ALONE = frozenset({_UNREAD, "short"})


def _where(words: Read, knowledge: Knowledge, chosen: Place, lang: str) -> Where:
    if chosen != NOWHERE:
        return Where(chosen, (Reason("place=chosen", "form"),))
    return decide_place(words.text, knowledge.gazetteer, lang, words.words)


def _verdicts(signs: Signs, rules: Rules, door: Kind | None) -> dict[str, Verdict]:
    """Kind, minor, type and urgency in this order: each label is a sign for the next."""
    verdicts: dict[str, Verdict] = {}
    tables: Sequence[tuple[str, Sequence[Rule]]] = (
        ("kind", rules.kind),
        ("minor", rules.minor),
        ("type", rules.type),
        ("urgency", rules.urgency),
    )
    for name, table in tables:
        verdict = decide(table, signs) or Verdict("", "none", ())
        verdicts[name] = _at_door(verdict, door) if name == "kind" else verdict
        signs[f"{name}={verdicts[name].label}"] = ()
    return verdicts


def _at_door(verdict: Verdict, door: Kind | None) -> Verdict:
    if door is None or at_door(verdict.label, door) != door:
        return verdict
    return Verdict(door.value, "door", ())
