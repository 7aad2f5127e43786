"""The documented steps in words: our titles, and the labels of Microsoft's pages in both languages, then and now.

Labels of the wizard and the portal are quoted exactly: English from the Microsoft tutorials of 2020 and 2026, French from the
published French procedure. The portal's language is not the operator's, so a guided step shows both.
"""

from __future__ import annotations

from runbook_lib.texts.step_text import RunbookText, StepText
from runbook_lib.texts.text import Text
from runbook_lib.texts.verify_steps import VERIFY_RUNBOOK, VERIFY_STEPS

RUNBOOKS: dict[str, RunbookText] = {
    "preflight": RunbookText(
        Text(
            en="See whether password writeback may be turned on",
            fr="Voir si la réécriture de mot de passe peut être activée",
        ),
        Text(
            en="Everything that the other runbooks look at before they change something, and what surrounds it, in one go: "
            "ready, ready with warnings, or blocked. A blocker in one step does not hide the next.",
            fr="Tout ce que les autres procédures regardent avant de changer quoi que ce soit, et ce qui l'entoure, en une fois : "
            "prêt, prêt avec avertissements, ou bloqué. Un blocage à une étape ne cache pas la suivante.",
        ),
        Text(
            en="An account in ADSyncAdmins on the sync server, and one that may read the tenant.",
            fr="Un compte membre de ADSyncAdmins sur le serveur, et un compte qui peut lire le locataire.",
        ),
        Text(
            en="Seconds; up to a minute more where a firewall swallows connections.",
            fr="Quelques secondes ; jusqu'à une minute de plus si un pare-feu avale les connexions.",
        ),
        Text(en="Nothing: it only reads.", fr="Rien : cette procédure ne fait que lire."),
    ),
    "enable-connect-writeback": RunbookText(
        Text(
            en="Turn on password writeback on the sync server",
            fr="Activer l'écriture différée de mot de passe sur le serveur de synchronisation",
        ),
        Text(
            en="The eight documented steps of the Azure AD Connect (Microsoft Entra Connect) wizard, done over PowerShell: "
            "when a user resets a password in the cloud, it is written back to Active Directory.",
            fr="Les huit étapes documentées de l'assistant Azure AD Connect (Microsoft Entra Connect), faites en PowerShell : "
            "quand un utilisateur réinitialise son mot de passe dans le nuage, il est réécrit dans Active Directory.",
        ),
        Text(
            en="An account in ADSyncAdmins on the sync server, and a Hybrid Identity Administrator in the tenant.",
            fr="Un compte membre de ADSyncAdmins sur le serveur, et un Administrateur d'identité hybride du locataire.",
        ),
        Text(
            en="Planning takes seconds. Applying takes a minute or two; a running synchronization is waited for.",
            fr="Le plan prend quelques secondes. L'application prend une à deux minutes ; une synchronisation en cours est attendue.",
        ),
        Text(
            en="`runbook rollback RUN_DIR` undoes what a run changed; disable-writeback turns the feature off whatever run it was.",
            fr="`runbook rollback RUN_DIR` annule ce qu'une exécution a changé ; disable-writeback désactive dans tous les cas.",
        ),
    ),
    "enable-sspr-writeback": RunbookText(
        Text(
            en="Turn on writeback for self-service password reset in the portal",
            fr="Activer la réécriture pour la réinitialisation de mot de passe en libre-service dans le portail",
        ),
        Text(
            en="The five documented steps of the page On-premises integration: passwords are written back, and users may unlock "
            "their account. Microsoft offers no supported interface for this page, so by default a person does it and attests it.",
            fr="Les cinq étapes documentées de la page Intégration locale : les mots de passe sont réécrits, et les utilisateurs "
            "peuvent déverrouiller leur compte. Microsoft n'offre aucune interface prise en charge pour cette page : par défaut, "
            "une personne le fait et l'atteste.",
        ),
        Text(
            en="A Hybrid Identity Administrator in the tenant; writeback turned on and healthy on the sync server.",
            fr="Un Administrateur d'identité hybride du locataire ; la réécriture active et saine sur le serveur.",
        ),
        Text(en="A few minutes.", fr="Quelques minutes."),
        Text(
            en="Set the two settings back on the same page and save. What a run with provider portal-api changed, "
            "`runbook rollback RUN_DIR` undoes.",
            fr="Remettez les deux réglages sur la même page et enregistrez. Ce qu'une exécution avec portal-api a changé, "
            "`runbook rollback RUN_DIR` l'annule.",
        ),
    ),
    "disable-writeback": RunbookText(
        Text(
            en="Turn off password writeback on the sync server",
            fr="Désactiver l'écriture différée de mot de passe sur le serveur de synchronisation",
        ),
        Text(
            en="The same eight pages of the wizard with the box Password writeback cleared, as Microsoft's clean-up says. With "
            "rollback_of it undoes one earlier run: only what that run changed, and only if nobody changed it since.",
            fr="Les mêmes huit pages de l'assistant, la case Écriture différée de mot de passe décochée, comme le nettoyage de "
            "Microsoft. Avec rollback_of, elle annule une exécution antérieure : seulement ce que celle-ci a changé, et "
            "seulement si personne n'y a touché depuis.",
        ),
        Text(
            en="An account in ADSyncAdmins on the sync server, and a Hybrid Identity Administrator in the tenant. Set the two "
            "portal settings to No first. To take rights back: a domain administrator.",
            fr="Un compte membre de ADSyncAdmins sur le serveur, et un Administrateur d'identité hybride du locataire. Mettez "
            "d'abord à Non les deux réglages du portail. Pour retirer des droits : un administrateur du domaine.",
        ),
        Text(
            en="Planning takes seconds. Applying takes a minute or two; a running synchronization is waited for.",
            fr="Le plan prend quelques secondes. L'application prend une à deux minutes ; une synchronisation en cours est attendue.",
        ),
        Text(
            en="Turn the feature on again with enable-connect-writeback.",
            fr="Réactivez la fonction avec enable-connect-writeback.",
        ),
    ),
    "verify-writeback": VERIFY_RUNBOOK,
}

