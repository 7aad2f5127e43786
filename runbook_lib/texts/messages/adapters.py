"""Messages of what the targets do to us: connections, sign-in, scripts, replies."""

from __future__ import annotations

from runbook_lib.texts.messages import cloud, sign_in
from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    **cloud.MESSAGES,
    **sign_in.MESSAGES,
    "unexpected-shape": Entry(
        Text(
            en="{target}: the answer to {reading} is not of the known shape at {where}: {problem}.",
            fr="{target} : la réponse à {reading} n'a pas la forme connue, à {where} : {problem}.",
        ),
        Text(
            en="Nothing was assumed. Keep the raw answer and report it: the product may have changed.",
            fr="Rien n'a été supposé. Conservez la réponse brute et signalez-la : le produit a peut-être changé.",
        ),
    ),
    "script-failed": Entry(
        Text(
            en="{target}: the script {script} reported: {detail}",
            fr="{target} : le script {script} a signalé : {detail}",
        ),
    ),
    # the sync server
    "winrm-endpoint-wrong": Entry(
        Text(
            en="The endpoint of the sync server is not a full URL of the form https://host:5986/wsman.",
            fr="L'adresse du serveur de synchronisation n'est pas une URL complète de la forme https://hôte:5986/wsman.",
        ),
        Text(
            en="Write the scheme, the host, the port and /wsman, and nothing else.",
            fr="Écrivez le schéma, l'hôte, le port et /wsman, et rien d'autre.",
        ),
    ),
    "winrm-transport-unknown": Entry(
        Text(
            en="{transport} is not a way to sign in to the sync server.",
            fr="{transport} n'est pas une façon de se connecter au serveur de synchronisation.",
        ),
        Text(
            en="Use one of: {known}.",
            fr="Utilisez l'une de celles-ci : {known}.",
        ),
    ),
    "winrm-transport-needs-tls": Entry(
        Text(
            en="{transport} would go over plain HTTP, where anybody on the way could read it.",
            fr="{transport} passerait par HTTP en clair, où n'importe qui sur le chemin pourrait lire les échanges.",
        ),
        Text(
            en="Use an https:// endpoint, or sign in with kerberos.",
            fr="Utilisez une adresse https://, ou connectez-vous avec kerberos.",
        ),
    ),
    "winrm-transport-incomplete": Entry(
        Text(
            en="{transport} needs values that are not there: {missing}.",
            fr="{transport} a besoin de valeurs qui manquent : {missing}.",
        ),
        Text(
            en="Give them in the parameters; secrets by reference.",
            fr="Donnez-les dans les paramètres ; les secrets par référence.",
        ),
    ),
    "winrm-timeouts-wrong": Entry(
        Text(
            en="The times allowed to the sync server must be more than zero, and one answer at least one second.",
            fr="Les délais accordés au serveur de synchronisation doivent dépasser zéro, et une réponse au moins une seconde.",
        ),
        Text(
            en="Leave them out to use the defaults.",
            fr="Omettez-les pour garder les valeurs par défaut.",
        ),
    ),
    "winrm-file-missing": Entry(
        Text(
            en="There is no file {file}.",
            fr="Le fichier {file} n'existe pas.",
        ),
        Text(
            en="Correct the path of the certificate, key or CA file.",
            fr="Corrigez le chemin du certificat, de la clé ou des autorités de certification.",
        ),
    ),
    "winrm-extra-missing": Entry(
        Text(
            en="Signing in with {transport} needs packages that are not installed.",
            fr="La connexion par {transport} demande des paquets qui ne sont pas installés.",
        ),
        Text(
            en='Run: pip install "{package}"',
            fr='Exécutez : pip install "{package}"',
        ),
    ),
    "winrm-unreachable": Entry(
        Text(
            en="{target}: no connection to {endpoint} for {operation}: “{detail}”.",
            fr="{target} : pas de liaison avec {endpoint} pour {operation} : « {detail} ».",
        ),
        Text(
            en="Check the endpoint, the network, and on the server that WinRM listens: winrm enumerate winrm/config/listener.",
            fr="Vérifiez l'adresse, le réseau et, sur le serveur, que WinRM écoute : winrm enumerate winrm/config/listener.",
        ),
    ),
    "winrm-not-trusted": Entry(
        Text(
            en="{target}: the certificate of {endpoint} was not accepted (CA file: {trusted}): “{detail}”.",
            fr="{target} : le certificat de {endpoint} n'a pas été accepté (fichier d'autorités : {trusted}) : « {detail} ».",
        ),
        Text(
            en="Give the CA file of whoever issued the server's certificate, and use the host name that the certificate holds. Verification cannot be turned off.",
            fr="Donnez le fichier de l'autorité qui a émis le certificat du serveur, et le nom d'hôte que ce certificat porte. La vérification ne se désactive pas.",
        ),
    ),
    "winrm-certificate-dates": Entry(
        Text(
            en="{target}: the certificate of {endpoint} has expired, or is not valid yet: “{detail}”.",
            fr="{target} : le certificat de {endpoint} a expiré, ou n'est pas encore valide : « {detail} ».",
        ),
        Text(
            en="Look at this computer's clock first. Then renew the server's certificate and name it in the WinRM listener. Verification cannot be turned off.",
            fr="Regardez d'abord l'horloge de cet ordinateur. Puis renouvelez le certificat du serveur et indiquez-le dans l'écouteur WinRM. La vérification ne se désactive pas.",
        ),
    ),
    "winrm-certificate-other-host": Entry(
        Text(
            en="{target}: the certificate of {endpoint} is for another host: “{detail}”.",
            fr="{target} : le certificat de {endpoint} est celui d'un autre hôte : « {detail} ».",
        ),
        Text(
            en="Use in the endpoint the host name that the certificate holds, or have one issued for this name. If the name is right, another computer may be answering: stop.",
            fr="Utilisez dans l'adresse le nom d'hôte que porte le certificat, ou faites-en émettre un pour ce nom. Si le nom est juste, c'est peut-être un autre ordinateur qui répond : arrêtez-vous.",
        ),
    ),
    "winrm-sign-in-refused": Entry(
        Text(
            en="{target}: the server refused to sign in {user} with {transport}: “{detail}”.",
            fr="{target} : le serveur a refusé la connexion de {user} par {transport} : « {detail} ».",
        ),
        Text(
            en="Check the account and its secret, and that the server allows {transport}: winrm get winrm/config/service/auth. With ntlm over HTTPS, that nothing on the way replaces the server's certificate: the sign-in is bound to it.",
            fr="Vérifiez le compte et son secret, et que le serveur accepte {transport} : winrm get winrm/config/service/auth. Avec ntlm en HTTPS, que rien sur le chemin ne remplace le certificat du serveur : la connexion y est liée.",
        ),
    ),
    "winrm-certificate-refused": Entry(
        Text(
            en="{target}: the server refused to sign in with the client certificate: “{detail}”.",
            fr="{target} : le serveur a refusé la connexion par le certificat client : « {detail} ».",
        ),
        Text(
            en="Check that the certificate has not expired, that the server trusts its issuer, and that it is mapped to a local account: dir WSMan:\\localhost\\ClientCertificate, and Auth\\Certificate is true.",
            fr="Vérifiez que le certificat n'a pas expiré, que le serveur fait confiance à son émetteur, et qu'il est associé à un compte local : dir WSMan:\\localhost\\ClientCertificate, et Auth\\Certificate à true.",
        ),
    ),
    "credssp-refused": Entry(
        Text(
            en="{target}: the server refused to sign in {user} with CredSSP: “{detail}”.",
            fr="{target} : le serveur a refusé la connexion de {user} par CredSSP : « {detail} ».",
        ),
        Text(
            en="Check the account and its password, and that the server allows CredSSP: Enable-WSManCredSSP -Role Server, if your rules allow that. Kerberos with delegation hands over no password.",
            fr="Vérifiez le compte et son mot de passe, et que le serveur accepte CredSSP : Enable-WSManCredSSP -Role Server, si vos règles le permettent. Kerberos avec délégation ne transmet aucun mot de passe.",
        ),
    ),
    # the sync server, by Kerberos
    "kerberos-no-ticket": Entry(
        Text(
            en="{target}: there is no Kerberos ticket to sign in with (account: {user}): “{detail}”.",
            fr="{target} : il n'y a pas de ticket Kerberos pour se connecter (compte : {user}) : « {detail} ».",
        ),
        Text(
            en="Get one in this session: kinit name@REALM; klist shows it. Without a person: name a keytab in KRB5_CLIENT_KTNAME.",
            fr="Obtenez-en un dans cette session : kinit nom@DOMAINE ; klist l'affiche. Sans personne : indiquez un fichier keytab dans KRB5_CLIENT_KTNAME.",
        ),
    ),
    "kerberos-ticket-expired": Entry(
        Text(
            en="{target}: the Kerberos ticket has expired (account: {user}): “{detail}”.",
            fr="{target} : le ticket Kerberos a expiré (compte : {user}) : « {detail} ».",
        ),
        Text(
            en="Get a new one with kinit, then run again. What was sent before is not sent again without a look.",
            fr="Obtenez-en un nouveau par kinit, puis relancez. Ce qui a été envoyé auparavant n'est pas renvoyé sans un nouvel examen.",
        ),
    ),
    "kerberos-clock-skew": Entry(
        Text(
            en="{target}: the clocks differ too much for Kerberos: “{detail}”.",
            fr="{target} : les horloges diffèrent trop pour Kerberos : « {detail} ».",
        ),
        Text(
            en="Set this computer's clock by the domain (at most five minutes apart), get a new ticket with kinit, then run again.",
            fr="Réglez l'horloge de cet ordinateur sur celle du domaine (cinq minutes d'écart au plus), obtenez un nouveau ticket par kinit, puis relancez.",
        ),
    ),
    "kerberos-unknown-service": Entry(
        Text(
            en="{target}: the domain knows no service {service}: “{detail}”.",
            fr="{target} : le domaine ne connaît pas de service {service} : « {detail} ».",
        ),
        Text(
            en="Use the server's full name in the endpoint, or give it as kerberos_hostname. On a domain controller, setspn -L SERVER lists its names: HOST covers HTTP.",
            fr="Utilisez le nom complet du serveur dans l'adresse, ou donnez-le comme kerberos_hostname. Sur un contrôleur de domaine, setspn -L SERVEUR affiche ses noms : HOST couvre HTTP.",
        ),
    ),
    "kerberos-realm-unknown": Entry(
        Text(
            en="{target}: this computer does not know where the Kerberos realm is: “{detail}”.",
            fr="{target} : cet ordinateur ne sait pas où se trouve le domaine Kerberos : « {detail} ».",
        ),
        Text(
            en="Name its domain controllers in krb5.conf ([realms]), or let them be found by DNS (dns_lookup_kdc).",
            fr="Indiquez ses contrôleurs de domaine dans krb5.conf ([realms]), ou laissez-les chercher par DNS (dns_lookup_kdc).",
        ),
    ),
    "kerberos-kdc-unreachable": Entry(
        Text(
            en="{target}: no domain controller of the Kerberos realm answers: “{detail}”.",
            fr="{target} : aucun contrôleur du domaine Kerberos ne répond : « {detail} ».",
        ),
        Text(
            en="Check that this computer reaches TCP and UDP port 88 of a domain controller.",
            fr="Vérifiez que cet ordinateur atteint le port 88 (TCP et UDP) d'un contrôleur de domaine.",
        ),
    ),
    "kerberos-refused": Entry(
        Text(
            en="{target}: the server refused the Kerberos ticket for {service} (account: {user}): “{detail}”.",
            fr="{target} : le serveur a refusé le ticket Kerberos pour {service} (compte : {user}) : « {detail} ».",
        ),
        Text(
            en="Check in this order: the clocks, at most five minutes apart; that {service} belongs to the server's own account (setspn -Q {service}); that the account may sign in there; that winrm/config/service/auth allows Kerberos; over HTTPS, that nothing on the way replaces the certificate.",
            fr="Vérifiez dans cet ordre : les horloges, à cinq minutes près ; que {service} appartient au compte du serveur lui-même (setspn -Q {service}) ; que le compte peut s'y connecter ; que winrm/config/service/auth accepte Kerberos ; en HTTPS, que rien sur le chemin ne remplace le certificat.",
        ),
    ),
    "kerberos-server-not-proven": Entry(
        Text(
            en="{target}: the server did not prove that it is {service}: “{detail}”.",
            fr="{target} : le serveur n'a pas prouvé qu'il est {service} : « {detail} ».",
        ),
        Text(
            en="Stop, and look who answers at the endpoint: it may be another computer or a proxy.",
            fr="Arrêtez-vous, et cherchez qui répond à cette adresse : c'est peut-être un autre ordinateur ou un proxy.",
        ),
    ),
    "kerberos-failed": Entry(
        Text(
            en="{target}: Kerberos failed on this computer for {service} (account: {user}): “{detail}”.",
            fr="{target} : Kerberos a échoué sur cet ordinateur pour {service} (compte : {user}) : « {detail} ».",
        ),
        Text(
            en="Run klist and kvno {service}: they say more. KRB5_TRACE names a file for all the details.",
            fr="Exécutez klist et kvno {service} : ils en disent plus. KRB5_TRACE nomme un fichier pour tous les détails.",
        ),
    ),
    "winrm-access-denied": Entry(
        Text(
            en="{target}: {user} signed in, but may not use remote management ({operation}, fault {number}).",
            fr="{target} : {user} est connecté, mais n'a pas droit à la gestion à distance ({operation}, erreur {number}).",
        ),
        Text(
            en="Make the account a local administrator of the sync server, as the wizard also requires.",
            fr="Faites du compte un administrateur local du serveur de synchronisation, comme l'assistant l'exige aussi.",
        ),
    ),
    "winrm-quota-reached": Entry(
        Text(
            en="{target}: the server's limit for this account is reached ({operation}, fault {number}): “{detail}”.",
            fr="{target} : la limite du serveur pour ce compte est atteinte ({operation}, erreur {number}) : « {detail} ».",
        ),
        Text(
            en="On the server, look at who holds shells (winrm enumerate shell) and close what is left over, or wait for their idle timeout; then run again. The limit is MaxShellsPerUser in winrm/config/winrs.",
            fr="Sur le serveur, regardez qui tient des sessions (winrm enumerate shell) et fermez celles qui restent, ou attendez leur expiration ; puis relancez. La limite est MaxShellsPerUser dans winrm/config/winrs.",
        ),
    ),
    "winrm-shell-gone": Entry(
        Text(
            en="{target}: the remote shell no longer exists ({operation}, fault {number}): “{detail}”.",
            fr="{target} : la session distante n'existe plus ({operation}, erreur {number}) : « {detail} ».",
        ),
        Text(
            en="Run again: a new one is opened. Look whether the server or its WinRM service was restarted.",
            fr="Relancez : une nouvelle sera ouverte. Vérifiez si le serveur ou son service WinRM a redémarré.",
        ),
    ),
    "winrm-fault": Entry(
        Text(
            en="{target}: the server answered {operation} with fault {number}: “{detail}”.",
            fr="{target} : le serveur a répondu à {operation} par l'erreur {number} : « {detail} ».",
        ),
        Text(
            en="Look the number up in the server's log Microsoft-Windows-WinRM/Operational, mend the cause, then run again.",
            fr="Cherchez ce numéro dans le journal Microsoft-Windows-WinRM/Operational du serveur, corrigez la cause, puis relancez.",
        ),
    ),
    "winrm-http-status": Entry(
        Text(
            en="{target}: {operation} was answered with HTTP status {status}, which is not WinRM's.",
            fr="{target} : {operation} a reçu le statut HTTP {status}, qui n'est pas de WinRM.",
        ),
        Text(
            en="Check that the endpoint is the sync server itself, and not a proxy or another service.",
            fr="Vérifiez que l'adresse est celle du serveur de synchronisation, et non d'un proxy ou d'un autre service.",
        ),
    ),
    "winrm-not-understood": Entry(
        Text(
            en="{target}: the answer to {operation} is not a WS-Management message: “{detail}”.",
            fr="{target} : la réponse à {operation} n'est pas un message WS-Management : « {detail} ».",
        ),
        Text(
            en="Check that the endpoint is the sync server itself, and not a proxy or another service.",
            fr="Vérifiez que l'adresse est celle du serveur de synchronisation, et non d'un proxy ou d'un autre service.",
        ),
    ),
    "winrm-no-answer": Entry(
        Text(
            en="{target}: {operation} was not answered in time.",
            fr="{target} : {operation} n'a pas reçu de réponse à temps.",
        ),
        Text(
            en="Check the load of the server and the network, then run again.",
            fr="Vérifiez la charge du serveur et le réseau, puis relancez.",
        ),
    ),
    "winrm-deadline": Entry(
        Text(
            en="{target}: not finished within {seconds} {seconds:second|seconds} (at {operation}).",
            fr="{target} : pas terminé en {seconds} {seconds:seconde|secondes} (à {operation}).",
        ),
        Text(
            en="Check the load of the server, or allow more time, then run again.",
            fr="Vérifiez la charge du serveur, ou accordez plus de temps, puis relancez.",
        ),
    ),
    "script-reply-wrong": Entry(
        Text(
            en="{target}: the answer is not exactly one line for each script: “{part}”.",
            fr="{target} : la réponse n'est pas exactement une ligne par script : « {part} ».",
        ),
        Text(
            en="Nothing was assumed. Look for a profile, policy or agent on the server that writes into PowerShell's output.",
            fr="Rien n'a été supposé. Cherchez sur le serveur un profil, une stratégie ou un agent qui écrit dans la sortie de PowerShell.",
        ),
    ),
    "script-process-failed": Entry(
        Text(
            en="{target}: powershell.exe ended without answering for {script}: “{detail}”.",
            fr="{target} : powershell.exe s'est terminé sans répondre pour {script} : « {detail} ».",
        ),
        Text(
            en="Check that the account may run powershell.exe in full language mode on the sync server.",
            fr="Vérifiez que le compte peut exécuter powershell.exe en mode de langage complet sur le serveur de synchronisation.",
        ),
    ),
    "script-module-missing": Entry(
        Text(
            en="{target}: a PowerShell module that {script} needs is not installed: “{detail}”.",
            fr="{target} : un module PowerShell requis par {script} n'est pas installé : « {detail} ».",
        ),
        Text(
            en="ADSync comes with Connect: check that this is the sync server. For ActiveDirectory run: Install-WindowsFeature RSAT-AD-PowerShell",
            fr="ADSync vient avec Connect : vérifiez que c'est le serveur de synchronisation. Pour ActiveDirectory, exécutez : Install-WindowsFeature RSAT-AD-PowerShell",
        ),
    ),
    "script-command-missing": Entry(
        Text(
            en="{target}: a command that {script} needs is not there: “{detail}”.",
            fr="{target} : une commande requise par {script} est absente : « {detail} ».",
        ),
        Text(
            en="Check the installed version of Connect: this build may not have the command.",
            fr="Vérifiez la version installée de Connect : celle-ci n'a peut-être pas cette commande.",
        ),
    ),
    "script-prompted": Entry(
        Text(
            en="{target}: the script {script} was asked a question that nobody could answer: “{detail}”.",
            fr="{target} : le script {script} a reçu une question à laquelle personne ne pouvait répondre : « {detail} ».",
        ),
        Text(
            en="Carry this step out in the wizard on the server.",
            fr="Effectuez cette étape dans l'assistant, sur le serveur.",
        ),
    ),
    "script-access-denied": Entry(
        Text(
            en="{target}: the account is not allowed to do what {script} does: “{detail}”.",
            fr="{target} : le compte n'a pas le droit de faire ce que fait {script} : « {detail} ».",
        ),
        Text(
            en="Make it a local administrator and a member of ADSyncAdmins, then sign in anew: membership needs a new sign-in.",
            fr="Faites-en un administrateur local, membre de ADSyncAdmins, puis reconnectez-vous : l'appartenance ne vaut qu'après une nouvelle connexion.",
        ),
    ),
    "directory-access-denied": Entry(
        Text(
            en="{target}: the directory refused {script}: “{detail}”.",
            fr="{target} : l'annuaire a refusé {script} : « {detail} ».",
        ),
        Text(
            en="The sync server must ask a domain controller in your name: sign in with kerberos and delegation, or with credssp, and an account that has the right.",
            fr="Le serveur de synchronisation doit interroger un contrôleur de domaine en votre nom : connectez-vous par kerberos avec délégation, ou par credssp, avec un compte qui a ce droit.",
        ),
    ),
    "directory-unreachable": Entry(
        Text(
            en="{target}: no domain controller answered {script}: “{detail}”.",
            fr="{target} : aucun contrôleur de domaine n'a répondu à {script} : « {detail} ».",
        ),
        Text(
            en="Check that the sync server reaches Active Directory Web Services (TCP 9389). If it does, sign in with kerberos and delegation, or with credssp.",
            fr="Vérifiez que le serveur de synchronisation atteint les services web Active Directory (TCP 9389). Si oui, connectez-vous par kerberos avec délégation, ou par credssp.",
        ),
    ),
    "writeback-invalid-state": Entry(
        Text(
            en="{target}: {script} found the password writeback configuration in an invalid state: “{detail}”.",
            fr="{target} : {script} a trouvé la configuration de l'écriture différée dans un état non valide : « {detail} ».",
        ),
        Text(
            en="Disable and enable it again, as the plan proposes, or use the wizard.",
            fr="Désactivez-la puis réactivez-la, comme le plan le propose, ou utilisez l'assistant.",
        ),
    ),
    "writeback-cycle-runs": Entry(
        Text(
            en="{target}: {script} was refused because a synchronization runs: “{detail}”. Nothing was changed.",
            fr="{target} : {script} a été refusé car une synchronisation est en cours : « {detail} ». Rien n'a été modifié.",
        ),
        Text(
            en="It began after the last look, and the change is not sent twice. Wait until the cycle has ended, then run the plan and apply again.",
            fr="Elle a commencé après le dernier examen, et la modification n'est pas envoyée deux fois. Attendez la fin du cycle, puis relancez le plan et son application.",
        ),
    ),
    "writeback-credential-prompt": Entry(
        Text(
            en="{target}: {script} wants the credential of a cloud administrator, which a remote session cannot give: “{detail}”.",
            fr="{target} : {script} demande les informations d'identification d'un administrateur du cloud, qu'une session distante ne peut pas donner : « {detail} ».",
        ),
        Text(
            en="Use the wizard for this step, with an administrator who is managed in the cloud, not federated.",
            fr="Utilisez l'assistant pour cette étape, avec un administrateur géré dans le cloud, et non fédéré.",
        ),
    ),
    "change-unanswered": Entry(
        Text(
            en="{target}: the change {action} was sent, and no answer came in time (at {operation}).",
            fr="{target} : la modification {action} a été envoyée, et aucune réponse n'est venue à temps (à {operation}).",
        ),
        Text(
            en="It is not sent again. Run the plan: it looks at the server and shows whether the change was made.",
            fr="Elle n'est pas renvoyée. Lancez le plan : il regarde le serveur et montre si la modification a été faite.",
        ),
    ),
    "change-outcome-unknown": Entry(
        Text(
            en="{target}: the change {action} was sent, and what became of it is not known: “{detail}”.",
            fr="{target} : la modification {action} a été envoyée, et son résultat n'est pas connu : « {detail} ».",
        ),
        Text(
            en="It is not sent again. Run the plan: it looks at the server and shows whether the change was made.",
            fr="Elle n'est pas renvoyée. Lancez le plan : il regarde le serveur et montre si la modification a été faite.",
        ),
    ),
}
