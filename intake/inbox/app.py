"""Puts the coordinators' listener together: every address, who comes through, what is sent with each answer."""

from aiohttp import hdrs, web

from intake.inbox import when, words
from intake.inbox.case import (
    casefilepages,
    casepages,
    checkinpages,
    closingpages,
    contactpages,
    copypages,
    filepages,
    handpages,
    interpreterpages,
    labelpages,
    laterpages,
    leadpages,
    remarkpages,
)
from intake.inbox.cookie import SessionCookie
from intake.inbox.desk import colleaguepages, numberpages, registerpages
from intake.inbox.front import entrance, joining
from intake.inbox.guard import Door, Guarded, Public, behind, in_the_open
from intake.inbox.language import TAGS
from intake.inbox.lists import live, searchpages, undeliveredpages, viewpages, worklist
from intake.inbox.own import accountpages, dutypages, noticepages
from intake.inbox.refusals import refusals
from intake.inbox.streams import Streams
from intake.inbox.visit import Inbox
from intake.pages.errors import catch_errors
from intake.pages.forms import LARGEST_FORM
from intake.pages.headers import HeaderPolicy, send_headers
from intake.pages.static import load_assets
from intake.pages.templates import Pages, make_environment
from intake.pages.translations import load_languages
from intake.service import Service

GET, POST = hdrs.METH_GET, hdrs.METH_POST
_CASE, _MEMBER = "/cases/{case:[a-z2-7]{26}}", "/colleagues/{member:[a-z2-7]{26}}"
_SENDING = "/undelivered/{sending:[a-z2-7]{26}}"
_WAY = "/notices/{way:email|sms|telegram}"

_SECOND_FACTOR = frozenset({"publickey-credentials-get"})

OPEN_ROUTES: tuple[tuple[str, str, Public], ...] = (
    (GET, "/login", entrance.show_login),
    (POST, "/login", entrance.enter),
    (GET, "/join", joining.show_join),
    (POST, "/join", joining.begin),
    (POST, "/join/finish", joining.finish),
)
"""What anybody can reach."""

