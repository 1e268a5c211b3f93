"""The browser's wish for a language is met where it can be, whatever it sends."""

import pytest

from intake.pages.translations import load_languages
from intake.web.preferred import preferred

OFFERED = list(load_languages(["sv", "sv-lattlast", "en", "th", "uk", "es", "ar"]).values())


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en-GB", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE, de;q=0.9, uk;q=0.8, en;q=0.7", "uk"),
        ("en;q=0.5, th", "th"),
        ("AR", "ar"),
        ("zh-Hant-TW", "sv"),
        ("en;q=0, th;q=0.1", "th"),
        ("*", "sv"),
        ("en;q=9, th;q=x, ;;,,", "sv"),
        ("\u0000" * 50, "sv"),
    ],
)
def test_the_wish_of_a_browser(header: str, tag: str):
    assert preferred(header, OFFERED).tag == tag


def test_the_first_language_that_is_offered_stands_in_for_none():
    assert preferred("zh", OFFERED[2:]).tag == "en"
