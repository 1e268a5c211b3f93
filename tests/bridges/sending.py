"""Every bridge beside a double of its provider, so that one contract test fits all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bridges.contract import Address, Bridge, Channel, Surroundings
from bridges.load import build
from tests.bridges.phones import PHONES, Phone
from tests.bridges.runner import NOW, NUMBER
from tests.doubles import SmsDouble, SmtpDouble, serve
from tests.telegram_double import TelegramDouble

CHAT = Address(Channel.TELEGRAM, "987654321")
MAILBOX = Address(Channel.EMAIL, "nord@region.example")
HOOK_SECRET = "a-secret-of-telegram_1"


@dataclass
class Side:
    """A bridge and what its provider has."""

    bridge: Bridge
    double: SmsDouble | TelegramDouble | SmtpDouble
    address: Address
    accepted: Callable[[], list[str]]


@dataclass(frozen=True)
class Way:
    """One way out. `open(surroundings)` serves the double and starts the bridge."""

    label: str
    open: Callable[[Surroundings], AsyncIterator[Side]]


def _sms(phone: Phone) -> Way:
    base_key = {"sms_vonage": ("sms_url", "messages_url"), "sms_generic": ("send_url",)}.get(phone.type, ("api_url",))

    @asynccontextmanager
    async def opened(around: Surroundings) -> AsyncIterator[Side]:
        double = SmsDouble()
        async with serve(double.app()) as api:
            suffix = "/generic" if phone.type == "sms_generic" else ""
            table = phone.table | dict.fromkeys(base_key, api + suffix)
            async with _started(build(phone.type, "phone", table, around)) as bridge:
                yield Side(bridge, double, NUMBER, lambda: [text.text for text in double.texts])

    return Way(phone.label, opened)


@asynccontextmanager
async def _telegram(around: Surroundings) -> AsyncIterator[Side]:
    double = TelegramDouble(now=lambda: NOW)
    chat = double.person(int(CHAT.value))
    async with (
        serve(double.app()) as api,
        _started(build("telegram", "bot", telegram_table(double, api), around)) as bridge,
    ):
        yield Side(bridge, double, CHAT, lambda: chat.heard)


@asynccontextmanager
async def _smtp(around: Surroundings) -> AsyncIterator[Side]:
    double = SmtpDouble()
    async with double.serve() as port:
        table = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "hamn@hamn.example"}
        async with _started(build("smtp", "mail", table, around)) as bridge:
            yield Side(bridge, double, MAILBOX, lambda: double.mails)


@asynccontextmanager
async def _started(bridge: Bridge) -> AsyncIterator[Bridge]:
    await bridge.start()
    try:
        yield bridge
    finally:
        await bridge.stop()


def telegram_table(double: TelegramDouble, api: str, **more: object) -> dict[str, object]:
    """A bot's table in the configuration."""
    table = {"token": double.token, "legal_assessment": "Dnr 1/26", "hook_secret": HOOK_SECRET, "api_url": api}
    return table | more


def unreachable(around: Surroundings) -> dict[str, Bridge]:
    """Every bridge with nothing at the other end."""
    nowhere = "http://127.0.0.1:9"
    keys = ("api_url", "sms_url", "messages_url", "send_url")
    sms = {
        phone.label: build(phone.type, "phone", phone.table | _urls(phone, keys, nowhere), around) for phone in PHONES
    }
    bot = build("telegram", "bot", telegram_table(TelegramDouble(), nowhere), around)
    mail = build("smtp", "mail", {"host": "127.0.0.1", "port": 9, "tls": "none", "sender": "a@b.example"}, around)
    return sms | {"telegram": bot, "smtp": mail}


def _urls(phone: Phone, keys: tuple[str, ...], url: str) -> dict[str, str]:
    wanted = {"sms_vonage": keys[1:3], "sms_generic": keys[3:]}.get(phone.type, keys[:1])
    return dict.fromkeys(wanted, url)


WAYS = (*map(_sms, PHONES), Way("telegram", _telegram), Way("smtp", _smtp))
