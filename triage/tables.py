"""Reading the packaged tables of `data/` into a `Gazetteer`; the only file here that reads files of places."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from triage.cues import load_cues
from triage.gazetteer import LEFT, Choice, Gazetteer, Index, Name, NameKind, Needs
from triage.lasting import lasting
from triage.model import Place
from triage.starts import starts_of
from triage.words import folded, is_unspaced, key_of, keys_of

_KINDS: Mapping[str, NameKind] = {
    "tatort": NameKind.LOCALITY,
    "postort": NameKind.LOCALITY,
    "locality": NameKind.LOCALITY,
    "district": NameKind.DISTRICT,
    "landmark": NameKind.LANDMARK,
    "airport": NameKind.LANDMARK,
    "port": NameKind.LANDMARK,
    "border": NameKind.LANDMARK,
}

_RANK = (NameKind.MUNICIPALITY, NameKind.COUNTY, NameKind.PROVINCE)
"""Which meaning of a name wins over its namesakes; places below these keep all their meanings."""

_DIGRAPHS = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe"})

_SHORTEST_STEM = 5
"""Letters that a name has at least to be looked for with its last vowel changed by a case ending."""

_LETTERS = 2
"""Letters that few names in scripts without spaces are shorter than."""

Key = tuple[str, ...]
Row = Mapping[str, str]


def load_gazetteer() -> Gazetteer:
    """Read the packaged tables: half a second, so once a process.

    Raises:
        OSError: the package lies there without its data.
    """
    with lasting():
        return _indexed()


def _indexed() -> Gazetteer:
    counties = {row["code"]: row["name"] for row in _rows("counties")}
    municipalities = {row["code"]: row["name"] for row in _rows("municipalities")}
    ambiguous = {keys_of(row["name"]): row for row in _rows("ambiguous")}
    names = _merged(_named(), ambiguous)
    spaced = {key: name for key, name in names.items() if not is_unspaced(name.text)}
    bare, stems = _plain(spaced, ambiguous), _stems(spaced)
    exact, plain = _index(spaced), _index(bare)
    return Gazetteer(
        counties=counties,
        municipalities=municipalities,
        exact=exact,
        plain=plain,
        unspaced=starts_of({key[0]: name for key, name in names.items() if key not in spaced}, _LETTERS),
        stems=stems,
        single=frozenset(folded(key[0]) for key in (*spaced, *bare) if len(key) == 1),
        longer=_longer((*spaced, *bare)),
        bending=_bending(spaced, bare, stems),
        postcodes={row["prefix"]: _coded(NameKind.POSTCODE, row["prefix"], row) for row in _rows("postcodes")},
        area_codes={row["code"]: _coded(NameKind.AREA_CODE, row["code"], row) for row in _rows("area_codes")},
        choices=tuple(_choices(counties, municipalities)),
        cues=load_cues(),
    )


def _rows(table: str) -> list[Row]:
    path = resources.files("triage") / "data" / f"{table}.csv"
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def _named() -> Iterator[Name]:
    """Every name of every table, one meaning each."""
    for row in _rows("municipalities"):
        yield _name(row["name"], NameKind.MUNICIPALITY, row["code"])
    for row in _rows("counties"):
        for text in (row["name"], row["short"], row["english"]):
            yield _name(text, NameKind.COUNTY, row["code"])
    areas = {row["name"]: row["counties"] for row in _rows("areas")}
    for area, codes in areas.items():
        yield _name(area, NameKind.PROVINCE, codes)
    for row in _rows("places"):
        yield _name(row["name"], _KINDS[row["kind"]], row["municipality"])
    for row in _rows("names"):
        target = areas.get(row["target"], row["target"])
        kind = NameKind.MUNICIPALITY if len(target) == 4 else NameKind.COUNTY if len(target) == 2 else NameKind.PROVINCE
        yield _name(row["name"], kind, target, foreign=True)


def _name(text: str, kind: NameKind, codes: str, foreign: bool = False) -> Name:
    municipalities, counties = _meant(codes)
    return Name(text, kind, municipalities, counties, foreign=foreign)


@cache
def _meant(codes: str) -> tuple[frozenset[str], frozenset[str]]:
    """Municipalities and counties; one set for all names of a place: there are fifty times as many names."""
    found = codes.split()
    return frozenset(code for code in found if len(code) == 4), frozenset(code[:2] for code in found)


def _coded(kind: NameKind, text: str, row: Mapping[str, str]) -> Name:
    """A postcode's beginning or an area code; the county stands also where the municipality is open."""
    codes = row.get("municipality") or row.get("municipalities") or ""
    counties = row.get("county") or row.get("counties") or ""
    return _name(text, kind, codes or counties)


