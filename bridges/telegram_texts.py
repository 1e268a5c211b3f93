"""What we say on Telegram: a text in messages that fit, choices as keys; does no I/O."""

from collections.abc import Iterator

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bridges.contract import Button

LONGEST_TEXT = 4096


def pieces(text: str) -> Iterator[str]:
    """`text` in messages of at most 4,096 UTF-16 units, cut at a line or a word where there is one late enough."""
    rest = text.strip()
    while rest:
        head = _first_units(rest, LONGEST_TEXT)
        if len(head) < len(rest):
            cut = max(head.rfind("\n"), head.rfind(" "))
            head = head[:cut] if cut > len(head) // 2 else head
        yield head.rstrip() or head
        rest = rest[len(head) :].lstrip()


def _first_units(text: str, units: int) -> str:
    raw = text[:units].encode("utf-16-le")[: 2 * units]
    return raw.decode("utf-16-le", "ignore")


def markup(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """Choices under a message; a keyboard of its own where one asks for the location: Telegram wants it so."""
    if not rows:
        return None
    if any(button.asks_location for row in rows for button in row):
        keys = [[KeyboardButton(b.label, request_location=b.asks_location) for b in row] for row in rows]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    return InlineKeyboardMarkup([[InlineKeyboardButton(b.label, callback_data=b.data) for b in row] for row in rows])
