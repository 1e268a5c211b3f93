"""Where the victim is, from the place names of a text and the words around them; knows no region and no desk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain
from math import inf

from triage.around import Candidate, Read, read
from triage.believe import believed
from triage.cues import Cue, Hit, find_cues
from triage.gazetteer import Gazetteer, Name, NameKind
from triage.mentions import Mention, find_in
from triage.model import NOWHERE, Doubt, Place, Reason, Span
from triage.words import Words, cut

_REACH = 8
"""Words between a cue and the place that it speaks of, within one sentence."""

_NOT_REACH = 1
"""Words, a preposition as a rule, between a negation and the place that it denies."""

_OTHER_CLAUSE = 4
"""How much farther a cue counts as being when a comma or another place lies between."""

_LIST, _RUMOURED = 4, 2
"""So many towns alike are a route or a manner of speaking, not a place; fewer where it is hearsay."""

_MOST = 200
"""Names that are weighed; a text with more is a list, and only takes time."""

_CAPITAL = "0180"
"""Stockholm, also said for the county and the country: it gives way to any other place."""


class Standing(IntEnum):
    """What a place is to the victim: the highest that the text has decides."""

    NEVER = 0
    HOME_BEFORE = 1
    SERVICE = 2
    OTHERS = 3
    HOME = 4
    PLANNED = 5
    NUMBER = 6
    PAST = 7
    HOME_NOW = 8
    LEFT = 9
    HEADED_TO = 10
    HERE = 11
    MOVED_TO = 12
    NOW = 13


_BESIDE_THE_EVENT = frozenset({Standing.SERVICE, Standing.HOME, Standing.HOME_BEFORE})
"""What a place is to somebody else than the victim: it does not count where the event was abroad."""

_SURE = frozenset({Standing.LEFT, Standing.HEADED_TO, Standing.HERE, Standing.MOVED_TO, Standing.NOW})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A mention, what it is to the victim, and the cue that says so."""

    mention: Mention
    standing: Standing
    cue: Hit | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The answer: a place or nowhere, why, and whether to doubt it."""

    place: Place
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    doubts: frozenset[Doubt] = frozenset()


def decide_place(text: str, gazetteer: Gazetteer, lang: str | None = None, words: Words | None = None) -> Where:
    """Where the victim is, by the labelling guide: the present before the past, the event before the sender's home.

    `words` are the text's, where somebody has cut it already.
    """
    words = cut(text) if words is None else words
    mentions = find_in(text, words, gazetteer)[:_MOST]
    if not mentions:
        return Where(NOWHERE)
    reading = read(words, mentions, gazetteer.cues, lang)
    weighed = [_weigh(one, reading) for one in believed(mentions, reading)]
    counted = [one for one in weighed if one.standing is not Standing.NEVER]
    best = max((one.standing for one in counted), default=Standing.NEVER)
    top = _without_capital([one for one in counted if one.standing is best])
    if not top or _is_list(top, reading) or (best in _BESIDE_THE_EVENT and _is_abroad(reading)):
        return Where(NOWHERE, tuple(_reasons("place=none", weighed)))
    place = shared([one.mention.name for one in top], [one.mention.name for one in counted])
    return _answer(place, top)


def shared(names: Sequence[Name], others: Sequence[Name]) -> Place:
    """The narrowest area that holds all `names`; a namesake is told by what it shares with the `others`."""
    told = [_preferred(_told(name, others)) for name in names]
    narrow = [name for name in told if name.municipalities]
    kept = narrow + [name for name in told if not name.municipalities and not _holds_any(name, narrow)]
    definite = [name for name in kept if len(name.counties) == 1] or kept
    municipalities = frozenset().union(*(name.municipalities for name in definite))
    counties = frozenset().union(*(name.counties for name in definite))
    if len(counties) > 1:
        return Place(among=counties)
    (county,) = counties
    wide = any(not name.municipalities for name in definite)
    return Place(county, None if wide or len(municipalities) != 1 else next(iter(municipalities)))


def _told(name: Name, others: Sequence[Name]) -> Name:
    """A name with as few meanings as the other names of the text leave it."""
    for other in others:
        if other.text == name.text:
            continue
        common = name.municipalities & other.municipalities
        if not common and len(name.counties) > 1:
            common = frozenset(code for code in name.municipalities if code[:2] in other.counties)
        if common:
            name = name.meaning(common)
    return name


def _preferred(name: Name) -> Name:
    """A name with its usual meaning, if it has one and nothing told another."""
    usual = name.prefer in name.municipalities and len(name.municipalities) > 1
    return name.meaning(frozenset({name.prefer})) if usual else name


def _holds_any(wide: Name, narrow: Sequence[Name]) -> bool:
    return any(name.counties <= wide.counties for name in narrow)


def _without_capital(top: list[Weighed]) -> list[Weighed]:
    smaller = [one for one in top if one.mention.name.municipalities != {_CAPITAL}]
    return smaller or top


def _is_list(top: Sequence[Weighed], text: Read) -> bool:
    """Whether the places are towns told off by hearsay, or a route: many alike."""
    towns = {one.mention.name.municipalities or one.mention.name.counties for one in top}
    if len(towns) < _RUMOURED:
        return False
    sentences = {text.words.sentences[one.mention.first] for one in top}
    rumoured = any(hit.cue is Cue.HEARSAY for number in sentences for hit in text.cues[number])
    return len(towns) >= (_RUMOURED if rumoured else _LIST)


def _is_abroad(text: Read) -> bool:
    """Whether another country or one of its towns is named as where something is."""
    hits = (find_cues(text.cued, stretch, text.spoken) for stretch in text.stretches)
    return any(hit.cue is Cue.ABROAD for hit in chain.from_iterable(hits))


def _weigh(one: Candidate, text: Read) -> Weighed:
    """What the place is to the victim: the first rule that applies."""
    for rule in (_number, _told_off, _institution, _company, _moved, _home, _when):
        found = rule(one, text)
        if found is not None:
            return found
    return Weighed(one.mention, Standing.HERE)


def _number(one: Candidate, text: Read) -> Weighed | None:
    """An area code counts for an advertised number only, not for the sender's own."""
    if one.mention.name.kind is not NameKind.AREA_CODE:
        return None
    sentence = text.words.sentences[one.mention.first]
    near = [hit for number in (sentence - 1, sentence, sentence + 1) for hit in text.cues[number]]
    own = next((hit for hit in near if hit.cue is Cue.OWN_NUMBER), None)
    advert = next((hit for hit in near if hit.cue is Cue.ADVERT), None)
    return Weighed(one.mention, Standing.NUMBER if advert and not own else Standing.NEVER, own or advert)


