"""The words of the form of parameters: what each field is called, what it is for, and what each choice means."""

from __future__ import annotations

from runbook_lib.texts.panels import records
from runbook_lib.texts.panels.field import FieldWords
from runbook_lib.texts.text import Text

# By the section's key; keys that stand alone are grouped under the first of them.
SECTION_TITLES: dict[str, Text] = {
    "profile": Text(en="Where and in which language", fr="Où et en quelle langue"),
    "tenant": Text(en="Tenant", fr="Locataire"),
    "sync_server": Text(en="Sync server", fr="Serveur de synchronisation"),
    "sign_in": Text(en="Sign-in to the tenant", fr="Connexion au locataire"),
    "sspr": Text(en="Self-service password reset", fr="Réinitialisation du mot de passe en libre-service"),
    "connect": Text(en="Azure AD Connect: service and waiting", fr="Azure AD Connect : service et attente"),
    "grant_permissions": Text(en="Rights and pilot", fr="Droits et utilisateur pilote"),
    "change": Text(en="Change record", fr="Demande de changement"),
    "evidence": Text(en="Signatures and evidence", fr="Signatures et preuves"),
}

FIELD_WORDS: dict[str, FieldWords] = {
    "profile": FieldWords(
        Text(en="Profile", fr="Profil"),
        Text(
            en="The lab is made up and lies on this machine. Live reaches real systems.",
            fr="Le laboratoire est fictif et se trouve sur cette machine. Le réel atteint de vrais systèmes.",
        ),
    ),
    "language": FieldWords(
        Text(en="Language", fr="Langue"),
        Text(en="The language of cards and records.", fr="La langue des fiches et des dossiers."),
    ),
    "tenant.id": FieldWords(
        Text(en="Tenant id", fr="Identifiant du locataire"),
        Text(
            en="A GUID: Microsoft Entra admin center > Overview > Tenant ID. Signing in to any other tenant stops the run.",
            fr="Un GUID : centre d'administration Microsoft Entra > Vue d'ensemble > ID de locataire. Une connexion à un autre locataire arrête l'exécution.",
        ),
    ),
    "tenant.name": FieldWords(
        Text(en="Short name", fr="Nom court"),
        Text(
            en="Your own name for it, used for the folder of the records: lower-case letters, digits, dots, hyphens.",
            fr="Votre nom pour lui, utilisé pour le dossier des exécutions : minuscules, chiffres, points, tirets.",
        ),
    ),
    "tenant.cloud": FieldWords(
        Text(en="National cloud", fr="Cloud national"),
        Text(
            en="The national cloud that the tenant belongs to.", fr="Le cloud national auquel appartient le locataire."
        ),
    ),
    "sync_server.method": FieldWords(
        Text(en="How its steps are done", fr="Comment ses étapes sont faites"),
        Text(
            en="By hand where WinRM is not allowed: a person goes through the wizard on the server and attests it.",
            fr="À la main là où WinRM n'est pas permis : une personne parcourt l'assistant sur le serveur et l'atteste.",
        ),
    ),
    "sync_server.endpoint": FieldWords(
        Text(en="WinRM address", fr="Adresse WinRM"),
        Text(
            en="In full, with its port, such as https://sync1.contoso.com:5986/wsman.",
            fr="En entier, avec son port, par exemple https://sync1.contoso.com:5986/wsman.",
        ),
    ),
    "sync_server.transport": FieldWords(
        Text(en="Way of signing in", fr="Mode de connexion"),
        Text(
            en="How to sign in to the server. It decides which fields below are needed.",
            fr="Comment se connecter au serveur. Il décide des champs nécessaires ci-dessous.",
        ),
    ),
    "sync_server.ca_file": FieldWords(
        Text(en="File of trusted authorities", fr="Fichier des autorités de confiance"),
        Text(
            en="PEM file, when this machine does not trust the server's certificate already.",
            fr="Fichier PEM, quand cette machine ne fait pas déjà confiance au certificat du serveur.",
        ),
    ),
    "sync_server.username": FieldWords(
        Text(en="Account on the server", fr="Compte sur le serveur"),
        Text(
            en="DOMAIN\\name, name@domain or name. With kerberos name@REALM, or nothing to use your ticket.",
            fr="DOMAINE\\nom, nom@domaine ou nom. Avec kerberos nom@REALM, ou rien pour utiliser votre ticket.",
        ),
    ),
    "sync_server.password": FieldWords(
        Text(en="Reference to the password", fr="Référence au mot de passe"),
        Text(
            en="Where the password is kept, never the password itself.",
            fr="Où le mot de passe est gardé, jamais le mot de passe lui-même.",
        ),
    ),
    "sync_server.certificate_file": FieldWords(
        Text(en="Client certificate", fr="Certificat client"),
        Text(en="PEM file.", fr="Fichier PEM."),
    ),
    "sync_server.key_file": FieldWords(
        Text(en="Private key of the certificate", fr="Clé privée du certificat"),
        Text(en="PEM file that only you can read.", fr="Fichier PEM que vous seul pouvez lire."),
    ),
    "sync_server.deadline_seconds": FieldWords(
        Text(en="Longest exchange, in seconds", fr="Durée maximale d'un échange, en secondes"),
        Text(en="From 10 to 3600.", fr="De 10 à 3600."),
    ),
    "sync_server.other_endpoints": FieldWords(
        Text(en="Other sync servers", fr="Autres serveurs de synchronisation"),
        Text(
            en="One WinRM address a line. They must be in staging mode, and are only read.",
            fr="Une adresse WinRM par ligne. Ils doivent être en mode intermédiaire (staging), et sont seulement lus.",
        ),
    ),
    "sync_server.use_environment_proxy": FieldWords(
        Text(en="Go through the proxy of the environment", fr="Passer par le proxy de l'environnement"),
        Text(
            en="Only when the server is reached through the proxy that the environment variables name.",
            fr="Seulement si le serveur est atteint par le proxy que nomment les variables d'environnement.",
        ),
    ),
    "sync_server.kerberos_hostname": FieldWords(
        Text(en="Name in the server's service principal", fr="Nom dans le principal de service du serveur"),
        Text(
            en="When the address is an alias or a number.", fr="Quand l'adresse est un alias ou une adresse numérique."
        ),
    ),
    "sync_server.kerberos_delegation": FieldWords(
        Text(en="Delegate the ticket", fr="Déléguer le ticket"),
        Text(
            en="Lets the server act as you towards domain controllers.",
            fr="Permet au serveur d'agir en votre nom auprès des contrôleurs de domaine.",
        ),
    ),
    "sign_in.method": FieldWords(
        Text(en="Way of signing in", fr="Mode de connexion"),
        Text(
            en="A person or an application. It decides which fields below are needed.",
            fr="Une personne ou une application. Il décide des champs nécessaires ci-dessous.",
        ),
    ),
    "sign_in.client_id": FieldWords(
        Text(en="Application (client) id", fr="Identifiant de l'application (client)"),
        Text(
            en="A GUID: that of your own app registration.",
            fr="Un GUID : celui de votre propre inscription d'application.",
        ),
    ),
    "sign_in.secret": FieldWords(
        Text(en="Reference to the client secret", fr="Référence au secret client"),
        Text(
            en="Where the secret is kept, never the secret itself.",
            fr="Où le secret est gardé, jamais le secret lui-même.",
        ),
    ),
    "sign_in.certificate_file": FieldWords(
        Text(en="Certificate of the application", fr="Certificat de l'application"),
        Text(en="PEM file.", fr="Fichier PEM."),
    ),
    "sign_in.key_file": FieldWords(
        Text(en="Private key of the application", fr="Clé privée de l'application"),
        Text(
            en="PEM file, when the key is not in the certificate's file.",
            fr="Fichier PEM, si la clé n'est pas dans le fichier du certificat.",
        ),
    ),
    "sign_in.key_password": FieldWords(
        Text(en="Reference to the key's password", fr="Référence au mot de passe de la clé"),
        Text(
            en="Where it is kept, when the private key has one.",
            fr="Où il est gardé, si la clé privée en a un.",
        ),
    ),
    "sign_in.token_cache": FieldWords(
        Text(en="Keep the sign-in", fr="Garder la connexion"),
        Text(
            en="Where a person's tokens are kept; docs/going-live.md says what that means.",
            fr="Où sont gardés les jetons d'une personne ; docs/going-live.md en dit les conséquences.",
        ),
    ),
    "sspr.provider": FieldWords(
        Text(en="How the portal page is set", fr="Comment la page du portail est réglée"),
        Text(en="P3 to P5 are done this way.", fr="P3 à P5 sont faites ainsi."),
    ),
    "sspr.write_back": FieldWords(
        Text(en="Write back passwords", fr="Réécrire les mots de passe"),
        Text(
            en="Write back passwords to your on-premises directory.",
            fr="Réécrire les mots de passe dans votre annuaire local.",
        ),
    ),
    "sspr.unlock": FieldWords(
        Text(en="Unlock without a reset", fr="Déverrouiller sans réinitialiser"),
        Text(
            en="Allow users to unlock accounts without resetting their password.",
            fr="Autoriser les utilisateurs à déverrouiller leur compte sans réinitialiser leur mot de passe.",
        ),
    ),
    "connect.restart_service": FieldWords(
        Text(en="Restart the service after the change", fr="Redémarrer le service après le changement"),
        Text(
            en="The synchronization service ADSync; only together with a change.",
            fr="Le service de synchronisation ADSync ; seulement avec un changement.",
        ),
    ),
    "connect.start_delta_cycle": FieldWords(
        Text(en="Start a delta cycle at the end", fr="Lancer un cycle delta à la fin"),
        Text(en="Only together with a change.", fr="Seulement avec un changement."),
    ),
    "connect.wait_seconds": FieldWords(
        Text(en="Longest wait, in seconds", fr="Attente maximale, en secondes"),
        Text(
            en="From 0 to 3600: for a running cycle, and for signs that the change has taken effect.",
            fr="De 0 à 3600 : pour un cycle en cours, et pour les signes que le changement a pris effet.",
        ),
    ),
    "grant_permissions": FieldWords(
        Text(en="Grant missing rights", fr="Accorder les droits manquants"),
        Text(
            en="Plans to give the connector account the rights that it lacks in the directory.",
            fr="Prévoit de donner au compte connecteur les droits qui lui manquent dans l'annuaire.",
        ),
    ),
    "pilot_user": FieldWords(
        Text(en="Pilot user", fr="Utilisateur pilote"),
        Text(
            en="A test user, name@domain. verify-writeback replaces their password, after approval.",
            fr="Un utilisateur de test, nom@domaine. verify-writeback remplace son mot de passe, après approbation.",
        ),
    ),
    **records.FIELD_WORDS,
}

