"""Messages of the runbooks: why a step is blocked, warned about, or waiting. Sources are with the rules in `runbooks`."""

from __future__ import annotations

from runbook_lib.texts.messages.preflight import PREFLIGHT
from runbook_lib.texts.text import Entry, Text


def _entry(en: str, fr: str, fix_en: str = "", fix_fr: str = "") -> Entry:
    return Entry(Text(en=en, fr=fr), Text(en=fix_en, fr=fix_fr) if fix_en else None)


SERVER: dict[str, Entry] = {
    "not-local-administrator": _entry(
        "{account} is not a local administrator of the sync server.",
        "{account} n'est pas administrateur local du serveur de synchronisation.",
        "The wizard would ask for it; some readings may be incomplete.",
        "L'assistant l'exigerait ; certaines lectures peuvent être incomplètes.",
    ),
    "not-sync-administrator": _entry(
        "{account} is not a member of ADSyncAdmins on the sync server.",
        "{account} n'est pas membre de ADSyncAdmins sur le serveur de synchronisation.",
        "Add the account to that group and sign in anew: membership counts from the next logon.",
        "Ajoutez le compte à ce groupe puis rouvrez une session : l'appartenance compte à la prochaine ouverture.",
    ),
    "connect-not-installed": _entry(
        "Azure AD Connect or its ADSync module is not on this computer.",
        "Azure AD Connect ou son module ADSync n'est pas sur cet ordinateur.",
        "Check sync_server.endpoint: it must be the sync server.",
        "Vérifiez sync_server.endpoint : ce doit être le serveur de synchronisation.",
    ),
    "sync-service-not-running": _entry(
        "The ADSync service is not running: {status}.",
        "Le service ADSync n'est pas démarré : {status}.",
        "Start the service and look in the Application log for why it stopped.",
        "Démarrez le service et cherchez dans le journal Application pourquoi il s'est arrêté.",
    ),
    "wizard-open": _entry(
        "The configuration wizard is open on the server.",
        "L'assistant de configuration est ouvert sur le serveur.",
        "Have it closed: two configurations at once overwrite each other.",
        "Faites-le fermer : deux configurations simultanées s'écrasent l'une l'autre.",
    ),
    "version-not-understood": _entry(
        "The version of Connect is not a version number: {version}.",
        "La version de Connect n'est pas un numéro de version : {version}.",
        "Check the installation on the server.",
        "Vérifiez l'installation sur le serveur.",
    ),
    "connect-too-old": _entry(
        "Connect {version} can no longer synchronize.",
        "Connect {version} ne peut plus synchroniser.",
        "Upgrade to a current 2.x version first.",
        "Passez d'abord à une version 2.x actuelle.",
    ),
    "upgrade-unfinished": _entry(
        "Version {installed} is installed, but {configured} is configured: an upgrade is not finished.",
        "La version {installed} est installée mais {configured} est configurée : une mise à niveau n'est pas terminée.",
        "Finish the upgrade in the wizard, then plan again.",
        "Terminez la mise à niveau dans l'assistant, puis refaites le plan.",
    ),
    "connect-out-of-support": _entry(
        "Connect {version} is below the version that Microsoft requires since {date}.",
        "Connect {version} est antérieur à la version que Microsoft exige depuis le {date}.",
        "Plan an upgrade: synchronization may stop.",
        "Prévoyez une mise à niveau : la synchronisation peut s'arrêter.",
    ),
    "windows-not-supported": _entry(
        "Connect does not support this version of Windows: {system}, {version}.",
        "Connect ne prend pas en charge cette version de Windows : {system}, {version}.",
        "Supported are Windows Server 2016, 2019 and 2022. Plan a move to one of them.",
        "Windows Server 2016, 2019 et 2022 sont pris en charge. Prévoyez de passer à l'un d'eux.",
    ),
    "server-core": _entry(
        "The server has no desktop (Server Core), which Connect does not support.",
        "Le serveur n'a pas de bureau (Server Core), ce que Connect ne prend pas en charge.",
    ),
    "dotnet-too-old": _entry(
        ".NET Framework is older than 4.8 (release {release}).",
        ".NET Framework est antérieur à 4.8 (version {release}).",
        "Install 4.8: writeback depends on it.",
        "Installez la version 4.8 : la réécriture en dépend.",
    ),
    "tls12-off": _entry(
        "TLS 1.2 is turned off for clients on the server.",
        "TLS 1.2 est désactivé pour les clients sur le serveur.",
        "Turn it on and restart the server.",
        "Activez-le puis redémarrez le serveur.",
    ),
    "staging-mode": _entry(
        "This server is in staging mode: it would not write back.",
        "Ce serveur est en mode intermédiaire (staging) : il ne réécrirait pas.",
        "Use the active server.",
        "Utilisez le serveur actif.",
    ),
    "scheduler-suspended": _entry(
        "The scheduler is suspended.",
        "Le planificateur est suspendu.",
        "The wizard suspends it while open. Have it closed; do not resume the scheduler by hand.",
        "L'assistant le suspend tant qu'il est ouvert. Faites-le fermer ; ne relancez pas le planificateur à la main.",
    ),
    "sync-cycle-disabled": _entry(
        "The sync cycle is turned off on this server.",
        "Le cycle de synchronisation est désactivé sur ce serveur.",
        "Find out who turned it off, and why.",
        "Cherchez qui l'a désactivé, et pourquoi.",
    ),
    "maintenance-disabled": _entry(
        "The maintenance task is turned off; it also renews the keys of password reset.",
        "La tâche de maintenance est désactivée ; elle renouvelle aussi les clés de la réinitialisation.",
        "Turn it on again.",
        "Réactivez-la.",
    ),
    "sync-running": _entry(
        "A synchronization is running: {connectors}.",
        "Une synchronisation est en cours : {connectors}.",
        "Wait for it to end; the configuration cannot be changed meanwhile.",
        "Attendez la fin ; la configuration ne peut pas être modifiée entre-temps.",
    ),
    "second-active-server": _entry(
        "Another sync server of this tenant is active: {servers}.",
        "Un autre serveur de synchronisation de ce locataire est actif : {servers}.",
        "Only one active server may write back. Put the other one in staging mode first.",
        "Un seul serveur actif peut réécrire. Mettez d'abord l'autre en mode intermédiaire.",
    ),
    "cloud-connector-not-one": _entry(
        "The server has {count} {count:connector|connectors} to the cloud; exactly one is supported.",
        "Le serveur a {count} {count:connecteur|connecteurs} vers le nuage ; un seul est pris en charge.",
        "Do not go on: which one to change is not certain.",
        "N'allez pas plus loin : lequel modifier n'est pas certain.",
    ),
}