def _told_off(one: Candidate, text: Read) -> Weighed | None:
    """Said not to be the place, or only imagined."""
    hit = _before(one, Cue.NOT, text, _NOT_REACH) or _before(one, Cue.IF, text, _REACH)
    return None if hit is None else Weighed(one.mention, Standing.NEVER, hit)


_INSTITUTIONS = {Cue.OFFICE: Standing.NEVER, Cue.SERVICE: Standing.SERVICE, Cue.OTHERS: Standing.OTHERS}


def _institution(one: Candidate, text: Read) -> Weighed | None:
    """A coordinator's office and a newspaper are nobody's place; a local service or a controller's home hardly."""
    for cue, standing in _INSTITUTIONS.items():
        hit = _before(one, cue, text, 3) or _directly_after(one, cue)
        if hit is not None:
            return Weighed(one.mention, standing, hit)
    return None


def _company(one: Candidate, text: Read) -> Weighed | None:
    """ "Malmö Flytt", "Gävle-Dala Bygg": a name that goes on with another one tells of others, if it tells anything."""
    words, kind, last = text.words, one.mention.name.kind, one.mention.last
    if kind is NameKind.LANDMARK or last >= len(words) or last in text.names or "de" in text.spoken:
        return None
    goes_on = words.is_capital(last) and words.gaps[last] in (" ", "-") and last not in words.runs
    called = any(hit.first == last for hit in one.near)
    return Weighed(one.mention, Standing.OTHERS) if goes_on and not called and not text.loud else None