ROUTES: tuple[tuple[str, str, Door, Guarded], ...] = (
    (POST, "/logout", Door.MEMBERS, entrance.leave),
    (GET, "/", Door.MEMBERS, worklist.show_open),
    (GET, "/closed", Door.READERS, worklist.show_closed),
    (GET, "/list", Door.READERS, worklist.show_part),
    (GET, "/changes", Door.READERS, live.show_changes),
    (POST, "/views", Door.READERS, viewpages.save),
    (POST, "/views/{view:[a-z2-7]{26}}/forget", Door.READERS, viewpages.forget),
    (GET, _CASE, Door.READERS, casepages.show_case),
    (GET, _CASE + "/earlier", Door.READERS, casepages.show_earlier),
    (POST, _CASE + "/answer", Door.READERS, casepages.answer),
    (POST, _CASE + "/count", Door.READERS, casepages.count_parts),
    (POST, _CASE + "/take", Door.READERS, casepages.take),
    (POST, _CASE + "/assign", Door.LEADS, leadpages.assign),
    (GET, _CASE + "/closing", Door.READERS, closingpages.show_closing),
    (POST, _CASE + "/closing", Door.READERS, closingpages.show_closing),
    (POST, _CASE + "/close", Door.READERS, closingpages.close_case),
    (POST, _CASE + "/ready", Door.READERS, casefilepages.insert_ready),
    (POST, _CASE + "/steps", Door.READERS, casefilepages.save_steps),
    (POST, _CASE + "/concern", Door.READERS, casefilepages.save_concern),
    (POST, _CASE + "/referral", Door.READERS, casefilepages.save_referral),
    (POST, _CASE + "/answered", Door.READERS, casefilepages.save_answer),
    (POST, _CASE + "/link", Door.READERS, casefilepages.save_link),
    (POST, _CASE + "/hold", Door.READERS, casefilepages.save_hold),
    (POST, _CASE + "/transfer", Door.READERS, casefilepages.save_transfer),
    (POST, _CASE + "/copy", Door.READERS, copypages.give_copy),
    (GET, "/search", Door.READERS, searchpages.show_search),
    (POST, "/search", Door.READERS, searchpages.find),
    (GET, "/numbers", Door.READERS, numberpages.show_own),
    (GET, "/numbers/published", Door.STATISTICS, numberpages.show_published),
    (GET, "/numbers/survey", Door.STATISTICS, numberpages.show_survey),
    (GET, "/numbers/{table:[a-z_]+}.csv", Door.STATISTICS, numberpages.give_csv),
    (POST, _CASE + "/remark", Door.READERS, remarkpages.remark),
    (POST, _CASE + "/labels", Door.READERS, labelpages.correct),
    (POST, _CASE + "/hand-on", Door.READERS, handpages.hand_on),
    (POST, _CASE + "/take-back", Door.READERS, handpages.end_loan),
    (POST, _CASE + "/later", Door.READERS, laterpages.bring_back),
    (POST, _CASE + "/go-on", Door.READERS, laterpages.go_on),
    (GET, _CASE + "/interpreter", Door.READERS, interpreterpages.prepare_copy),
    (POST, _CASE + "/interpreter", Door.READERS, interpreterpages.show_copy),
    (GET, _CASE + "/files/{file:[a-z2-7]{26}}", Door.READERS, filepages.give_file),
    (GET, "/colleagues", Door.MEMBERS, colleaguepages.show_colleagues),
    (POST, _MEMBER + "/let-in", Door.READERS, colleaguepages.let_in),
    (POST, _MEMBER + "/show-out", Door.ADMINISTRATORS, colleaguepages.show_out),
    (POST, _MEMBER + "/start-over", Door.COLLEAGUES, colleaguepages.start_over),
    (GET, "/register", Door.REGISTER, registerpages.show_register),
    (POST, "/register/export", Door.REGISTER, registerpages.give_out),
    (GET, "/account", Door.MEMBERS, accountpages.show_account),
    (POST, "/account/passphrase", Door.MEMBERS, accountpages.new_passphrase),
    (GET, "/account/authenticator", Door.MEMBERS, accountpages.show_authenticator),
    (POST, "/account/authenticator", Door.MEMBERS, accountpages.new_authenticator),
    (POST, "/account/sessions/end", Door.MEMBERS, accountpages.end_one),
    (POST, "/account/sessions/end-others", Door.MEMBERS, accountpages.end_others),
    (POST, "/account/passkeys/add", Door.MEMBERS, accountpages.new_passkey),
    (POST, "/account/passkeys/remove", Door.MEMBERS, accountpages.drop_passkey),
    (POST, _CASE + "/reach", Door.READERS, contactpages.save),
    (POST, _CASE + "/check-in", Door.READERS, checkinpages.plan_one),
    (POST, _CASE + "/check-in/give-up", Door.READERS, checkinpages.give_it_up),
    (GET, "/undelivered", Door.READERS, undeliveredpages.show_undelivered),
    (POST, _SENDING + "/again", Door.READERS, undeliveredpages.again),
    (POST, _SENDING + "/aside", Door.READERS, undeliveredpages.aside),
    (GET, "/duty", Door.READERS, dutypages.show_duty),
    (POST, "/duty/away", Door.READERS, dutypages.away),
    (POST, "/duty/back", Door.READERS, dutypages.back),
    (GET, "/notices", Door.MEMBERS, noticepages.show_notices),
    (POST, "/notices/test", Door.MEMBERS, noticepages.try_out),
    (POST, _WAY + "/begin", Door.MEMBERS, noticepages.begin),
    (POST, _WAY + "/prove", Door.MEMBERS, noticepages.prove),
    (POST, _WAY + "/choose", Door.MEMBERS, noticepages.choose),
    (POST, _WAY + "/forget", Door.MEMBERS, noticepages.forget),
    (POST, "/colleagues/invite", Door.ADMINISTRATORS, colleaguepages.invite_colleague),
)
"""What lies behind the login. A page that is not in this table cannot be reached."""

QUIET = frozenset({"/list", "/changes"})
"""What the script asks for by itself: it keeps no session alive."""


def inbox_app(service: Service, *, tick: float = 2.0) -> web.Application:
    """The listener as an application. What can fail in a template or a translation fails here.

    `tick` is how many seconds lie between two looks for what has changed.
    """
    assets = load_assets("intake.inbox", "inbox.css", "inbox.js", "passkey.js")
    environment = make_environment(
        "intake.inbox",
        assets={name: asset.path for name, asset in assets.items()},
        name=service.config.service.name,
        words=words,
        when=when,
    )
    cookie = SessionCookie.for_url(service.config.inbox.url)
    inbox = Inbox(service, Pages.compiled(environment), load_languages(TAGS), cookie, Streams(tick))
    app = web.Application(middlewares=[catch_errors(refusals(inbox))], client_max_size=LARGEST_FORM)
    app.on_shutdown.append(inbox.end_streams)
    for asset in assets.values():
        app.router.add_get(asset.path, asset.serve)
    for method, path, page in OPEN_ROUTES:
        app.router.add_route(method, path, in_the_open(inbox, page))
    for method, path, door, guarded in ROUTES:
        app.router.add_route(method, path, behind(inbox, door, guarded, quiet=path in QUIET))
    # To ourselves browsers say where a form comes from: with no referrer at all they say `Origin: null`.
    policy = HeaderPolicy(secure=cookie.secure, live=True, referrer="same-origin", allowed=_SECOND_FACTOR)
    send_headers(app, policy)
    return app
