"""The words of a report: what the record says of itself."""

from __future__ import annotations

from runbook_lib.texts.text import Text

REPORT: dict[str, Text] = {
    "overview": Text(en="All steps", fr="Toutes les étapes"),
    "record": Text(en="The record", fr="Le dossier"),
    "folder": Text(en="Folder", fr="Emplacement"),
    "version": Text(en="Version of the kit", fr="Version de l'outil"),
    "begun": Text(en="Begun", fr="Début"),
    "last": Text(en="Last entry", fr="Dernière entrée"),
    "end": Text(en="End", fr="Fin"),
    "ended": Text(en="The run came to its end.", fr="L'exécution est arrivée à sa fin."),
    "not-ended": Text(
        en="The run did not come to its end: it was interrupted, or is still going on.",
        fr="L'exécution n'est pas arrivée à sa fin : elle a été interrompue, ou elle est encore en cours.",
    ),
    "attempts": Text(en="Attempts", fr="Tentatives"),
    "approved": Text(en="Plan approved", fr="Plan approuvé"),
    "by": Text(en="by {by} ({how}), {at}", fr="par {by} ({how}), {at}"),
    "signed": Text(en="Approval signed", fr="Approbation signée"),
    "signed-by": Text(en="by {by}, {at}, with the key {key}", fr="par {by}, {at}, avec la clé {key}"),
    "attestation": Text(en="File of the attestation", fr="Fichier de l'attestation"),
    "clock": Text(en="Clock", fr="Horloge"),
    "clock-meaning": Text(
        en="set back during the record, before {count:line|lines} {lines}: the numbers of the lines say the order, the times do not",
        fr="reculée pendant l'enregistrement, avant {count:la ligne|les lignes} {lines} : l'ordre est celui des numéros de ligne, pas des heures",
    ),
    "torn": Text(en="Unfinished line", fr="Ligne inachevée"),
    "torn-meaning": Text(
        en="Half a line stands at the end of the journal, as after a crash. It counts for nothing.",
        fr="Une moitié de ligne se trouve à la fin du journal, comme après une panne. Elle ne compte pas.",
    ),
    "journal": Text(en="Last line of the journal", fr="Dernière ligne du journal"),
}