ACCOUNT: dict[str, Entry] = {
    "other-tenant": _entry(
        "Signed in to another tenant: {seen}, not {wanted}.",
        "Connecté à un autre locataire : {seen}, et non {wanted}.",
        "Check tenant.id and the account you sign in with.",
        "Vérifiez tenant.id et le compte utilisé.",
    ),
    "no-administrator-role": _entry(
        "{account} holds neither Hybrid Identity Administrator nor Global Administrator directly.",
        "{account} n'a directement ni le rôle Administrateur d'identité hybride ni Administrateur général.",
        "Assign the role directly, not through a group, and sign in anew.",
        "Attribuez le rôle directement, pas par un groupe, puis reconnectez-vous.",
    ),
    "role-not-held-directly": _entry(
        "{account} holds no role for this page directly; a group may give it, which is not read.",
        "{account} n'a directement aucun rôle pour cette page ; un groupe peut le donner, ce qui n'est pas lu.",
        "If the portal refuses, have Hybrid Identity Administrator assigned and sign in anew.",
        "Si le portail refuse, faites attribuer le rôle Administrateur d'identité hybride puis reconnectez-vous.",
    ),
    "token-cache-in-clear": _entry(
        "The tokens of {account} are kept in clear in a file of this machine, as sign_in.token_cache: plain-file asks.",
        "Les jetons de {account} sont conservés en clair dans un fichier de cette machine, comme le demande "
        "sign_in.token_cache: plain-file.",
        "Whoever gets that file can act as this account. Prefer encrypted or memory, and delete the file when the work is done.",
        "Qui obtient ce fichier peut agir au nom de ce compte. Préférez encrypted ou memory, et supprimez le fichier une "
        "fois le travail terminé.",
    ),
    "federated-account": _entry(
        "{account} is in a federated domain; a managed account is needed.",
        "{account} est dans un domaine fédéré ; il faut un compte géré.",
        "Use a cloud account, such as one in the onmicrosoft.com domain.",
        "Utilisez un compte du nuage, par exemple du domaine onmicrosoft.com.",
    ),
    "no-premium-licence": _entry(
        "The tenant has no usable Entra ID P1 or P2 service plan.",
        "Le locataire n'a pas de plan de service Entra ID P1 ou P2 utilisable.",
        "Writeback needs one of them, also inside a bundle.",
        "La réécriture exige l'un des deux, y compris dans une offre groupée.",
    ),
    "tenant-does-not-synchronize": _entry(
        "The tenant does not synchronize with a directory.",
        "Le locataire ne se synchronise avec aucun annuaire.",
        "Finish the set-up of Connect first.",
        "Terminez d'abord l'installation de Connect.",
    ),
    "server-of-other-tenant": _entry(
        "The sync server belongs to another tenant: {domains}.",
        "Le serveur de synchronisation appartient à un autre locataire : {domains}.",
        "Check tenant.id and sync_server.endpoint: they must belong together.",
        "Vérifiez tenant.id et sync_server.endpoint : ils doivent aller ensemble.",
    ),
    "portal-wants-a-person": _entry(
        "The portal endpoint wants a signed-in person; an application is signed in.",
        "Le point d'accès du portail exige une personne connectée ; c'est une application qui l'est.",
        "Use sign_in.method device-code or interactive, or the provider guided.",
        "Utilisez sign_in.method device-code ou interactive, ou le fournisseur guided.",
    ),
    "portal-sign-in-by-hand": _entry(
        "An application is signed in here; the person at the portal has to have the role.",
        "Ici, c'est une application qui est connectée ; la personne devant le portail doit avoir le rôle.",
        "Sign in to the portal as at least Hybrid Identity Administrator.",
        "Connectez-vous au portail avec au moins le rôle Administrateur d'identité hybride.",
    ),
}

