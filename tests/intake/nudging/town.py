"""A town of coordinators for tests of nudges: cases without content, phones that note who was told what, and when."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bridges.contract import Channel as Way
from intake.due import begin, first_at, renew
from intake.model import Case, CaseId, Channel, MemberId, NoticeWay, OutgoingKind, Status
from intake.notices.book import sealed_address
from intake.nudging.sweep import sweep
from intake.service import Service
from intake.store import cases, desks, notices
from intake.store.notices import AddressRow
from intake.store.schema import outbox
from intake.vault.ids import new_case_id
from tests.intake.notices.conftest import FakePhone
from tests.service import make_config
from triage.model import DeskName, Kind, Pace

SYD, VAST, NATIONAL = DeskName("syd"), DeskName("vast"), DeskName("nationell")


@dataclass(frozen=True)
class Told:
    """Somebody was told: None is whoever is on call."""

    member: MemberId | None
    what: str
    call: bool
    at: datetime


@dataclass
class Town:
    """The service, who works at which desk, and what everybody was told."""

    service: Service
    members: dict[DeskName, MemberId]
    told: list[Told] = field(default_factory=list)

    @property
    def desk_of(self) -> dict[MemberId, DeskName]:
        return {member: desk for desk, member in self.members.items()}

    async def open(self, pace: Pace, now: datetime, desk: DeskName = SYD, kind: Kind = Kind.TIP) -> CaseId:
        """A case comes in."""
        return await self.service.database.write(open_case, self.service, pace, desk, kind, now)

    async def change(self, case_id: CaseId, now: datetime, verb: Callable[..., object], *given: object) -> None:
        """Somebody does something with a case, and it is renewed with that."""
        await self.service.database.write(changed, self.service, case_id, now, verb, *given)

    async def sweep(self, now: datetime) -> list[Told]:
        """Nudge, and let every phone ring at once."""
        await sweep(self.service, now)
        new = await self.service.database.write(carry, now)
        self.told += new
        return new

    def names(self, told: list[Told]) -> list[tuple[str, str]]:
        """Whom and what, for short."""
        return sorted((self.desk_of.get(one.member, "on call"), one.what) for one in told)


def open_case(conn: Connection, service: Service, pace: Pace, desk: DeskName, kind: Kind, now: datetime) -> CaseId:
    case_id = new_case_id()
    case = Case(case_id, desk, Status.NEW, pace, Channel.WEB, received_at=now, due_at=now)
    begun = begin(service.config, service.calendar, case, kind)
    cases.add(conn, service.key, begun, first_at(service.config, service.calendar, begun))
    return case_id


def changed(
    conn: Connection, service: Service, case_id: CaseId, now: datetime, verb: Callable[..., object], *given: object
) -> None:
    verb(conn, case_id, *given)
    renew(conn, service, case_id, now)


def carry(conn: Connection, now: datetime) -> list[Told]:
    """Take out what was promised, as if it had been sent."""
    rows = conn.execute(select(outbox.c.member_id, outbox.c.template, outbox.c.kind)).all()
    conn.execute(delete(outbox))
    return [Told(row.member_id, row.template, row.kind == OutgoingKind.CALL.value, now) for row in rows]


async def settle(service: Service, **changes: object) -> Town:
    """Give every coordinator a phone; `changes` are tables of the configuration."""
    config = make_config(bridges={"phone": {"type": "none"}}, **changes)
    staffed = replace(service, config=config, bridges={"phone": FakePhone("phone", Way.SMS)})
    return Town(staffed, await service.database.write(_give_phones, staffed))


def _give_phones(conn: Connection, service: Service) -> dict[DeskName, MemberId]:
    members = {}
    for desk in service.config.desks:
        (member,) = desks.let_in(conn, service.key, desk)
        sealed = sealed_address(service.key, member, NoticeWay.SMS, "+46701740605", "sv")
        notices.save_address(conn, AddressRow(member, NoticeWay.SMS, True, sealed))
        members[desk] = member
    return members
