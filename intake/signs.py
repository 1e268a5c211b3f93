"""What this process says of itself: which of its loops still turn, how many rows were not what was written; no row."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.logs import log

_LOG = log(__name__)

TURN = timedelta(minutes=5)
"""More than a loop ever needs for one turn and the rest after it: one that is silent for longer hangs, or is dead."""


@dataclass(slots=True)
class Signs:
    """Signs of life of the loops that were begun, by name, and the ids of rows that failed their check."""

    _turned: dict[str, datetime] = field(default_factory=dict, repr=False)
    _tampered: set[str] = field(default_factory=set, repr=False)

    @property
    def tampered(self) -> int:
        """How many different rows were met since the start that are not what was written."""
        return len(self._tampered)

    def turn(self, loop: str, now: datetime) -> None:
        """The loop begins a turn; from its first one on it is expected to go on."""
        self._turned[loop] = now

    def end(self, loop: str) -> None:
        """The loop has been ended: nothing more is expected of it."""
        self._turned.pop(loop, None)

    def silent(self, now: datetime) -> list[str]:
        """The loops that have not turned within their time."""
        return sorted(loop for loop, at in self._turned.items() if now - at > TURN)

    def stumble(self, row: str, error: Exception) -> None:
        """A row is not what was written: it is counted, and the log tells how many there are by now."""
        self._tampered.add(row)
        _LOG.error("a case is not what was written", exception=type(error).__name__, so_far=self.tampered)
