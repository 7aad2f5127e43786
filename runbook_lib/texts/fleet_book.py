"""The words of the notebook over many tenants: its cells, its parameters, its picture and its tables."""

from __future__ import annotations

from runbook_lib.texts.text import Text

FLEET_PARAMETER_HELP: dict[str, Text] = {
    "language": Text(en="en or fr", fr="en ou fr"),
    "fleet": Text(
        en="a fleet's file, or a folder of tenants' files; empty: the tenants of the built-in lab",
        fr="le fichier d'une flotte, ou un dossier de fichiers de locataires ; vide : les locataires du laboratoire intégré",
    ),
    "runbook": Text(
        en="the runbook to plan, as runbook list names it", fr="la procédure à planifier, nommée comme runbook list"
    ),
    "limit": Text(
        en='only these: ["contoso", "eu-*", "tag:pilot", "@failed"]; empty: all',
        fr='seulement ceux-ci : ["contoso", "eu-*", "tag:pilot", "@failed"] ; vide : tous',
    ),
    "exclude": Text(en="all but these, named in the same way", fr="tous sauf ceux-ci, désignés de la même façon"),
    "jobs": Text(
        en="how many tenants at once; None: as the fleet's file says, else 1",
        fr="combien de locataires à la fois ; None : comme le dit le fichier de la flotte, sinon 1",
    ),
    "max_failures": Text(
        en='how many may fail before no further one is begun: "3" or "5%"; empty: as the fleet\'s file says, else any',
        fr='combien peuvent échouer avant que plus aucun ne soit commencé : "3" ou "5%" ; vide : selon le fichier de la flotte, sinon tous',
    ),
    "scheduler": Text(
        en="address of a Dask scheduler whose workers run the tenants; empty: this machine",
        fr="adresse d'un ordonnanceur Dask dont les workers exécutent les locataires ; vide : cette machine",
    ),
    "outputs": Text(
        en="folder of the records, or address of a storage; empty: the usual one",
        fr="dossier des enregistrements, ou adresse d'un stockage ; vide : celui par défaut",
    ),
    "live_tenants": Text(
        en="how many real tenants you mean to look at; the number confirms it",
        fr="combien de vrais locataires vous voulez lire ; le nombre le confirme",
    ),
}

