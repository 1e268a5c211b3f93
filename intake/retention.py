"""How long a case is kept, by status and kind, under the operator's duties; pure, knows no row."""

from datetime import datetime, timedelta

from intake.config import Config
from triage.model import Kind


def may_delete(config: Config) -> bool:
    """Whether anything goes by time at all: an authority needs a disposal decision first (arkivlagen 10 §)."""
    return config.operator.kind == "organisation" or config.retention.decision is not None


def closed_until(config: Config, kind: Kind | None, now: datetime) -> datetime | None:
    """The day on which a case goes that is closed now; None: it stays.

    Written while its kind can be read, since nobody can read it later but a member. Never sooner than the warning.
    """
    days = _days(config, kind)
    if days is None or not may_delete(config):
        return None
    return now + timedelta(days=max(days, config.retention.warning_days))


def silent_since(config: Config, now: datetime) -> datetime | None:
    """Before when an answered case was answered that goes for its silence; None where none does."""
    days = config.retention.answered_days
    return None if days is None or not may_delete(config) else now - timedelta(days=days)


def warned_until(config: Config, now: datetime) -> datetime:
    """The day that a case gets which is to go: so long somebody can still hold it."""
    return now + timedelta(days=config.retention.warning_days)


def is_ahead(config: Config, delete_at: datetime | None, now: datetime) -> bool:
    """Whether the deletion is so near that the desk is warned."""
    return delete_at is not None and delete_at - now <= timedelta(days=config.retention.warning_days)


def _days(config: Config, kind: Kind | None) -> int | None:
    kept = config.retention
    return kept.closed_days if kind is None else kept.kinds.get(kind, kept.closed_days)
