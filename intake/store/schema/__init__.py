"""Every table of the store, by the name that verbs use; knows no verb and no key."""

from intake.store.schema.columns import metadata
from intake.store.schema.correspondence import cases, envelopes, grants, mailboxes, spent_tokens, wraps
from intake.store.schema.log import audit, audit_heads
from intake.store.schema.people import (
    desk_generations,
    desk_key_wraps,
    invitations,
    login_tries,
    members,
    memberships,
    sessions,
)
from intake.store.schema.sending import outbox

__all__ = [
    "audit",
    "audit_heads",
    "cases",
    "desk_generations",
    "desk_key_wraps",
    "envelopes",
    "grants",
    "invitations",
    "login_tries",
    "mailboxes",
    "members",
    "memberships",
    "metadata",
    "outbox",
    "sessions",
    "spent_tokens",
    "wraps",
]
