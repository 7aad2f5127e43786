"""The words of the command line: help, headings and hints."""

from __future__ import annotations

from runbook_lib.texts.text import Text

COMMANDS: dict[str, Text] = {
    "runbook": Text(
        en="Documented steps as notebooks: planned, approved, applied and verified, with a record of each run.",
        fr="Des étapes documentées en notebooks : planifiées, approuvées, appliquées et vérifiées, avec un dossier par exécution.",
    ),
    "list": Text(
        en="Show the runbooks, their steps, what each reads and may change.",
        fr="Montrer les procédures, leurs étapes, ce que chacune lit et peut changer.",
    ),
    "check": Text(
        en="Check parameter files; print every problem with file, line and fix.",
        fr="Vérifier des fichiers de paramètres ; afficher chaque problème avec fichier, ligne et remède.",
    ),
    "plan": Text(
        en="Run a runbook in plan mode for each tenant: reads only, writes the plan.",
        fr="Exécuter une procédure en mode plan pour chaque locataire : lecture seule, écrit le plan.",
    ),
    "apply": Text(
        en="Apply an approved plan: reads again, and sends exactly that plan or nothing.",
        fr="Appliquer un plan approuvé : relit tout, et envoie exactement ce plan ou rien.",
    ),
    "resume": Text(
        en="Go on with a run that stopped: look first, then send only what is left of its approved plan.",
        fr="Reprendre une exécution arrêtée : relire d'abord, puis n'envoyer que ce qui reste de son plan approuvé.",
    ),
    "rollback": Text(
        en="Undo what a run changed, and only that: plans it first, then applies the approved plan.",
        fr="Annuler ce qu'une exécution a changé, et rien d'autre : planifie d'abord, puis applique le plan approuvé.",
    ),
    "lab": Text(
        en="Serve the built-in lab on this machine until Ctrl+C.",
        fr="Servir le laboratoire intégré sur cette machine jusqu'à Ctrl+C.",
    ),
    "demo": Text(
        en="Rehearse turning on, on the lab: plan, approve, apply and verify its two runbooks for three tenants.",
        fr="Répéter l'activation sur le laboratoire : plan, approbation, application et vérification de ses deux procédures, pour trois locataires.",
    ),
    "status": Text(
        en="Show where each tenant stands, from the records of the runs.",
        fr="Montrer où en est chaque locataire, d'après les dossiers des exécutions.",
    ),
    "advice": Text(
        en="Look up an event, an error code or a message: cause, what to do, and the runbook to open next. Offline.",
        fr="Chercher un événement, un code d'erreur ou un message : cause, que faire et procédure à ouvrir. Hors ligne.",
    ),
}

OPTIONS: dict[str, Text] = {
    "language": Text(en="language of what is printed: en or fr", fr="langue de l'affichage : en ou fr"),
    "json": Text(en="print one JSON document, for machines", fr="afficher un seul document JSON, pour les machines"),
    "files": Text(en="parameter files, one a tenant", fr="fichiers de paramètres, un par locataire"),
    "runbook": Text(en="name of the runbook, see: runbook list", fr="nom de la procédure, voir : runbook list"),
    "outputs": Text(en="folder for the records (default: outputs)", fr="dossier des exécutions (par défaut : outputs)"),
    "plan": Text(
        en="plan.json of the run whose plan you approve; once a tenant",
        fr="plan.json de l'exécution dont vous approuvez le plan ; un par locataire",
    ),
    "stopped": Text(
        en="folder of the run that stopped, see: runbook status",
        fr="dossier de l'exécution arrêtée, voir : runbook status",
    ),
    "approved": Text(
        en="digest of the plan you approve, for one tenant",
        fr="empreinte du plan que vous approuvez, pour un locataire",
    ),
    "run_dir": Text(
        en="folder of the run to undo: OUTPUTS/TENANT/RUN",
        fr="dossier de l'exécution à annuler : OUTPUTS/LOCATAIRE/RUN",
    ),
    "own-file": Text(
        en="parameter file to use instead of the parameters of that run",
        fr="fichier de paramètres à utiliser à la place de ceux de cette exécution",
    ),
    "undoing-plan": Text(
        en="plan.json of the planned rollback that you approve",
        fr="plan.json de l'annulation planifiée que vous approuvez",
    ),
    "attestation": Text(en="file of a signed-off attestation", fr="fichier d'une attestation signée"),
    "fault": Text(en="switch a trouble on: NAME or TENANT:NAME", fr="activer un incident : NOM ou LOCATAIRE:NOM"),
    "list-faults": Text(
        en="show the troubles the lab can make", fr="montrer les incidents que le laboratoire sait simuler"
    ),
    "port": Text(
        en="first port; the lab takes a few from there on",
        fr="premier port ; le laboratoire en prend quelques-uns à partir de là",
    ),
    "code": Text(
        en="number of an event, AADSTS code, SSPR_0029, HRESULT, or key of a message; all of them when left out",
        fr="numéro d'événement, code AADSTS, SSPR_0029, HRESULT ou clé de message ; tout si omis",
    ),
    "help": Text(en="show this help and end", fr="montrer cette aide et terminer"),
    "version": Text(en="show the version and end", fr="montrer la version et terminer"),
}