FLEET_NOTEBOOK_TEXT: dict[str, Text] = {
    "title": Text(
        en="# A fleet: many tenants in one notebook\n\nChoose tenants, plan for all of them, review what would change and what stops whom, and see "
        "where each stands.\n\n- **Run All plans and changes nothing.** What is planned is applied by a command that the notebook shows.\n"
        "- **Interrupt the kernel (■)** to stop: those that run come to their end, no other is begun. Once more stops them at once.\n"
        "- Each tenant has a run and a record of its own, as with `runbook plan`.",
        fr="# Une flotte : de nombreux locataires dans un notebook\n\nChoisir des locataires, planifier pour tous, revoir ce qui changerait et ce "
        "qui arrête qui, et voir où en est chacun.\n\n- **Tout exécuter planifie et ne change rien.** Ce qui est planifié s'applique par "
        "une commande que le notebook montre.\n- **Interrompre le noyau (■)** pour arrêter : ceux en cours vont à leur terme, aucun autre "
        "n'est commencé. Une seconde fois les arrête aussitôt.\n- Chaque locataire a son exécution et son dossier, comme avec "
        "`runbook plan`.",
    ),
    "parameters": Text(
        en="## Parameters\nAs they stand, these lead to the tenants of the built-in lab. papermill replaces them: `-p fleet FILE`.",
        fr="## Paramètres\nTels quels, ils mènent aux locataires du laboratoire intégré. papermill les remplace : `-p fleet FICHIER`.",
    ),
    "choose": Text(
        en="## Choose\nChecks every file before anything is run. A problem is told with its file and line, and stops here.",
        fr="## Choisir\nVérifie chaque fichier avant d'exécuter quoi que ce soit. Un problème est dit avec son fichier et sa ligne, et arrête ici.",
    ),
    "plan": Text(
        en="## Plan\nLooks at every tenant and plans. Nothing is changed. The picture fills as steps end.",
        fr="## Planifier\nRegarde chaque locataire et planifie. Rien n'est changé. L'image se remplit à mesure que les étapes se terminent.",
    ),
    "outcomes": Text(
        en="## Review\n### How the tenants ended\n`book.runs()` has a row a tenant, with its record and the digest of its plan.",
        fr="## Revoir\n### Comment les locataires ont terminé\n`book.runs()` a une ligne par locataire, avec son dossier et l'empreinte de son plan.",
    ),
    "changes": Text(
        en="### What would change, once approved\nTenants with the same changes are one row.",
        fr="### Ce qui changerait, une fois approuvé\nLes locataires aux mêmes changements forment une ligne.",
    ),
    "findings": Text(en="### What stops whom, and what to do", fr="### Ce qui arrête qui, et que faire"),
    "approve": Text(
        en="### Apply\nApplying a plan approves it, so it is not done here: read the plans, then type the command in a terminal. It looks again "
        "first, and sends exactly these plans or nothing.",
        fr="### Appliquer\nAppliquer un plan l'approuve, donc cela ne se fait pas ici : lisez les plans, puis tapez la commande dans un terminal. "
        "Elle relit d'abord, et envoie exactement ces plans ou rien.",
    ),
    "standings": Text(
        en="## After\n### Where every tenant stands\nFrom the records. Run these cells again at any time, also after applying.",
        fr="## Après\n### Où en est chaque locataire\nD'après les dossiers. Exécutez de nouveau ces cellules à tout moment, aussi après "
        "l'application.",
    ),
    "worklist": Text(en="### Who needs a person", fr="### Qui a besoin d'une personne"),
    "finish": Text(
        en="## Finish\nStops when a tenant failed, is blocked, was not run, or is of unknown outcome, so that automation notices.",
        fr="## Terminer\nS'arrête si un locataire a échoué, est bloqué, n'a pas été exécuté ou si son issue est inconnue, pour que l'automatisation le voie.",
    ),
}

# How a tenant ended.
FLEET_OUTCOMES: dict[str, Text] = {
    "waiting": Text(en="Not begun", fr="Pas commencé"),
    "going-on": Text(en="Going on", fr="En cours"),
    "in-order": Text(en="Nothing to change", fr="Rien à changer"),
    "to-approve": Text(en="To approve", fr="À approuver"),
    "person": Text(en="Needs a person", fr="Une personne est requise"),
    "blocked": Text(en="Blocked", fr="Bloqué"),
    "failed": Text(en="Failed", fr="Échec"),
    "not-opened": Text(en="Could not be opened", fr="N'a pas pu être ouvert"),
    "unknown": Text(en="Unknown", fr="Inconnu"),
    "stopped": Text(en="Stopped", fr="Arrêté"),
}

