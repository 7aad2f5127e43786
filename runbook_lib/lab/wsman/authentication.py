"""Sign-in of one connection: Basic, client certificate, Negotiate (NTLM or Kerberos inside or bare), Kerberos and CredSSP."""

from __future__ import annotations

import base64
import binascii
import enum
import logging
from collections.abc import Collection
from dataclasses import dataclass

import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import BadBindingsError

from runbook_lib.lab.wsman.accounts import Accounts

# What a client with a certificate sends as its Authorization header, DSP0226 annex on security profiles.
CERTIFICATE_PROFILE = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"

_log = logging.getLogger(__name__)


class Scheme(enum.Enum):
    """A way to sign in; the value is what a 401 answer offers, empty where Windows offers nothing."""

    BASIC = 'Basic realm="WSMAN"'
    CERTIFICATE = ""
    NEGOTIATE = "Negotiate"
    KERBEROS = "Kerberos"
    CREDSSP = "CredSSP"


class Binding(enum.Enum):
    """What a listener makes of channel bindings: `winrm/config/service` CbtHardeningLevel."""

    NONE = "None"  # they are not looked at
    RELAXED = "Relaxed"  # wrong ones are refused, absent ones are not: the default of Windows
    STRICT = "Strict"  # they must be there


# The schemes that sign in a connection by an exchange of tokens.
_BY_TOKENS = {scheme.value.lower(): scheme for scheme in (Scheme.NEGOTIATE, Scheme.KERBEROS, Scheme.CREDSSP)}


@dataclass(frozen=True)
class Outcome:
    """Either the account's full name, or nobody; and the ``WWW-Authenticate`` values to send with the answer."""

    user: str = ""
    challenges: tuple[str, ...] = ()


class Authentication:
    """The sign-in state of one TCP connection: exchanges of tokens sign in a connection, Basic and certificate each request.

    ``bindings`` are those of the TLS channel, None on plain HTTP; ``level`` says how they are checked. CredSSP has its own tie to
    the channel inside.

    Kerberos needs the packages ``gssapi`` and ``krb5``, and a keytab named by KRB5_KTNAME with HTTP/localhost and WSMAN/localhost;
    without them every Kerberos sign-in is refused, and the log says why.
    """

    def __init__(
        self,
        accounts: Accounts,
        schemes: Collection[Scheme],
        *,
        bindings: GssChannelBindings | None = None,
        level: Binding = Binding.RELAXED,
        peer_certificate: bytes | None = None,
    ) -> None:
        self._accounts = accounts
        self._schemes = schemes
        self._bindings = None if level is Binding.NONE else bindings
        self._level = level
        self._peer_certificate = peer_certificate
        self._user = ""
        self._context: spnego.ContextProxy | None = None

    @property
    def context(self) -> spnego.ContextProxy | None:
        """The established security context, which can seal messages; None when there is none."""
        return self._context if self._user else None

    @property
    def is_delegated(self) -> bool:
        """Whether the client handed over what lets the computer act in its name towards others: a ticket, or its password."""
        context = self.context
        if context is None:
            return False
        password = context.get_extra_info("client_credential")  # CredSSP's
        return password is not None or bool(context.context_attr & spnego.ContextReq.delegate)

    def sign_in(self, authorization: str | None) -> Outcome:
        """Judge one request by its Authorization header; a request without one is whoever the connection is."""
        if not authorization:
            return Outcome(self._user) if self._user else Outcome(challenges=self.offered)
        scheme, _, value = authorization.strip().partition(" ")
        if scheme.lower() == "basic" and Scheme.BASIC in self._schemes:
            return self._basic(value)
        if authorization.strip() == CERTIFICATE_PROFILE and Scheme.CERTIFICATE in self._schemes:
            account = self._accounts.with_certificate(self._peer_certificate)
            return Outcome(account.full_name) if account else Outcome(challenges=self.offered)
        if _BY_TOKENS.get(scheme.lower()) in self._schemes:
            return self._step(scheme, value)
        return Outcome(challenges=self.offered)

    @property
    def offered(self) -> tuple[str, ...]:
        """The ``WWW-Authenticate`` values of a 401 answer."""
        return tuple(scheme.value for scheme in Scheme if scheme in self._schemes and scheme.value)

    def _basic(self, value: str) -> Outcome:
        try:
            login, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return Outcome(challenges=self.offered)
        account = self._accounts.with_password(login, password)
        return Outcome(account.full_name) if account else Outcome(challenges=self.offered)

    def _step(self, scheme: str, value: str) -> Outcome:
        """Take one leg of a Negotiate or Kerberos exchange."""
        if not value:  # pyspnego would answer with a hint; Windows asks for a token
            return Outcome(challenges=self.offered)
        if self._user or self._context is None:  # a token on a signed-in connection starts anew
            self._user, self._context = "", None
        try:
            reply = self._accept(scheme, base64.b64decode(value, validate=True))
        except Exception as error:  # noqa: BLE001 - pyspnego lets many types through, and each of them means: refused
            _log.info("%s sign-in refused: %s", scheme, error)
            self._user, self._context = "", None
            return Outcome(challenges=self.offered)
        challenge = (f"{scheme} {base64.b64encode(reply).decode()}",) if reply else ()
        if self._user or challenge:
            return Outcome(self._user, challenge)
        return Outcome(challenges=self.offered)

    def _accept(self, scheme: str, token: bytes) -> bytes | None:
        with self._accounts.visible_to_ntlm():
            if self._context is None:
                self._context = _acceptor(scheme)
            try:
                reply = self._context.step(token, channel_bindings=self._bindings)
            except BadBindingsError as error:
                if self._level is Binding.STRICT or "not present" not in str(error):
                    raise
                reply = self._context.step(token)
        if self._context.complete:
            self._user = self._authorized(self._context.client_principal)
        return reply

    def _authorized(self, principal: str | None) -> str:
        account = self._accounts.named(principal or "")
        if account is None:
            raise LookupError(f"no account for {principal}")
        return account.full_name


def _acceptor(scheme: str) -> spnego.ContextProxy:
    if scheme.lower() == "kerberos":
        return spnego.server("localhost", "http", protocol="kerberos", options=spnego.NegotiateOptions.wrapping_winrm)
    if scheme.lower() == "credssp":
        return spnego.server("localhost", "http", protocol="credssp", options=spnego.NegotiateOptions.use_negotiate)
    # Without the option pyspnego would use SSPI on Windows, and ask for the real accounts of that computer.
    return spnego.server("localhost", "http", options=spnego.NegotiateOptions.use_negotiate)


def channel_bindings(server_certificate: bytes) -> GssChannelBindings:
    """Return the ``tls-server-end-point`` bindings (RFC 5929 section 4) of a TLS channel, from the server certificate's DER."""
    algorithm = x509.load_der_x509_certificate(server_certificate).signature_hash_algorithm
    if algorithm is None or algorithm.name in {"md5", "sha1"}:
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(server_certificate)
    return GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())
