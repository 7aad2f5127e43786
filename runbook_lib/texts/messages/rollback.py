"""Messages of turning off and of undoing a run: why a run cannot be undone, and what stays as it is."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text


def _entry(en: str, fr: str, fix_en: str = "", fix_fr: str = "") -> Entry:
    return Entry(Text(en=en, fr=fr), Text(en=fix_en, fr=fix_fr) if fix_en else None)


_REFUSALS: dict[str, Entry] = {
    "rollback-no-run": _entry(
        "{path} is not the folder of a run: it has no journal.",
        "{path} n'est pas le dossier d'une exécution : il n'a pas de journal.",
        "Give the folder of the run, OUTPUTS/TENANT/RUN, as `runbook status` and the end of that run show it.",
        "Donnez le dossier de l'exécution, OUTPUTS/LOCATAIRE/EXÉCUTION, comme l'indique la fin de cette exécution.",
    ),
    "rollback-tampered": _entry(
        "The record of {run} is not as it was written, or cannot be read: {problem}.",
        "Le dossier de {run} n'est plus tel qu'il a été écrit, ou ne peut pas être lu : {problem}.",
        "Nothing is undone on the word of such a record. Keep it as it is, find out who changed it, and plan from today's state.",
        "Rien n'est annulé sur la foi d'un tel dossier. Gardez-le tel quel, cherchez qui l'a modifié, et planifiez depuis l'état actuel.",
    ),
    "rollback-foreign": _entry(
        "The folder {run} holds the journal of {other}.",
        "Le dossier {run} contient le journal de {other}.",
        "Give the folder in which that run was recorded, under its own tenant and name.",
        "Donnez le dossier où cette exécution a été enregistrée, sous son locataire et son nom.",
    ),
    "rollback-other-tenant": _entry(
        "The run {run} is of the tenant {tenant}, and the parameters are of {wanted}.",
        "L'exécution {run} concerne le locataire {tenant}, et les paramètres {wanted}.",
        "Give parameters of the tenant that was changed, or leave -p out: those of the run are used then.",
        "Donnez les paramètres du locataire modifié, ou omettez -p : ceux de l'exécution servent alors.",
    ),
    "rollback-other-runbook": _entry(
        "A run of {runbook} is undone by {undone_by}, and not by this runbook.",
        "Une exécution de {runbook} s'annule avec {undone_by}, et non avec cette procédure.",
        "Use `runbook rollback RUN_DIR`: it chooses the runbook.",
        "Utilisez `runbook rollback RUN_DIR` : la commande choisit la procédure.",
    ),
    "rollback-read-only": _entry(
        "{run} was a run of {runbook}, which changes nothing: there is nothing to undo.",
        "{run} était une exécution de {runbook}, qui ne change rien : il n'y a rien à annuler.",
    ),
    "rollback-of-turning-off": _entry(
        "{run} turned something off or undid another run; it is not undone in its turn.",
        "{run} a désactivé quelque chose ou annulé une autre exécution ; elle ne s'annule pas à son tour.",
        "To turn the feature on again, plan enable-connect-writeback and enable-sspr-writeback anew: they check what is needed.",
        "Pour réactiver, refaites un plan de enable-connect-writeback et enable-sspr-writeback : ils vérifient ce qu'il faut.",
    ),
    "rollback-nothing-changed": _entry(
        "{run} changed nothing: there is nothing to undo.",
        "{run} n'a rien changé : il n'y a rien à annuler.",
    ),
    "rollback-not-undoable": _entry(
        "What {run} did cannot be undone: {settings}.",
        "Ce que {run} a fait ne peut pas être annulé : {settings}.",
        "These are acts and not settings: there is no former state to go back to.",
        "Ce sont des actes et non des réglages : il n'y a pas d'état antérieur à retrouver.",
    ),
    "rollback-by-hand": _entry(
        "{run} was carried out by hand, and nobody read what was set before: {settings}. The kit cannot undo it.",
        "{run} a été exécutée à la main, et personne n'a lu les valeurs d'avant : {settings}. Le kit ne peut pas l'annuler.",
        "Set the page back by hand, or plan enable-sspr-writeback with the values you want in sspr.write_back and sspr.unlock.",
        "Remettez la page à la main, ou planifiez enable-sspr-writeback avec les valeurs voulues dans sspr.write_back et sspr.unlock.",
    ),
    "rollback-wizard": _entry(
        "{run} was carried out by hand in the wizard, and nothing was sent: {settings}. The kit cannot undo it.",
        "{run} a été exécutée à la main dans l'assistant, et rien n'a été envoyé : {settings}. Le kit ne peut pas l'annuler.",
        "Plan disable-writeback: with sync_server.method guided it goes through the pages of the wizard.",
        "Planifiez disable-writeback : avec sync_server.method guided, la procédure parcourt les pages de l'assistant.",
    ),
    "rollback-server-not-read": _entry(
        "Undoing {run} means reading the sync server, and sync_server.method is guided.",
        "Annuler {run} suppose de lire le serveur de synchronisation, et sync_server.method vaut guided.",
        "Use the parameters of that run, or turn writeback off by hand: plan disable-writeback without a rollback.",
        "Utilisez les paramètres de cette exécution, ou désactivez à la main : planifiez disable-writeback sans annulation.",
    ),
    "rollback-outcome-unknown": _entry(
        "What became of {run} is not known: {steps} had been sent and nobody saw the end.",
        "Le sort de {run} n'est pas connu : {steps} avait été envoyé et personne n'en a vu la fin.",
        "Look first: go on with that run or plan its runbook again. Undo it when its outcome is known.",
        "Regardez d'abord : reprenez cette exécution ou refaites un plan de sa procédure. Annulez quand son sort est connu.",
    ),
    "rollback-rules-not-kept": _entry(
        "{run} granted rights, and its record does not tell which access rules there were on {dns}.",
        "{run} a accordé des droits, et son dossier ne dit pas quelles règles d'accès il y avait sur {dns}.",
        "Take the rights back by hand, with dsacls or the security tab of the domain.",
        "Retirez les droits à la main, avec dsacls ou l'onglet Sécurité du domaine.",
    ),
    "rollback-rules-merged": _entry(
        "On {dn} the rights that {run} granted were merged with rules that were there before.",
        "Sur {dn}, les droits accordés par {run} ont été fusionnés avec des règles antérieures.",
        "They cannot be taken apart safely: compare the rules in the journal and set them by hand.",
        "Ils ne peuvent pas être séparés sans risque : comparez les règles dans le journal et réglez-les à la main.",
    ),
}

_FINDINGS: dict[str, Entry] = {
    "changed-since": _entry(
        "The writeback setting was changed after the run {run}: last on {now}, and that run had left it on {then}.",
        "Le réglage a été modifié après l'exécution {run} : le {now}, alors que cette exécution l'avait laissé le {then}.",
        "Find out who changed it and why. To turn the feature off all the same, plan disable-writeback without rollback_of.",
        "Cherchez qui l'a modifié et pourquoi. Pour désactiver tout de même, planifiez disable-writeback sans rollback_of.",
    ),
    "rules-changed-since": _entry(
        "The access rules of the connector account on {dn} are not as the run {run} left them.",
        "Les règles d'accès du compte connecteur sur {dn} ne sont pas telles que l'exécution {run} les a laissées.",
        "Find out who changed them; what that run added is in its journal. Take the rights back by hand if they are not needed.",
        "Cherchez qui les a modifiées ; les ajouts de cette exécution sont dans son journal. Retirez-les à la main si besoin.",
    ),
    "rules-lost": _entry(
        "On {dn} a rule of the connector account is gone that was to stay.",
        "Sur {dn}, une règle du compte connecteur a disparu alors qu'elle devait rester.",
        "Compare the facts of D5 with the domain's security now, and add the rule again.",
        "Comparez les faits de D5 avec la sécurité actuelle du domaine, et rajoutez la règle.",
    ),
    "rules-elsewhere": _entry(
        "The run may also have granted rights on domains out of scope, which nobody read: {domains}.",
        "L'exécution a peut-être aussi accordé des droits sur des domaines hors périmètre, que personne n'a lus : {domains}.",
        "Look at these domains by hand.",
        "Regardez ces domaines à la main.",
    ),
    "rights-stay": _entry(
        "The rights of the connector account stay as they are: turning the feature off does not need them gone.",
        "Les droits du compte connecteur restent tels quels : désactiver la fonction n'exige pas de les retirer.",
    ),
    "not-by-that-run": _entry(
        "The run {run} did not change this, so it is left alone.",
        "L'exécution {run} n'a pas modifié ceci, on n'y touche donc pas.",
    ),
    "undone-already": _entry(
        "This is as it was before the run {run}.",
        "Ceci est comme avant l'exécution {run}.",
    ),
    "acts-stay": _entry(
        "That run also did what cannot be undone: {settings}.",
        "Cette exécution a aussi fait ce qui ne s'annule pas : {settings}.",
    ),
    "portal-first": _entry(
        "Microsoft's clean-up sets both settings of the page On-premises integration to No first. No supported interface "
        "reads them, so this was not checked; the page is gone once the server side is off.",
        "Le nettoyage de Microsoft met d'abord à Non les deux réglages de la page Intégration locale. Aucune interface prise "
        "en charge ne les lit : rien n'a été vérifié ; la page disparaît quand le côté serveur est désactivé.",
        "Run enable-sspr-writeback with sspr.write_back and sspr.unlock false before this.",
        "Exécutez d'abord enable-sspr-writeback avec sspr.write_back et sspr.unlock à false.",
    ),
    "portal-still-on": _entry(
        "A setting of the page On-premises integration is still Yes; Microsoft's clean-up sets both to No first.",
        "Un réglage de la page Intégration locale est encore à Oui ; le nettoyage de Microsoft met d'abord les deux à Non.",
        "Run enable-sspr-writeback with sspr.write_back and sspr.unlock false before this.",
        "Exécutez d'abord enable-sspr-writeback avec sspr.write_back et sspr.unlock à false.",
    ),
    "offboarding-failed": _entry(
        "Offboarding failed, event {event}: {text}",
        "Le retrait a échoué, événement {event} : {text}",
        "Microsoft names two causes: missing permissions, or an administrator's account that is federated. Mend that, then turn "
        "the feature off in the wizard.",
        "Microsoft nomme deux causes : des autorisations manquantes, ou un compte administrateur fédéré. Corrigez, puis "
        "désactivez dans l'assistant.",
    ),
    "turned-on-meanwhile": _entry(
        "Writeback was off when this run looked first, and is on now. This run did not turn it on.",
        "La réécriture était désactivée à la première lecture et ne l'est plus. Cette exécution ne l'a pas activée.",
        "Find out who did, then plan again.",
        "Cherchez qui l'a fait, puis refaites le plan.",
    ),
    "not-offboarded-yet": _entry(
        "The success of offboarding, event 31013, has not been seen yet.",
        "Le succès du retrait, événement 31013, n'a pas encore été vu.",
        "Look at the Application log and plan again later: planning only reads.",
        "Regardez le journal Application et refaites le plan plus tard : le plan ne fait que lire.",
    ),
}

MESSAGES: dict[str, Entry] = {**_REFUSALS, **_FINDINGS}
