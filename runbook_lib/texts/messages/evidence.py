"""Messages about the run directory and the journal."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    # the run directory
    "evidence-bad-name": Entry(
        Text(
            en="{name} cannot be the name of a tenant, run or file of evidence.",
            fr="{name} ne peut pas être le nom d'un tenant, d'une exécution ou d'un fichier de preuve.",
        ),
        Text(
            en="Use letters, digits, dots and hyphens.",
            fr="Utilisez des lettres, des chiffres, des points et des tirets.",
        ),
    ),
    "evidence-outside": Entry(
        Text(en="{path} leads out of the folder of the outputs.", fr="{path} mène hors du dossier des sorties."),
        Text(
            en="Remove the link that stands in its place. Nothing was written.",
            fr="Supprimez le lien qui se trouve à sa place. Rien n'a été écrit.",
        ),
    ),
    "evidence-run-exists": Entry(
        Text(en="The run {path} exists already.", fr="L'exécution {path} existe déjà."),
        Text(
            en="Leave run_id empty, or give another, for a new run.",
            fr="Laissez run_id vide, ou donnez-en un autre, pour une nouvelle exécution.",
        ),
    ),
    "evidence-no-run": Entry(
        Text(en="There is no run at {path}.", fr="Il n'y a pas d'exécution à {path}."),
        Text(
            en="Check the run id, or leave it empty for a new run.",
            fr="Vérifiez l'identifiant, ou laissez-le vide pour une nouvelle exécution.",
        ),
    ),
    "evidence-cannot-write": Entry(
        Text(en="{path} cannot be written: {detail}.", fr="{path} ne peut pas être écrit : {detail}."),
        Text(
            en="Nothing is changed without a record. Check the free space and your rights, then start a new run.",
            fr="Rien n'est modifié sans trace. Vérifiez l'espace libre et vos droits, puis lancez une nouvelle exécution.",
        ),
    ),
    "evidence-disk-full": Entry(
        Text(
            en="{path} cannot be written: the disk is full ({detail}).",
            fr="{path} ne peut pas être écrit : le disque est plein ({detail}).",
        ),
        Text(
            en="Nothing is changed without a record. What was recorded before is kept. Free some space, or raise the quota; then go on "
            "with the run, or start a new one.",
            fr="Rien n'est modifié sans trace. Ce qui a été enregistré avant est conservé. Libérez de l'espace, ou augmentez le quota ; "
            "puis poursuivez l'exécution, ou lancez-en une nouvelle.",
        ),
    ),
    "evidence-not-allowed": Entry(
        Text(
            en="{path} cannot be written: you may not write there ({detail}).",
            fr="{path} ne peut pas être écrit : vous n'avez pas le droit d'y écrire ({detail}).",
        ),
        Text(
            en="Nothing is changed without a record. Choose another folder for the outputs, or have the rights to this one; a folder that "
            "is read-only for everybody cannot hold records.",
            fr="Rien n'est modifié sans trace. Choisissez un autre dossier pour les sorties, ou obtenez les droits sur celui-ci ; un dossier "
            "en lecture seule pour tous ne peut pas recevoir de preuves.",
        ),
    ),
    "evidence-path-too-long": Entry(
        Text(
            en="{path} cannot be written: the system does not take a path this long ({length} characters).",
            fr="{path} ne peut pas être écrit : le système n'accepte pas un chemin aussi long ({length} caractères).",
        ),
        Text(
            en="Nothing is changed without a record. Choose a folder for the outputs with a shorter path.",
            fr="Rien n'est modifié sans trace. Choisissez pour les sorties un dossier dont le chemin est plus court.",
        ),
    ),
    "evidence-cannot-read": Entry(
        Text(en="{path} cannot be read: {detail}.", fr="{path} ne peut pas être lu : {detail}."),
        Text(en="Check its name and your rights to it.", fr="Vérifiez son nom et vos droits."),
    ),
    "evidence-secret-left": Entry(
        Text(
            en="{path} holds what looks like a secret, so it is not sealed. File, place and rule: {places}.",
            fr="{path} contient ce qui ressemble à un secret, il n'est donc pas scellé. Fichier, endroit et règle : {places}.",
        ),
        Text(
            en="Look at these places. If it is a secret, change it where it is used and keep this run to yourself; what a "
            "person's picture or word holds is for that person to make anew.",
            fr="Regardez ces endroits. Si c'est un secret, changez-le là où il sert et ne diffusez pas cette exécution ; si "
            "l'image ou la parole d'une personne le contient, c'est à elle de la refaire.",
        ),
    ),
    "evidence-not-json": Entry(
        Text(
            en="{path}: something that is no JSON data was to be recorded: {detail}.",
            fr="{path} : ce qui devait être enregistré n'est pas en JSON : {detail}.",
        ),
        Text(en="This is a defect of the kit: report it.", fr="C'est un défaut de l'outil : signalez-le."),
    ),
    "evidence-run-in-progress": Entry(
        Text(
            en="Another run in mode apply is under way for this tenant, in {path}. Nothing was sent.",
            fr="Une autre exécution en mode apply est en cours pour ce locataire, dans {path}. Rien n'a été envoyé.",
        ),
        Text(
            en="Wait until it ends, or finish it: an open notebook holds the tenant until its last cell, or its kernel, has ended.",
            fr="Attendez sa fin, ou terminez-la : un notebook ouvert retient le locataire jusqu'à la fin de sa dernière "
            "cellule ou de son noyau.",
        ),
    ),
    "evidence-held-by": Entry(
        Text(
            en="Another run in mode apply is under way for this tenant, in {path}: {run}, by {account} on {host} (process {process}), "
            "since {since}. Nothing was sent.",
            fr="Une autre exécution en mode apply est en cours pour ce locataire, dans {path} : {run}, par {account} sur {host} (processus "
            "{process}), depuis {since}. Rien n'a été envoyé.",
        ),
        Text(
            en="Wait until it ends, or finish it: an open notebook holds the tenant until its last cell, or its kernel, has ended.",
            fr="Attendez sa fin, ou terminez-la : un notebook ouvert retient le locataire jusqu'à la fin de sa dernière "
            "cellule ou de son noyau.",
        ),
    ),
    "evidence-left-sending": Entry(
        Text(
            en="The run {run} of {tenant} was killed while it was sending something, and nobody has gone on with it. Nothing was sent.",
            fr="L'exécution {run} de {tenant} a été tuée pendant un envoi, et personne ne l'a poursuivie. Rien n'a été envoyé.",
        ),
        Text(
            en="Go on with it first: runbook resume {path} looks, and sends only what is left.",
            fr="Poursuivez-la d'abord : runbook resume {path} regarde, et n'envoie que le reste.",
        ),
    ),
    # the journal
    "journal-damaged": Entry(
        Text(
            en="{path}, line {line}: the journal was changed after it was written ({detail}).",
            fr="{path}, ligne {line} : le journal a été modifié après son écriture ({detail}).",
        ),
        Text(
            en="Do not go on with this run. Keep the file as it is, and find out who changed it.",
            fr="Ne poursuivez pas cette exécution. Gardez le fichier tel quel et cherchez qui l'a modifié.",
        ),
    ),
    "journal-in-use": Entry(
        Text(
            en="{path} is being written by another process.",
            fr="{path} est en cours d'écriture par un autre processus.",
        ),
        Text(en="Wait until that run ends, or stop it.", fr="Attendez la fin de cette exécution, ou arrêtez-la."),
    ),
    "journal-stopped": Entry(
        Text(
            en="{path}: an earlier line could not be written, so nothing more is recorded.",
            fr="{path} : une ligne précédente n'a pas pu être écrite, plus rien n'est enregistré.",
        ),
        Text(
            en="Start a new run once the cause is mended.",
            fr="Lancez une nouvelle exécution une fois la cause corrigée.",
        ),
    ),
    "journal-moved": Entry(
        Text(
            en="{path}: somebody removed, replaced or wrote to the journal during the run.",
            fr="{path} : quelqu'un a supprimé, remplacé ou modifié le journal pendant l'exécution.",
        ),
        Text(
            en="Nothing more is changed. Find out who did it before you start a new run.",
            fr="Plus rien n'est modifié. Cherchez qui l'a fait avant de lancer une nouvelle exécution.",
        ),
    ),
}
