"""Tables of who works here: members, their desks' keys, sessions; every column says why it may be read."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import count, desk, flag, metadata, public_key, random_id, sealed, state, time

desk_generations = Table(
    "desk_generations",
    metadata,
    desk(primary_key=True),
    count("generation", primary_key=True),
    public_key(),
    flag("current"),
    time("made_at"),
    sealed("mac"),
)

members = Table(
    "members",
    metadata,
    random_id("id", primary_key=True),
    sealed("login_index"),
    sealed("sealed_login"),
    state("role"),
    state("state"),
    public_key(),
    sealed("protected_key"),
    sealed("sealed_totp", nullable=True),
    count("totp_counter"),
    time("joined_at"),
    random_id("begun_by", nullable=True),
    sealed("mac"),
    Index(None, "login_index", unique=True),
)

memberships = Table(
    "memberships",
    metadata,
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    desk(primary_key=True),
    sealed("mac"),
)

desk_key_wraps = Table(
    "desk_key_wraps",
    metadata,
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    desk(primary_key=True),
    count("generation", primary_key=True),
    sealed("sealed"),
    sealed("mac"),
)

invitations = Table(
    "invitations",
    metadata,
    sealed("token_hash", primary_key=True),
    sealed("sealed_login"),
    state("role"),
    desk(nullable=True),
    time("expires_at"),
    random_id("begun_by", nullable=True),
    sealed("mac"),
)

login_tries = Table(
    "login_tries",
    metadata,
    sealed("login_index", primary_key=True),
    count("failures"),
    time("tried_at"),
)

sessions = Table(
    "sessions",
    metadata,
    sealed("id_hash", primary_key=True),
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE")),
    sealed("wrapped_key"),
    sealed("sealed_device"),
    time("began_at"),
    time("last_seen_at"),
    time("expires_at"),
    Index(None, "expires_at"),
    Index(None, "member_id"),
)