FLEET_BOOK: dict[str, Text] = {
    "fleet": Text(en="{count} {count:tenant|tenants}", fr="{count} {count:locataire|locataires}"),
    "of-the-lab": Text(
        en="{count} of the built-in lab: made up, nothing real is touched.",
        fr="{count} du laboratoire intégré : fictifs, rien de réel n'est touché.",
    ),
    "of-the-world": Text(
        en="{count} real: they are only looked at, once you confirmed the number.",
        fr="{count} réels : ils ne sont que lus, une fois le nombre confirmé.",
    ),
    "at-once": Text(en="{count} at once", fr="{count} à la fois"),
    "records-in": Text(en="Records in {folder}", fr="Dossiers dans {folder}"),
    "same-as": Text(en="The same on the command line", fr="Le même en ligne de commande"),
    "done": Text(
        en="{ended} of {total} {total:tenant|tenants} planned",
        fr="{ended} sur {total} {total:locataire planifié|locataires planifiés}",
    ),
    "under-way": Text(en="{count} going on", fr="{count} en cours"),
    "rate": Text(en="{rate} a minute", fr="{rate} par minute"),
    "left": Text(en="about {time} left", fr="encore {time} environ"),
    "took": Text(en="in {time}", fr="en {time}"),
    "steps-and-tenants": Text(
        en="Each bar: all tenants in order, from left to right",
        fr="Chaque barre : tous les locataires dans l'ordre, de gauche à droite",
    ),
    "no-state": Text(en="not yet", fr="pas encore"),
    "stopping": Text(
        en="Stopping: no further tenant is begun, and those that run come to their end. Interrupt again to stop them at once.",
        fr="Arrêt : aucun autre locataire n'est commencé, et ceux en cours vont à leur terme. Interrompez de nouveau pour les arrêter aussitôt.",
    ),
    "read-only": Text(en="Read only: nothing was changed.", fr="Lecture seule : rien n'a été changé."),
    "sign-in": Text(
        en="{tenant}: sign in at {page} with the code {code}, until {until}.",
        fr="{tenant} : connectez-vous sur {page} avec le code {code}, jusqu'à {until}.",
    ),
    "sign-in-browser": Text(
        en="{tenant}: sign in in the browser that was opened, until {until}.",
        fr="{tenant} : connectez-vous dans le navigateur ouvert, jusqu'à {until}.",
    ),
    "and-more": Text(en="and {count} more", fr="et {count} autres"),
    "more-rows": Text(
        en="{count} more {count:row|rows}. What the cell returns is a pandas table: filter and sort it, or write it to a file.",
        fr="{count} {count:autre ligne|autres lignes}. La cellule renvoie une table pandas : filtrez-la, triez-la, ou écrivez-la dans un fichier.",
    ),
    "with-warnings": Text(
        en="{count} of them with warnings, see below", fr="dont {count} avec des avertissements, voir ci-dessous"
    ),
    "nobody": Text(en="Nobody.", fr="Personne."),
    "nothing": Text(en="Nothing.", fr="Rien."),
    "no-approval": Text(en="No plan waits for an approval.", fr="Aucun plan n'attend d'approbation."),
    "approve-these": Text(
        en="{count} {count:plan waits|plans wait} for an approval. To approve exactly {count:it|them}, type this in the project's folder:",
        fr="{count} {count:plan attend|plans attendent} une approbation. Pour {count:l'approuver|les approuver} exactement, tapez ceci dans "
        "le dossier du projet :",
    ),
    "sign-first": Text(
        en="Their parameters name a roster: people sign the plans first (docs/approvals.md).",
        fr="Leurs paramètres nomment un registre : des personnes signent d'abord les plans (docs/approvals.md).",
    ),
    "commands": Text(en="{count} {count:command|commands}", fr="{count} {count:commande|commandes}"),
    "col-tenant": Text(en="Tenant", fr="Locataire"),
    "col-profile": Text(en="Profile", fr="Profil"),
    "col-tags": Text(en="Tags", fr="Étiquettes"),
    "col-file": Text(en="File", fr="Fichier"),
    "col-problems": Text(en="Problems", fr="Problèmes"),
    "col-outcome": Text(en="Outcome", fr="Issue"),
    "col-changes": Text(en="Changes", fr="Changements"),
    "col-stands_out": Text(en="What stands out", fr="Ce qui ressort"),
    "col-digest": Text(en="Plan digest", fr="Empreinte du plan"),
    "col-run": Text(en="Record", fr="Dossier"),
    "col-count": Text(en="Tenants", fr="Locataires"),
    "col-tenants": Text(en="Who", fr="Qui"),
    "col-level": Text(en="Level", fr="Niveau"),
    "col-severity": Text(en="Weight", fr="Gravité"),
    "col-step": Text(en="Step", fr="Étape"),
    "col-finding": Text(en="What was found", fr="Ce qui a été trouvé"),
    "col-advice": Text(en="What to do", fr="Que faire"),
    "col-attention": Text(en="Asks for", fr="Demande"),
    "col-worst": Text(en="State", fr="État"),
    "col-last": Text(en="Newest evidence", fr="Preuve la plus récente"),
    "col-runs": Text(en="Runs", fr="Exécutions"),
    "col-steps": Text(en="Steps", fr="Étapes"),
    "col-page": Text(en="Page", fr="Page"),
    "col-command": Text(en="Next command", fr="Commande suivante"),
    "open": Text(en="open", fr="ouvrir"),
}
