"""A strict double of Telegram's Bot API, on loopback, with a memory: chats, buttons, files, webhooks and polling."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import aiohttp
from aiohttp import web

from tests.doubles import STATUS, Mood

FORTY_EIGHT_HOURS = timedelta(hours=48)


@dataclass
class ChatMessage:
    """One message of a chat, as Telegram keeps it."""

    id: int
    text: str
    from_bot: bool
    at: datetime
    fields: dict = field(default_factory=dict)


@dataclass
class Chat:
    """One person's private chat with the bot."""

    id: int
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    blocked: bool = False
    throttled_until: datetime | None = None

    @property
    def heard(self) -> list[str]:
        """What the bot has said and not deleted."""
        return [message.text for message in self.messages.values() if message.from_bot]


class Refuse(Exception):
    """An error of the Bot API."""

    def __init__(self, status: int, description: str, parameters: dict | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description} | (
            {"parameters": parameters} if parameters else {}
        )


class TelegramDouble:
    """A strict Bot API. The person's side: `say`, `press`, `share`, `block`; then `deliver` or getUpdates."""

    def __init__(
        self, token: str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", now=lambda: datetime.now(UTC)
    ) -> None:
        self.token = token
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.updates: list[dict] = []
        self.webhook: dict | None = None
        self.calmed: list[str] = []
        self.files: dict[str, bytes] = {}
        self.calls: list[tuple[str, dict]] = []
        self.mood = Mood.WELL
        self._ids = count(1000)

    def app(self) -> web.Application:
        """The double as an application."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        return app

    def person(self, chat_id: int) -> Chat:
        """A chat that the person has opened."""
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def say(self, chat_id: int, text: str, **more: object) -> int:
        """The person writes; the id of the message."""
        chat = self.person(chat_id)
        message = ChatMessage(next(self._ids), text, False, self.now())
        chat.messages[message.id] = message
        body = {"message_id": message.id, "date": int(message.at.timestamp()), **_people(chat_id), **more}
        if text:
            body["text"] = text
        if text.startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        self._queue({"message": body})
        return message.id

    def press(self, chat_id: int, data: str) -> None:
        """The person presses a button."""
        sender = _people(chat_id)["from"]
        message = {"message_id": 1, "date": int(self.now().timestamp()), **_people(chat_id)}
        query = {"id": f"q{next(self._ids)}", "from": sender, "chat_instance": "1", "data": data, "message": message}
        self._queue({"callback_query": query})

    def share(self, chat_id: int, latitude: float, longitude: float) -> None:
        """The person shares a position."""
        self.say(chat_id, "", location={"latitude": latitude, "longitude": longitude})

    def block(self, chat_id: int) -> None:
        """The person blocks the bot."""
        self.person(chat_id).blocked = True
        member = {"user": {"id": 1, "is_bot": True, "first_name": "Hamn"}}
        change = {
            "date": int(self.now().timestamp()),
            **_people(chat_id),
            "old_chat_member": member | {"status": "member"},
        }
        self._queue({"my_chat_member": change | {"new_chat_member": member | {"status": "kicked", "until_date": 0}}})

    def _queue(self, update: dict) -> None:
        self.updates.append({"update_id": next(self._ids)} | update)

    async def deliver(self, base: str | None = None) -> list[int]:
        """POST what waits to the webhook, with its secret; what gets no 2xx waits on. The statuses."""
        assert self.webhook, "no webhook is set"
        url = self.webhook["url"] if base is None else base + "/" + self.webhook["url"].split("/", 3)[3]
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        waiting, self.updates = self.updates, []
        statuses = []
        async with aiohttp.ClientSession() as session:
            for update in waiting:
                async with session.post(url, json=update, headers=headers) as response:
                    statuses.append(response.status)
                    answer = await response.json() if response.content_type == "application/json" else {}
                if not 200 <= response.status < 300:
                    self.updates.append(update)
                elif answer.get("method") == "answerCallbackQuery":
                    self.calmed.append(answer["callback_query_id"])
        return statuses

    async def _call(self, request: web.Request) -> web.Response:
        params = {key: _parsed(str(value)) for key, value in (await request.post()).items()}
        method = request.match_info["method"]
        self.calls.append((method, params))
        if request.match_info["token"] != self.token:
            return web.json_response(Refuse(401, "Unauthorized").body, status=401)
        if self.mood in STATUS and self.mood is not Mood.THROTTLES:
            return web.json_response(Refuse(STATUS[self.mood], "Sorry").body, status=STATUS[self.mood])
        try:
            result = getattr(self, f"_{method}")(params)
        except Refuse as refused:
            return web.json_response(refused.body, status=refused.status)
        if self.mood is Mood.HANGS:
            await asyncio.sleep(30)
        if self.mood is Mood.LIES:
            return web.json_response(Refuse(500, "Internal Server Error").body, status=500)
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])

    def _chat(self, params: dict) -> Chat:
        chat = self.chats.get(int(params["chat_id"]))
        if chat is None:
            raise Refuse(400, "Bad Request: chat not found")
        if chat.blocked:
            raise Refuse(403, "Forbidden: bot was blocked by the user")
        if self.mood is Mood.THROTTLES or (chat.throttled_until and chat.throttled_until > self.now()):
            raise Refuse(429, "Too Many Requests: retry after 7", {"retry_after": 7})
        return chat

    def _nothing(self) -> None:
        """For a test that breaks off in the middle."""
        raise Refuse(500, "Internal Server Error")

    def _sendMessage(self, params: dict) -> dict:  # noqa: N802 (the API's name)
        chat, text = self._chat(params), str(params["text"])
        if not text.strip():
            raise Refuse(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refuse(400, "Bad Request: message is too long")
        for row in (params.get("reply_markup") or {}).get("inline_keyboard", []):
            if any(not 1 <= len(button["callback_data"].encode()) <= 64 for button in row):
                raise Refuse(400, "Bad Request: BUTTON_DATA_INVALID")
        message = ChatMessage(next(self._ids), text, True, self.now(), params)
        chat.messages[message.id] = message
        return {"message_id": message.id, "date": int(message.at.timestamp()), **_people(chat.id), "text": text}

    def _deleteMessage(self, params: dict) -> bool:  # noqa: N802 (the API's name)
        chat, id_ = self._chat(params), int(params["message_id"])
        if id_ not in chat.messages:
            raise Refuse(400, "Bad Request: message to delete not found")
        if self.now() - chat.messages[id_].at > FORTY_EIGHT_HOURS:
            raise Refuse(400, "Bad Request: message can't be deleted for everyone")
        del chat.messages[id_]
        return True

    def _getUpdates(self, params: dict) -> list[dict]:  # noqa: N802 (the API's name)
        if self.webhook is not None:
            raise Refuse(409, "Conflict: can't use getUpdates method while webhook is active")
        self.updates = [u for u in self.updates if u["update_id"] >= int(params.get("offset", 0))]
        return self.updates[:100]

    def _setWebhook(self, params: dict) -> bool:  # noqa: N802 (the API's name)
        self.webhook = params
        return True

    def _deleteWebhook(self, params: dict) -> bool:  # noqa: N802 (the API's name)
        self.webhook = None
        return True

    def _answerCallbackQuery(self, params: dict) -> bool:  # noqa: N802 (the API's name)
        self.calmed.append(str(params["callback_query_id"]))
        return True

    def _getFile(self, params: dict) -> dict:  # noqa: N802 (the API's name)
        if params["file_id"] not in self.files:
            raise Refuse(400, "Bad Request: invalid file_id")
        return {"file_id": params["file_id"], "file_unique_id": "u", "file_path": params["file_id"]}


def _people(chat_id: int) -> dict:
    person = {"id": chat_id, "is_bot": False, "first_name": "Förnamn", "username": "smeknamn", "language_code": "sv"}
    return {"chat": {"id": chat_id, "type": "private", "first_name": "Förnamn", "username": "smeknamn"}, "from": person}


def _parsed(value: str) -> object:
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, dict | list | bool) else value
