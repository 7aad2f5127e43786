"""The words of the command line: help, headings and hints."""

from __future__ import annotations

from runbook_lib.texts import approving, attaching, storage
from runbook_lib.texts.fleet import FLEET_LINES, FLEET_OPTIONS
from runbook_lib.texts.text import Text

COMMANDS: dict[str, Text] = {
    **approving.COMMANDS,
    **storage.COMMANDS,
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
    "report": Text(
        en="Draw a run from its journal as one page that stands alone, HTML or PDF, in either language.",
        fr="Dessiner une exécution d'après son journal en une page autonome, HTML ou PDF, dans l'une ou l'autre langue.",
    ),
    "seal": Text(
        en="Seal runs: record, pages and a signed statement about them, in one zip file a run that nobody can change unnoticed.",
        fr="Sceller des exécutions : dossier, pages et déclaration signée, en un fichier zip par exécution que nul ne modifie sans que cela se voie.",
    ),
    "verify": Text(
        en="Verify sealed runs, offline: what is proven and by whom, what is not, what is broken.",
        fr="Vérifier des exécutions scellées, hors ligne : ce qui est prouvé et par qui, ce qui ne l'est pas, ce qui est altéré.",
    ),
    "lab": Text(
        en="Serve the built-in lab on this machine until Ctrl+C.",
        fr="Servir le laboratoire intégré sur cette machine jusqu'à Ctrl+C.",
    ),
    "notebook": Text(
        en="Open the notebooks in JupyterLab, on this machine only, until Ctrl+C. For rehearsing: lab --notebook.",
        fr="Ouvrir les notebooks dans JupyterLab, sur cette machine seulement, jusqu'à Ctrl+C. Pour répéter : lab --notebook.",
    ),
    "demo": Text(
        en="Rehearse turning on, on the lab: plan, approve, apply and verify its two runbooks for three tenants.",
        fr="Répéter l'activation sur le laboratoire : plan, approbation, application et vérification de ses deux procédures, pour trois locataires.",
    ),
    "status": Text(
        en="Show where each tenant stands, from the records of the runs.",
        fr="Montrer où en est chaque locataire, d'après les dossiers des exécutions.",
    ),
    "attach": Text(
        en="Bring a sealed bundle to a change record, a folder or a mail, unless it is there; keep a signed receipt beside it.",
        fr="Livrer un fichier scellé à une demande de changement, un dossier ou un courriel, s'il n'y est pas ; garder à côté un reçu signé.",
    ),
    "advice": Text(
        en="Look up an event, an error code or a message: cause, what to do, and the runbook to open next. Offline.",
        fr="Chercher un événement, un code d'erreur ou un message : cause, que faire et procédure à ouvrir. Hors ligne.",
    ),
}

