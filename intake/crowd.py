"""How long each writing waits when many write: senders are keyed hashes in memory; knows no text, refuses nobody.

The key is made here, never leaves, and is thrown away each hour with everything under it: what is left says nothing.
"""

import hmac
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

LONGEST_WAIT = timedelta(seconds=8)
"""More would look like a broken page. Whoever waited so long is let through, however many there are."""
FLOOD_LASTS = timedelta(minutes=2)
KEY_LIFE = timedelta(hours=1)
_MOST_SENDERS = 100_000
_CIRCUITS = ip_network("fc00:dead:beef:4dad::/64")
"""Where Tor tells circuits apart (HiddenServiceExportCircuitID); all else that comes from /64 is one household."""


class Cause(StrEnum):
    """On whose account somebody waits."""

    SENDER = "sender"
    EVERYBODY = "everybody"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many a minute, that many at once included; 0: as many as come."""

    a_minute: int

    @property
    def every(self) -> float:
        """Seconds between two."""
        return 60 / self.a_minute


class Crowd:
    """Who wrote when, as far as it is needed to slow down what is too much."""

    def __init__(self) -> None:
        self.slowed: Counter[Cause] = Counter()
        self._next: dict[bytes, float] = {}
        self._key, self._until = b"", 0.0
        self._flood_until = 0.0

    def wait(self, sender: str | None, one: Rate, everybody: Rate, now: datetime) -> timedelta:
        """How long a writing is to wait. `sender` is an address; None where it cannot be told, who shares with all."""
        at = now.timestamp()
        own = self._turn(Cause.SENDER, group(sender), one, at) if sender is not None else 0.0
        return timedelta(seconds=max(own, self._turn(Cause.EVERYBODY, "", everybody, at)))

    def wait_for_desk(self, desk: str, rate: Rate, now: datetime) -> timedelta:
        """How long the answer to a writing is to wait that has gone to a desk already."""
        return timedelta(seconds=self._turn(Cause.DESK, desk, rate, now.timestamp()))

    def is_flooded(self, now: datetime) -> bool:
        """Whether so many write just now that all of them, or all who write to some desk, wait."""
        return now.timestamp() < self._flood_until

    def _turn(self, cause: Cause, who: str, rate: Rate, at: float) -> float:
        """Take the next place in a queue that moves at `rate`; nobody's is further off than a minute and a wait."""
        if not rate.a_minute:
            return 0.0
        name = self._name(cause, who, at)
        ahead = 60.0 - rate.every
        longest = LONGEST_WAIT.total_seconds()
        place = max(self._next.get(name, at), at)
        self._next[name] = min(place + rate.every, at + ahead + longest + rate.every)
        waits = min(max(place - at - ahead, 0.0), longest)
        if waits:
            self.slowed[cause] += 1
            if cause is not Cause.SENDER:
                self._flood_until = at + FLOOD_LASTS.total_seconds()
        return waits

    def _name(self, cause: Cause, who: str, at: float) -> bytes:
        if at >= self._until:
            self._key, self._until = secrets.token_bytes(32), at + KEY_LIFE.total_seconds()
            self._next.clear()
        elif len(self._next) >= _MOST_SENDERS:
            self._next = {name: due for name, due in self._next.items() if due > at}
        return hmac.digest(self._key, f"{cause}|{who}".encode(), "sha256")


def group(address: str) -> str:
    """What stands for one sender: an address, a household's network, a circuit; text that is none stands for itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed) if parsed in _CIRCUITS else str(ip_network((parsed, 64), strict=False))
