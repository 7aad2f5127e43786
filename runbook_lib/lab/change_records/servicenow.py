"""An instance of ServiceNow, as far as change requests and their attachments go.

Paths, fields, statuses and headers: ServiceNow, Table API, Attachment API, Inbound REST API rate limiting, OAuth inbound client
credentials. Not documented, and so the lab's own choice: status and text of an attachment that is refused for its size or extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runbook_lib.lab.change_records.record import File, LabChange, Refused
from runbook_lib.lab.change_records.signing_in import Accounts
from runbook_lib.lab.change_records.throttling import later
from runbook_lib.lab.refusal import ConnectionLost

TABLE = "change_request"
HangUp = Callable[[Request], None]

_EMPTY = ("justification", "implementation_plan", "test_plan", "backout_plan", "assigned_to")
_SAYS = {
    "not-permitted": (403, "Operation Failed", "ACL Exception Insert Failed due to security constraints"),
    "extension": (400, "Invalid file type", "File type is not allowed: zip"),
    "too-large": (400, "File too large", "File exceeds com.glide.attachment.max_size"),
    "bad-gateway": (502, "Bad Gateway", ""),
    "trouble": (500, "Internal server error", "An unexpected error occurred while processing the request"),
}
_NO_RECORD = (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")


class Denied(Exception):
    """An answer other than what was asked for."""

    def __init__(self, status: int, message: str, detail: str) -> None:
        self.status, self.message, self.detail = status, message, detail
        super().__init__(message)


class ServiceNow:
    """The instance. `hang_up` closes a request's connection without an answer."""

    def __init__(self, accounts: Accounts, hang_up: HangUp) -> None:
        self._accounts = accounts
        self._hang_up = hang_up

    @property
    def routes(self) -> list[Route]:
        """Return what is served, each also under its version."""
        served: list[tuple[str, str, Callable[[Request, LabChange], Any]]] = [
            ("GET", f"/table/{TABLE}", self._rows),
            ("GET", f"/table/{TABLE}/{{sys_id}}", self._row),
            ("PATCH", f"/table/{TABLE}/{{sys_id}}", self._patch),
            ("GET", "/attachment", self._files),
            ("POST", "/attachment/file", self._upload),
            ("GET", "/attachment/{sys_id}", self._file),
            ("GET", "/attachment/{sys_id}/file", self._content),
            ("GET", "/attachment/{sys_id}/attributes", self._attributes),
            ("POST", "/attachment/{sys_id}/attributes", self._add_attribute),
        ]
        routes = [
            Route(f"/api/now{version}{path}", self._asked(handler), methods=[method])
            for version in ("", "/v1", "/v2")
            for method, path, handler in served
        ]
        return [*routes, Route("/oauth_token.do", self._token, methods=["POST"])]

    def _asked(self, handler: Callable[[Request, LabChange], Any]) -> Callable[[Request], Any]:
        """Let in who is known, ask to come back later where a fault says so, and answer every refusal in the one form."""

        async def answer(request: Request) -> Response:
            change = self._accounts.signed_in(request.headers.get("authorization", ""), ours=True)
            if change is None:
                return _failure(401, "User Not Authenticated", "Required to provide Auth information")
            if asked_later := later(change, request.method):
                return asked_later
            try:
                answered: Response = await handler(request, change)
            except Denied as denied:
                return _failure(denied.status, denied.message, denied.detail)
            except Refused as refused:
                return _failure(*_SAYS[refused.why])
            except ConnectionLost:
                self._hang_up(request)
                return Response(status_code=204)
            return answered

        return answer

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        token = self._accounts.issue(str(form.get("client_id", "")), str(form.get("client_secret", "")))
        if form.get("grant_type") != "client_credentials" or not token:
            return JSONResponse({"error": "server_error", "error_description": "access_denied"}, 401)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 1799, "scope": "useraccount"})

    async def _rows(self, request: Request, change: LabChange) -> Response:
        row = _row(change)
        found = [] if "change_no_record" in change.faults or not _matches(row, request) else [_shown(change, request)]
        return JSONResponse({"result": found}, headers={"X-Total-Count": str(len(found))})

    async def _row(self, request: Request, change: LabChange) -> Response:
        _require(request, change)
        return JSONResponse({"result": _shown(change, request)})

    async def _patch(self, request: Request, change: LabChange) -> Response:
        """Work notes are added; the description is changed; whatever else somebody sends is left as it was, as a field nobody knows."""
        _require(request, change)
        sent = await request.json()
        if text := sent.get("work_notes"):
            change.comment("servicenow", str(text))
        change.description = str(sent.get("description", change.description))
        return JSONResponse({"result": _shown(change, request)})

    async def _files(self, request: Request, change: LabChange) -> Response:
        rows = [_file_row(file, change) for file in change.listed("servicenow")]
        found = [row for row in rows if _matches(row, request)]
        limit, offset = (int(request.query_params.get(f"sysparm_{name}", usual)) for name, usual in _PAGING)
        page = found[offset : offset + limit]
        return JSONResponse({"result": page}, headers={"X-Total-Count": str(len(found))})

    async def _upload(self, request: Request, change: LabChange) -> Response:
        sent = request.query_params
        if missing := [name for name in ("table_name", "table_sys_id", "file_name") if not sent.get(name)]:
            raise Denied(400, "Missing parameter", ", ".join(missing))
        if "content-type" not in request.headers:
            raise Denied(400, "Missing header", "Content-Type")
        if sent["table_name"] != TABLE or sent["table_sys_id"] != change.sys_id or "change_no_record" in change.faults:
            raise Denied(*_NO_RECORD)
        content, kind = await request.body(), request.headers["content-type"]
        file = change.attach("servicenow", sent["file_name"], content, kind)
        place = f"{request.base_url}api/now/attachment/{file.id}"
        return JSONResponse({"result": _file_row(file, change)}, 201, headers={"Location": place})

    async def _file(self, request: Request, change: LabChange) -> Response:
        return JSONResponse({"result": _file_row(_known_file(request, change), change)})

    async def _content(self, request: Request, change: LabChange) -> Response:
        file = _known_file(request, change)
        return Response(file.content, media_type=file.kind)

    async def _attributes(self, request: Request, change: LabChange) -> Response:
        file = _with_attributes(request, change)
        return JSONResponse({"result": [{"key": key, "value": value} for key, value in file.attributes.items()]})

    async def _add_attribute(self, request: Request, change: LabChange) -> Response:
        file, sent = _with_attributes(request, change), await request.json()
        if not sent.get("key") or not sent.get("value"):
            raise Denied(400, "Bad Request", "key and value are required")
        file.attributes[str(sent["key"])] = str(sent["value"])
        return JSONResponse({"result": {"key": sent["key"], "value": sent["value"]}}, 201)


