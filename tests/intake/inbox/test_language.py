"""Which language the inbox speaks."""

import pytest

from intake.inbox.language import TAGS, preferred
from intake.pages.translations import load_languages

LANGUAGES = load_languages(TAGS)


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "sv"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("de, en;q=0.3, sv;q=0.2", "en"),
        ("de", "sv"),
        ("en;q=0", "sv"),
        ("en;q=nonsense", "sv"),
        ("*", "sv"),
        ("EN", "en"),
        (",;q=,;;", "sv"),
    ],
)
def test_the_browsers_wish_decides_and_swedish_is_the_rule(accepted: str, tag: str) -> None:
    assert preferred(accepted, LANGUAGES).tag == tag
