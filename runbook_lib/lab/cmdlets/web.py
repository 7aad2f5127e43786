"""Commands and .NET types for a request over HTTPS, as Windows PowerShell 5.1 has them: all but a success is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from runbook_lib.lab.cmdlets.command import NEEDED, Computer
from runbook_lib.lab.powershell import (
    SWITCH,
    Call,
    Cmdlet,
    CmdletError,
    EnumValue,
    LabUnsupported,
    NetType,
    Parameter,
    PSObject,
)
from runbook_lib.lab.powershell.session import Session
from runbook_lib.lab.relays import RelayReply
from runbook_lib.texts import Text

_NET = "System.Net."
_CERTIFICATE = "System.Security.Cryptography.X509Certificates.X509Certificate"
_CLASS = "Microsoft.PowerShell.Commands.InvokeWebRequestCommand"
TLS12 = EnumValue(_NET + "SecurityProtocolType", "Tls12", 3072)
# Members of WebExceptionStatus and HttpStatusCode (Microsoft, .NET API reference).
_STATUSES = {
    "NameResolutionFailure": 1,
    "ConnectFailure": 2,
    "ProtocolError": 7,
    "TrustFailure": 9,
    "SecureChannelFailure": 10,
}
_CODES = {200: "OK", 401: "Unauthorized", 407: "ProxyAuthenticationRequired"}
_SAID = {
    "NameResolutionFailure": Text(
        en="The remote name could not be resolved: '{host}'", fr="Le nom distant n'a pas pu être résolu : '{host}'"
    ),
    "ConnectFailure": Text(
        en="Unable to connect to the remote server", fr="Impossible de se connecter au serveur distant"
    ),
    "ProtocolError": Text(
        en="The remote server returned an error: ({status}) {reason}",
        fr="Le serveur distant a retourné une erreur : ({status}) {reason}",
    ),
    "TrustFailure": Text(
        en="The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
        fr="La connexion sous-jacente a été fermée : Impossible d'établir une relation de confiance pour le canal "
        "sécurisé SSL/TLS.",
    ),
    "SecureChannelFailure": Text(
        en="The request was aborted: Could not create SSL/TLS secure channel.",
        fr="La demande a été abandonnée : Impossible de créer un canal sécurisé SSL/TLS.",
    ),
}


class Web:
    """What one process asked for so far: which TLS it offers, and which certificates it was shown."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self._protocol: object = None
        self._issuers: dict[str, str] = {}

    def commands(self) -> Iterator[Cmdlet]:
        """Yield the commands."""
        asked = {"Uri": NEEDED, "UseBasicParsing": SWITCH, "TimeoutSec": Parameter("int")}
        yield self._computer.command(_CLASS, "Invoke-WebRequest", self._get, asked)

    def types(self) -> tuple[NetType, ...]:
        """Return the .NET types."""
        return (
            NetType(_NET + "WebException"),
            NetType(_NET + "SecurityProtocolType", properties={"Tls12": lambda _: TLS12}),
            NetType(
                _NET + "ServicePointManager",
                methods={"FindServicePoint": self._service_point},
                setters={"SecurityProtocol": self._offer},
            ),
        )

    def _offer(self, _: Session, protocol: object) -> None:
        self._protocol = protocol

    def _service_point(self, _: Session, address: object) -> PSObject:
        issuer = self._issuers.get(_host(address))
        shown = None if issuer is None else PSObject({"Issuer": issuer}, _CERTIFICATE)
        return PSObject({"Certificate": shown}, _NET + "ServicePoint")

    def _get(self, call: Call) -> Iterable[object]:
        if not call.on("UseBasicParsing"):
            raise LabUnsupported("Invoke-WebRequest with Internet Explorer's engine")
        host, path = _host(call["Uri"]), urlsplit(str(call["Uri"])).path.removeprefix("/")
        reply = self._computer.server.asks(host, path)
        if reply.status is not None and self._protocol != TLS12:
            reply = RelayReply(problem="SecureChannelFailure")
        if reply.issuer is not None:
            self._issuers[host] = reply.issuer
        if reply.status != 200:
            raise self._failed(host, reply)
        yield PSObject(
            {"StatusCode": reply.status, "Content": reply.body},
            "Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject",
        )

    def _failed(self, host: str, reply: RelayReply) -> CmdletError:
        status = reply.problem or "ProtocolError"
        language = self._computer.server.language
        code = _CODES.get(reply.status or 0, "")
        message = _SAID[status].say(language, host=host, status=reply.status, reason=reply.reason)
        answer = None
        if reply.status is not None:
            number = EnumValue(_NET + "HttpStatusCode", code, reply.status)
            answer = PSObject({"StatusCode": number, "StatusDescription": reply.reason}, _NET + "HttpWebResponse")
        exception = {"Status": EnumValue(_NET + "WebExceptionStatus", status, _STATUSES[status]), "Response": answer}
        kind = f"WebCmdletWebResponseException,{_CLASS}"
        error = CmdletError(message, kind, "InvalidOperation", _NET + "WebException", terminating=True)
        return error.carrying(reply.body, exception)


def _host(address: object) -> str:
    return urlsplit(str(address)).hostname or ""
