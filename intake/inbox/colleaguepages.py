"""Who works here: let a newcomer in by comparing fingerprints; administrators invite and show out. Reads no case."""

from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web

from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId, Role
from intake.people import Colleague, NoInvitation, colleagues, deactivate, invite, let_colleague_in
from intake.vault.desk_keys import fingerprint
from intake.vault.errors import WrongFingerprint
from triage.model import DeskName

_LONGEST_LOGIN = 200

_NOT_THE_SAME = _(
    "These are not the digits of that key. Ask again; if they differ once more, let nobody in and tell us."
)
_NOBODY_WAITS = _("Nobody of that name waits to be let in at a desk of yours.")
_NO_LOGIN = _("Write the login, for example an e-mail address, without spaces.")
_NO_DESK = _("Choose a desk, or that the person is an administrator.")
_NOT_YOURSELF = _("You cannot deactivate yourself: ask another administrator.")
_NOBODY = _("There is no such active member.")


async def show_colleagues(visit: WorkVisit) -> web.Response:
    """The members of the visitor's desks; for an administrator everybody."""
    return await _page(visit)


async def let_in(visit: WorkVisit) -> web.Response:
    """Give a newcomer the desk's key. Their fingerprint is never shown here: it must be heard."""
    if not visit.work.reader.keyring:
        return await _page(visit, HTTPStatus.NOT_FOUND, problem=_NOBODY_WAITS)
    newcomer = MemberId(visit.request.match_info["member"])
    try:
        await let_colleague_in(visit.service, visit.work.reader, newcomer, visit.field("fingerprint"), visit.now)
    except WrongFingerprint:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NOT_THE_SAME, about=newcomer)
    except NoInvitation:
        return await _page(visit, HTTPStatus.NOT_FOUND, problem=_NOBODY_WAITS)
    return see_other("/colleagues")


async def invite_colleague(visit: WorkVisit) -> web.Response:
    """Invite somebody; the code is on this one page and nowhere else."""
    login, desk = visit.field("invited").strip(), visit.field("desk")
    if not login or len(login) > _LONGEST_LOGIN or any(letter.isspace() for letter in login):
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NO_LOGIN)
    role = Role.ADMIN if desk == Role.ADMIN else Role.COORDINATOR
    if role is Role.COORDINATOR and desk not in visit.service.config.desks:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NO_DESK)
    code = await invite(visit.service, login, role, None if role is Role.ADMIN else DeskName(desk), visit.now)
    return visit.show(
        "invited.html",
        login=login,
        code=" ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        days=visit.service.config.inbox.invitation_days,
        address=f"{visit.service.config.inbox.url}/join",
    )


async def show_out(visit: WorkVisit) -> web.Response:
    """Deactivate a member: their sessions end with it."""
    member = MemberId(visit.request.match_info["member"])
    if member == visit.work.member.id:
        return await _page(visit, HTTPStatus.CONFLICT, problem=_NOT_YOURSELF)
    try:
        await deactivate(visit.service, member, visit.now, by=visit.work.member.id)
    except NoInvitation:
        return await _page(visit, HTTPStatus.NOT_FOUND, problem=_NOBODY)
    return see_other("/colleagues")


async def _page(
    visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, *, problem: str = "", about: MemberId | None = None
) -> web.Response:
    work, config = visit.work, visit.service.config
    is_admin = work.member.role is Role.ADMIN
    found = await colleagues(visit.service, None if is_admin else sorted(work.reader.desks))
    return visit.show(
        "colleagues.html",
        status,
        found=sorted(found, key=_order),
        desks=config.desks,
        is_admin=is_admin,
        can_let_in=bool(work.reader.keyring),
        fingerprint=fingerprint(work.member.public_key),
        problem=problem,
        about=about,
    )


def _order(colleague: Colleague) -> tuple[Sequence[str], str]:
    return sorted(colleague.desks), colleague.login
