"""Which language a text is in, offline; knows no meaning: only scripts, letters and the words that languages share."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from triage.hits import Find, Read

_NO_CLUE = "sv"
"""An emoji, "SOS" or "/start": what a coordinator in Sweden opens it as."""

_COGNATES = "en"
"""Whose words are looked for in a language without a lexicon: passport, visa, police, sex, hotel."""

_ENOUGH = 600
"""Characters that tell a language; more only take time."""

_LAST_MARK = "\u036f"
"""What is beyond is no Latin letter."""

_BEYOND_LATIN = re.compile("[\u0370-\U0010ffff]")
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"\S+@\S+")
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@/]\w+|[\d_]+")

_PERHAPS_NOISE = re.compile(r"[@/_\d]")
"""What a text without any of that, as most are, does not have: the pattern proper is slower."""

_SCRIPTS: Mapping[str, tuple[str, str]] = {
    "greek": ("\u0370", "\u03ff"),
    "cyrillic": ("\u0400", "\u052f"),
    "arabic": ("\u0600", "\u08ff"),
    "devanagari": ("\u0900", "\u097f"),
    "thai": ("\u0e00", "\u0e7f"),
    "ethiopic": ("\u1200", "\u139f"),
    "vietnamese": ("\u1ea0", "\u1ef9"),
    "han": ("\u3400", "\u9fff"),
}
_WRITTEN_IN: Mapping[str, frozenset[str]] = {
    "cyrillic": frozenset({"ru", "uk", "bg", "sr", "mn"}),
    "arabic": frozenset({"ar", "fa", "ur"}),
    "devanagari": frozenset({"hi"}),
    "thai": frozenset({"th"}),
    "ethiopic": frozenset({"am", "ti"}),
    "han": frozenset({"zh"}),
}
_MERGED: Mapping[str, str] = {
    **dict.fromkeys(("hr", "bs"), "sr"),
    **dict.fromkeys(("nn", "no", "da", "fo", "is"), "no"),
    **dict.fromkeys(("ary", "arz", "sdh", "ug"), "ar"),
    **dict.fromkeys(("yue", "wuu", "ja"), "zh"),
    "mr": "hi",
    "ne": "hi",
}
"""Labels of the model that are one language here, or that it gives to our languages when it errs."""

_LETTERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("uk", frozenset("іїєґ")),
    ("mn", frozenset("өү")),
    ("sr", frozenset("ђјљњћџ")),
    ("ur", frozenset("ٹڈڑےں")),
)
"""Letters that only one of our languages of a script has."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """The language model; load it once (half a second, and some eighty megabytes)."""

    model: LanguageIdentifier = field(repr=False)


def load_tongues() -> Tongues:
    """Read the model that py3langid ships.

    Raises:
        OSError: the package lies there without its model.
    """
    return Tongues(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))


def find_language(
    text: Read, finds: Sequence[Find], tongues: Tongues, known: frozenset[str]
) -> tuple[str, frozenset[str]]:
    """The dominant language, and all whose words are to be believed (code-switching, or a close call)."""
    plain = _plain(text.text)
    script = _script(plain)
    if script is None:
        return _NO_CLUE, frozenset({_NO_CLUE, "en"})
    within = _WRITTEN_IN.get(script)
    votes = _votes(text, finds, known if within is None else within, within is not None)
    best = _decided(votes, within, text.length) or _best(plain, votes, within, tongues, text.length)
    best = _spoken_here(best, votes, known, text.length)
    top = max(votes.values(), default=0)
    spoken = {lang for lang, vote in votes.items() if vote >= max(top * _NEARLY, _LEAST)}
    believed = frozenset({best} | spoken)
    return best, believed if believed & known else believed | {_COGNATES}


def _plain(text: str) -> str:
    """The beginning of a text, without links, addresses and numbers."""
    text = text[:_ENOUGH]
    if "@" in text:
        text = _ADDRESS.sub(" ", text)
    return _NOISE.sub(" ", text) if "www." in text or _PERHAPS_NOISE.search(text) else text


def _decided(votes: Mapping[str, float], within: frozenset[str] | None, length: float) -> str | None:
    """The language that needs no model: the only one of its script, or the one with by far the most votes."""
    if within is not None and len(within) == 1:
        return next(iter(within))
    *_, second, first = sorted((0.0, 0.0, *votes.values()))
    if first < max(_FEWEST, length * _SHARE, second * _AHEAD):
        return None
    return max(votes, key=votes.__getitem__)


_FEWEST, _SHARE, _AHEAD = 2.0, 0.3, 1.5
"""Votes, votes a word, and times the votes of the next one, that a language needs so that nothing else is asked."""


def _spoken_here(best: str, votes: Mapping[str, float], known: frozenset[str], length: float) -> str:
    """A language without a lexicon gives way to one whose words are in the text: transcriptions fool the model."""
    if best in known or not votes:
        return best
    voted = max(votes, key=votes.__getitem__)
    return voted if votes[voted] >= max(_LEAST, length * _ENOUGH_OF_IT) else best


_ENOUGH_OF_IT = 0.3
"""Share of the words that a language must own to be believed against the model."""

_NEARLY, _LEAST = 0.45, 1.0
"""Share of the first language's votes, and votes, that make another one spoken too."""


