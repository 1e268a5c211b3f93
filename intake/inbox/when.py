"""Times as a coordinator in Sweden reads them; asks no clock."""

from datetime import datetime, timedelta

from babel.dates import format_datetime, format_timedelta

from triage.calendar import STOCKHOLM


def at(moment: datetime, lang: str) -> str:
    """Day and time in Sweden, such as ``tors 3 apr. 14:05``."""
    return format_datetime(moment.astimezone(STOCKHOLM), "EEE d MMM HH:mm", tzinfo=STOCKHOLM, locale=lang)


def day(moment: datetime, lang: str) -> str:
    """The day in Sweden."""
    return format_datetime(moment.astimezone(STOCKHOLM), "d MMM y", tzinfo=STOCKHOLM, locale=lang)


def long(span: timedelta, lang: str) -> str:
    """A span of time in its largest unit, without a direction: ``3 timmar``."""
    return format_timedelta(abs(span), granularity="minute", threshold=1.2, locale=lang)
