"""Messages of the lab."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "lab-unknown-fault": Entry(
        Text(
            en="The lab knows no fault named {name}.",
            fr="Le laboratoire ne connaît aucune panne nommée {name}.",
        ),
        Text(
            en="Use one of these: {known}.",
            fr="Utilisez l'une de celles-ci\u00a0: {known}.",
        ),
    ),
    "lab-unknown-tenant": Entry(
        Text(
            en="The lab has no tenant named {name}.",
            fr="Le laboratoire n'a aucun locataire nommé {name}.",
        ),
        Text(
            en="Use one of these: {known}.",
            fr="Utilisez l'un de ceux-ci\u00a0: {known}.",
        ),
    ),
    "lab-too-many-tenants": Entry(
        Text(
            en="The lab cannot make up {count} tenants.",
            fr="Le laboratoire ne peut pas inventer {count} locataires.",
        ),
        Text(
            en="Ask for 1 to {most}.",
            fr="Demandez-en de 1 à {most}.",
        ),
    ),
    "lab-port-taken": Entry(
        Text(
            en="The lab cannot listen on port {port} of this computer: another program does, perhaps another lab.",
            fr="Le laboratoire ne peut pas écouter sur le port {port} de cet ordinateur\u00a0: un autre programme y écoute, "
            "peut-être un autre laboratoire.",
        ),
        Text(
            en="Stop the other program, then start the lab again.",
            fr="Arrêtez l'autre programme, puis relancez le laboratoire.",
        ),
    ),
    "lab-already-runs": Entry(
        Text(
            en="Another lab is running on this computer, at {url}, and describes itself in the same folder.",
            fr="Un autre laboratoire tourne sur cet ordinateur, à {url}, et se décrit dans le même dossier.",
        ),
        Text(
            en="Use that one, or stop it first.",
            fr="Utilisez celui-là, ou arrêtez-le d'abord.",
        ),
    ),
    "lab-access-denied": Entry(
        Text(
            en="{target}: the server refuses the account.",
            fr="{target}\u00a0: le serveur refuse le compte.",
        ),
        Text(
            en="Turn the lab's fault access_denied off.",
            fr="Désactivez la panne access_denied du laboratoire.",
        ),
    ),
    "lab-no-shell": Entry(
        Text(
            en="{target}: every remote shell of this account is taken.",
            fr="{target}\u00a0: tous les shells distants de ce compte sont pris.",
        ),
        Text(
            en="Turn the lab's fault shell_quota off.",
            fr="Désactivez la panne shell_quota du laboratoire.",
        ),
    ),
    "lab-no-answer": Entry(
        Text(
            en="{target}: no answer came in time.",
            fr="{target}\u00a0: aucune réponse n'est arrivée à temps.",
        ),
        Text(
            en="Turn the lab's fault hanging_script off.",
            fr="Désactivez la panne hanging_script du laboratoire.",
        ),
    ),
    "lab-unreadable-answer": Entry(
        Text(
            en="{target}: the answer cannot be read.",
            fr="{target}\u00a0: la réponse est illisible.",
        ),
        Text(
            en="Turn the lab's faults noisy_reply and truncated_reply off.",
            fr="Désactivez les pannes noisy_reply et truncated_reply du laboratoire.",
        ),
    ),
    "lab-outcome-unknown": Entry(
        Text(
            en="{target}: {name} was sent, and no answer came.",
            fr="{target}\u00a0: {name} a été envoyé, et aucune réponse n'est arrivée.",
        ),
        Text(
            en="Look at the server again before anything else.",
            fr="Observez de nouveau le serveur avant toute autre chose.",
        ),
    ),
    "lab-cloud-sign-in-refused": Entry(
        Text(
            en="{target}: the lab's cloud refuses the sign-in.",
            fr="{target}\u00a0: le nuage du laboratoire refuse la connexion.",
        ),
        Text(
            en="Turn the lab's fault expired_secret off.",
            fr="Désactivez la panne expired_secret du laboratoire.",
        ),
    ),
    "lab-cloud-token-withheld": Entry(
        Text(
            en="{target}: the lab's cloud knows the account and gives it no token.",
            fr="{target}\u00a0: le nuage du laboratoire reconnaît le compte et ne lui donne aucun jeton.",
        ),
        Text(
            en="Turn the lab's fault conditional_access off.",
            fr="Désactivez la panne conditional_access du laboratoire.",
        ),
    ),
    "lab-cloud-consent-missing": Entry(
        Text(
            en="{target}: the lab's cloud gives no token, for nobody consented to what the kit asks for.",
            fr="{target}\u00a0: le nuage du laboratoire ne donne aucun jeton, car personne n'a consenti à ce que le kit demande.",
        ),
        Text(
            en="Turn the lab's fault consent_missing off.",
            fr="Désactivez la panne consent_missing du laboratoire.",
        ),
    ),
    "lab-cloud-page-refused": Entry(
        Text(
            en="{target}: the account may not use {name} of the portal.",
            fr="{target}\u00a0: le compte n'a pas le droit d'utiliser {name} du portail.",
        ),
        Text(
            en="Give the account an administrator's role, or turn the lab's faults no_role and portal_refuses off.",
            fr="Donnez au compte un rôle d'administrateur, ou désactivez les pannes no_role et portal_refuses du laboratoire.",
        ),
    ),
    "lab-cloud-not-permitted": Entry(
        Text(
            en="{target}: the account may not use {name}.",
            fr="{target}\u00a0: le compte n'a pas le droit d'utiliser {name}.",
        ),
        Text(
            en="Give the account its role, or turn off the lab's fault that takes it: consent_missing, no_role or no_licence.",
            fr="Donnez son rôle au compte, ou désactivez la panne du laboratoire qui le lui retire\u00a0: consent_missing, "
            "no_role ou no_licence.",
        ),
    ),
    "lab-cloud-unavailable": Entry(
        Text(
            en="{target}: the lab's cloud is not available just now.",
            fr="{target}\u00a0: le nuage du laboratoire n'est pas disponible pour le moment.",
        ),
        Text(
            en="Turn the lab's fault unavailable off.",
            fr="Désactivez la panne unavailable du laboratoire.",
        ),
    ),
    "lab-cloud-reset-refused": Entry(
        Text(
            en="{target}: the lab's cloud knows no such user, so no password was reset.",
            fr="{target}\u00a0: le nuage du laboratoire ne connaît pas cet utilisateur\u00a0; aucun mot de passe n'a été "
            "réinitialisé.",
        ),
        Text(
            en="Put a user of the lab in the parameter pilot_user; docs/lab.md names them.",
            fr="Mettez un utilisateur du laboratoire dans le paramètre pilot_user\u00a0; docs/lab.md les nomme.",
        ),
    ),
    "lab-cloud-reset-failed": Entry(
        Text(
            en="{target}: the password reset did not reach the directory: {detail}.",
            fr="{target}\u00a0: la réinitialisation du mot de passe n'a pas atteint l'annuaire\u00a0: {detail}.",
        ),
        Text(
            en="Look at the events of PasswordResetService, 31011 and the one before it.",
            fr="Regardez les événements de PasswordResetService, 31011 et celui qui le précède.",
        ),
    ),
    "lab-cloud-page-empty": Entry(
        Text(
            en="{target}: the page On-premises integration has nothing to save yet.",
            fr="{target}\u00a0: la page Intégration locale n'a encore rien à enregistrer.",
        ),
        Text(
            en="Turn password writeback on at the sync server first.",
            fr="Activez d'abord l'écriture différée de mot de passe sur le serveur de synchronisation.",
        ),
    ),
    "lab-cloud-outcome-unknown": Entry(
        Text(
            en="{target}: {name} was sent, and no answer came.",
            fr="{target}\u00a0: {name} a été envoyé, et aucune réponse n'est arrivée.",
        ),
        Text(
            en="Look at the page again before anything else.",
            fr="Observez de nouveau la page avant toute autre chose.",
        ),
    ),
    "lab-cloud-device-login": Entry(
        Text(
            en="Sign-in to the lab. Enter the code you were shown, and the account to sign in with.",
            fr="Connexion au laboratoire. Saisissez le code affiché et le compte à utiliser.",
        )
    ),
    "lab-cloud-sign-in": Entry(
        Text(
            en="Sign-in to the lab. Name the account to sign in with; there is no password.",
            fr="Connexion au laboratoire. Indiquez le compte à utiliser ; il n'y a pas de mot de passe.",
        )
    ),
    "lab-cloud-go-back": Entry(Text(en="Going back to the application.", fr="Retour à l'application.")),
    "lab-cloud-go-on": Entry(Text(en="Continue", fr="Continuer")),
    "lab-cloud-device-code": Entry(Text(en="Code", fr="Code")),
    "lab-cloud-device-account": Entry(Text(en="Account", fr="Compte")),
    "lab-cloud-device-approve": Entry(Text(en="Sign in", fr="Se connecter")),
    "lab-cloud-device-decline": Entry(Text(en="Decline", fr="Refuser")),
    "lab-cloud-device-approved": Entry(
        Text(en="You are signed in. You can close this page.", fr="Vous êtes connecté. Vous pouvez fermer cette page.")
    ),
    "lab-cloud-device-declined": Entry(
        Text(en="You declined. You can close this page.", fr="Vous avez refusé. Vous pouvez fermer cette page.")
    ),
}
