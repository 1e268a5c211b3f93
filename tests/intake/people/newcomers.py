"""Steps with newcomers: an invitation, the colleague that they become, let in by somebody's ear."""

from intake import people
from intake.model import MemberId, Role
from intake.people import Colleague
from intake.service import Service
from intake.store import desks
from tests.flows.steps import SYD
from tests.service import MONDAY_MORNING, Person, reader_of


async def an_invitation(service: Service, login: str = "bo@test", role: Role = Role.COORDINATOR) -> str:
    """The ticket of a new invitation to Syd."""
    code = await people.invite(service, login, role, SYD, MONDAY_MORNING)
    return (await people.read_invitation(service, code, MONDAY_MORNING)).ticket


async def colleague(service: Service, member: MemberId) -> Colleague:
    (found,) = [one for one in await people.colleagues(service, None) if one.member.id == member]
    return found


async def let_in(service: Service, by: Person, newcomer: Person) -> None:
    heard = (await colleague(service, newcomer.member)).fingerprint
    await people.let_colleague_in(service, await reader_of(service, by), newcomer.member, heard, MONDAY_MORNING)


async def holders(service: Service, desk=SYD) -> set[MemberId]:
    return set(await service.database.read(desks.let_in, service.key, desk))
