"""TOML to frozen values; every error names its key, none repeats a value; knows no database and no secret."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from intake.sections import (
    BackupSection,
    CasefileSection,
    ContactSection,
    DatabaseSection,
    DeskTable,
    InboxSection,
    LanguagesSection,
    LimitsSection,
    LinkingSection,
    NoticesSection,
    NudgesSection,
    OperatorSection,
    OpsSection,
    RegionTable,
    RetentionSection,
    Section,
    ServiceSection,
    WatchSection,
    WebSection,
)
from triage.model import Desk, DeskName, Duty, Pace, Region, RegionName
from triage.nudges import Limits
from triage.timeline import Policy, Rung, Step, Way

COUNTIES = frozenset(f"{code:02}" for code in range(1, 26)) - {"02", "11", "15", "16"}
"""SCB's codes of the 21 counties."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(?P<first>\w{3})(?:-(?P<last>\w{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ConfigError(Exception):
    """The configuration cannot be used; `key` is the dotted key at fault."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration, checked once."""

    service: ServiceSection
    operator: OperatorSection
    database: DatabaseSection = field(repr=False)
    web: WebSection
    inbox: InboxSection
    ops: OpsSection
    limits: LimitsSection
    nudges: NudgesSection
    watch: WatchSection
    retention: RetentionSection
    backup: BackupSection
    casefile: CasefileSection
    contact: ContactSection
    notices: NoticesSection
    linking: LinkingSection
    languages: LanguagesSection
    bridges: Mapping[str, Mapping[str, Any]] = field(repr=False)
    regions: Mapping[RegionName, Region]
    desks: Mapping[DeskName, Desk]
    policies: Mapping[DeskName, Policy] = field(repr=False)

    def limits_of(self, desk: DeskName) -> Limits:
        """How long a case of this desk's may lie unopened."""
        return Limits(self.policies[desk].limits)

    @property
    def national_desk(self) -> DeskName:
        """The desk that receives what belongs to no region."""
        return DeskName(self.service.national_desk)


