"""Which parts of an exchange are secrets: what a session tells the redactor before the request leaves, and before the reply is read.

Whatever library sends through a session of ours, msal too, so no token has to be handed on by whoever got it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from http.cookiejar import CookieJar
from urllib.parse import parse_qsl

import requests

Learn = Callable[[str], object]

# Of forms and JSON of token endpoints (RFC 6749, 7521, 7523, 7636, 8628), and of cookies: short values are no secrets.
_FIELDS = frozenset({
    "access_token", "assertion", "client_assertion", "client_secret", "code", "code_verifier", "device_code", "id_token", "password",
    "refresh_token",
})  # fmt: skip
_HEADERS = ("Authorization", "Proxy-Authorization")
_SHORTEST = 8
_SIGNS = (b'"access_token"', b'"device_code"', b'"refresh_token"')


def learn_request(request: requests.PreparedRequest, learn: Learn) -> None:
    """Make known what a request proves an identity with."""
    for header in _HEADERS:
        scheme, _, value = str(request.headers.get(header, "")).partition(" ")
        _tell(value or scheme, learn)
    for part in str(request.headers.get("Cookie", "")).split(";"):
        _tell(part.partition("=")[2].strip(), learn)
    body = request.body
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    if isinstance(text, str) and "urlencoded" in str(request.headers.get("Content-Type", "")):
        _tell_fields(dict(parse_qsl(text)), learn)


def learn_reply(reply: requests.Response, learn: Learn) -> None:
    """Make known the tokens, codes and cookies of a reply."""
    for value in _cookies(reply.cookies):
        _tell(value, learn)
    if any(sign in reply.content for sign in _SIGNS):
        try:
            body = json.loads(reply.content)
        except (ValueError, RecursionError):
            return  # who wanted it will say so; what is quoted of it is recognized by its looks
        if isinstance(body, dict):
            _tell_fields(body, learn)


def _cookies(jar: CookieJar) -> Iterator[str]:
    return (each.value or "" for each in jar)


def _tell_fields(fields: Mapping[str, object], learn: Learn) -> None:
    for name in _FIELDS & fields.keys():
        _tell(fields[name], learn)


def _tell(value: object, learn: Learn) -> None:
    if isinstance(value, str) and len(value) >= _SHORTEST:
        learn(value)
