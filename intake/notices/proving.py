"""An address is used only once its owner has read a code there; knows no page, sends nothing itself."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bridges.contract import Address, Channel
from bridges.numbers import to_e164
from intake import audit
from intake.audit import Act, Line
from intake.model import MemberId, NoticeWay, Outgoing, OutgoingKind
from intake.notices.book import Reached, bridge_for, opened_address, sealed_address, ways_of
from intake.notices.promise import promise
from intake.notices.words import CODE, What, language, say
from intake.service import Service
from intake.store import desks, locks, notices, outbox
from intake.store.notices import AddressRow, CodeRow, Told
from intake.vault.blind import blind_candidates
from intake.vault.ids import new_id
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose, ServiceKey

CODE_LIFE = timedelta(minutes=15)
TRIES = 5
_AGAIN_AFTER = timedelta(minutes=1)
"""So long nobody is sent another code by the same way."""
_DIGITS = 6
_START_BYTES = 12
_LONGEST = 200
_TOLD = 5


class Refusal(StrEnum):
    """Why no code goes out, or why one proves nothing."""

    NO_BRIDGE = "no_bridge"
    NO_ADDRESS = "no_address"
    TOO_SOON = "too_soon"
    WRONG = "wrong"


class Refused(Exception):
    """An address is not taken; `why` is for the page."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Own:
    """What a member's own page shows: proven addresses, the ways that wait for a code, what became of notices."""

    reached: Sequence[Reached]
    waiting: frozenset[NoticeWay]
    told: Sequence[Told]


async def own_ways(service: Service, member: MemberId, now: datetime) -> Own:
    """Where a member is told, and how it went."""
    return await service.database.read(_own, service, member, now)


async def begin(service: Service, member: MemberId, way: NoticeWay, typed: str, lang: str, now: datetime) -> str | None:
    """Send a code to an address; for Telegram returns instead what the member is to send the bot after ``/start``.

    Whoever asks has typed the member's passphrase a moment ago: a session alone must not turn notices elsewhere.

    Raises:
        Refused: no bridge goes this way, the address is none, or a code is only just on its way.
    """
    if way is NoticeWay.CALL or bridge_for(service, way) is None:
        raise Refused(Refusal.NO_BRIDGE)
    value = _address(way, typed)
    code = secrets.token_hex(_START_BYTES) if way is NoticeWay.TELEGRAM else f"{secrets.randbelow(10**_DIGITS):06}"
    await service.database.write(_begin, service, member, way, value, language(lang), code, now)
    service.bell.ring()
    return code if way is NoticeWay.TELEGRAM else None


async def prove(service: Service, member: MemberId, way: NoticeWay, typed: str, now: datetime) -> None:
    """The member has read the code: from now on they are told there. Raises `Refused`."""
    if not await service.database.write(_prove, service, member, way, typed, now):
        raise Refused(Refusal.WRONG)


def prove_chat(conn: Connection, service: Service, address: Address, text: str, now: datetime) -> bool:
    """Whether a chat's ``/start CODE`` is a member's proof; whoever says so is no person who writes to us."""
    command, _, code = text.strip().partition(" ")
    if address.channel is not Channel.TELEGRAM or command != "/start" or not code:
        return False
    way = NoticeWay.TELEGRAM
    row = notices.find_code(conn, _hashes(service.key, None, way, code.strip()), way, now)
    if row is None or row.tries >= TRIES:
        return False
    _, lang = opened_address(service.key, row.member, way, row.sealed)
    _take_up(conn, service, row, address.value, lang, now)
    promise(conn, service, [row.member], way, What.TEST, now)
    return True


async def choose(service: Service, member: MemberId, way: NoticeWay) -> None:
    """By this way from now on."""
    await service.database.write(notices.choose, member, way)


async def forget(service: Service, member: MemberId, way: NoticeWay, now: datetime) -> None:
    """Nothing more goes there. Whoever asks has typed the passphrase, as for `begin`."""
    await service.database.write(_forget, service.key, member, way, now)


async def try_out(service: Service, member: MemberId, way: NoticeWay | None, now: datetime) -> bool:
    """Send a notice that is only a test; False where none can go this way."""
    untold = await service.database.write(promise, service, [member], way, What.TEST, now)
    service.bell.ring()
    return not untold


def _own(conn: Connection, service: Service, member: MemberId, now: datetime) -> Own:
    waiting = frozenset(code.way for code in notices.codes_of(conn, member, now) if code.tries < TRIES)
    return Own(ways_of(conn, service.key, [member]), waiting, notices.last_told(conn, member, _TOLD))


