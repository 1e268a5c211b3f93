"""Which mentions are places at all, and which are ordinary words, persons or papers; knows no event."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from triage.around import BEYOND_LATIN, Candidate, Read, heard, look_around
from triage.cues import PREPOSITIONS, Cue
from triage.gazetteer import Needs
from triage.mentions import Form, Mention

_NAMES_ONLY = frozenset({Needs.NOTHING, Needs.EXACT})
"""What names need that are no words besides."""

_WORDS = frozenset({Needs.CUE, Needs.NAME, Needs.TOWN})
"""What names need that are so common words that written as words they are not sure."""

_TRUSTED_LENGTH = 5
"""Letters from which a name without its diacritics is hardly another word (those that are stand in `ambiguous.csv`)."""

_UNDENIABLE_LENGTH = 7
"""Letters from which a name with a case ending is believed in whatever language the ending is."""

_SHORTEST_PLAIN = 3
"""Letters of a name that may not be more for it to count without its diacritics."""

_BESIDE = 3
"""Words between a doubtful name and the place that supports it."""


def believed(mentions: Sequence[Mention], text: Read) -> list[Candidate]:
    """The mentions that are places: sure ones, and those that a sure one beside them supports."""
    possible = [mention for mention in mentions if mention.name.needs is not Needs.NEVER]
    sure = {number: one for number, mention in enumerate(possible) if (one := _sure(mention, text)) is not None}
    places = [one.mention for one in sure.values()]
    doubted = ((number, mention) for number, mention in enumerate(possible) if number not in sure)
    supported = {number: one for number, mention in doubted if (one := _supported(mention, places, text)) is not None}
    return [one for _, one in sorted((sure | supported).items())]


def _sure(mention: Mention, text: Read) -> Candidate | None:
    """What stands around a name that is a place, whatever else the text says."""
    if (mention.name.needs in _WORDS and not mention.capital) or _is_word(mention, text):
        return None
    one = look_around(mention, text)
    return one if _is_sure(one, text) else None


def _supported(mention: Mention, sure: Sequence[Mention], text: Read) -> Candidate | None:
    """What stands around a name with a preposition, or beside or within a sure place, and in the same county."""
    related = [other for other in sure if not mention.name.counties.isdisjoint(other.name.counties)]
    if not related or not (mention.capital or text.small) or _is_word(mention, text):
        return None
    one = look_around(mention, text)
    led = one.lead is not None
    is_supported = led or (mention.capital and any(_belong_together(mention, other) for other in related))
    return one if is_supported and not _is_person(one, text) else None


def _belong_together(mention: Mention, other: Mention) -> bool:
    """Whether two names of one county stand beside each other or lie in the same municipality."""
    near = max(mention.first - other.last, other.first - mention.last) < _BESIDE
    return near or not mention.name.municipalities.isdisjoint(other.name.municipalities)


def _is_word(mention: Mention, text: Read) -> bool:
    """Whether the name is one of the commonest words of the text's languages, and not written as a name within it."""
    if mention.first in text.words.runs or (mention.capital and not _opens(mention.first, text)):
        return False
    rest = tuple(text.words.keys[mention.first + 1 : mention.last])
    said = [one for one in text.cued.begun[mention.first].phrases if one.rest == rest]
    return any(one.cue is not Cue.TOWN and not text.spoken.isdisjoint(one.langs) for one in said)


def _is_sure(one: Candidate, text: Read) -> bool:
    mention = one.mention
    if mention.form is Form.NUMBER:
        return True
    if _is_person(one, text):
        return False
    led = one.lead is not None or _is_called_town(one)
    return _SURE[mention.form](mention, led, mention.capital or text.small, text)


def _as_written(mention: Mention, led: bool, written: bool, text: Read) -> bool:
    """A name in its own spelling: sure, unless it is a word or a person's name too."""
    if mention.name.needs in _NAMES_ONLY:
        return written or led or not mention.name.foreign
    if mention.capital and mention.name.needs is not Needs.TOWN and _is_in_another_script(mention, text):
        return True
    match mention.name.needs:
        case Needs.CAPITAL:
            return mention.capital or led or (written and _stands_alone(mention, text))
        case Needs.PREPOSITION:
            return (written and led) or (written and _stands_alone(mention, text))
        case Needs.CUE:
            return mention.capital and (led or _stands_alone(mention, text))
        case Needs.NAME:
            return mention.capital and led
        case _:
            return False


