"""What the facts are called when a person reads them. Evidence keeps the neutral names."""

from __future__ import annotations

import re

from runbook_lib.texts.text import Language, Text

# Settings that a plan may change, but for the rights of an account.
SETTING_NAMES: dict[str, Text] = {
    "Password writeback": Text(en="Password writeback", fr="Écriture différée de mot de passe"),
    "Write back passwords to your on-premises directory": Text(
        en="Write back passwords to your on-premises directory",
        fr="Réécrire des mots de passe dans votre répertoire local",
    ),
    "Allow users to unlock accounts without resetting their password": Text(
        en="Allow users to unlock accounts without resetting their password",
        fr="Autoriser les utilisateurs à déverrouiller les comptes sans réinitialiser leur mot de passe",
    ),
    "ADSync service": Text(en="ADSync service", fr="Service ADSync"),
    "Delta synchronization cycle": Text(en="Delta synchronization cycle", fr="Cycle de synchronisation delta"),
}


# Whoever approves a grant must understand how far it reaches.
_RIGHTS = re.compile(r"rights of (?P<account>.+) \(all domains of the forest\)")
_RIGHTS_NAME = Text(
    en="rights of {account} (all domains of the forest)", fr="droits de {account} (tous les domaines de la forêt)"
)
_PASSWORD = re.compile(r"password of (?P<user>.+)")
_PASSWORD_NAME = Text(en="password of {user}", fr="mot de passe de {user}")


# Whose rules are taken off again: those of one run, and no others.
_GRANTED = re.compile(r"rights granted by run (?P<run>.+)")
_GRANTED_NAME = Text(en="rights granted by run {run}", fr="droits accordés par l'exécution {run}")


def setting_name(setting: str, language: Language) -> str:
    """Return what a setting of a change is called; what has no name of its own stays as it is."""
    if rights := _RIGHTS.fullmatch(setting):
        return _RIGHTS_NAME.say(language, account=rights["account"])
    if password := _PASSWORD.fullmatch(setting):
        return _PASSWORD_NAME.say(language, user=password["user"])
    if granted := _GRANTED.fullmatch(setting):
        return _GRANTED_NAME.say(language, run=granted["run"])
    known = SETTING_NAMES.get(setting)
    return known.say(language) if known else setting


# What stands before a colon: French wants a space there.
LABELLED = Text(en="{label}: {text}", fr="{label} : {text}")


# Values that are words of ours.
VALUE_NAMES: dict[str, Text] = {
    "random-password": Text(en="a random password that nobody knows", fr="un mot de passe aléatoire inconnu de tous"),
    "restarted": Text(en="restarted", fr="redémarré"),
    "started": Text(en="started", fr="démarré"),
}


def value_name(value: object, language: Language) -> object:
    """Return a value of a change as a person reads it; what is no word of ours stays as it is."""
    known = VALUE_NAMES.get(value) if isinstance(value, str) else None
    return known.say(language) if known else value


# Facts that are on or off; any other that is true or false answers a question.
SWITCHES = frozenset(
    {
        "maintenance-enabled",
        "password-hash-sync",
        "staging-mode",
        "sync-cycle-enabled",
        "unlock",
        "write-back",
        "writeback",
    }
)

# What it means that a look found no value: of these facts in words of their own, of any other in the general ones.
NONE_SEEN = Text(en="none found", fr="rien trouvé")
ABSENT_FACTS: dict[str, Text] = {
    "directory-sync": Text(en="never synchronized", fr="jamais synchronisé"),
    "last-heartbeat": Text(en="none seen in the server's log", fr="aucun vu dans le journal du serveur"),
    "last-sync": Text(en="never synchronized", fr="jamais synchronisé"),
    "modified": Text(en="the server does not say", fr="le serveur ne le dit pas"),
    "onboarded-at": Text(en="not seen in the server's log", fr="pas vu dans le journal du serveur"),
    "pilot-password-set-at": Text(en="to be changed at the next sign-in", fr="à changer à la prochaine connexion"),
    "registry": Text(en="not set", fr="non défini"),
    "remote-sam-policy": Text(en="no policy sets it", fr="aucune stratégie ne la définit"),
    "service-started-at": Text(en="not seen in the server's log", fr="pas vu dans le journal du serveur"),
    "support-ends": Text(en="no end announced", fr="aucune fin annoncée"),
}
NOT_SAID = Text(en="not said", fr="non précisé")

