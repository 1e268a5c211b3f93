"""Values that are sealed like a message, as canonical JSON in a direction of their own; knows no desk and no row."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from intake.model import Context, Direction, Envelope, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.suite import PrivateKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SealedForm(Generic[T]):
    """How one sort of value is written, sealed, opened and read.

    name: what it is called in errors, with its article.
    number: the version that stands in the text, None for a form that was stored before there were any.
    to_value, from_value: to and from what JSON can say; `from_value` may raise ValueError, KeyError or TypeError.
    """

    name: str
    direction: Direction
    to_value: Callable[[T], Mapping[str, Any]]
    from_value: Callable[[dict[str, Any]], T]
    number: int | None = 1

    def seal(self, context: Context, value: T, recipients: Sequence[Recipient]) -> Envelope:
        """Seal a value. Raises as `seal_envelope`, and `ValueError` for a context of another direction."""
        if context.direction is not self.direction:
            raise ValueError(f"{self.name} is sealed as {self.name}")
        return seal_envelope(context, self.to_json(value), recipients)

    def open(
        self, envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey
    ) -> T:
        """Return the value. Raises as `open_envelope`; `Tampered` also for what is of another sort."""
        if envelope.context.direction is not self.direction:
            raise Tampered(f"not {self.name}")
        return self.from_json(open_envelope(envelope, kind, recipient_id, generation, private))

    def to_json(self, value: T) -> bytes:
        """Return the one JSON text of a value: keys sorted, no spaces, ASCII (so that any text at all survives)."""
        form = {} if self.number is None else {"form": self.number}
        text = json.dumps(form | dict(self.to_value(value)), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return text.encode()

    def from_json(self, text: bytes) -> T:
        """Read what `to_json` wrote. Raises `Tampered`."""
        try:
            value = json.loads(text)
            if self.number is not None and value["form"] != self.number:
                raise Tampered(f"{self.name} of a form that is not known")
            return self.from_value(value)
        except (ValueError, KeyError, TypeError):
            raise Tampered(f"not {self.name}") from None
