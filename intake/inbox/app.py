"""Puts the coordinators' listener together: every address, who comes through, what is sent with each answer."""

from aiohttp import hdrs, web

from intake.inbox import (
    accountpages,
    casepages,
    colleaguepages,
    contactpages,
    entrance,
    filepages,
    joining,
    noticepages,
    undeliveredpages,
    when,
    words,
    worklist,
)
from intake.inbox.cookie import SessionCookie
from intake.inbox.guard import Door, Guarded, Public, behind, in_the_open
from intake.inbox.language import TAGS
from intake.inbox.refusals import refusals
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
    (GET, _CASE, Door.READERS, casepages.show_case),
    (POST, _CASE + "/answer", Door.READERS, casepages.answer),
    (POST, _CASE + "/take", Door.READERS, casepages.take),
    (POST, _CASE + "/close", Door.READERS, casepages.close),
    (GET, _CASE + "/files/{file:[a-z2-7]{26}}", Door.READERS, filepages.give_file),
    (GET, "/colleagues", Door.MEMBERS, colleaguepages.show_colleagues),
    (POST, _MEMBER + "/let-in", Door.READERS, colleaguepages.let_in),
    (POST, _MEMBER + "/show-out", Door.ADMINISTRATORS, colleaguepages.show_out),
    (GET, "/account", Door.MEMBERS, accountpages.show_account),
    (POST, "/account/passphrase", Door.MEMBERS, accountpages.new_passphrase),
    (GET, "/account/authenticator", Door.MEMBERS, accountpages.show_authenticator),
    (POST, "/account/authenticator", Door.MEMBERS, accountpages.new_authenticator),
    (POST, "/account/sessions/end", Door.MEMBERS, accountpages.end_one),
    (POST, "/account/sessions/end-others", Door.MEMBERS, accountpages.end_others),
    (POST, "/account/passkeys/add", Door.MEMBERS, accountpages.new_passkey),
    (POST, "/account/passkeys/remove", Door.MEMBERS, accountpages.drop_passkey),
    (POST, _CASE + "/reach", Door.READERS, contactpages.save),
    (GET, "/undelivered", Door.READERS, undeliveredpages.show_undelivered),
    (POST, _SENDING + "/again", Door.READERS, undeliveredpages.again),
    (POST, _SENDING + "/aside", Door.READERS, undeliveredpages.aside),
    (GET, "/notices", Door.MEMBERS, noticepages.show_notices),
    (POST, "/notices/test", Door.MEMBERS, noticepages.try_out),
    (POST, _WAY + "/begin", Door.MEMBERS, noticepages.begin),
    (POST, _WAY + "/prove", Door.MEMBERS, noticepages.prove),
    (POST, _WAY + "/choose", Door.MEMBERS, noticepages.choose),
    (POST, _WAY + "/forget", Door.MEMBERS, noticepages.forget),
    (POST, "/colleagues/invite", Door.ADMINISTRATORS, colleaguepages.invite_colleague),
)
"""What lies behind the login. A page that is not in this table cannot be reached."""


def inbox_app(service: Service) -> web.Application:
    """The listener as an application. What can fail in a template or a translation fails here."""
    assets = load_assets("intake.inbox", "inbox.css", "inbox.js", "passkey.js")
    environment = make_environment(
        "intake.inbox",
        assets={name: asset.path for name, asset in assets.items()},
        name=service.config.service.name,
        words=words,
        when=when,
    )
    cookie = SessionCookie.for_url(service.config.inbox.url)
    inbox = Inbox(service, Pages.compiled(environment), load_languages(TAGS), cookie)
    app = web.Application(middlewares=[catch_errors(refusals(inbox))], client_max_size=LARGEST_FORM)
    for asset in assets.values():
        app.router.add_get(asset.path, asset.serve)
    for method, path, page in OPEN_ROUTES:
        app.router.add_route(method, path, in_the_open(inbox, page))
    for method, path, door, guarded in ROUTES:
        app.router.add_route(method, path, behind(inbox, door, guarded))
    send_headers(app, HeaderPolicy(secure=cookie.secure, live=True, allowed=_SECOND_FACTOR))
    return app
