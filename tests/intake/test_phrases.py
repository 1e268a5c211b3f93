"""What is said on phones: whole in every language, short enough, neutral; its words recognised however typed."""

from importlib import resources

import pytest

from bridges.segments import Encoding, segments
from intake.phrases import Word, load_phrases
from intake.reaching.checkin import Wording

LANGUAGES = ("sv", "en", "th", "ro", "uk", "es", "ar")
PHRASES = load_phrases(LANGUAGES)
REVIEWED = ("sv", "en")
BETRAYING = (
    "ärende",
    "tips",
    "stöd",
    "koordinator",
    "polis",
    "case",
    "report",
    "support",
    "coordinator",
    "police",
    "http",
)


def blanks(text: str) -> set[str]:
    return {name for name in ("hours", "code", "address", "count") if f"{{{name}}}" in text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_blanks(language: str):
    own, english = PHRASES.texts[language], PHRASES.texts["en"]
    assert own.keys() == english.keys()
    # The shortest form of `received` has no room for the hours.
    assert {n: blanks(t) for n, t in own.items()} | {"received": {"hours"}} == {
        n: blanks(t) for n, t in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_one_answer_to_an_sms_is_one_sms_and_names_112(language: str):
    text = PHRASES.say("received", language, hours="8-16")
    assert segments(text).parts == 1
    assert "112" in text
    assert not [word for word in BETRAYING if word in text.lower()]


def test_the_one_answer_is_word_for_word_what_was_agreed():
    assert PHRASES.say("received", "sv", hours="8-16") == (
        "Hej! Meddelandet kom fram. Vi läser vardagar 8-16. Bråttom? Ring 112, de tar inte emot sms. "
        "Får vi svara på det här numret? Skriv JA eller STOPP."
    )
    assert PHRASES.say("received", "en", hours="8-16") == (
        "Hi! Your message arrived. We read weekdays 8-16. Urgent? Call 112, they do not take texts. "
        "May we reply to this number? Text YES or STOP."
    )


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - set(REVIEWED)))
def test_in_seventy_characters_112_comes_first(language: str):
    text = PHRASES.say("received", language, hours="8-16")
    words = [PHRASES.word(word) for word in text.replace("?", " ").replace("/", " ").split()]
    assert text.index("112") < 25
    assert Word.STOP in words
    assert not PHRASES.reviewed[language]
    assert segments(text).encoding is Encoding.GSM7 or len(text.encode("utf-16-le")) <= 140


@pytest.mark.parametrize("name", ["waits", *Wording])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_unasked_tells_nothing_of_what_it_is_about(language: str, name: str):
    text = PHRASES.say(name, language).lower()
    assert segments(text).parts == 1
    assert not [word for word in BETRAYING if word in text]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("STOPP", Word.STOP),
        (" stopp! ", Word.STOP),
        ("Stop.", Word.STOP),
        ("СТОП", Word.STOP),
        ("توقف", Word.STOP),
        ("หยุด", Word.STOP),
        ("Ja", Word.YES),
        ("ja!", Word.YES),
        ("ТАК", Word.YES),
        ("S\u0130", None),
        ("SÍ", Word.YES),
        ("kod", Word.CODE),
        ("ALLT", Word.ALL),
        ("ＳＴＯＰ", Word.STOP),
        ("stoppa honom", None),
        ("ja tack", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_a_word_is_known_in_every_language_however_it_is_typed(typed: str, word: Word | None):
    assert PHRASES.word(typed) is word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_own_words(language: str):
    own = load_phrases([language])
    assert set(own.words.values()) == set(Word)


def test_a_language_without_texts_is_answered_by_its_sister_or_in_english():
    assert PHRASES.language("sv-lattlast") == "sv"
    assert PHRASES.language("xx") == "en"
    assert PHRASES.language(None) == "en"


def test_no_language_folder_has_texts_that_cannot_be_offered():
    folders = resources.files("intake").joinpath("locale").iterdir()
    written = {folder.name for folder in folders if folder.joinpath("phone.toml").is_file()}
    assert written == set(LANGUAGES)
