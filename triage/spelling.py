"""How people write a word whose letters they lack: without diacritics, or in another script; knows no meaning."""

from collections.abc import Mapping

from triage.words import folded

_DIGRAPHS = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "ü": "ue"})
_WRITES_DIGRAPHS = frozenset({"sv", "de"})

_SHARED = dict(zip("абвгдезийклмнопрстуфъыьэіїєөү", [*"abvgdeziiklmnoprstufay", "", *"eiieou"], strict=True))
_ENGLISH = _SHARED | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "й": "y",
}
_SLAVIC = _SHARED | {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sht", "ю": "ju", "я": "ja", "й": "j"}
_QUICK = _SHARED | {"ж": "j", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "u", "я": "ia", "й": "i"}
_UKRAINIAN = {"г": "h", "и": "y"}
_MONGOLIAN = {"х": "h", "ж": "j", "ө": "u", "э": "e", "ы": "ii", "й": "i"}
_TABLES: Mapping[str, tuple[dict[str, str], ...]] = {
    "ru": (_ENGLISH, _SLAVIC, _QUICK),
    "bg": (_ENGLISH, _SLAVIC, _QUICK),
    "uk": (_ENGLISH | _UKRAINIAN, _SLAVIC | _UKRAINIAN),
    "mn": (_ENGLISH | _MONGOLIAN, _ENGLISH | {"х": "h"}),
}
"""How each Cyrillic language is typed on a Latin keyboard; nobody follows one table, so there are several."""

_LATIN = {lang: [str.maketrans(table) for table in tables] for lang, tables in _TABLES.items()}

_SERBIAN_PAIRS = {"dž": "џ", "lj": "љ", "nj": "њ"}
_SERBIAN = str.maketrans("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш")


def bare_spellings(word: str, lang: str) -> frozenset[str]:
    """A word as typed on a keyboard that lacks its letters: `låst` is `last` or `laast`, `помощь` is `pomosch`."""
    found = {folded(word)}
    if lang in _WRITES_DIGRAPHS:
        found.add(folded(word.translate(_DIGRAPHS)))
    for table in _LATIN.get(lang, ()):
        found.add(word.translate(table))
    return frozenset(found - {word, ""})


def other_script(word: str, lang: str) -> str:
    """A Serbian word in Cyrillic, for the lexicon is in Latin letters; any other word as it is."""
    if lang != "sr":
        return word
    for latin, cyrillic in _SERBIAN_PAIRS.items():
        word = word.replace(latin, cyrillic)
    return word.translate(_SERBIAN)
