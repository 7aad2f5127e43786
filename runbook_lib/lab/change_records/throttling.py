"""How both systems ask to come back later."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

from starlette.responses import JSONResponse, Response

from runbook_lib.lab.change_records.record import LabChange


def later(change: LabChange, method: str) -> Response | None:
    """Return the answer that asks to come back later, if there is a reason to: 429 with seconds or a date, or 503 for a reading."""
    if "change_throttled_long" in change.faults:
        back = change.clock() + timedelta(hours=1)
        return _too_many(format_datetime(back, usegmt=True), int(back.timestamp()))
    if change.faults.take("change_throttled"):
        return _too_many("1", int(change.clock().timestamp()) + 1)
    if method == "GET" and change.faults.take("change_unavailable"):
        return JSONResponse({"error": {"message": "Service Unavailable", "detail": ""}}, 503)
    return None


def _too_many(after: str, reset: int) -> Response:
    headers = {
        "Retry-After": after,
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Reset": str(reset),
        "X-RateLimit-Rule": "a3af695b0a0006871b657c200acf62e0",
    }
    detail = "Rate limit of 100 requests per hour for Table API exceeded"
    body = {"error": {"message": "Rate limit exceeded", "detail": detail}, "status": "failure"}
    return JSONResponse(body, 429, headers=headers)