DIRECTORY: dict[str, Entry] = {
    "no-directory-connector": _entry(
        "The server has no connector to an Active Directory.",
        "Le serveur n'a aucun connecteur vers un Active Directory.",
        "Finish the set-up of Connect first.",
        "Terminez d'abord l'installation de Connect.",
    ),
    "no-domain-in-scope": _entry(
        "No domain is selected for synchronization, so there is no user whose password could be written back.",
        "Aucun domaine n'est sélectionné pour la synchronisation : il n'y a aucun utilisateur dont réécrire le mot de passe.",
        "Select the domain in the wizard, page Domain/OU filtering.",
        "Sélectionnez le domaine dans l'assistant, page Filtrage par domaine/unité d'organisation.",
    ),
    "rights-not-judged": _entry(
        "The rights on {domains} were not among the answers.",
        "Les droits sur {domains} ne figurent pas dans les réponses.",
        "Check that these domains can be reached from the sync server, then plan again.",
        "Vérifiez que ces domaines sont joignables depuis le serveur de synchronisation, puis refaites le plan.",
    ),
    "rights-not-readable": _entry(
        "The rights of the connector account could not be read from here.",
        "Les droits du compte connecteur n'ont pas pu être lus d'ici.",
        "Mend the reason given beside this, or have a person look and attest C5.",
        "Corrigez la raison donnée à côté, ou faites vérifier et attester C5 par une personne.",
    ),
    "missing-rights": _entry(
        "{account} lacks on {dn}: {rights}.",
        "Il manque à {account} sur {dn} : {rights}.",
        "Have a domain administrator grant them, or set grant_permissions to true and plan again.",
        "Faites-les accorder par un administrateur du domaine, ou mettez grant_permissions à true et refaites le plan.",
    ),
    "minimum-password-age": _entry(
        "{dn}: a password must be {hours} h old before users may change it.",
        "{dn} : un mot de passe doit avoir {hours} h avant de pouvoir être changé.",
        "Set the minimum password age to 0, or users may be refused.",
        "Mettez l'âge minimal du mot de passe à 0, sinon des utilisateurs peuvent être refusés.",
    ),
    "inheritance-breaks": _entry(
        "Organizational units that do not inherit rights, {count} in all: {units}.",
        "Unités d'organisation qui n'héritent pas des droits, {count} au total : {units}.",
        "Rights granted on the domain do not reach the users there.",
        "Les droits accordés sur le domaine n'atteignent pas les utilisateurs qui s'y trouvent.",
    ),
}

