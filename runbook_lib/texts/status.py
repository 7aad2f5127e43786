"""The words of the page over all tenants."""

from __future__ import annotations

from runbook_lib.texts.text import Text

STATUS: dict[str, Text] = {
    "title": Text(en="Where the tenants stand", fr="Où en sont les locataires"),
    "drawn": Text(
        en="Drawn from the records in {folder} as they were on {at}, by version {version} of the kit.",
        fr="Dessiné d'après les dossiers de {folder} tels qu'ils étaient le {at}, par la version {version} de l'outil.",
    ),
    "lab": Text(
        en="{count} {count:tenant|tenants} of the built-in lab: made up, no real tenant.",
        fr="{count} {count:locataire|locataires} du laboratoire intégré : fictifs, aucun vrai locataire.",
    ),
    "live": Text(en="{count} real {count:tenant|tenants}.", fr="{count} {count:vrai locataire|vrais locataires}."),
    "fleet": Text(
        en="{tenants} {tenants:tenant|tenants}, {runs} {runs:run|runs}",
        fr="{tenants} {tenants:locataire|locataires}, {runs} {runs:exécution|exécutions}",
    ),
    "empty": Text(en="There are no runs here yet.", fr="Il n'y a encore aucune exécution ici."),
    "act": Text(en="Calls for action", fr="À traiter"),
    "wait": Text(en="Waits for a person or an approval", fr="En attente d'une personne ou d'une approbation"),
    "fine": Text(en="In order", fr="Conforme"),
    "age-day": Text(en="up to 1 day", fr="jusqu'à 1 jour"),
    "age-week": Text(en="up to 7 days", fr="jusqu'à 7 jours"),
    "age-month": Text(en="up to 30 days", fr="jusqu'à 30 jours"),
    "age-older": Text(en="older", fr="plus ancienne"),
    "age-none": Text(en="no date that can be read", fr="sans date lisible"),
    "age-future": Text(en="in the future", fr="dans le futur"),
    "ages": Text(en="Newest evidence of a tenant", fr="Preuve la plus récente d'un locataire"),
    "sound": Text(
        en="Every record can be read, and the chain of its journal holds.",
        fr="Chaque dossier se lit, et la chaîne de son journal tient.",
    ),
    "damaged-count": Text(
        en="{count} {count:record is|records are} damaged.",
        fr="{count} {count:dossier est abîmé|dossiers sont abîmés}.",
    ),
    "stopped-count": Text(
        en="{count} {count:run|runs} stopped before the end.",
        fr="{count} {count:exécution s'est arrêtée|exécutions se sont arrêtées} avant la fin.",
    ),
    "future-count": Text(
        en="{count} {count:record is|records are} dated in the future: a clock was wrong, so the age is not known.",
        fr="{count} {count:dossier est daté|dossiers sont datés} du futur : une horloge était fausse, l'âge est donc inconnu.",
    ),
    "broken-count": Text(
        en="{count} {count:bundle is|bundles are} broken.",
        fr="{count} {count:dossier scellé est brisé|dossiers scellés sont brisés}.",
    ),
    "untrusted-count": Text(
        en="{count} {count:bundle is|bundles are} signed by a key that the roster does not hold for sealing.",
        fr="{count} {count:dossier scellé est signé|dossiers scellés sont signés} par une clé que le registre ne reconnaît pas pour sceller.",
    ),
    "unsealed-count": Text(
        en="{count} of {total} finished {total:run|runs} without a seal that holds.",
        fr="{count} {count:exécution terminée|exécutions terminées} sur {total} sans scellé valable.",
    ),
    "no-runbook-count": Text(
        en="{count} {count:record tells|records tell} of no runbook that this version has.",
        fr="{count} {count:dossier ne parle|dossiers ne parlent} d'aucune procédure de cette version.",
    ),
    "stopped": Text(en="Runs that stopped", fr="Exécutions arrêtées"),
    "go-on": Text(en="To go on with it", fr="Pour la reprendre"),
    "damaged": Text(en="Damaged records", fr="Dossiers abîmés"),
    "problem": Text(en="What is wrong", fr="Ce qui ne va pas"),
    "future": Text(en="Records from the future", fr="Dossiers datés du futur"),
    "dated": Text(en="Last entry", fr="Dernière entrée"),
    "tenants": Text(en="Tenants", fr="Locataires"),
    "stands-out": Text(en="What stands out", fr="Ce qui ressort"),
    "evidence": Text(en="Newest evidence", fr="Preuve la plus récente"),
    "evidence-of-run": Text(en="Evidence", fr="Preuve"),
    "runs": Text(en="Runs", fr="Exécutions"),
    "unsealed": Text(en="no seal", fr="sans scellé"),
    "seal": Text(en="Seal", fr="Scellé"),
    "seal-none": Text(en="none", fr="aucun"),
    "seal-verified": Text(en="verified", fr="vérifié"),
    "seal-sealed": Text(en="sealed", fr="scellé"),
    "seal-outdated": Text(en="outdated", fr="dépassé"),
    "seal-untrusted": Text(en="not trusted", fr="non reconnu"),
    "seal-broken": Text(en="broken", fr="brisé"),
    "seals-mean": Text(
        en="Verified: a bundle beside the record is whole, holds the record as it is, and is signed by a key of the roster. Sealed: the same, "
        "but without a roster nobody can say who signed. Outdated: the record is not what was sealed any more. Not trusted: signed by a "
        "key that the roster does not hold for sealing. Broken: the bundle is not what was sealed. What else a bundle proves, runbook verify tells.",
        fr="Vérifié : le dossier scellé à côté est entier, contient le dossier tel qu'il est, et une clé du registre l'a signé. Scellé : de "
        "même, mais sans registre nul ne peut dire qui a signé. Dépassé : le dossier n'est plus ce qui a été scellé. Non reconnu : signé "
        "par une clé que le registre ne reconnaît pas pour sceller. Brisé : le dossier scellé n'est plus ce qu'il était. Ce qu'il prouve "
        "d'autre, runbook verify le dit.",
    ),
    "receipts": Text(en="{count} {count:receipt|receipts}", fr="{count} {count:reçu|reçus}"),
    "links": Text(en="Open", fr="Ouvrir"),
    "link-report": Text(en="report", fr="rapport"),
    "link-notebook": Text(en="notebook", fr="notebook"),
    "link-bundle": Text(en="bundle", fr="dossier scellé"),
    "pill-stopped": Text(en="Stopped", fr="Arrêtée"),
    "pill-damaged": Text(en="Damaged", fr="Abîmé"),
    "pill-future": Text(en="From the future", fr="Daté du futur"),
    "pill-going-on": Text(en="Going on", fr="En cours"),
    "pill-no-runbook": Text(en="Tells of no runbook", fr="Sans procédure connue"),
    "group": Text(en="{name} ({count})", fr="{name} ({count})"),
    "levels": Text(en="Levels over time", fr="Niveaux au fil du temps"),
    "level-none": Text(en="off", fr="désactivé"),
    "level-unknown": Text(en="not known", fr="inconnu"),
    "chart-title": Text(
        en="How many tenants had which level, {first} to {last}",
        fr="Nombre de locataires par niveau, du {first} au {last}",
    ),
    "chart-now": Text(
        en="How many tenants have which level, on {last}", fr="Nombre de locataires par niveau, le {last}"
    ),
    "chart-says": Text(
        en="Each bar is a moment and counts the tenants with a record by then. The last one: {now}. The table below has all numbers.",
        fr="Chaque barre est un moment et compte les locataires ayant alors un dossier. La dernière : {now}. Le tableau ci-dessous a "
        "tous les nombres.",
    ),
    "chart-part": Text(en="{count} × {level}", fr="{count} × {level}"),
    "chart-leaves-out": Text(
        en="Records from the future are not counted here.", fr="Les dossiers datés du futur ne sont pas comptés ici."
    ),
    "day": Text(en="End of the day", fr="Fin de journée"),
    "week": Text(en="End of the week", fr="Fin de semaine"),
    "month": Text(en="End of the month", fr="Fin du mois"),
    "quarter": Text(en="End of the quarter", fr="Fin du trimestre"),
    "year": Text(en="End of the year", fr="Fin de l'année"),
    "steps": Text(
        en="Steps by runbook, newest run of each tenant",
        fr="Étapes par procédure, dernière exécution de chaque locataire",
    ),
    "signs": Text(en="Signs", fr="Signes"),
    "not-looked": Text(en="This run had no such step", fr="Cette exécution n'avait pas cette étape"),
}
