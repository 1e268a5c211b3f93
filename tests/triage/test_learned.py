"""Prove what the weights learned from examples are of, that they are explained, and where they have no say."""

from dataclasses import replace

import pytest

from benchmarks.learning import read_corpus
from triage.ages import Age
from triage.assess import Knowledge, assess, gather
from triage.concepts import Concept
from triage.learned import SIGN, TABLES, Learned, features, load_learned
from triage.model import Urgency
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
    told = {name for name in learned.rows if name.startswith((SIGN, "rule "))}
    assert told - signs - named == set()


def test_a_text_weighs_the_same_with_and_without_diacritics(knowledge: Knowledge):
    found, bare = (gather(text, knowledge).evidence for text in ("Hon är rädd för honom", "Hon ar radd for honom"))
    words, others = ([name for name in features(one) if name.startswith(("word ", "pair "))] for one in (found, bare))
    assert words == others


def test_each_tables_shares_are_one_together(learned: Learned, knowledge: Knowledge):
    shares = learned.shares(gather(HINTED, knowledge).evidence)
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


@pytest.mark.parametrize("besides", ["tip", "other"])
def test_much_that_is_said_besides_hides_no_danger_that_the_rules_see(besides: str, knowledge: Knowledge):
    swedish = [one for one in read_corpus("seen.jsonl") if one["lang"] == "sv"]
    padding = "\n".join(one["text"] for one in swedish if (one["kind"], one["urgency"]) == (besides, "low"))[:4000]
    for one in [one for one in swedish if one["urgency"] == "acute"][:20]:
        text = f"{one['text']}\n{padding}"
        ruled = gather(text, knowledge).evidence.verdicts["urgency"].label
        assert list(Urgency).index(assess(text, knowledge).urgency) <= list(Urgency).index(Urgency(ruled))


def _rules_of(text: str, knowledge: Knowledge) -> set[str]:
    return {reason.rule for reason in assess(text, knowledge).reasons}


def test_examples_have_no_say_in_a_running_case_or_a_language_without_words(knowledge: Knowledge):
    loud = Learned({"any": 0}, load_learned().weights[:1] * 0 + 50)
    everything_other = replace_weights(knowledge, loud)
    for text, follow_up in (
        ("Hon är inlåst, hjälp henne", True),
        ("Hän on lukittuna sisään, auttakaa häntä nyt", False),
    ):
        told = assess(text, everything_other, follow_up=follow_up)
        assert EXAMPLES not in {reason.rule for reason in told.reasons}


def replace_weights(knowledge: Knowledge, learned: Learned) -> Knowledge:
    """The same knowledge with other weights."""
    other = replace(knowledge)
    other.__dict__.update(knowledge.__dict__)
    other.__dict__["learned"] = learned
    return other
