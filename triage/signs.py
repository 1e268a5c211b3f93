"""From words to signs: negation, ages, and who is meant; knows no label and no language."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from triage.ages import Age, Told, find_ages
from triage.concepts import NEGATABLE, Concept
from triage.hits import Hit, Read, without_parts
from triage.lexicons import Lexicons
from triage.rules import Signs

_BEFORE, _AFTER = 3, 1
"""Words of the same clause that may stand between a "not" and what it denies, before it and after it."""

_SHORT = 9
"""Words up to which a cry for help is a bare one."""

_FIRST_WORDS = 14
"""Who writes presents themselves at the beginning."""

_OWN_REACH, _CARE_REACH = 1, 4


def find_signs(text: Read, hits: Sequence[Hit], spoken: frozenset[str], lexicons: Lexicons, findable: bool) -> Signs:
    """The signs of a text in the languages it is in, by name; each with its words."""
    kept = without_parts([hit for hit in hits if hit.lang in spoken])
    told = list(find_ages(text, kept, lexicons.numbers))
    grouped: dict[str, list[Hit]] = defaultdict(list)
    for hit in _not_denied(kept):
        grouped[hit.concept.value].append(hit)
    signs: Signs = {name: tuple(marks) for name, marks in grouped.items()}
    signs |= _ages(told)
    signs |= _people(signs)
    signs |= _writer(text, signs, spoken, lexicons)
    if findable or "place" in signs or "advert" in signs:
        signs["findable"] = signs.get("place", ())
    return signs


def _not_denied(hits: Sequence[Hit]) -> Iterable[Hit]:
    nots = [hit for hit in hits if hit.concept is Concept.NOT]
    return (hit for hit in hits if hit.concept not in NEGATABLE or not any(_denies(no, hit) for no in nots))


def _denies(no: Hit, hit: Hit) -> bool:
    if no.clause != hit.clause or no.lang != hit.lang or no.span == hit.span:
        return False
    return 0 <= hit.first - no.last <= _BEFORE or 0 <= no.first - hit.last <= _AFTER


def _ages(told: Sequence[Told]) -> Signs:
    signs: Signs = {}
    for age in Age:
        marks = tuple(one.hit for one in told if one.age is age)
        if marks:
            signs[age.value] = marks
    own = tuple(one.hit for one in told if one.own)
    if own:
        signs["own_age"] = own
    if "age_adult" in signs:
        signs["victim_age"] = signs["age_adult"]
    return signs


def _people(signs: Signs) -> Signs:
    """Children in the situation: not "our children", nor those whom somebody is paid to mind."""
    mine, care = signs.get("mine", ()), signs.get("care", ())
    children = tuple(
        hit
        for hit in signs.get("child", ())
        if not any(0 <= hit.first - one.last <= _OWN_REACH for one in mine)
        and not any(hit.distance(one) <= _CARE_REACH for one in care)
    )
    return {"a_child": children} if children else {}


def _writer(text: Read, signs: Signs, spoken: frozenset[str], lexicons: Lexicons) -> Signs:
    found: Signs = {}
    first = tuple(hit for hit in signs.get("professional", ()) if hit.first <= _FIRST_WORDS)
    if first:
        found["professional_first"] = first
    if text.length <= _SHORT:
        found["short"] = ()
    if not spoken & lexicons.languages:
        found["unread"] = ()
    return found
