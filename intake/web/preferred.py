"""Which of the offered languages a browser prefers, by its `Accept-Language`; pure, keeps nothing."""

import re
from collections.abc import Sequence

from intake.pages.translations import Language

_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def preferred(header: str, offered: Sequence[Language]) -> Language:
    """The offered language that comes first in the header by its weight; the first that is offered where none does.

    Countries and scripts do not matter: whoever reads Spanish in Mexico reads the Spanish page.
    """
    ranges = [found for part in header.split(",") if (found := _RANGE.fullmatch(part))]
    weighed = sorted(ranges, key=_weight, reverse=True)
    wanted = [found[1].lower() for found in weighed if _weight(found) > 0]
    first = {one.html.split("-")[0]: one for one in reversed(offered)}
    return next((first[name] for name in wanted if name in first), offered[0])


def _weight(found: re.Match[str]) -> float:
    return 1.0 if found[2] is None else float(found[2])
