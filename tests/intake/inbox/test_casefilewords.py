"""Every value of the casefile and of the numbers has words."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
import pytest

from intake.casefile.entries import AnyFact, Basis, ConcernState
from intake.inbox import casefilewords as words
from intake.inbox.desk.numberpages import SPANS
from intake.model import Hold
from intake.statistics.cells import Age, Form, Gender, Outcome, Purpose, Sector
from intake.statistics.own import BUCKETS

TABLES: list[tuple[type[StrEnum], Mapping[StrEnum, str]]] = [
    (ConcernState, words.CONCERNS),
    (Basis, words.BASES),
    (Hold, words.HOLDS),
    (Outcome, words.OUTCOMES),
    (Age, words.AGES),
    (Gender, words.GENDERS),
    (Form, words.FORMS),
    (Purpose, words.PURPOSES),
    (Sector, words.SECTORS),
]


@pytest.mark.parametrize(("values", "table"), TABLES, ids=lambda part: getattr(part, "__name__", ""))
def test_every_value_has_words(values: type[StrEnum], table: Mapping[StrEnum, str]) -> None:
    assert set(table) == set(values)


def test_every_sort_of_entry_and_every_span_has_words() -> None:
    tags = {kind.tag for kind in msgspec.inspect.type_info(AnyFact).types}
    assert set(words.FACTS) == tags
    assert tuple(SPANS) == BUCKETS
