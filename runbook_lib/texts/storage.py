"""What the command line says of records on shared storage."""

from __future__ import annotations

from runbook_lib.texts.text import Text

COMMANDS: dict[str, Text] = {}

OPTIONS: dict[str, Text] = {
    "outputs-or-url": Text(
        en="folder for the records (default: outputs), or the address of a shared storage that keeps them, too: abfs://, s3://, file://",
        fr="dossier des exécutions (par défaut : outputs), ou adresse d'un stockage partagé qui les garde aussi : abfs://, s3://, file://",
    ),
}

LINES: dict[str, Text] = {}
