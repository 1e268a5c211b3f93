"""The ready answers as the answer form offers them: read once, the person's language first; knows no page."""

from collections.abc import Mapping
from functools import cache

from intake.casefile.ready import LANGUAGES, Answers, load_ready


@cache
def ready_answers() -> Mapping[str, Answers]:
    """The ready answers by language."""
    return load_ready()


def ready_language(lang: str | None) -> str:
    """The language that is offered first: the person's, else English."""
    return lang if lang in LANGUAGES else "en"
