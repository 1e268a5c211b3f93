"""Every table of the store, by the name that verbs use; knows no verb and no key."""

from intake.store.schema.account import passkeys
from intake.store.schema.attachments import attachment_pieces, attachments
from intake.store.schema.columns import metadata
from intake.store.schema.contact import codes, contacts, fragments, handles, parts, polls, seen, tallies, waiting
from intake.store.schema.correspondence import cases, envelopes, grants, mailboxes, spent_tokens, wraps
from intake.store.schema.fetching import fetches
from intake.store.schema.links import identifiers
from intake.store.schema.log import audit, audit_heads, journal
from intake.store.schema.notices import notice_addresses, notice_codes, notice_marks
from intake.store.schema.nudges import absences, desk_nudges, mentions, nudges
from intake.store.schema.numbers import counters, ticks
from intake.store.schema.people import (
    desk_generations,
    desk_key_wraps,
    invitations,
    login_tries,
    members,
    memberships,
    sessions,
)
from intake.store.schema.registry import register, register_messages
from intake.store.schema.sending import outbox, sent_ids
from intake.store.schema.work import corrections, views

__all__ = [
    "absences",
    "attachment_pieces",
    "attachments",
    "audit",
    "audit_heads",
    "cases",
    "codes",
    "contacts",
    "corrections",
    "counters",
    "desk_generations",
    "desk_key_wraps",
    "desk_nudges",
    "envelopes",
    "fetches",
    "fragments",
    "grants",
    "handles",
    "identifiers",
    "invitations",
    "journal",
    "login_tries",
    "mailboxes",
    "members",
    "memberships",
    "mentions",
    "metadata",
    "notice_addresses",
    "notice_codes",
    "notice_marks",
    "nudges",
    "outbox",
    "parts",
    "passkeys",
    "polls",
    "register",
    "register_messages",
    "seen",
    "sent_ids",
    "sessions",
    "spent_tokens",
    "tallies",
    "ticks",
    "views",
    "waiting",
    "wraps",
]
