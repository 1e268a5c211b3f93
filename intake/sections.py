"""The tables of the configuration file, key by key with their defaults; knows no file and no other table."""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from triage.model import Kind, Minors

Positive: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
NotNegative: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
HostAndPort: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\S+:\d{1,5}$")]
_Step: TypeAlias = Annotated[
    str, msgspec.Meta(pattern="^(assignee|desk|deputies|on_call|national) (message|sms|call)$")
]
Weekly: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^(none|(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d)$")
]
Chain: TypeAlias = Annotated[tuple[_Step, ...], msgspec.Meta(min_length=1)]
DatabaseUrl: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(sqlite:///|postgresql://).")]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: an unknown key in it refuses to start."""


class ServiceSection(Section, frozen=True, kw_only=True):
    """What the service is called, where its key lies, and who receives what belongs nowhere else.

    `helping_processes` seal and assess beside the service: one a core where there are several, unless told.
    """

    national_desk: str
    key_file: str
    name: str = "Hamn"
    helping_processes: NotNegative | None = None
    recovery_key_file: str | None = None


class OperatorSection(Section, frozen=True, kw_only=True):
    """Who runs the service: an authority keeps public records, an organisation may delete at once."""

    kind: Literal["authority", "organisation"]
    name: str = ""


class DatabaseSection(Section, frozen=True, kw_only=True):
    """Where the rows are: `sqlite:///path` or `postgresql://user@host/name`, its password in a file."""

    url: DatabaseUrl
    password_file: str | None = None


class WebSection(Section, frozen=True, kw_only=True):
    """The public listener."""

    public_url: str
    listen: HostAndPort = "127.0.0.1:8080"
    onion_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    exit_url: str = "https://www.smhi.se/"


class InboxSection(Section, frozen=True, kw_only=True):
    """The coordinators' listener. Sessions end when idle, and at the latest after `session_hours`."""

    url: str
    listen: HostAndPort = "127.0.0.1:8081"
    totp: bool = True
    idle_minutes: Positive = 30
    session_hours: Positive = 10
    invitation_days: Positive = 7
    passkey_domain: str | None = None


class OpsSection(Section, frozen=True, kw_only=True):
    """The operations listener: health and counts."""

    listen: HostAndPort = "127.0.0.1:8082"


class LimitsSection(Section, frozen=True, kw_only=True):
    """How often an account may be tried before each further try waits, and how much room files may take.

    Beyond it files are refused; a text is always taken in. What is written more often a minute than the last three say
    waits some seconds, and is taken in too; 0: nobody waits.
    """

    logins_before_pause: Positive = 5
    uploads_at_once: Positive = 128
    attachments_megabytes: NotNegative = 20_000
    disk_reserve_megabytes: NotNegative = 2_000
    sender_a_minute: NotNegative = 30
    everybody_a_minute: NotNegative = 3_000
    desk_a_minute: NotNegative = 120


class NudgesSection(Section, frozen=True, kw_only=True):
    """How long a case may lie unopened, by pace, and whom that concerns when: see the example, and docs/nudges.md.

    Calendar time for `now` and `hours`, duty time for the others; `again` is from one nudge to the next.
    """

    now_minutes: Positive = 10
    now_again_minutes: Positive = 10
    hours_minutes: Positive = 120
    hours_again_minutes: Positive = 60
    today_duty_hours: Positive = 4
    days_duty_hours: Positive = 24
    weeks_duty_hours: Positive = 80
    plea_duty_hours: Positive = 2
    answer_duty_hours: Positive = 4
    waiting_again_days: Positive = 7
    ahead_days: Positive = 7
    bundle_minutes: NotNegative = 5
    most_a_day: Positive = 6
    day_chain: Chain = ("desk call", "desk call", "deputies call", "on_call call", "national call")
    night_chain: Chain = ("on_call call", "on_call call", "desk call", "deputies call", "national call")
    office_chain: Chain = ("assignee message", "desk message", "desk sms", "national message")


class WatchSection(Section, frozen=True, kw_only=True):
    """Who watches the watchman: an outside address that expects to be asked for, and a weekly call to every desk."""

    heartbeat_url: str | None = None
    test_call: Weekly = "tue 10:00"
    failures_before_alarm: Positive = 3


class RetentionSection(Section, frozen=True, kw_only=True):
    """What may be deleted and when. `decision` names the authority's disposal decision; None keeps the desk's copy.

    A closed case goes after `closed_days`, or as long as `kinds` says of its kind; one that was answered and has been
    silent since, after `answered_days` (None: never by itself). Nothing goes before it was ahead for `warning_days`.
    """

    decision: str | None = None
    erase_delay_days: NotNegative = 30
    closed_days: Positive | None = 730
    answered_days: Positive | None = None
    kinds: dict[Kind, Positive] = msgspec.field(default_factory=dict)
    warning_days: Positive = 30


class CasefileSection(Section, frozen=True, kw_only=True):
    """The steps of the support process and the partners one may refer to: both help and neither forces."""

    steps: tuple[str, ...] = (
        "Trygg kontakt: tid, sätt och fråga överenskomna",
        "Akut skydd: boende och säkerhet bedömda",
        "Tolk ordnad",
        "Rätt till stöd utan polisanmälan förklarad",
        "Betänketid, 30 dagar, erbjuden",
        "Hälso- och sjukvård erbjuden",
        "Juridiskt stöd erbjudet: lön, pass, målsägandebiträde",
        "Stöd från socialtjänst eller idéburen organisation",
        "Tryggt återvändande erbjudet",
        "Uppföljning planerad",
    )
    partners: tuple[str, ...] = (
        "Socialtjänsten",
        "Polisen",
        "Migrationsverket",
        "Hälso- och sjukvården",
        "Arbetsmiljöverket",
        "Idéburen organisation",
        "IOM, återvändande",
    )


class BackupSection(Section, frozen=True, kw_only=True):
    """What `hamn backup` seals to, and where it stands written what must not come back with a restored backup."""

    public_key_file: str | None = None
    journal_file: str | None = None


class ContactSection(Section, frozen=True, kw_only=True):
    """Writing to persons' phones and chats. `reads` stands in the automatic answer: on weekdays, local time.

    A text that nobody asked for is of no use after `text_hours`; an answer waits for its reader for `answer_hours`.
    Of texts that nobody asked for at most `unasked_a_day` go to somebody who does not write, and of those that ask how
    they are `check_ins_in_vain` in a row. Automatic texts are capped a day: for the country of `home`, and for each
    other country (toll fraud).
    """

    after_closing: Literal["reopen", "new"] = "reopen"
    reads: str = "8-16"
    code_address: str | None = None
    text_hours: Annotated[int, msgspec.Meta(ge=1, le=72)] = 24
    answer_hours: Annotated[int, msgspec.Meta(ge=1, le=72)] = 72
    unasked_a_day: Positive = 3
    check_ins_in_vain: Positive = 2
    home: str = "SE"
    automatic_a_day: Positive = 1000
    automatic_a_day_abroad: Positive = 30


class NoticesSection(Section, frozen=True, kw_only=True):
    """Telling coordinators that something waits. For each way a bridge may be named; else the first of its kind goes.

    What they have not looked at yet takes in what comes within `quiet_minutes`.
    """

    quiet_minutes: NotNegative = 15
    email: str | None = None
    sms: str | None = None
    telegram: str | None = None
    call: str | None = None


class LinkingSection(Section, frozen=True, kw_only=True):
    """Finding identifiers of one case in others. Between authorities: off, and then only what is advertised."""

    between_authorities: bool = False
    lookups_an_hour: Positive = 200


class LanguagesSection(Section, frozen=True, kw_only=True):
    """The languages offered, in the order of the language page."""

    offered: tuple[str, ...] = ("sv", "sv-lattlast", "en", "th", "ro", "uk", "es", "ar")


class RegionTable(Section, frozen=True, kw_only=True):
    """A `[regions.NAME]`: what it is called, and its counties by SCB's codes."""

    name: str
    counties: tuple[str, ...]


class DeskTable(Section, frozen=True, kw_only=True):
    """A `[desks.NAME]`, as written."""

    name: str
    authority: str
    hours: str
    out_of_hours: str
    region: str | None = None
    kinds: tuple[Kind, ...] = tuple(Kind)
    minors: Minors = Minors.ANY
    deputies: tuple[str, ...] = ()
    nudges: dict[str, Any] = msgspec.field(default_factory=dict)
