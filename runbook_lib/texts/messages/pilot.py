"""Messages of the reset of the pilot user's password through Graph."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_LOOK = Text(
    en="Do not send it again: the next looks say what became of it. Give the pilot user a new password.",
    fr="Ne la renvoyez pas : les lectures suivantes diront ce qu'il en est. Donnez un nouveau mot de passe à l'utilisateur pilote.",
)

MESSAGES: dict[str, Entry] = {
    "graph-reset-needs-a-person": Entry(
        Text(
            en="{target}: only a signed-in person may reset a password, and an application is signed in.",
            fr="{target} : seule une personne connectée peut réinitialiser un mot de passe, et c'est une application qui est connectée.",
        ),
        Text(
            en="Set sign_in.method to device-code or interactive. Nothing was sent.",
            fr="Mettez sign_in.method à device-code ou interactive. Rien n'a été envoyé.",
        ),
    ),
    "graph-reset-wants-stronger-sign-in": Entry(
        Text(
            en="{target}: the reset was refused: Graph wants a stronger or fresher sign-in, such as multifactor authentication.",
            fr="{target} : la réinitialisation a été refusée : Graph veut une connexion plus forte ou plus récente, par exemple "
            "l'authentification multifacteur.",
        ),
        Text(
            en="Plan again, sign in with multifactor authentication, and apply at once. Nothing was changed.",
            fr="Refaites le plan, connectez-vous avec l'authentification multifacteur, et appliquez aussitôt. Rien n'a été changé.",
        ),
    ),
    "graph-reset-token-refused": Entry(
        Text(
            en="{target}: the reset was refused with the access token (code {code}).",
            fr="{target} : la réinitialisation a été refusée avec le jeton d'accès (code {code}).",
        ),
        Text(
            en="Plan again and sign in anew. Nothing was changed.",
            fr="Refaites le plan et reconnectez-vous. Rien n'a été changé.",
        ),
    ),
    "graph-reset-not-permitted": Entry(
        Text(
            en="{target}: whoever is signed in may not reset this password (code {code}).",
            fr="{target} : la personne connectée ne peut pas réinitialiser ce mot de passe (code {code}).",
        ),
        Text(
            en="It takes the delegated permission {permission} with consent, a role such as Authentication Administrator, and often a "
            "sign-in with multifactor authentication. Nothing was changed.",
            fr="Il faut l'autorisation déléguée {permission} avec consentement, un rôle comme Administrateur d'authentification, et "
            "souvent une connexion avec authentification multifacteur. Rien n'a été changé.",
        ),
    ),
    "graph-reset-throttled": Entry(
        Text(
            en="{target}: Graph takes no more requests now, and did not take on the reset.",
            fr="{target} : Graph n'accepte plus de demandes pour l'instant et n'a pas pris en charge la réinitialisation.",
        ),
        Text(en="Plan again in a while. Nothing was changed.", fr="Refaites le plan plus tard. Rien n'a été changé."),
    ),
    "graph-reset-refused": Entry(
        Text(
            en="{target}: Graph refused the reset: {status} {code}, {detail}.",
            fr="{target} : Graph a refusé la réinitialisation : {status} {code}, {detail}.",
        ),
        Text(
            en="Look the code up, mend its cause, and plan again. Nothing was changed.",
            fr="Cherchez le code, réparez la cause et refaites le plan. Rien n'a été changé.",
        ),
    ),
    "graph-reset-failed": Entry(
        Text(
            en="{target}: Graph took on the reset, and it failed: {detail}.",
            fr="{target} : Graph a pris en charge la réinitialisation, et elle a échoué : {detail}.",
        ),
        Text(
            en="The event on the sync server names the cause. Mend it, and plan again.",
            fr="L'événement sur le serveur de synchronisation nomme la cause. Réparez-la, et refaites le plan.",
        ),
    ),
    "graph-reset-not-followed": Entry(
        Text(
            en="{target}: Graph took on the reset, and how it ended could not be read: {detail}",
            fr="{target} : Graph a pris en charge la réinitialisation, et son issue n'a pas pu être lue : {detail}",
        ),
        _LOOK,
    ),
    "graph-reset-not-finished": Entry(
        Text(
            en="{target}: Graph took on the reset, and it had not ended within the time allowed.",
            fr="{target} : Graph a pris en charge la réinitialisation, et elle n'était pas terminée dans le temps imparti.",
        ),
        _LOOK,
    ),
}
