"""From words to signs: negation, ages, and who is meant; knows no label and no language."""

from collections import defaultdict
from collections.abc import Sequence

from triage.ages import Age, Told, find_ages
from triage.concepts import DONE_TO_SOMEBODY, NEGATABLE, Concept
from triage.hits import Heard, Hit, Read, beside, without_parts
from triage.lexicons import Lexicons
from triage.rules import Signs

_BEFORE, _AFTER = 3, 1
"""Words of the same clause that may stand between a "not" and what it denies, before it and after it."""

_SHORT = 9
"""Words up to which a cry for help is a bare one."""

_FIRST_WORDS = 14
"""Who writes presents themselves at the beginning."""

_OWN_REACH, _CARE_REACH = 1, 4


def find_signs(heard: Heard, lexicons: Lexicons, findable: bool) -> Signs:
    """The signs of a text in the languages it is in, by name; each with its words."""
    kept = without_parts(heard.hits)
    told = list(find_ages(heard, kept, lexicons.numbers))
    signs: Signs = _not_denied(kept)
    signs |= _ages(told, signs)
    signs |= _people(signs)
    signs |= _writer(heard.text, signs)
    signs |= _done_to_me(heard.hits, kept)
    if findable or "place" in signs or "advert" in signs:
        signs["findable"] = signs.get("place", ())
    return signs


def _not_denied(hits: Sequence[Hit]) -> Signs:
    """By concept, without what a "not" beside it denies, and what is part of a word of freedom: "nobody forces her"."""
    signs: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        signs[hit.concept].append(hit)
    nots, free = signs.get(Concept.NOT, ()), signs.get(Concept.FREE, ())
    for concept in signs.keys() & NEGATABLE if nots or free else ():
        signs[concept] = [hit for hit in signs[concept] if not (_is_denied(hit, nots) or _is_held(hit, free))]
    return {concept: left for concept, left in signs.items() if left}


def _is_denied(hit: Hit, nots: Sequence[Hit]) -> bool:
    return any(
        no.clause == hit.clause
        and no.lang == hit.lang
        and (0 <= hit.first - no.last <= _BEFORE or 0 <= no.first - hit.last <= _AFTER)
        for no in beside(nots, hit, _BEFORE)
    )


def _is_held(hit: Hit, phrases: Sequence[Hit]) -> bool:
    return any(phrase.holds(hit) for phrase in beside(phrases, hit, 0))


def _ages(told: Sequence[Told], signs: Signs) -> Signs:
    """Ages; "she was 16" is a child's, unless the text speaks of long ago or the person is grown up now."""
    grown_up = "past" in signs or any(one.age is Age.ADULT for one in told)
    found: dict[str, list[Hit]] = defaultdict(list)
    for one in told:
        still = one.age is Age.WAS_CHILD and not grown_up
        found[(Age.CHILD if still else one.age).value].append(one.hit)
        if one.own:
            found["own_age"].append(one.hit)
    return dict(found)


def _people(signs: Signs) -> Signs:
    """Children in the situation: not "our children", nor those whom somebody is paid to mind."""
    mine, care = signs.get("mine", ()), signs.get("care", ())
    children = [
        hit
        for hit in signs.get("child", ())
        if not any(0 <= hit.first - one.last <= _OWN_REACH for one in beside(mine, hit, _OWN_REACH))
        and not any(beside(care, hit, _CARE_REACH))
    ]
    return {"a_child": children} if children else {}


def _done_to_me(hits: Sequence[Hit], kept: Sequence[Hit]) -> Signs:
    """The "me" inside longer phrases of what is done, or the "I" of "I have to see": but no "told me" or "help me"."""
    phrases = [hit for hit in kept if hit.concept in DONE_TO_SOMEBODY]
    forced = [hit for hit in phrases if hit.concept is Concept.FORCE]
    around = {Concept.ME: phrases, Concept.WRITER: forced}
    inner = {(hit.start, hit.end): hit for hit in hits if hit.concept in around and _is_held(hit, around[hit.concept])}
    return {"me_within": list(inner.values())} if inner else {}


def _writer(text: Read, signs: Signs) -> Signs:
    found: Signs = {}
    first = [hit for hit in signs.get("professional", ()) if hit.first <= _FIRST_WORDS]
    if first:
        found["professional_first"] = first
    if text.length <= _SHORT:
        found["short"] = ()
    return found