def _merged(names: Iterable[Name], ambiguous: Mapping[Key, Row]) -> dict[Key, Name]:
    """One name a key: the highest rank wins, namesakes are kept together, `ambiguous.csv` has the last word."""
    groups: dict[Key, list[Name]] = defaultdict(list)
    for name in names:
        groups[keys_of(name.text)].append(name)
    merged = {key: group[0] if len(group) == 1 else _one_of(group) for key, group in groups.items()}
    for key in merged.keys() & ambiguous.keys():
        row, name = ambiguous[key], merged[key]
        merged[key] = replace(name, needs=Needs(row["needs"]), prefer=row["prefer"])
    return merged


def _one_of(group: Sequence[Name]) -> Name:
    own = [name for name in group if not name.foreign] or list(group)
    for kind in _RANK:
        ranked = [name for name in own if name.kind is kind]
        if ranked:
            own = ranked[:1]
    return replace(
        own[0],
        municipalities=frozenset().union(*(name.municipalities for name in own)),
        counties=frozenset().union(*(name.counties for name in own)),
    )


def _index(names: Mapping[Key, Name]) -> Index:
    found: dict[str, list[tuple[Key, Name]]] = defaultdict(list)
    for key, name in names.items():
        found[key[0]].append((key[1:], name))
    return {first: tuple(sorted(rest, key=lambda pair: -len(pair[0]))) for first, rest in found.items()}


def _longer(names: Iterable[Key]) -> Mapping[str, frozenset[str]]:
    """First word, without diacritics, of names of several words -> the second ones."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in names:
        if len(key) > 1:
            found[folded(key[0])].add(key[1])
    return {first: frozenset(seconds) for first, seconds in found.items()}


def _plain(names: Mapping[Key, Name], ambiguous: Mapping[Key, Row]) -> dict[Key, Name]:
    """Names as typed without å, ä and ö; one that then reads as two others is left open between them."""
    plain: dict[Key, Name] = {}
    for key, name in names.items():
        if not any("ß" <= letter <= "ɏ" for word in key for letter in word):
            continue
        for form in {tuple(map(folded, key)), tuple(folded(word.translate(_DIGRAPHS)) for word in key)} - {key}:
            other = plain.get(form)
            read = name if other is None else _one_of([other, name])
            plain[form] = replace(read, needs=Needs(ambiguous[form]["needs"])) if form in ambiguous else read
    return plain


def _stems(names: Mapping[Key, Name]) -> dict[str, Name]:
    """Names of one word that end in a vowel, without it: `uppsal` finds `Uppsali`, `Uppsalassa`, `Уппсале`."""
    single = {key[0]: name for key, name in names.items() if len(key) == 1 and not name.needs}
    return {
        word[:-1]: name for word, name in single.items() if len(word) >= _SHORTEST_STEM and folded(word)[-1] in "aeоаеё"
    }


def _bending(exact: Iterable[Key], plain: Iterable[Key], stems: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By the first letters of every name: those of one word and their stems, without diacritics.

    Of other spellings those that begin alike.
    """
    single = {folded(key[0]) for key in exact if len(key) == 1 and len(key[0]) >= LEFT}
    begun = {word[:LEFT] for word in single}
    respelt = {key[0] for key in plain if len(key) == 1 and key[0][:LEFT] in begun}
    found: dict[str, list[str]] = {folded(key[0])[:LEFT]: [] for key in (*exact, *plain)}
    for word in single | respelt | set(map(folded, stems)):
        found.setdefault(word[:LEFT], []).append(word)
    return {opening: tuple(words) for opening, words in found.items()}


def _choices(counties: Mapping[str, str], municipalities: Mapping[str, str]) -> Iterator[tuple[str, Choice]]:
    """What the search field offers, in its order: counties, municipalities, then all other places."""
    for code, name in sorted(counties.items(), key=lambda pair: pair[1]):
        yield _choice(name, name, NameKind.COUNTY, Place(code))
    for code, name in sorted(municipalities.items(), key=lambda pair: pair[1]):
        yield _choice(name, name, NameKind.MUNICIPALITY, Place(code[:2], code))
    known = {(name, code) for code, name in municipalities.items()}
    for row in _rows("places"):
        code = row["municipality"]
        if (row["name"], code) not in known:
            label = f"{row['name']}, {municipalities[code]}"
            yield _choice(row["name"], label, _KINDS[row["kind"]], Place(code[:2], code))


def _choice(name: str, label: str, kind: NameKind, place: Place) -> tuple[str, Choice]:
    return folded(key_of(name)), Choice(label, kind, place)
