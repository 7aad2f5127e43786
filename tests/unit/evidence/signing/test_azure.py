"""Signing with a key in Azure Key Vault: Microsoft's own clients, through a proxy on this machine behind which a stand-in answers for
the vault and for Entra. Never run against Azure. Forms: Microsoft, Key Vault REST API, Get Key and Sign.
"""

import hashlib
import json
import ssl
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runbook_lib.evidence.signing import check
from runbook_lib.evidence.signing.roster import roster_from
from tests.unit.evidence.signing.conftest import NOW, written

VAULT, LOGIN = "people.vault.azure.net", "login.microsoftonline.com"
TENANT, TOKEN, VERSION = "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f", "canary-vault-token", "a" * 32
KEY = f"azurekms://{VAULT}/keys/ana"


def coded(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


class Vault(ThreadingHTTPServer):
    """A proxy that answers for the hosts it is asked for, and a vault with one P-256 key."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.refuses_to_sign = False
        authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(VAULT, LOGIN).configure_cert(self.context)
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        super().__init__(("127.0.0.1", 0), Handler)

    def key(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        jwk = {"kid": f"https://{VAULT}/keys/ana/{VERSION}", "kty": "EC", "crv": "P-256", "key_ops": ["sign", "verify"]}
        return {"key": {**jwk, "x": coded(numbers.x), "y": coded(numbers.y)}, "attributes": {"enabled": True}}

    def sign(self, digest: str) -> dict[str, Any]:
        plain = urlsafe_b64decode(digest + "==")
        r, s = decode_dss_signature(self.private.sign(plain, ec.ECDSA(Prehashed(SHA256()))))
        value = urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()
        return {"kid": f"https://{VAULT}/keys/ana/{VERSION}", "value": value}


class Handler(BaseHTTPRequestHandler):
    """One connection: CONNECT, then TLS, then the requests inside."""

    protocol_version = "HTTP/1.1"
    server: Vault

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
        pass

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)  # type: ignore[assignment]
        self.close_connection = False

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the one inside TLS; the server knows only the one outside

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes | None) -> None:
        if self.headers["Host"] == LOGIN:
            self._send(200, self._entra(self.path))
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"error": {"code": "Unauthorized"}})
        elif self.path.partition("?")[0].endswith("/sign"):
            refused = {"error": {"code": "Forbidden", "message": "canary-of-the-vault"}}
            is_refused = self.server.refuses_to_sign or body is None
            self._send(403, refused) if is_refused else self._send(200, self.server.sign(json.loads(body)["value"]))
        else:
            self._send(200, self.server.key())

    def _entra(self, path: str) -> dict[str, Any]:
        root = f"https://{LOGIN}/{TENANT}"
        if path.endswith("openid-configuration"):
            names = {"issuer": f"{root}/v2.0", "authorization_endpoint": f"{root}/oauth2/v2.0/authorize"}
            return {**names, "token_endpoint": f"{root}/oauth2/v2.0/token"}
        return {"token_type": "Bearer", "expires_in": 3600, "access_token": TOKEN}

    def _send(self, status: int, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self.send_response(status)
        if status == 401:
            where = f'Bearer authorization="https://{LOGIN}/{TENANT}", resource="https://vault.azure.net"'
            self.send_header("WWW-Authenticate", where)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    with Vault(tmp_path) as served:
        serving = threading.Thread(target=served.serve_forever, daemon=True)
        serving.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{served.server_port}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(served.ca_file))
        for name, value in (("TENANT_ID", TENANT), ("CLIENT_ID", TENANT), ("CLIENT_SECRET", "canary-client-secret")):
            monkeypatch.setenv(f"AZURE_{name}", value)
        yield served
        served.shutdown()
        serving.join()


# The library leaves its clients open, so it works in a process of its own, as it does when somebody signs.
SCRIPT = """
import json, sys
from datetime import datetime
from pathlib import Path
from runbook_lib.errors import CannotSign
from runbook_lib.evidence.signing import new_entry, open_signer, sign
try:
    signer = open_signer(sys.argv[1], Path(), lambda _what: sys.exit("nobody is to be asked"))
    entry = new_entry(signer.public_key, "Ana Lima", ["approver"], datetime.fromisoformat(sys.argv[2]))
    print(json.dumps({"envelope": sign({"n": 1}, [signer]).decode(), "entry": entry, "key": signer.public_key.keyid}))
except CannotSign as error:
    print(json.dumps({"refused": error.message.key, "said": error.say("en")}))
"""


def signed(reference: str) -> Any:
    command = [sys.executable, "-c", SCRIPT, reference, NOW.isoformat()]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_a_key_in_a_vault_signs_and_its_owner_is_known_by_the_roster(vault: Vault) -> None:
    made = signed(f"{KEY}/{VERSION}")
    checked = check(made["envelope"].encode(), roster_from(written(made["entry"]), "r"), NOW)
    der = vault.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert [(each.name, each.standing.value) for each in checked.signatures] == [("Ana Lima", "valid")]
    assert made["key"] == hashlib.sha256(der).hexdigest()


def test_a_version_that_is_not_the_newest_is_refused(vault: Vault) -> None:
    assert signed(f"{KEY}/{'b' * 32}")["refused"] == "signer-key-not-newest"


def test_what_the_vault_refuses_is_said_and_its_text_is_not_repeated(vault: Vault) -> None:
    vault.refuses_to_sign = True
    refused = signed(KEY)

    assert refused["refused"] == "signing-failed"
    assert "HttpResponseError" in refused["said"]
    assert "canary" not in refused["said"]


def test_who_cannot_sign_in_to_the_vault_is_told_so(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")

    assert signed(KEY)["refused"] == "signer-failed"