_PAGING = (("limit", "1000"), ("offset", "0"))


def _failure(status: int, message: str, detail: str) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="Service-now"'} if status == 401 else {}
    return JSONResponse({"error": {"message": message, "detail": detail}, "status": "failure"}, status, headers=headers)


def _row(change: LabChange) -> dict[str, str]:
    """Return the row as it is stored: texts all of them, times in UTC."""
    start, end = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in change.window)
    state, approval = ("-1", "requested" if "change_not_approved" in change.faults else "approved")
    if "change_unheard_of" in change.faults:
        state, approval = "17", "u_waived"
    return {
        "sys_id": change.sys_id,
        "number": change.number,
        "state": state,
        "approval": approval,
        "on_hold": "true" if "change_on_hold" in change.faults else "false",
        "type": "normal",
        "start_date": start,
        "end_date": end,
        "short_description": change.title,
        "description": change.description,
        "work_notes": "",
        **dict.fromkeys(_EMPTY, ""),
    }


def _shown(change: LabChange, request: Request) -> dict[str, str]:
    """Return what was asked for of a row. A journal field shows its entries only as a display value, the newest first."""
    notes = [
        f"{each.at:%Y-%m-%d %H:%M:%S} - {each.by} (Work notes)\n{each.text}" for each in change.comments["servicenow"]
    ]
    row = _row(change)
    if request.query_params.get("sysparm_display_value") == "true":
        row["work_notes"] = "\n\n".join(reversed(notes))
    wanted = request.query_params.get("sysparm_fields", "")
    return {name: value for name, value in row.items() if not wanted or name in wanted.split(",")}


def _require(request: Request, change: LabChange) -> None:
    if request.path_params["sys_id"] != change.sys_id or "change_no_record" in change.faults:
        raise Denied(*_NO_RECORD)


def _known_file(request: Request, change: LabChange) -> File:
    file = change.file("servicenow", request.path_params["sys_id"])
    if file is None:
        raise Denied(*_NO_RECORD)
    return file


def _with_attributes(request: Request, change: LabChange) -> File:
    if "change_no_attributes" in change.faults:
        raise Denied(404, "Requested URI does not represent any resource", str(request.url.path))
    return _known_file(request, change)


def _file_row(file: File, change: LabChange) -> dict[str, str]:
    at = f"{file.at:%Y-%m-%d %H:%M:%S}"
    return {
        "sys_id": file.id,
        "file_name": file.name,
        "table_name": TABLE,
        "table_sys_id": change.sys_id,
        "content_type": file.kind,
        "size_bytes": str(len(file.content)),
        "size_compressed": str(len(file.content)),
        "compressed": "true",
        "sys_created_on": at,
        "sys_created_by": file.by,
        "download_link": f"/api/now/attachment/{file.id}/file",
    }


def _matches(row: dict[str, str], request: Request) -> bool:
    """Tell whether a row fits an encoded query of conditions with `=` that all must hold; an order is left to chance."""
    conditions: Iterable[str] = request.query_params.get("sysparm_query", "").split("^")
    pairs = [each.split("=", 1) for each in conditions if each and not each.startswith("ORDERBY")]
    return all(len(pair) == 2 and row.get(pair[0]) == pair[1] for pair in pairs)
