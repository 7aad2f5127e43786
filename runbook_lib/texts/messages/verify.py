"""Messages of verify-writeback: what holds, rung by rung, and whom a reset may be tried on."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_CHOOSE = Text(
    en="Name another user as pilot_user: an ordinary one, synchronized and enabled.",
    fr="Nommez un autre utilisateur dans pilot_user : un utilisateur ordinaire, synchronisé et activé.",
)
_GRANT = Text(
    en="Have a domain administrator grant them, or run enable-connect-writeback with grant_permissions set to true.",
    fr="Faites-les accorder par un administrateur du domaine, ou lancez enable-connect-writeback avec grant_permissions à true.",
)

MESSAGES: dict[str, Entry] = {
    "portal-not-readable": Entry(
        Text(
            en="No supported interface tells the two settings of the portal, so they are not looked at.",
            fr="Aucune interface prise en charge ne donne les deux réglages du portail : ils ne sont pas regardés.",
        ),
    ),
    "onboarding-rolled-out": Entry(
        Text(
            en="The events of onboarding, 31004 and 31005, are no longer in the part of the log that is read. The server says that "
            "onboarding is not required and that the service is started.",
            fr="Les événements d'inscription, 31004 et 31005, ne sont plus dans la partie lue du journal. Le serveur dit que "
            "l'inscription n'est pas requise et que le service est démarré.",
        ),
    ),
    "start-rolled-out": Entry(
        Text(
            en="The start of the service, event 31015, is no longer in the part of the log that is read. The heartbeats show that it runs.",
            fr="Le démarrage du service, événement 31015, n'est plus dans la partie lue du journal. Les signaux montrent qu'il tourne.",
        ),
    ),
    "rights-missing-on-root": Entry(
        Text(en="{account} lacks on {dn}: {rights}.", fr="Il manque à {account} sur {dn} : {rights}."), _GRANT
    ),
    "rights-missing-on-user": Entry(
        Text(
            en="The connector account lacks on the user {dn}: {rights}.",
            fr="Il manque au compte connecteur sur l'utilisateur {dn} : {rights}.",
        ),
        Text(
            en="Look on the user and on the units above for stopped inheritance and for rules that deny; new rights may take an hour.",
            fr="Cherchez sur l'utilisateur et les unités au-dessus un héritage coupé ou des refus ; de nouveaux droits peuvent mettre "
            "une heure.",
        ),
    ),
    "no-user-looked-at": Entry(
        Text(
            en="There was no user in scope to look at in {domains}, so the rights there are not seen to be effective.",
            fr="Aucun utilisateur couvert n'a pu être regardé dans {domains} : on n'y a pas vu les droits agir.",
        ),
        Text(en="Check the Domain/OU filtering.", fr="Vérifiez le filtrage par domaine/unité d'organisation."),
    ),
    "guarded-users-left-out": Entry(
        Text(
            en="Left out, because AdminSDHolder guards them and writeback cannot reach them: {users}.",
            fr="Laissés de côté, car AdminSDHolder les protège et la réécriture ne peut pas les atteindre : {users}.",
        ),
    ),
    "no-pilot-named": Entry(
        Text(
            en="No pilot user is named, so nothing was tried on anybody.",
            fr="Aucun utilisateur pilote n'est nommé : rien n'a été essayé sur personne.",
        ),
        Text(
            en="To prove it, name a test user as pilot_user and plan again. Its password will be replaced.",
            fr="Pour le prouver, nommez un utilisateur de test dans pilot_user et refaites le plan. Son mot de passe sera remplacé.",
        ),
    ),
    "reset-needs-a-person": Entry(
        Text(
            en="An application is signed in; Graph lets only a person reset a password.",
            fr="C'est une application qui est connectée ; Graph ne laisse qu'une personne réinitialiser un mot de passe.",
        ),
        Text(
            en="Set sign_in.method to device-code or interactive, or leave pilot_user out.",
            fr="Mettez sign_in.method à device-code ou interactive, ou retirez pilot_user.",
        ),
    ),
    "pilot-password-replaced": Entry(
        Text(
            en="The reset replaces the password of {user} by a random one that nobody knows, not even this kit afterwards. "
            "{user} cannot sign in until somebody gives them a new one.",
            fr="La réinitialisation remplace le mot de passe de {user} par un mot de passe aléatoire que personne ne connaît, pas même ce "
            "kit ensuite. {user} ne peut plus se connecter tant que personne ne lui en donne un nouveau.",
        ),
        Text(
            en="Tell the user, and have somebody ready who gives them a new password.",
            fr="Prévenez l'utilisateur, et prévoyez quelqu'un pour lui donner un nouveau mot de passe.",
        ),
    ),
    "pilot-does-not-exist": Entry(
        Text(en="The tenant has no user {user}.", fr="Le locataire n'a pas d'utilisateur {user}."),
        Text(en="Check the spelling of pilot_user.", fr="Vérifiez l'orthographe de pilot_user."),
    ),
    "pilot-is-yourself": Entry(
        Text(
            en="{user} is the account that is signed in; nobody can be their own pilot.",
            fr="{user} est le compte connecté ; personne ne peut être son propre pilote.",
        ),
        _CHOOSE,
    ),
    "pilot-is-administrator": Entry(
        Text(en="{user} is an administrator: {roles}.", fr="{user} est administrateur : {roles}."), _CHOOSE
    ),
    "pilot-is-disabled": Entry(
        Text(en="{user} is disabled in the tenant.", fr="{user} est désactivé dans le locataire."), _CHOOSE
    ),
    "pilot-is-cloud-only": Entry(
        Text(
            en="{user} exists in the cloud only: there is no directory to write back to.",
            fr="{user} n'existe que dans le nuage : il n'y a pas d'annuaire où réécrire.",
        ),
        _CHOOSE,
    ),
    "pilot-in-directory-twice": Entry(
        Text(
            en="Several users of the directory have the user principal name {user}.",
            fr="Plusieurs utilisateurs de l'annuaire ont le nom d'utilisateur principal {user}.",
        ),
        _CHOOSE,
    ),
    "pilot-is-guarded": Entry(
        Text(
            en="{user} is or was an administrator of the directory (AdminCount is 1), which writeback cannot reach.",
            fr="{user} est ou a été administrateur de l'annuaire (AdminCount vaut 1), ce que la réécriture ne peut pas atteindre.",
        ),
        _CHOOSE,
    ),
    "pilot-is-disabled-in-directory": Entry(
        Text(en="{user} is disabled in the directory.", fr="{user} est désactivé dans l'annuaire."), _CHOOSE
    ),
    "pilot-must-change-password": Entry(
        Text(
            en="{user} must change the password at the next logon, so the directory would look the same after another reset.",
            fr="{user} doit changer de mot de passe à la prochaine ouverture de session : l'annuaire serait le même après une nouvelle "
            "réinitialisation.",
        ),
        Text(
            en="Have the user sign in and set a password first, or name another pilot.",
            fr="Faites d'abord ouvrir une session et définir un mot de passe, ou nommez un autre pilote.",
        ),
    ),
    "reset-events-to-come": Entry(
        Text(
            en="Events 31009 and then 31010, for the start and the success of the reset, were not seen yet.",
            fr="Les événements 31009 puis 31010, début et succès de la réinitialisation, n'ont pas encore été vus.",
        ),
        Text(
            en="Look at the Application log of the sync server.",
            fr="Regardez le journal Application du serveur de synchronisation.",
        ),
    ),
    "password-not-moved": Entry(
        Text(
            en="The directory does not show yet that the password of {user} was set (pwdLastSet on the PDC emulator).",
            fr="L'annuaire ne montre pas encore que le mot de passe de {user} a été défini (pwdLastSet sur l'émulateur PDC).",
        ),
        Text(
            en="Look at pwdLastSet of the user again later.",
            fr="Regardez de nouveau pwdLastSet de l'utilisateur plus tard.",
        ),
    ),
    "reset-failed-in-directory": Entry(
        Text(
            en="The sync server could not set the password, event 31011 (cause: {cause}): {text}",
            fr="Le serveur n'a pas pu définir le mot de passe, événement 31011 (cause : {cause}) : {text}",
        ),
        Text(
            en="Mend the cause that the event names, then plan again.",
            fr="Réparez la cause que l'événement nomme, puis refaites le plan.",
        ),
    ),
    "pilot-is-locked": Entry(
        Text(
            en="{user} is still locked in the directory after the reset.",
            fr="{user} est encore verrouillé dans l'annuaire après la réinitialisation.",
        ),
        Text(
            en="Unlock the account; often something still signs in with the old password.",
            fr="Déverrouillez le compte ; souvent, quelque chose se connecte encore avec l'ancien mot de passe.",
        ),
    ),
    "pilot-wants-a-password": Entry(
        Text(
            en="The password of {user} may now be one that nobody knows.",
            fr="Le mot de passe de {user} peut maintenant être un mot de passe que personne ne connaît.",
        ),
        Text(en="Give the user a new password.", fr="Donnez un nouveau mot de passe à l'utilisateur."),
    ),
}
