"""Passkeys: only a verified owner's answer, to a challenge of ours, for this site, counts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import MemberId
from intake.vault.errors import Expired, Tampered
from intake.vault.passkey import (
    CHALLENGE_LIFE,
    LOGIN,
    LONGEST_ANSWER,
    Site,
    accept,
    accept_new,
    ask,
    is_of,
    issue_challenge,
    offer,
    open_passkey,
    read_challenge,
    seal_passkey,
)
from intake.vault.service_key import ServiceKey
from tests.authenticator import PRESENT, VERIFIED, Authenticator

KEY = ServiceKey.generate()
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SITE = Site("inbox.test", "https://inbox.test", "Hamn")
ANNA = MemberId("anna")
CHALLENGE = issue_challenge(KEY, LOGIN, NOW)


def made(device: Authenticator):
    return accept_new(SITE, device.make(offer(SITE, ANNA, "anna@test", [], CHALLENGE)), CHALLENGE, "phone")


def test_a_passkey_is_made_and_shown():
    device = Authenticator()
    passkey = made(device)
    answer = device.show(ask(SITE, CHALLENGE))
    assert is_of(passkey, answer)
    assert accept(SITE, passkey, answer, CHALLENGE).uses == 1


@pytest.mark.parametrize(
    "wrong",
    [{"domain": "evil.test"}, {"origin": "https://evil.test"}, {"flags": PRESENT}, {"flags": VERIFIED}],
    ids=["another domain", "another origin", "owner not verified", "owner not present"],
)
def test_what_was_made_or_shown_otherwise_does_not_count(wrong: dict[str, object]):
    with pytest.raises(Tampered):
        made(Authenticator(**wrong))
    device = Authenticator()
    passkey = made(device)
    with pytest.raises(Tampered):
        accept(SITE, passkey, replace(device, **wrong).show(ask(SITE, CHALLENGE)), CHALLENGE)


def test_another_key_another_challenge_and_an_old_count_do_not_count():
    device = Authenticator()
    passkey, answer = made(device), device.show(ask(SITE, CHALLENGE))
    other = issue_challenge(KEY, LOGIN, NOW)
    forger = Authenticator(credential=device.credential)
    copy = replace(passkey, uses=1)
    for key, said, challenge in (
        (passkey, answer, other),
        (passkey, forger.show(ask(SITE, CHALLENGE)), CHALLENGE),
        (copy, answer, CHALLENGE),
        (replace(passkey, credential=b"another"), answer, CHALLENGE),
    ):
        with pytest.raises(Tampered):
            accept(SITE, key, said, challenge)


def test_an_answer_to_making_is_none_to_showing():
    device = Authenticator()
    passkey = made(device)
    with pytest.raises(Tampered):
        accept(SITE, passkey, device.make(ask(SITE, CHALLENGE)), CHALLENGE)


def test_a_challenge_is_for_one_purpose_and_not_for_ever():
    for_anna = issue_challenge(KEY, ANNA, NOW)
    assert read_challenge(KEY, for_anna, ANNA, NOW) != read_challenge(KEY, CHALLENGE, LOGIN, NOW)
    assert read_challenge(KEY.rotate(), CHALLENGE, LOGIN, NOW) == read_challenge(KEY, CHALLENGE, LOGIN, NOW)
    with pytest.raises(Tampered):
        read_challenge(KEY, for_anna, LOGIN, NOW)
    with pytest.raises(Expired):
        read_challenge(KEY, CHALLENGE, LOGIN, NOW + CHALLENGE_LIFE + timedelta(seconds=1))


@pytest.mark.parametrize(
    "challenge",
    ["", "å", CHALLENGE[:-1], "A" * 80, CHALLENGE + "A"],
    ids=["nothing", "no letter", "cut", "made up", "longer"],
)
def test_what_was_not_issued_is_no_challenge(challenge: str):
    with pytest.raises(Tampered):
        read_challenge(KEY, challenge, LOGIN, NOW)


def test_a_sealed_passkey_serves_its_member_only():
    passkey = made(Authenticator())
    sealed = seal_passkey(KEY, ANNA, "id", passkey)
    assert open_passkey(KEY, ANNA, "id", sealed) == passkey
    assert b"phone" not in sealed
    for member, name in ((MemberId("bo"), "id"), (ANNA, "other")):
        with pytest.raises(Tampered):
            open_passkey(KEY, member, name, sealed)


def test_the_login_names_no_passkey():
    assert json.loads(ask(SITE, CHALLENGE))["allowCredentials"] == []


def test_a_device_that_has_one_makes_no_second():
    passkey = made(Authenticator())
    assert len(json.loads(offer(SITE, ANNA, "anna@test", [passkey], CHALLENGE))["excludeCredentials"]) == 1


_DEVICE = Authenticator()
_PASSKEY = made(_DEVICE)
_ANSWER = _DEVICE.show(ask(SITE, CHALLENGE))
_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=5)


@given(at=st.integers(0, len(_ANSWER) - 1), put=st.characters(codec="utf-8"))
def test_an_answer_with_one_letter_changed_is_refused_or_the_same(at: int, put: str):
    changed = _ANSWER[:at] + put + _ANSWER[at + 1 :]
    try:
        accept(SITE, _PASSKEY, changed, CHALLENGE)
    except Tampered:
        return
    assert {**json.loads(changed), "type": ""} | {"response": 0} == {**json.loads(_ANSWER), "type": ""} | {
        "response": 0
    }


@given(part=st.sampled_from(["id", "rawId", "type", "response"]), value=_JSON)
def test_an_answer_of_another_shape_is_refused(part: str, value: object):
    for answer in (json.dumps({**json.loads(_ANSWER), part: value}), json.dumps(value)):
        for taking in (
            lambda said: accept(SITE, _PASSKEY, said, CHALLENGE),
            lambda said: accept_new(SITE, said, CHALLENGE, ""),
        ):
            with pytest.raises(Tampered):
                taking(answer)


@pytest.mark.parametrize("answer", ["", "{}", "[" * 9000, "x" * (LONGEST_ANSWER + 1), '{"id": 1}', "null", "[" * 8000])
def test_rubbish_is_refused(answer: str):
    with pytest.raises(Tampered):
        accept(SITE, _PASSKEY, answer, CHALLENGE)
