"""Prove what the weights learned from examples are of, that they are explained, and where they have no say."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.learning import read_corpus
from triage.ages import Age
from triage.assess import Knowledge, assess, gather
from triage.concepts import Concept
from triage.learned import COLUMNS, SIGN, TABLES, Layers, Learned, features, load_learned, packed
from triage.model import Kind, Minor, Type, Urgency
from triage.settle import EXAMPLES

# The rules find no word for what he does to her here; the examples have seen the like.
HINTED = "She has a lock on the outside of her bedroom door, he drives her to a new flat every night and counts after."


FOUND_BY_CODE = ("findable", "short", "located", "unread", "a_child", "me_within", "professional_first", "own_age")
"""Signs that neither a lexicon nor a rule names."""


@pytest.fixture(scope="module")
def learned() -> Learned:
    return load_learned()


def test_the_weights_are_of_signs_and_rules_that_there_are(learned: Learned, knowledge: Knowledge):
    rules = knowledge.rules
    signs = {f"{SIGN}{name}" for name in (*Concept, *(sign.name for sign in rules.signs), *Age, *FOUND_BY_CODE)}
    named = {f"rule {table}: {rule.rule}" for table in TABLES for rule in getattr(rules, table)}
    told = {name for name in learned.names if name.startswith((SIGN, "rule "))}
    assert told - signs - named == set()


def test_a_text_weighs_the_same_with_and_without_diacritics(knowledge: Knowledge):
    found, bare = (gather(text, knowledge).evidence for text in ("Hon är rädd för honom", "Hon ar radd for honom"))
    assert features(found).said == features(bare).said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Hon grät",
            {"word hon", "word grat", "pair hon grat", "part  hon", "part hon ", "part  gra", "part grat", "part rat "},
        ),
        ("我被关", {"word 我被关", "part 我被", "part 被关"}),
        ("Vi", {"word vi", "part  vi "}),
    ],
)
def test_words_neighbours_and_parts_are_what_a_text_says(text: str, said: set[str], knowledge: Knowledge):
    assert set(features(gather(text, knowledge).evidence).said) == said


@pytest.mark.parametrize(
    ("feature", "shown"),
    [
        ("sign violence", {"slår", "slår henne"}),
        ("word henne", {"henne"}),
        ("pair slar henne", {"slår henne"}),
        ("part kval", {"kvällen"}),
        ("length 3", set()),
    ],
)
def test_what_weighed_is_shown_where_it_stands(feature: str, shown: set[str], knowledge: Knowledge):
    text = "Mannen slår henne om kvällen, och om natten"
    opinion = _one(feature, {"kind=help": 1.0}).weigh(gather(text, knowledge).evidence)
    assert {text[span.start : span.end] for span in opinion.why("kind=help", "kind=tip")} == shown
    assert opinion.why("kind=tip", "kind=help") == ()


def test_each_tables_shares_are_one_together(learned: Learned, knowledge: Knowledge):
    shares = learned.weigh(gather(HINTED, knowledge).evidence).shares
    assert {table: set(own) for table, own in shares.items()} == {name: set(all_) for name, all_ in TABLES.items()}
    assert [round(sum(own.values()), 5) for own in shares.values()] == [1] * len(TABLES)


def test_where_examples_outweigh_a_rule_both_are_told_and_the_words_that_weighed(knowledge: Knowledge):
    overruled = [one for one in read_corpus("held.jsonl") if EXAMPLES in _rules_of(one["text"], knowledge)]
    assert overruled
    for one in overruled:
        found = assess(one["text"], knowledge)
        for number, reason in enumerate(found.reasons):
            if reason.rule == EXAMPLES:
                assert found.reasons[number - 1].label.partition("=")[0] == reason.label.partition("=")[0]
                assert found.reasons[number - 1].label != reason.label


@pytest.mark.parametrize("text", ["hej\njag tvingas sälja sex\ndet är i Luleå", "Hej. Jag tvingas sälja sex, tack"])
def test_a_plain_sentence_among_small_talk_is_what_it_says(text: str, knowledge: Knowledge):
    found = assess(text, knowledge)
    assert (found.kind, found.type, found.urgency) == (Kind.HELP, Type.SEXUAL_EXPLOITATION, Urgency.HIGH)


@pytest.mark.parametrize("besides", ["tip", "other"])
def test_much_that_is_said_besides_hides_no_danger_that_the_rules_see(besides: str, knowledge: Knowledge):
    swedish = [one for one in read_corpus("seen.jsonl") if one["lang"] == "sv"]
    padding = "\n".join(one["text"] for one in swedish if (one["kind"], one["urgency"]) == (besides, "low"))[:4000]
    for one in [one for one in swedish if one["urgency"] == "acute"][:20]:
        text = f"{one['text']}\n{padding}"
        ruled = gather(text, knowledge).evidence.verdicts["urgency"].label
        assert list(Urgency).index(assess(text, knowledge).urgency) <= list(Urgency).index(Urgency(ruled))


@pytest.mark.parametrize(
    ("text", "door", "least"),
    [
        ("Hej, vem är ni egentligen och vad gör ni med det som man skriver här?", Kind.HELP, Urgency.NORMAL),
        ("https://example.com/annons", Kind.HELP, Urgency.NORMAL),
        ("de har dragit igen ståldörren, vi är inlåsta här inne och luften tar slut", Kind.TIP, Urgency.HIGH),
    ],
)
def test_a_call_for_help_and_an_alarm_of_the_rules_never_lie_for_weeks(
    text: str, door: Kind, least: Urgency, calm: Knowledge
):
    found = assess(text, calm, kind=door)
    assert list(Urgency).index(found.urgency) <= list(Urgency).index(least)
    assert found.kind is not Kind.OTHER


BEGS = "Hon är 15 år och måste tigga utanför affären varje dag i veckan, även när det är kallt"


def test_a_child_that_the_examples_do_not_see_stays_a_doubt_with_its_words(knowledge: Knowledge):
    found = assess(BEGS, _saying(knowledge, "kind=tip", "minor=unknown", "type=unclear", "urgency=low"))
    (doubt,) = [one for one in found.reasons if one.label == "doubt=child"]
    assert (found.minor, found.concerns_child) == (Minor.UNKNOWN, True)
    assert [BEGS[span.start : span.end] for span in doubt.spans] == ["15"]


def test_what_the_rules_would_read_today_is_not_made_nothing(calm: Knowledge, knowledge: Knowledge):
    ruled = gather(BEGS, knowledge).evidence.verdicts
    found = assess(BEGS, calm)
    assert found.kind is not Kind.OTHER
    assert (found.type, found.urgency, found.minor) == tuple(ruled[one].label for one in ("type", "urgency", "minor"))


@pytest.fixture(scope="module")
def calm(knowledge: Knowledge) -> Knowledge:
    """Examples that see no case anywhere."""
    return _saying(knowledge, "kind=other", "minor=unknown", "type=unclear", "urgency=low")


def _saying(knowledge: Knowledge, *labels: str) -> Knowledge:
    return replace_weights(knowledge, _one("any", dict.fromkeys(labels, 2.0)))


def _one(feature: str, added: Mapping[str, float]) -> Learned:
    """Weights of one feature; half of what it adds to a label goes through a hidden unit."""
    half = np.array([[added.get(column, 0.0) / 2 for column in COLUMNS]], np.float32)
    one, none = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    return packed([feature], Layers(half, one, half, np.zeros(len(COLUMNS), np.float32), none))


def _rules_of(text: str, knowledge: Knowledge) -> set[str]:
    return {reason.rule for reason in assess(text, knowledge).reasons}


def test_examples_have_no_say_in_a_running_case_or_a_language_without_words(calm: Knowledge):
    for text, follow_up in (
        ("Hon är inlåst, hjälp henne", True),
        ("Hän on lukittuna sisään, auttakaa häntä nyt", False),
    ):
        told = assess(text, calm, follow_up=follow_up)
        assert EXAMPLES not in {reason.rule for reason in told.reasons}


def replace_weights(knowledge: Knowledge, learned: Learned) -> Knowledge:
    """The same knowledge with other weights."""
    other = replace(knowledge)
    other.__dict__.update(knowledge.__dict__)
    other.__dict__["learned"] = learned
    return other
