"""Times as a coordinator in Sweden reads them; asks no clock."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_datetime, format_timedelta

from triage.calendar import STOCKHOLM


def at(moment: datetime, lang: str) -> str:
    """Day and time in Sweden, such as ``tors 3 apr. 14:05``."""
    return format_datetime(moment.astimezone(STOCKHOLM), "EEE d MMM HH:mm", tzinfo=STOCKHOLM, locale=lang)


def kept(moment: datetime, lang: str) -> str:
    """When something was said, as exactly as it is kept: ``tors 3 apr. 14:05``, once answered ``tors 3 apr. 14–15``.

    Of a closed case the day is left (`store.cases`): ``tors 3 apr.``.
    """
    local = moment.astimezone(STOCKHOLM)
    if moment.minute or moment.second:
        return at(moment, lang)
    said_on = format_datetime(local, "EEE d MMM", tzinfo=STOCKHOLM, locale=lang)
    if moment.astimezone(UTC).hour == 0:
        return said_on
    return f"{said_on} {local:%H}–{local + timedelta(hours=1):%H}"


def day(moment: datetime, lang: str) -> str:
    """The day in Sweden."""
    return format_datetime(moment.astimezone(STOCKHOLM), "d MMM y", tzinfo=STOCKHOLM, locale=lang)


def long(span: timedelta, lang: str) -> str:
    """A span of time in its largest unit, without a direction: ``3 timmar``."""
    return format_timedelta(abs(span), granularity="minute", threshold=1.2, locale=lang)
