"""Flows that go well, with a marker wherever somebody types."""

import io
from dataclasses import replace
from html import unescape

from aiohttp import FormData

from bridges.telegram import silence
from intake import clock, mailbox
from intake.casework import list_cases
from intake.reply import reply
from tests.bridges.phones import PHONES, Said
from tests.doubles import Mood
from tests.flows.canary.house import DIGITS, HEADER, HIDDEN, NAME, NUMBER, PATH, SECRET, TEXT, House
from tests.flows.steps import NATIONAL, only_case, tell
from tests.flows.test_sms import staged
from tests.flows.test_telegram import ID, talking
from tests.intake.parser.samples import MARK, PICTURES
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING, PASSPHRASE, reader_of
from tests.telegram_double import TelegramDouble


async def write_and_come_back(house: House) -> None:
    answer = await house.session.post(
        f"http://127.0.0.1:{house.public}/api/v1/reports",
        json={"text": TEXT, "county": "12"},
        headers={"Idempotency-Key": HEADER * 2},
    )
    receipt = house.made["receipt"] = (await answer.json())["receipt"]
    assert (await house.api("mailbox", {"receipt": receipt})).status == 200
    assert (await house.api("mailbox/messages", {"receipt": receipt, "text": TEXT})).status == 201
    assert (await house.api("mailbox/erase", {"receipt": receipt})).status == 204
    assert (await house.api("mailbox", {"receipt": receipt})).status == 404


async def write_by_the_form(house: House) -> None:
    assert (await house.page(house.public, "/sv/tip", text=TEXT, place="Trelleborg")).status == 201
    receipt = house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    assert (await house.page(house.public, "/sv/mailbox", receipt=receipt, action="open")).status == 200


async def send_files(house: House) -> None:
    """A picture that tells, one that is none, and a form that breaks off."""
    async with house.session.get(f"http://127.0.0.1:{house.public}/sv/tip") as answer:
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(await answer.text())}
    form = FormData({**hidden, "text": TEXT, "originals": "yes"}, default_to_multipart=True)
    for name, content in ((f"{PATH}.jpg", PICTURES["jpeg"]), (f"{HEADER}.exe", TEXT.encode())):
        form.add_field("files", content, filename=name)
    assert (await house.call("POST", house.public, "/sv/tip", data=form)).status == 201
    house.made["camera"] = MARK.decode()
    kind = {"Content-Type": f"multipart/form-data; boundary={HEADER}"}
    torn = f'--{HEADER}\r\nContent-Disposition: form-data; name="files"; filename="{NAME}"\r\n\r\n{TEXT}'
    answer = await house.call("POST", house.public, "/sv/tip", data=io.BytesIO(torn.encode()), headers=kind)
    assert answer.status == 400


async def work_at_the_desk(house: House) -> None:
    house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    assert (await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)).status == 303
    reader = await reader_of(house.service, house.syd)
    case = await only_case(house.service, reader)
    assert (await house.call("GET", house.inbox, f"/cases/{case}")).status == 200
    await reply(house.service, reader, case, TEXT, MONDAY_MORNING)
    assert (await house.call("GET", house.inbox, "/")).status == 200


async def work_on_a_case(house: House) -> None:
    await work_at_the_desk(house)
    case = await only_case(house.service, await reader_of(house.service, house.syd))
    async with house.session.get(f"http://127.0.0.1:{house.inbox}/cases/{case}") as answer:
        mark = {"csrf": dict(HIDDEN.findall(await answer.text()))["csrf"]}
    put = {"kind": "tip", "type": "labour", "urgency": "high", "minor": "no", "place": "", "lang": "th", "cards": "1"}
    for form, fields in (
        ("remark", {"remark": TEXT}),
        ("remark", {"remark": TEXT * 2000}),
        ("labels", put),
        ("labels", put | {"place": TEXT, "lang": SECRET}),
        ("later", {"back_way": NAME, "back_day": TEXT, "back_why": TEXT}),
        ("later", {"back_way": "quiet", "back_day": "2026-12-01", "back_why": TEXT}),
        ("interpreter", {"hidden": NAME}),
        ("hand-on", {"desk": SECRET, "reason": TEXT}),
        ("hand-on", {"desk": NATIONAL, "reason": TEXT, "way": "lend"}),
        ("take-back", {"desk": HEADER}),
    ):
        await house.call("POST", house.inbox, f"/cases/{case}/{form}", data=mark | fields)
    await house.call("POST", house.inbox, "/views", data=mark | {"view": TEXT, "query": f"place={SECRET}&kind=help"})
    for path in (f"/?place={SECRET}&kind={HEADER}", f"/list?after={PATH}", "/changes"):
        assert (await house.call("GET", house.inbox, path)).status == 200


