"""Prove case by case what a text is labelled, and why; the cases were written for this, not taken from the corpus."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.assess import Knowledge, assess
from triage.model import Doubt, Kind, Minor, Place, Type, Urgency

TABLE = Path(__file__).with_name("label_cases.tsv")
LABELS = ("kind", "type", "urgency", "minor", "lang")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_a_text_gets_the_labels_that_a_coordinator_would_give(row: dict[str, str], knowledge: Knowledge):
    found = assess(row["text"], knowledge)
    assert {name: str(getattr(found, name)) for name in LABELS} == {name: row[name] for name in LABELS}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_every_label_has_a_reason_and_every_reason_points_into_the_text(row: dict[str, str], knowledge: Knowledge):
    found = assess(row["text"], knowledge)
    told = {reason.label.split("=")[0] for reason in found.reasons}
    assert told >= {"kind", "type", "urgency", "minor"}
    assert all(0 <= span.start < span.end <= len(row["text"]) for reason in found.reasons for span in reason.spans)


def test_a_tip_at_the_door_may_become_a_call_for_help_but_no_other_door_changes(knowledge: Knowledge):
    text = "jag är inlåst, hjälp mig"
    kinds = {door: assess(text, knowledge, kind=door).kind for door in (Kind.TIP, Kind.BUYER, Kind.PROFESSIONAL)}
    assert kinds == {Kind.TIP: Kind.HELP, Kind.BUYER: Kind.BUYER, Kind.PROFESSIONAL: Kind.PROFESSIONAL}


def test_what_came_through_a_door_is_never_nothing(knowledge: Knowledge):
    assert assess("blå himmel", knowledge, kind=Kind.HELP).urgency is Urgency.HIGH
    assert assess("testar bara", knowledge, kind=Kind.TIP).kind is Kind.TIP


@pytest.mark.parametrize("text", ["Hon är 15 år.", "She is 15.", "Elle a 15 ans", "Ей 15 лет"])
def test_an_age_alone_says_in_a_running_case_that_it_is_a_childs(text: str, knowledge: Knowledge):
    found = assess(text, knowledge, follow_up=True)
    assert (found.kind, found.minor, found.urgency) == (Kind.TIP, Minor.YES, Urgency.HIGH)


@pytest.mark.parametrize("text", ["tack", "thank you", "ok", "testar", "vad kostar visum?", "👍"])
def test_a_follow_up_is_never_other(text: str, knowledge: Knowledge):
    assert assess(text, knowledge, follow_up=True).kind is not Kind.OTHER


def test_a_chosen_place_wins_and_is_kept_even_where_there_is_no_case(knowledge: Knowledge):
    chosen = Place("24", "2480")
    assert assess("hjälp, jag är i Malmö", knowledge, chosen=chosen).place == chosen
    assert assess("testar bara", knowledge, chosen=chosen).place == chosen


def test_a_text_without_a_case_has_no_place(knowledge: Knowledge):
    found = assess("Har ni öppet i Malmö på lördag? Tack", knowledge)
    assert (found.kind, found.place) == (Kind.OTHER, Place())


def test_a_page_in_another_language_does_not_make_what_cannot_be_read_wait(knowledge: Knowledge):
    found = assess("Olen lukittuna huoneeseen, auttakaa minua nyt heti", knowledge, kind=Kind.TIP, lang="en")
    assert (found.lang, found.urgency) == ("en", Urgency.HIGH)


@pytest.mark.parametrize("text", ["Ndihmë, më mbajnë mbyllur", "ช่วยด้วย", "ሓግዙኒ", "βοήθεια παρακαλώ"])
def test_what_cannot_be_read_here_is_read_today(text: str, knowledge: Knowledge):
    assert assess(text, knowledge).urgency in (Urgency.ACUTE, Urgency.HIGH)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("En ung flicka bor hos en äldre man i huset, hon syns aldrig ute", Doubt.CHILD),
        ("A very young girl lives there with an older man, she is never outside", Doubt.CHILD),
        ("Kvinnan var inlåst i våras men har flyttat och är i säkerhet", Doubt.PAST_AND_SAFE),
    ],
)
def test_doubt_is_told(text: str, doubt: Doubt, knowledge: Knowledge):
    assert doubt in assess(text, knowledge).doubts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ingen är inlåst och ingen tvingar någon, de jobbar och har sina pass", Type.LABOUR),
        ("Nobody forces them, they have their passports, they work on a farm", Type.LABOUR),
    ],
)
def test_what_is_denied_does_not_count(text: str, kind: Type, knowledge: Knowledge):
    found = assess(text, knowledge)
    assert (found.type, found.urgency) == (kind, Urgency.NORMAL)


def test_parts_are_read_together(knowledge: Knowledge):
    parts = ["hej", "han har låst dörren", "jag kommer inte ut", "jag är 16"]
    found = assess("\n".join(parts), knowledge)
    assert (found.kind, found.urgency, found.minor) == (Kind.HELP, Urgency.ACUTE, Minor.YES)


def test_an_assessment_shows_nothing_of_the_text(knowledge: Knowledge):
    shown = repr(assess("jag heter Anna, ring 070-174 06 11, annons @marker_example", knowledge))
    assert not any(word in shown for word in ("Anna", "070", "marker"))


TEN = "Jag är inlåst här inne och ingen kommer, kom nu och hjälp"
STRAY = ("\u0301", "\u064b", "\u0651", "\u05bc", "\u093c", "\u0901", "\u0484", "\u200d", "\u135f", "\u3099")
"""Marks that belong to a letter, alone between spaces, as a slip of the thumb leaves them."""


@pytest.mark.parametrize("mark", STRAY)
def test_a_mark_without_a_letter_changes_nothing(mark: str, knowledge: Knowledge):
    found, plain = assess(f"{TEN} {mark} {mark}{mark}", knowledge), assess(TEN, knowledge)
    assert (found.kind, found.urgency) == (plain.kind, plain.urgency) == (Kind.HELP, Urgency.ACUTE)


WORDS = st.text(st.characters(codec="utf-16", exclude_categories=("Cs",)), max_size=6) | st.sampled_from(
    (*STRAY, "15", "@")
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=30), door=st.sampled_from((None, *Kind)))
def test_nothing_that_can_be_written_makes_triage_fail(words: list[str], door: Kind | None, knowledge: Knowledge):
    text = " ".join((TEN, *words))
    assert all(
        0 <= s.start < s.end <= len(text) for one in assess(text, knowledge, kind=door).reasons for s in one.spans
    )