_ON_DISK = Text(
    en="a file kept on disk, protected by its rights only", fr="un fichier sur disque, protégé par ses seuls droits"
)

CHOICE_WORDS: dict[str, dict[str, Text]] = {
    "profile": {
        "lab": Text(en="the built-in lab on this machine", fr="le laboratoire intégré, sur cette machine"),
        "live": Text(en="a real tenant and a real server", fr="un vrai locataire et un vrai serveur"),
    },
    "language": {"fr": Text(en="French", fr="français"), "en": Text(en="English", fr="anglais")},
    "tenant.cloud": {
        "global": Text(en="worldwide", fr="mondial"),
        "us-gov-l4": Text(en="US government, level 4", fr="gouvernement des États-Unis, niveau 4"),
        "us-gov-l5": Text(en="US government, level 5 (DoD)", fr="gouvernement des États-Unis, niveau 5 (DoD)"),
        "china": Text(en="operated by 21Vianet", fr="exploité par 21Vianet"),
    },
    "sync_server.method": {
        "powershell": Text(en="by the kit, over WinRM", fr="par le kit, par WinRM"),
        "guided": Text(en="by hand in the wizard, then attested", fr="à la main dans l'assistant, puis attesté"),
    },
    "sync_server.transport": {
        "basic": Text(en="user name and password, over TLS", fr="nom et mot de passe, sur TLS"),
        "certificate": Text(en="client certificate, over TLS", fr="certificat client, sur TLS"),
        "ntlm": Text(en="user name and password, never sent", fr="nom et mot de passe, jamais envoyé"),
        "kerberos": Text(en="your own ticket", fr="votre propre ticket"),
        "credssp": Text(en="user name and password, handed to the server", fr="nom et mot de passe, remis au serveur"),
    },
    "sign_in.method": {
        "device-code": Text(en="a person, with a code", fr="une personne, avec un code"),
        "interactive": Text(en="a person, in the browser", fr="une personne, dans le navigateur"),
        "certificate": Text(en="an application, with a certificate", fr="une application, avec un certificat"),
        "secret": Text(en="an application, with a secret", fr="une application, avec un secret"),
        "managed-identity": Text(en="the Azure machine itself", fr="la machine Azure elle-même"),
    },
    "sign_in.token_cache": {
        "memory": Text(en="until the run ends", fr="jusqu'à la fin de l'exécution"),
        "encrypted": Text(
            en="for later runs, encrypted by the system", fr="pour d'autres exécutions, chiffrée par le système"
        ),
        "plain-file": _ON_DISK,
    },
    "sspr.provider": {
        "guided": Text(en="by hand in the portal, then attested", fr="à la main dans le portail, puis attesté"),
        "portal-api": Text(
            en="through the portal's own interface, not supported by Microsoft",
            fr="par l'interface propre du portail, non prise en charge par Microsoft",
        ),
    },
    "change.system": {
        "none": Text(en="no change record", fr="pas de demande de changement"),
        "servicenow": Text(en="ServiceNow", fr="dans ServiceNow"),
        "jira-cloud": Text(en="Jira Cloud", fr="dans Jira Cloud"),
        "jira-data-center": Text(en="Jira Data Center", fr="dans Jira Data Center"),
    },
}