async def change_the_own_account(house: House) -> None:
    """Every form of the account page, rightly and wrongly, and a case that names a number."""
    house.made["named"] = "0709182736"
    await tell(house.service, f"{TEXT}, ring 0709182736")
    assert (await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)).status == 303
    reader = await reader_of(house.service, house.syd)
    assert (await house.call("GET", house.inbox, f"/cases/{await only_case(house.service, reader)}")).status == 200
    for end, fields in (
        ("passphrase", {"current": SECRET, "passphrase": SECRET, "again": SECRET}),
        ("passphrase", {"current": PASSPHRASE, "passphrase": "kanarie", "again": "kanarie"}),
        ("passkeys/add", {"current": PASSPHRASE, "name": NAME, "challenge": SECRET, "answer": SECRET}),
        ("passkeys/remove", {"passkey": SECRET, "current": PASSPHRASE}),
        ("sessions/end", {"session": SECRET}),
        ("authenticator", {"ticket": SECRET, "current": SECRET, "code": DIGITS}),
        ("passphrase", {"current": PASSPHRASE, "passphrase": SECRET, "again": SECRET}),
    ):
        async with house.session.get(f"http://127.0.0.1:{house.inbox}/account") as answer:
            hidden = {name: unescape(value) for name, value in HIDDEN.findall(await answer.text())}
        await house.call("POST", house.inbox, f"/account/{end}", data={**hidden, **fields})


async def look_at_the_counts(house: House) -> None:
    await tell(house.service, TEXT)
    for path in ("/healthz", "/readyz", "/metrics", f"/metrics?{PATH}={HEADER}"):
        assert (await house.call("GET", house.ops, path)).status == 200


async def forget_what_is_due(house: House) -> None:
    house.made["receipt"] = receipt = (await tell(house.service, TEXT)).receipt
    await mailbox.erase(house.service, await mailbox.key_from_receipt(house.service, receipt), MONDAY_MORNING)
    for job in clock.TABLE:
        await clock._run(house.service, job)


async def write_from_every_phone(house: House) -> None:
    """Every provider's webhook, forged too; the desk's answer, a code, a provider that fails."""
    reader, pace = await reader_of(house.service, house.syd), house.service.clock
    house.made |= {"number": NUMBER, "chat": str(ID), "user name": "smeknamn"}
    for phone in PHONES:
        hangs = phone is PHONES[0]  # tests/bridges lets every one of them hang
        async with staged(house.service, phone, pace, patience=1 if hangs else PATIENCE) as stage:
            await stage.knock(Said(f"{TEXT}, jag tvingas sälja sex", f"+{NUMBER}", id=f"{phone.label}-1"))
            await stage.knock(Said("JA", f"+{NUMBER}", id=f"{phone.label}-2"))
            stage.phone = replace(phone, sign=lambda body, at: (body, {}))
            assert await stage.knock(Said(TEXT, f"+{NUMBER}", id=f"{phone.label}-3")) in (401, 403)
            case = (await list_cases(house.service, reader, None, 1)).lines[0].case
            await reply(house.service, reader, case.id, TEXT, pace.now)
            for mood in (Mood.LIES, Mood.FORBIDS, *[Mood.HANGS][:hangs], Mood.WELL):
                stage.double.mood = mood
                await stage.carry()
                pace.advance(seconds=20)
            stage.phone = phone
            pace.advance(minutes=4)
            await stage.knock(Said("KOD", f"+{NUMBER}", id=f"{phone.label}-4"))
            house.made[f"code {phone.label}"] = (await stage.carry())[-1].partition(".")[0]


async def write_in_the_chat(house: House) -> None:
    """A whole conversation, its answer, a bot that is blocked, an erasure."""
    house.made |= {"chat": str(ID), "user name": "smeknamn", "token": TelegramDouble().token}
    silence()
    async with talking(house.service, house.service.clock) as talk:
        await talk.say("/start", TEXT, "/safe")
        await talk.press("lang:sv", "door:help", "may:yes", "ask")
        await talk.say(TEXT, TEXT, f"{TEXT} nej", "allt")
        talk.double.mood = Mood.LIES
        await talk.say(TEXT)
        talk.double.mood = Mood.WELL
        await talk.say("/erase")
        await talk.press("erase:yes")
        await talk.say(TEXT)
        talk.double.block(ID)
        await talk.go_on()
