"""Identifiers: one spelling each, and what is nobody's but a name's or a site's is looked up nowhere."""

from dataclasses import replace

import pytest

from intake.identifiers.keeping import to_keep
from intake.identifiers.naming import MOST, Sort, named_in
from intake.vault.service_key import Purpose, ServiceKey
from tests.service import KNOWLEDGE, make_config
from triage.assess import assess

BLANK = replace(assess("Hej", KNOWLEDGE), ads=(), pii=())


def test_every_spelling_of_a_thing_is_one():
    for sort, value, spellings in (
        (Sort.PHONE, "+46701234567", ("070-123 45 67", "+46 70 123 45 67", "0046701234567", "(070) 1234567")),
        (Sort.HANDLE, "mia.rose", ("@Mia.Rose", "@mia.rose.")),
        (Sort.PLATE, "ABC12D", ("ABC 12D", "ABC12D")),
        (Sort.LINK, "ads.example/mia?id=7", ("https://www.ads.example/mia/?id=7#top", "ads.example/mia?id=7")),
    ):
        for said in spellings:
            (named,) = named_in([replace(BLANK, ads=(said,))], "SE")
            assert (named.sort, named.spelling) == (sort, value), said


@pytest.mark.parametrize("said", ["Mia", "example.com", "https://www.example.com/", "http://[", "12", "@"])
def test_a_name_a_front_page_and_what_is_nothing_is_not_looked_up(said: str):
    (named,) = named_in([replace(BLANK, pii=(said,))], "SE")
    assert not named.can_be_found or named.sort is Sort.HANDLE


def test_what_is_advertised_anywhere_counts_as_advertised():
    parts = [replace(BLANK, pii=("070-1234567",)), replace(BLANK, ads=("+46701234567",))]
    assert [one.advertised for one in named_in(parts, "SE")] == [True]


def test_what_is_kept_is_hashes_under_a_key_of_their_own_and_nothing_where_nothing_is_named():
    class Here:
        config, key = make_config(), ServiceKey.generate()

    assert to_keep(Here, BLANK) == ()
    kept = to_keep(Here, replace(BLANK, ads=("@mia",), pii=("Mia", "070-1234567")))
    assert [one.advertised for one in kept] == [True, False]
    assert all(len(one.lookup) == 32 for one in kept)
    assert Purpose.IDENTIFIER_INDEX is not Purpose.PHONE_INDEX


def test_a_telephone_directory_fills_no_table():
    many = tuple(f"070-{number:07}" for number in range(1_000_000, 1_000_500))
    assert len(named_in([replace(BLANK, pii=many)], "SE")) == MOST


def test_the_kept_hash_is_found_after_the_key_was_rotated():
    key = ServiceKey.generate()
    (named,) = named_in([replace(BLANK, ads=("@mia",))], "SE")
    assert named.lookups(key)[0] in named.lookups(key.rotate())
