"""What a computer's culture changes: how numbers and dates look where PowerShell asks the culture, and nowhere else.

The culture is asked by `ToString()` without a format, by `-f` and by what the host shows. Strings that expand, casts to text and
ConvertTo-Json are invariant (about_Type_Conversion; about_Operators, format operator; .NET standard format strings).
"""

from __future__ import annotations

from datetime import datetime

from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.values import number_text, plain, to_text

_DECIMAL = {"en-US": ".", "fr-FR": ","}


def culture_text(value: object, culture: str) -> str:
    """Return a value as text in a culture: a number with its decimal sign, a date in its general long form."""
    value = plain(value)
    if isinstance(value, float):
        return number_text(value).replace(".", _decimal(culture))
    if isinstance(value, datetime):
        return _date(value, culture)
    return to_text(value)


def _decimal(culture: str) -> str:
    if culture not in _DECIMAL:
        raise LabUnsupported(f"culture {culture}")
    return _DECIMAL[culture]


def _date(value: datetime, culture: str) -> str:
    if culture == "fr-FR":
        return f"{value:%d/%m/%Y %H:%M:%S}"
    hour = value.hour % 12 or 12
    return f"{value.month}/{value.day}/{value.year} {hour}:{value:%M:%S} {'AM' if value.hour < 12 else 'PM'}"