STEPS: dict[str, StepText] = {
    **VERIFY_STEPS,
    "c1": StepText(
        Text(en="Connect to the sync server", fr="Se connecter au serveur de synchronisation"),
        Text(
            en="Azure AD Connect wizard (now Microsoft Entra Connect)",
            fr="Assistant Azure AD Connect (aujourd'hui Microsoft Entra Connect)",
        ),
        Text(
            en="Reads the computer, the version of Connect, the ADSync service and our rights; makes sure the wizard is closed.",
            fr="Lit l'ordinateur, la version de Connect, le service ADSync et nos droits ; s'assure que l'assistant est fermé.",
        ),
    ),
    "c2": StepText(
        Text(en="See that the server is active and idle", fr="Voir que le serveur est actif et au repos"),
        Text(en="Welcome › Configure", fr="Bienvenue › Configurer"),
        Text(
            en="Reads staging mode and the scheduler, waits for a running cycle, and takes a baseline of the configuration.",
            fr="Lit le mode intermédiaire et le planificateur, attend un cycle en cours, et relève la configuration de départ.",
        ),
    ),
    "c3": StepText(
        Text(en="Identify the connector to the cloud", fr="Identifier le connecteur vers le nuage"),
        Text(
            en="Additional tasks › Customize synchronization options",
            fr="Tâches supplémentaires › Personnaliser les options de synchronisation",
        ),
        Text(
            en="Reads the connectors, the tenant features and today's writeback setting.",
            fr="Lit les connecteurs, les fonctions du locataire et le réglage actuel de la réécriture.",
        ),
    ),
    "c4": StepText(
        Text(en="Sign in to the right tenant", fr="Se connecter au bon locataire"),
        Text(
            en="Connect to Azure AD (now Connect to Microsoft Entra ID)",
            fr="Connexion à Azure AD (aujourd'hui Microsoft Entra ID)",
        ),
        Text(
            en="Reads the signed-in account, its role, the tenant and its licences; the server must belong to that tenant.",
            fr="Lit le compte connecté, son rôle, le locataire et ses licences ; le serveur doit appartenir à ce locataire.",
        ),
    ),
    "c5": StepText(
        Text(en="Check the directories and the rights", fr="Vérifier les annuaires et les droits"),
        Text(
            en="Connect directories › Domain/OU filtering",
            fr="Connexion des annuaires › Filtrage par domaine/unité d'organisation",
        ),
        Text(
            en="Notes the filtering and checks the rights of the AD DS connector account; grants missing ones only if asked to.",
            fr="Relève le filtrage et vérifie les droits du compte connecteur AD DS ; n'accorde les manquants que sur demande.",
        ),
    ),
    "c6": StepText(
        Text(en="Select password writeback", fr="Sélectionner l'écriture différée de mot de passe"),
        Text(
            en="Optional features › Password writeback",
            fr="Fonctionnalités facultatives › Écriture différée de mot de passe",
        ),
        Text(
            en="Stages the switch, as the page does: nothing is sent yet.",
            fr="Prépare le réglage, comme la page : rien n'est encore envoyé.",
        ),
    ),
    "c7": StepText(
        Text(en="Configure, and wait until it works", fr="Configurer, et attendre que cela fonctionne"),
        Text(en="Ready to configure › Configure", fr="Prêt à configurer › Configurer"),
        Text(
            en="Checks everything again, sends the approved plan, and watches the service come up and onboard.",
            fr="Revérifie tout, envoie le plan approuvé, et regarde le service démarrer et s'inscrire.",
        ),
    ),
    "c8": StepText(
        Text(en="Leave the server as it was found", fr="Laisser le serveur comme il a été trouvé"),
        Text(en="Exit", fr="Sortie"),
        Text(
            en="Compares the configuration with the baseline: only the one setting may differ.",
            fr="Compare la configuration au relevé de départ : seul le réglage voulu peut différer.",
        ),
    ),
    "f1": StepText(
        Text(en="Look at the sync server", fr="Regarder le serveur de synchronisation"),
        Text(en="As C1 of enable-connect-writeback", fr="Comme C1 de enable-connect-writeback"),
        Text(
            en="Reads the computer, Connect, its service and our rights, .NET and TLS 1.2.",
            fr="Lit l'ordinateur, Connect, son service et nos droits, .NET et TLS 1.2.",
        ),
    ),
    "f2": StepText(
        Text(en="See that Microsoft supports it", fr="Voir que Microsoft le prend en charge"),
        Text(
            en="Version history and prerequisites of Connect",
            fr="Historique des versions et prérequis de Connect",
        ),
        Text(
            en="Compares Connect with the dated table of versions, and reads Windows, RSAT and the policy on remote SAM calls.",
            fr="Compare Connect à la table datée des versions ; lit Windows, RSAT et la stratégie des appels distants à SAM.",
        ),
    ),
    "f3": StepText(
        Text(en="See that it is active and idle now", fr="Voir qu'il est actif et au repos en ce moment"),
        Text(en="As C2 of enable-connect-writeback", fr="Comme C2 de enable-connect-writeback"),
        Text(
            en="Reads staging mode and the scheduler, also of the other servers that the parameters name; waits for nothing.",
            fr="Lit le mode intermédiaire et le planificateur, aussi des autres serveurs nommés ; n'attend rien.",
        ),
    ),
    "f4": StepText(
        Text(en="Look at the connectors", fr="Regarder les connecteurs"),
        Text(en="As C3 of enable-connect-writeback", fr="Comme C3 de enable-connect-writeback"),
        Text(
            en="Reads the connectors, the tenant features and today's writeback setting.",
            fr="Lit les connecteurs, les fonctions du locataire et le réglage actuel de la réécriture.",
        ),
    ),
    "f5": StepText(
        Text(en="Look at the account and the licence", fr="Regarder le compte et la licence"),
        Text(
            en="As C4 of enable-connect-writeback and P1 of enable-sspr-writeback",
            fr="Comme C4 de enable-connect-writeback et P1 de enable-sspr-writeback",
        ),
        Text(
            en="Reads the signed-in account, its role, the tenant and its service plans.",
            fr="Lit le compte connecté, son rôle, le locataire et ses plans de service.",
        ),
    ),
    "f6": StepText(
        Text(en="Look at the directories and the rights", fr="Regarder les annuaires et les droits"),
        Text(en="As C5 of enable-connect-writeback", fr="Comme C5 de enable-connect-writeback"),
        Text(
            en="Reads the rights of the AD DS connector account, the minimum password age and where inheritance stops.",
            fr="Lit les droits du compte connecteur AD DS, l'âge minimal du mot de passe et où l'héritage s'arrête.",
        ),
    ),
    "f7": StepText(
        Text(en="Look at self-service reset", fr="Regarder la réinitialisation en libre-service"),
        Text(en="As P2 of enable-sspr-writeback", fr="Comme P2 de enable-sspr-writeback"),
        Text(
            en="Reads whom self-service reset covers; once writeback is on, also whether it is alive.",
            fr="Lit qui la réinitialisation couvre ; une fois la réécriture active, aussi si elle est vivante.",
        ),
    ),
    "f8": StepText(
        Text(en="Try the way out to the relays", fr="Essayer l'accès aux relais"),
        Text(
            en="Application log and network of the sync server",
            fr="Journal Application et réseau du serveur de synchronisation",
        ),
        Text(
            en="Finds the tenant's relays in recent events and tries port 443 of each; tells of known errors in the log.",
            fr="Trouve les relais du locataire dans les événements récents, essaie leur port 443 ; signale les erreurs connues du journal.",
        ),
    ),
    "p1": StepText(
        Text(en="Sign in to the portal", fr="Se connecter au portail"),
        Text(
            en="Azure portal (now Microsoft Entra admin center)",
            fr="Portail Azure (aujourd'hui centre d'administration Microsoft Entra)",
        ),
        Text(
            en="Reads the signed-in account, its role and its tenant.",
            fr="Lit le compte connecté, son rôle et son locataire.",
        ),
    ),
    "p2": StepText(
        Text(en="Open On-premises integration", fr="Ouvrir Intégration locale"),
        Text(
            en="Password reset › On-premises integration",
            fr="Réinitialisation du mot de passe › Intégration locale",
        ),
        Text(
            en="Makes sure that the server side is on and alive, and reads whom self-service reset covers.",
            fr="S'assure que le côté serveur est actif et vivant, et lit qui la réinitialisation libre-service couvre.",
        ),
    ),
    "p3": StepText(
        Text(en="Write back passwords", fr="Réécrire les mots de passe"),
        Text(
            en="Write back passwords to your on-premises directory?",
            fr="Réécrire des mots de passe dans votre répertoire local ?",
        ),
        Text(en="Stages the first setting of the page.", fr="Prépare le premier réglage de la page."),
    ),
    "p4": StepText(
        Text(en="Allow unlocking", fr="Autoriser le déverrouillage"),
        Text(
            en="Allow users to unlock accounts without resetting their password?",
            fr="Voulez-vous autoriser les utilisateurs à déverrouiller les comptes sans réinitialiser leur mot de passe ?",
        ),
        Text(en="Stages the second setting of the page.", fr="Prépare le second réglage de la page."),
    ),
    "p5": StepText(
        Text(en="Save", fr="Enregistrer"),
        Text(en="Save", fr="Enregistrer"),
        Text(
            en="Checks again, saves what was staged, and reads it back; or takes a person's attestation and cross-checks it.",
            fr="Revérifie, enregistre ce qui est préparé et le relit ; ou prend l'attestation d'une personne et la recoupe.",
        ),
    ),
}

