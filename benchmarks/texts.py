"""Made-up reports of 400 characters, by chance but always the same ones; knows no server."""

import random
from collections.abc import Sequence

CHARACTERS = 400
_PLACES = ("Umeå", "Gävle", "Solna", "Falun", "Norrköping", "Borås", "Malmö", "Kalmar", "Östersund", "Visby")
_SENTENCES = (
    "Det kommer män till lägenheten ovanför oss hela nätterna.",
    "De två kvinnorna som bor där pratar inte svenska och går aldrig ut själva.",
    "En man i en grå bil hämtar dem varje kväll vid tio och kommer tillbaka på morgonen.",
    "Jag hörde en av dem gråta i trapphuset i går.",
    "Hon sade att någon har tagit hennes pass och att hon är skyldig pengar.",
    "Gardinerna är alltid fördragna, även mitt på dagen.",
    "Grannarna vågar inte säga något, men alla har sett det.",
    "Det har hållit på sedan i våras och det blir bara värre.",
)


def ordinary_texts(number: int) -> Sequence[str]:
    """Reports as most are: a place is named, nobody is in danger this minute."""
    return [_text(random.Random(seed)) for seed in range(number)]


def _text(chance: random.Random) -> str:
    sentences = chance.sample(_SENTENCES, len(_SENTENCES))
    text = f"Jag vill berätta om en adress i {chance.choice(_PLACES)}. " + " ".join(sentences)
    return text[:CHARACTERS].ljust(CHARACTERS, ".")
