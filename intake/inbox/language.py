"""Which of the inbox's languages a browser asks for; knows no page."""

from collections.abc import Mapping

from intake.pages.translations import Language

TAGS = ("sv", "en")


def preferred(accepted: str, languages: Mapping[str, Language]) -> Language:
    """The language that an Accept-Language header likes best, the first of those that are offered where it likes none.

    A header that cannot be read counts as silence.
    """
    wishes = [_wish(part) for part in accepted.split(",")]
    for _, tag in sorted((wish for wish in wishes if wish is not None), key=lambda wish: -wish[0]):
        if tag in languages:
            return languages[tag]
    return next(iter(languages.values()))


def _wish(part: str) -> tuple[float, str] | None:
    tag, _, weight = part.partition(";")
    try:
        liked = float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return None
    return (liked, tag.strip().lower().partition("-")[0]) if liked > 0 else None
