"""One person, one spelling."""

import pytest

from bridges.contract import Address, Channel
from bridges.numbers import country, normalise, to_e164

SAME = ("0701234567", "070-123 45 67", "0046701234567", "+46701234567", "+46 (0)70 123 45 67", "46701234567")
KEPT = ("SVT", "Företag1", "71120", "", "\x00", "+", "anonymous", "12345678901234567890", "++46701234567x")


@pytest.mark.parametrize("raw", SAME)
def test_a_number_has_one_spelling(raw):
    assert normalise(raw) == (Address(Channel.SMS, "+46701234567"), True)


@pytest.mark.parametrize("raw", KEPT)
def test_what_is_no_number_is_kept_as_it_came_and_cannot_be_answered(raw):
    assert normalise(raw) == (Address(Channel.SMS, raw), False)


def test_a_provider_that_leaves_the_plus_out_is_read_internationally():
    assert to_e164("447911123456", international=True) == "+447911123456"
    assert to_e164("0701234567", international=True) == "+46701234567"


def test_a_vanity_word_is_not_typed_on_a_keypad():
    assert to_e164("0800FLOWERS") is None


@pytest.mark.parametrize(("number", "region"), [("+46701234567", "SE"), ("+66812345678", "TH"), ("SVT", None)])
def test_the_country_is_known_for_caps(number, region):
    assert country(number) == region
