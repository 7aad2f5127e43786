"""Events about setting a password in Active Directory: of PasswordResetService (31003…, 33001…) and of ADSync (6329, 6800)."""

from __future__ import annotations

from runbook_lib.texts.advice.entry import (
    OFF_AND_ON,
    ONBOARDED,
    PREFLIGHT,
    SERVICE_STARTED,
    TROUBLESHOOTING,
    TUTORIAL,
    VERIFY,
    Advice,
)
from runbook_lib.texts.text import Text

_REFUSED = Text(
    en="The password arrived and Active Directory did not take it: its policy, a missing right of the connector account, or a "
    "protected user.",
    fr="Le mot de passe est arrivé et Active Directory ne l'a pas accepté : sa stratégie, un droit manquant du compte connecteur, "
    "ou un utilisateur protégé.",
)
_SEE_REASON = Text(
    en="Look at the event 33001 to 33009, or 6329, of the same minute: it names the reason.",
    fr="Regardez l'événement 33001 à 33009, ou 6329, de la même minute : il donne la raison.",
)
_POLICY = Text(
    en="The new password breaks the domain's rules of age, history, complexity or a filter, or the user may not change it.",
    fr="Le nouveau mot de passe enfreint les règles du domaine (âge, historique, complexité, filtre), ou l'utilisateur ne peut pas "
    "le changer.",
)
_OTHER_PASSWORD = Text(
    en="Choose another password. If users are often refused, set the minimum password age to 0.",
    fr="Choisissez un autre mot de passe. Si cela arrive souvent, mettez l'âge minimal du mot de passe à 0.",
)


def _event(
    number: int, name: str, cause: Text, fix: Text, next_runbook: str = "", *, is_everyday: bool = False
) -> Advice:
    return Advice(
        f"event-{number}",
        name,
        cause,
        TROUBLESHOOTING,
        fix,
        next_runbook,
        events=(number,),
        is_everyday=is_everyday,
    )


