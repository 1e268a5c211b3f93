"""Hears whatever could carry a word out: every log record, whole, and what the house's own logging makes of it."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

import structlog

from intake.logs import configure_logs


@dataclass
class Ears(logging.Handler):
    """Keeps every record as the noisiest handler would write it: message, arguments, exception, traceback."""

    records: list[str] = field(default_factory=list)
    house: io.StringIO = field(default_factory=io.StringIO)
    """What the house's own logging wrote."""

    def __post_init__(self) -> None:
        super().__init__(logging.NOTSET)

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        noisy = logging.Formatter("%(name)s %(levelname)s %(message)s %(args)r %(pathname)s")
        self.records.append(f"{noisy.format(record)} {record.__dict__!r}")

    def heard(self) -> str:
        return "\n".join(self.records) + self.house.getvalue()


@contextmanager
def listening() -> Iterator[Ears]:
    """Listen to everything at DEBUG, libraries included, beside the house's own logging."""
    ears, root = Ears(), logging.getLogger()
    handlers, level = root.handlers, root.level
    ours = {name: logging.getLogger(name).level for name in ("bridges", "intake")}
    configure_logs(ears.house)
    root.addHandler(ears)
    for name in ("", *ours):
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield ears
    finally:
        root.handlers = handlers
        root.setLevel(level)
        for name, before in ours.items():
            logging.getLogger(name).setLevel(before)
        logging.captureWarnings(False)
        structlog.reset_defaults()


def spoken(marks: dict[str, str], heard: str) -> list[str]:
    """The names of the marks that were heard, plain, quoted for an address, escaped or in hexadecimal."""
    return [name for name, mark in marks.items() if any(form in heard for form in _forms(mark))]


def _forms(mark: str) -> set[str]:
    plain = mark.encode()
    return {mark, quote(mark), quote_plus(mark), repr(plain)[2:-1], ascii(mark)[1:-1], plain.hex()}
