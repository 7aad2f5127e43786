"""Messages about reading the record of a run again, and about the reports made of it."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "record-empty": Entry(
        Text(
            en="The journal in {path} has no whole line: nothing was recorded, and nothing was sent.",
            fr="Le journal dans {path} n'a aucune ligne entière : rien n'a été enregistré, et rien n'a été envoyé.",
        ),
        Text(en="There is nothing to show of this run.", fr="Il n'y a rien à montrer de cette exécution."),
    ),
    "report-exists": Entry(
        Text(
            en="{path} exists already and says something else. It was left as it is.",
            fr="{path} existe déjà et dit autre chose. Il a été laissé tel quel.",
        ),
        Text(en="Give another name with --to, or move it away.", fr="Donnez un autre nom avec --to, ou déplacez-le."),
    ),
    "report-suffix": Entry(
        Text(
            en="{path}: a report is a page of HTML or a PDF.",
            fr="{path} : un rapport est une page HTML ou un PDF.",
        ),
        Text(en="Let the name end with .html or .pdf.", fr="Faites finir le nom par .html ou .pdf."),
    ),
    "no-browser": Entry(
        Text(
            en="No browser that can make a PDF was found on this machine.",
            fr="Aucun navigateur capable de produire un PDF n'a été trouvé sur cette machine.",
        ),
        Text(
            en="Install Chromium, Google Chrome or Microsoft Edge, or name one in RUNBOOK_BROWSER. Or ask for .html, open it in any "
            "browser and print it.",
            fr="Installez Chromium, Google Chrome ou Microsoft Edge, ou nommez-en un dans RUNBOOK_BROWSER. Ou demandez .html, "
            "ouvrez-le dans un navigateur et imprimez-le.",
        ),
    ),
    "browser-does-not-start": Entry(
        Text(en="{browser} could not be started: {detail}.", fr="{browser} n'a pas pu être démarré : {detail}."),
        Text(
            en="Name another browser in RUNBOOK_BROWSER, or ask for .html and print it.",
            fr="Nommez un autre navigateur dans RUNBOOK_BROWSER, ou demandez .html et imprimez-le.",
        ),
    ),
    "browser-failed": Entry(
        Text(en="{browser} made no PDF (exit code {code}).", fr="{browser} n'a produit aucun PDF (code {code})."),
        Text(
            en="Name another browser in RUNBOOK_BROWSER, or ask for .html and print it. A browser installed as a snap cannot reach "
            "temporary folders.",
            fr="Nommez un autre navigateur dans RUNBOOK_BROWSER, ou demandez .html et imprimez-le. Un navigateur installé en snap "
            "n'atteint pas les dossiers temporaires.",
        ),
    ),
    "browser-too-slow": Entry(
        Text(
            en="{browser} had made no PDF after {seconds} {seconds:second|seconds}, and was ended.",
            fr="{browser} n'avait produit aucun PDF après {seconds} {seconds:seconde|secondes}, et a été arrêté.",
        ),
        Text(
            en="Try again when the machine has less to do, or ask for .html and print it.",
            fr="Réessayez quand la machine est moins chargée, ou demandez .html et imprimez-le.",
        ),
    ),
    "record-not-understood": Entry(
        Text(
            en="The journal in {path} holds what this version of the kit does not know; version {version} wrote it.",
            fr="Le journal dans {path} contient ce que cette version de l'outil ne connaît pas ; la version {version} l'a écrit.",
        ),
        Text(
            en="Read it with the version that wrote it. Nothing in it was changed.",
            fr="Lisez-le avec la version qui l'a écrit. Rien n'y a été modifié.",
        ),
    ),
}
