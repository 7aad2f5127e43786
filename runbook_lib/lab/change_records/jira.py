"""A site of Jira, as far as one issue, its attachments and its comments go: version 3 as in the cloud, version 2 as in a data center.

Paths, fields, statuses and headers: Atlassian, Jira Cloud platform REST API v3, Jira Data Center REST API v2, Jira Service Management
REST API. Not documented, and so the lab's own choice: what an extension is refused with, for Jira refuses none by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from runbook_lib.lab.change_records.record import Comment, File, LabChange, Refused
from runbook_lib.lab.change_records.signing_in import Accounts
from runbook_lib.lab.change_records.throttling import later
from runbook_lib.lab.refusal import ConnectionLost

HangUp = Callable[[Request], None]

_SAYS = {
    "not-permitted": (403, "You do not have permission to create attachments for this issue."),
    "off": (404, "Attachments are disabled."),
    "extension": (415, "This type of file is not allowed."),
    "too-large": (413, "The attachment exceeds the maximum attachment size."),
    "bad-gateway": (502, "Bad Gateway"),
    "trouble": (500, "Internal server error"),
}
_NO_ISSUE = "Issue does not exist or you do not have permission to see it."
_NAMES = {
    "summary": "Summary",
    "status": "Status",
    "description": "Description",
    "customfield_10010": "Planned start",
    "customfield_10011": "Planned end",
    "customfield_10012": "Change type",
}


class Denied(Exception):
    """An answer other than what was asked for."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class Jira:
    """The site. `hang_up` closes a request's connection without an answer."""

    def __init__(self, accounts: Accounts, hang_up: HangUp) -> None:
        self._accounts = accounts
        self._hang_up = hang_up

    @property
    def routes(self) -> list[Route]:
        """Return what is served."""
        issue = "/rest/api/{version}/issue/{key}"
        served: list[tuple[str, str, Callable[[Request, LabChange], Any]]] = [
            ("GET", "/rest/api/{version}/serverInfo", self._server),
            ("GET", "/rest/api/{version}/attachment/meta", self._meta),
            ("GET", "/rest/api/{version}/attachment/content/{id}", self._cloud_content),
            ("GET", "/rest/api/{version}/attachment/{id}", self._attachment),
            ("GET", "/secure/attachment/{id}/{name}", self._content),
            ("GET", issue, self._issue),
            ("POST", f"{issue}/attachments", self._upload),
            ("GET", f"{issue}/comment", self._comments),
            ("POST", f"{issue}/comment", self._comment),
            ("GET", "/rest/servicedeskapi/request/{key}/approval", self._approvals),
        ]
        return [Route(path, self._asked(handler), methods=[method]) for method, path, handler in served]

    def _asked(self, handler: Callable[[Request, LabChange], Any]) -> Callable[[Request], Any]:
        """Let in who is known, ask to come back later where a fault says so, and answer every refusal in the one form."""

        async def answer(request: Request) -> Response:
            change = self._accounts.signed_in(request.headers.get("authorization", ""))
            if change is None:
                return _failure(401, "Client must be authenticated to access this resource.")
            if asked_later := later(change, request.method):
                return asked_later
            try:
                if request.path_params.get("version", "2") not in ("2", "3"):
                    raise Denied(404, "No such version.")
                answered: Response = await handler(request, change)
            except Denied as denied:
                return _failure(denied.status, denied.message)
            except Refused as refused:
                return _failure(*_SAYS[refused.why])
            except ConnectionLost:
                self._hang_up(request)
                return Response(status_code=204)
            return answered

        return answer

    async def _server(self, request: Request, _change: LabChange) -> Response:
        kind = "Cloud" if _is_cloud(request) else "Server"
        said = {"baseUrl": _base(request), "version": "10.3.1", "versionNumbers": [10, 3, 1], "deploymentType": kind}
        return JSONResponse({**said, "buildNumber": 10030001, "serverTitle": "Lab"})

    async def _meta(self, _request: Request, change: LabChange) -> Response:
        return JSONResponse({"enabled": "change_attachments_off" not in change.faults, "uploadLimit": change.limit})

    async def _issue(self, request: Request, change: LabChange) -> Response:
        _require(request, change)
        fields = _fields(request, change)
        wanted = request.query_params.get("fields", "")
        shown = {name: value for name, value in fields.items() if not wanted or name in wanted.split(",")}
        said = {
            "id": change.issue_id,
            "key": change.key,
            "self": f"{_base(request)}{request.url.path}",
            "fields": shown,
        }
        names = {"names": _NAMES} if "names" in request.query_params.get("expand", "") else {}
        return JSONResponse(said | names)

    async def _upload(self, request: Request, change: LabChange) -> Response:
        if request.headers.get("x-atlassian-token", "").lower() not in ("no-check", "nocheck"):
            return PlainTextResponse("XSRF check failed", 403)
        _require(request, change)
        async with request.form() as form:
            sent = [each for each in form.getlist("file") if isinstance(each, UploadFile)]
            if not sent:
                raise Denied(400, "No file was sent under the name file.")
            files = [
                change.attach("jira", each.filename or "", await each.read(), each.content_type or "") for each in sent
            ]
        return JSONResponse([_shown_file(file, request) for file in files])

    async def _attachment(self, request: Request, change: LabChange) -> Response:
        return JSONResponse(_shown_file(_known_file(request, change), request))

    async def _content(self, request: Request, change: LabChange) -> Response:
        file = _known_file(request, change)
        return Response(file.content, media_type=file.kind or "application/octet-stream")

    async def _cloud_content(self, request: Request, change: LabChange) -> Response:
        """Cloud sends whoever does not say otherwise to the place where files really are."""
        file = _known_file(request, change)
        if request.query_params.get("redirect") != "false":
            return RedirectResponse(f"{_base(request)}/secure/attachment/{file.number}/{file.name}", 303)
        return Response(file.content, media_type=file.kind or "application/octet-stream")

    async def _comments(self, request: Request, change: LabChange) -> Response:
        _require(request, change)
        start, most = (int(request.query_params.get(name, usual)) for name, usual in _PAGING)
        held = change.comments["jira"]
        page = [_shown_comment(each, request) for each in held[start : start + most]]
        return JSONResponse({"startAt": start, "maxResults": most, "total": len(held), "comments": page})

    async def _comment(self, request: Request, change: LabChange) -> Response:
        _require(request, change)
        sent = await request.json()
        body = sent.get("body")
        text = _text_of_document(body) if _is_cloud(request) else body
        if not isinstance(text, str) or not text:
            raise Denied(400, "Comment body is not valid!")
        return JSONResponse(_shown_comment(change.comment("jira", text), request), 201)

    async def _approvals(self, request: Request, change: LabChange) -> Response:
        _require(request, change)
        decision = "pending" if "change_not_approved" in change.faults else "approved"
        if "change_unheard_of" in change.faults:
            decision = "waived"
        values = [{"id": "1", "name": "Change advisory board", "finalDecision": decision, "canAnswerApproval": False}]
        return JSONResponse({"size": 1, "start": 0, "limit": 50, "isLastPage": True, "values": values})