def _without_diacritics(mention: Mention, led: bool, written: bool, _: Read) -> bool:
    match mention.name.needs:
        case Needs.NOTHING:
            return led or (written and len(mention.name.text) >= _TRUSTED_LENGTH)
        case Needs.PREPOSITION | Needs.CAPITAL:
            return led and len(mention.name.text) > _SHORTEST_PLAIN
        case _:
            return False


def _with_ending(mention: Mention, led: bool, written: bool, text: Read) -> bool:
    size = text.words.ends[mention.first] - text.words.starts[mention.first]
    native = bool(heard(mention, text))
    if mention.name.needs is Needs.PREPOSITION:
        return led and native
    return written if native else (led or mention.capital) and size >= _UNDENIABLE_LENGTH


_SURE: Mapping[Form, Callable[[Mention, bool, bool, Read], bool]] = {
    Form.EXACT: _as_written,
    Form.PLAIN: _without_diacritics,
    Form.INFLECTED: _with_ending,
}


def _is_person(one: Candidate, text: Read) -> bool:
    """Whether a name that people bear too stands as a person's: beside another name, or after `heter`."""
    mention, words = one.mention, text.words
    if not mention.capital:
        return False
    if mention.name.needs in _NAMES_ONLY:
        return _is_surname(one, text)
    told = Cue.PERSON in one.cues and any(
        hit.cue is Cue.PERSON and 0 <= mention.first - hit.last <= 1 for hit in one.near
    )
    if told or text.loud:
        return told or _signs(mention, text)
    before = mention.first > 0 and words.gaps[mention.first] == " " and words.is_capital(mention.first - 1)
    after = mention.last < len(words) and words.gaps[mention.last] == " " and words.is_capital(mention.last)
    return after or (before and not _follows_preposition(one)) or _signs(mention, text)


def _signs(mention: Mention, text: Read) -> bool:
    """Whether a name stands last, after the close of a letter, on its line or on the next: "Mvh Nora"."""
    words = text.words
    if mention.last < len(words) and "\n" not in words.gaps[mention.last]:
        return False
    sentence = words.sentences[mention.first]
    near = chain(text.cues[sentence - 1], text.cues[sentence])
    return any(hit.last == mention.first and hit.cue is Cue.CLOSING for hit in near)


def _is_surname(one: Candidate, text: Read) -> bool:
    """Whether a name that is nothing else follows a first name after `heter`: "she is called Linnea Kalmar"."""
    words, before = text.words, one.mention.first - 1
    if Cue.PERSON not in one.cues or before < 0 or words.gaps[before + 1] != " " or not words.is_capital(before):
        return False
    return any(hit.cue is Cue.PERSON and hit.last == before for hit in one.near)


def _follows_preposition(one: Candidate) -> bool:
    return any(hit.last == one.mention.first and hit.cue in PREPOSITIONS for hit in one.near)


def _opens(index: int, text: Read) -> bool:
    """Whether a word has its capital only for opening a sentence."""
    return index == 0 or text.words.sentences[index - 1] != text.words.sentences[index]


def _is_called_town(one: Candidate) -> bool:
    if Cue.TOWN not in one.cues:
        return False
    first, last = one.mention.first, one.mention.last
    return any(hit.cue is Cue.TOWN and (hit.first == last or hit.last == first) for hit in one.near)


def _is_in_another_script(mention: Mention, text: Read) -> bool:
    """Whether a Latin name stands between words of another script, where hardly anything else is written in Latin."""
    keys = text.words.keys
    beside = (*keys[max(0, mention.first - 1) : mention.first], *keys[mention.last : mention.last + 1])
    return keys[mention.first][0] < BEYOND_LATIN and any(key[0] >= BEYOND_LATIN for key in beside)


def _stands_alone(mention: Mention, text: Read) -> bool:
    """Whether the name is all that its clause says: a signature, a line of its own, the end of an address."""
    words = text.words
    before, after = mention.first - 1, mention.last
    clause = words.clauses[mention.first]
    opens = before < 0 or words.clauses[before] != clause
    return opens and (after >= len(words) or words.clauses[after] != clause)
