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
    "storage-overtaken": Entry(
        Text(
            en="On the storage {url}, somebody else has gone on with run {run}; the record there is left to them.",
            fr="Sur le stockage {url}, quelqu'un d'autre a poursuivi l'exécution {run}\u00a0; le dossier qui y est lui est laissé.",
        ),
        Text(
            en="What was sent is in the record on the storage. Bring it with runbook fetch, and look at it.",
            fr="Ce qui a été envoyé est dans le dossier du stockage. Rapportez-le avec runbook fetch, et regardez-le.",
        ),
    ),
    "resume-on-storage": Entry(
        Text(
            en="The run {run} is kept on the storage {url}, too, which only the command line reaches.",
            fr="L'exécution {run} est aussi conservée sur le stockage {url}, que seule la ligne de commande atteint.",
        ),
        Text(
            en="Go on with it by runbook resume: others see there that it goes on.",
            fr="Poursuivez-la avec runbook resume\u00a0: les autres y voient qu'elle se poursuit.",
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
    "fetch-no-run": Entry(
        Text(en="On {url} there is no record of {run}.", fr="Sur {url}, il n'y a aucun dossier de {run}."),
        Text(
            en="Name TENANT or TENANT/RUN as the storage has it. A run that was killed before its first line leaves only its lock; "
            "runbook fetch {url} {run} --unlock takes that away.",
            fr="Indiquez LOCATAIRE ou LOCATAIRE/EXÉCUTION comme sur le stockage. Une exécution tuée avant sa première ligne ne laisse que "
            "son verrou\u00a0; runbook fetch {url} {run} --unlock l'enlève.",
        ),
    ),
    "fetch-line-missing": Entry(
        Text(
            en="On the storage, line {line} of the journal of {run} is missing.",
            fr="Sur le stockage, la ligne {line} du journal de {run} manque.",
        ),
        Text(
            en="Do not go on with this run. Lines are never removed by the kit: find out who did.",
            fr="Ne poursuivez pas cette exécution. L'outil ne supprime jamais de lignes\u00a0: cherchez qui l'a fait.",
        ),
    ),
    "fetch-not-whole": Entry(
        Text(
            en="On the storage {url} there is the journal of {run}, and not its other files: the machine was lost at the very end.",
            fr="Sur le stockage {url}, il y a le journal de {run} mais pas ses autres fichiers\u00a0: la machine a été perdue à la toute fin.",
        ),
        Text(
            en="The journal says what was sent and how the run ended. Plan again; if its machine lives, its files are there.",
            fr="Le journal dit ce qui a été envoyé et comment l'exécution s'est terminée. Planifiez de nouveau\u00a0; si sa machine vit, ses "
            "fichiers y sont.",
        ),
    ),
    "fetch-disagrees": Entry(
        Text(
            en="The journal of {run} on the storage and the one in {folder} do not tell the same.",
            fr="Le journal de {run} sur le stockage et celui de {folder} ne disent pas la même chose.",
        ),
        Text(
            en="Nothing was overwritten. Keep both, and find out who changed one; --to brings it to another folder.",
            fr="Rien n'a été écrasé. Gardez les deux et cherchez qui en a changé un\u00a0; --to rapporte dans un autre dossier.",
        ),
    ),
    "unlock-one-run": Entry(
        Text(en="--unlock is for exactly one run.", fr="--unlock concerne exactement une exécution."),
        Text(
            en="Name it as TENANT/RUN; the message of the run that was refused says which one.",
            fr="Indiquez-la sous la forme LOCATAIRE/EXÉCUTION\u00a0; le message de l'exécution refusée dit laquelle.",
        ),
    ),
    "unlock-not-held": Entry(
        Text(
            en="On {url}, {run} holds no tenant (held by: {holder}).",
            fr="Sur {url}, {run} ne retient aucun locataire (retenu par\u00a0: {holder}).",
        ),
        Text(
            en="Name the run that holds it, as TENANT/RUN.",
            fr="Indiquez l'exécution qui le retient, sous la forme LOCATAIRE/EXÉCUTION.",
        ),
    ),
    "unlock-has-sent": Entry(
        Text(
            en="{run} sent something, and nobody has looked since what became of it.",
            fr="{run} a envoyé quelque chose, et personne n'a regardé depuis ce qu'il en est.",
        ),
        Text(
            en="Go on with it: runbook resume looks first, and lets others in at its end.",
            fr="Reprenez-la\u00a0: runbook resume regarde d'abord, et laisse entrer les autres à la fin.",
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
