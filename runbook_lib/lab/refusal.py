"""How the simulated server says no: the PowerShell error a script would see, in the server's language."""

from __future__ import annotations

from runbook_lib.texts import Language, Text


class Refusal(Exception):
    """An error of a command on the server.

    `error_id` is the first part of PowerShell's FullyQualifiedErrorId, before the class of the command; it and the
    category are the same in every language. Texts of Microsoft's sync modules are not translated.
    """

    def __init__(
        self,
        message: Text | str,
        error_id: str,
        category: str = "NotSpecified",
        exception_type: str = "System.Exception",
    ) -> None:
        self._message = message
        self.error_id = error_id
        self.category = category
        self.exception_type = exception_type
        super().__init__(self.say("en"))

    def say(self, language: Language) -> str:
        """Return the text, in the language of the server."""
        return self._message if isinstance(self._message, str) else self._message.say(language)


class ConnectionLost(Exception):
    """The connection broke before the change was made. Not an error a script could catch."""


def access_denied() -> Refusal:
    """Return the refusal of a right on the server itself."""
    return Refusal(
        Text(en="Access is denied.", fr="Accès refusé."),
        "System.UnauthorizedAccessException",
        "PermissionDenied",
        "System.UnauthorizedAccessException",
    )


def invalid_operation(message: str) -> Refusal:
    """Return an error of the sync engine, under the identifier a .NET exception gets when nothing else is said."""
    return Refusal(message, "System.InvalidOperationException", "WriteError", "System.InvalidOperationException")


def missing_credential() -> Refusal:
    """Return what binding says where a cmdlet would ask a person for a credential. PowerShell's engine says it in English here."""
    return Refusal(
        "Cannot process command because of one or more missing mandatory parameters: AzureADCredential.",
        "MissingMandatoryParameter",
        "InvalidArgument",
        "System.Management.Automation.ParameterBindingException",
    )


def no_active_directory_module() -> Refusal:
    """Return Import-Module's error on a server without the remote administration tools."""
    return Refusal(
        Text(
            en="The specified module 'ActiveDirectory' was not loaded because no valid module file was found in any "
            "module directory.",
            fr="Le module «\u00a0ActiveDirectory\u00a0» spécifié n'a pas été chargé, car aucun fichier de module valide "
            "n'a été trouvé dans un répertoire de modules.",
        ),
        "Modules_ModuleNotFound",
        "ResourceUnavailable",
        "System.IO.FileNotFoundException",
    )


def second_hop() -> Refusal:
    """Return what a domain controller says to a network logon that cannot be passed on.

    The text is seen in the field; the identifier follows the module's own scheme and was not checked.
    """
    return Refusal(
        Text(
            en="The server has rejected the client credentials.",
            fr="Le serveur a rejeté les informations d'identification du client.",
        ),
        "ActiveDirectoryCmdlet:System.Security.Authentication.AuthenticationException",
        "SecurityError",
        "System.Security.Authentication.AuthenticationException",
    )


def identity_not_found(identity: str) -> Refusal:
    """Return the ActiveDirectory module's error for an object that does not exist."""
    return Refusal(
        Text(
            en=f"Cannot find an object with identity: '{identity}'.",
            fr=f"Impossible de trouver un objet avec l'identité\u00a0: «\u00a0{identity}\u00a0».",
        ),
        "ActiveDirectoryCmdlet:Microsoft.ActiveDirectory.Management.ADIdentityNotFoundException",
        "ObjectNotFound",
        "Microsoft.ActiveDirectory.Management.ADIdentityNotFoundException",
    )
