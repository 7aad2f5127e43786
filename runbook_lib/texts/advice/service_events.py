"""Events of the source PasswordResetService about the service itself: onboarding, relays, keys, messages."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import (
    HEARTBEAT,
    OFF_AND_ON,
    OFFBOARDED,
    ONBOARDED,
    PREFLIGHT,
    TROUBLESHOOTING,
    Advice,
)
from runbook_lib.texts.text import Text

_RELAY_BACK = (ONBOARDED, HEARTBEAT)
_TURNED_OFF = (ONBOARDED, OFFBOARDED)


def _event(
    number: int,
    name: str,
    cause: Text,
    fix: Text,
    next_runbook: str = OFF_AND_ON,
    ended_by: tuple[int, ...] = (ONBOARDED,),
) -> Advice:
    return Advice(
        f"event-{number}",
        name,
        cause,
        TROUBLESHOOTING,
        fix,
        next_runbook,
        events=(number,),
        ended_by=ended_by,
    )


_RENEW = Text(
    en="Turn password writeback off and on again.",
    fr="Désactivez puis réactivez l'écriture différée de mot de passe.",
)

ENTRIES: tuple[Advice, ...] = (
    _event(
        31014,
        "OffboardingEventFail",
        Text(
            en="Turning writeback off did not succeed: an administrator account lacks a permission, or it is federated.",
            fr="La désactivation n'a pas abouti : un compte administrateur n'a pas un droit requis, ou il est fédéré.",
        ),
        Text(
            en="Check the roles of the cloud administrator and of the account on the server; use a managed account.",
            fr="Vérifiez les rôles de l'administrateur du nuage et du compte sur le serveur ; utilisez un compte géré.",
        ),
        PREFLIGHT,
        _TURNED_OFF,
    ),
    Advice(
        "event-31034-certificate",
        "ServiceBusListenerError: The remote certificate is invalid",
        Text(
            en="The server does not trust the certificate of the relay: a root certificate is missing, or a proxy inspects TLS.",
            fr="Le serveur ne fait pas confiance au certificat du relais : un certificat racine manque, ou un mandataire "
            "inspecte TLS.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Install the root certificates that Azure uses on the sync server, and exempt the relays from TLS inspection.",
            fr="Installez sur le serveur les certificats racine utilisés par Azure, et exemptez les relais de l'inspection TLS.",
        ),
        PREFLIGHT,
        events=(31034,),
        # .NET says it in the language of the server; the French words are those of its French resources.
        markers=("remote certificate is invalid", "certificat distant n'est pas valide"),
        ended_by=_RELAY_BACK,
    ),
    _event(
        31034,
        "ServiceBusListenerError",
        Text(
            en="The listener could not connect to a relay: a firewall, a proxy or its idle timeout, TLS 1.2, or a second active "
            "sync server.",
            fr="L'écouteur n'a pas pu se connecter à un relais : pare-feu, mandataire ou son délai d'inactivité, TLS 1.2, ou un "
            "second serveur actif.",
        ),
        Text(
            en="Let port 443 to both relays through, check TLS 1.2 and .NET 4.8, then restart ADSync.",
            fr="Ouvrez le port 443 vers les deux relais, vérifiez TLS 1.2 et .NET 4.8, puis redémarrez ADSync.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
    _event(
        31044,
        "PasswordResetService",
        Text(
            en="Writeback does not work: at least one of the two service hosts, one for each relay, is not running.",
            fr="La réécriture ne fonctionne pas : au moins un des deux hôtes de service, un par relais, est arrêté.",
        ),
        Text(
            en="Let port 443 to both relays through and restart ADSync; then turn the feature off and on.",
            fr="Ouvrez le port 443 vers les deux relais et redémarrez ADSync ; puis désactivez et réactivez.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
    _event(
        32000,
        "UnknownError",
        Text(
            en="An operation failed for a reason that the service does not know. The text of the event has the exception.",
            fr="Une opération a échoué pour une raison que le service ne connaît pas. Le texte de l'événement porte l'exception.",
        ),
        Text(
            en="Turn the feature off and on. If it stays, give Microsoft's support the tracking id of the event.",
            fr="Désactivez puis réactivez. Si cela persiste, donnez au support de Microsoft l'identifiant de suivi de l'événement.",
        ),
    ),
    _event(
        32001,
        "ServiceError",
        Text(
            en="The server could not connect to the password reset service in the cloud.",
            fr="Le serveur n'a pas pu se connecter au service de réinitialisation dans le nuage.",
        ),
        Text(
            en="Let port 443 to *.passwordreset.microsoftonline.com, or its equal in your cloud, through.",
            fr="Ouvrez le port 443 vers *.passwordreset.microsoftonline.com, ou son équivalent dans votre nuage.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
    _event(
        32002,
        "ServiceBusError",
        Text(
            en="The server could not connect to the tenant's service bus: most often an outbound connection is blocked.",
            fr="Le serveur n'a pas pu se connecter au bus de services du locataire : le plus souvent, une connexion sortante est "
            "bloquée.",
        ),
        Text(
            en="Let port 443 to *.servicebus.windows.net, or its equal in your cloud, through; then restart ADSync.",
            fr="Ouvrez le port 443 vers *.servicebus.windows.net, ou son équivalent dans votre nuage ; puis redémarrez ADSync.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
    _event(
        32003,
        "InPutValidationError",
        Text(
            en="The service was given input that it does not take.",
            fr="Le service a reçu une entrée qu'il n'accepte pas.",
        ),
        Text(en="Try the operation again.", fr="Recommencez l'opération."),
        "",
    ),
    _event(
        32004,
        "DecryptionError",
        Text(
            en="The password could not be decrypted: the keys of the cloud and of the server do not match.",
            fr="Le mot de passe n'a pas pu être déchiffré : les clés du nuage et du serveur ne correspondent pas.",
        ),
        _RENEW,
    ),
    _event(
        32005,
        "ConfigurationError",
        Text(
            en="The service's configuration file on the server could not be written or read.",
            fr="Le fichier de configuration du service sur le serveur n'a pas pu être écrit ou lu.",
        ),
        _RENEW,
    ),
    _event(
        32007,
        "OnBoardingConfigUpdateError",
        Text(
            en="What the cloud sent at onboarding could not be stored on the server.",
            fr="Ce que le nuage a envoyé à l'inscription n'a pas pu être enregistré sur le serveur.",
        ),
        _RENEW,
    ),
    _event(
        32008,
        "ValidationError",
        Text(
            en="The password reset service in the cloud gave an invalid answer.",
            fr="Le service de réinitialisation dans le nuage a donné une réponse non valide.",
        ),
        _RENEW,
    ),
    _event(
        32009,
        "AuthTokenError",
        Text(
            en="No token for the cloud administrator: a wrong name or password, or a federated account.",
            fr="Pas de jeton pour l'administrateur du nuage : nom ou mot de passe erroné, ou compte fédéré.",
        ),
        Text(
            en="Configure again with the right password and a managed administrator, not a federated one.",
            fr="Refaites la configuration avec le bon mot de passe et un administrateur géré, non fédéré.",
        ),
    ),
    _event(
        32010,
        "CryptoError",
        Text(
            en="The key for passwords could not be made, or a password could not be decrypted: the server's environment is at fault.",
            fr="La clé des mots de passe n'a pas pu être créée, ou un mot de passe déchiffré : l'environnement du serveur est en "
            "cause.",
        ),
        Text(
            en="Read the details of the event on the server; then turn the feature off and on.",
            fr="Lisez les détails de l'événement sur le serveur ; puis désactivez et réactivez.",
        ),
    ),
    _event(
        32011,
        "OnBoardingServiceError",
        Text(
            en="Onboarding could not talk to the password reset service: a firewall rule, or no token for the administrator.",
            fr="L'inscription n'a pas pu parler au service de réinitialisation : une règle de pare-feu, ou pas de jeton pour "
            "l'administrateur.",
        ),
        Text(
            en="Let outbound port 443 through, use an administrator who is not federated, then turn the feature off and on.",
            fr="Ouvrez le port 443 sortant, utilisez un administrateur non fédéré, puis désactivez et réactivez.",
        ),
        PREFLIGHT,
    ),
    _event(
        32013,
        "OffBoardingError",
        Text(
            en="Turning off could not talk to the password reset service: a firewall rule, or no token for the administrator.",
            fr="La désactivation n'a pas pu parler au service de réinitialisation : une règle de pare-feu, ou pas de jeton pour "
            "l'administrateur.",
        ),
        Text(
            en="Let outbound port 443 through and use an administrator who is not federated; then turn it off again.",
            fr="Ouvrez le port 443 sortant et utilisez un administrateur non fédéré ; puis désactivez de nouveau.",
        ),
        PREFLIGHT,
        _TURNED_OFF,
    ),
    _event(
        32014,
        "ServiceBusWarning",
        Text(
            en="A connection to the service bus had to be tried again. Now and then that is normal; often it means a poor line.",
            fr="Une connexion au bus de services a dû être retentée. De temps en temps c'est normal ; souvent, la liaison est "
            "mauvaise.",
        ),
        Text(
            en="If it comes often, check the line to the service bus: delay, bandwidth, proxy.",
            fr="Si cela revient souvent, vérifiez la liaison vers le bus de services : délai, débit, mandataire.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
    _event(
        32015,
        "ReportServiceHealthError",
        Text(
            en="The heartbeat that the server reports every five minutes did not reach the cloud.",
            fr="Le signal que le serveur envoie toutes les cinq minutes n'est pas parvenu au nuage.",
        ),
        Text(
            en="Check outbound port 443 if it comes often or if resets fail.",
            fr="Vérifiez le port 443 sortant si cela revient souvent ou si des réinitialisations échouent.",
        ),
        PREFLIGHT,
        _RELAY_BACK,
    ),
)
