"""What pure work needs besides its arguments: the same in the service and in the processes beside it."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from intake.config import Config
from intake.model import Recipient
from intake.vault.service_key import ServiceKey
from triage.assess import Knowledge, load_knowledge
from triage.calendar import Calendar


class Shop(Protocol):
    """The part of a `Service` that reads no row and sends nothing."""

    @property
    def config(self) -> Config:
        """What the operator wrote."""

    @property
    def key(self) -> ServiceKey:
        """The service key."""

    @property
    def knowledge(self) -> Knowledge:
        """All that triage knows."""

    @property
    def calendar(self) -> Calendar:
        """Working days."""

    @property
    def recovery(self) -> Recipient | None:
        """The recovery key's public half, where there is one."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a process beside this one is given; the words and places it reads itself.

    `jobs` are the functions that it will be asked for: it imports them beforehand, so that no first job waits for that.
    """

    config: Config = field(repr=False)
    key: ServiceKey = field(repr=False)
    calendar: Calendar = field(repr=False)
    recovery: Recipient | None
    jobs: tuple[Callable[..., object], ...] = ()


@dataclass(frozen=True, slots=True)
class Stocked:
    """A shop of its own, without a service around it."""

    config: Config = field(repr=False)
    key: ServiceKey = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    calendar: Calendar = field(repr=False)
    recovery: Recipient | None


def packed(tools: Tools) -> bytes:
    """The tools as bytes, for a pipe that nobody else reads."""
    return pickle.dumps((tools.config, dict(tools.key.roots), tools.calendar, tools.recovery, tools.jobs))


def set_up(payload: bytes) -> Shop:
    """The shop that the tools make, with all that triage knows."""
    # The jobs have done theirs by being imported.
    config, roots, calendar, recovery, _ = pickle.loads(payload)  # noqa: S301 (from the process that started this one)
    return Stocked(config, ServiceKey(roots), load_knowledge().ready(), calendar, recovery)