FACT_NAMES: dict[str, Text] = {
    "account": Text(en="Account", fr="Compte"),
    "account-kind": Text(en="Kind of account", fr="Type de compte"),
    "account-rules": Text(en="Access rules of the connector account", fr="Règles d'accès du compte connecteur"),
    "administrator": Text(en="Local administrator", fr="Administrateur local"),
    "cloud-connector": Text(en="Connector to the cloud", fr="Connecteur vers le nuage"),
    "computer": Text(en="Computer", fr="Ordinateur"),
    "configuration-digest": Text(en="Digest of the configuration", fr="Empreinte de la configuration"),
    "configured-version": Text(en="Configured version", fr="Version configurée"),
    "connect-version": Text(en="Installed version", fr="Version installée"),
    "connector-accounts": Text(en="AD DS connector accounts", fr="Comptes connecteurs AD DS"),
    "connectors": Text(en="Connectors", fr="Connecteurs"),
    "differences": Text(en="Differences from the baseline", fr="Différences avec le relevé de départ"),
    "directory-module": Text(en="ActiveDirectory module", fr="Module ActiveDirectory"),
    "directory-sync": Text(en="Synchronizes with a directory", fr="Synchronisé avec un annuaire"),
    "events": Text(en="Events since", fr="Événements depuis"),
    "filtering": Text(en="Containers in scope", fr="Conteneurs inclus"),
    "inheritance-breaks": Text(en="Units without inheritance", fr="Unités sans héritage"),
    "last-heartbeat": Text(en="Last heartbeat", fr="Dernier signal"),
    "last-sync": Text(en="Last synchronization", fr="Dernière synchronisation"),
    "maintenance-enabled": Text(en="Maintenance task", fr="Tâche de maintenance"),
    "minimum-password-age-seconds": Text(en="Minimum password age (s)", fr="Âge minimal du mot de passe (s)"),
    "missing-on-users": Text(en="Missing on users", fr="Manquants sur des utilisateurs"),
    "missing-rights": Text(en="Missing rights", fr="Droits manquants"),
    "modified": Text(en="Setting last changed", fr="Réglage modifié le"),
    "newest-switch": Text(en="Newest audit entry", fr="Dernière entrée d'audit"),
    "next-cycle": Text(en="Next cycle", fr="Prochain cycle"),
    "offboarding-event": Text(en="Event 31013 seen", fr="Événement 31013 vu"),
    "onboarded-at": Text(en="Onboarded at", fr="Inscrit le"),
    "onboarding": Text(en="Onboarding required", fr="Inscription requise"),
    "onboarding-event": Text(en="Event 31005 seen", fr="Événement 31005 vu"),
    "operating-system": Text(en="Operating system", fr="Système d'exploitation"),
    "other-active-servers": Text(en="Other active servers", fr="Autres serveurs actifs"),
    "password-hash-sync": Text(en="Password hash synchronization", fr="Synchronisation des hachages"),
    "pilot": Text(en="Pilot user", fr="Utilisateur pilote"),
    "pilot-admin-count": Text(en="AdminCount of the pilot", fr="AdminCount du pilote"),
    "pilot-enabled": Text(en="Pilot enabled in the tenant", fr="Pilote activé dans le locataire"),
    "pilot-in-directory": Text(en="Pilot in the directory", fr="Pilote dans l'annuaire"),
    "pilot-locked": Text(en="Pilot locked", fr="Pilote verrouillé"),
    "pilot-password-set-at": Text(en="Password of the pilot set at", fr="Mot de passe du pilote défini le"),
    "pilot-roles": Text(en="Roles of the pilot", fr="Rôles du pilote"),
    "pilot-synchronized": Text(en="Pilot synchronized", fr="Pilote synchronisé"),
    "premium-plans": Text(en="Premium service plans", fr="Plans de service premium"),
    "registered": Text(en="Registered users", fr="Utilisateurs inscrits"),
    "registry": Text(en="Registry (.NET, TLS)", fr="Registre (.NET, TLS)"),
    "relay-answers": Text(en="Answers of the relays", fr="Réponses des relais"),
    "relay-certificates": Text(en="Issuers of the relays' certificates", fr="Émetteurs des certificats des relais"),
    "relays": Text(en="Direct connection to the relays", fr="Connexion directe aux relais"),
    "remote-sam-policy": Text(en="Policy on remote SAM calls", fr="Stratégie des appels distants à SAM"),
    "rights-missing-on-users": Text(en="Rights missing on users", fr="Droits manquants sur des utilisateurs"),
    "roles": Text(en="Administrator roles", fr="Rôles d'administrateur"),
    "running": Text(en="Running now", fr="En cours"),
    "service-started-at": Text(en="Service started at", fr="Service démarré le"),
    "service": Text(en="Service", fr="Service"),
    "staging-mode": Text(en="Staging mode", fr="Mode intermédiaire"),
    "support-ends": Text(en="Supported until", fr="Pris en charge jusqu'au"),
    "suspended": Text(en="Scheduler suspended", fr="Planificateur suspendu"),
    "sync-administrator": Text(en="Member of ADSyncAdmins", fr="Membre de ADSyncAdmins"),
    "sync-cycle-enabled": Text(en="Sync cycle", fr="Cycle de synchronisation"),
    "tenant": Text(en="Tenant", fr="Locataire"),
    "unlock": Text(en="Unlock without reset", fr="Déverrouillage sans réinitialisation"),
    "users": Text(en="Users looked at", fr="Utilisateurs regardés"),
    "users-looked-at": Text(en="Users looked at", fr="Utilisateurs regardés"),
    "users-in-scope": Text(en="Users in scope", fr="Utilisateurs couverts"),
    "version-table": Text(en="Table of versions of", fr="Table des versions du"),
    "windows-version": Text(en="Version of Windows", fr="Version de Windows"),
    "wizard-open": Text(en="Wizard open", fr="Assistant ouvert"),
    "write-back": Text(en="Write back passwords", fr="Réécrire les mots de passe"),
    "writeback": Text(en="Password writeback", fr="Écriture différée de mot de passe"),
}
