"""Names in a text, whatever is joined to them."""

import pytest

from triage.gazetteer import Gazetteer
from triage.mentions import Form, Mention, find_in
from triage.words import cut


def find_places(text: str, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Every name in a text."""
    return find_in(text, cut(text), gazetteer)


@pytest.mark.parametrize(
    ("text", "written", "form", "code"),
    [
        ("i Sundsvall", "Sundsvall", Form.EXACT, "2281"),
        ("I SUNDSVALL", "SUNDSVALL", Form.EXACT, "2281"),
        ("i Upplands Väsby", "Upplands Väsby", Form.EXACT, "0114"),
        ("vid S:t Eriksplan", "S:t Eriksplan", Form.EXACT, "0180"),
        ("i Jonkoping", "Jonkoping", Form.PLAIN, "0680"),
        ("in Joenkoeping", "Joenkoeping", Form.PLAIN, "0680"),
        ("Sundsvalls hamn", "Sundsvalls", Form.INFLECTED, "2281"),
        ("Sundsvallban", "Sundsvallban", Form.INFLECTED, "2281"),
        ("Härnösandissa", "Härnösandissa", Form.INFLECTED, "2280"),
        ("в Лулео", "Лулео", Form.EXACT, "2580"),
        ("в Кристианстаде", "Кристианстаде", Form.INFLECTED, "1290"),
        ("بكالمار", "بكالمار", Form.INFLECTED, "0880"),
        ("በካልማር", "በካልማር", Form.INFLECTED, "0880"),
        ("我在马尔默工作", "马尔默", Form.EXACT, "1280"),
        ("อยู่ที่มัลเมอครับ", "มัลเมอ", Form.EXACT, "1280"),
        ("Malmö'de", "Malmö'de", Form.EXACT, "1280"),
    ],
)
def test_a_name_is_found_with_the_words_it_came_from(text, written, form, code, gazetteer: Gazetteer):
    (mention,) = find_places(text, gazetteer)
    assert text[mention.span.start : mention.span.end] == written
    assert (mention.form, code in mention.name.municipalities) == (form, True)


def test_the_longer_name_wins(gazetteer: Gazetteer):
    (mention,) = find_places("på Stockholm Arlanda Airport", gazetteer)
    assert mention.name.municipalities == {"0191"}


@pytest.mark.parametrize("text", ["", "hej", "12345", "🆘", "härja bärga målning", "???"])
def test_a_text_without_a_name_has_no_mention(text: str, gazetteer: Gazetteer):
    assert find_places(text, gazetteer) == ()


def test_names_stay_out_of_what_is_printed(gazetteer: Gazetteer):
    assert "sundsvall" not in repr(find_places("i Sundsvall", gazetteer)).lower()