_PAGING = (("startAt", "0"), ("maxResults", "50"))


def _failure(status: int, message: str) -> Response:
    return JSONResponse({"errorMessages": [message], "errors": {}}, status)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _is_cloud(request: Request) -> bool:
    return request.path_params.get("version") == "3"


def _require(request: Request, change: LabChange) -> None:
    if request.path_params["key"] not in (change.key, change.issue_id) or "change_no_record" in change.faults:
        raise Denied(404, _NO_ISSUE)


def _known_file(request: Request, change: LabChange) -> File:
    file = change.file("jira", request.path_params["id"])
    if file is None:
        raise Denied(404, "The attachment with that id does not exist.")
    return file


def _fields(request: Request, change: LabChange) -> dict[str, Any]:
    start, end = map(_time, change.window)
    status, category = ("Implementing", "indeterminate")
    if "change_on_hold" in change.faults:
        status = "On hold"
    if "change_unheard_of" in change.faults:
        status, category = "Simmering", "undefined"
    return {
        "summary": change.title,
        "status": {"name": status, "id": "3", "statusCategory": {"key": category}},
        "description": _written(change.description, request) if change.description else None,
        "attachment": [_shown_file(file, request) for file in change.listed("jira")],
        "customfield_10010": start,
        "customfield_10011": end,
        "customfield_10012": {"value": "Normal"},
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000"


def _author(name: str) -> dict[str, Any]:
    return {"accountId": "lab-1", "displayName": name, "active": True, "emailAddress": name}


def _shown_file(file: File, request: Request) -> dict[str, Any]:
    in_cloud = f"/rest/api/3/attachment/content/{file.number}"
    return {
        "self": f"{_base(request)}/rest/api/{request.path_params.get('version', '2')}/attachment/{file.number}",
        "id": str(file.number),
        "filename": file.name,
        "author": _author(file.by),
        "created": _time(file.at),
        "size": len(file.content),
        "mimeType": file.kind,
        "content": _base(request)
        + (in_cloud if _is_cloud(request) else f"/secure/attachment/{file.number}/{file.name}"),
    }


def _shown_comment(comment: Comment, request: Request) -> dict[str, Any]:
    return {
        "self": f"{_base(request)}/comment/{comment.number}",
        "id": str(comment.number),
        "author": _author(comment.by),
        "body": _written(comment.text, request),
        "created": _time(comment.at),
    }


def _written(text: str, request: Request) -> Any:
    """Return a text as this version shows it: a document, or the text."""
    if not _is_cloud(request):
        return text
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in text.split("\n") if line
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _text_of_document(body: Any) -> str | None:
    """Return the text of a document of paragraphs; None for what Jira does not take: no document, or nodes that it does not know."""
    if not isinstance(body, dict) or (body.get("type"), body.get("version")) != ("doc", 1):
        return None
    texts: list[str] = []
    for block in body.get("content", []):
        if block.get("type") != "paragraph" or any(set(each) - {"type", "text"} for each in block.get("content", [])):
            return None
        texts += [str(each["text"]) for each in block.get("content", []) if each.get("type") == "text"]
    return "\n".join(texts)
