"""What lies on the demo's phones, in memory: lines by phone, in order; knows no wire and no page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count


class Way(StrEnum):
    """How a line came."""

    SMS = "sms"
    CHAT = "chat"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that lies on a phone. `ours`: from the service. `buttons` are the choices below it, in rows."""

    number: int
    phone: str
    way: Way
    ours: bool
    text: str = field(repr=False)
    buttons: Sequence[Sequence[tuple[str, str]]] = ()


class Exchange:
    """All phones of the demo. Forgotten when it ends."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._numbers = count(1)

    def put(
        self, phone: str, way: Way, text: str, *, ours: bool, buttons: Sequence[Sequence[tuple[str, str]]] = ()
    ) -> Line:
        """Something new on a phone."""
        line = Line(next(self._numbers), phone, way, ours, text, buttons)
        self._lines.append(line)
        return line

    def take_back(self, phone: str, number: int) -> bool:
        """Delete a line; False where there is none."""
        left = [line for line in self._lines if (line.phone, line.number) != (phone, number)]
        gone = len(left) < len(self._lines)
        self._lines = left
        return gone

    def lines(self) -> Sequence[Line]:
        """Everything that lies on any phone, the oldest first."""
        return tuple(self._lines)