OPTIONS: dict[str, Text] = {
    **attaching.OPTIONS,
    **approving.OPTIONS,
    "language": Text(en="language of what is printed: en or fr", fr="langue de l'affichage : en ou fr"),
    "json": Text(en="print one JSON document, for machines", fr="afficher un seul document JSON, pour les machines"),
    "files": Text(en="parameter files, one a tenant", fr="fichiers de paramètres, un par locataire"),
    "runbook": Text(en="name of the runbook, see: runbook list", fr="nom de la procédure, voir : runbook list"),
    "outputs": Text(en="folder for the records (default: outputs)", fr="dossier des exécutions (par défaut : outputs)"),
    **FLEET_OPTIONS,
    **storage.OPTIONS,
    "plan": Text(
        en="plan.json of the run whose plan you approve, once a tenant; or the plan of a fleet",
        fr="plan.json de l'exécution dont vous approuvez le plan, un par locataire ; ou le plan d'une flotte",
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
    "recorded": Text(
        en="folder of the run to report: OUTPUTS/TENANT/RUN",
        fr="dossier de l'exécution à rapporter : OUTPUTS/LOCATAIRE/EXÉCUTION",
    ),
    "to": Text(
        en="file to write, .html or .pdf (default: report.LANGUAGE.html in the folder of the run)",
        fr="fichier à écrire, .html ou .pdf (par défaut : report.LANGUE.html dans le dossier de l'exécution)",
    ),
    "html": Text(
        en="write one page over all tenants, which opens without a network",
        fr="écrire une page sur tous les locataires, qui s'ouvre sans réseau",
    ),
    "csv": Text(en="write a table with one row a run", fr="écrire un tableau avec une ligne par exécution"),
    "parquet": Text(
        en="write the same table as Parquet, with its types", fr="écrire le même tableau en Parquet, avec ses types"
    ),
    "limit": Text(
        en="show at most N tenants of each runbook, the worst (default: all)",
        fr="montrer au plus N locataires par procédure, les plus mal en point (par défaut : tous)",
    ),
    "sealed": Text(
        en="folder of a run to seal: OUTPUTS/TENANT/RUN",
        fr="dossier d'une exécution à sceller : OUTPUTS/LOCATAIRE/EXÉCUTION",
    ),
    "rollup": Text(
        en="record of a batch (outputs/_batches): seal all its runs, and a roll-up that names every tenant that was planned",
        fr="dossier d'un lot (outputs/_batches) : sceller toutes ses exécutions, et un récapitulatif nommant chaque locataire prévu",
    ),
    "sealing-key": Text(
        en="who signs: file:PATH, hsm:… or azurekms://…; several sign together (default: your own key, made on first use)",
        fr="qui signe : file:CHEMIN, hsm:… ou azurekms://… ; plusieurs signent ensemble (par défaut : votre clé, créée au premier usage)",
    ),
    "time-stamp": Text(
        en="address of a time stamp authority (RFC 3161) to be asked when the seal was made",
        fr="adresse d'une autorité d'horodatage (RFC 3161) qui atteste le moment du scellement",
    ),
    "pdf": Text(
        en="add the reports as PDF, printed by a browser of this machine",
        fr="ajouter les rapports en PDF, imprimés par un navigateur de cette machine",
    ),
    "sealed-to": Text(
        en="folder for the bundles (default: beside the folder of each run)",
        fr="répertoire des fichiers scellés (par défaut : à côté du dossier de chaque exécution)",
    ),
    "bundles": Text(
        en="zip file that runbook seal wrote, or the folder it was unpacked in",
        fr="fichier zip écrit par runbook seal, ou répertoire où il a été extrait",
    ),
    "roster": Text(
        en="roster of the keys you believe: without it nobody can say who sealed",
        fr="registre des clés auxquelles vous croyez : sans lui, nul ne peut dire qui a scellé",
    ),
    "time-stamp-roots": Text(
        en="PEM file with the certificates of the time stamp authorities you trust",
        fr="fichier PEM des certificats des autorités d'horodatage auxquelles vous faites confiance",
    ),
    "expected-plan": Text(
        en="digest of the plan that it must be about", fr="empreinte du plan sur lequel il doit porter"
    ),
    "expected-change": Text(
        en="number of the change that it must be about", fr="numéro du changement sur lequel il doit porter"
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
    "tenants": Text(
        en="serve so many made-up tenants instead, with the usual mix of troubles",
        fr="servir à la place autant de locataires fictifs, avec leur lot habituel d'incidents",
    ),
    "seed": Text(
        en="which made-up tenants: the same number gives the same ones (default: 1)",
        fr="quels locataires fictifs : le même nombre donne les mêmes (par défaut : 1)",
    ),
    "port": Text(
        en="first port; the lab takes a few from there on",
        fr="premier port ; le laboratoire en prend quelques-uns à partir de là",
    ),
    "notebook": Text(
        en="open the notebooks in JupyterLab as well; a lab that runs already is used",
        fr="ouvrir aussi les notebooks dans JupyterLab ; un laboratoire déjà lancé est utilisé",
    ),
    "notebook-port": Text(
        en="port of JupyterLab (default: a free one)", fr="port de JupyterLab (par défaut : un port libre)"
    ),
    "no-browser": Text(
        en="do not open the browser; only print the address", fr="ne pas ouvrir le navigateur ; afficher l'adresse"
    ),
    "code": Text(
        en="number of an event, AADSTS code, SSPR_0029, HRESULT, or key of a message; all of them when left out",
        fr="numéro d'événement, code AADSTS, SSPR_0029, HRESULT ou clé de message ; tout si omis",
    ),
    "help": Text(en="show this help and end", fr="montrer cette aide et terminer"),
    "version": Text(en="show the version and end", fr="montrer la version et terminer"),
}

LINES: dict[str, Text] = {
    **attaching.LINES,
    **approving.LINES,
    **storage.LINES,
    "example": Text(en="Example: {command}", fr="Exemple : {command}"),
    "usage": Text(en="usage:", fr="utilisation :"),
    "verbs": Text(en="verbs", fr="verbes"),
    "options": Text(en="options", fr="options"),
    "arguments": Text(en="arguments", fr="arguments"),
    "files-good": Text(
        en="{count} {count:file|files} checked, no problem.",
        fr="{count} {count:fichier vérifié|fichiers vérifiés}, aucun problème.",
    ),
    "begins": Text(en="{runbook}: {tenant} ({mode})", fr="{runbook} : {tenant} ({mode})"),
    "sign-in": Text(
        en="Sign in for {tenant}: open {page} and enter {code} (counts until {until})",
        fr="Connexion pour {tenant} : ouvrez {page} et saisissez {code} (valable jusqu'à {until})",
    ),
    "sign-in-browser": Text(
        en="Sign in for {tenant} in the browser that was opened on this computer (until {until})",
        fr="Connexion pour {tenant} dans le navigateur ouvert sur cet ordinateur (jusqu'à {until})",
    ),
    "sign-in-again": Text(
        en="Sign in again for {tenant}, the earlier sign-in has ended or was revoked: open {page} and enter {code} "
        "(counts until {until})",
        fr="Reconnectez-vous pour {tenant}, la connexion précédente a pris fin ou a été révoquée : ouvrez {page} et "
        "saisissez {code} (valable jusqu'à {until})",
    ),
    "sign-in-lab": Text(
        en="Sign-in for {tenant}: the lab's administrator enters the device code.",
        fr="Connexion pour {tenant} : l'administrateur du laboratoire saisit le code.",
    ),
    "plan-digest": Text(en="Plan digest: {digest}", fr="Empreinte du plan : {digest}"),
    "approving": Text(en="{tenant}: the demo approves this plan.", fr="{tenant} : la démonstration approuve ce plan."),
    "record": Text(en="Record: {folder}", fr="Dossier : {folder}"),
    "approve-with": Text(en="To approve exactly this plan:", fr="Pour approuver exactement ce plan :"),
    "by-hand-wizard": Text(
        en="By hand, in the wizard on the sync server:",
        fr="À la main, dans l'assistant sur le serveur de synchronisation :",
    ),
    "by-hand": Text(en="By hand, in the portal: {page}", fr="À la main, dans le portail : {page}"),
    "attest-with": Text(
        en="Then fill in an attestation (start from a file of parameters/attestations) with plan {digest}, and:",
        fr="Puis remplissez une attestation (partez d'un fichier de parameters/attestations) avec le plan {digest}, et :",
    ),
    "report": Text(en="Report: {path}", fr="Rapport : {path}"),
    "sealed": Text(en="Sealed: {path}", fr="Scellé : {path}"),
    "sealed-before": Text(
        en="Sealed before by the same keys, and unchanged: {path}",
        fr="Déjà scellé par les mêmes clés, et inchangé : {path}",
    ),
    "rolled-up": Text(
        en="Roll-up of {count} {count:tenant|tenants}, {sealed} sealed: {path}",
        fr="Récapitulatif de {count} {count:locataire|locataires}, {sealed} {sealed:scellé|scellés} : {path}",
    ),
    "sealed-by": Text(en="SHA-256 {sha256}, signed by {keys}", fr="SHA-256 {sha256}, signé par {keys}"),
    "sealed-stopped": Text(
        en="This run stopped before its end; the seal says so. When it has gone on, seal it again.",
        fr="Cette exécution s'est arrêtée avant la fin ; le scellement le dit. Une fois reprise, scellez-la de nouveau.",
    ),
    "verify-with": Text(en="To verify it, here or anywhere else:", fr="Pour vérifier, ici ou ailleurs :"),
    "verify-proven": Text(en="Proven:", fr="Prouvé :"),
    "verify-not-proven": Text(en="Not proven:", fr="Non prouvé :"),
    "verify-broken": Text(en="Broken:", fr="Altéré :"),
    "verdict-whole": Text(en="{name}: nothing is broken.", fr="{name} : rien n'est altéré."),
    "verdict-broken": Text(en="{name}: BROKEN. Do not rely on it.", fr="{name} : ALTÉRÉ. Ne vous y fiez pas."),
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
    "status-file": Text(en="Written: {path}", fr="Écrit : {path}"),
    "fleet": Text(
        en="{tenants} {tenants:tenant|tenants}, {runs} {runs:run|runs}",
        fr="{tenants} {tenants:locataire|locataires}, {runs} {runs:exécution|exécutions}",
    ),
    "fleet-act": Text(en="  {count} {count:calls|call} for action", fr="  {count} à traiter"),
    "fleet-wait": Text(
        en="  {count} {count:waits|wait} for a person or for an approval",
        fr="  {count} en attente d'une personne ou d'une approbation",
    ),
    "fleet-fine": Text(en="  {count} in order", fr="  {count} {count:conforme|conformes}"),
    "fleet-more": Text(
        en="{count} more {count:tenant is|tenants are} not shown (--limit).",
        fr="{count} {count:autre locataire n'est pas montré|autres locataires ne sont pas montrés} (--limit).",
    ),
    "nothing-to-do": Text(en="Nothing is left to do.", fr="Il ne reste rien à faire."),
    "no-runs": Text(en="No runs in {folder} yet.", fr="Aucune exécution dans {folder} pour l'instant."),
    "lab-serves": Text(
        en="The lab serves on this machine only. Ctrl+C ends it.",
        fr="Le laboratoire ne sert que cette machine. Ctrl+C l'arrête.",
    ),
    "lab-files": Text(en="Ready parameter files:", fr="Fichiers de paramètres prêts :"),
    "lab-more-files": Text(
        en="  … and {count} more in {folder}",
        fr="  … et {count} autres dans {folder}",
    ),
    "lab-fleet": Text(
        en="{count} made-up {count:tenant|tenants}, of seed {seed}.",
        fr="{count} {count:locataire fictif|locataires fictifs}, de graine {seed}.",
    ),
    "lab-faults": Text(en="Troubles switched on: {faults}", fr="Incidents activés : {faults}"),
    "lab-found": Text(
        en="A lab already runs on this machine, at {url}: the notebooks use it as it is.",
        fr="Un laboratoire tourne déjà sur cette machine, à {url} : les notebooks l'utilisent tel quel.",
    ),
    "lab-free-ports": Text(
        en="The usual ports of the lab are taken by another program: it serves on free ones.",
        fr="Les ports habituels du laboratoire sont pris par un autre programme : il sert sur des ports libres.",
    ),
    "notebook-starts": Text(en="JupyterLab is starting …", fr="JupyterLab démarre…"),
    "notebook-folder": Text(
        en="Notebooks: {folder} (a copy to work in; the originals stay without outputs)",
        fr="Notebooks : {folder} (une copie de travail ; les originaux restent sans sorties)",
    ),
    "notebook-set-aside": Text(
        en="Notebooks with work from before were set aside, in the same folder:",
        fr="Les notebooks contenant un travail antérieur ont été mis de côté, dans le même dossier :",
    ),
    "notebook-opened": Text(
        en="The browser opens. Should it not, open this address, which is for you alone:",
        fr="Le navigateur s'ouvre. Sinon, ouvrez cette adresse, qui n'est que pour vous :",
    ),
    "notebook-open": Text(
        en="Open this address in a browser on this machine; it is for you alone:",
        fr="Ouvrez cette adresse dans un navigateur de cette machine ; elle n'est que pour vous :",
    ),
    "notebook-serves": Text(
        en="Ctrl+C ends JupyterLab and what runs in it.", fr="Ctrl+C arrête JupyterLab et ce qui y tourne."
    ),
    "notebook-ended": Text(
        en="JupyterLab was shut down in the browser.", fr="JupyterLab a été arrêté depuis le navigateur."
    ),
    "demo-begins": Text(
        en="LAB: everything here happens on this machine, on three made-up tenants.",
        fr="LABO : tout se passe sur cette machine, sur trois locataires fictifs.",
    ),
    "demo-approves": Text(
        en="The demo approves the plan itself. It can do that on the lab only; in real use a person reads and approves.",
        fr="La démonstration approuve elle-même le plan. Elle ne le peut que sur le laboratoire ; en vrai, une personne lit et approuve.",
    ),
    "demo-sealed": Text(
        en="{count} {count:run|runs} sealed and verified: nothing is broken. To see what is proven of one:",
        fr="{count} {count:exécution scellée et vérifiée|exécutions scellées et vérifiées} : rien n'est altéré. Pour voir ce qui est prouvé :",
    ),
    "demo-trouble": Text(
        en="tailspin has made-up trouble: it shows how the kit stops and what it advises.",
        fr="tailspin a des incidents fictifs : il montre comment le kit s'arrête et ce qu'il conseille.",
    ),
    "interrupted": Text(
        en="Interrupted. What was recorded so far is kept.", fr="Interrompu. Ce qui était enregistré est conservé."
    ),
    **FLEET_LINES,
    "not-run": Text(en="Not run: {tenants}.", fr="Non exécutés : {tenants}."),
    "not-run-many": Text(
        en="Not run: {tenants} and {count} more, all of them named in the record of the batch.",
        fr="Non exécutés : {tenants} et {count} autres, tous nommés dans le dossier du lot.",
    ),
    "torn": Text(en="damaged or unfinished record: {problem}", fr="dossier abîmé ou inachevé : {problem}"),
    "never-run": Text(en="–", fr="–"),
}
