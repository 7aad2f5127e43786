"""Messages of the preflight alone. What it shares with the other runbooks is said with theirs."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

PREFLIGHT: dict[str, Entry] = {
    "version-table-old": Entry(
        Text(
            en="The kit's table of Connect versions is of {date}: newer ends of support are missing.",
            fr="La table des versions de Connect du kit date du {date} : des fins de prise en charge plus récentes manquent.",
        ),
        Text(
            en="Compare with Microsoft's version history, or update the kit.",
            fr="Comparez avec l'historique des versions de Microsoft, ou mettez le kit à jour.",
        ),
    ),
    "connect-recalled": Entry(
        Text(en="Microsoft withdrew Connect {version}.", fr="Microsoft a retiré la version {version} de Connect."),
        Text(en="Install a newer version.", fr="Installez une version plus récente."),
    ),
    "connect-newer-than-table": Entry(
        Text(
            en="Connect {version} is newer than the kit's table of {date}.",
            fr="Connect {version} est plus récent que la table du kit, du {date}.",
        ),
    ),
    "connect-not-in-table": Entry(
        Text(
            en="The end of support of Connect {version} is not in the kit's table of {date}.",
            fr="La fin de prise en charge de Connect {version} n'est pas dans la table du kit, du {date}.",
        ),
        Text(
            en="Look it up in Microsoft's version history.",
            fr="Cherchez-la dans l'historique des versions de Microsoft.",
        ),
    ),
    "connect-support-ended": Entry(
        Text(
            en="Microsoft's support of Connect {version} ended on {date} at the latest.",
            fr="La prise en charge de Connect {version} par Microsoft a pris fin le {date} au plus tard.",
        ),
        Text(en="Upgrade before the change.", fr="Mettez à niveau avant le changement."),
    ),
    "connect-support-ends": Entry(
        Text(
            en="Microsoft's support of Connect {version} ends on {date}.",
            fr="La prise en charge de Connect {version} par Microsoft prend fin le {date}.",
        ),
        Text(en="Plan the upgrade.", fr="Prévoyez la mise à niveau."),
    ),
    "directory-module-missing": Entry(
        Text(
            en="The ActiveDirectory module is not installed, so the rights cannot be read from this server.",
            fr="Le module ActiveDirectory n'est pas installé : les droits ne peuvent pas être lus depuis ce serveur.",
        ),
        Text(
            en="Install the Windows feature RSAT-AD-PowerShell on the sync server.",
            fr="Installez la fonctionnalité Windows RSAT-AD-PowerShell sur le serveur de synchronisation.",
        ),
    ),
    "remote-sam-restricted": Entry(
        Text(
            en="A policy restricts remote calls to SAM on this server: {descriptor}.",
            fr="Une stratégie restreint les appels distants à SAM sur ce serveur : {descriptor}.",
        ),
        Text(
            en="If it reaches domain controllers too, it must let the AD DS connector account in; otherwise users see SSPR_0029.",
            fr="Si elle atteint aussi les contrôleurs de domaine, elle doit admettre le compte connecteur AD DS ; sinon les "
            "utilisateurs voient SSPR_0029.",
        ),
    ),
    "rights-to-be-granted": Entry(
        Text(
            en="{account} lacks on {dn}: {rights}. grant_permissions asks the next runbook to grant them.",
            fr="Il manque à {account} sur {dn} : {rights}. grant_permissions demande à la procédure suivante de les accorder.",
        ),
        Text(
            en="Run it as a domain administrator, or have them granted before.",
            fr="Exécutez-la en administrateur du domaine, ou faites-les accorder avant.",
        ),
    ),
    "writeback-not-yet-on": Entry(
        Text(
            en="Writeback is off on the sync server, so there is no portal page and no heartbeat to look at yet.",
            fr="La réécriture est désactivée sur le serveur : il n'y a encore ni page du portail ni signal à regarder.",
        ),
        Text(
            en="Run enable-connect-writeback, then this preflight again before the portal.",
            fr="Exécutez enable-connect-writeback, puis de nouveau ce contrôle avant le portail.",
        ),
    ),
    "pilot-not-in-report": Entry(
        Text(
            en="{user} is not in the tenant's report of self-service reset.",
            fr="{user} n'est pas dans le rapport de réinitialisation en libre-service du locataire.",
        ),
        Text(
            en="Check pilot_user; the report lags by hours.",
            fr="Vérifiez pilot_user ; le rapport a des heures de retard.",
        ),
    ),
    "pilot-not-covered": Entry(
        Text(
            en="Self-service reset does not cover {user}.",
            fr="La réinitialisation en libre-service ne couvre pas {user}.",
        ),
        Text(
            en="Choose a pilot in its scope, or widen the scope in the portal.",
            fr="Choisissez un pilote couvert, ou élargissez la portée dans le portail.",
        ),
    ),
    "pilot-not-registered": Entry(
        Text(
            en="{user} has not registered for self-service reset.",
            fr="{user} ne s'est pas inscrit à la réinitialisation en libre-service.",
        ),
        Text(
            en="Have the pilot register at aka.ms/ssprsetup first.",
            fr="Faites d'abord inscrire le pilote sur aka.ms/ssprsetup.",
        ),
    ),
    "relays-not-known": Entry(
        Text(
            en="No event of the last two days names the tenant's relays, so the way out to them was not tried.",
            fr="Aucun événement des deux derniers jours ne nomme les relais du locataire : leur accès n'a pas été essayé.",
        ),
        Text(
            en="Let the server out on port 443 to: {hosts}. Try by hand on the server: Test-NetConnection -ComputerName {example} "
            "-Port 443. Run this preflight again once writeback is on: then events 31019 name the relays.",
            fr="Ouvrez au serveur le port 443 en sortie vers : {hosts}. Essayez à la main sur le serveur : Test-NetConnection "
            "-ComputerName {example} -Port 443. Relancez ce contrôle une fois la réécriture activée : les événements 31019 "
            "nomment alors les relais.",
        ),
    ),
    "relays-not-reached": Entry(
        Text(
            en="The sync server does not reach port 443 of: {relays} ({seen}).",
            fr="Le serveur de synchronisation n'atteint pas le port 443 de : {relays} ({seen}).",
        ),
        Text(
            en="Open it in the firewall. Connect may use a proxy that this session does not see: then fresh heartbeats tell.",
            fr="Ouvrez-le dans le pare-feu. Connect peut passer par un mandataire que cette session ne voit pas : les signaux "
            "récents en font alors foi.",
        ),
    ),
    "relays-silent": Entry(
        Text(
            en="Port 443 is open, but no answer to a request came from: {relays} ({seen}).",
            fr="Le port 443 est ouvert, mais aucune réponse à une requête n'est venue de : {relays} ({seen}).",
        ),
        Text(
            en="Look for a firewall or proxy that cuts the connection, and for TLS settings of Windows.",
            fr="Cherchez un pare-feu ou un mandataire qui coupe la connexion, et les réglages TLS de Windows.",
        ),
    ),
    "relays-other-answer": Entry(
        Text(
            en="Something else than the relay answered for: {relays} ({seen}).",
            fr="Autre chose que le relais a répondu pour : {relays} ({seen}).",
        ),
        Text(
            en="407 is a proxy that wants a sign-in. Let the server through without one; other answers come from a proxy or "
            "filter in between.",
            fr="407 vient d'un mandataire qui exige une authentification. Laissez passer le serveur sans elle ; d'autres "
            "réponses viennent d'un mandataire ou filtre intermédiaire.",
        ),
    ),
    "relays-not-trusted": Entry(
        Text(
            en="Windows does not trust the certificate shown for: {relays} (issuer: {seen}).",
            fr="Windows ne fait pas confiance au certificat présenté pour : {relays} (émetteur : {seen}).",
        ),
        Text(
            en="If the issuer is yours, exempt the relays from TLS inspection; otherwise install the missing root certificate.",
            fr="Si l'émetteur est le vôtre, exemptez les relais de l'inspection TLS ; sinon installez le certificat racine "
            "manquant.",
        ),
    ),
    "relays-inspected": Entry(
        Text(
            en="The certificate of {relays} is neither Microsoft's nor DigiCert's (issuer: {seen}): TLS is probably opened on the "
            "way.",
            fr="Le certificat de {relays} n'est émis ni par Microsoft ni par DigiCert (émetteur : {seen}) : TLS est sans doute "
            "ouvert en chemin.",
        ),
        Text(
            en="Exempt these hosts from TLS inspection: Microsoft does not support it for Connect.",
            fr="Exemptez ces hôtes de l'inspection TLS : Microsoft ne la prend pas en charge pour Connect.",
        ),
    ),
    "relays-through-proxy": Entry(
        Text(
            en="Reached only through the proxy of Windows: {relays} ({seen}).",
            fr="Atteint seulement par le mandataire de Windows : {relays} ({seen}).",
        ),
        Text(
            en="Connect must use the same proxy, and the proxy must not cut connections that are idle.",
            fr="Connect doit passer par le même mandataire, et celui-ci ne doit pas couper les connexions inactives.",
        ),
    ),
    "users-not-readable": Entry(
        Text(
            en="Single users could not be looked at, for the reason below.",
            fr="Des utilisateurs n'ont pas pu être regardés, pour la raison ci-dessous.",
        ),
        Text(
            en="Look at the effective access of one user by hand, or let this account read the directory.",
            fr="Regardez à la main l'accès effectif d'un utilisateur, ou laissez ce compte lire l'annuaire.",
        ),
    ),
    "pilot-not-in-directory": Entry(
        Text(en="{user} is not in the directory in scope.", fr="{user} n'est pas dans l'annuaire synchronisé."),
        Text(
            en="Choose a synchronized user for pilot_user.", fr="Choisissez un utilisateur synchronisé pour pilot_user."
        ),
    ),
    "pilot-disabled": Entry(
        Text(en="{user} is disabled in the directory.", fr="{user} est désactivé dans l'annuaire."),
        Text(
            en="Choose an enabled user: writeback refuses this one (33005).",
            fr="Choisissez un utilisateur actif : la réécriture refuse celui-ci (33005).",
        ),
    ),
    "pilot-locked-out": Entry(
        Text(en="{user} is locked out in the directory.", fr="{user} est verrouillé dans l'annuaire."),
        Text(
            en="Unlock the user first, or choose another one.",
            fr="Déverrouillez d'abord l'utilisateur, ou choisissez-en un autre.",
        ),
    ),
    "users-protected": Entry(
        Text(
            en="Protected as administrators (adminCount): {users}. Writeback refuses them by design (33004).",
            fr="Protégés comme administrateurs (adminCount) : {users}. La réécriture les refuse par conception (33004).",
        ),
        Text(
            en="Choose another pilot. If they are administrators no more, clear adminCount and turn inheritance on again.",
            fr="Choisissez un autre pilote. S'ils ne sont plus administrateurs, effacez adminCount et réactivez l'héritage.",
        ),
    ),
    "users-without-inheritance": Entry(
        Text(
            en="These users do not inherit rights: {users}.", fr="Ces utilisateurs n'héritent pas des droits : {users}."
        ),
        Text(
            en="Turn inheritance on for them, or grant the rights on them.",
            fr="Activez l'héritage pour eux, ou accordez-leur les droits directement.",
        ),
    ),
    "rights-missing-on-users": Entry(
        Text(en="{account} lacks on {users}: {rights}.", fr="Il manque à {account} sur {users} : {rights}."),
        Text(
            en="Look on these users for rules that deny, inheritance that is off, and their class; changes take an hour to spread.",
            fr="Cherchez sur ces utilisateurs un refus, un héritage coupé, et leur classe ; un changement met une heure à se propager.",
        ),
    ),
    "inetorgperson-not-covered": Entry(
        Text(
            en="The rights on {dn} are for class user; they do not reach users of class inetOrgPerson.",
            fr="Les droits sur {dn} valent pour la classe user ; ils n'atteignent pas ceux de la classe inetOrgPerson.",
        ),
        Text(
            en="If you have such users, grant the same rights for that class.",
            fr="Si vous avez de tels utilisateurs, accordez les mêmes droits pour cette classe.",
        ),
    ),
    "users-not-covered": Entry(
        Text(
            en="Self-service reset does not cover, of {total} sampled users: {users}.",
            fr="La réinitialisation en libre-service ne couvre pas, sur {total} utilisateurs regardés : {users}.",
        ),
        Text(
            en="Widen its scope in the portal if it is meant for them. The report lags by hours.",
            fr="Élargissez la portée dans le portail si elle leur est destinée. Le rapport a des heures de retard.",
        ),
    ),
    "users-not-registered": Entry(
        Text(
            en="Not registered for self-service reset, of {total} sampled users: {users}.",
            fr="Non inscrits à la réinitialisation en libre-service, sur {total} utilisateurs regardés : {users}.",
        ),
        Text(
            en="Have users register before you count on it. The report lags by hours.",
            fr="Faites inscrire les utilisateurs avant de compter dessus. Le rapport a des heures de retard.",
        ),
    ),
    "users-not-in-report": Entry(
        Text(
            en="Not in the report of self-service reset, of {total} sampled users: {users}.",
            fr="Absents du rapport de libre-service, sur {total} utilisateurs regardés : {users}.",
        ),
        Text(
            en="The report lags by hours; look again tomorrow.",
            fr="Le rapport a des heures de retard ; regardez demain.",
        ),
    ),
}
