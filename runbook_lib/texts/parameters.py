"""What each parameter is, in one line: shown in the notebooks and by `papermill --help-notebook`."""

from __future__ import annotations

from runbook_lib.texts.text import Text

PARAMETER_HELP: dict[str, Text] = {
    "profile": Text(
        en="lab: the built-in lab; live: a real tenant", fr="lab : le laboratoire intégré ; live : un vrai locataire"
    ),
    "language": Text(en="en or fr", fr="en ou fr"),
    "tenant": Text(en="id (GUID), name (folder of the record), cloud", fr="id (GUID), name (dossier), cloud"),
    "sync_server": Text(
        en="endpoint (full URL), transport, account; secrets by reference only. Or method: guided, to do it by hand",
        fr="endpoint (URL complète), transport, compte ; secrets par référence uniquement. Ou method : guided, à la main",
    ),
    "sign_in": Text(en="how to sign in to the tenant", fr="comment se connecter au locataire"),
    "sspr": Text(
        en="provider (guided or portal-api), write_back, unlock",
        fr="provider (guided ou portal-api), write_back, unlock",
    ),
    "connect": Text(
        en="restart_service, start_delta_cycle, wait_seconds", fr="restart_service, start_delta_cycle, wait_seconds"
    ),
    "grant_permissions": Text(
        en="true: grant missing rights of the connector account",
        fr="true : accorder les droits manquants du compte connecteur",
    ),
    "pilot_user": Text(
        en="a user whose password may be replaced to prove it end to end, or None",
        fr="un utilisateur dont le mot de passe peut être remplacé pour prouver de bout en bout, ou None",
    ),
    "change": Text(
        en="the change record this belongs to: system, number; address and credential to attach the record or to be gated by it",
        fr="la demande de changement : system, number ; address et credential pour y joindre le dossier ou s'y soumettre",
    ),
    "evidence": Text(
        en="roster (file of trusted keys), approvals_needed, attestations_signed, seal, signing_key, time_stamp",
        fr="roster (fichier des clés reconnues), approvals_needed, attestations_signed, seal, signing_key, time_stamp",
    ),
    "mode": Text(
        en="plan reads only; apply sends the approved plan", fr="plan ne fait que lire ; apply envoie le plan approuvé"
    ),
    "approved_plan": Text(
        en="digest of the plan you approve, for apply", fr="empreinte du plan que vous approuvez, pour apply"
    ),
    "approvals": Text(
        en="files of signed approvals of that plan, when there is a roster",
        fr="fichiers d'approbations signées de ce plan, quand il y a un registre",
    ),
    "attestation": Text(en="file of a signed-off attestation, if any", fr="fichier d'une attestation, s'il y en a une"),
    "rollback_of": Text(
        en="the run to undo, TENANT/RUN; leave empty otherwise",
        fr="l'exécution à annuler, LOCATAIRE/EXÉCUTION ; sinon laissez vide",
    ),
    "run_id": Text(en="leave empty: a new one is made", fr="laissez vide : un nouveau est créé"),
}

NOTEBOOK_TEXT: dict[str, Text] = {
    "parameters": Text(
        en="## Parameters\nIn JupyterLab, choose the tenant in the panel below instead. As they stand, these lead to the tenant contoso "
        "of the built-in lab (`runbook lab` starts it). papermill replaces them: `-f parameters/….yml`.",
        fr="## Paramètres\nDans JupyterLab, choisissez plutôt le locataire dans le panneau ci-dessous. Tels quels, ils mènent au locataire "
        "contoso du laboratoire intégré (`runbook lab` le démarre). papermill les remplace : `-f parameters/….yml`.",
    ),
    "open": Text(
        en="## Begin\nChecks the parameters and opens the record. Running all cells looks at every step and plans; it changes nothing.",
        fr="## Commencer\nVérifie les paramètres et ouvre le dossier. Exécuter toutes les cellules regarde chaque étape et planifie ; "
        "cela ne change rien.",
    ),
    "finish": Text(
        en="## Finish\nCompletes the record and shows all steps at once. Stops as long as a step has not come to its end.",
        fr="## Terminer\nComplète le dossier et montre toutes les étapes. S'arrête tant qu'une étape n'est pas terminée.",
    ),
}
