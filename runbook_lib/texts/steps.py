"""The documented steps in words: our titles, and the labels of Microsoft's pages in both languages, then and now.

Labels of the wizard and the portal are quoted exactly: English from the Microsoft tutorials of 2020 and 2026, French from the
published French procedure. The portal's language is not the operator's, so a guided step shows both.
"""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.texts.text import Text


@dataclass(frozen=True, slots=True)
class StepText:
    """A step in words: `title` in ours, `where` as the page is labelled, `does` what the kit does there."""

    title: Text
    where: Text
    does: Text


@dataclass(frozen=True, slots=True)
class RunbookText:
    """A runbook in words: what it is for, who may run it, how long it takes, how to undo it."""

    title: Text
    purpose: Text
    needs: Text
    takes: Text
    undo: Text


RUNBOOKS: dict[str, RunbookText] = {
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
            en="Turn the feature off again in the wizard: same pages, clear the box.",
            fr="Désactivez la fonction dans l'assistant : mêmes pages, décochez la case.",
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
            en="Set the two settings back on the same page and save.",
            fr="Remettez les deux réglages sur la même page et enregistrez.",
        ),
    ),
}

STEPS: dict[str, StepText] = {
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

# What a person sets on the page, and what it is called there. Shown in both languages whatever the operator's.
YES, NO = Text(en="Yes", fr="Oui"), Text(en="No", fr="Non")
