"""Which mentions are places at all, and which are ordinary words, persons or papers; knows no event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from triage.cues import PREPOSITIONS, Cue, Hit
from triage.gazetteer import Needs
from triage.mentions import Form, Mention
from triage.words import Word

_BETWEEN = 2
"""Words that may stand between a preposition and its name: `i centrala Malmö`, `in the town of Lund`."""

_TRUSTED_LENGTH = 6
"""Letters from which a name without its diacritics is hardly another word."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text cut into words, with its cues by sentence; `small` where the writer uses hardly any capital letter."""

    words: Sequence[Word] = field(repr=False)
    cues: Mapping[int, Sequence[Hit]] = field(repr=False)
    after: Mapping[str, Cue] = field(repr=False)
    small: bool


def read(words: Sequence[Word], hits: Sequence[Hit], after: Mapping[str, Cue]) -> Read:
    """Group the cues of a text by sentence and see how its writer uses capital letters."""
    cues: dict[int, list[Hit]] = {}
    for hit in hits:
        if hit.cue is not Cue.COMMON:
            cues.setdefault(words[hit.first].sentence, []).append(hit)
    inner = [word for before, word in pairwise(words) if before.sentence == word.sentence]
    return Read(words, cues, after, small=not any(word.capital for word in inner))


def preposition(mention: Mention, text: Read) -> Cue | None:
    """What the preposition, postposition or case ending of a name says, if it has any."""
    if mention.joined is not None:
        return mention.joined
    words, first = text.words, mention.first
    best: Hit | None = None
    for hit in text.cues.get(words[first].sentence, ()):
        if hit.cue in PREPOSITIONS and _leads_to(hit, mention, words) and (best is None or hit.end >= best.end):
            best = hit
    if best is not None:
        return best.cue
    return text.after.get(words[mention.last].key) if mention.last < len(words) else None


def believed(mentions: Sequence[Mention], text: Read) -> list[Mention]:
    """The mentions that are places: sure ones first, then those that a sure one in the same county supports."""
    sure = [mention for mention in mentions if _is_sure(mention, text)]
    counties = {county for mention in sure for county in mention.name.counties}
    return [mention for mention in mentions if mention in sure or _is_supported(mention, counties, text)]


def _leads_to(hit: Hit, mention: Mention, words: Sequence[Word]) -> bool:
    if words[mention.first].unspaced:
        return 0 <= mention.span.start - hit.end <= _BETWEEN
    between = words[hit.last : mention.first]
    if not 0 <= mention.first - hit.last <= _BETWEEN or hit.last > mention.first:
        return False
    same_clause = words[hit.first].clause == words[mention.first].clause
    return same_clause and not any(word.capital or word.unspaced for word in between)


def _is_sure(mention: Mention, text: Read) -> bool:
    needs, name = mention.name.needs, mention.name
    if needs in (Needs.NEVER, Needs.TOWN) or _is_person(mention, text):
        return False
    if mention.form is Form.NUMBER:
        return True
    led = preposition(mention, text) is not None or _is_called_town(mention, text)
    written = mention.capital or text.small
    if mention.form is Form.PLAIN:
        return needs is Needs.NOTHING and (led or (written and len(name.text) >= _TRUSTED_LENGTH))
    if needs in (Needs.NOTHING, Needs.EXACT):
        return written or led or not (name.foreign or mention.form is Form.INFLECTED)
    if needs is Needs.CAPITAL:
        return mention.capital or led
    if needs is Needs.PREPOSITION:
        return written and (led or (mention.capital and _stands_alone(mention, text)))
    return mention.capital and led


def _is_supported(mention: Mention, counties: set[str], text: Read) -> bool:
    """Whether a place in the same county stands in the text too, so that a doubtful name is one."""
    if mention.name.needs is Needs.NEVER or _is_person(mention, text) or counties.isdisjoint(mention.name.counties):
        return False
    return mention.capital or preposition(mention, text) is not None


def _is_person(mention: Mention, text: Read) -> bool:
    """Whether a name that people bear too stands as a person's: beside another name, or after `heter`."""
    words, needs = text.words, mention.name.needs
    if needs in (Needs.NOTHING, Needs.EXACT) or not mention.capital:
        return False
    before = words[mention.first - 1] if mention.first else None
    after = words[mention.last] if mention.last < len(words) else None
    told = any(
        hit.cue is Cue.PERSON and 0 <= mention.first - hit.last <= 1
        for hit in text.cues.get(words[mention.first].sentence, ())
    )
    follows = before is not None and before.capital and words[mention.first].gap == " " and not _opens(before, text)
    return told or follows or (after is not None and after.capital and after.gap == " ")


def _opens(word: Word, text: Read) -> bool:
    """Whether a word has its capital only for opening a sentence."""
    index = text.words.index(word)
    return index == 0 or text.words[index - 1].sentence != word.sentence


def _is_called_town(mention: Mention, text: Read) -> bool:
    return any(
        hit.cue is Cue.TOWN and (hit.first == mention.last or hit.last == mention.first)
        for hit in text.cues.get(text.words[mention.first].sentence, ())
    )


def _stands_alone(mention: Mention, text: Read) -> bool:
    """Whether the name is all that its clause says: a signature, a line of its own, the end of an address."""
    words = text.words
    before, after = mention.first - 1, mention.last
    clause = words[mention.first].clause
    opens = before < 0 or words[before].clause != clause
    return opens and (after >= len(words) or words[after].clause != clause)
