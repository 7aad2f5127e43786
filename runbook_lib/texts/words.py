"""The words of cards, tables and the command line."""

from __future__ import annotations

from runbook_lib.texts.text import Text

# One word a state, and a sign, so that colour never stands alone.
STATUS_WORDS: dict[str, Text] = {
    "to-do": Text(en="To do", fr="À faire"),
    "compliant": Text(en="In order", fr="Conforme"),
    "planned": Text(en="Planned", fr="Prévu"),
    "blocked": Text(en="Blocked", fr="Bloqué"),
    "applied": Text(en="Sent, not verified", fr="Envoyé, non vérifié"),
    "verified": Text(en="Verified", fr="Vérifié"),
    "needs-operator": Text(en="Needs an operator", fr="Opérateur requis"),
    "attested": Text(en="Attested", fr="Attesté"),
    "contradicted": Text(en="Contradicted", fr="Contredit"),
    "failed": Text(en="Failed", fr="Échec"),
    "unknown": Text(en="Unknown", fr="Inconnu"),
    "rolled-back": Text(en="Rolled back", fr="Annulé"),
}

STATUS_SIGNS: dict[str, str] = {
    "to-do": "○",
    "compliant": "=",
    "planned": "◇",
    "blocked": "■",
    "applied": "▶",
    "verified": "✔",
    "needs-operator": "☞",
    "attested": "✍",
    "contradicted": "≠",
    "failed": "✖",
    "unknown": "?",
    "rolled-back": "↶",
}

PROVENANCE_WORDS: dict[str, Text] = {
    "observed": Text(en="observed", fr="observé"),
    "attested": Text(en="attested", fr="attesté"),
    "assumed": Text(en="assumed", fr="supposé"),
    "unknown": Text(en="unknown", fr="inconnu"),
}

LEVEL_WORDS: dict[str, Text] = {
    "blocker": Text(en="Blocked", fr="Bloquant"),
    "contradiction": Text(en="Contradiction", fr="Contradiction"),
    "warning": Text(en="Warning", fr="Attention"),
    "note": Text(en="Note", fr="Note"),
}

