"""Twilio's own: the newer signatures, JSON bodies, ports, media that redirect, opt-outs, error codes, calls."""

import hashlib
import json
from dataclasses import replace

import pytest
from twilio.request_validator import HMAC_SHA256, RequestValidator

from bridges.contract import Alarm, Delivery, Kind, Reason, Undelivered
from bridges.load import build
from tests.bridges.phones import FORM, JSON, KEY, PUBLIC, TWILIO, Raw, form
from tests.bridges.runner import NUMBER, made, outbound, staged, surroundings
from tests.doubles import SmsDouble, serve

FIELDS = {"MessageSid": "SM1", "From": "+46701234567", "To": "+46766861004", "Body": "Hej", "NumMedia": "0"}
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"


def signed(fields: dict[str, str], path: str = "/hooks/phone", base: str = PUBLIC, algorithm: str | None = None) -> Raw:
    """A form, signed by Twilio's SDK."""
    signature = RequestValidator(KEY).compute_signature(base + path, fields, algorithm)
    return Raw(form(fields), {"X-Twilio-Signature": signature, "Content-Type": FORM}, path)


@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        ({"shared_key": KEY}, {SETTINGS_HEADER: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}, 200),
        ({"shared_key": KEY}, {}, 403),
        ({}, {SETTINGS_HEADER: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}, 403),
        ({}, {SETTINGS_HEADER: "key=webhooks_sharedkey_1,algorithm=HMAC_MD5"}, 403),
    ],
)
async def test_with_a_shared_key_nothing_weaker_than_sha256_will_do(settings, headers, status):
    raw = signed(FIELDS, algorithm=HMAC_SHA256)
    async with staged(made(TWILIO, **settings)) as stage:
        heard = await stage.knock(replace(raw, headers=raw.headers | headers))
    assert heard.status == status


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://hamn.example", "https://hamn.example:443"),
        ("https://hamn.example:8443", "https://hamn.example"),
        ("https://hamn.example:8443", "https://hamn.example:8443"),
    ],
)
async def test_twilio_may_sign_with_or_without_the_port(ours, theirs):
    around = replace(surroundings(), public_url=ours)
    async with staged(build("sms_twilio", "phone", TWILIO.table, around)) as stage:
        assert (await stage.knock(signed(FIELDS, base=theirs))).status == 200


async def test_the_signed_url_is_ours_and_not_what_the_request_claims():
    evil = signed(FIELDS, base="https://evil.example")
    claims = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    async with staged(made(TWILIO)) as stage:
        assert (await stage.knock(replace(evil, headers=evil.headers | claims))).status == 403


@pytest.mark.parametrize(("tampered", "status"), [(False, 400), (True, 403)], ids=["signed, no event", "tampered"])
async def test_a_json_body_is_bound_by_its_hash(tampered, status):
    body = json.dumps({"MessageSid": "SM1", "MessageStatus": "sent"}).encode()
    path = f"/hooks/phone?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(KEY).compute_signature(PUBLIC + path, {})
    headers = {"X-Twilio-Signature": signature, "Content-Type": JSON}
    async with staged(made(TWILIO)) as stage:
        heard = await stage.knock(Raw(body + b" " if tampered else body, headers, path))
    assert heard.status == status


async def test_get_is_signed_over_its_query():
    path = "/hooks/phone?From=%2B46701234567&Body=hej+d%C3%A5&MessageSid=SM1"
    signature = RequestValidator(KEY).compute_signature(PUBLIC + path, {})
    async with staged(made(TWILIO, allow_get=True)) as stage:
        heard = await stage.knock(Raw(b"", {"X-Twilio-Signature": signature}, path, "GET"))
    assert (heard.status, stage.service.inbound[0].text) == (200, "hej då")


@pytest.mark.parametrize("name", ["MediaUrl0", "Body"])
async def test_a_repeated_field_is_signed_once_a_value(name):
    pairs = [*FIELDS.items(), (name, "x"), (name, "y"), (name, "x")]
    url, values = f"{PUBLIC}/hooks/phone", sorted({(k, v) for k, v in pairs})
    signature = RequestValidator(KEY).compute_signature(url + "".join(k + v for k, v in values), {})
    body = "&".join(f"{k}={v}".replace("+", "%2B") for k, v in pairs).encode()
    async with staged(made(TWILIO)) as stage:
        assert (await stage.knock(Raw(body, {"X-Twilio-Signature": signature}))).status == 200


