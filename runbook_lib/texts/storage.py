"""What the command line says of records on shared storage."""

from __future__ import annotations

from runbook_lib.texts.text import Text

COMMANDS: dict[str, Text] = {
    "fetch": Text(
        en="Bring records from a shared storage to the outputs of this machine, also what a killed run left there.",
        fr="Rapporter des dossiers d'un stockage partagé dans les sorties de cette machine, même ce qu'y a laissé une exécution tuée.",
    ),
}

OPTIONS: dict[str, Text] = {
    "outputs-or-url": Text(
        en="folder for the records (default: outputs), or the address of a shared storage that keeps them, too: abfs://, s3://, file://",
        fr="dossier des exécutions (par défaut : outputs), ou adresse d'un stockage partagé qui les garde aussi : abfs://, s3://, file://",
    ),
    "storage": Text(
        en="address of the storage, as --outputs was given it", fr="adresse du stockage, telle que donnée à --outputs"
    ),
    "fetched": Text(
        en="TENANT or TENANT/RUN (default: all, and the records of batches)",
        fr="LOCATAIRE ou LOCATAIRE/EXÉCUTION (par défaut : tout, et les dossiers des lots)",
    ),
    "fetched-to": Text(
        en="folder to bring them to (default: outputs)", fr="dossier où les rapporter (par défaut : outputs)"
    ),
    "unlock": Text(
        en="let others apply to the tenant that this one run holds; the run can never go on then, and it is recorded who did it",
        fr="laisser d'autres appliquer au locataire que cette seule exécution retient ; elle ne peut plus reprendre, et l'auteur est enregistré",
    ),
}

LINES: dict[str, Text] = {
    "fetch-done": Text(en="{run}: brought to {folder}", fr="{run} : rapportée dans {folder}"),
    "fetch-ahead": Text(
        en="{run}: the record in {folder} has more than the storage; it is left as it is",
        fr="{run} : le dossier de {folder} en a plus que le stockage ; il est laissé tel quel",
    ),
    "fetch-nothing": Text(en="There are no records on {url}.", fr="Il n'y a aucun dossier sur {url}."),
    "fetch-held": Text(
        en="{tenant} is held by {run}, of {account} on {host} (process {process}), since {since}.",
        fr="{tenant} est retenu par {run}, de {account} sur {host} (processus {process}), depuis {since}.",
    ),
    "unlocked": Text(
        en="{run} holds its tenant no more: others may apply to it.",
        fr="{run} ne retient plus son locataire : d'autres peuvent y appliquer.",
    ),
}