# How a reference to a secret looks, and where it leads. `{name}` is what stands after the colon.
SECRET_KINDS: dict[str, Text] = {
    "env": Text(en="the environment variable {name}", fr="la variable d'environnement {name}"),
    "keyring": Text(
        en="the entry {name} of this machine's keyring", fr="l'entrée {name} du trousseau de cette machine"
    ),
    "file": Text(en="the file {name}, which only you may read", fr="le fichier {name}, que vous seul pouvez lire"),
    "prompt": Text(
        en="you are asked, without echo, when it is needed", fr="il vous est demandé, sans écho, au moment voulu"
    ),
    "lab": Text(en="the secret {name} of the running lab", fr="le secret {name} du laboratoire en marche"),
    "keyvault": Text(en="the secret {name} in Azure Key Vault", fr="le secret {name} dans Azure Key Vault"),
}

# What to do about a problem, where the message of the catalogue speaks of a file and its quotes.
FORM_FIXES: dict[str, Text] = {
    "parameter-missing": Text(en="Fill it in.", fr="Remplissez-le."),
    "parameter-needed-with": Text(en="Fill it in.", fr="Remplissez-le."),
    "parameter-unused-with": Text(
        en="Empty it, or choose the way of signing in that uses it.",
        fr="Videz-le, ou choisissez le mode de connexion qui l'utilise.",
    ),
    "parameter-not-a-number": Text(en="Write decimal digits only.", fr="N'écrivez que des chiffres décimaux."),
    "parameter-not-a-choice": Text(en="Choose one from the list.", fr="Choisissez dans la liste."),
    "parameter-not-a-choice-near": Text(en="Choose one from the list.", fr="Choisissez dans la liste."),
    "parameter-hidden-character": Text(en="Type the value again.", fr="Saisissez la valeur à nouveau."),
    "parameter-not-a-user": Text(
        en="Write DOMAIN\\name, name@contoso.com or name, without quotes.",
        fr="Écrivez DOMAINE\\nom, nom@contoso.com ou nom, sans guillemets.",
    ),
    "parameter-not-a-file": Text(en="Write a path, without quotes.", fr="Écrivez un chemin, sans guillemets."),
    "parameter-not-a-change-number": Text(
        en="It looks like CHG0030042 or OPS-1234, without quotes.",
        fr="Il ressemble à CHG0030042 ou OPS-1234, sans guillemets.",
    ),
    "secret-literal": Text(
        en="Write where it is kept: env:NAME, keyring:service/user, keyvault:vault/name, file:path or prompt:label. "
        "What stood there was not taken over.",
        fr="Indiquez où il est gardé : env:NOM, keyring:service/utilisateur, keyvault:coffre/nom, file:chemin ou "
        "prompt:libellé. Ce qui y était n'a pas été repris.",
    ),
}
# What is the case, where the message of the catalogue speaks of a key in a file.
FORM_PROBLEMS: dict[str, Text] = {
    "parameter-missing": Text(en="This is needed.", fr="Ceci est nécessaire."),
    "secret-literal": Text(
        en="Only a reference to the secret can stand here.", fr="Seule une référence au secret peut figurer ici."
    ),
}
