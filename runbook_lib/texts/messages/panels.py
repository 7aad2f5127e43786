"""Messages of notebooks in the hands of a person: what a cell or a panel refuses, and how work at a panel ended."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "panel-nothing-open": Entry(
        Text(en="No tenant is open in this notebook yet.", fr="Aucun locataire n'est encore ouvert dans ce notebook."),
        Text(
            en="Choose one in the panel above, click Open, then run this cell again.",
            fr="Choisissez-en un dans le panneau ci-dessus, cliquez sur Ouvrir, puis relancez cette cellule.",
        ),
    ),
    "panel-applying": Entry(
        Text(
            en="A change is being carried out in this notebook. Nothing else was begun.",
            fr="Un changement est en cours dans ce notebook. Rien d'autre n'a été commencé.",
        ),
        Text(
            en="Wait for its end, or stop it in the panel of the step that applies.",
            fr="Attendez sa fin, ou arrêtez-le dans le panneau de l'étape qui applique.",
        ),
    ),
    "panel-going-on": Entry(
        Text(
            en="Something is still going on in this notebook, so its steps have not come to their end.",
            fr="Quelque chose est encore en cours dans ce notebook, ses étapes ne sont donc pas terminées.",
        ),
        Text(
            en="Sign in if a panel asks for it, or wait; then run this cell again.",
            fr="Connectez-vous si un panneau le demande, ou attendez ; relancez ensuite cette cellule.",
        ),
    ),
    "panel-unfinished": Entry(
        Text(
            en="Not every step has come to its end: {steps}. Nothing more was sent.",
            fr="Toutes les étapes ne sont pas terminées : {steps}. Rien de plus n'a été envoyé.",
        ),
        Text(
            en="The overview names the next action. Plans are applied in the panel of the step that applies.",
            fr="La vue d'ensemble indique la prochaine action. Un plan s'applique dans le panneau de l'étape qui applique.",
        ),
    ),
    "panel-stopped": Entry(
        Text(
            en="Stopped. What had been sent stays sent; nothing more was sent after that.",
            fr="Arrêté. Ce qui avait été envoyé le reste ; rien de plus n'a été envoyé ensuite.",
        ),
        Text(
            en="Look again, or go on with the run that stopped.",
            fr="Regardez de nouveau, ou reprenez l'exécution arrêtée.",
        ),
    ),
}
