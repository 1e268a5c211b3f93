"""What coordinators are told, in their languages: the same words whatever waits; knows no member and no case."""

from collections.abc import Mapping
from enum import StrEnum


class What(StrEnum):
    """Why a coordinator is told something. ALARM does not wait; TEST shows that an address works."""

    WAITING = "waiting"
    ALARM = "alarm"
    DIGEST = "digest"
    TEST = "test"


CODE = "code"
"""The template of the text that proves an address."""
VOICES: Mapping[str, str] = {"sv": "sv-SE", "en": "en-GB"}

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        What.WAITING: "Något väntar i inkorgen.",
        What.ALARM: "Något kan inte vänta. Öppna inkorgen nu.",
        What.DIGEST: "Det finns saker att göra i inkorgen.",
        What.TEST: "Det här är ett prov: här får du veta när något väntar.",
        CODE: "Koden är {code}. Den gäller i 15 minuter.",
        "reference": "Referens {reference}",
        "call": "Det här är {name}. Något kan inte vänta. Öppna inkorgen.",
    },
    "en": {
        What.WAITING: "Something waits in the inbox.",
        What.ALARM: "Something cannot wait. Open the inbox now.",
        What.DIGEST: "There are things to do in the inbox.",
        What.TEST: "This is a test: here you are told when something waits.",
        CODE: "The code is {code}. It is good for 15 minutes.",
        "reference": "Reference {reference}",
        "call": "This is {name}. Something cannot wait. Open the inbox.",
    },
}


def language(tag: str) -> str:
    """The language to tell somebody in: theirs, or Swedish."""
    return tag if tag in _TEXTS else "sv"


def say(text: str, lang: str, **values: str) -> str:
    """The text of this name, its placeholders filled."""
    return _TEXTS[language(lang)][text].format(**values)


def notice(what: str, lang: str, reference: str, link: str) -> str:
    """A whole notice: one sentence, a reference to tell two apart by, and where to look."""
    return f"{say(what, lang)}\n{say('reference', lang, reference=reference)}\n{link}"
