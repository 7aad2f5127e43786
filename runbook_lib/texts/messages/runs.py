"""Messages of the engine, the notebooks and the command line: plans, approvals, unfinished runs."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "waits-for": Entry(
        Text(en="Earlier steps are not done: {steps}.", fr="Des étapes précédentes ne sont pas faites : {steps}."),
        Text(en="Settle them first; nothing was sent.", fr="Réglez-les d'abord ; rien n'a été envoyé."),
    ),
    "not-approved": Entry(
        Text(
            en="This plan is not approved: {digest}. Nothing was sent.",
            fr="Ce plan n'est pas approuvé : {digest}. Rien n'a été envoyé.",
        ),
        Text(
            en="Read the plan, and give its digest as approved_plan.",
            fr="Lisez le plan, puis donnez son empreinte dans approved_plan.",
        ),
    ),
    "plan-outdated": Entry(
        Text(
            en="The approved plan {approved} is not what would be done now, {now}. Nothing was sent.",
            fr="Le plan approuvé {approved} n'est pas ce qui serait fait maintenant, {now}. Rien n'a été envoyé.",
        ),
        Text(
            en="Facts, parameters or the version moved since. Plan again, read the new plan, and approve that.",
            fr="Les faits, les paramètres ou la version ont changé. Refaites le plan, relisez-le et approuvez celui-là.",
        ),
    ),
    "attestation-of-another-plan": Entry(
        Text(
            en="The attestation {file} is about another plan than {plan}.",
            fr="L'attestation {file} porte sur un autre plan que {plan}.",
        ),
        Text(
            en="Have the person who did it attest this plan, or run with the plan they carried out.",
            fr="Faites attester ce plan par la personne qui l'a exécuté, ou relancez avec le plan exécuté.",
        ),
    ),
    "reply-lost-but-seen": Entry(
        Text(
            en="{target} did not answer the change; looking again showed that it was made.",
            fr="{target} n'a pas répondu à la modification ; une nouvelle lecture montre qu'elle a été faite.",
        ),
    ),
    "could-not-look-again": Entry(
        Text(
            en="A change was sent, and it could not be looked at since. Its outcome is unknown.",
            fr="Une modification a été envoyée et n'a pas pu être relue depuis. Son résultat est inconnu.",
        ),
        Text(
            en="Do not send it again. Restore the connection and plan again: planning only reads.",
            fr="Ne la renvoyez pas. Rétablissez la connexion puis refaites le plan : le plan ne fait que lire.",
        ),
    ),
    "no-such-target": Entry(
        Text(
            en="{target}: this run has no connection for the reading {reading}.",
            fr="{target} : cette exécution n'a pas de connexion pour la lecture {reading}.",
        ),
        Text(en="Complete the parameters for it.", fr="Complétez les paramètres correspondants."),
    ),
    "not-in-baseline": Entry(
        Text(
            en="{target}: {reading} was not read before the change, so there is nothing to compare with.",
            fr="{target} : {reading} n'a pas été lu avant la modification, il n'y a rien à comparer.",
        ),
    ),
    "unknown-runbook": Entry(
        Text(en="There is no runbook {runbook}.", fr="Il n'y a pas de procédure {runbook}."),
        Text(en="There are: {known}.", fr="Il y a : {known}."),
    ),
    "run-unfinished": Entry(
        Text(
            en="The run is not finished: {steps}.",
            fr="L'exécution n'est pas terminée : {steps}.",
        ),
        Text(
            en="The cards say why and what to do. The record is in {folder}.",
            fr="Les fiches disent pourquoi et que faire. Le dossier est dans {folder}.",
        ),
    ),
    "unknown-step": Entry(
        Text(en="The runbook {runbook} has no step {step}.", fr="La procédure {runbook} n'a pas d'étape {step}."),
        Text(en="It has: {known}.", fr="Elle a : {known}."),
    ),
}
