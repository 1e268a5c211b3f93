"""Keeps what a message names as keyed hashes, in the transaction that files the message; never the value."""

from collections.abc import Sequence

from sqlalchemy import Connection

from intake.crew.shop import Shop
from intake.identifiers.naming import named_in
from intake.model import CaseId
from intake.store import identifiers
from intake.store.identifiers import Kept
from triage.model import Assessment


def to_keep(shop: Shop, assessment: Assessment) -> Sequence[Kept]:
    """The hashes of what a message names: one HMAC each. Needs no row, so it may run outside the transaction."""
    if not (assessment.ads or assessment.pii):
        return ()
    named = named_in([assessment], shop.config.contact.home)
    return [Kept(one.lookups(shop.key)[0], one.advertised) for one in named if one.can_be_found]


def keep(conn: Connection, case_id: CaseId, kept: Sequence[Kept]) -> None:
    """Let a case be found by them, as long as it lasts."""
    if kept:
        identifiers.keep(conn, case_id, kept)
