"""The question to a time stamp authority over HTTP (RFC 3161, section 3.4). What it asks and answers is not looked at here."""

from __future__ import annotations

import requests

from runbook_lib.adapters.http import Session, reading_failed
from runbook_lib.errors import UnexpectedReply

TARGET = "time-stamp"
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_MOST_BYTES = 64 * 1024


def ask_for_time_stamp(url: str, question: bytes, session: Session) -> bytes:
    """Return what an authority answers. It is asked once: authorities shut out who asks too often.

    Raises `TargetError` when it cannot be reached, or answers with something else.
    """
    try:
        with session.post(url, data=question, headers={"Content-Type": _QUERY}, stream=True) as response:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if response.status_code != 200 or kind != _REPLY:
                raise UnexpectedReply(
                    "time-stamp-http", target=TARGET, status=response.status_code, kind=kind[:60] or "–"
                )
            return response.raw.read(_MOST_BYTES + 1, decode_content=True)
    except requests.RequestException as error:
        raise reading_failed(error, target=TARGET, session=session) from None