WRITEBACK: dict[str, Entry] = {
    "may-ask-credential": _entry(
        "This build may want a cloud administrator's credential for the change.",
        "Cette version peut demander les informations d'un administrateur du nuage pour la modification.",
        "If it does, the step says so; do it in the wizard then.",
        "Si c'est le cas, l'étape le dit ; faites-la alors dans l'assistant.",
    ),
    "writeback-not-running": _entry(
        "Writeback is on, but its service is {service} and onboarding is {onboarding}.",
        "La réécriture est activée, mais son service est {service} et son inscription {onboarding}.",
        "See the PasswordResetService events; Microsoft's cure is to turn the feature off and on.",
        "Voyez les événements PasswordResetService ; le remède de Microsoft est de désactiver puis réactiver.",
    ),
    "turned-off-meanwhile": _entry(
        "Writeback was on when this run looked first, and is off now. This run did not turn it off.",
        "La réécriture était activée à la première lecture et ne l'est plus. Cette exécution ne l'a pas désactivée.",
        "Find out who did, then plan again.",
        "Cherchez qui l'a fait, puis refaites le plan.",
    ),
    "service-not-started-yet": _entry(
        "The writeback service is not running yet: {service}, onboarding {onboarding}.",
        "Le service de réécriture n'est pas encore démarré : {service}, inscription {onboarding}.",
    ),
    "not-onboarded-yet": _entry(
        "The success of onboarding, event 31005, has not been seen yet.",
        "Le succès de l'inscription, événement 31005, n'a pas encore été vu.",
        "Look at the Application log and plan again later: planning only reads.",
        "Regardez le journal Application et refaites le plan plus tard : le plan ne fait que lire.",
    ),
    "onboarding-failed": _entry(
        "Onboarding failed, event {event}: {text}",
        "L'inscription a échoué, événement {event} : {text}",
        "Check the outbound network (443) and the administrator's account; then turn the feature off and on.",
        "Vérifiez le réseau sortant (443) et le compte administrateur ; puis désactivez et réactivez.",
    ),
    "service-bus-disturbed": _entry(
        "The service bus connection broke after the change, event {event}: {text}",
        "La connexion au bus de services s'est rompue après la modification, événement {event} : {text}",
        "Check the outbound network, and that no second sync server is active.",
        "Vérifiez le réseau sortant, et qu'aucun second serveur de synchronisation n'est actif.",
    ),
    "listener-error": _entry(
        "A relay reported an error, event {event}: {text}",
        "Un relais a signalé une erreur, événement {event} : {text}",
    ),
    "hashes-synchronized-again": _entry(
        "{count} events 656/657: password hashes are synchronized again. That is expected once.",
        "{count} événements 656/657 : les hachages sont resynchronisés. C'est attendu une fois.",
    ),
    "server-differs": _entry(
        "The server differs from how it was found, beyond the one setting: {differences}.",
        "Le serveur diffère de l'état trouvé, au-delà du seul réglage : {differences}.",
        "Find out who changed that; this run did not.",
        "Cherchez qui l'a modifié ; cette exécution ne l'a pas fait.",
    ),
}

