"""Messages about records on shared storage."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "storage-unknown-scheme": Entry(
        Text(
            en="Records cannot be kept on a storage that is addressed by {scheme}://.",
            fr="Les dossiers ne peuvent pas être conservés sur un stockage d'adresse {scheme}://.",
        ),
        Text(
            en="Use one that never overwrites what another has written: {known}.",
            fr="Utilisez-en un qui n'écrase jamais ce qu'un autre a écrit\u00a0: {known}.",
        ),
    ),
    "storage-secret-in-url": Entry(
        Text(
            en="The address of the storage ({scheme}://…) holds a password or a query: it would be written into every record.",
            fr="L'adresse du stockage ({scheme}://…) contient un mot de passe ou une requête\u00a0: elle serait écrite dans chaque dossier.",
        ),
        Text(
            en="Give credentials in the environment, such as AZURE_STORAGE_CONNECTION_STRING, and the address without them.",
            fr="Donnez les identifiants dans l'environnement, par exemple AZURE_STORAGE_CONNECTION_STRING, et l'adresse sans eux.",
        ),
    ),
    "storage-package-missing": Entry(
        Text(
            en="Storage of {scheme}:// needs packages that are not installed here, or do not work.",
            fr="Un stockage {scheme}:// demande des paquets qui ne sont pas installés ici, ou qui ne fonctionnent pas.",
        ),
        Text(
            en="Install them in the folder of the kit: pip install {packages}",
            fr="Installez-les dans le dossier de l'outil\u00a0: pip install {packages}",
        ),
    ),
    "storage-not-usable": Entry(
        Text(
            en="Records cannot be kept on {url}: {detail}.",
            fr="Les dossiers ne peuvent pas être conservés sur {url}\u00a0: {detail}.",
        ),
        Text(
            en="Nothing was sent. Check that the container or folder is there, that the storage answers, and that the credentials in the "
            "environment may write there.",
            fr="Rien n'a été envoyé. Vérifiez que le conteneur ou le dossier existe, que le stockage répond, et que les identifiants de "
            "l'environnement permettent d'y écrire.",
        ),
    ),
    "storage-run-elsewhere": Entry(
        Text(
            en="On the storage {url}, line {line} of run {run} is another's: somebody else has gone on with this run.",
            fr="Sur le stockage {url}, la ligne {line} de l'exécution {run} est d'un autre\u00a0: quelqu'un d'autre a poursuivi cette exécution.",
        ),
        Text(
            en="Nothing more is sent from here. Bring the record from the storage with runbook fetch, and look at it.",
            fr="Rien de plus n'est envoyé d'ici. Rapportez le dossier du stockage avec runbook fetch, et regardez-le.",
        ),
    ),
    "storage-held-by": Entry(
        Text(
            en="On the storage {url}, tenant {tenant} is held by the run {run} of {account} on {host} (process {process}), since {since}. "
            "Nothing was sent.",
            fr="Sur le stockage {url}, le locataire {tenant} est retenu par l'exécution {run} de {account} sur {host} (processus {process}), "
            "depuis {since}. Rien n'a été envoyé.",
        ),
        Text(
            en="Wait until it ends. If its machine died: runbook fetch {url} {tenant}/{run}, then runbook resume. What it had sent is not "
            "known before.",
            fr="Attendez sa fin. Si sa machine s'est arrêtée\u00a0: runbook fetch {url} {tenant}/{run}, puis runbook resume. Ce qu'elle avait "
            "envoyé n'est pas connu avant.",
        ),
    ),
    "storage-record-not-whole": Entry(
        Text(
            en="The run has ended, and its record is not whole on the storage: {detail}",
            fr="L'exécution est terminée, et son dossier n'est pas entier sur le stockage\u00a0: {detail}",
        ),
        Text(
            en="It is whole on this machine. Each line of its journal was on the storage before the next thing was done.",
            fr="Il est entier sur cette machine. Chaque ligne de son journal était sur le stockage avant l'action suivante.",
        ),
    ),
    "storage-refused": Entry(
        Text(
            en="The storage {url} refused {name}: {detail}.",
            fr="Le stockage {url} a refusé {name}\u00a0: {detail}.",
        ),
        Text(
            en="Nothing is changed without a record on the storage. What was recorded before is kept. See that the storage answers and may "
            "be written; then go on with the run, or start a new one.",
            fr="Rien n'est modifié sans trace sur le stockage. Ce qui a été enregistré avant est conservé. Vérifiez que le stockage répond et "
            "accepte les écritures\u00a0; puis poursuivez l'exécution, ou lancez-en une nouvelle.",
        ),
    ),
}