def _moved(one: Candidate, text: Read) -> Weighed | None:
    """A destination counts once they have left for it; a departure until then."""
    mention, lead = one.mention, one.lead
    gone = _before(one, Cue.LEFT, text, 2)
    if lead not in (Cue.TO, Cue.FROM):
        return Weighed(mention, Standing.LEFT, gone) if gone and lead is Cue.IN else None
    hit = _nearest(one, _BY_TIME, text)
    said = hit.cue if hit else None
    if lead is Cue.FROM:
        return Weighed(mention, Standing.PAST if said is Cue.PAST else Standing.LEFT, hit)
    if said is Cue.NOW:
        return Weighed(mention, Standing.NOW, hit)
    gone = gone or _under_way(mention, text)
    if gone is not None:
        return Weighed(mention, Standing.MOVED_TO, gone)
    return Weighed(mention, Standing.NEVER if said is Cue.PLAN else Standing.HEADED_TO, hit)


def _under_way(mention: Mention, text: Read) -> Hit | None:
    """A word of this or the previous sentence that says that the journey has begun."""
    sentence = text.words.sentences[mention.first]
    near = chain(text.cues[sentence], text.cues[sentence - 1])
    return next((hit for hit in near if hit.cue is Cue.LEFT and hit.start < mention.span.start), None)


def _home(one: Candidate, text: Read) -> Weighed | None:
    """Where the sender lives: the event beats it; to a victim it is the event. Where they lived, anything beats."""
    hit = _before(one, Cue.HOME, text, 4)
    if hit is None:
        return None
    when = _nearest(one, _HOMES, text)
    return Weighed(one.mention, Standing.HOME if when is None else _HOMES[when.cue], hit)


_HOMES = {Cue.NOW: Standing.HOME_NOW, Cue.PAST: Standing.HOME_BEFORE}


def _when(one: Candidate, text: Read) -> Weighed | None:
    hit = _nearest(one, _BY_TIME, text)
    return None if hit is None else Weighed(one.mention, _BY_TIME[hit.cue], hit)


_BY_TIME = {Cue.NOW: Standing.NOW, Cue.PAST: Standing.PAST, Cue.PLAN: Standing.PLANNED}


def _before(one: Candidate, cue: Cue, text: Read, reach: int) -> Hit | None:
    """The cue that leads up to the place within its clause, at most so many words before it."""
    if cue not in one.cues:
        return None
    mention, clauses = one.mention, text.words.clauses
    for hit in reversed(one.near):
        near = hit.cue is cue and hit.start < mention.span.start and mention.first - hit.last <= reach
        if near and clauses[hit.first] == clauses[mention.first]:
            return hit
    return None


def _directly_after(one: Candidate, cue: Cue) -> Hit | None:
    if cue not in one.cues:
        return None
    return next((hit for hit in one.near if hit.cue is cue and hit.first == one.mention.last), None)


def _nearest(one: Candidate, wanted: Mapping[Cue, Standing], text: Read) -> Hit | None:
    """The nearest such cue of the sentence; before the place rather than after, in its clause rather than beyond."""
    if one.cues.isdisjoint(wanted):
        return None
    near = [(_distance(hit, one, text), hit) for hit in one.near if hit.cue in wanted]
    near = [pair for pair in near if pair[0] <= _REACH]
    return min(near, key=lambda pair: pair[0], default=(0, None))[1]


def _distance(hit: Hit, one: Candidate, text: Read) -> float:
    """Words between a cue and a place; beyond reach if it leads to another place or stands after the next `and`."""
    mention, clauses = one.mention, text.words.clauses
    if hit.last in text.names and hit.last != mention.first:
        return inf
    follows = hit.start >= mention.span.end
    first, last = (mention.last, hit.first) if follows else (hit.last, mention.first)
    joined = Cue.AND in one.cues and any(
        other.cue is Cue.AND and first <= other.first < last + follows for other in one.near
    )
    if follows and joined:
        return inf
    apart = clauses[hit.first] != clauses[mention.first]
    return max(last - first, 0) + (0.5 if follows else 0) + (_OTHER_CLAUSE if apart or joined else 0)


def _answer(place: Place, top: Sequence[Weighed]) -> Where:
    label = f"place={place.municipality or place.county or '/'.join(sorted(place.among))}"
    unsure = bool(place.among) or top[0].standing not in _SURE
    return Where(place, tuple(_reasons(label, top)), frozenset({Doubt.PLACE}) if unsure else frozenset())


def _reasons(label: str, weighed: Sequence[Weighed]) -> Iterator[Reason]:
    for one in weighed:
        cue = () if one.cue is None else (Span(one.cue.start, one.cue.end),)
        yield Reason(label, f"place.{one.standing.name.lower().replace('_', '-')}", (one.mention.span, *cue))
