"""46elks's own: reports, MMS, source addresses, calls."""

from dataclasses import replace

import pytest

from bridges.contract import Alarm, BadSetting, Calling, Delivery, Media, Reason, Undelivered
from bridges.load import build
from tests.bridges.phones import ELKS, Said, form
from tests.bridges.runner import NOW, NUMBER, made, outbound, staged, surroundings
from tests.doubles import SmsDouble, serve

REPORTS = (
    ({"id": "s1", "status": "delivered", "delivered": "2026-11-21T18:00:00"}, Delivery.DELIVERED, None),
    ({"id": "s1", "status": "sent"}, Delivery.SENT, None),
    ({"id": "s1", "status": "failed"}, Delivery.FAILED, Reason.REJECTED),
)


@pytest.mark.parametrize(("fields", "state", "why"), REPORTS, ids=lambda value: str(value))
async def test_a_report_moves_the_text_on(fields, state, why):
    raw = replace(ELKS.send(Said(), NOW, body=form(fields)), path="/hooks/phone/status")
    async with staged(made(ELKS)) as stage:
        heard = await stage.knock(raw)
    [report] = stage.service.reports
    assert (heard.status, report.id, report.state, report.why) == (204, "s1", state, why)


@pytest.mark.parametrize("fields", [{"id": "s1", "status": "pondering"}, {"direction": "outgoing", "from": "x"}])
async def test_what_is_nothing_for_us_is_acknowledged_and_dropped(fields):
    async with staged(made(ELKS)) as stage:
        heard = await stage.knock(ELKS.send(Said(), NOW, body=form(fields)))
    assert (heard.status, stage.service.inbound, stage.service.reports) == (204, [], [])


async def test_a_report_without_an_id_cannot_be_read():
    async with staged(made(ELKS)) as stage:
        assert (await stage.knock(ELKS.send(Said(), NOW, body=form({"status": "delivered"})))).status == 400


async def test_pictures_are_fetched_later_from_their_own_host_only():
    fields = {"id": "m1", "from": "+46701234567", "to": "+46766861004", "message": "", "image": "", "image2": ""}
    double = SmsDouble()
    double.media["/media/1"] = b"picture"
    async with serve(double.app()) as api:
        fields |= {"image": f"{api}/media/1", "image2": "https://elsewhere.example/x"}
        async with staged(made(ELKS, api_url=api)) as stage:
            await stage.knock(ELKS.send(Said(), NOW, body=form(fields)))
            own, foreign = stage.service.inbound[0].media
            assert b"".join([piece async for piece in stage.bridge.fetch(own, 100)]) == b"picture"
            for media, limit in ((own, 3), (foreign, 100), (Media("file:///etc/passwd"), 100)):
                assert await refused(stage.bridge, media, limit) is Reason.UNSUITABLE


async def refused(bridge, media, limit):
    """Why a fetch failed."""
    try:
        async for _ in bridge.fetch(media, limit):
            continue
    except Undelivered as error:
        return error.reason


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("176.10.154.199", 204),
        ("10.0.0.9, 176.10.154.199", 204),
        ("2001:9b0:2:902:0:0:0:199", 204),
        ("10.0.0.9", 403),
        ("176.10.154.199, 10.0.0.9", 403),
        ("", 403),
        ("rubbish", 403),
    ],
)
async def test_the_source_is_what_the_trusted_proxy_saw_last(forwarded, status):
    around = surroundings(trusted_proxies=("127.0.0.0/8",))
    bridge = build("sms_46elks", "phone", ELKS.table | {"check_source": True}, around)
    raw = ELKS.send(Said(), NOW)
    async with staged(bridge) as stage:
        heard = await stage.knock(replace(raw, headers=raw.headers | {"X-Forwarded-For": forwarded}))
    assert heard.status == status


def test_the_source_cannot_be_checked_without_a_trusted_proxy():
    with pytest.raises(BadSetting, match="check_source"):
        made(ELKS, check_source=True)


async def test_a_text_is_never_logged_at_46elks_and_reports_come_back_with_credentials():
    double = SmsDouble()
    async with serve(double.app()) as api, staged(made(ELKS, api_url=api)) as stage:
        await stage.bridge.send(outbound())
    fields = double.texts[0].fields
    assert fields["dontlog"] == "message"
    assert fields["whendelivered"] == "https://hook:hook-pass@hamn.example/hooks/phone/status"


async def test_a_phone_rings_with_the_recording_where_there_is_one():
    double = SmsDouble()
    alarm = Alarm(id="a1", address=NUMBER, words="Något väntar.")
    assert not made(ELKS).calls
    async with serve(double.app()) as api:
        voice = "https://hamn.example/alarm.mp3"
        async with staged(made(ELKS, api_url=api, voice_url=voice)) as stage:
            assert isinstance(stage.bridge, Calling)
            assert (await stage.bridge.call(alarm)).ids == ("out-1",)
    assert double.texts[0].fields["voice_start"] == '{"play": "https://hamn.example/alarm.mp3"}'
