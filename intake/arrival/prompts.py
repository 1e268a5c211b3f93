"""Which keys stand under which of our texts in a chat; knows no step and no person."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from bridges.contract import Button
from intake.service import Service

Rows = tuple[tuple[Button, ...], ...]


def buttons_of(template: str | None, lang: str, service: Service) -> Rows:
    """The keys under a text of ours, in the person's language; none under most."""

    def say(name: str) -> str:
        return service.phrases.say(name, lang)

    if template == "language":
        return _in_pairs([Button(language_name(tag), f"lang:{tag}") for tag in service.phrases.languages])
    if template == "place":
        counties = [Button(name) for _, name in sorted(service.gazetteer.counties.items())]
        return ((Button(say("place_share"), asks_location=True), Button(say("place_unknown"))), *_in_pairs(counties))
    return tuple(tuple(Button(say(name), data) for name, data in row) for row in _KEYS.get(template or "", ()))


@cache
def language_name(tag: str) -> str:
    """A language's own name of itself."""
    table = resources.files("intake").joinpath("locale", "languages.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(table)[tag]["name"])


def _in_pairs(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


_KEYS: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "door": ((("door_tip", "door:tip"),), (("door_help", "door:help"),)),
    "write": ((("done", "done"),),),
    "kept": ((("done", "done"),),),
    "thanks": ((("may_yes", "may:yes"), ("may_no", "may:no")),),
    "safe": (
        (("safe_any", "hours:any"), ("safe_day", "hours:8-16")),
        (("safe_evening", "hours:17-22"), ("safe_hours", "hours-ask")),
        (("safe_notice", "whole:no"), ("safe_whole", "whole:yes")),
        (("safe_question", "ask"),),
    ),
    "erase": ((("erase_yes", "erase:yes"), ("erase_no", "erase:no")),),
}
"""Rows of keys: each the name of its label, and what comes back when it is pressed."""
