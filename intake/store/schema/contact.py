"""Tables of who writes from a phone or a chat, and of what passes; every column says why it may be read."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from intake.store.schema.columns import count, metadata, random_id, sealed, time

_BRIDGE = "the name of a table of the configuration: by which way somebody writes, the same for thousands"


def bridge(name: str = "bridge", *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """The name of a `[bridges.NAME]` table."""
    return Column(name, String(40), primary_key=primary_key, nullable=nullable, info={"clear": _BRIDGE})


def contact(*, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """The contact that a row belongs to, and goes with."""
    key = ForeignKey("contacts.id", ondelete="CASCADE")
    return random_id("contact_id", key, primary_key=primary_key, nullable=nullable)


def _case(*, nullable: bool = False) -> Column[str]:
    return random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=nullable)


contacts = Table(
    "contacts",
    metadata,
    random_id("id", primary_key=True),
    sealed("lookup"),
    _case(nullable=True),
    bridge(),
    sealed("sealed"),
    time("touched_at"),
    sealed("mac"),
    Index(None, "lookup", unique=True),
    Index(None, "case_id"),
    Index(None, "touched_at"),
)

handles = Table(
    "handles",
    metadata,
    random_id("id", primary_key=True),
    contact(),
    sealed("sealed"),
    time("until"),
    Index(None, "contact_id"),
    Index(None, "until"),
)

seen = Table(
    "seen",
    metadata,
    sealed("id_hash", primary_key=True),
    time("seen_at"),
    Index(None, "seen_at"),
)

parts = Table(
    "parts",
    metadata,
    sealed("group_hash", primary_key=True),
    count("number", primary_key=True),
    count("total"),
    sealed("sealed"),
    time("until"),
    Index(None, "until"),
)

fragments = Table(
    "fragments",
    metadata,
    random_id("message_id", primary_key=True),
    contact(),
    _case(),
    count("position"),
    time("written_at"),
    sealed("sealed"),
    time("until"),
    Index(None, "contact_id", "position"),
    Index(None, "until"),
)

waiting = Table(
    "waiting",
    metadata,
    random_id("message_id", primary_key=True),
    contact(),
    _case(),
    count("position"),
    sealed("sealed"),
    time("written_at"),
    time("until"),
    Index(None, "contact_id", "position"),
    Index(None, "until"),
)

codes = Table(
    "codes",
    metadata,
    sealed("code_hash", primary_key=True),
    contact(),
    time("until"),
    sealed("mac"),
    Index(None, "contact_id"),
    Index(None, "until"),
)

tallies = Table(
    "tallies",
    metadata,
    sealed("name_hash", primary_key=True),
    count("number"),
    time("until"),
    Index(None, "until"),
)

polls = Table(
    "polls",
    metadata,
    bridge(primary_key=True),
    random_id("leased_by", nullable=True),
    time("leased_until"),
    Column("next_update", BigInteger, nullable=True, info={"clear": "a provider's running number, nobody's own"}),
)
