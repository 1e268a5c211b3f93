"""A Telegram bot at work: beside the strict double, in an app of its own, with a service that has a memory."""

from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from bridges.contract import (
    Surroundings,
)
from bridges.load import build
from tests.bridges.runner import NOW, Service
from tests.bridges.sending import CHAT, telegram_table
from tests.doubles import serve
from tests.patience import PATIENCE
from tests.telegram_double import TelegramDouble

ID = int(CHAT.value)
OTHER = 555000111
NO_WAIT = timedelta(0)


@asynccontextmanager
async def conversation(now=lambda: NOW, **table):
    """A bot in its app, registered, beside the double and a service with a memory."""
    double, service, app = TelegramDouble(now=now), Service(), web.Application()
    double.person(ID)
    async with serve(double.app()) as api:
        around = Surroundings(public_url="https://hamn.example", now=now, patience=timedelta(seconds=PATIENCE))
        bot = build("telegram", "bot", telegram_table(double, api, **table), around)
        bot.attach(app, service.receive, service.report)
        async with serve(app) as base:
            await bot.register()
            yield bot, double, service, base
