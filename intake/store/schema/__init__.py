"""Every table of the store, by the name that verbs use; knows no verb and no key."""

from intake.store.schema.attachments import attachment_pieces, attachments
from intake.store.schema.columns import metadata
from intake.store.schema.contact import codes, contacts, fragments, handles, parts, polls, seen, tallies, waiting
from intake.store.schema.correspondence import cases, envelopes, grants, mailboxes, spent_tokens, wraps
from intake.store.schema.log import audit, audit_heads, journal
from intake.store.schema.people import (
    desk_generations,
    desk_key_wraps,
    invitations,
    login_tries,
    members,
    memberships,
    sessions,
)
from intake.store.schema.sending import outbox, sent_ids

__all__ = [
    "attachment_pieces",
    "attachments",
    "audit",
    "audit_heads",
    "cases",
    "codes",
    "contacts",
    "desk_generations",
    "desk_key_wraps",
    "envelopes",
    "fragments",
    "grants",
    "handles",
    "invitations",
    "journal",
    "login_tries",
    "mailboxes",
    "members",
    "memberships",
    "metadata",
    "outbox",
    "parts",
    "polls",
    "seen",
    "sent_ids",
    "sessions",
    "spent_tokens",
    "tallies",
    "waiting",
    "wraps",
]
