"""Ties the demo's phones to its bridges: their configuration, their secrets, who has which number; knows no wire."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intake.config import Config
from intake.demo.phones.chats import BOT_ID, Chats
from intake.demo.phones.exchange import Exchange
from intake.demo.phones.page import Phones
from intake.demo.phones.texts import ACCOUNT, Texts
from intake.model import MemberId, NoticeWay
from intake.notices.book import sealed_address
from intake.service import Service
from intake.store import notices
from intake.store.notices import AddressRow
from triage.model import DeskName

SENDER = "+46701740699"
_FIRST_COLLEAGUE = 46701740606
_SECRETS = ("phone.token", "bot.token", "bot.hook-secret")


def demo_bridges(folder: Path, port: int) -> dict[str, Mapping[str, Any]]:
    """The tables `[bridges.…]` of the demo: real bridges, whose providers are played on `port`."""
    here = f"http://127.0.0.1:{port}"
    return {
        "phone": {
            "type": "sms_twilio",
            "sender": SENDER,
            "account_sid": ACCOUNT,
            "auth_token_file": str(folder / "phone.token"),
            "api_url": here,
        },
        "bot": {
            "type": "telegram",
            "legal_assessment": "demo: nothing leaves this machine",
            "token_file": str(folder / "bot.token"),
            "hook_secret_file": str(folder / "bot.hook-secret"),
            "api_url": here,
        },
    }


def prepare_secrets(folder: Path) -> None:
    """What the played providers and our bridges know each other by, made once."""
    for name in _SECRETS:
        file = folder / name
        if not file.exists():
            file.touch(mode=0o600)
            start = f"{BOT_ID}:" if name == "bot.token" else ""
            file.write_text(start + secrets.token_hex(20), encoding="ascii")


def demo_phones(folder: Path, config: Config) -> Phones:
    """Both networks with their phones, and the coordinators' numbers by the names of their desks."""
    exchange = Exchange()
    hook = f"{config.web.public_url}/hooks/phone"
    texts = Texts(exchange, hook, _read(folder / "phone.token"), SENDER)
    chats = Chats(exchange, _read(folder / "bot.token"))
    return Phones(exchange, texts, chats, {_number(config, name): desk.name for name, desk in config.desks.items()})


async def tell_by_text(service: Service, member: MemberId, desk: DeskName) -> None:
    """Give a made-up coordinator a number at which they are told that something waits."""
    way, number = NoticeWay.SMS, _number(service.config, desk)
    sealed = sealed_address(service.key, member, way, number, "sv")
    await service.database.write(notices.save_address, AddressRow(member, way, True, sealed))


def _number(config: Config, desk: DeskName) -> str:
    return f"+{_FIRST_COLLEAGUE + list(config.desks).index(desk)}"


def _read(file: Path) -> str:
    return file.read_text(encoding="ascii").strip()
