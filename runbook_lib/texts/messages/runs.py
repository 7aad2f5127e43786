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
    "approval-used": Entry(
        Text(
            en="The plan {digest} was sent already, by the run {run}. Nothing was sent again.",
            fr="Le plan {digest} a déjà été envoyé, par l'exécution {run}. Rien n'a été renvoyé.",
        ),
        Text(
            en="Plan again to the end, read the new plan, and approve it: an approval is good for one sending.",
            fr="Refaites le plan jusqu'au bout, relisez-le et approuvez-le : une approbation vaut pour un seul envoi.",
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
    "reply-lost-not-made": Entry(
        Text(
            en="{target} did not answer the change; looking again, within the time allowed, never showed it.",
            fr="{target} n'a pas répondu à la modification ; les nouvelles lectures, dans le temps imparti, ne l'ont jamais montrée.",
        ),
        Text(en="Plan again, and see what holds then.", fr="Refaites le plan, et voyez ce qui vaut alors."),
    ),
    "notebook-not-kept": Entry(
        Text(
            en="The run ended and is recorded, but its notebook could not be kept: {detail}",
            fr="L'exécution est terminée et enregistrée, mais son notebook n'a pas pu être conservé : {detail}",
        ),
        Text(
            en="Mend that; then draw the run again from its journal with `runbook report`.",
            fr="Corrigez cela, puis redessinez l'exécution à partir de son journal avec `runbook report`.",
        ),
    ),
    "attestation-holds-secret": Entry(
        Text(
            en="The attestation holds what is, or looks like, a secret. File, place and rule: {places}. Nothing was kept or sent.",
            fr="L'attestation contient ce qui est, ou semble être, un secret. Fichier, endroit et règle : {places}. Rien n'a été "
            "conservé ni envoyé.",
        ),
        Text(
            en="An attestation is kept exactly as it was signed. Have the person write it, or take the picture, again without the "
            "secret, also in file names and in what a picture says about itself.",
            fr="Une attestation est conservée telle qu'elle a été signée. Faites-la refaire, ou reprendre l'image, sans le secret, "
            "y compris dans les noms de fichiers et dans ce qu'une image dit d'elle-même.",
        ),
    ),
    "attestation-not-taken": Entry(
        Text(
            en="Your word was written, and not taken: something else is going on, or the plan is another one by now.",
            fr="Votre parole a été consignée mais pas retenue : une autre opération est en cours, ou le plan a changé.",
        ),
        Text(
            en="Wait until it has ended, look at the plan that is shown then, and sign again.",
            fr="Attendez la fin, regardez le plan affiché alors, et signez de nouveau.",
        ),
    ),
    "attestation-of-the-future": Entry(
        Text(
            en="The attestation {file} is dated {at}, which is still to come.",
            fr="L'attestation {file} est datée du {at}, qui est encore à venir.",
        ),
        Text(en="Correct the time in it.", fr="Corrigez-en l'heure."),
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
    "changes-not-sent": Entry(
        Text(
            en="Approved, and not sent after that: {settings}.",
            fr="Approuvé, mais non envoyé après cela : {settings}.",
        ),
        Text(
            en="Plan again: what is left to do is in the new plan.",
            fr="Refaites le plan : ce qui reste à faire est dans le nouveau plan.",
        ),
    ),
    "sending-broken-off": Entry(
        Text(
            en="Sending broke off before the answer came: the run was interrupted, or its journal could not be written.",
            fr="L'envoi s'est interrompu avant la réponse : l'exécution a été arrêtée, ou son journal n'a pas pu être écrit.",
        ),
        Text(
            en="Go on with runbook resume and the folder of this run: it looks first, and sends what is left.",
            fr="Reprenez avec runbook resume et le dossier de cette exécution : la commande relit d'abord, puis envoie ce qui reste.",
        ),
    ),
    "already-sent": Entry(
        Text(
            en="This run has sent its plan already. It only looked again.",
            fr="Cette exécution a déjà envoyé son plan. Elle n'a fait que regarder à nouveau.",
        ),
        Text(
            en="To send anything else, start a new run: it makes a new plan.",
            fr="Pour envoyer autre chose, lancez une nouvelle exécution : elle fait un nouveau plan.",
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
    "run-broke-off": Entry(
        Text(
            en="The notebook broke off before its end ({detail}).",
            fr="Le notebook s'est interrompu avant la fin ({detail}).",
        ),
        Text(
            en="The journal says what was sent, if anything. Plan again before anything else: planning only reads.",
            fr="Le journal dit ce qui a été envoyé, s'il y a lieu. Refaites d'abord le plan : le plan ne fait que lire.",
        ),
    ),
    "run-interrupted": Entry(
        Text(en="The run was interrupted.", fr="L'exécution a été interrompue."),
        Text(
            en="The journal says what was sent, if anything. Plan again before anything else: planning only reads.",
            fr="Le journal dit ce qui a été envoyé, s'il y a lieu. Refaites d'abord le plan : le plan ne fait que lire.",
        ),
    ),
    "run-over-time": Entry(
        Text(
            en="The run took longer than {seconds} seconds and was stopped.",
            fr="L'exécution a duré plus de {seconds} secondes et a été arrêtée.",
        ),
        Text(
            en="The journal says what was sent, if anything. Go on with runbook resume, or plan again: planning only reads.",
            fr="Le journal dit ce qui a été envoyé, s'il y a lieu. Continuez avec runbook resume, ou refaites le plan : le plan ne fait que lire.",
        ),
    ),
    "unknown-step": Entry(
        Text(en="The runbook {runbook} has no step {step}.", fr="La procédure {runbook} n'a pas d'étape {step}."),
        Text(en="It has: {known}.", fr="Elle a : {known}."),
    ),
    "apply-without-approval": Entry(
        Text(
            en="Mode apply needs the digest of the plan you approve. Nothing was sent.",
            fr="Le mode apply exige l'empreinte du plan que vous approuvez. Rien n'a été envoyé.",
        ),
        Text(
            en="Run in mode plan first, read the plan, and give its digest as approved_plan.",
            fr="Exécutez d'abord en mode plan, lisez le plan, puis donnez son empreinte dans approved_plan.",
        ),
    ),
    "internal-error": Entry(
        Text(
            en="Something happened that the kit does not foresee ({target}).",
            fr="Il s'est produit quelque chose que le kit ne prévoit pas ({target}).",
        ),
        Text(
            en="The journal in {folder} holds the details. Plan again before anything else: planning only reads.",
            fr="Le journal dans {folder} contient les détails. Refaites d'abord le plan : le plan ne fait que lire.",
        ),
    ),
    "internal-error-opening": Entry(
        Text(
            en="Something happened that the kit does not foresee, before the run was open ({target}, {place}).",
            fr="Il s'est produit quelque chose que le kit ne prévoit pas, avant l'ouverture de l'exécution ({target}, {place}).",
        ),
        Text(
            en="Nothing was sent. This is a defect of the kit: report it.",
            fr="Rien n'a été envoyé. C'est un défaut de l'outil : signalez-le.",
        ),
    ),
    "run-is-over": Entry(
        Text(en="The run {run} is over.", fr="L'exécution {run} est terminée."),
        Text(
            en="Run the cell with open_runbook again: it starts a new run.",
            fr="Exécutez de nouveau la cellule avec open_runbook : elle lance une nouvelle exécution.",
        ),
    ),
    "no-such-home": Entry(
        Text(
            en="{file}: this machine knows no user of that name.",
            fr="{file} : cet ordinateur ne connaît aucun utilisateur de ce nom.",
        ),
        Text(en="Give the whole path.", fr="Donnez le chemin complet."),
    ),
    "lab-not-running": Entry(
        Text(
            en="The parameters name the lab, and no lab answers.",
            fr="Les paramètres désignent le laboratoire, et aucun ne répond.",
        ),
        Text(en="Start it in another terminal: runbook lab", fr="Démarrez-le dans un autre terminal : runbook lab"),
    ),
    "tenant-twice": Entry(
        Text(
            en="{first} and {second} are for the same tenant.", fr="{first} et {second} concernent le même locataire."
        ),
        Text(en="Give one file a tenant.", fr="Donnez un seul fichier par locataire."),
    ),
    "tenant-name-twice": Entry(
        Text(
            en="{first} and {second} give the same tenant.name: {name}.",
            fr="{first} et {second} donnent le même tenant.name : {name}.",
        ),
        Text(
            en="Name each tenant differently: the name is the folder of its records.",
            fr="Nommez chaque locataire autrement : le nom est le dossier de ses exécutions.",
        ),
    ),
    "run-id-in-file": Entry(
        Text(
            en="{file} has a run_id, and the command line names each run itself.",
            fr="{file} contient un run_id, et la ligne de commande nomme elle-même chaque exécution.",
        ),
        Text(en="Take run_id out of the file.", fr="Retirez run_id du fichier."),
    ),
    "port-out-of-range": Entry(
        Text(
            en="The lab cannot begin at port {port}: it needs {count} ports, between 1 and 65535.",
            fr="Le laboratoire ne peut pas commencer au port {port} : il lui faut {count} ports, entre 1 et 65535.",
        ),
        Text(en="Choose another --port.", fr="Choisissez un autre --port."),
    ),
    "unforeseen": Entry(
        Text(
            en="Something happened that the kit does not foresee ({detail}).",
            fr="Il s'est produit quelque chose que le kit ne prévoit pas ({detail}).",
        ),
        Text(
            en="See runbook status for what was recorded. To see more, start it with: python -X dev -m runbook_lib",
            fr="Voir runbook status pour ce qui a été enregistré. Pour en voir plus, lancez : python -X dev -m runbook_lib",
        ),
    ),
    "approved-and-plan": Entry(
        Text(
            en="--approved and --plan both name the plan of the tenant.",
            fr="--approved et --plan désignent tous deux le plan du locataire.",
        ),
        Text(en="Give one of them.", fr="Donnez l'un des deux."),
    ),
    "plan-twice": Entry(
        Text(
            en="{first} and {second} are plans of one tenant.",
            fr="{first} et {second} sont des plans d'un même locataire.",
        ),
        Text(en="Give the one that you approve.", fr="Donnez celui que vous approuvez."),
    ),
    "command-line-refused": Entry(
        Text(
            en="This command line makes no sense: {detail}.",
            fr="Cette ligne de commande ne se comprend pas : {detail}.",
        ),
        Text(en="See: {command} --help", fr="Voyez : {command} --help"),
    ),
    "jobs-out-of-range": Entry(
        Text(
            en="--jobs {given}: at least one tenant runs at once, and at most {most}.",
            fr="--jobs {given} : au moins un locataire à la fois, et au plus {most}.",
        ),
        Text(en="Give a number between them.", fr="Donnez un nombre entre les deux."),
    ),
    "max-failures-unreadable": Entry(
        Text(
            en="--max-failures {given} is neither a number nor a percentage.",
            fr="--max-failures {given} n'est ni un nombre ni un pourcentage.",
        ),
        Text(
            en="Give how many tenants may fail, such as 3, or their share, such as 5%.",
            fr="Donnez combien de locataires peuvent échouer, par exemple 3, ou leur part, par exemple 5%.",
        ),
    ),
    "max-failures-percent": Entry(
        Text(
            en="--max-failures {given}: a percentage is from 1 to 99.",
            fr="--max-failures {given} : un pourcentage va de 1 à 99.",
        ),
        Text(
            en="Give 0 to stop at the first failure; leave the option out to go on whatever fails.",
            fr="Donnez 0 pour arrêter au premier échec ; omettez l'option pour continuer quoi qu'il échoue.",
        ),
    ),
    "approved-for-several": Entry(
        Text(
            en="--approved names one plan, and there are several tenants.",
            fr="--approved désigne un plan, et il y a plusieurs locataires.",
        ),
        Text(en="Give --plan once a tenant instead.", fr="Donnez plutôt --plan une fois par locataire."),
    ),
    "plan-of-other-tenant": Entry(
        Text(
            en="There are plans for tenants that are not asked for: {tenants}.",
            fr="Il y a des plans pour des locataires non demandés : {tenants}.",
        ),
        Text(
            en="Give the parameter files of exactly the tenants whose plans you approve.",
            fr="Donnez les fichiers de paramètres des locataires dont vous approuvez les plans, et eux seuls.",
        ),
    ),
    "plan-missing": Entry(
        Text(en="No approved plan for: {tenants}.", fr="Aucun plan approuvé pour : {tenants}."),
        Text(
            en="Give the plan.json of each tenant with --plan.",
            fr="Donnez le plan.json de chaque locataire avec --plan.",
        ),
    ),
    "plan-unreadable": Entry(
        Text(en="{file} cannot be read as a plan.", fr="{file} ne peut pas être lu comme un plan."),
        Text(en="Give the plan.json of a run.", fr="Donnez le plan.json d'une exécution."),
    ),
    "plan-damaged": Entry(
        Text(
            en="{file} is not the plan that its digest names.", fr="{file} n'est pas le plan que son empreinte désigne."
        ),
        Text(
            en="It was changed after it was written. Plan again.",
            fr="Il a été modifié après son écriture. Refaites le plan.",
        ),
    ),
    "plan-of-other-runbook": Entry(
        Text(en="{file} is a plan of {runbook}.", fr="{file} est un plan de {runbook}."),
        Text(en="Apply it with that runbook.", fr="Appliquez-le avec cette procédure."),
    ),
}
