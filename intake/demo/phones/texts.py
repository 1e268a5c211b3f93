"""A provider of texts as Twilio is one, played in memory: takes ours over its API, hands theirs in by signed hooks."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from aiohttp import ClientError, ClientSession, hdrs, web

from bridges.hooks import basic
from intake.demo.phones.exchange import Exchange, Way

ACCOUNT = "ACdemo"
_DELIVERED_AFTER = 1.0
"""Seconds until the played phone has a text."""


class Texts:
    """The provider. `hook` is where the service takes messages in; `token` signs what it is told."""

    def __init__(self, exchange: Exchange, hook: str, token: str, sender: str) -> None:
        self._exchange, self._hook, self._token, self._sender = exchange, hook, token, sender
        self._under_way: set[asyncio.Task[None]] = set()

    def attach(self, app: web.Application) -> None:
        """Mount what of the provider's API the bridge uses."""
        base = f"/2010-04-01/Accounts/{ACCOUNT}"
        app.router.add_post(f"{base}/Messages.json", self._take_text)
        app.router.add_post(f"{base}/Calls.json", self._take_call)

    async def hand_in(self, session: ClientSession, phone: str, text: str) -> int:
        """Somebody texts the service; the status that the hook answers with."""
        self._exchange.put(phone, Way.SMS, text, ours=False)
        fields = {"From": phone, "To": self._sender, "Body": text, "NumMedia": "0", "NumSegments": "1"}
        return await self._call(session, self._hook, {"MessageSid": _sid("SM"), **fields})

    async def _take_text(self, request: web.Request) -> web.Response:
        form = await self._admitted(request)
        self._exchange.put(form["To"], Way.SMS, form["Body"], ours=True)
        sid = _sid("SM")
        task = asyncio.create_task(self._report(form["StatusCallback"], sid))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return web.json_response({"sid": sid, "status": "queued"}, status=201)

    async def _take_call(self, request: web.Request) -> web.Response:
        form = await self._admitted(request)
        words = form["Twiml"].partition(">")[2].partition(">")[2].partition("<")[0]
        self._exchange.put(form["To"], Way.CALL, words, ours=True)
        return web.json_response({"sid": _sid("CA"), "status": "queued"}, status=201)

    async def _admitted(self, request: web.Request) -> Mapping[str, str]:
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        if not hmac.compare_digest(given.encode(), basic(ACCOUNT, self._token).encode()):
            raise web.HTTPUnauthorized
        return {name: str(value) for name, value in (await request.post()).items()}

    async def _report(self, url: str, sid: str) -> None:
        """The phone has it: said once, as the provider says it."""
        await asyncio.sleep(_DELIVERED_AFTER)
        async with ClientSession() as session:
            await self._call(session, url, {"MessageSid": sid, "MessageStatus": "delivered"})

    async def _call(self, session: ClientSession, url: str, fields: Mapping[str, str]) -> int:
        form = {"AccountSid": ACCOUNT, **fields}
        headers = {"X-Twilio-Signature": self._signature(url, form)}
        try:
            async with session.post(url, data=form, headers=headers) as answer:
                return answer.status
        except ClientError:
            return web.HTTPServiceUnavailable.status_code

    def _signature(self, url: str, form: Mapping[str, str]) -> str:
        signed = url + "".join(key + form[key] for key in sorted(form))
        return base64.b64encode(hmac.new(self._token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
