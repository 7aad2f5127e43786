"""Times and durations as a person reads them, in either language. Records keep them as ISO 8601, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.units import format_unit

from runbook_lib.texts import Language

# British English counts hours to 24 and names the month, so that nobody takes a day for a month.
_LOCALES = {"en": "en_GB", "fr": "fr"}


def moment(at: str, language: Language) -> str:
    """Return day and time of a moment, in UTC; empty for none."""
    return f"{format_datetime(_utc(at), 'medium', locale=_LOCALES[language])} UTC" if at else ""


def time_of_day(at: str, language: Language) -> str:
    """Return the time of a moment without its day, in UTC; a dash for none."""
    return format_time(_utc(at), "medium", locale=_LOCALES[language]) if at else "–"


def duration(start: str, end: str, language: Language) -> str:
    """Return how long something took, with the units and the decimal sign of the language; empty when it has not ended."""
    if not start or not end:
        return ""
    seconds = (_utc(end) - _utc(start)).total_seconds()
    if seconds < 60:
        return _unit(f"{seconds:.1f}", "second", language)
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = (("hour", hours), ("minute", minutes), ("second", rest))
    return " ".join(_unit(str(count), unit, language) for unit, count in parts if count)


def day(at: datetime, language: Language, form: str = "medium") -> str:
    """Return the day of a moment in UTC, in one of CLDR's forms or by a pattern of its own, such as `d MMM`."""
    return format_date(at.astimezone(UTC).date(), form, locale=_LOCALES[language])


def age(lasted: timedelta, language: Language) -> str:
    """Return a time span in its largest unit, rounded, such as 3 days."""
    return format_timedelta(lasted, threshold=1, locale=_LOCALES[language])


def _unit(number: str, unit: str, language: Language) -> str:
    """Return a number as it was rounded, with its unit."""
    value = float(number) if "." in number else int(number)
    return format_unit(value, unit, "short", format="0.0" if "." in number else "0", locale=_LOCALES[language])


def _utc(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC)
