"""The demo: the whole service on this machine, embedded, with phones to play, ten logins and a dozen made-up cases."""

import asyncio
import base64
import json
import secrets
import shutil
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from intake.app import open_service, run
from intake.attachments.taking import take_in
from intake.attachments.uploads import take_upload
from intake.casework import open_case
from intake.config import Config, packaged_regions, parse
from intake.demo.numbers import make_up_numbers
from intake.demo.phones.wiring import demo_bridges, demo_phones, prepare_secrets, tell_by_text
from intake.demo.picture import in_pieces, photograph
from intake.listener import listen
from intake.login import log_in, log_out, resume
from intake.mailbox import key_from_receipt, open_mailbox
from intake.model import Attachment, Channel, Role
from intake.people import invite, join, read_invitation
from intake.receive import Once, Report, receive
from intake.reply import reply
from intake.service import Service
from intake.vault.key_file import save_service_key
from intake.vault.service_key import ServiceKey
from triage.model import NOWHERE, DeskName, Kind, Place

FOLDER = Path("var/demo")
_NO_LIMITS = {"logins_before_pause": 1_000_000, "sender_a_minute": 0, "everybody_a_minute": 0, "desk_a_minute": 0}


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to log in as; the administrator has no desk."""

    login: str
    passphrase: str = field(repr=False)
    desk: DeskName | None


def demo_config(folder: Path, port: int, *, limits: bool) -> Config:
    """The demo's configuration: everything in `folder`, four ports from `port` on, all on loopback."""
    table: dict[str, Any] = {
        "service": {
            "national_desk": "nationell",
            "key_file": str(folder / "service.key"),
            "helping_processes": 0,
        },
        "operator": {"kind": "organisation", "name": "Hamn demo"},
        "database": {"url": f"sqlite:///{(folder / 'hamn.db').resolve()}"},
        "web": {"public_url": f"http://127.0.0.1:{port}", "listen": f"127.0.0.1:{port}"},
        "inbox": {"url": f"http://127.0.0.1:{port + 1}", "listen": f"127.0.0.1:{port + 1}", "totp": False},
        "ops": {"listen": f"127.0.0.1:{port + 2}"},
        "limits": {} if limits else _NO_LIMITS,
        "bridges": demo_bridges(folder, port + 3),
        **packaged_regions(),
    }
    return parse(table)


async def run_demo(folder: Path, port: int, *, fresh: bool, limits: bool, stop: asyncio.Event) -> None:
    """Make what is missing in `folder`, serve on `port` and the three after it; say so, last logins and `ready`.

    Raises:
        PortBusy: one of the four ports is taken.
    """
    config = demo_config(folder, port, limits=limits)
    _prepare(folder, Path(config.service.key_file), fresh=fresh)
    async with open_service(config) as service:
        file = folder / "logins.json"
        logins = _read_logins(file)
        if not logins:
            logins = await _begin(service)
        _write_logins(file, config, logins)
        phones = await listen(demo_phones(folder, config).app(), f"127.0.0.1:{port + 3}")
        _say("opening the pages ...")
        try:
            await run(service, stop, lambda: _announce(config, logins))
        finally:
            await phones.close()


def _prepare(folder: Path, key_file: Path, *, fresh: bool) -> None:
    """Without logins the folder is an unfinished beginning, and is begun anew."""
    if fresh or not (folder / "logins.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not key_file.exists():
        save_service_key(key_file, ServiceKey.generate())
    prepare_secrets(folder)


async def _begin(service: Service) -> list[Login]:
    """Fill the empty house; passphrases take seconds of one core, in which another reads what triage knows."""
    _say("making ten logins, and reading the words and places that triage knows ...")
    logins, _ = await asyncio.gather(_people(service), asyncio.to_thread(service.knowledge.ready))
    _say("sending a dozen made-up messages in ...")
    await _tell_stories(service, logins)
    await make_up_numbers(service, service.clock())
    return logins


async def _people(service: Service) -> list[Login]:
    """Make a member for every desk, and an administrator."""
    desks: list[DeskName | None] = [*service.config.desks, None]
    return [await _person(service, desk) for desk in desks]


async def _person(service: Service, desk: DeskName | None) -> Login:
    login, passphrase = f"{desk or 'admin'}@demo", _passphrase()
    role = {None: Role.ADMIN, service.config.national_desk: Role.NATIONAL}.get(desk, Role.COORDINATOR)
    code = await invite(service, login, role, desk, service.clock())
    invited = await read_invitation(service, code, service.clock())
    member = await join(service, invited.ticket, passphrase, "", service.clock())
    if desk is not None:
        await tell_by_text(service, member, desk)
    return Login(login, passphrase, desk)


async def _tell_stories(service: Service, logins: Sequence[Login]) -> None:
    """Send the made-up messages in, and write the answers that some of them have got."""
    text = resources.files("intake.demo").joinpath("cases.toml").read_text(encoding="utf-8")
    for case in tomllib.loads(text)["case"]:
        municipality = case.get("municipality")
        place = Place(municipality[:2], municipality) if municipality else NOWHERE
        told_at = service.clock() - timedelta(hours=case["hours_ago"])
        report = Report(
            _unwrapped(case["text"]),
            Channel.WEB,
            Kind(case["kind"]),
            place,
            lang=case["lang"],
            files=await _picture(service, case["picture"], told_at) if "picture" in case else (),
        )
        received = await receive(service, report, Once.by_chance(), told_at)
        if "answer" in case:
            await _answer(service, received.receipt, _unwrapped(case["answer"]), logins)


async def _picture(service: Service, name: str, at: datetime) -> tuple[Attachment, ...]:
    """A photograph, washed and sealed as everybody's is."""
    upload = await take_upload(service, name, 0, in_pieces(photograph()))
    return (await take_in(service, [upload], at)).files


async def _answer(service: Service, receipt: str, text: str, logins: Sequence[Login]) -> None:
    """As the coordinator of whichever desk received it."""
    at = service.clock()
    case = (await open_mailbox(service, await key_from_receipt(service, receipt), at)).case
    person = next(login for login in logins if login.desk == case.desk)
    token = await log_in(service, person.login, person.passphrase, "", at)
    reader = (await resume(service, token.cookie, at)).reader
    await open_case(service, reader, case.id, at)
    await reply(service, reader, case.id, text, at)
    await log_out(service, token)


def _unwrapped(text: str) -> str:
    return text.replace("\n", " ").strip()


def _passphrase() -> str:
    """Sixteen characters in fours: 80 bits, easy to copy from a terminal."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _read_logins(file: Path) -> list[Login]:
    if not file.exists():
        return []
    return [Login(**login) for login in json.loads(file.read_text(encoding="utf-8"))["logins"]]


def _write_logins(file: Path, config: Config, logins: Sequence[Login]) -> None:
    content = {
        "public": config.web.public_url,
        "inbox": config.inbox.url,
        "phones": _phones(config),
        "logins": [asdict(login) for login in logins],
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _phones(config: Config) -> str:
    """Where the phones are played: where the bridges believe their providers to be."""
    return str(config.bridges["phone"]["api_url"])


def _announce(config: Config, logins: Sequence[Login]) -> None:
    lines = [
        "",
        f"public pages   {config.web.public_url}/",
        f"inbox          {config.inbox.url}/",
        f"phones         {_phones(config)}/  (write as somebody with a phone; see what coordinators are told)",
        f"operations     http://{config.ops.listen}/metrics",
        "",
        *(f"  {login.login:24} {login.passphrase}" for login in logins),
        "",
        "ready",
    ]
    _say("\n".join(lines))


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()
