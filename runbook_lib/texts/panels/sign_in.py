"""The words of the place where a person signs in, and of the line that says who did."""

from __future__ import annotations

from runbook_lib.texts.text import Text

# Handed to the browser by these names; `{time}` is filled in there, second by second.
SIGN_IN: dict[str, Text] = {
    "title": Text(en="Sign in", fr="Connexion"),
    "title-again": Text(
        en="Sign in again: the earlier sign-in has ended or was revoked",
        fr="Reconnectez-vous : la connexion précédente a pris fin ou a été révoquée",
    ),
    "open": Text(en="Open the sign-in page", fr="Ouvrir la page de connexion"),
    "new-tab": Text(en="opens in a new tab", fr="s'ouvre dans un nouvel onglet"),
    "enter": Text(en="Enter this code there", fr="Saisissez-y ce code"),
    "copy": Text(en="Copy the code", fr="Copier le code"),
    "copied": Text(en="Copied.", fr="Copié."),
    "not-copied": Text(
        en="The browser does not let the code be copied. It is selected: press Ctrl+C.",
        fr="Le navigateur ne permet pas de copier le code. Il est sélectionné : appuyez sur Ctrl+C.",
    ),
    "left": Text(en="Time left: {time}", fr="Temps restant : {time}"),
    "waiting": Text(
        en="This step goes on by itself once you have signed in. The code is not kept.",
        fr="Cette étape continue d'elle-même dès que vous êtes connecté. Le code n'est pas conservé.",
    ),
    "waiting-browser": Text(
        en="A browser was opened on the computer that carries out this notebook. Sign in there; this step then goes on by itself.",
        fr="Un navigateur a été ouvert sur l'ordinateur qui exécute ce notebook. Connectez-vous-y ; cette étape continue ensuite "
        "d'elle-même.",
    ),
    "expired": Text(
        en="The time for this sign-in is over. Look again to be asked anew.",
        fr="Le temps de cette connexion est écoulé. Regardez de nouveau pour une nouvelle demande.",
    ),
    "no-kernel": Text(
        en="Nobody is being asked to sign in any more. Run the cell again.",
        fr="Aucune connexion n'est plus demandée. Exécutez de nouveau la cellule.",
    ),
}

IDENTITY: dict[str, Text] = {
    "user": Text(en="Signed in as {name}", fr="Connecté en tant que {name}"),
    "application": Text(en="Signed in as the application {name}", fr="Connecté en tant qu'application {name}"),
    "no-role": Text(en="no administrator role held directly", fr="aucun rôle d'administrateur direct"),
}

# The roles that may do this procedure, by the name that is recorded (Microsoft Entra built-in roles, in both languages).
ROLE_NAMES: dict[str, Text] = {
    "Global Administrator": Text(en="Global Administrator", fr="Administrateur général"),
    "Hybrid Identity Administrator": Text(en="Hybrid Identity Administrator", fr="Administrateur d'identité hybride"),
}
