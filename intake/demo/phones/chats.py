"""A chat network as Telegram is one, played in memory: what of its Bot API the bridge uses, and its webhook."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiohttp import ClientError, ClientSession, web

from intake.demo.phones.exchange import Exchange, Way

BOT_ID = 1740699
_FIRST_UPDATE = 1000


class Chats:
    """The network, with one bot. The bot's hook is known once it has said it with `setWebhook`."""

    def __init__(self, exchange: Exchange, token: str) -> None:
        self._exchange, self._token = exchange, token
        self._hook, self._secret = "", ""
        self._updates = count(_FIRST_UPDATE)

    def attach(self, app: web.Application) -> None:
        """Mount the Bot API."""
        app.router.add_post("/bot{token}/{method}", self._answer)

    async def hand_in(self, session: ClientSession, chat: int, content: Mapping[str, Any], shown: str) -> int:
        """Somebody writes to the bot; the status that the hook answers with."""
        line = self._exchange.put(str(chat), Way.CHAT, shown, ours=False)
        message = {**self._message(chat, line.number), "from": _person(chat), **content}
        return await self._update(session, {"message": message})

    async def press(self, session: ClientSession, chat: int, number: int, data: str) -> int:
        """Somebody presses a button below line `number`."""
        pressed = {"id": str(next(self._updates)), "from": _person(chat), "chat_instance": "1", "data": data}
        return await self._update(session, {"callback_query": {**pressed, "message": self._message(chat, number)}})

    async def _update(self, session: ClientSession, content: Mapping[str, Any]) -> int:
        update = {"update_id": next(self._updates), **content}
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret}
        try:
            async with session.post(self._hook, json=update, headers=headers) as answer:
                return answer.status
        except (ClientError, ValueError):
            return web.HTTPServiceUnavailable.status_code

    async def _answer(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self._token:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        given = {name: str(value) for name, value in (await request.post()).items()}
        match request.match_info["method"]:
            case "setWebhook":
                self._hook, self._secret = given["url"], given.get("secret_token", "")
            case "sendMessage":
                return _said(self._send(given))
            case "deleteMessage":
                gone = self._exchange.take_back(given["chat_id"], int(given["message_id"]))
                if not gone:
                    told = {"ok": False, "error_code": 400, "description": "Bad Request: message to delete not found"}
                    return web.json_response(told, status=400)
        return _said(True)

    def _send(self, given: Mapping[str, str]) -> Mapping[str, Any]:
        markup = json.loads(given.get("reply_markup") or "{}")
        rows = _inline(markup) or _keyboard(markup)
        line = self._exchange.put(given["chat_id"], Way.CHAT, given["text"], ours=True, buttons=rows)
        return {**self._message(int(given["chat_id"]), line.number), "text": line.text}

    def _message(self, chat: int, number: int) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        return {"message_id": number, "date": now, "chat": {"id": chat, "type": "private", "first_name": "Demo"}}


def text_content(text: str) -> dict[str, Any]:
    """A text as the network describes it: a command is marked as one."""
    if not text.startswith("/"):
        return {"text": text}
    length = len(text.split()[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


def _inline(markup: Mapping[str, Any]) -> Sequence[Sequence[tuple[str, str]]]:
    return [[(key["text"], key["callback_data"]) for key in row] for row in markup.get("inline_keyboard", ())]


def _keyboard(markup: Mapping[str, Any]) -> Sequence[Sequence[tuple[str, str]]]:
    """Keys that write their own label; the one that shares a place is told apart by its data."""
    return [
        [(key["text"], "!place" if key.get("request_location") else "!text") for key in row]
        for row in markup.get("keyboard", ())
    ]


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Demo", "language_code": "sv"}


def _said(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})
