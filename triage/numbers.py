"""Postcodes and area codes of telephone numbers in a text; knows no owner of a number and keeps none."""

import re
from collections.abc import Iterator

from triage.gazetteer import Gazetteer, Name
from triage.model import Span

_POSTCODE = re.compile(r"[1-9]\d{2} ?\d{2}(?![\d,.:-]*\d|[- ]\d)")
_TELEPHONE = re.compile(
    r"[+0](?<![\d+/].)(?:(?:(?<=\+)|(?<=0)0)46[ -]?(?:\(0\))?|(?<=0))[ -]?[1-9]\d?(?:[ /-]{0,3}\d){5,9}(?!\d)"
)
"""Patterns that begin with the letters they look for: what must stand before those is seen to afterwards, which spares
trying them at every letter of a text."""

_MARK = re.compile(r"(?<![\d+,.-])S(?:E|VERIGE)?[- ]{1,2}\Z")
_GOES_ON = re.compile(r"[\d+,.-]\Z")
_SAID = re.compile(
    r"(?:post ?n(?:umme)?r|post ?code|postal code|zip(?: ?code)?|postleitzahl|plz|c[oó]d(?:e|igo|) po[sș]tal"
    r"|kod pocztowy|индекс|الرمز البريدي|کد پستی)\W{0,4}$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    r"\W{0,2}(?:som|as|är|is)\W(?:a |the |min )?(?:post ?n(?:umme)?r|post ?code|postal code|zip)", re.I
)

_SAID_WITHIN = 24
"""Characters before a postcode that the word for it and what stands between take."""

_SHORTEST_NUMBER, _LONGEST_NUMBER = 8, 10
"""Digits of a Swedish number with its leading zero."""


def find_postcodes(text: str, gazetteer: Gazetteer) -> Iterator[tuple[Span, Name]]:
    """Postcodes that the text marks as such, or that stand before a place name: five digits alone may be money."""
    for match in _POSTCODE.finditer(text):
        before = text[max(0, match.start() - _SAID_WITHIN) : match.start()]
        marked = _MARK.search(before)
        if not marked and _GOES_ON.search(before):
            continue
        said = marked or _SAID.search(before) or _SAID_AFTER.match(text, match.end())
        if not said and not _begins_name(text[match.end() : match.end() + 40], gazetteer):
            continue
        digits = match[0].replace(" ", "")
        name = gazetteer.postcodes.get(digits[:3]) or gazetteer.postcodes.get(digits[:2])
        if name is not None:
            yield Span(match.start(), match.end()), name


def find_area_codes(text: str, gazetteer: Gazetteer) -> Iterator[tuple[Span, Name]]:
    """Fixed-line numbers by their area code; mobile numbers have none."""
    for match in _TELEPHONE.finditer(text):
        digits = "0" + re.sub(r"^(?:0046|46|0)0?", "", re.sub(r"\D", "", match[0]))
        if not _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER:
            continue
        name = next((gazetteer.area_codes[digits[:n]] for n in (4, 3, 2) if digits[:n] in gazetteer.area_codes), None)
        if name is not None:
            yield Span(match.start(), match.end()), name


def _begins_name(rest: str, gazetteer: Gazetteer) -> bool:
    word = re.match(r"[ ,]{1,2}([^\W\d_]+)", rest)
    return word is not None and word[1][0].isupper() and word[1].casefold() in gazetteer.exact
