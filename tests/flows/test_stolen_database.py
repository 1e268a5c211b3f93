"""A stolen database, without the service key, shows nothing of what anybody wrote, typed or was given."""

import base64
from dataclasses import replace

import pytest
from sqlalchemy import select

from intake import casework, login, mailbox, people
from intake.model import Channel, Police, Role
from intake.receive import Once, Report, receive
from intake.reply import reply
from intake.service import Service
from intake.store import desks, schema
from intake.vault.errors import VaultError, WrongPassphrase
from intake.vault.passphrase import unlock_member_key
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import PrivateKey
from tests.flows.steps import MALMO, SYD, by_form, look, only_case, tell
from tests.flows.stolen import found_in, loot, spellings
from tests.service import MONDAY_MORNING, PASSPHRASE, log_in_as, staff
from triage.model import Kind

TEXT = "Hon heter Oxelgrenska, bor i Trelleborg vid Bokbindaregatan, ring 0701740605."
ADDED = "Nu är hon i Simrishamn, tröskverket."
ANSWER = "Vi kommer till Bäckaskog, säger Kvastbindare."
KEY = "idempotens-nyckel-av-en-avsändare-4711"

CANARIES = {
    "a name in a text": "Oxelgrenska",
    "a place in a text": "Trelleborg",
    "a street": "Bokbindaregatan",
    "a number": "0701740605",
    "what was added": "tröskverket",
    "another place": "Simrishamn",
    "the answer": "Kvastbindare",
    "the municipality's code": '"1280"',
    "a passphrase": PASSPHRASE,
    "the door": "professional",
    "the police question": '"ask"',
    "an idempotency key": KEY,
    "a login": "gullregn.coordinator@test",
    "an invited login": "hagtorn.invited@test",
    "a login tried in vain": "nattviol.vain@test",
}


async def lived(service: Service) -> dict[str, str]:
    """A little of everything; returns the secrets that only come to be by it."""
    anna = await staff(service, CANARIES["a login"], "syd")
    await staff(service, "nationell@test", "nationell")
    code = await people.invite(service, CANARIES["an invited login"], Role.COORDINATOR, SYD, MONDAY_MORNING)
    with pytest.raises(login.Refused):
        await login.log_in(service, CANARIES["a login tried in vain"], PASSPHRASE, "", MONDAY_MORNING)
    report = Report(TEXT, Channel.WEB, Kind.PROFESSIONAL, MALMO, Police.ASK, "sv")
    receipt = (await receive(service, report, Once.by_key(service.key, KEY.encode()), MONDAY_MORNING)).receipt
    form = by_form(service)
    token = await log_in_as(service, anna)
    reader = (await login.resume(service, token.cookie, MONDAY_MORNING)).reader
    case = await only_case(service, reader)
    await casework.open_case(service, reader, case, MONDAY_MORNING)
    await reply(service, reader, case, ANSWER, MONDAY_MORNING)
    key = await mailbox.key_from_receipt(service, receipt)
    await mailbox.write_more(service, key, ADDED, "sv", MONDAY_MORNING)
    erased = (await tell(service, TEXT, once=form)).receipt
    await mailbox.erase(service, await mailbox.key_from_receipt(service, erased), MONDAY_MORNING)
    await people.deactivate(service, anna.member, MONDAY_MORNING)
    seeds = [reader.private.seed, key.private.seed, *(desk.seed for desk in reader.keyring.values())]
    return {
        "a receipt": receipt,
        "an erased receipt": erased,
        "the last half of a receipt": receipt[14:],
        "an invitation's code": code,
        "a cookie": token.cookie,
        "a cookie's secret": base64.b64encode(token.secret).decode()[:40],
        "a form's token": base64.b64encode(form.value).decode()[:20],
        **{f"private key {n}": base64.b64encode(seed).decode()[:40] for n, seed in enumerate(seeds)},
    }


@pytest.mark.parametrize("secret", CANARIES.values(), ids=CANARIES)
def test_the_search_would_find(secret: str):
    assert all(found_in(b"noise" + form + b"noise", {"it": secret}) for form in spellings(secret) if len(form) > 5)
    assert found_in(f"noise{secret}noise".encode("utf-16-be"), {"it": secret})


async def test_nothing_of_it_lies_in_the_database(empty_service: Service, database_url: str):
    made = await lived(empty_service)
    heap = await loot(empty_service, database_url)
    assert len(heap) > 20_000
    assert b"nationell" in heap, "the search reads what lies in the clear"
    assert found_in(heap, CANARIES | made) == []
    raw = [base64.b64decode(secret + "=" * (-len(secret) % 4)) for name, secret in made.items() if "private" in name]
    assert not [key for key in raw if key[:24] in heap]


async def test_without_the_service_key_nothing_opens_even_with_receipt_and_passphrase(empty_service: Service):
    anna = await staff(empty_service, "syd@test", "syd")
    await staff(empty_service, "nationell@test", "nationell")
    receipt = (await tell(empty_service, TEXT)).receipt
    token = await log_in_as(empty_service, anna)
    thief = replace(empty_service, key=ServiceKey.generate())
    with pytest.raises(mailbox.NoMailbox):
        await look(thief, receipt)
    with pytest.raises(login.Refused):
        await log_in_as(thief, anna)
    with pytest.raises((login.NoSession, VaultError)):
        await login.resume(thief, token.cookie, MONDAY_MORNING)
    row = await thief.database.read(
        lambda conn: conn.execute(select(schema.members).where(schema.members.c.id == anna.member)).one()
    )
    with pytest.raises(WrongPassphrase):
        unlock_member_key(thief.key, PASSPHRASE, row.protected_key, anna.member)
    for verb in (desks.current_keys, desks.keys_to_seal_to):
        with pytest.raises(VaultError):
            await thief.database.write(verb, thief.key)


async def test_the_service_key_alone_opens_no_desks_key_and_no_mailbox(empty_service: Service):
    """The whole disk: the thief guesses passphrases one by one, and has neither a receipt nor a cookie."""
    anna = await staff(empty_service, "syd@test", "syd")
    await staff(empty_service, "nationell@test", "nationell")
    await tell(empty_service, TEXT)
    await log_in_as(empty_service, anna)
    row = await empty_service.database.read(
        lambda conn: conn.execute(select(schema.members).where(schema.members.c.id == anna.member)).one()
    )
    for guess in ("", "hamn", PASSPHRASE.upper()):
        with pytest.raises(WrongPassphrase):
            unlock_member_key(empty_service.key, guess, row.protected_key, anna.member)
    ours = [empty_service.key.subkey(purpose) for purpose in Purpose]
    seeds = [*ours, *empty_service.key.roots.values()]
    wraps = await empty_service.database.read(lambda conn: conn.execute(select(schema.wraps)).all())
    published = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.mailboxes.c.public_key)).scalars())
    )
    keys = await empty_service.database.read(desks.current_keys, empty_service.key)
    published |= {key.public_key for key in keys.values()} | {row.public_key}
    assert not [seed for seed in seeds if PrivateKey(seed).public_bytes in published]
    assert {wrap.kind for wrap in wraps} == {"desk", "mailbox"}
