"""The kinds of columns there are, each with why it may lie in the open, or without: then it is sealed or hashed.

A column's `info["clear"]` says why its content may be read by whoever steals the database; a column without it holds
ciphertext, a keyed hash or a MAC. `docs/columns.md` is checked against these notes.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String

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
_LENGTH = "how long it is once padded and sealed: what the budget of bytes is held to"
_COUNT = "a count or a number of a generation"


def random_id(name: str, *arguments: ForeignKey, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """128 random bits, or a reference to such an id."""
    return Column(name, String(40), *arguments, primary_key=primary_key, nullable=nullable, info={"clear": _RANDOM})


def desk(name: str = "desk", *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """The name of a `[desks.NAME]` table."""
    return Column(name, String(40), primary_key=primary_key, nullable=nullable, info={"clear": _DESK})


def time(name: str, *, nullable: bool = False) -> Column[int]:
    """Seconds since 1970, UTC."""
    return Column(name, BigInteger, nullable=nullable, info={"clear": _TIME})


def state(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """A word of a closed set."""
    return Column(name, String(24), primary_key=primary_key, nullable=nullable, info={"clear": _STATE})


def flag(name: str) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, info={"clear": _STATE})


def count(name: str, *, primary_key: bool = False) -> Column[int]:
    """A number that stands for nothing but itself."""
    return Column(name, Integer, primary_key=primary_key, autoincrement=False, nullable=False, info={"clear": _COUNT})


def length(name: str) -> Column[int]:
    """How many bytes something is, once sealed."""
    return Column(name, BigInteger, nullable=False, info={"clear": _LENGTH})


def public_key(name: str = "public_key", *, nullable: bool = False) -> Column[bytes]:
    """What is sealed to; it opens nothing."""
    return Column(name, LargeBinary, nullable=nullable, info={"clear": _PUBLIC_KEY})


def sealed(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[bytes]:
    """Ciphertext, a keyed hash or a MAC."""
    return Column(name, LargeBinary, primary_key=primary_key, nullable=nullable)


def case() -> Column[str]:
    """The case that a row belongs to, and goes with."""
    return random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"))


def direction() -> Column[str]:
    """Whose envelope it is."""
    return Column("direction", String(16), primary_key=True, info={"clear": "who speaks: person, desk, or the card"})
