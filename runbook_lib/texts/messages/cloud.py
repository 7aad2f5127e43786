"""Messages of the cloud targets: HTTPS, Graph, the portal, and the credentials shown to them."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "cloud-unknown": Entry(
        Text(
            en="There is no cloud named {cloud}.",
            fr="Il n'y a pas de cloud nommé {cloud}.",
        ),
        Text(
            en="Use one of: {known}.",
            fr="Utilisez l'un de ceux-ci : {known}.",
        ),
    ),
    "cloud-portal-endpoint-unknown": Entry(
        Text(
            en=(
                "The portal's internal endpoint of the cloud {cloud} has not been verified by anybody, so it is "
                "not used."
            ),
            fr=(
                "Le point d'accès interne du portail du cloud {cloud} n'a été vérifié par personne ; il n'est "
                "donc pas utilisé."
            ),
        ),
        Text(
            en="Set the provider to guided and make the change in the portal.",
            fr="Choisissez le fournisseur guided et faites le changement dans le portail.",
        ),
    ),
    "cloud-page-unknown": Entry(
        Text(
            en="No address of the settings page is known for the cloud {cloud}.",
            fr="Aucune adresse de la page de réglage n'est connue pour le cloud {cloud}.",
        ),
        Text(
            en="Sign in to {portal} and open Password reset > On-premises integration.",
            fr="Connectez-vous à {portal} et ouvrez Réinitialisation du mot de passe > Intégration locale.",
        ),
    ),
    "http-cannot-connect": Entry(
        Text(
            en="{target}: no connection to {host}: {detail}.",
            fr="{target} : pas de connexion à {host} : {detail}.",
        ),
        Text(
            en="Check the name, the network, the proxy and the firewall. Nothing was sent.",
            fr="Vérifiez le nom, le réseau, le proxy et le pare-feu. Rien n'a été envoyé.",
        ),
    ),
    "http-connection-lost": Entry(
        Text(
            en="{target}: the connection to {host} was lost before an answer came: {detail}.",
            fr="{target} : la connexion à {host} a été perdue avant une réponse : {detail}.",
        ),
        Text(
            en=(
                "It was only a reading: nothing was changed. Try again, and check the network and the proxy if it "
                "lasts."
            ),
            fr=(
                "Ce n'était qu'une lecture : rien n'a été modifié. Réessayez, et vérifiez le réseau et le proxy "
                "si cela dure."
            ),
        ),
    ),
    "http-not-trusted": Entry(
        Text(
            en="{target}: the connection to {host} is not trusted: {detail}. Trusted authorities: {ca_file}.",
            fr=(
                "{target} : la connexion à {host} n'est pas de confiance : {detail}. Autorités de confiance : "
                "{ca_file}."
            ),
        ),
        Text(
            en=(
                "Check the host name, and that this file holds the authority that issued the certificate. Do not "
                "switch verification off."
            ),
            fr=(
                "Vérifiez le nom d'hôte, et que ce fichier contient l'autorité qui a émis le certificat. Ne "
                "désactivez pas la vérification."
            ),
        ),
    ),
    "http-timeout": Entry(
        Text(
            en="{target}: no answer came in time. It was only a reading: nothing was changed.",
            fr="{target} : aucune réponse à temps. Ce n'était qu'une lecture : rien n'a été modifié.",
        ),
        Text(
            en="Try again; if it lasts, check the network and the service's health page.",
            fr="Réessayez ; si cela dure, vérifiez le réseau et la page d'état du service.",
        ),
    ),
    "http-throttled": Entry(
        Text(
            en="{target}: answered {status} and asks us to come back in {seconds} s, longer than we may wait.",
            fr="{target} : a répondu {status} et demande de revenir dans {seconds} s, plus que l'attente permise.",
        ),
        Text(
            en="Run again later, with fewer tenants at a time.",
            fr="Relancez plus tard, avec moins de locataires à la fois.",
        ),
    ),
    "http-redirected": Entry(
        Text(
            en=(
                "{target}: {reading} was answered with another address (status {status}). We do not go there: the "
                "request carries credentials."
            ),
            fr=(
                "{target} : {reading} a reçu une autre adresse en réponse (statut {status}). Nous n'y allons "
                "pas : la requête porte des informations d'identification."
            ),
        ),
        Text(
            en="Check the address, and whether a proxy asks for a sign-in.",
            fr="Vérifiez l'adresse, et si un proxy demande une connexion.",
        ),
    ),
    "http-broken-reply": Entry(
        Text(
            en="{target}: the answer of {host} cannot be read: {detail}.",
            fr="{target} : la réponse de {host} est illisible : {detail}.",
        ),
        Text(
            en="Check what stands between: a proxy that rewrites answers looks like this.",
            fr="Vérifiez ce qui se trouve entre les deux : un proxy qui réécrit les réponses produit cela.",
        ),
    ),
    "http-not-json": Entry(
        Text(
            en="{target}: the answer to {reading} (status {status}) is not a JSON object but {kind}.",
            fr="{target} : la réponse à {reading} (statut {status}) n'est pas un objet JSON mais {kind}.",
        ),
        Text(
            en="Check the address, and whether a proxy answers in its place.",
            fr="Vérifiez l'adresse, et si un proxy répond à sa place.",
        ),
    ),
    "http-unexpected-status": Entry(
        Text(
            en="{target}: {reading} was answered with status {status}, code {code}: {detail}.",
            fr="{target} : {reading} a reçu le statut {status}, code {code} : {detail}.",
        ),
        Text(
            en=(
                "Nothing was assumed. Look the code up in the service's documentation, and report it if the "
                "request is wrong."
            ),
            fr=(
                "Rien n'a été supposé. Cherchez le code dans la documentation du service, et signalez-le si la "
                "requête est fautive."
            ),
        ),
    ),
    "http-token-refused": Entry(
        Text(
            en="{target}: {reading}: the access token was refused, also a new one (code {code}).",
            fr="{target} : {reading} : le jeton d'accès a été refusé, même un nouveau (code {code}).",
        ),
        Text(
            en="Check that tenant, cloud and application belong together, then sign in again.",
            fr="Vérifiez que le locataire, le cloud et l'application vont ensemble, puis reconnectez-vous.",
        ),
    ),
    "http-outcome-unknown": Entry(
        Text(
            en="{target}: {action} was sent, or may have been, and nobody said what became of it: {detail}.",
            fr=(
                "{target} : {action} a été envoyé, ou a pu l'être, et personne n'a dit ce qu'il en est advenu : "
                "{detail}."
            ),
        ),
        Text(
            en="Do not send it again. Run in plan mode to see what is set now.",
            fr="Ne le renvoyez pas. Lancez le mode plan pour voir ce qui est réglé maintenant.",
        ),
    ),
    "graph-not-offered": Entry(
        Text(
            en="{target}: Microsoft does not offer {reading} in this cloud.",
            fr="{target} : Microsoft ne propose pas {reading} dans ce cloud.",
        ),
        Text(
            en="Nothing can be done about it; what depends on it stays unknown.",
            fr="Rien à faire ; ce qui en dépend reste inconnu.",
        ),
    ),
    "graph-not-permitted": Entry(
        Text(
            en="{target}: {reading} is not allowed (code {code}).",
            fr="{target} : {reading} n'est pas autorisé (code {code}).",
        ),
        Text(
            en=(
                "Grant the application the permission {permission} and consent to it; a person also needs a "
                "directory role that may read this."
            ),
            fr=(
                "Accordez à l'application l'autorisation {permission} et donnez le consentement ; une personne a "
                "aussi besoin d'un rôle d'annuaire qui permet cette lecture."
            ),
        ),
    ),
    "graph-too-many-pages": Entry(
        Text(
            en="{target}: {reading} has more than {pages} pages; we stopped and use none of them.",
            fr="{target} : {reading} compte plus de {pages} pages ; nous avons arrêté et n'en utilisons aucune.",
        ),
        Text(
            en="This reading stays unknown for a tenant of this size.",
            fr="Cette lecture reste inconnue pour un locataire de cette taille.",
        ),
    ),
    "graph-no-list": Entry(
        Text(
            en="{target}: the answer to {reading} holds no list of objects.",
            fr="{target} : la réponse à {reading} ne contient pas de liste d'objets.",
        ),
        Text(
            en="Nothing was assumed. Report it: the product may have changed.",
            fr="Rien n'a été supposé. Signalez-le : le produit a peut-être changé.",
        ),
    ),
    "graph-bad-next-page": Entry(
        Text(
            en=(
                "{target}: {reading}: the next page is said to be elsewhere, or to be one we have read. We do not "
                "go there."
            ),
            fr=(
                "{target} : {reading} : la page suivante serait ailleurs, ou serait une page déjà lue. Nous n'y "
                "allons pas."
            ),
        ),
        Text(
            en="Check whether a proxy rewrites answers.",
            fr="Vérifiez si un proxy réécrit les réponses.",
        ),
    ),
    "portal-not-permitted": Entry(
        Text(
            en="{target}: {reading} is not allowed (status {status}, code {code}).",
            fr="{target} : {reading} n'est pas autorisé (statut {status}, code {code}).",
        ),
        Text(
            en=(
                "Sign in as a Hybrid Identity Administrator or Global Administrator; if that does not help, use "
                "the guided provider."
            ),
            fr=(
                "Connectez-vous comme administrateur d'identité hybride ou administrateur général ; sinon, "
                "utilisez le fournisseur guided."
            ),
        ),
    ),
    "portal-needs-a-person": Entry(
        Text(
            en="{target}: it is for signed-in people only, and an application is signed in. Nothing was sent.",
            fr="{target} : réservé aux personnes connectées, or c'est une application qui l'est. Rien n'a été envoyé.",
        ),
        Text(
            en="Sign in with a device code or the browser, or use the guided provider.",
            fr="Connectez-vous par code d'appareil ou par le navigateur, ou utilisez le fournisseur guided.",
        ),
    ),
    "portal-change-throttled": Entry(
        Text(
            en="{target}: {action} was refused because of too many requests. It was not done.",
            fr="{target} : {action} a été refusé pour cause de trop nombreuses requêtes. Rien n'a été fait.",
        ),
        Text(
            en="Wait some minutes, then plan and apply again.",
            fr="Attendez quelques minutes, puis planifiez et appliquez de nouveau.",
        ),
    ),
    "credential-file-unreadable": Entry(
        Text(
            en="The file {file} cannot be read: {detail}.",
            fr="Le fichier {file} ne peut pas être lu : {detail}.",
        ),
        Text(
            en="Check the path and the rights on the file.",
            fr="Vérifiez le chemin et les droits sur le fichier.",
        ),
    ),
    "credential-file-not-pem": Entry(
        Text(
            en="The file {file} is not a PEM file.",
            fr="Le fichier {file} n'est pas un fichier PEM.",
        ),
        Text(
            en="Export the key and the certificate as PEM.",
            fr="Exportez la clé et le certificat au format PEM.",
        ),
    ),
    "credential-key-unusable": Entry(
        Text(
            en=(
                "The private key in {file} cannot be used: not a PEM key, or the passphrase is missing, wrong or "
                "not needed."
            ),
            fr=(
                "La clé privée de {file} est inutilisable : ce n'est pas une clé PEM, ou la phrase secrète "
                "manque, est fausse ou est de trop."
            ),
        ),
        Text(
            en="Check the file and the reference to the passphrase.",
            fr="Vérifiez le fichier et la référence à la phrase secrète.",
        ),
    ),
    "credential-certificate-unusable": Entry(
        Text(
            en="{file} does not hold a PEM certificate.",
            fr="{file} ne contient pas de certificat PEM.",
        ),
        Text(
            en="Export the certificate as PEM, without the key.",
            fr="Exportez le certificat au format PEM, sans la clé.",
        ),
    ),
    "credential-pair-wrong": Entry(
        Text(
            en="The key {key_file} does not belong to the certificate {certificate_file}.",
            fr="La clé {key_file} n'appartient pas au certificat {certificate_file}.",
        ),
        Text(
            en="Name the key and the certificate that were made together.",
            fr="Indiquez la clé et le certificat créés ensemble.",
        ),
    ),
    "vault-package-missing": Entry(
        Text(
            en="{reference}: the packages for Azure Key Vault are not installed.",
            fr="{reference} : les paquets pour Azure Key Vault ne sont pas installés.",
        ),
        Text(
            en="Install them: pip install azure-identity azure-keyvault-secrets.",
            fr="Installez-les : pip install azure-identity azure-keyvault-secrets.",
        ),
    ),
    "vault-nobody-chosen": Entry(
        Text(
            en="{reference}: the environment variable {variable} does not say who asks the vault.",
            fr="{reference} : la variable d'environnement {variable} ne dit pas qui interroge le coffre.",
        ),
        Text(en="Set it to one of: {known}.", fr="Donnez-lui l'une de ces valeurs : {known}."),
    ),
    "vault-no-credential": Entry(
        Text(
            en="{reference}: the chosen identity could not be had on this machine.",
            fr="{reference} : l'identité choisie n'a pas pu être obtenue sur cette machine.",
        ),
        Text(
            en="For AzureCliCredential run az login; for EnvironmentCredential set AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate; a managed identity exists on Azure machines only.",
            fr="Pour AzureCliCredential lancez az login ; pour EnvironmentCredential définissez AZURE_TENANT_ID, AZURE_CLIENT_ID et un secret ou un certificat ; une identité managée n'existe que sur les machines Azure.",
        ),
    ),
    "vault-sign-in-refused": Entry(
        Text(
            en="{reference}: Entra refused the identity that asks the vault ({code}).",
            fr="{reference} : Entra a refusé l'identité qui interroge le coffre ({code}).",
        ),
        Text(
            en="Mend that identity; runbook advice {code} may say more.",
            fr="Corrigez cette identité ; runbook advice {code} en dit peut-être plus.",
        ),
    ),
    "vault-unknown": Entry(
        Text(
            en="{reference}: no vault of that name is found in this cloud.",
            fr="{reference} : aucun coffre de ce nom n'est trouvé dans ce cloud.",
        ),
        Text(
            en="Check the vault's name and tenant.cloud; a vault with a private endpoint is found on its own network only.",
            fr="Vérifiez le nom du coffre et tenant.cloud ; un coffre à point de terminaison privé n'est visible que depuis son réseau.",
        ),
    ),
    "vault-unreachable": Entry(
        Text(en="{reference}: the vault could not be reached.", fr="{reference} : le coffre n'a pas pu être joint."),
        Text(
            en="Check the network, the proxy and the firewall of the vault, and try again.",
            fr="Vérifiez le réseau, le proxy et le pare-feu du coffre, puis réessayez.",
        ),
    ),
    "vault-no-secret": Entry(
        Text(
            en="{reference}: the vault has no such secret, or no such version of it.",
            fr="{reference} : le coffre n'a pas ce secret, ou pas cette version.",
        ),
        Text(
            en="Check the name. A deleted secret may be recovered in the vault.",
            fr="Vérifiez le nom. Un secret supprimé peut se récupérer dans le coffre.",
        ),
    ),
    "vault-forbidden": Entry(
        Text(
            en="{reference}: the vault does not let this identity read the secret (status {status}).",
            fr="{reference} : le coffre ne laisse pas cette identité lire le secret (statut {status}).",
        ),
        Text(
            en="Give it the role Key Vault Secrets User, or the access policy Get; check the vault's firewall.",
            fr="Donnez-lui le rôle Key Vault Secrets User, ou la stratégie d'accès Get ; vérifiez le pare-feu du coffre.",
        ),
    ),
    "vault-secret-not-valid": Entry(
        Text(
            en="{reference}: the secret is disabled, expired or not valid yet.",
            fr="{reference} : le secret est désactivé, expiré ou pas encore valable.",
        ),
        Text(
            en="Put a new version into the vault, or enable this one.",
            fr="Mettez une nouvelle version dans le coffre, ou activez celle-ci.",
        ),
    ),
    "vault-answer-wrong": Entry(
        Text(
            en="{reference}: the vault's answer is not of the known kind (status {status}).",
            fr="{reference} : la réponse du coffre n'est pas du genre connu (statut {status}).",
        ),
        Text(
            en="Try again in a minute; check whether a proxy answers in its place.",
            fr="Réessayez dans une minute ; vérifiez si un proxy répond à sa place.",
        ),
    ),
    "vault-not-in-lab": Entry(
        Text(en="{reference}: the lab has no key vault.", fr="{reference} : le laboratoire n'a pas de coffre de clés."),
        Text(
            en="In the lab use lab:name; keyvault: is for profile: live.",
            fr="Dans le lab utilisez lab:nom ; keyvault: est pour profile : live.",
        ),
    ),
}
