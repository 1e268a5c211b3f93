"""The JSON bodies of the public API as types, and how they are read; a refusal names our field, never the input."""

import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Meta, Struct

from intake.model import Police
from intake.pages.errors import problem
from intake.pages.forms import read_body
from intake.web.drafts import LONGEST_TEXT

B = TypeVar("B", bound="Body")

Text = Annotated[
    str,
    Meta(min_length=1, max_length=LONGEST_TEXT, description="What the person writes.", examples=["Jag behöver hjälp."]),
]
ReceiptDigits = Annotated[
    str,
    Meta(
        description="The 28 digits of the receipt; spaces, dashes and other scripts' digits are accepted.",
        examples=["4711 0815 2342 1337 0042 1984 2001"],
    ),
]
Language = Annotated[
    str,
    Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", description="BCP 47 tag of the sender's language."),
]
County = Annotated[str, Meta(pattern="^[0-9]{2}$", description="SCB's code of the county.", examples=["12"])]
Municipality = Annotated[
    str,
    Meta(
        pattern="^[0-9]{4}$",
        description="SCB's code of the municipality. It decides where a county contradicts it.",
        examples=["1280"],
    ),
]


class ReportKind(StrEnum):
    """Who writes, and for what."""

    TIP = "tip"
    HELP = "help"
    BUYER = "buyer"
    PROFESSIONAL = "professional"


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A request's body: strict, an unknown field is refused."""


class NewReport(Body, frozen=True):
    """A report. Only the text is needed; null is the same as left out."""

    text: Text
    lang: Language | None = None
    kind: ReportKind | None = None
    county: County | None = None
    municipality: Municipality | None = None
    police: Police | None = None


class OpenMailbox(Body, frozen=True):
    """What opens a mailbox."""

    receipt: ReceiptDigits


class NewMessage(Body, frozen=True):
    """One more message of the person's."""

    receipt: ReceiptDigits
    text: Text
    lang: Language | None = None


class ReceivedBy(Struct, frozen=True):
    """Who has the report, and when somebody has read it at the latest (ISO 8601 with offset)."""

    name: str
    answer_by: str


class NewReceipt(Struct, frozen=True):
    """The answer to a report: it is on disk."""

    receipt: Annotated[str, Meta(pattern="^[0-9]{28}$", description="Shown this once; it opens the mailbox.")]
    received_by: ReceivedBy


class Speaker(StrEnum):
    """Who wrote a message."""

    YOU = "you"
    COORDINATOR = "coordinator"
    SERVICE = "service"


class MailboxMessage(Struct, frozen=True, rename={"speaker": "from"}):
    """A message of the conversation, with its date in Sweden."""

    speaker: Speaker
    text: str
    day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Conversation(Struct, frozen=True):
    """What a mailbox holds, the oldest message first."""

    messages: list[MailboxMessage]


def taking(kind: type[B], act: Callable[[web.Request, B], Awaitable[web.StreamResponse]]) -> Handler:
    """A handler that reads its body as `kind` before it acts, and refuses what does not fit."""
    decoder = msgspec.json.Decoder(kind)
    fields = kind.__struct_fields__

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        body = await read_body(request)
        try:
            value = _decoded(body, decoder)
        except msgspec.ValidationError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _said(error, fields))
        except (ValueError, RecursionError):
            return problem(HTTPStatus.BAD_REQUEST, "The body is not JSON in UTF-8.")
        return await act(request, value)

    return answer


def encode(value: Struct) -> bytes:
    """JSON of an answer; a half surrogate that somebody sent goes back as the escape it came as."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode("ascii")


def _decoded(body: bytes, decoder: "msgspec.json.Decoder[B]") -> B:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # msgspec refuses a half surrogate, which a phone's keyboard can leave in a text; no text is lost for that.
        if b"\\u" not in body:
            raise
        return msgspec.convert(json.loads(body.decode()), decoder.type)


def _said(error: msgspec.ValidationError, fields: tuple[str, ...]) -> str:
    """Which field is at fault, from our own list: the error's words may quote the body."""
    words: Any = str(error)
    named = next((field for field in fields if words.endswith((f"`$.{field}`", f"required field `{field}`"))), None)
    return f"The field {named} is missing or not as described." if named else "The body is not as described."
