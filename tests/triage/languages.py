"""The languages that triage must read; `sr` stands for Serbian, Croatian and Bosnian."""

_WANTED = "sv en ar fa so ti am ro bg es pt fr th ru uk pl lt sq hu vi zh mn de tr sr ur hi tl"
WANTED = frozenset(_WANTED.split())