RESETS: tuple[Advice, ...] = (
    _event(31003, "PasswordResetFail", _REFUSED, _SEE_REASON, VERIFY, is_everyday=True),
    _event(31008, "ChangePasswordFail", _REFUSED, _SEE_REASON, VERIFY, is_everyday=True),
    _event(31011, "ResetUserPasswordByAdminFail", _REFUSED, _SEE_REASON, VERIFY, is_everyday=True),
    _event(
        33001,
        "ADUnKnownError",
        Text(
            en="Active Directory gave an error that the service does not know. Reserved characters in the name of an "
            "organizational unit can be the reason.",
            fr="Active Directory a donné une erreur que le service ne connaît pas. Des caractères réservés dans le nom d'une unité "
            "d'organisation peuvent en être la raison.",
        ),
        Text(
            en='Look at the ADSync events of the same minute; rename units with , + " \\ < > ; = / or # in front, or with spaces at the ends.',
            fr='Regardez les événements ADSync de la même minute ; renommez les unités avec , + " \\ < > ; = / ou # au début, ou avec '
            "des espaces aux extrémités.",
        ),
    ),
    _event(
        33002,
        "ADUserNotFoundError",
        Text(
            en="The user is not in the on-premises directory: deleted there and not in the cloud, or a synchronization is stuck.",
            fr="L'utilisateur n'est pas dans l'annuaire local : supprimé là et non dans le nuage, ou synchronisation bloquée.",
        ),
        Text(
            en="Check that the user is synchronized by this server, and look at the last synchronization runs.",
            fr="Vérifiez que l'utilisateur est synchronisé par ce serveur, et regardez les dernières synchronisations.",
        ),
    ),
    _event(
        33003,
        "ADMutliMatchError",
        Text(
            en="Two enabled accounts on premises belong to the same cloud user, which writeback does not support.",
            fr="Deux comptes actifs locaux correspondent au même utilisateur du nuage, ce que la réécriture ne prend pas en charge.",
        ),
        Text(
            en="Leave one enabled account a user, with an anchor that nobody else has.",
            fr="Laissez un seul compte actif par utilisateur, avec une ancre que personne d'autre n'a.",
        ),
    ),
    _event(
        33004,
        "ADPermissionsError",
        Text(
            en="The connector account may not reset this user's password: a right is missing or not inherited, or the user is "
            "protected (AdminCount 1), which is by design.",
            fr="Le compte connecteur ne peut pas réinitialiser cet utilisateur : un droit manque ou n'est pas hérité, ou "
            "l'utilisateur est protégé (AdminCount 1), ce qui est voulu.",
        ),
        Text(
            en="Grant the missing rights, turn inheritance on, wait an hour; administrators are not reset this way.",
            fr="Accordez les droits manquants, activez l'héritage, attendez une heure ; les administrateurs ne se réinitialisent pas "
            "ainsi.",
        ),
        PREFLIGHT,
    ),
    _event(
        33005,
        "ADUserAccountDisabled",
        Text(en="The account is disabled on premises.", fr="Le compte est désactivé dans l'annuaire local."),
        Text(en="Enable the account and try again.", fr="Activez le compte puis recommencez."),
        is_everyday=True,
    ),
    _event(
        33006,
        "ADUserAccountLockedOut",
        Text(
            en="The account is locked on premises, for instance after too many attempts.",
            fr="Le compte est verrouillé dans l'annuaire local, par exemple après trop d'essais.",
        ),
        Text(en="Unlock the account and try again.", fr="Déverrouillez le compte puis recommencez."),
        is_everyday=True,
    ),
    _event(
        33007,
        "ADUserIncorrectPassword",
        Text(
            en="The user gave a wrong current password.",
            fr="L'utilisateur a donné un mot de passe actuel erroné.",
        ),
        Text(en="Try again with the right one.", fr="Recommencez avec le bon."),
        is_everyday=True,
    ),
    _event(33008, "ADPasswordPolicyError", _POLICY, _OTHER_PASSWORD, PREFLIGHT, is_everyday=True),
    _event(
        33009,
        "ADConfigurationError",
        Text(
            en="A configuration of Active Directory keeps the password from being written.",
            fr="Une configuration d'Active Directory empêche d'écrire le mot de passe.",
        ),
        Text(
            en="Look at the ADSync events of the same minute: they name the error.",
            fr="Regardez les événements ADSync de la même minute : ils nomment l'erreur.",
        ),
        PREFLIGHT,
    ),
)

