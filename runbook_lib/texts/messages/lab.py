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
    "lab-unknown-request": Entry(
        Text(
            en="{target}: the lab has nothing named {name}.",
            fr="{target}\u00a0: le laboratoire n'a rien qui se nomme {name}.",
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
            en="{target}: the answer to {name} cannot be read.",
            fr="{target}\u00a0: la réponse à {name} est illisible.",
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
}