def _script(text: str) -> str | None:
    """The script of most letters; Vietnamese counts as Latin."""
    if _BEYOND_LATIN.search(text) is None:
        return "latin" if _LETTER.search(text) else None
    counts: Counter[str] = Counter()
    for letter, times in Counter(text).items():
        if letter.isalpha():
            counts[_script_of(letter)] += times
    if not counts:
        return None
    counts["latin"] += counts.pop("vietnamese", 0)
    if counts["han"]:
        counts["han"] *= 3
    return counts.most_common(1)[0][0]


def _script_of(letter: str) -> str:
    if letter < "\u0370":
        return "latin"
    return next((name for name, (first, last) in _SCRIPTS.items() if first <= letter <= last), "other")


def _votes(text: Read, finds: Sequence[Find], within: frozenset[str], foreign: bool) -> dict[str, float]:
    """Words of the lexicons vote for their language; one that several share votes for each a little."""
    words: dict[tuple[int, int], frozenset[str]] = {}
    phrases: set[tuple[int, int]] = set()
    for start, end, number, after, (langs, _, _) in _of_script(text.text, finds, foreign):
        span = start, end
        words[span] = langs | words[span] if span in words else langs
        if after > number + 1:
            phrases.add(span)
    weights = Counter(words.values())
    for span in phrases:
        weights[words[span]] += text.text.count(" ", *span)
    votes: dict[str, float] = defaultdict(float)
    for langs, weight in weights.items():
        voted = langs & within
        for lang in voted:
            votes[lang] += weight / len(voted)
    return {lang: votes[lang] for lang in sorted(votes)}


def _of_script(text: str, finds: Sequence[Find], foreign: bool) -> Sequence[Find]:
    """Those in Latin letters, or those that are not; nearly always that is all or none."""
    if _BEYOND_LATIN.search(text) is None:
        return () if foreign else finds
    return [find for find in finds if (text[find.start] > _LAST_MARK) is foreign]


def _best(
    plain: str, votes: Mapping[str, float], within: frozenset[str] | None, tongues: Tongues, length: float
) -> str:
    letters = set(plain.casefold())
    for lang, own in _LETTERS:
        if within is not None and lang in within and own & letters:
            return lang
    total = sum(votes.values()) + 1
    scores = Counter({lang: vote / total for lang, vote in votes.items()})
    weight = min(1.0, length / _SURE)
    for lang, probability in _ranked(plain, tongues):
        if within is None or lang in within:
            scores[lang] += weight * probability  # type: ignore[assignment]  # as above
    return scores.most_common(1)[0][0] if scores else _NO_CLUE


_SURE = 16
"""Words from which the model is as good as the votes."""


def _ranked(plain: str, tongues: Tongues) -> Iterable[tuple[str, float]]:
    merged: dict[str, float] = defaultdict(float)
    for lang, probability in tongues.model.rank(plain)[:8]:
        merged[_MERGED.get(lang, lang)] += float(probability)
    return merged.items()
