"""Vonage's own: parts that it does not join, weak hashes, forms and GET, tokens, answers that say 200 to everything."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from vonage_http_client.auth import Auth
from vonage_jwt import verify_signature

from bridges.contract import BadSetting, Delivery, Kind, Part, Reason, Undelivered
from tests.bridges.phones import FORM, KEY, MESSAGES, VONAGE, Raw, Said
from tests.bridges.runner import NOW, made, outbound, staged
from tests.doubles import SmsDouble, serve

PLAIN = {"msisdn": "46701234567", "to": "46766861004", "messageId": "m1", "text": "del", "type": "text"}


def fields(**more: str) -> bytes:
    """A message as JSON."""
    return json.dumps(PLAIN | more).encode()


def signed(method: str, **more: str) -> dict[str, str]:
    """The fields with their `sig`: by Vonage's own package, and by its guide for the hash that the package left out."""
    params = PLAIN | {"timestamp": str(int(NOW.timestamp()))} | more
    if method == "md5hash":
        text = "".join(f"&{key}={params[key].replace('&', '_').replace('=', '_')}" for key in sorted(params))
        return params | {"sig": hashlib.md5((text + KEY).encode()).hexdigest()}
    auth = Auth(api_key="abcd1234", signature_secret=KEY, signature_method=method)
    return params | {"sig": auth.sign_params(dict(params))}


PARTS = (
    (
        "2 of 3",
        {"concat": "true", "concat-ref": "9", "concat-total": "3", "concat-part": "2"},
        Part("9", 3, 2),
    ),
    ("only one", {"concat": "true", "concat-ref": "9", "concat-total": "1", "concat-part": "1"}, None),
    ("no part", {}, None),
    ("beyond the last", {"concat": "true", "concat-ref": "9", "concat-total": "2", "concat-part": "3"}, None),
    ("not a number", {"concat": "true", "concat-ref": "9", "concat-total": "x", "concat-part": "1"}, None),
)


@pytest.mark.parametrize(("more", "part"), [case[1:] for case in PARTS], ids=[case[0] for case in PARTS])
async def test_a_part_says_which_it_is(more, part):
    async with staged(made(VONAGE)) as stage:
        await stage.knock(VONAGE.send(Said(), NOW, body=fields(**more)))
    assert stage.service.inbound[0].part == part


@pytest.mark.parametrize("weak", ["md5hash", "md5", "sha1"])
async def test_a_weak_hash_is_refused_at_the_start_unless_allowed(weak):
    with pytest.raises(BadSetting, match="signature"):
        made(VONAGE, signature=weak)
    body = urlencode(signed(weak)).encode()
    async with staged(made(VONAGE, signature=weak, allow_weak=True)) as stage:
        assert (await stage.knock(Raw(body, {"Content-Type": FORM}))).status == 200


@pytest.mark.parametrize("method", ["sha256", "sha512"])
async def test_a_form_and_a_get_are_signed_alike(method):
    query = urlencode(signed(method, text="a&b=c +å"))
    async with staged(made(VONAGE, signature=method, allow_get=True)) as stage:
        assert (await stage.knock(Raw(query.encode(), {"Content-Type": FORM}))).status == 200
        assert (await stage.knock(Raw(b"", {}, f"/hooks/phone?{query}", "GET"))).status == 200
    assert [inbound.text for inbound in stage.service.inbound] == ["a&b=c +å"] * 2


async def test_a_stronger_configuration_does_not_take_a_weaker_signature():
    body = urlencode(signed("md5hash")).encode()
    async with staged(made(VONAGE)) as stage:
        assert (await stage.knock(Raw(body, {"Content-Type": FORM}))).status == 403


async def test_a_binary_text_is_kept_though_nobody_can_read_it():
    async with staged(made(VONAGE)) as stage:
        await stage.knock(VONAGE.send(Said(), NOW, body=fields(type="binary", data="00ff", text="")))
    assert stage.service.inbound[0].kind is Kind.UNREADABLE


@pytest.mark.parametrize(
    ("status", "state"),
    [("delivered", Delivery.DELIVERED), ("buffered", Delivery.QUEUED), ("expired", Delivery.EXPIRED)],
)
async def test_a_receipt_moves_the_text_on(status, state):
    body = json.dumps({"messageId": "m1", "status": status, "err-code": "0", "msisdn": "46701234567"}).encode()
    async with staged(made(VONAGE)) as stage:
        await stage.knock(VONAGE.send(Said(), NOW, body=body))
    assert [(r.id, r.state) for r in stage.service.reports] == [("m1", state)]


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace("Bearer", "Basic"),
        lambda token: token[:-4] + "AAAA",
        lambda token: "Bearer eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
        lambda token: "Bearer " + "." * 3,
        lambda token: "Bearer å.ä.ö",
    ],
    ids=["another scheme", "another signature", "algorithm none", "empty", "not ASCII"],
)
async def test_a_token_that_is_not_vonages_is_refused(change):
    raw = MESSAGES.send(Said(), NOW)
    async with staged(made(MESSAGES)) as stage:
        heard = await stage.knock(replace(raw, headers={"Authorization": change(raw.headers["Authorization"])}))
    assert heard.status in (401, 403)
    assert stage.service.inbound == []


def test_the_tokens_here_are_such_as_vonages_own_package_accepts():
    token = MESSAGES.send(Said(), datetime.now(UTC)).headers["Authorization"].removeprefix("Bearer ")
    assert verify_signature(token, KEY)
    assert not verify_signature(token, "x" * 32)


async def test_a_token_for_another_account_is_refused():
    async with staged(made(MESSAGES, api_key="another")) as stage:
        assert (await stage.knock(MESSAGES.send(Said(), NOW))).status == 401


@pytest.mark.parametrize(
    ("statuses", "reason", "again"),
    [
        (["1"], Reason.THROTTLED, True),
        (["4"], Reason.ACCOUNT, True),
        (["7"], Reason.STOPPED, False),
        (["33"], Reason.ADDRESS, False),
        (["6"], Reason.REJECTED, False),
    ],
)
async def test_a_refusal_comes_as_200_and_is_still_one(statuses, reason, again):
    double = SmsDouble()
    double.answer = (200, {"messages": [{"status": status, "error-text": "x"} for status in statuses]})
    async with serve(double.app()) as api, staged(made(VONAGE, sms_url=api)) as stage:
        with pytest.raises(Undelivered) as caught:
            await stage.bridge.send(outbound())
    assert (caught.value.reason, caught.value.retry is not None) == (reason, again)


async def test_all_parts_of_a_long_text_are_named():
    double = SmsDouble()
    double.answer = (200, {"messages": [{"status": "0", "message-id": id_} for id_ in ("a", "b")]})
    async with serve(double.app()) as api, staged(made(VONAGE, sms_url=api)) as stage:
        assert (await stage.bridge.send(outbound("å" * 200))).ids == ("a", "b")


@pytest.mark.parametrize(("text", "type_"), [("räksmörgås €", "text"), ("Ça va 🙂", "unicode")])
async def test_the_alphabet_is_named_so_that_nothing_becomes_a_question_mark(text, type_):
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(VONAGE, sms_url=api)) as stage:
        await stage.bridge.send(outbound(text))
    assert (double.texts[0].fields["type"], double.texts[0].text) == (type_, text)


def test_the_messages_api_needs_a_key_of_its_own():
    with pytest.raises(BadSetting, match="private_key_file"):
        made(MESSAGES, private_key="not a key")
    with pytest.raises(BadSetting, match="api_secret_file"):
        made(MESSAGES, api="sms")
