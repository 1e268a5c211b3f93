"""People who log in: an invitation serves once, a login is one person's, whoever left is out everywhere."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from intake.model import MemberState, Role
from intake.store import members, sessions
from intake.store.database import Database
from intake.store.members import Invitation, Tries
from intake.store.schema import invitations
from intake.store.schema import members as table
from intake.store.schema import sessions as session_rows
from intake.store.sessions import Session
from intake.vault.errors import Tampered
from tests.intake.store.samples import KEY, NOW, SYD, add_account, an_account, count

NOW = NOW.replace(microsecond=0)


def an_invitation(token: bytes = b"token", days: float = 7) -> Invitation:
    return Invitation(token, b"sealed login", Role.COORDINATOR, SYD, NOW + timedelta(days=days))


async def test_an_invitation_is_found_by_its_tokens_hash_until_it_ends(database: Database):
    await database.write(members.add_invitation, KEY, an_invitation())
    found = await database.read(members.find_invitation, KEY, [b"older", b"token"], NOW)
    assert found == an_invitation()
    assert await database.read(members.find_invitation, KEY, [b"unknown"], NOW) is None
    assert await database.read(members.find_invitation, KEY, [b"token"], NOW + timedelta(days=7)) is None


async def test_an_invitation_is_taken_once(database: Database):
    await database.write(members.add_invitation, KEY, an_invitation())
    taken = await asyncio.gather(*(database.write(members.take_invitation, b"token") for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]


CHANGES = [
    {"token_hash": b"mine"},
    {"sealed_login": b"mine"},
    {"role": Role.LEAD.value},
    {"desk": "vast"},
    {"desk": None, "role": Role.ADMIN.value},
    {"expires_at": 2**40},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
async def test_a_changed_invitation_is_refused(database: Database, change: dict):
    await database.write(members.add_invitation, KEY, an_invitation())
    await database.write(lambda conn: conn.execute(update(invitations).values(**change)))
    with pytest.raises(Tampered):
        await database.read(members.find_invitation, KEY, [b"token", b"mine"], NOW)


async def test_an_account_is_found_by_any_hash_of_its_login(database: Database):
    account = an_account()
    await database.write(members.add_member, KEY, account, b"login", NOW)
    assert await database.read(members.find_credentials, KEY, [b"newer", b"login"]) == account
    assert await database.read(members.find_credentials, KEY, [b"other"]) is None
    assert await database.read(members.find_member, KEY, account.member.id) == account.member


async def test_a_login_is_one_persons(database: Database):
    await database.write(add_account)
    with pytest.raises(IntegrityError):
        await database.write(add_account)


@pytest.mark.parametrize("change", [{"role": "admin"}, {"public_key": b"mine"}, {"sealed_login": b"mine"}], ids=str)
async def test_a_changed_account_is_refused(database: Database, change: dict):
    member = await database.write(add_account)
    await database.write(lambda conn: conn.execute(update(table).values(**change)))
    with pytest.raises(Tampered):
        await database.read(members.find_member, KEY, member)
    with pytest.raises(Tampered):
        await database.read(members.find_credentials, KEY, [b"login"])
    with pytest.raises(Tampered):
        await database.read(members.list_members, KEY)


async def test_whoever_left_stays_known_and_cannot_log_in(database: Database):
    account = an_account()
    await database.write(members.add_member, KEY, account, b"login", NOW)
    await database.write(members.deactivate, KEY, account.member)
    assert await database.read(members.find_credentials, KEY, [b"login"]) is None
    assert (await database.read(members.find_member, KEY, account.member.id)).state is MemberState.INACTIVE
    (listed,) = await database.read(members.list_members, KEY)
    assert listed.id == account.member.id


async def test_whoever_left_is_not_made_active_again_from_outside(database: Database):
    account = an_account()
    await database.write(members.add_member, KEY, account, b"login", NOW)
    await database.write(members.deactivate, KEY, account.member)
    await database.write(lambda conn: conn.execute(update(table).values(state="active")))
    with pytest.raises(Tampered):
        await database.read(members.find_member, KEY, account.member.id)


async def test_the_login_of_whoever_left_is_free_again(database: Database):
    account = an_account()
    await database.write(members.add_member, KEY, account, b"login", NOW)
    await database.write(members.deactivate, KEY, account.member)
    again = await database.write(add_account)
    assert (await database.read(members.find_credentials, KEY, [b"login"])).member.id == again


async def test_members_are_listed_as_they_joined(database: Database):
    joined = [an_account() for _ in range(3)]
    for n, account in enumerate(joined):
        await database.write(members.add_member, KEY, account, b"%d" % n, NOW + timedelta(seconds=n))
    assert await database.read(members.list_members, KEY) == [account.member for account in joined]


async def test_vain_tries_are_counted_until_one_succeeds(database: Database):
    assert await database.read(members.find_tries, b"login") is None
    for n in range(3):
        await database.write(members.count_failure, b"login", NOW + timedelta(seconds=n))
    assert await database.read(members.find_tries, b"login") == Tries(3, NOW + timedelta(seconds=2))
    assert await database.read(members.find_tries, b"other") is None
    await database.write(members.forget_failures, b"login")
    assert await database.read(members.find_tries, b"login") is None


async def test_old_tries_are_forgotten(database: Database):
    await database.write(members.count_failure, b"old", NOW - timedelta(seconds=1))
    await database.write(members.count_failure, b"new", NOW)
    await database.write(members.forget_old_failures, NOW)
    assert await database.read(members.find_tries, b"old") is None
    assert await database.read(members.find_tries, b"new") is not None


async def test_a_code_is_used_once_and_no_older_one_after_it(database: Database):
    member = await database.write(add_account)
    at_once = await asyncio.gather(*(database.write(members.use_code, member, 5) for _ in range(3)))
    assert sorted(at_once) == [False, False, True]
    assert not await database.write(members.use_code, member, 4)
    assert await database.write(members.use_code, member, 6)


async def a_session(database: Database, id_hash: bytes = b"session") -> Session:
    member = await database.write(add_account, id_hash)
    session = Session(id_hash, member, b"wrapped", b"device", NOW, NOW, NOW + timedelta(hours=10))
    await database.write(sessions.add, session)
    return session


async def test_a_session_is_found_touched_and_ended(database: Database):
    session, other = await a_session(database), await a_session(database, b"other")
    assert await database.read(sessions.find, b"session") == session
    later = NOW + timedelta(minutes=3)
    await database.write(sessions.touch, b"session", later)
    assert (await database.read(sessions.find, b"session")).last_seen_at == later
    await database.write(sessions.end, b"session")
    assert await database.read(sessions.find, b"session") is None
    assert await database.read(sessions.find, b"other") == other


async def test_somebody_ends_their_own_sessions_only(database: Database):
    session, other = await a_session(database), await a_session(database, b"other")
    assert not await database.write(sessions.end_one_of, other.member, b"session")
    assert await database.write(sessions.end_all_of, session.member) == 1
    assert await database.read(sessions.of_member, other.member) == [other]
    assert await database.write(sessions.end_all_of, other.member, b"other") == 0
    assert await database.write(sessions.end_one_of, other.member, b"other")


async def test_every_session_of_whoever_left_has_ended(database: Database):
    session, other = await a_session(database), await a_session(database, b"other")
    member = await database.read(members.find_member, KEY, session.member)
    await database.write(members.deactivate, KEY, member)
    assert await database.read(sessions.find, b"session") is None
    assert await database.read(sessions.find, b"other") == other


async def test_sessions_that_have_ended_are_deleted_and_old_invitations_too(database: Database):
    await a_session(database)
    for days in (1, 7):
        await database.write(members.add_invitation, KEY, an_invitation(b"%d" % days, days))
    assert await database.write(members.end_old_sessions, NOW, NOW - timedelta(minutes=30)) == 0
    assert await database.write(members.end_old_sessions, NOW, NOW) == 1
    await a_session(database, b"again")
    assert await database.write(members.end_old_sessions, NOW + timedelta(days=1), NOW - timedelta(days=1)) == 1
    assert await database.read(count, session_rows) == 0
    assert await database.read(count, invitations) == 1
