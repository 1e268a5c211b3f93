"""Prove which identifiers are found in a text and which count as advertised; all numbers are reserved for fiction."""

import pytest

from triage.hits import hear, read
from triage.identifiers import Identifiers, find_identifiers
from triage.lexicons import Lexicons
from triage.lookup import look_up


@pytest.mark.parametrize(
    ("text", "ads", "pii"),
    [
        ("Annonsen har nummer 070-174 06 11", ("070-174 06 11",), ()),
        ("Ring mig på 070-174 06 11", (), ("070-174 06 11",)),
        ("the ad says +46 70 174 06 61", ("+46 70 174 06 61",), ()),
        ("fråga @sweet_example", ("@sweet_example",), ()),
        ("se https://lista.example/annons/88.", ("https://lista.example/annons/88",), ()),
        ("vit bil RKM 21C utanför", (), ("RKM 21C",)),
        ("1500 kr i timmen, 12-13 år, kl 22", (), ()),
    ],
)
def test_identifiers_are_found_verbatim(text: str, ads: tuple[str, ...], pii: tuple[str, ...], lexicons: Lexicons):
    words = read(text)
    hits = hear(words, look_up(words, lexicons), frozenset({"sv", "en"})).hits
    assert find_identifiers(text, words, hits) == Identifiers(ads, pii)


def test_identifiers_are_not_shown():
    assert "070" not in repr(Identifiers(("070-174 06 11",), ("Anna",)))