LINES: dict[str, Text] = {
    "example": Text(en="Example: {command}", fr="Exemple : {command}"),
    "usage": Text(en="usage:", fr="utilisation :"),
    "verbs": Text(en="verbs", fr="verbes"),
    "options": Text(en="options", fr="options"),
    "arguments": Text(en="arguments", fr="arguments"),
    "files-good": Text(en="{count} file(s) checked, no problem.", fr="{count} fichier(s) vérifié(s), aucun problème."),
    "begins": Text(en="{runbook}: {tenant} ({mode})", fr="{runbook} : {tenant} ({mode})"),
    "sign-in": Text(
        en="Sign in for {tenant}: open {page} and enter {code}",
        fr="Connexion pour {tenant} : ouvrez {page} et saisissez {code}",
    ),
    "sign-in-again": Text(
        en="Sign in again for {tenant}, the earlier sign-in has ended or was revoked: open {page} and enter {code}",
        fr="Reconnectez-vous pour {tenant}, la connexion précédente a pris fin ou a été révoquée : ouvrez {page} et "
        "saisissez {code}",
    ),
    "sign-in-lab": Text(
        en="Sign-in for {tenant}: the lab's administrator enters the device code.",
        fr="Connexion pour {tenant} : l'administrateur du laboratoire saisit le code.",
    ),
    "plan-digest": Text(en="Plan digest: {digest}", fr="Empreinte du plan : {digest}"),
    "approving": Text(en="{tenant}: the demo approves this plan.", fr="{tenant} : la démonstration approuve ce plan."),
    "record": Text(en="Record: {folder}", fr="Dossier : {folder}"),
    "approve-with": Text(en="To approve exactly this plan:", fr="Pour approuver exactement ce plan :"),
    "by-hand": Text(en="By hand, in the portal: {page}", fr="À la main, dans le portail : {page}"),
    "attest-with": Text(
        en="Then fill in an attestation (see parameters/attestations/example.yml) with plan {digest}, and:",
        fr="Puis remplissez une attestation (voir parameters/attestations/example.yml) avec le plan {digest}, et :",
    ),
    "rolls-back": Text(en="Undoes the run {run}, by {runbook}.", fr="Annule l'exécution {run}, avec {runbook}."),
    "next": Text(en="Next:", fr="Ensuite :"),
    "goes-on": Text(en="Going on with {run} ({runbook}).", fr="Reprise de {run} ({runbook})."),
    "resume-with": Text(
        en="To go on with this run, once what stopped it is settled:",
        fr="Pour reprendre cette exécution, une fois réglé ce qui l'a arrêtée :",
    ),
    "stopped": Text(
        en="{tenant}: this run stopped before its end. To go on with it:",
        fr="{tenant} : cette exécution s'est arrêtée avant la fin. Pour la reprendre :",
    ),
    "nothing-to-do": Text(en="Nothing is left to do.", fr="Il ne reste rien à faire."),
    "no-runs": Text(en="No runs in {folder} yet.", fr="Aucune exécution dans {folder} pour l'instant."),
    "lab-serves": Text(
        en="The lab serves on this machine only. Ctrl+C ends it.",
        fr="Le laboratoire ne sert que cette machine. Ctrl+C l'arrête.",
    ),
    "lab-files": Text(en="Ready parameter files:", fr="Fichiers de paramètres prêts :"),
    "lab-faults": Text(en="Troubles switched on: {faults}", fr="Incidents activés : {faults}"),
    "demo-begins": Text(
        en="LAB: everything here happens on this machine, on three made-up tenants.",
        fr="LABO : tout se passe sur cette machine, sur trois locataires fictifs.",
    ),
    "demo-approves": Text(
        en="The demo approves the plan itself. It can do that on the lab only; in real use a person reads and approves.",
        fr="La démonstration approuve elle-même le plan. Elle ne le peut que sur le laboratoire ; en vrai, une personne lit et approuve.",
    ),
    "demo-trouble": Text(
        en="tailspin has made-up trouble: it shows how the kit stops and what it advises.",
        fr="tailspin a des incidents fictifs : il montre comment le kit s'arrête et ce qu'il conseille.",
    ),
    "interrupted": Text(
        en="Interrupted. What was recorded so far is kept.", fr="Interrompu. Ce qui était enregistré est conservé."
    ),
    "not-run": Text(en="Not run: {tenants}.", fr="Non exécutés : {tenants}."),
    "torn": Text(en="damaged or unfinished record: {problem}", fr="dossier abîmé ou inachevé : {problem}"),
    "never-run": Text(en="–", fr="–"),
}
