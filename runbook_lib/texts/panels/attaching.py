"""What a person reads of the record's way to the change record."""

from __future__ import annotations

from runbook_lib.texts.text import Text

ATTACHING: dict[str, Text] = {
    "attached": Text(
        en="The record is attached to {target}: {name}. It was downloaded again and compared. SHA-256 {sha256}",
        fr="Le dossier est joint à {target} : {name}. Il a été téléchargé de nouveau et comparé. SHA-256 {sha256}",
    ),
    "was-there": Text(
        en="The record is attached to {target} already: {name}. It was downloaded and compared. SHA-256 {sha256}",
        fr="Le dossier est déjà joint à {target} : {name}. Il a été téléchargé et comparé. SHA-256 {sha256}",
    ),
    "sealed": Text(
        en="The run is sealed: {name}. SHA-256 {sha256}", fr="L'exécution est scellée : {name}. SHA-256 {sha256}"
    ),
    "not-sealed": Text(
        en="The run is not sealed. What it did stands, and its result is unchanged.",
        fr="L'exécution n'est pas scellée. Ce qu'elle a fait reste acquis, et son résultat est inchangé.",
    ),
    "seal-later": Text(en="To seal it later:", fr="Pour la sceller plus tard :"),
    "receipt": Text(en="Signed receipt: {file}", fr="Reçu signé : {file}"),
    "not-attached": Text(
        en="The record is not attached to {target}. What the run did stands, and its result is unchanged.",
        fr="Le dossier n'est pas joint à {target}. Ce que l'exécution a fait reste acquis, et son résultat est inchangé.",
    ),
    "attach-later": Text(en="To attach it later:", fr="Pour le joindre plus tard :"),
}
