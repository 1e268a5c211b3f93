"""The live things of a running service in one plain value, passed first; knows no page and starts nothing."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from bridges.contract import Bridge
from intake.config import Config
from intake.crew import Crew
from intake.crew.parcel import Packed
from intake.crowd import Crowd
from intake.model import Recipient
from intake.phrases import Phrases
from intake.signs import Signs
from intake.store.database import Database
from intake.turns import Bell, Turns
from intake.underway import UnderWay
from intake.vault.passphrase import STANDARD_COST, Cost
from intake.vault.service_key import ServiceKey
from triage.assess import Knowledge
from triage.atlas import Atlas
from triage.calendar import Calendar
from triage.gazetteer import Gazetteer
from triage.model import DeskName


@dataclass(slots=True)
class LastSeen:
    """What some transaction found; whoever builds on it looks again in their own."""

    keys: Packed[Mapping[DeskName, Recipient]] | None = None
    """The desks' current keys; None until somebody has looked."""


@dataclass(frozen=True, slots=True)
class Service:
    """What every use case needs. Below `app` nobody asks the clock: handlers call `clock` once and pass `now` on."""

    config: Config = field(repr=False)
    key: ServiceKey = field(repr=False)
    database: Database = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    calendar: Calendar = field(repr=False)
    recovery: Recipient | None
    stretcher: Executor = field(repr=False)
    """Where Argon2id runs: a pool so small that logins cannot take the machine."""
    clock: Callable[[], datetime] = field(repr=False)
    phrases: Phrases = field(repr=False)
    atlas: Atlas = field(repr=False)
    bridges: Mapping[str, Bridge] = field(default_factory=dict, repr=False)
    """The ways in and out, by their names in the configuration."""
    turns: Turns = field(default_factory=Turns, repr=False)
    under_way: UnderWay = field(default_factory=UnderWay, repr=False)
    """The files that are coming in, so that they stay few enough."""
    crowd: Crowd = field(default_factory=Crowd, repr=False)
    """Who wrote how much lately, so that too much waits its turn."""
    bell: Bell = field(default_factory=Bell, repr=False)
    """Rung when a text has been promised, so that it need not wait for the next look."""
    signs: Signs = field(default_factory=Signs, repr=False)
    """Whether this process's loops still turn, and how many rows it met that are not what was written."""
    crew: Crew = field(default_factory=Crew, repr=False)
    """The processes that seal and assess beside this one; with none of them it is done here."""
    last_seen: LastSeen = field(default_factory=LastSeen, repr=False)
    cost: Cost = STANDARD_COST
    """What one passphrase costs to try."""

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that a person may choose from."""
        return self.knowledge.gazetteer