def load(path: Path) -> Config:
    """Read the configuration file at `path`.

    Raises:
        ConfigError: the file is missing, no TOML, or a key in it is missing, unknown or wrong.
    """
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError("--config", f"the file cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigError("--config", "the file is not valid TOML") from None


def example() -> str:
    """The example configuration that comes with the package."""
    return resources.files("intake").joinpath("config.example.toml").read_text(encoding="utf-8")


def packaged_regions() -> dict[str, Any]:
    """The tables `regions` and `desks` of the example: the seven regions of Sweden."""
    return {name: table for name, table in tomllib.loads(example()).items() if name in ("regions", "desks")}


def parse(table: Mapping[str, Any]) -> Config:
    """Check a parsed TOML document whole.

    Raises:
        ConfigError: naming the first key at fault.
    """
    unknown = sorted(set(table) - {member.name for member in fields(Config)} | set(table) & {"policies"})
    if unknown:
        raise ConfigError(unknown[0], "unknown table")
    service = _section("service", table.get("service", {}), ServiceSection)
    regions = parse_regions(table.get("regions", {}))
    config = Config(
        service=service,
        operator=_section("operator", table.get("operator", {}), OperatorSection),
        database=_section("database", table.get("database", {}), DatabaseSection),
        web=_section("web", table.get("web", {}), WebSection),
        inbox=_section("inbox", table.get("inbox", {}), InboxSection),
        ops=_section("ops", table.get("ops", {}), OpsSection),
        limits=_section("limits", table.get("limits", {}), LimitsSection),
        nudges=_section("nudges", table.get("nudges", {}), NudgesSection),
        watch=_section("watch", table.get("watch", {}), WatchSection),
        retention=_section("retention", table.get("retention", {}), RetentionSection),
        backup=_section("backup", table.get("backup", {}), BackupSection),
        casefile=_section("casefile", table.get("casefile", {}), CasefileSection),
        contact=_section("contact", table.get("contact", {}), ContactSection),
        notices=_notices(table),
        linking=_section("linking", table.get("linking", {}), LinkingSection),
        languages=_section("languages", table.get("languages", {}), LanguagesSection),
        bridges=_tables("bridges", table.get("bridges", {})),
        regions=regions,
        desks=(desks := parse_desks(table.get("desks", {}), regions)),
        policies=_policies(table, desks),
    )
    national = config.desks.get(config.national_desk)
    if national is None or national.region is not None:
        raise ConfigError("service.national_desk", "must name a desk that has no region")
    return config


def parse_regions(tables: Mapping[str, Any]) -> dict[RegionName, Region]:
    """The tables `[regions.NAME]`; together they hold every county exactly once.

    Raises:
        ConfigError: a county is unknown, missing or in two regions.
    """
    regions: dict[RegionName, Region] = {}
    owner: dict[str, str] = {}
    for name, table in _tables("regions", tables).items():
        key = f"regions.{name}"
        section = _section(key, table, RegionTable)
        for county in section.counties:
            if county not in COUNTIES:
                raise ConfigError(f"{key}.counties", "holds a code that is no county of SCB's")
            if owner.setdefault(county, name) != name:
                raise ConfigError(f"{key}.counties", f"county {county} is in regions.{owner[county]} too")
        regions[RegionName(name)] = Region(RegionName(name), section.name, frozenset(section.counties))
    missing = sorted(COUNTIES - owner.keys())
    if missing:
        raise ConfigError("regions", f"county {missing[0]} is in no region")
    return regions


def parse_desks(tables: Mapping[str, Any], regions: Mapping[RegionName, Region]) -> dict[DeskName, Desk]:
    """The tables `[desks.NAME]`.

    Raises:
        ConfigError: a desk names a region or a deputy that is not there, or hours that cannot be read.
    """
    checked = _tables("desks", tables)
    desks: dict[DeskName, Desk] = {}
    for name, table in checked.items():
        key = f"desks.{name}"
        section = _section(key, table, DeskTable)
        if section.region is not None and section.region not in regions:
            raise ConfigError(f"{key}.region", "names no table of [regions]")
        if any(deputy not in checked or deputy == name for deputy in section.deputies):
            raise ConfigError(f"{key}.deputies", "must name other desks")
        desks[DeskName(name)] = Desk(
            key=DeskName(name),
            name=section.name,
            region=RegionName(section.region) if section.region else None,
            authority=section.authority,
            kinds=frozenset(section.kinds),
            minors=section.minors,
            hours=parse_hours(f"{key}.hours", section.hours),
            out_of_hours=None if section.out_of_hours == "none" else section.out_of_hours,
            deputies=tuple(DeskName(deputy) for deputy in section.deputies),
        )
    return desks


def parse_hours(key: str, text: str) -> Duty:
    """Duty hours as written, ``mon-fri 08:00-16:00``, local time; the end is later than the beginning.

    Raises:
        ConfigError: the text has another form.
    """
    match = _HOURS.fullmatch(text)
    problem = ConfigError(key, "is not of the form 'mon-fri 08:00-16:00'")
    if match is None:
        raise problem
    first, last = match["first"], match["last"] or match["first"]
    if first not in _WEEKDAYS or last not in _WEEKDAYS or _WEEKDAYS.index(first) > _WEEKDAYS.index(last):
        raise problem
    try:
        opens, closes = time.fromisoformat(match["opens"]), time.fromisoformat(match["closes"])
    except ValueError:
        raise problem from None
    if opens >= closes:
        raise problem
    days = frozenset(range(_WEEKDAYS.index(first), _WEEKDAYS.index(last) + 1))
    return Duty(days=days, opens=opens, closes=closes)


def _notices(table: Mapping[str, Any]) -> NoticesSection:
    section = _section("notices", table.get("notices", {}), NoticesSection)
    for way in ("email", "sms", "telegram", "call"):
        if getattr(section, way) not in (None, *table.get("bridges", {})):
            raise ConfigError(f"notices.{way}", "names no table of bridges")
    return section


def _policies(table: Mapping[str, Any], desks: Mapping[DeskName, Desk]) -> dict[DeskName, Policy]:
    """`[nudges]`, and what `[desks.NAME.nudges]` has otherwise."""
    general = _tables("desks", table.get("desks", {}))
    policies = {}
    for name, desk in desks.items():
        own = {**table.get("nudges", {}), **general[name].get("nudges", {})}
        policies[name] = _policy(_section(f"desks.{name}.nudges", own, NudgesSection), desk.hours)
    return policies


def _policy(nudges: NudgesSection, duty: Duty) -> Policy:
    slow = {
        Pace.TODAY: timedelta(hours=nudges.today_duty_hours),
        Pace.DAYS: timedelta(hours=nudges.days_duty_hours),
        Pace.WEEKS: timedelta(hours=nudges.weeks_duty_hours),
    }
    limits = {Pace.NOW: timedelta(minutes=nudges.now_minutes), Pace.HOURS: timedelta(minutes=nudges.hours_minutes)}
    again = {
        Pace.NOW: timedelta(minutes=nudges.now_again_minutes),
        Pace.HOURS: timedelta(minutes=nudges.hours_again_minutes),
    }
    answer = timedelta(hours=nudges.answer_duty_hours)
    return Policy(
        duty=duty,
        limits=limits | slow,
        repeats=again | slow,
        answers={Pace.NOW: answer, Pace.HOURS: answer, **slow, Pace.TODAY: answer},
        plea=timedelta(hours=nudges.plea_duty_hours),
        waiting_again=timedelta(days=nudges.waiting_again_days),
        ahead=timedelta(days=nudges.ahead_days),
        bundle=timedelta(minutes=nudges.bundle_minutes),
        day=_chain(nudges.day_chain),
        night=_chain(nudges.night_chain),
        office=_chain(nudges.office_chain),
    )


def _chain(steps: Iterable[str]) -> tuple[Step, ...]:
    return tuple(Step(Rung(step.partition(" ")[0]), Way(step.partition(" ")[2])) for step in steps)


_S = TypeVar("_S", bound=Section)


def _section(key: str, table: object, kind: type[_S]) -> _S:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        if problem.startswith("Invalid enum value"):  # the one message that repeats what stood there
            problem = "Is none of the choices"
        raise ConfigError(f"{key}.{path.rstrip('`')}" if path else key, problem[0].lower() + problem[1:]) from None


def _tables(key: str, table: object) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(table, Mapping):
        raise ConfigError(key, "is not a table")
    for name, inner in table.items():
        if not _NAME.fullmatch(name):
            raise ConfigError(key, "a name in it is not of lower-case ASCII letters, digits and dashes")
        if not isinstance(inner, Mapping):
            raise ConfigError(f"{key}.{name}", "is not a table")
    return table
