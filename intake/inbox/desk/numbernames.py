"""What the rows and columns of a published table are called in the reader's language; knows no number."""

from collections.abc import Mapping

from intake.inbox import casefilewords as said
from intake.inbox.visit import WorkVisit
from intake.inbox.words import KINDS, TYPES, _
from intake.statistics.cells import NATIONAL, NO, UNKNOWN, YES
from intake.statistics.publications import JOINED
from intake.statistics.sheets import TOTAL

TITLES: Mapping[str, str] = {
    "region": _("What came in, by month and region"),
    "kind": _("What came in, by month and who wrote"),
    "county": _("What came in, by county"),
    "person": _("Persons, by region, age and gender"),
    "form": _("Persons, by region and crime"),
    "purpose": _("Persons, by region and purpose (several a person)"),
    "sector": _("Persons in forced labour, by region and sector"),
    "with_children": _("Persons, by region and whether children came along"),
    "origin": _("Persons, by country of origin"),
    "type": _("Closed cases, by type and month"),
}
_FIXED: Mapping[str, str] = {
    TOTAL: _("Total"),
    NATIONAL: _("No region"),
    UNKNOWN: _("Unknown"),
    YES: _("With children"),
    NO: _("Without children"),
}
_WORDS: Mapping[str, str] = {
    **{str(key): words for key, words in said.AGES.items()},
    **{str(key): words for key, words in said.GENDERS.items()},
    **{str(key): words for key, words in said.FORMS.items()},
}
_BY_TABLE: Mapping[str, Mapping[str, str]] = {
    "kind": {str(key): words for key, words in KINDS.items()},
    "type": {str(key): words for key, words in TYPES.items()},
    "purpose": {str(key): words for key, words in said.PURPOSES.items()},
    "sector": {str(key): words for key, words in said.SECTORS.items()},
}


class Names:
    """What the keys of published tables are called."""

    def __init__(self, visit: WorkVisit) -> None:
        self._say = visit.language.words.gettext
        self._regions = {str(key): region.name for key, region in visit.service.config.regions.items()}
        self._counties = visit.service.gazetteer.counties
        self._municipalities = visit.service.gazetteer.municipalities
        self._countries = visit.language.locale.territories

    def title(self, table: str) -> str:
        """What a table is of."""
        return self._say(TITLES[table])

    def of(self, table: str, key: str) -> str:
        """A row or a column of a table."""
        if JOINED in key:
            return ", ".join(self.of(table, part) for part in key.split(JOINED))
        if key in _FIXED:
            return self._say(_FIXED[key])
        if table == "county":
            return self._counties.get(key, key)
        if table == "origin":
            return str(self._countries.get(key, key))
        words = _BY_TABLE.get(table, {}).get(key) or _WORDS.get(key)
        return self._say(words) if words is not None else self._regions.get(key, key)

    def municipality(self, code: str) -> str:
        """A municipality's name."""
        return self._municipalities.get(code, code)
