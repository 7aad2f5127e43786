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
            en="No event of the last two days names the tenant's relays, so the way to them was not tried.",
            fr="Aucun événement des deux derniers jours ne nomme les relais du locataire : leur accès n'a pas été essayé.",
        ),
        Text(
            en="Let the server reach *.servicebus.windows.net, or its equal in your cloud, on port 443.",
            fr="Laissez le serveur atteindre *.servicebus.windows.net, ou son équivalent dans votre nuage, sur le port 443.",
        ),
    ),
    "relays-not-reached": Entry(
        Text(
            en="The sync server has no direct connection to port 443 of: {relays}.",
            fr="Le serveur de synchronisation n'a pas de connexion directe au port 443 de : {relays}.",
        ),
        Text(
            en="Open it in the firewall. Where Connect uses a proxy, fresh heartbeats show that it works.",
            fr="Ouvrez-le dans le pare-feu. Si Connect passe par un mandataire, des signaux récents montrent que cela marche.",
        ),
    ),
}
