"""The SOAP faults this endpoint can answer with.

Numbers and names are those of Microsoft's public header ``wsmerror.h``; sub-codes and fault details are those of DMTF DSP0226.
"""

from __future__ import annotations

OPERATION_ABORTED = 995  # Win32 ERROR_OPERATION_ABORTED
ACCESS_DENIED = 5  # Win32 ERROR_ACCESS_DENIED
FILENAME_EXCEEDS_RANGE = (
    206  # Win32 ERROR_FILENAME_EXCED_RANGE, what CreateProcess says of a line over 32,767 characters
)
ACTION_NOT_SUPPORTED = 2150858771  # 0x80338013
OPERATION_TIMED_OUT = 2150858793  # 0x80338029
ENCODING_LIMIT = 2150858805  # 0x80338035
INVALID_OPTIONS = 2150858809  # 0x80338039
INVALID_RESOURCE_URI = 2150858811  # 0x8033803B
SCHEMA_VALIDATION_ERROR = 2150858817  # 0x80338041
UNEXPECTED_SELECTORS = 2150858843  # 0x8033805B, for an unknown shell and for an unknown command alike
QUOTA_MAX_SHELLS = 2150859173  # 0x803381A5
QUOTA_MAX_OPERATIONS = 2150859174  # 0x803381A6

_INVALID_SELECTORS = "The WS-Management service cannot process the request because the request contained invalid selectors for the resource."


class WsmanFault(Exception):
    """A request the service answers with ``s:Fault``.

    ``code`` is the number clients compare, ``reason`` the SOAP reason, ``message`` the text of ``WSManFault`` (the reason when
    not given), ``by_sender`` says whose fault it is, ``detail`` is the last segment of the DMTF fault detail URI, if any.
    """

    def __init__(
        self,
        code: int,
        subcode: str,
        reason: str,
        *,
        by_sender: bool = True,
        message: str | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.subcode = subcode
        self.reason = reason
        self.by_sender = by_sender
        self.message = message or reason
        self.detail = detail


def operation_timed_out() -> WsmanFault:
    """No output within OperationTimeout: clients ask again (MS-WSMV 3.1.4.14)."""
    return WsmanFault(
        OPERATION_TIMED_OUT,
        "w:TimedOut",
        "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.",
        by_sender=False,
    )


def operation_aborted() -> WsmanFault:
    """The command or its shell was closed while a client waited for output."""
    return WsmanFault(
        OPERATION_ABORTED,
        "w:InternalError",
        "The I/O operation has been aborted because of either a thread exit or an application request.",
        by_sender=False,
    )


def unknown_shell(shell_id: str) -> WsmanFault:
    """The shell was never opened, was deleted, or was reclaimed after its idle timeout."""
    message = (
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not found on the server. "
        "Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the server. "
        "Provide the correct ShellId or create a new shell and retry the operation."
    )
    return WsmanFault(
        UNEXPECTED_SELECTORS, "w:InvalidSelectors", _INVALID_SELECTORS, message=message, detail="UnexpectedSelectors"
    )


def unknown_command() -> WsmanFault:
    """The command was never started in this shell, or a terminate signal removed it."""
    message = (
        "The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. "
        "Either the command has completed execution or the client specified an invalid command identifier."
    )
    return WsmanFault(
        UNEXPECTED_SELECTORS, "w:InvalidSelectors", _INVALID_SELECTORS, message=message, detail="UnexpectedSelectors"
    )


def unknown_resource_uri() -> WsmanFault:
    """Anything but the cmd shell, such as a PowerShell session configuration."""
    return WsmanFault(
        INVALID_RESOURCE_URI,
        "a:DestinationUnreachable",
        "The WS-Management service cannot process the request. The resource URI is missing or it has an incorrect format. "
        'Check the documentation or use the following command for information on how to construct a resource URI: "winrm help uris".',
        detail="InvalidResourceURI",
    )


def action_not_supported() -> WsmanFault:
    """An action this endpoint does not model."""
    return WsmanFault(
        ACTION_NOT_SUPPORTED,
        "a:ActionNotSupported",
        "The WS-Management service does not support the action specified in the request.",
    )


def malformed_request() -> WsmanFault:
    """Not XML, a document type declaration, or a required element missing."""
    return WsmanFault(
        SCHEMA_VALIDATION_ERROR,
        "w:SchemaValidationError",
        "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML and retry.",
    )


def invalid_option(name: str) -> WsmanFault:
    """An option whose value the shell cannot honour, such as an unknown code page."""
    return WsmanFault(
        INVALID_OPTIONS,
        "w:InvalidOptions",
        f"The WS-Management service cannot process the request because the request contained invalid options: {name}.",
        detail="InvalidValue",
    )


def envelope_too_small() -> WsmanFault:
    """The client's MaxEnvelopeSize is under the 8,192 bytes DSP0226 asks every client to accept."""
    return _encoding_limit("MinimumEnvelopeLimit")


def envelope_too_large() -> WsmanFault:
    """The request is larger than the service's MaxEnvelopeSizekb."""
    return _encoding_limit("ServiceEnvelopeLimit")


def _encoding_limit(detail: str) -> WsmanFault:
    return WsmanFault(
        ENCODING_LIMIT,
        "w:EncodingLimit",
        "The WS-Management service cannot process the request because the encoding of the request exceeds an internal "
        "encoding limit. Reconfigure the client to send messages which fit the encoding limits of the service.",
        detail=detail,
    )


def access_denied() -> WsmanFault:
    """The shell belongs to somebody else, or the request needed a signed-in user."""
    return WsmanFault(ACCESS_DENIED, "w:AccessDenied", "Access is denied.")


def command_line_too_long() -> WsmanFault:
    """A program started without cmd.exe with more characters than CreateProcess takes.

    How WinRM wraps this Win32 error was not checked against a real server; that it refuses is what matters here.
    """
    return WsmanFault(
        FILENAME_EXCEEDS_RANGE, "w:InternalError", "The filename or extension is too long.", by_sender=False
    )


def too_many_shells(limit: int) -> WsmanFault:
    """MaxShellsPerUser is reached: leaked shells count until they are deleted or reclaimed."""
    return WsmanFault(
        QUOTA_MAX_SHELLS,
        "w:QuotaLimit",
        "The WS-Management service cannot process the request. "
        f"This user is allowed a maximum number of {limit} concurrent shells, which has been exceeded. "
        "Close existing shells or raise the quota for this user.",
    )


def too_many_operations(limit: int) -> WsmanFault:
    """MaxConcurrentOperationsPerUser is reached; the service never raises it by itself, a disturbance may."""
    return WsmanFault(
        QUOTA_MAX_OPERATIONS,
        "w:QuotaLimit",
        "The WS-Management service cannot process the request. "
        f"This user is allowed a maximum number of {limit} concurrent operations, which has been exceeded. "
        "Close existing operations for this user, or raise the quota for this user.",
    )
