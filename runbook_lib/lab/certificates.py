"""The lab's own certification authority, made anew at each start: servers, and the one client certificate."""

from __future__ import annotations

import ssl

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

# Entra takes RSA keys only, and the client certificate also stands for the kit's application there.
_KEY = trustme.KeyType.RSA


class Certificates:
    """An authority, a certificate for `localhost`, and a client certificate."""

    def __init__(self) -> None:
        self.authority = trustme.CA(organization_name="Runbook kit lab", key_type=_KEY)
        self._server = self.authority.issue_cert("localhost", "127.0.0.1", key_type=_KEY)
        self._client = self.authority.issue_cert("svc-runbook@lab.example", common_name="svc-runbook", key_type=_KEY)

    @property
    def authority_pem(self) -> bytes:
        """What a client must trust."""
        return self.authority.cert_pem.bytes()

    @property
    def client_pem(self) -> bytes:
        """The client certificate."""
        return self._client.cert_chain_pems[0].bytes()

    @property
    def client_key_pem(self) -> bytes:
        """The key of the client certificate: a secret."""
        return self._client.private_key_pem.bytes()

    @property
    def client_der(self) -> bytes:
        """The client certificate as accounts are mapped to it."""
        return _der(self.client_pem)

    @property
    def server_der(self) -> bytes:
        """The server certificate, for channel bindings."""
        return _der(self._server.cert_chain_pems[0].bytes())

    def server_context(self) -> ssl.SSLContext:
        """Return the context of a listener that takes client certificates and does not insist on one."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.configure_cert(context)
        self.authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context


def _der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
