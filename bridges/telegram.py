"""The Telegram bot, through python-telegram-bot, which nothing else imports; keeps no conversation and no name."""

import asyncio
import hmac
import json
import logging
import os
import re
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpcore
from aiohttp import web
from telegram import (
    Bot,
    LinkPreviewOptions,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bridges.contract import (
    Address,
    Channel,
    Media,
    NotStored,
    Outbound,
    Reason,
    Receive,
    Sent,
    Surroundings,
    TakeReport,
    Undelivered,
)
from bridges.hooks import Outcome, Refused, acked, clean
from bridges.http import OPERATOR, SOON, Client
from bridges.settings import read, require, require_tls, secret
from bridges.sms import BODY_BYTES, read_body
from bridges.telegram_texts import markup, pieces
from bridges.telegram_updates import WANTED, read_update

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 40
# httpx imports httpcore, a third of a second, inside the event loop when the first client is made: named here, it is
# there at once.
_NOISY = ("telegram", "httpx", httpcore.__name__, "apscheduler")
# What the library raises over an update that it cannot read; the exception's words would quote the update.
_STUMBLES = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_NOT_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout")


class Mode(StrEnum):
    """How updates come: Telegram calls us, or we ask Telegram (no public address needed)."""

    WEBHOOK = "webhook"
    POLLING = "polling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`legal_assessment` refers to the operator's written assessment: without one there is no Telegram.

    `hook_secret` (A-Z a-z 0-9 _ -) is what Telegram shows us with every update.
    """

    token: str = secret(None)
    legal_assessment: str
    mode: Mode = Mode.WEBHOOK
    hook_secret: str = secret()
    api_url: str = "https://api.telegram.org"


def silence() -> None:
    """Shut the libraries' loggers up, for good: they write texts, chat ids and the token."""
    for name in _NOISY:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


class TelegramBridge:
    """A `Bridge` that is also `Fetching`, `Erasing`, `Polling` and `Registering`."""

    channel = Channel.TELEGRAM

    def __init__(self, name: str, settings: Settings, surroundings: Surroundings) -> None:
        self.name = name
        self._settings = settings
        self._account = settings.token.partition(":")[0]
        self._hook_url = f"{surroundings.public_url.rstrip('/')}/hooks/{name}"
        self._now = surroundings.now
        self._client = Client(surroundings.now, surroundings.patience)
        self._patience = surroundings.patience.total_seconds()
        self._bot: Bot | None = None
        self._requests: tuple[HTTPXRequest, ...] = ()
        self._receive: Receive | None = None

    @property
    def polls(self) -> bool:
        """Whether somebody must call `poll_once`."""
        return self._settings.mode is Mode.POLLING

    def attach(self, app: web.Application, receive: Receive, report: TakeReport) -> None:
        """Mount `/hooks/{name}` where Telegram is to call us. Telegram sends no delivery reports."""
        self._receive = receive
        if not self.polls:
            app.router.add_post(f"/hooks/{self.name}", self._hook)
        app.cleanup_ctx.append(self._live)

    async def _live(self, app: web.Application) -> AsyncIterator[None]:
        await self.start()
        yield
        await self.stop()

    async def start(self) -> None:
        """Open the clients, without `Bot.initialize`: it asks Telegram something, and an outage there would stop us."""
        if self._bot is not None:
            return
        # The library's own switch; without it every RetryAfter raises a deprecation warning too.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        plain = HTTPXRequest(MOST_CONNECTIONS, read_timeout=self._patience, httpx_kwargs={"trust_env": False})
        polling = HTTPXRequest(2, read_timeout=self._patience, httpx_kwargs={"trust_env": False})
        self._requests = (plain, polling)
        for request in self._requests:
            await request.initialize()
        base = self._settings.api_url
        self._bot = Bot(
            self._settings.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=plain,
            get_updates_request=polling,
        )
        await self._client.open()

    async def stop(self) -> None:
        """Close the clients."""
        self._bot = None
        requests, self._requests = self._requests, ()
        for request in requests:
            await request.shutdown()
        await self._client.close()

    async def register(self) -> None:
        """Tell Telegram to call our hook, or that we ask ourselves. Waiting updates are kept. Raises `Undelivered`."""
        bot = self._open_bot()
        try:
            if self.polls:
                await bot.delete_webhook(drop_pending_updates=False)
                return
            await bot.set_webhook(
                self._hook_url,
                secret_token=self._settings.hook_secret,
                allowed_updates=WANTED,
                max_connections=MOST_CONNECTIONS,
                drop_pending_updates=False,
            )
        except TelegramError as error:
            raise _undelivered(error) from None

    async def send(self, outbound: Outbound) -> Sent:
        """Send one text, in as many messages as it takes, none of which can be forwarded. Raises `Undelivered`."""
        bot = self._open_bot()
        if outbound.expires_at <= self._now():
            raise Undelivered(Reason.EXPIRED, None)
        chat = _chat_of(outbound.address)
        texts = list(pieces(clean(outbound.text)))
        if not texts:
            raise Undelivered(Reason.UNSUITABLE, None)
        done: list[str] = []
        for number, text in enumerate(texts[outbound.skip :], outbound.skip + 1):
            keys = markup(outbound.buttons) if number == len(texts) else None
            try:
                message = await bot.send_message(
                    chat,
                    text,
                    protect_content=True,
                    reply_markup=keys,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            except TelegramError as error:
                raise _undelivered(error, done) from None
            done.append(str(message.message_id))
        return Sent(tuple(done))

    async def erase(self, address: Address, handles: Collection[str]) -> frozenset[str]:
        """Delete messages of either side; returns those that must stay (after 48 hours). Raises `Undelivered`."""
        bot, chat = self._open_bot(), _chat_of(address)
        kept, done = set[str](), list[str]()
        for handle in handles:
            try:
                await bot.delete_message(chat, int(handle))
                done.append(handle)
            except BadRequest as error:
                if "not found" not in error.message.lower():
                    kept.add(handle)
            except TelegramError as error:
                raise _undelivered(error, done) from None
        return frozenset(kept)

    async def fetch(self, media: Media, limit: int) -> AsyncIterator[bytes]:
        """A photo, voice note or document in pieces. Raises `Undelivered`."""
        try:
            file = await self._open_bot().get_file(media.ref)
        except TelegramError as error:
            raise _undelivered(error) from None
        hosts = (urlsplit(self._settings.api_url).netloc,)
        async for piece in self._client.stream(file.file_path or "", {}, hosts, limit):
            yield piece

    async def poll_once(self, offset: int | None, wait: timedelta) -> int | None:
        """Ask for updates after `offset`, waiting up to `wait`; the offset to store once it returns.

        Chats run side by side, each in order. Raises `Undelivered`, or what `receive` raised: then store nothing, and
        what was received already comes again.
        """
        updates = await self._ask(offset, wait)
        chats: dict[int | None, list[Update]] = {}
        for update in updates:
            chats.setdefault(update.effective_chat.id if update.effective_chat else None, []).append(update)
        results = await asyncio.gather(*map(self._take_all, chats.values()), return_exceptions=True)
        for result in results:
            if result is not None:
                raise result
        return updates[-1].update_id + 1 if updates else offset

    async def _ask(self, offset: int | None, wait: timedelta) -> tuple[Update, ...]:
        try:
            return await self._open_bot().get_updates(offset, timeout=wait, allowed_updates=WANTED)
        except TelegramError as error:
            raise _undelivered(error) from None
        except _STUMBLES:
            raise Undelivered(Reason.UNAVAILABLE, OPERATOR) from None

    async def _take_all(self, updates: list[Update]) -> None:
        for update in updates:
            await self._take(update)
            if update.callback_query is not None:
                await self._calm(update.callback_query.id)

    async def _calm(self, callback: str) -> None:
        """Stop the button's spinner; only a courtesy, so that it may fail."""
        try:
            await self._open_bot().answer_callback_query(callback)
        except TelegramError as error:
            log.info("telegram %s: a button keeps spinning: %s", self.name, type(error).__name__)

    async def _take(self, update: Update) -> None:
        if self._receive is None:
            raise NotStored
        inbound = read_update(update, self.name, self._account, self._now())
        if inbound is not None:
            await self._receive(inbound)

    async def _hook(self, request: web.Request) -> web.Response:
        given = clean(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        if not hmac.compare_digest(given.encode(), self._settings.hook_secret.encode()):
            return self._answer(Outcome.FORBIDDEN)
        try:
            update = await self._read(request)
            await self._take(update)
        except Refused as refused:
            return self._answer(refused.outcome)
        except NotStored:
            return self._answer(Outcome.UNAVAILABLE)
        return self._answer(Outcome.ACCEPTED, update)

    async def _read(self, request: web.Request) -> Update:
        body = await read_body(request, BODY_BYTES)
        try:
            return Update.de_json(json.loads(body), self._bot)
        except _STUMBLES:
            raise Refused(Outcome.UNREADABLE) from None

    def _answer(self, outcome: Outcome, update: Update | None = None) -> web.Response:
        log.log(logging.INFO if outcome is Outcome.ACCEPTED else logging.WARNING, "hook %s: %s", self.name, outcome)
        if update is not None and update.callback_query is not None:
            # Telegram carries out a method that it finds in the answer: no second request to stop the spinner.
            return web.json_response({"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id})
        return web.Response(status=acked(outcome, 200).status)

    def _open_bot(self) -> Bot:
        if self._bot is None:
            raise Undelivered(Reason.UNREACHABLE, SOON)
        return self._bot


def _chat_of(address: Address) -> int:
    if address.channel is not Channel.TELEGRAM or not re.fullmatch(r"-?\d{1,19}", address.value, re.ASCII):
        raise Undelivered(Reason.ADDRESS, None)
    return int(address.value)


def _undelivered(error: TelegramError, done: Collection[str] = ()) -> Undelivered:
    """What the library's exception means; its own words, which may quote an id or the token, stay behind."""
    ids = tuple(done)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Undelivered(Reason.THROTTLED, wait if isinstance(wait, timedelta) else timedelta(seconds=wait), ids)
    if isinstance(error, Forbidden):
        return Undelivered(Reason.STOPPED, None, ids)
    if isinstance(error, InvalidToken):
        return Undelivered(Reason.ACCOUNT, OPERATOR, ids)
    if isinstance(error, Conflict):
        return Undelivered(Reason.UNAVAILABLE, SOON, ids)
    if isinstance(error, ChatMigrated):
        return Undelivered(Reason.ADDRESS, None, ids)
    if isinstance(error, BadRequest):
        gone = "chat not found" in error.message.lower()
        return Undelivered(Reason.ADDRESS if gone else Reason.REJECTED, None, ids)
    connected = type(error.__cause__).__name__ not in _NOT_CONNECTED
    return Undelivered(Reason.UNCERTAIN if connected else Reason.UNREACHABLE, SOON, ids)


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> TelegramBridge:
    """The bridge; raises `BadSetting`, above all where the law has not been looked at."""
    settings = read(Settings, table)
    require("legal_assessment", bool(settings.legal_assessment.strip()), "must name the written assessment")
    require("token_file", bool(re.fullmatch(r"\d+:[\w-]+", settings.token, re.ASCII)), "must hold the bot's token")
    usable = bool(re.fullmatch(r"[\w-]{16,256}", settings.hook_secret, re.ASCII))
    require("hook_secret_file", usable or settings.mode is Mode.POLLING, "must hold 16 to 256 of A-Z a-z 0-9 _ -")
    require_tls("api_url", settings.api_url)
    return TelegramBridge(name, settings, surroundings)
