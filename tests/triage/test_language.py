"""Prove that the language of a message is found, with diacritics or without, in its own script or in Latin letters."""

import pytest

from triage.hits import read
from triage.language import Tongues, find_language
from triage.lexicons import Lexicons
from triage.lookup import look_up


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("jag behöver hjälp, han har tagit mitt pass", "sv"),
        ("jag behover hjalp han har tagit mitt pass", "sv"),
        ("he took my passport and i cannot leave", "en"),
        ("pomozite, uzeo mi je pasoš", "sr"),
        ("помогите, забрали паспорт", "ru"),
        ("pomogite, zabrali pasport, ne platyat", "ru"),
        ("допоможіть, забрали паспорт", "uk"),
        ("potrzebuję pomocy, zabrał mi paszport", "pl"),
        ("ช่วยด้วย", "th"),
        ("请帮帮我", "zh"),
        ("मदद करो", "hi"),
        ("🆘", "sv"),
        ("/start", "sv"),
    ],
)
def test_the_language_is_found(text: str, lang: str, lexicons: Lexicons, tongues: Tongues):
    words = read(text)
    found, spoken = find_language(words, look_up(words, lexicons), tongues, lexicons.languages)
    assert found == lang
    assert lang in spoken
