"""What a word of a lexicon can stand for; knows no word, no language and no rule."""

from enum import StrEnum


class Concept(StrEnum):
    """The sections of `lexicon/<lang>.toml`; docs/triage.md says which words belong in each."""

    # Language and grammar
    COMMON = "common"
    NOT = "not"
    WRITER = "i"
    ME = "me"
    WE = "we"
    WITNESS = "witness"
    NAMED = "named"
    PERSON = "person"
    OTHERS = "others"

    # People
    CHILD = "child"
    MAYBE_CHILD = "maybe_child"
    MINE = "mine"
    CARE = "care"
    WOMAN = "woman"
    MEN = "men"
    GIRLS = "girls"
    NEAR = "near"
    AGE_AFTER = "age_after"
    AGE_BEFORE = "age_before"
    TURNS = "turns"
    GRADE = "grade"
    WAS = "was"
    DURATION = "duration"

    # Control
    TAKE = "take"
    PAPERS = "papers"
    CONFINED = "confined"
    LOCKED = "locked"
    FORCE = "force"
    UNWILLING = "unwilling"
    THREAT = "threat"
    DEBT = "debt"
    VIOLENCE = "violence"
    FEAR = "fear"
    PLEA = "plea"
    LOST = "lost"
    FREE = "free"
    INJURY = "injury"
    SUICIDE = "suicide"
    DANGER = "danger"

    # What is done to somebody
    SEX = "sex"
    CLIENTS = "clients"
    SOLD = "sold"
    THIRD_PARTY = "third_party"
    ROTATE = "rotate"
    TRAFFICKING = "trafficking"
    WORK = "work"
    UNPAID = "unpaid"
    HOME = "home"
    BEGGING = "begging"
    MARRIAGE = "marriage"
    CRIME = "crime"
    ERRAND = "errand"
    ORGAN = "organ"
    WAR = "war"
    MISSING = "missing"
    RECRUIT = "recruit"

    # Time and movement
    RIGHT_NOW = "right_now"
    NOW = "now"
    TODAY = "today"
    DEADLINE = "deadline"
    HABIT = "habit"
    PAST = "past"
    OVER = "over"
    TRANSPORT = "transport"

    # Who writes, and for what
    HELP = "help"
    ADVICE = "advice"
    BUYER = "buyer"
    PROFESSIONAL = "professional"
    TRAINING = "training"
    FICTION = "fiction"
    INQUIRY = "inquiry"
    THANKS = "thanks"
    PRAISE = "praise"
    PRIVATE = "private"
    SEEKS = "seeks"
    SPAM = "spam"
    HEARSAY = "hearsay"
    ADVERT = "advert"
    PLACE = "place"


NEGATABLE = frozenset(
    {
        Concept.TAKE,
        Concept.LOCKED,
        Concept.FORCE,
        Concept.THREAT,
        Concept.DEBT,
        Concept.VIOLENCE,
        Concept.FEAR,
        Concept.SOLD,
        Concept.THIRD_PARTY,
        Concept.INJURY,
        Concept.SUICIDE,
        Concept.DANGER,
        Concept.CHILD,
        Concept.TRAFFICKING,
        Concept.SPAM,
        Concept.FICTION,
        Concept.OVER,
        Concept.BUYER,
    }
)
"""Concepts that a "not" beside them takes away."""

DONE_TO_SOMEBODY = frozenset(
    {
        Concept.TAKE,
        Concept.CONFINED,
        Concept.LOCKED,
        Concept.FORCE,
        Concept.THREAT,
        Concept.VIOLENCE,
        Concept.SOLD,
        Concept.THIRD_PARTY,
        Concept.UNPAID,
        Concept.SUICIDE,
        Concept.DANGER,
        Concept.TRANSPORT,
    }
)
"""Concepts whose phrases may hold the one to whom it is done: a "me" in them speaks of the writer."""

OPTIONAL = frozenset(
    {
        Concept.WE,
        Concept.DANGER,
        Concept.PERSON,
        Concept.OTHERS,
        Concept.PLEA,
        Concept.ERRAND,
        Concept.THANKS,
        Concept.PRAISE,
        Concept.PRIVATE,
        Concept.SEEKS,
    }
)
"""Sections that a lexicon may lack."""

SMALL = frozenset(
    {
        Concept.ME,
        Concept.WRITER,
        Concept.NOT,
        Concept.COMMON,
        Concept.PERSON,
        Concept.OTHERS,
        Concept.MINE,
        Concept.NOW,
        Concept.TODAY,
        Concept.MEN,
        Concept.WOMAN,
        Concept.GIRLS,
        Concept.AGE_AFTER,
        Concept.AGE_BEFORE,
        Concept.CHILD,
    }
)
"""Concepts whose words say nothing of their own inside a longer phrase ("told me", "not allowed out")."""