# Turning off goes through the same pages of the wizard as turning on.
STEPS |= {
    f"d{page}": StepText(title, STEPS[f"c{page}"].where, does or STEPS[f"c{page}"].does)
    for page, title, does in (
        (1, STEPS["c1"].title, None),
        (2, STEPS["c2"].title, None),
        (3, STEPS["c3"].title, None),
        (
            4,
            STEPS["c4"].title,
            Text(
                en="As C4; a licence that is missing does not keep the feature on.",
                fr="Comme C4 ; une licence manquante n'empêche pas de désactiver.",
            ),
        ),
        (
            5,
            Text(en="Note the directories", fr="Relever les annuaires"),
            Text(
                en="Notes the filtering; in a rollback that takes rights back, checks that nobody changed the rules since.",
                fr="Relève le filtrage ; si des droits sont à retirer, vérifie que personne n'a changé les règles depuis.",
            ),
        ),
        (
            6,
            Text(en="Clear password writeback", fr="Décocher l'écriture différée de mot de passe"),
            Text(
                en="Stages turning the feature off; in a rollback, also taking back the rights that the run granted.",
                fr="Prépare la désactivation ; lors d'une annulation, aussi le retrait des droits accordés par l'exécution.",
            ),
        ),
        (
            7,
            Text(en="Configure, and wait until it is off", fr="Configurer, et attendre la désactivation"),
            Text(
                en="Checks everything again, sends the approved plan, and watches the server offboard.",
                fr="Revérifie tout, envoie le plan approuvé, et regarde le serveur se retirer du service.",
            ),
        ),
        (8, STEPS["c8"].title, None),
    )
}

# What a person sets on the page, and what it is called there. Shown in both languages whatever the operator's.
YES, NO = Text(en="Yes", fr="Oui"), Text(en="No", fr="Non")
