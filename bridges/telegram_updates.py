"""A Telegram update as an `Inbound`; takes no name and no username from it, does no I/O."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bridges.contract import Address, Channel, Inbound, Kind, Location, Media
from bridges.hooks import clean

PROVIDER = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

_BOT_NAME = re.compile(r"^(/\w+)@\w+")
# What a person sends that no text can be made of. All else without content is the chat's own housekeeping.
_UNREADABLE = ("sticker", "dice", "poll", "story", "game", "paid_media")


def read_update(update: Update, bridge: str, account: str, at: datetime) -> Inbound | None:
    """What a private chat's update says; None where it is nothing for us (groups, channels, an unblocking)."""
    chat = update.effective_chat
    if chat is None or chat.type != ChatType.PRIVATE:
        return None
    content = _content(update)
    if content is None:
        return None
    person = update.effective_user
    return Inbound(
        bridge=bridge,
        provider=PROVIDER,
        account=account,
        id=str(update.update_id),
        address=Address(Channel.TELEGRAM, str(chat.id)),
        to=account,
        received_at=at,
        sequence=update.update_id,
        language=person.language_code if person else None,
        **content,
    )


def _content(update: Update) -> dict[str, Any] | None:
    if update.callback_query is not None:
        return {"kind": Kind.BUTTON, "text": clean(update.callback_query.data)}
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        edited = _message(update.edited_message)
        # A live location moves by edits: only the first position was meant to be told.
        return None if edited is None or edited["kind"] is Kind.LOCATION else edited | {"kind": Kind.EDIT}
    return None


def _membership(change: ChatMemberUpdated) -> dict[str, Any] | None:
    blocked = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return {"kind": Kind.STOP, "text": ""} if blocked else None


def _message(message: Message) -> dict[str, Any] | None:
    content: dict[str, Any] = {"handle": str(message.message_id), "text": _text(message)}
    if message.location is not None:
        place = Location(message.location.latitude, message.location.longitude)
        return content | {"kind": Kind.LOCATION, "location": place}
    media = tuple(_media(message))
    if media or content["text"]:
        return content | {"kind": _kind(message), "media": media}
    if message.api_kwargs or any(getattr(message, name) for name in _UNREADABLE):
        return content | {"kind": Kind.UNREADABLE}
    return None


def _kind(message: Message) -> Kind:
    first = message.entities[0] if message.entities else None
    is_command = first is not None and first.type == MessageEntityType.BOT_COMMAND and first.offset == 0
    return Kind.COMMAND if is_command else Kind.TEXT


def _text(message: Message) -> str:
    """What was written. A contact or a place that was sent is something said, so its words count."""
    words = message.text or message.caption
    if words is None and message.contact is not None:
        contact = message.contact
        words = " ".join(part for part in (contact.first_name, contact.last_name, contact.phone_number) if part)
    if words is None and message.venue is not None:
        words = f"{message.venue.title}, {message.venue.address}"
    return _BOT_NAME.sub(r"\1", clean(words))


def _media(message: Message) -> Iterator[Media]:
    if message.photo:
        largest = message.photo[-1]
        yield Media(largest.file_id, "image/jpeg", None, largest.file_size)
    for kind, mime in (("voice", "audio/ogg"), ("audio", "audio/mpeg"), ("video", "video/mp4"), ("document", "")):
        item = getattr(message, kind)
        if item is not None:
            name = getattr(item, "file_name", None)
            yield Media(item.file_id, item.mime_type or mime or "application/octet-stream", name, item.file_size)
    if message.video_note is not None:
        yield Media(message.video_note.file_id, "video/mp4", None, message.video_note.file_size)