def _begin(
    conn: Connection,
    service: Service,
    member: MemberId,
    way: NoticeWay,
    value: str,
    lang: str,
    code: str,
    now: datetime,
) -> None:
    locks.hold(conn, f"notices {member}")
    waits = next((one for one in notices.codes_of(conn, member, now) if one.way is way), None)
    if waits is not None and way is not NoticeWay.TELEGRAM and waits.until - CODE_LIFE + _AGAIN_AFTER > now:
        raise Refused(Refusal.TOO_SOON)
    until = now + CODE_LIFE
    code_hash = _hashes(service.key, member, way, code)[0]
    sealed = sealed_address(service.key, member, way, value, lang)
    notices.save_code(conn, CodeRow(member, way, code_hash, sealed, until))
    if way is not NoticeWay.TELEGRAM:
        _send_code(conn, service, member, way, value, say(CODE, lang, code=code), now)


def _send_code(
    conn: Connection, service: Service, member: MemberId, way: NoticeWay, value: str, text: str, now: datetime
) -> None:
    bridge = bridge_for(service, way)
    if bridge is None:
        raise Refused(Refusal.NO_BRIDGE)
    id_ = new_id()
    outgoing = Outgoing(
        id=id_,
        send_id=new_id(),
        bridge=bridge,
        kind=OutgoingKind.DUTY,
        expires_at=now + CODE_LIFE,
        member=member,
        template=CODE,
        sealed_address=seal_under(service.key, Purpose.ADDRESS, f"{way}|{value}".encode(), id_),
        sealed_text=seal_under(service.key, Purpose.OUTBOX, text.encode(), id_, None),
    )
    outbox.enqueue(conn, outgoing, now)


def _prove(conn: Connection, service: Service, member: MemberId, way: NoticeWay, typed: str, now: datetime) -> bool:
    locks.hold(conn, f"notices {member}")
    row = next((one for one in notices.codes_of(conn, member, now) if one.way is way), None)
    if row is None or row.tries >= TRIES or way is NoticeWay.TELEGRAM:
        return False
    digits = "".join(letter for letter in typed if letter.isdigit())
    if row.code_hash not in _hashes(service.key, member, way, digits):
        notices.count_try(conn, member, way)
        return False
    _take_up(conn, service, row, *opened_address(service.key, member, way, row.sealed), now)
    return True


def _take_up(conn: Connection, service: Service, row: CodeRow, value: str, lang: str, now: datetime) -> None:
    """The way that was proven last is the one that they want."""
    sealed = sealed_address(service.key, row.member, row.way, value, lang)
    notices.save_address(conn, AddressRow(row.member, row.way, True, sealed))
    notices.choose(conn, row.member, row.way)
    notices.drop_code(conn, row.member, row.way)
    _log(conn, service.key, row.member, now)


def _forget(conn: Connection, key: ServiceKey, member: MemberId, way: NoticeWay, now: datetime) -> None:
    locks.hold(conn, f"notices {member}")
    notices.forget_address(conn, member, way)
    # Not dropped: whoever forgets and begins again would get one code more, and five tries more, each time.
    notices.wear_out_code(conn, member, way, TRIES)
    _log(conn, key, member, now)
    left = ways_of(conn, key, [member])
    if left and not any(one.chosen for one in left):
        notices.choose(conn, member, left[0].way)


def _log(conn: Connection, key: ServiceKey, member: MemberId, now: datetime) -> None:
    """That they are told elsewhere from now on, never where."""
    for desk in sorted(desks.desks_of(conn, key, member)):
        audit.record(conn, key, desk, Line(now, Act.NOTICES_CHANGED, member))


def _address(way: NoticeWay, typed: str) -> str:
    value = typed.strip()
    if way is NoticeWay.TELEGRAM:
        return ""
    if way is NoticeWay.SMS:
        number = to_e164(value)
        if number is None:
            raise Refused(Refusal.NO_ADDRESS)
        return number
    name, _, host = value.rpartition("@")
    plain = value.isprintable() and " " not in value and len(value) <= _LONGEST
    if not name or "." not in host or not plain or "," in value:
        raise Refused(Refusal.NO_ADDRESS)
    return value


def _hashes(key: ServiceKey, member: MemberId | None, way: NoticeWay, code: str) -> tuple[bytes, ...]:
    """A chat's code alone must say whose it is; six digits go with who types them."""
    whose = "" if member is None or way is NoticeWay.TELEGRAM else member
    return blind_candidates(key, Purpose.CODE, f"notices|{whose}|{way}|{code}".encode("utf-8", "surrogatepass"))
