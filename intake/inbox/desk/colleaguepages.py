"""Who works here: let a newcomer in by comparing fingerprints; administrators invite and show out. Reads no case."""

from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web

from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId, Role
from intake.people import (
    BegunByYou,
    Colleague,
    NoInvitation,
    begin_anew,
    colleagues,
    deactivate,
    invite,
    let_colleague_in,
)
from intake.vault.desk_keys import fingerprint
from intake.vault.errors import WrongFingerprint
from triage.model import DeskName

_LONGEST_LOGIN = 200
INVITED_AS = (Role.COORDINATOR, Role.LEAD, Role.NATIONAL, Role.REGISTRAR, Role.STATISTICIAN)
"""What somebody may be at a desk."""

_NOT_THE_SAME = _(
    "These are not the digits of that key. Ask again; if they differ once more, let nobody in and tell us."
)
_BEGUN_BY_YOU = _(
    "You started them over and have seen their code, so another colleague must let them in. Where there is none, an "
    "administrator starts them over once more; then you can."
)
_NOBODY_WAITS = _("Nobody of that name waits to be let in at a desk of yours.")
_NO_LOGIN = _("Write the login, for example an e-mail address, without spaces.")
_NO_DESK = _("Choose a desk, or that the person is an administrator.")
_NOT_NATIONAL = _("Only the national desk has national coordinators. Nobody was invited.")
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
    except BegunByYou:
        return await _page(visit, HTTPStatus.CONFLICT, problem=_BEGUN_BY_YOU)
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
    role = _role(visit)
    if role is None or (role is not Role.ADMIN and desk not in visit.service.config.desks):
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NO_DESK)
    if role is Role.NATIONAL and desk != visit.service.config.national_desk:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NOT_NATIONAL)
    code = await invite(visit.service, login, role, None if role is Role.ADMIN else DeskName(desk), visit.now)
    return _invited(visit, login, code)


async def start_over(visit: WorkVisit) -> web.Response:
    """Somebody has lost their passphrase: the old account goes, the code of a new invitation is on this one page."""
    member, work = MemberId(visit.request.match_info["member"]), visit.work
    within = None if work.member.role is Role.ADMIN else work.reader.let_in_to
    found = await colleagues(visit.service, None if within is None else sorted(within))
    login = next((one.login for one in found if one.member.id == member), "")
    try:
        code = await begin_anew(visit.service, member, visit.now, work.member.id, within)
    except NoInvitation:
        return await _page(visit, HTTPStatus.NOT_FOUND, problem=_NOBODY)
    return _invited(visit, login, code)


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


def _role(visit: WorkVisit) -> Role | None:
    """What somebody is invited as: "administrator" stands among the desks, for an administrator has none."""
    if visit.field("desk") == Role.ADMIN:
        return Role.ADMIN
    return next((role for role in INVITED_AS if role == (visit.field("role") or Role.COORDINATOR)), None)


def _invited(visit: WorkVisit, login: str, code: str) -> web.Response:
    return visit.show(
        "invited.html",
        login=login,
        code=" ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        days=visit.service.config.inbox.invitation_days,
        address=f"{visit.service.config.inbox.url}/join",
    )


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
        roles=INVITED_AS,
        can_let_in=bool(work.reader.keyring),
        fingerprint=fingerprint(work.member.public_key),
        problem=problem,
        begun_by_you=_BEGUN_BY_YOU,
        about=about,
    )


def _order(colleague: Colleague) -> tuple[Sequence[str], str]:
    return sorted(colleague.desks), colleague.login
