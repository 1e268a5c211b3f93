"""Every table and why each column may lie there as it does; knows no verb and no key.

A column's `info["clear"]` says why its content may be read by whoever steals the database; a column without it holds
ciphertext, a keyed hash or a MAC. `docs/threat-model.md` is checked against these notes.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

_RANDOM = "a random id"
_DESK = "which desk a case lies with is what the clock and the list need; desks are published"
_TIME = "needed by the clock; seconds until first answered, then the hour, later the day"
_STATE = "how far something has come, without content"
_PUBLIC_KEY = "a public key seals, it opens nothing"
_COUNT = "a count or a number of a generation"


def _id(name: str, *arguments: ForeignKey, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, String(40), *arguments, primary_key=primary_key, nullable=nullable, info={"clear": _RANDOM})


def _desk(name: str = "desk", *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, String(40), primary_key=primary_key, nullable=nullable, info={"clear": _DESK})


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    """Seconds since 1970, UTC."""
    return Column(name, BigInteger, nullable=nullable, info={"clear": _TIME})


def _state(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(24), nullable=nullable, info={"clear": _STATE})


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, info={"clear": _STATE})


def _count(name: str, *, primary_key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=primary_key, autoincrement=False, nullable=False, info={"clear": _COUNT})


def _public_key(name: str = "public_key", *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable, info={"clear": _PUBLIC_KEY})


def _sealed(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[bytes]:
    """Ciphertext, a keyed hash or a MAC."""
    return Column(name, LargeBinary, primary_key=primary_key, nullable=nullable)


def _case() -> Column[str]:
    return _id("case_id", ForeignKey("cases.id", ondelete="CASCADE"))


# Who works here -------------------------------------------------------------------------------------------------

desk_generations = Table(
    "desk_generations",
    metadata,
    _desk(primary_key=True),
    _count("generation", primary_key=True),
    _public_key(),
    _flag("current"),
    _time("made_at"),
    _sealed("mac"),
)

members = Table(
    "members",
    metadata,
    _id("id", primary_key=True),
    _sealed("login_index"),
    _sealed("sealed_login"),
    _state("role"),
    _state("state"),
    _public_key(),
    _sealed("protected_key"),
    _sealed("sealed_totp", nullable=True),
    Column("totp_counter", BigInteger, nullable=False, info={"clear": _COUNT}),
    _time("joined_at"),
    _sealed("mac"),
    Index(None, "login_index", unique=True),
)

memberships = Table(
    "memberships",
    metadata,
    _id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    _desk(primary_key=True),
    _sealed("mac"),
)

desk_key_wraps = Table(
    "desk_key_wraps",
    metadata,
    _id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    _desk(primary_key=True),
    _count("generation", primary_key=True),
    _sealed("sealed"),
    _sealed("mac"),
)

invitations = Table(
    "invitations",
    metadata,
    _sealed("token_hash", primary_key=True),
    _sealed("sealed_login"),
    _state("role"),
    _desk(nullable=True),
    _time("expires_at"),
    _sealed("mac"),
)

login_tries = Table(
    "login_tries",
    metadata,
    _sealed("login_index", primary_key=True),
    _count("failures"),
    _time("tried_at"),
)

sessions = Table(
    "sessions",
    metadata,
    _sealed("id_hash", primary_key=True),
    _id("member_id", ForeignKey("members.id", ondelete="CASCADE")),
    _sealed("wrapped_key"),
    _time("last_seen_at"),
    _time("expires_at"),
    Index(None, "expires_at"),
    Index(None, "member_id"),
)

# What was told --------------------------------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    _id("id", primary_key=True),
    _desk(),
    _state("status"),
    Column("pace", String(8), nullable=False, info={"clear": "what the clock needs; hints at danger or a minor"}),
    _state("channel"),
    _id("assignee", ForeignKey("members.id", ondelete="SET NULL"), nullable=True),
    _time("received_at"),
    _time("due_at"),
    _time("opened_at", nullable=True),
    _time("answered_at", nullable=True),
    _time("closed_at", nullable=True),
    _time("erased_at", nullable=True),
    _time("delete_at", nullable=True),
    _count("messages"),
    _sealed("mac"),
    Index("ix_cases_open", "desk", "closed_at", "due_at", "id"),
    Index(None, "delete_at"),
)

grants = Table(
    "grants",
    metadata,
    _id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    _desk(primary_key=True),
    _state("ground"),
    _time("since"),
    _sealed("mac"),
)

envelopes = Table(
    "envelopes",
    metadata,
    _id("message_id", primary_key=True),
    Column("direction", String(16), primary_key=True, info={"clear": "who speaks: person, desk, or the card"}),
    _case(),
    _count("position"),
    _time("sent_at"),
    _sealed("body"),
    _sealed("mac"),
    Index(None, "case_id", "position"),
)

wraps = Table(
    "wraps",
    metadata,
    _id("message_id", primary_key=True),
    Column("direction", String(16), primary_key=True, info={"clear": "who speaks: person, desk, or the card"}),
    Column("kind", String(16), primary_key=True, info={"clear": "desk, mailbox or recovery key"}),
    Column("recipient", String(40), primary_key=True, info={"clear": f"{_DESK}; a mailbox is its case's random id"}),
    _count("generation", primary_key=True),
    _case(),
    _sealed("sealed"),
    _sealed("mac"),
    Index(None, "case_id"),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    _sealed("lookup_id", primary_key=True),
    Column("salt", LargeBinary, nullable=False, info={"clear": "random; worthless without receipt and service key"}),
    _public_key(),
    _case(),
    _flag("kept"),
    _sealed("mac"),
    Index(None, "case_id"),
)

spent_tokens = Table(
    "spent_tokens",
    metadata,
    _sealed("token_hash", primary_key=True),
    _time("spent_at"),
    Index(None, "spent_at"),
)

# What is on its way ---------------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    _id("id", primary_key=True),
    _case(),
    _state("bridge"),
    _state("state"),
    Column("template", String(40), nullable=True, info={"clear": "the name of an automatic text, the same for all"}),
    _sealed("sealed_address"),
    _sealed("sealed_text", nullable=True),
    _count("attempts"),
    _time("due_at"),
    _time("expires_at"),
    _id("leased_by", nullable=True),
    _time("leased_until", nullable=True),
    Index(None, "state", "due_at"),
    Index(None, "case_id"),
)

# What was done --------------------------------------------------------------------------------------------------

audit = Table(
    "audit",
    metadata,
    _desk(primary_key=True),
    _count("number", primary_key=True),
    _sealed("entry"),
    _sealed("link"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    _desk(primary_key=True),
    _sealed("sealed_head"),
)