PORTAL: dict[str, Entry] = {
    "server-side-off": _entry(
        "Writeback is off on the sync server, so the page is not available.",
        "La réécriture est désactivée sur le serveur, la page n'est donc pas disponible.",
        "Run enable-connect-writeback first.",
        "Exécutez d'abord enable-connect-writeback.",
    ),
    "writeback-unhealthy": _entry(
        "Event {event} at {at} UTC says that writeback does not work now.",
        "L'événement {event} de {at} UTC dit que la réécriture ne fonctionne pas.",
        "Check the outbound network of the server, restart ADSync, then turn the feature off and on.",
        "Vérifiez le réseau sortant du serveur, redémarrez ADSync, puis désactivez et réactivez.",
    ),
    "heartbeat-stale": _entry(
        "No heartbeat of both relays in the last 10 minutes; the last one was at {last}.",
        "Pas de signal des deux relais depuis 10 minutes ; le dernier date de {last}.",
        "Check that ADSync runs and reaches the service bus on port 443.",
        "Vérifiez qu'ADSync fonctionne et atteint le bus de services sur le port 443.",
    ),
    "heartbeat-to-come": _entry(
        "The service has just started; its first heartbeat is still to come.",
        "Le service vient de démarrer ; son premier signal est encore à venir.",
        "Wait up to ten minutes, then look again.",
        "Attendez jusqu'à dix minutes, puis regardez de nouveau.",
    ),
    "scope-not-readable": _entry(
        "Whom self-service reset covers could not be read.",
        "Les utilisateurs couverts n'ont pas pu être lus.",
    ),
    "nobody-in-scope": _entry(
        "Self-service reset covers no user, as far as the report tells.",
        "La réinitialisation libre-service ne couvre aucun utilisateur, selon le rapport.",
        "Set its scope in the portal, or writeback has nothing to do.",
        "Réglez sa portée dans le portail, sinon la réécriture n'a rien à faire.",
    ),
    "portal-fields-disagree": _entry(
        "The fields of the portal endpoint disagree about the first toggle.",
        "Les champs du point d'accès du portail se contredisent sur le premier réglage.",
        "Use the provider guided for this tenant.",
        "Utilisez le fournisseur guided pour ce locataire.",
    ),
    "unsupported-endpoint": _entry(
        "This uses an endpoint that Microsoft does not support.",
        "Ceci utilise un point d'accès que Microsoft ne prend pas en charge.",
        "It may change or be blocked at any time; the supported way is the provider guided.",
        "Il peut changer ou être bloqué à tout moment ; la voie prise en charge est le fournisseur guided.",
    ),
    "attested-other-value": _entry(
        "{by} attested another value of {setting} than the one planned.",
        "{by} a attesté une autre valeur de {setting} que celle du plan.",
        "Look at the page again, correct it or the attestation.",
        "Regardez de nouveau la page, corrigez-la ou corrigez l'attestation.",
    ),
    "audit-disagrees": _entry(
        "The newest audit entry says otherwise: {activity} at {at} UTC.",
        "La dernière entrée d'audit dit le contraire : {activity} à {at} UTC.",
        "Look at the page again.",
        "Regardez de nouveau la page.",
    ),
    "audit-older": _entry(
        "The newest audit entry says otherwise, but is older than the attestation: {activity} at {at} UTC.",
        "La dernière entrée d'audit dit le contraire, mais précède l'attestation : {activity} à {at} UTC.",
        "The log may lag. Look at it again later.",
        "Le journal peut être en retard. Regardez-le de nouveau plus tard.",
    ),
    "no-audit-entry": _entry(
        "The audit log of the last seven days has no entry about writeback; it may lag.",
        "Le journal d'audit des sept derniers jours n'a aucune entrée sur la réécriture ; il peut être en retard.",
    ),
    "audit-not-readable": _entry(
        "The audit log could not be read, so nothing was cross-checked.",
        "Le journal d'audit n'a pas pu être lu, rien n'a donc été recoupé.",
    ),
}

MESSAGES: dict[str, Entry] = {**SERVER, **ACCOUNT, **DIRECTORY, **WRITEBACK, **PORTAL, **PREFLIGHT}
