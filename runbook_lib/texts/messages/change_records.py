"""Messages of the change record: reading it, and delivering a record of a run to it, to a folder or to a mail."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "change-record-missing": Entry(
        Text(
            en="{target}: there is no record {number}, or this account may not see it.",
            fr="{target} : il n'y a pas de demande {number}, ou ce compte ne peut pas la voir.",
        ),
        Text(
            en="Check number and address, and that the account may read the record.",
            fr="Vérifiez le numéro et l'adresse, et que ce compte peut lire la demande.",
        ),
    ),
    "change-sign-in-refused": Entry(
        Text(
            en="{target}: the sign-in was refused for {reading} (status {status}): {detail}.",
            fr="{target} : la connexion a été refusée pour {reading} (statut {status}) : {detail}.",
        ),
        Text(
            en="Check username and credential of the section change: a password or token may have expired. Nothing was attached.",
            fr="Vérifiez username et credential de la section change : un mot de passe ou un jeton a pu expirer. Rien n'a été joint.",
        ),
    ),
    "change-not-permitted": Entry(
        Text(
            en="{target}: {reading} is not allowed to this account (status {status}): {detail}.",
            fr="{target} : l'opération {reading} est interdite à ce compte (statut {status}) : {detail}.",
        ),
        Text(
            en="Give it the permissions that docs/delivery.md lists for this system, or deliver to folder: or eml: meanwhile.",
            fr="Donnez-lui les droits que docs/delivery.md indique pour ce système, ou livrez en attendant vers folder: ou eml:.",
        ),
    ),
    "change-refused": Entry(
        Text(
            en="{target}: {reading} was refused (status {status}): {detail}.",
            fr="{target} : {reading} a été refusé (statut {status}) : {detail}.",
        ),
        Text(
            en="Often the record is not there or closed, or files ending in .zip or of this size are not allowed: in ServiceNow "
            "glide.attachment.extensions and com.glide.attachment.max_size, in Jira the attachment settings. Or deliver to folder: or eml:.",
            fr="Souvent la demande n'existe pas ou est close, ou les fichiers en .zip ou de cette taille ne sont pas admis : dans ServiceNow "
            "glide.attachment.extensions et com.glide.attachment.max_size, dans Jira les réglages des pièces jointes. Ou livrez vers folder: ou eml:.",
        ),
    ),
    "change-too-large": Entry(
        Text(
            en="{target}: the file has {size} bytes, and attachments may have {most}. Nothing was sent.",
            fr="{target} : le fichier fait {size} octets, et les pièces jointes peuvent en faire {most}. Rien n'a été envoyé.",
        ),
        Text(
            en="Ask an administrator to raise the limit, or deliver to folder: or eml: and note that in the record.",
            fr="Demandez à un administrateur de relever la limite, ou livrez vers folder: ou eml: et notez-le dans la demande.",
        ),
    ),
    "change-attachments-off": Entry(
        Text(
            en="{target}: attachments are turned off in this Jira. Nothing was sent.",
            fr="{target} : les pièces jointes sont désactivées dans ce Jira. Rien n'a été envoyé.",
        ),
        Text(
            en="Ask an administrator to allow them, or deliver to folder: or eml:.",
            fr="Demandez à un administrateur de les permettre, ou livrez vers folder: ou eml:.",
        ),
    ),
    "change-throttled": Entry(
        Text(
            en="{target}: answered {status} and asks us to come back in {seconds} s, longer than we may wait.",
            fr="{target} : a répondu {status} et demande de revenir dans {seconds} s, plus longtemps que permis.",
        ),
        Text(
            en="Run the same command again after {back}: it looks first, and uploads nothing twice.",
            fr="Relancez la même commande après {back} : elle regarde d'abord, et n'envoie rien deux fois.",
        ),
    ),
    "change-record-outcome-unknown": Entry(
        Text(
            en="{target}: {action} was sent, and the answer does not say what became of it: {detail}.",
            fr="{target} : {action} a été envoyé, et la réponse ne dit pas ce qu'il en est : {detail}.",
        ),
        Text(
            en="Run the same command again in some minutes: it looks first, and uploads only what is not there.",
            fr="Relancez la même commande dans quelques minutes : elle regarde d'abord, et n'envoie que ce qui manque.",
        ),
    ),
    "change-upload-not-seen": Entry(
        Text(
            en="{target}: {name} was sent, and is not among the attachments, or not with its content.",
            fr="{target} : {name} a été envoyé, et n'est pas parmi les pièces jointes, ou pas avec son contenu.",
        ),
        Text(
            en="Run the same command again in some minutes: it looks first. If it lasts, look whether a scanner holds files back.",
            fr="Relancez la même commande dans quelques minutes : elle regarde d'abord. Si cela dure, voyez si un antivirus retient les fichiers.",
        ),
    ),
    "change-too-many-comments": Entry(
        Text(
            en="{target}: the record has more than {most} comments, so it cannot be told whether ours is there.",
            fr="{target} : la demande a plus de {most} commentaires ; impossible de dire si le nôtre y est.",
        ),
    ),
    "change-not-noted": Entry(
        Text(
            en="The file is attached, but the comment could not be added: {detail}",
            fr="Le fichier est joint, mais le commentaire n'a pas pu être ajouté : {detail}",
        ),
    ),
    "change-not-labelled": Entry(
        Text(
            en="The file is attached, but its attributes (SHA-256, run) could not be written: {detail}",
            fr="Le fichier est joint, mais ses attributs (SHA-256, exécution) n'ont pas pu être écrits : {detail}",
        ),
    ),
    "change-no-folder": Entry(
        Text(en="{target}: there is no folder {path}.", fr="{target} : le dossier {path} n'existe pas."),
        Text(en="Make it, or correct the path.", fr="Créez-le, ou corrigez le chemin."),
    ),
    "change-name-taken": Entry(
        Text(
            en="{target}: {path} is there already and does not hold this file. It was not touched.",
            fr="{target} : {path} existe déjà et ne contient pas ce fichier. Il n'a pas été touché.",
        ),
        Text(
            en="Move it away, or choose another path.",
            fr="Déplacez-le, ou choisissez un autre chemin.",
        ),
    ),
    "change-file-refused": Entry(
        Text(
            en="{target}: {path} cannot be read or written: {detail}.",
            fr="{target} : {path} ne peut pas être lu ou écrit : {detail}.",
        ),
        Text(
            en="Check the rights of the folder and the space on the disk.",
            fr="Vérifiez les droits du dossier et la place sur le disque.",
        ),
    ),
    "change-not-in-parameters": Entry(
        Text(
            en="{what} needs parameters that say how the change system is reached: {missing} is missing in the section change.",
            fr="{what} demande des paramètres disant comment joindre le système de changement : {missing} manque dans la section change.",
        ),
        Text(
            en="Give a file with -p whose section change has system, address and credential; see docs/delivery.md.",
            fr="Donnez avec -p un fichier dont la section change a system, address et credential ; voir docs/delivery.md.",
        ),
    ),
    "attach-no-target": Entry(
        Text(
            en="{target} is nowhere a bundle can be brought to.",
            fr="{target} ne désigne pas un lieu où livrer un fichier scellé.",
        ),
        Text(
            en="Use one of: {known}, or parameters whose section change names a record.",
            fr="Utilisez : {known}, ou des paramètres dont la section change nomme une demande.",
        ),
    ),
    "attach-not-a-number": Entry(
        Text(
            en="{target} does not name a change record.",
            fr="{target} ne nomme pas une demande de changement.",
        ),
        Text(
            en="It looks like servicenow:CHG0030042 or jira:OPS-1234.",
            fr="Cela ressemble à servicenow:CHG0030042 ou jira:OPS-1234.",
        ),
    ),
    "attach-needs-parameters": Entry(
        Text(
            en="To reach {target}, its address and credential are needed.",
            fr="Pour atteindre {target}, il faut son adresse et son secret de connexion.",
        ),
        Text(
            en="Name the tenant's file with -p; its section change says both.",
            fr="Nommez le fichier du locataire avec -p ; sa section change donne les deux.",
        ),
    ),
    "attach-other-system": Entry(
        Text(
            en="{target} is not a record of the system in the parameters: {system}.",
            fr="{target} n'est pas une demande du système des paramètres : {system}.",
        ),
        Text(
            en="Correct the target, or name another file with -p.",
            fr="Corrigez la cible, ou nommez un autre fichier avec -p.",
        ),
    ),
    "attach-altered": Entry(
        Text(
            en="{path} is not the bundle that its name says: its content was changed. It was not sent.",
            fr="{path} n'est pas le fichier scellé que dit son nom : son contenu a changé. Il n'a pas été envoyé.",
        ),
        Text(
            en="Verify it with runbook verify, or seal the run again.",
            fr="Vérifiez-le avec runbook verify, ou scellez de nouveau l'exécution.",
        ),
    ),
    "attach-stopped": Entry(
        Text(
            en="It was stopped before the record was seen at its place.",
            fr="L'opération a été arrêtée avant que le dossier soit vu à sa place.",
        ),
    ),
    "attach-unforeseen": Entry(
        Text(
            en="Something happened that the kit does not foresee ({kind}, {place}).",
            fr="Il s'est produit quelque chose que le kit ne prévoit pas ({kind}, {place}).",
        ),
        Text(
            en="This is a defect of the kit: report it.",
            fr="C'est un défaut du kit : signalez-le.",
        ),
    ),
}
