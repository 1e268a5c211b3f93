"""Sinch, Infobip, LINK and the generic provider: kinds of messages, batches, reports, media, what goes out."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from bridges.contract import BadSetting, Delivery, Kind, Part, Reason, Undelivered
from tests.bridges.phones import GENERIC, INFOBIP, LINK, SECRET, SINCH, Phone, Raw, Said, infobip_entry
from tests.bridges.runner import NOW, made, outbound, staged
from tests.doubles import SmsDouble, serve


def sent(phone: Phone, body: object) -> Raw:
    """Any JSON, signed as the provider does."""
    return phone.send(Said(), NOW, body=json.dumps(body).encode())


REPORTS = (
    (SINCH, {"type": "recipient_delivery_report_sms", "batch_id": "b", "status": "Delivered"}, Delivery.DELIVERED),
    (SINCH, {"type": "delivery_report_sms", "batch_id": "b", "statuses": [{"status": "Failed"}]}, Delivery.FAILED),
    (SINCH, {"type": "recipient_delivery_report_sms", "batch_id": "b", "status": "Expired"}, Delivery.EXPIRED),
    (INFOBIP, {"results": [{"messageId": "b", "status": {"groupName": "DELIVERED"}}]}, Delivery.DELIVERED),
    (INFOBIP, {"results": [{"messageId": "b", "status": {"groupName": "UNDELIVERABLE"}}]}, Delivery.FAILED),
    (INFOBIP, {"results": [{"messageId": "b", "status": {"groupName": "PENDING"}}]}, Delivery.SENT),
    (LINK, {"id": "b", "refId": "r", "resultCode": 1001}, Delivery.DELIVERED),
    (LINK, {"id": "b", "refId": "r", "resultCode": 1000}, Delivery.SENT),
    (LINK, {"id": "b", "refId": "r", "resultCode": "2104"}, Delivery.FAILED),
    (GENERIC, {"id": "b", "status": "delivered"}, Delivery.DELIVERED),
    (GENERIC, {"id": "b", "status": "failed"}, Delivery.FAILED),
)


@pytest.mark.parametrize(("phone", "body", "state"), REPORTS)
async def test_a_report_moves_the_text_on(phone, body, state):
    async with staged(made(phone)) as stage:
        heard = await stage.knock(replace(sent(phone, body), path="/hooks/phone/status"))
    [report] = stage.service.reports
    assert (heard.status < 300, report.id, report.state) == (True, "b", state)
    assert (report.why is not None) is (state is Delivery.FAILED)


BATCHES = (
    (INFOBIP, {"results": [infobip_entry(Said("ett")), None, "x", {"price": 1}, infobip_entry(Said("två"))]}),
    (GENERIC, [{"from": "+46701234567", "text": "ett"}, [], {"odd": 1}, {"from": "+46701234567", "text": "två"}]),
)


@pytest.mark.parametrize(("phone", "body"), BATCHES, ids=["infobip", "generic"])
async def test_a_bad_entry_does_not_lose_the_good_ones(phone, body):
    async with staged(made(phone)) as stage:
        heard = await stage.knock(sent(phone, body))
    assert heard.status < 300
    assert [inbound.text for inbound in stage.service.inbound] == ["ett", "två"]


HOPELESS = (
    (INFOBIP, {"results": [None, 1]}),
    (INFOBIP, {"results": []}),
    (INFOBIP, {"messages": 1}),
    (GENERIC, []),
    (GENERIC, "text"),
    (SINCH, {"body": "x"}),
    (SINCH, [1]),
    (LINK, {"resultCode": 1001}),
    (LINK, {"other": 1}),
)


@pytest.mark.parametrize(("phone", "body"), HOPELESS)
async def test_a_body_without_one_readable_event_is_refused(phone, body):
    async with staged(made(phone)) as stage:
        assert (await stage.knock(sent(phone, body))).status == 400


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"id":' + b"9" * 5000 + b"}", b'{"from": 1e999, "text": NaN}'])
async def test_hostile_json_does_no_harm(body):
    async with staged(made(GENERIC)) as stage:
        assert (await stage.knock(GENERIC.send(Said(), NOW, body=body))).status in (204, 400)


async def test_sinch_media_and_binaries_are_kept():
    media = {
        "subject": "s",
        "message": "se här",
        "media": [{"url": "https://m.example/1", "content_type": "image/png"}, {}],
    }
    common = {"id": "1", "from": "46701234567", "to": "46766861004"}
    async with staged(made(SINCH)) as stage:
        await stage.knock(sent(SINCH, common | {"type": "mo_media", "body": media}))
        await stage.knock(sent(SINCH, common | {"type": "mo_binary", "body": "AAEC", "udh": "00"}))
    picture, binary = stage.service.inbound
    assert (picture.text, picture.media[0].mime, picture.incomplete) == ("se här", "image/png", True)
    assert (binary.kind, binary.text) == (Kind.UNREADABLE, "")


async def test_sinch_signatures_survive_its_own_two_days_of_retries():
    async with staged(made(SINCH)) as stage:
        assert (await stage.knock(SINCH.send(Said(), NOW - timedelta(hours=46)))).status == 204


async def test_infobip_keeps_the_keyword_in_the_text_and_reads_mms():
    keyword = infobip_entry(Said()) | {"text": "HJÄLP nu", "cleanText": "nu", "keyword": "HJÄLP"}
    mms = infobip_entry(Said()) | {"message": [{"contentType": "text/plain", "value": "se"}, {"url": "https://x/1"}]}
    del mms["text"]
    async with staged(made(INFOBIP)) as stage:
        await stage.knock(sent(INFOBIP, {"results": [keyword, mms]}))
    first, second = stage.service.inbound
    assert (first.text, second.text, len(second.media)) == ("HJÄLP nu", "se", 1)


@pytest.mark.parametrize(
    ("name", "reason", "again"),
    [
        ("REJECTED_NOT_ENOUGH_CREDITS", Reason.ACCOUNT, True),
        ("REJECTED_DESTINATION", Reason.ADDRESS, False),
        ("REJECTED_SYSTEM_ERROR", Reason.REJECTED, False),
    ],
)
async def test_infobip_rejects_within_a_200(name, reason, again):
    double = SmsDouble()
    double.answer = (200, {"messages": [{"messageId": "1", "status": {"groupName": "REJECTED", "name": name}}]})
    async with serve(double.app()) as api, staged(made(INFOBIP, api_url=api)) as stage:
        with pytest.raises(Undelivered) as caught:
            await stage.bridge.send(outbound())
    assert (caught.value.reason, caught.value.retry is not None) == (reason, again)


@pytest.mark.parametrize("phone", [INFOBIP, LINK], ids=["infobip", "link"])
async def test_a_shared_header_may_stand_beside_or_instead_of_basic(phone):
    header = {"hook_header": "X-Gate", "hook_secret": "open sesame"}
    raw = phone.send(Said(), NOW)
    async with staged(made(phone, **header)) as stage:
        assert (await stage.knock(raw)).status == 403
        assert (await stage.knock(replace(raw, headers=raw.headers | {"X-Gate": "open sesame"}))).status == 200


@pytest.mark.parametrize("phone", [INFOBIP, LINK, SINCH], ids=["infobip", "link", "sinch"])
def test_hooks_without_any_authentication_refuse_to_start(phone):
    bare = {key: value for key, value in phone.table.items() if not key.startswith("hook_")}
    with pytest.raises(BadSetting, match="hook_"):
        made(replace(phone, table=bare))


async def test_link_gets_exactly_200():
    async with staged(made(LINK)) as stage:
        assert (await stage.knock(LINK.send(Said(), NOW))).status == 200


@pytest.mark.parametrize(
    ("sender", "type_"), [("+46766861004", "MSISDN"), ("72456", "SHORTNUMBER"), ("Hamn", "ALPHANUMERIC")]
)
async def test_link_is_told_what_kind_of_sender_it_is(sender, type_):
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(LINK, api_url=api, sender=sender)) as stage:
        await stage.bridge.send(outbound())
    assert double.texts[0].fields["sourceTON"] == type_
    assert double.texts[0].fields["relativeValidityTime"] == 180_000


async def test_a_gateway_can_check_our_signature_by_the_same_standard():
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(GENERIC, send_url=f"{api}/generic")) as stage:
        await stage.bridge.send(outbound())
    [text] = double.texts
    signature = Webhook(SECRET).sign("out-row-1", NOW, json.dumps(text.fields))
    assert text.headers["webhook-signature"] == signature
    assert text.fields["expires_at"] == "2026-11-21T18:03:00+00:00"


async def test_a_gateway_that_changes_its_key_sends_two_signatures():
    raw = GENERIC.send(Said(), NOW)
    two = "v1,b2xk v1a,eHh4 " + raw.headers["webhook-signature"]
    async with staged(made(GENERIC)) as stage:
        assert (await stage.knock(replace(raw, headers=raw.headers | {"webhook-signature": two}))).status == 204
        assert (await stage.knock(replace(raw, headers=raw.headers | {"webhook-signature": "v1,å v2 ,"}))).status == 403


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ({"ref": "r", "total": 2, "number": 1}, Part("r", 2, 1)),
        ({"ref": "r", "total": 2, "number": 3}, None),
        (7, None),
    ],
)
async def test_a_gateway_may_leave_the_joining_to_us(part, read):
    async with staged(made(GENERIC)) as stage:
        await stage.knock(sent(GENERIC, {"id": "1", "from": "+46701234567", "text": "a", "part": part}))
    assert stage.service.inbound[0].part == read


def test_a_gateways_key_must_be_a_long_one():
    with pytest.raises(BadSetting, match="hook_secret_file"):
        made(GENERIC, hook_secret="whsec_c2hvcnQ=")
    with pytest.raises(BadSetting, match="send_secret_file"):
        made(GENERIC, send_secret="not base64")
