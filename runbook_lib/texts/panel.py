"""The words of the panels in which an operator acts: beside them stand the cards, whose words are in `words`."""

from __future__ import annotations

from runbook_lib.texts.text import Text

PANEL: dict[str, Text] = {
    "recheck": Text(en="Look again", fr="Regarder de nouveau"),
    "recheck-tip": Text(
        en="Reads everything again and plans anew. Changes nothing.",
        fr="Relit tout et refait le plan. Ne change rien.",
    ),
    "apply-typed": Text(en="To apply, type {step}", fr="Pour appliquer, saisissez {step}"),
    "resume-typed": Text(en="To go on, type {step}", fr="Pour reprendre, saisissez {step}"),
    "apply": Text(en="Apply", fr="Appliquer"),
    "apply-tip": Text(
        en="Looks once more, and sends exactly the changes shown above if nothing has moved.",
        fr="Regarde encore une fois, et envoie exactement les changements affichés ci-dessus si rien n'a bougé.",
    ),
    "stop": Text(en="Stop", fr="Arrêter"),
    "stop-tip": Text(
        en="Stops at the next wait. What was sent stays sent; the record says how far it came.",
        fr="Arrête à la prochaine attente. Ce qui a été envoyé le reste ; le dossier dit où l'on en est.",
    ),
    "resume": Text(en="Go on with the run that stopped", fr="Reprendre l'exécution arrêtée"),
    "resume-tip": Text(
        en="Looks first, then sends only what is left of the approved plan.",
        fr="Regarde d'abord, puis n'envoie que ce qui reste du plan approuvé.",
    ),
    "outdated": Text(
        en="Nothing was done: what you confirmed on that page is no longer what is planned here. Read it again.",
        fr="Rien n'a été fait : ce que vous avez confirmé sur cette page n'est plus ce qui est prévu ici. Relisez.",
    ),
    "missed": Text(
        en="Nothing was done: what you confirmed came while something else was going on. Confirm it again when that is over.",
        fr="Rien n'a été fait : votre confirmation est arrivée pendant une autre opération. Confirmez à nouveau quand elle sera terminée.",
    ),
    "gone": Text(
        en="The notebook's kernel has ended or was restarted: run the cell again.",
        fr="Le noyau du notebook s'est arrêté ou a redémarré : relancez la cellule.",
    ),
    "nothing-open": Text(en="No tenant is open.", fr="Aucun locataire n'est ouvert."),
    "looking": Text(en="Looking at step {step}…", fr="Lecture de l'étape {step}…"),
    "applying": Text(en="Applying, at step {step}.", fr="Application en cours, à l'étape {step}."),
    "applying-waits": Text(
        en="Applying, at step {step}. Sent; waiting for it to take effect, at most {most}.",
        fr="Application en cours, à l'étape {step}. Envoyé ; en attente de l'effet, au plus {most}.",
    ),
    "stopping": Text(en="Stopping at the next wait…", fr="Arrêt à la prochaine attente…"),
    "signs-in": Text(en="Waiting for you to sign in.", fr="En attente de votre connexion."),
    "behind-sign-in": Text(en="Looked at as soon as you have signed in.", fr="Regardé dès que vous serez connecté."),
    "armed": Text(
        en="{changes} on {tenant} — {profile}. Plan {plan}. Nothing was sent.",
        fr="{changes} sur {tenant} — {profile}. Plan {plan}. Rien n'a été envoyé.",
    ),
    "to-sign": Text(
        en="Nothing to change on {tenant} — {profile}; what a person sees there is still to be signed. Plan {plan}.",
        fr="Rien à changer sur {tenant} — {profile} ; ce qu'une personne y voit reste à signer. Plan {plan}.",
    ),
    "nothing-to-sign": Text(
        en="Nothing to apply, and nothing to sign: what waits for a person here is only looked at, on the server.",
        fr="Rien à appliquer, et rien à signer : ce qui attend une personne ici se regarde seulement, sur le serveur.",
    ),
    "nothing-planned": Text(en="Nothing to apply as it is now.", fr="Rien à appliquer en l'état."),
    "look-first": Text(
        en="Apply is off. Look again before you apply anything else.",
        fr="L'application est désactivée. Regardez de nouveau avant d'appliquer autre chose.",
    ),
    "resumable": Text(
        en="The run {run} sent something and did not come to its end. Going on with it looks first.",
        fr="L'exécution {run} a envoyé quelque chose et n'est pas arrivée à sa fin. La reprendre commence par regarder.",
    ),
    "state": Text(en="{sign} {state}, {at} UTC.", fr="{sign} {state}, {at} UTC."),
    "kept-opening": Text(
        en="[Here a tenant is chosen while the notebook's kernel runs: run the cell again.]",
        fr="[Ici se choisit un locataire tant que le noyau du notebook tourne : relancez la cellule.]",
    ),
    "kept": Text(
        en="[The panel of step {step} works while the notebook's kernel runs: run the cell again.]",
        fr="[Le panneau de l'étape {step} fonctionne tant que le noyau du notebook tourne : relancez la cellule.]",
    ),
}

CHANGES = Text(en="{count} {count:change|changes}", fr="{count} {count:changement|changements}")