ENGINE: tuple[Advice, ...] = (
    Advice(
        "event-6329-policy",
        "0x80230619: A restriction prevents the password from being changed",
        _POLICY,
        TROUBLESHOOTING,
        _OTHER_PASSWORD,
        PREFLIGHT,
        events=(6329,),
        markers=("80230619",),
        codes=("80230619",),
        is_everyday=True,
    ),
    Advice(
        "event-6329-policy-hints",
        "admaexport.cpp(2837): The server doesn't contain the LDAP password policy control",
        Text(
            en="A domain controller does not know the control 1.2.840.113556.1.4.2066 (policy hints), which writeback needs.",
            fr="Un contrôleur de domaine ne connaît pas le contrôle 1.2.840.113556.1.4.2066 (policy hints), requis par la réécriture.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Use domain controllers with Windows Server 2016 or later.",
            fr="Utilisez des contrôleurs de domaine sous Windows Server 2016 ou plus récent.",
        ),
        events=(6329,),
        markers=("admaexport.cpp(2837)", "ldap password policy control"),
        codes=("1.2.840.113556.1.4.2066", "admaexport.cpp"),
    ),
    Advice(
        "event-6329-new-forest",
        "0x8023061f: password synchronization is not enabled on this Management Agent",
        Text(
            en="A forest was added, or added again, after writeback was turned on, and is not part of it.",
            fr="Une forêt a été ajoutée, ou ajoutée de nouveau, après l'activation de la réécriture, et n'en fait pas partie.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Turn password writeback off and on again.",
            fr="Désactivez puis réactivez l'écriture différée de mot de passe.",
        ),
        OFF_AND_ON,
        events=(6329,),
        markers=("8023061f",),
        codes=("8023061f",),
        ended_by=(ONBOARDED,),
    ),
    Advice(
        "event-6800",
        "The writeback endpoint did not start",
        Text(
            en="ADSync started without the writeback endpoint. The PasswordResetService events beside it say why.",
            fr="ADSync a démarré sans le point d'accès de la réécriture. Les événements PasswordResetService voisins disent "
            "pourquoi.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Mend what those events name and restart ADSync; then turn the feature off and on.",
            fr="Corrigez ce qu'ils nomment et redémarrez ADSync ; puis désactivez et réactivez.",
        ),
        OFF_AND_ON,
        events=(6800,),
        ended_by=(SERVICE_STARTED,),
    ),
    Advice(
        "hr-80230402",
        "hr=80230402: duplicated entries with the same anchor",
        Text(
            en="The same user is enabled in several domains, or two users share an anchor that should be theirs alone.",
            fr="Le même utilisateur est actif dans plusieurs domaines, ou deux utilisateurs partagent une ancre qui devrait être "
            "unique.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Remove the duplicate, and use an anchor attribute that is unique.",
            fr="Retirez le doublon, et utilisez un attribut d'ancre unique.",
        ),
        markers=("hr=80230402",),
        codes=("80230402", "8023042"),
    ),
    Advice(
        "hr-800700ce",
        "hr=800700CE: The filename or extension is too long",
        Text(
            en="The password of the AD DS connector account is longer than 256 characters, so an unlock fails.",
            fr="Le mot de passe du compte connecteur AD DS dépasse 256 caractères, et un déverrouillage échoue.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Give the account a password of at most 256 characters, and enter it in the connector's credentials.",
            fr="Donnez au compte un mot de passe d'au plus 256 caractères, et saisissez-le dans les informations du connecteur.",
        ),
        markers=("hr=800700ce",),
        codes=("800700CE",),
    ),
    Advice(
        "sspr-0029",
        "SSPR_0029: the on-premises configuration is not properly set up",
        Text(
            en="The connector account is refused on premises: a right is missing, or a policy restricts remote calls to SAM.",
            fr="Le compte connecteur est refusé dans l'annuaire local : un droit manque, ou une stratégie restreint les appels "
            "distants à SAM.",
        ),
        TROUBLESHOOTING,
        Text(
            en="Check the rights, and with RSOP on the server and the domain controllers the policy “Network access: Restrict "
            "clients allowed to make remote calls to SAM”; let the account in. Connect before 2.1.19.0 had a fault of this kind.",
            fr="Vérifiez les droits et, par RSOP sur le serveur et les contrôleurs de domaine, la stratégie « Accès réseau : "
            "restreindre les clients autorisés à effectuer des appels distants vers SAM » ; admettez le compte. Connect avant "
            "2.1.19.0 avait un défaut de ce genre.",
        ),
        PREFLIGHT,
        messages=("remote-sam-restricted",),
        codes=("SSPR_0029",),
    ),
    Advice(
        "event-656",
        "Password hashes are synchronized again (656, 657)",
        Text(
            en="Turning writeback on for the first time may synchronize every password hash again. It happens once.",
            fr="La première activation peut resynchroniser tous les hachages de mots de passe. Cela n'arrive qu'une fois.",
        ),
        TUTORIAL,
        Text(en="Nothing is to be done.", fr="Il n'y a rien à faire."),
        messages=("hashes-synchronized-again",),
        codes=("656", "657"),
    ),
)

ENTRIES: tuple[Advice, ...] = (*RESETS, *ENGINE)
