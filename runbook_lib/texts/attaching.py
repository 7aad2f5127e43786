"""What the command line says of delivering a sealed bundle."""

from __future__ import annotations

from runbook_lib.texts.text import Text

OPTIONS: dict[str, Text] = {
    "bundle-to-attach": Text(
        en="bundle to deliver, see: runbook seal", fr="fichier scellé à livrer, voir : runbook seal"
    ),
    "target": Text(
        en="servicenow:CHG0030001, jira:OPS-1, folder:PATH or eml:PATH (default: the change record of the parameters)",
        fr="servicenow:CHG0030001, jira:OPS-1, folder:CHEMIN ou eml:CHEMIN (par défaut : la demande des paramètres)",
    ),
    "change-file": Text(
        en="the tenant's parameter file: its section change says how the change system is reached",
        fr="fichier de paramètres du locataire : sa section change dit comment joindre le système de changement",
    ),
    "receipt-key": Text(
        en="key that signs the receipt (default: this user's own); may be repeated",
        fr="clé qui signe le reçu (par défaut : la vôtre) ; peut être répété",
    ),
}

LINES: dict[str, Text] = {
    "attach-done": Text(
        en="Attached to {target}: {name}, downloaded again and compared, SHA-256 {sha256}",
        fr="Joint à {target} : {name}, téléchargé de nouveau et comparé, SHA-256 {sha256}",
    ),
    "attach-was-there": Text(
        en="Already at {target}: {name}, downloaded and compared, SHA-256 {sha256}. Nothing was sent.",
        fr="Déjà à {target} : {name}, téléchargé et comparé, SHA-256 {sha256}. Rien n'a été envoyé.",
    ),
    "attach-others": Text(
        en="Other files of that name are there, and are not this one or are a second copy: {ids}",
        fr="D'autres fichiers de ce nom s'y trouvent, différents ou en double : {ids}",
    ),
    "attach-receipt": Text(en="Receipt, signed: {path}", fr="Reçu signé : {path}"),
}
