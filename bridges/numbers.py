"""Phone numbers as one spelling each, so that 070…, 0046… and +46… are one person; keeps and shows none."""

import re

import phonenumbers

from bridges.contract import Address, Channel

_LETTER = re.compile(r"[^\W\d_]")
_SHORTEST = 7


def normalise(raw: str, region: str = "SE", *, international: bool = False) -> tuple[Address, bool]:
    """The sender as an address, and whether an answer can reach it.

    `region` reads numbers written nationally; `international` says that the provider leaves the plus sign out. A name,
    a short code and what is no number at all are kept exactly as they came, and cannot be answered.
    """
    number = to_e164(raw, region, international=international)
    return Address(Channel.SMS, number or raw), number is not None


def to_e164(raw: str, region: str = "SE", *, international: bool = False) -> str | None:
    """`raw` as +46701234567, or None where it is no phone number. Possible is enough: new ranges are not yet known."""
    # Letters first: the library would read FLOWERS as a number typed on a keypad.
    if _LETTER.search(raw) or sum(c.isdigit() for c in raw) < _SHORTEST:
        return None
    bare = raw.strip()
    if international and not bare.startswith(("+", "0")):
        bare = f"+{bare}"
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country(number: str) -> str | None:
    """The two-letter region of an E.164 number, for caps against toll fraud; None where it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