async def test_media_follow_redirects_within_twilio_only():
    double, store = SmsDouble(), SmsDouble()
    store.media["/1"] = b"picture"
    async with serve(double.app()) as api, serve(store.app()) as cdn:
        double.media |= {"/in": f"->{cdn}/1".encode(), "/out": b"->https://evil.example/"}
        hosts = [api.removeprefix("http://"), cdn.removeprefix("http://")]
        fields = FIELDS | {"NumMedia": "3", "MediaUrl0": f"{api}/in", "MediaUrl1": f"{api}/out"}
        async with staged(made(TWILIO, api_url=api, media_hosts=hosts)) as stage:
            await stage.knock(signed(fields | {"MediaContentType0": "image/png"}))
            [inbound] = stage.service.inbound
            assert inbound.incomplete
            assert [media.mime for media in inbound.media] == ["image/png", "application/octet-stream"]
            assert b"".join([p async for p in stage.bridge.fetch(inbound.media[0], 99)]) == b"picture"
            with pytest.raises(Undelivered, match="unsuitable"):
                [p async for p in stage.bridge.fetch(inbound.media[1], 99)]


async def test_an_opt_out_that_twilio_carried_out_is_a_stop():
    async with staged(made(TWILIO)) as stage:
        await stage.knock(signed(FIELDS | {"Body": "STOP", "OptOutType": "STOP"}))
    assert stage.service.inbound[0].kind is Kind.STOP


@pytest.mark.parametrize(
    ("fields", "state", "why"),
    [
        ({"MessageStatus": "queued"}, Delivery.QUEUED, None),
        ({"MessageStatus": "sent"}, Delivery.SENT, None),
        ({"MessageStatus": "delivered"}, Delivery.DELIVERED, None),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, Delivery.FAILED, Reason.ADDRESS),
        ({"MessageStatus": "undelivered", "ErrorCode": "30007"}, Delivery.FAILED, Reason.REJECTED),
        ({"MessageStatus": "failed", "ErrorCode": "21610"}, Delivery.FAILED, Reason.STOPPED),
    ],
)
async def test_a_status_callback_moves_the_text_on(fields, state, why):
    async with staged(made(TWILIO)) as stage:
        await stage.knock(signed(fields | {"MessageSid": "SM9"}, "/hooks/phone/status"))
    [report] = stage.service.reports
    assert (report.id, report.state, report.why) == ("SM9", state, why)


@pytest.mark.parametrize(
    ("code", "reason", "again"),
    [(21610, Reason.STOPPED, False), (21614, Reason.ADDRESS, False), (21408, Reason.ACCOUNT, True)],
)
async def test_an_error_code_says_more_than_the_status(code, reason, again):
    double = SmsDouble()
    double.answer = (400, {"code": code, "message": "about +46701234567"})
    async with serve(double.app()) as api, staged(made(TWILIO, api_url=api)) as stage:
        with pytest.raises(Undelivered) as caught:
            await stage.bridge.send(outbound())
    assert (caught.value.reason, caught.value.retry is not None) == (reason, again)


async def test_a_phone_rings_and_the_words_cannot_break_out_of_the_markup():
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(TWILIO, api_url=api)) as stage:
        await stage.bridge.call(Alarm(id="a1", address=NUMBER, words="Något <väntar> & mer", language='sv"'))
    say = "<Say language='sv\"'>Något &lt;väntar&gt; &amp; mer</Say>"
    assert double.texts[0].fields["Twiml"] == f"<Response>{say}<Pause/>{say}</Response>"


async def test_twilio_gives_up_when_the_text_would_be_late():
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(TWILIO, api_url=api)) as stage:
        await stage.bridge.send(outbound())
    assert double.texts[0].fields["ValidityPeriod"] == "180"