WORDS: dict[str, Text] = {
    "record-attached": Text(
        en="Record of a run attached by the runbook kit: {name}, SHA-256 {sha256}",
        fr="Dossier d'une exécution joint par le kit de procédures : {name}, SHA-256 {sha256}",
    ),
    "step": Text(en="Step", fr="Étape"),
    "state": Text(en="State", fr="État"),
    "tenant": Text(en="Tenant", fr="Locataire"),
    "runbook": Text(en="Runbook", fr="Procédure"),
    "setting": Text(en="Setting", fr="Réglage"),
    "current": Text(en="Now", fr="Actuel"),
    "planned": Text(en="Planned", fr="Prévu"),
    "before": Text(en="Before", fr="Avant"),
    "after": Text(en="After", fr="Après"),
    "what-to-do": Text(en="What to do", fr="Que faire"),
    "went-wrong": Text(en="What went wrong", fr="Ce qui a échoué"),
    "why": Text(en="Why", fr="Pourquoi"),
    "open-next": Text(en="Open next", fr="Ouvrir ensuite"),
    "this-again": Text(en="this runbook again", fr="de nouveau cette procédure"),
    "advice": Text(en="Advice", fr="Conseil"),
    "source": Text(en="Source", fr="Source"),
    "next-action": Text(en="Next action", fr="Prochaine action"),
    "facts": Text(en="What was seen", fr="Ce qui a été vu"),
    "fact": Text(en="Fact", fr="Fait"),
    "value": Text(en="Value", fr="Valeur"),
    "known-by": Text(en="How we know", fr="Comment on le sait"),
    "would-run": Text(en="What would be sent (nothing was sent)", fr="Ce qui serait envoyé (rien n'a été envoyé)"),
    "was-run": Text(en="What was sent", fr="Ce qui a été envoyé"),
    "cure": Text(
        en="Part of the plan, but only if the server reports an invalid state: off, then on again (Microsoft's cure).",
        fr="Fait partie du plan, mais seulement si le serveur signale un état non valide : désactiver, puis réactiver "
        "(remède de Microsoft).",
    ),
    "unsupported": Text(en="not supported by Microsoft", fr="non pris en charge par Microsoft"),
    "by-hand": Text(en="by hand, in the portal", fr="à la main, dans le portail"),
    "by-hand-wizard": Text(en="by hand, in the wizard", fr="à la main, dans l'assistant"),
    "open-wizard": Text(
        en="On the sync server, in the wizard", fr="Sur le serveur de synchronisation, dans l'assistant"
    ),
    "open-page": Text(en="Open this page", fr="Ouvrez cette page"),
    "label": Text(en="Label on the page", fr="Libellé sur la page"),
    "set-to": Text(en="Set to", fr="Mettre à"),
    "earlier": Text(en="Changed by an earlier run", fr="Modifié par une exécution précédente"),
    "evidence": Text(en="Evidence", fr="Preuve"),
    "when": Text(en="When · duration", fr="Quand · durée"),
    "lab": Text(en="LAB", fr="LABO"),
    "live": Text(en="LIVE", fr="RÉEL"),
    "lab-banner": Text(
        en="Rehearsal on the built-in lab: no real tenant is touched.",
        fr="Répétition sur le laboratoire intégré : aucun vrai locataire n'est touché.",
    ),
    "live-banner": Text(
        en="A real tenant and a real server.",
        fr="Un vrai locataire et un vrai serveur.",
    ),
    "mode-plan": Text(en="Plan: reads only, changes nothing.", fr="Plan : lecture seule, ne change rien."),
    "mode-apply": Text(
        en="Apply: sends the approved plan, and only that.",
        fr="Application : envoie le plan approuvé, et rien d'autre.",
    ),
    "mode-panel": Text(
        en="Running the cells only looks and plans. Nothing changes before you confirm and click Apply.",
        fr="Exécuter les cellules ne fait que lire et planifier. Rien ne change avant votre confirmation et un clic sur Appliquer.",
    ),
    "mode": Text(en="Mode", fr="Mode"),
    "run": Text(en="Run", fr="Exécution"),
    "folder": Text(en="Record", fr="Dossier"),
    "change-record": Text(en="Change record", fr="Demande de changement"),
    "plan-digest": Text(en="Plan digest", fr="Empreinte du plan"),
    "ready": Text(en="Ready", fr="Prêt"),
    "ready-with-warnings": Text(en="Ready, with warnings", fr="Prêt, avec avertissements"),
    "undecided": Text(en="Not decided: somebody has to look first", fr="Non tranché : quelqu'un doit d'abord regarder"),
    "blocked": Text(en="Blocked: do not begin", fr="Bloqué : ne commencez pas"),
    "verdict": Text(en="Verdict", fr="Verdict"),
    "ladder": Text(en="Level", fr="Niveau"),
    "not-higher": Text(en="Why not higher", fr="Pourquoi pas plus haut"),
    "kept-cell": Text(
        en="Drawn from the run's journal. There is nothing to run here.",
        fr="Dessiné d'après le journal de l'exécution. Il n'y a rien à exécuter ici.",
    ),
    "done": Text(en="Everything is done.", fr="Tout est fait."),
    "approve": Text(
        en="Read the plan. To approve exactly this plan, apply with its digest.",
        fr="Lisez le plan. Pour approuver exactement ce plan, appliquez avec son empreinte.",
    ),
    "approve-at-panel": Text(
        en="Read the plan. To apply exactly this plan, type {step} in the panel of step {step} and click Apply.",
        fr="Lisez le plan. Pour appliquer exactement ce plan, saisissez {step} dans le panneau de l'étape {step} et cliquez sur Appliquer.",
    ),
    "absent": Text(en="unknown", fr="inconnu"),
    "on": Text(en="on", fr="activé"),
    "off": Text(en="off", fr="désactivé"),
    "sign-in": Text(en="Sign in", fr="Connexion"),
    "sign-in-again": Text(
        en="Sign in again: the earlier sign-in has ended or was revoked",
        fr="Reconnectez-vous : la connexion précédente a pris fin ou a été révoquée",
    ),
    "sign-in-code": Text(
        en="Open the address and enter the code. It is not kept.",
        fr="Ouvrez l'adresse et saisissez le code. Il n'est pas conservé.",
    ),
    "sign-in-until": Text(en="The code counts until {until}.", fr="Le code est valable jusqu'à {until}."),
    "sign-in-browser": Text(
        en="Sign in in the browser that was opened on the computer that carries this out, until {until}.",
        fr="Connectez-vous dans le navigateur ouvert sur l'ordinateur qui exécute ceci, jusqu'à {until}.",
    ),
    "sign-in-over": Text(
        en="A sign-in was asked for here; no code is kept.",
        fr="Une connexion a été demandée ici ; aucun code n'est conservé.",
    ),
    "purpose": Text(en="Purpose", fr="But"),
    "needs": Text(en="Needs", fr="Il faut"),
    "takes": Text(en="Takes", fr="Durée"),
    "undo": Text(en="To undo", fr="Pour annuler"),
    "reads": Text(en="Reads", fr="Lit"),
    "changes": Text(en="May change", fr="Peut changer"),
    "nothing": Text(en="nothing", fr="rien"),
}

# The verification ladder. Empty: the run could not say.
LADDER_WORDS: dict[str, Text] = {
    "": Text(en="not known", fr="inconnu"),
    "none": Text(en="none · the setting is off", fr="aucun · le réglage est désactivé"),
    "L0": Text(en="L0 · the setting is on", fr="L0 · le réglage est activé"),
    "L1": Text(en="L1 · onboarded", fr="L1 · inscrit"),
    "L2": Text(en="L2 · healthy", fr="L2 · sain"),
    "L3": Text(en="L3 · the rights are effective", fr="L3 · les droits sont effectifs"),
    "L4": Text(en="L4 · proven by a reset", fr="L4 · prouvé par une réinitialisation"),
}

# The headings of docs/advice.md.
ADVICE_PARTS: dict[str, Text] = {
    "service-events": Text(
        en="Events of the service (source PasswordResetService)",
        fr="Événements du service (source PasswordResetService)",
    ),
    "directory-events": Text(
        en="Events of setting a password, and codes that users see",
        fr="Événements d'écriture du mot de passe, et codes vus par les utilisateurs",
    ),
    "server": Text(en="The sync server", fr="Le serveur de synchronisation"),
    "cloud": Text(en="Entra, Graph and the portal", fr="Entra, Graph et le portail"),
    "findings": Text(en="What the steps find", fr="Ce que trouvent les étapes"),
}

CHANGED_EARLIER = Text(en="Run {run}, {at}, approved by {by}", fr="Exécution {run}, {at}, approuvée par {by}")

STEPS_DONE = Text(
    en="{count} of {total} {total:step|steps} done",
    fr="{count} {count:étape terminée|étapes terminées} sur {total}",
)
