"""Safe contact: consent first, hours over midnight too, STOP ends it, doubt about who holds the phone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from intake.contact import (
    Bar,
    Consent,
    Contact,
    Habits,
    Hours,
    Question,
    Verdict,
    belong_together,
    consent,
    doubts,
    judge,
    may_send,
    parse_hours,
    stop,
    wrote,
)
from intake.model import Channel, Note, OutgoingKind

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""Half past nine in Stockholm."""
TOMORROW = NOW + timedelta(days=1)
ANNA = Contact(Channel.SMS, "+46700000000", "sv")
WILLING = consent(ANNA)
NIGHT, DAY = Hours(time(22), time(6)), Hours(time(8), time(16))

NOTICE, PROMPT, ERASURE = OutgoingKind.NOTICE, OutgoingKind.PROMPT, OutgoingKind.ERASURE

PERMITS = [
    ("nobody has asked", ANNA, NOTICE, Bar.NO_CONSENT),
    ("they said no", replace(ANNA, consent=Consent.NO), NOTICE, Bar.NO_CONSENT),
    ("they said yes", WILLING, NOTICE, None),
    ("they said stop", stop(WILLING), NOTICE, Bar.STOPPED),
    ("they said stop: no prompt either", stop(WILLING), PROMPT, Bar.STOPPED),
    ("they said stop, then yes", consent(stop(WILLING)), NOTICE, None),
    ("an answer to what they just wrote", ANNA, PROMPT, None),
    ("not a safe hour, an answer to what they just wrote", replace(WILLING, hours=NIGHT), PROMPT, None),
    ("blocked by the provider's word", replace(WILLING, blocked=True), NOTICE, Bar.STOPPED),
    ("what they asked to be erased is said though they stopped", stop(ANNA), ERASURE, None),
]


@pytest.mark.parametrize(("contact", "kind", "bar"), [p[1:] for p in PERMITS], ids=[p[0] for p in PERMITS])
def test_a_text_goes_only_where_it_may(contact: Contact, kind: OutgoingKind, bar: Bar | None):
    permit = may_send(contact, kind, TOMORROW, NOW)
    assert permit.bar is bar
    assert (permit.at == NOW) is (bar is None)


def test_what_is_too_late_does_not_go_whatever_else_is_said():
    assert may_send(WILLING, PROMPT, NOW, NOW).bar is Bar.EXPIRED


def test_outside_the_safe_hours_a_text_waits_for_them_if_it_is_still_of_use_then():
    at_night = replace(WILLING, hours=NIGHT)
    assert may_send(at_night, NOTICE, TOMORROW, NOW).at == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert may_send(at_night, NOTICE, NOW + timedelta(hours=2), NOW).bar is Bar.UNSAFE_HOUR


@pytest.mark.parametrize(
    ("hours", "utc_hour", "safe"),
    [
        (DAY, 7, True),
        (DAY, 6, False),
        (DAY, 15, False),
        (NIGHT, 21, True),
        (NIGHT, 23, True),
        (NIGHT, 4, True),
        (NIGHT, 5, False),
        (NIGHT, 12, False),
    ],
)
def test_hours_are_local_and_may_pass_midnight(hours: Hours, utc_hour: int, safe: bool):
    now = NOW.replace(hour=utc_hour, minute=0)
    assert hours.hold(now) is safe
    assert hours.hold(hours.next(now))
    assert hours.next(now) - now < timedelta(hours=24)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("18-22", Hours(time(18), time(22))),
        (" 22.30 – 6 ", Hours(time(22, 30), time(6))),
        ("8:00-16:00", DAY),
        ("18-24", Hours(time(18), time(0))),
        ("7-7", None),
        ("25-26", None),
        ("8:70-9", None),
        ("på kvällen", None),
        ("١٨-٢٢", None),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, hours: Hours | None):
    assert parse_hours(typed) == hours


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ("Misse", Verdict.FREE),
        (" misse. ", Verdict.FREE),
        ("Pelle", Verdict.NOT_FREE),
        ("PELLE!", Verdict.NOT_FREE),
        ("Misse och Pelle", Verdict.NEITHER),
        ("", Verdict.NEITHER),
    ],
)
def test_the_question_has_two_answers(given: str, verdict: Verdict):
    assert judge(Question("Vad heter katten?", "Misse", "Pelle"), given) is verdict


def test_the_answer_that_means_danger_wins_where_both_are_the_same():
    assert judge(Question("?", "Misse", "misse"), "Misse") is Verdict.NOT_FREE


def test_a_question_without_both_answers_is_not_asked():
    assert not Question("Vad heter katten?", "Misse").complete
    assert not Question("Vad heter katten?", "Misse", "!").complete


DAYTIME = Habits(NOW - timedelta(days=1), "sv", frozenset({9, 10, 12}))


@pytest.mark.parametrize(
    ("habits", "lang", "now", "notes"),
    [
        (Habits(), "sv", NOW, set()),
        (DAYTIME, "sv", NOW, set()),
        (DAYTIME, None, NOW, set()),
        (DAYTIME, "en", NOW, {Note.OTHER_LANGUAGE}),
        (DAYTIME, "sv", NOW + timedelta(days=29), {Note.AFTER_SILENCE}),
        (DAYTIME, "sv", NOW.replace(hour=2), {Note.OTHER_HOURS}),
        (replace(DAYTIME, hours=frozenset({9})), "sv", NOW.replace(hour=2), set()),
    ],
)
def test_silence_another_language_and_strange_hours_raise_a_doubt(habits: Habits, lang, now: datetime, notes: set):
    assert doubts(habits, lang, now) == notes


def test_whoever_writes_has_unblocked_us_but_not_taken_back_their_stop():
    again = wrote(replace(stop(ANNA), blocked=True), "sv", NOW)
    assert not again.blocked
    assert again.stopped
    assert again.habits == Habits(NOW, "sv", frozenset({9}))


def test_what_follows_within_minutes_belongs_together():
    times = [NOW - timedelta(minutes=m) for m in (11, 4, 2)]
    assert belong_together(times, NOW) == 2
    assert belong_together(times, NOW + timedelta(minutes=4)) == 0
    assert belong_together([], NOW) == 0


def test_nothing_personal_shows():
    shown = repr(replace(ANNA, words="kattmat", question=Question("katten?", "Misse", "Pelle")))
    assert not [word for word in ("+4670", "kattmat", "katten", "Misse", "Pelle") if word in shown]
