"""Messages of signing in: what Entra refuses, and what to do about it."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "sign-in-tenant-not-a-guid": Entry(
        Text(
            en="{tenant} is not the id of a tenant.",
            fr="{tenant} n'est pas l'identifiant d'un locataire.",
        ),
        Text(
            en="Use the tenant id, a GUID: a name could belong to somebody else.",
            fr="Utilisez l'identifiant du locataire, un GUID : un nom pourrait être celui d'un autre.",
        ),
    ),
    "sign-in-host-not-https": Entry(
        Text(
            en="The sign-in host {host} is not a plain https:// address.",
            fr="L'hôte de connexion {host} n'est pas une simple adresse https://.",
        ),
        Text(
            en="Write https:// and the host, without path, user or query.",
            fr="Écrivez https:// et l'hôte, sans chemin, utilisateur ni requête.",
        ),
    ),
    "sign-in-browser": Entry(
        Text(
            en="{target}: nobody finished signing in with the browser within {seconds} s.",
            fr="{target} : personne n'a terminé la connexion par le navigateur en {seconds} s.",
        ),
        Text(
            en="Try again, or sign in with a device code.",
            fr="Réessayez, ou connectez-vous par code d'appareil.",
        ),
    ),
    "sign-in-no-browser": Entry(
        Text(
            en="{target}: no browser can be opened on the computer that carries this out.",
            fr="{target} : aucun navigateur ne peut être ouvert sur l'ordinateur qui exécute ceci.",
        ),
        Text(
            en="Set sign_in.method to device-code: then any browser on any device will do. If there is one here, name it in the "
            "environment variable BROWSER.",
            fr="Mettez sign_in.method à device-code : n'importe quel navigateur de n'importe quel appareil convient alors. S'il y "
            "en a un ici, nommez-le dans la variable d'environnement BROWSER.",
        ),
    ),
    "browser-page-done": Entry(
        Text(
            en="You are signed in. Close this tab and go back to the runbook.",
            fr="Vous êtes connecté. Fermez cet onglet et revenez à la procédure.",
        )
    ),
    "browser-page-refused": Entry(
        Text(
            en="You are not signed in. Close this tab; the runbook says why.",
            fr="Vous n'êtes pas connecté. Fermez cet onglet ; la procédure dit pourquoi.",
        )
    ),
    "browser-page-other": Entry(
        Text(
            en="This is not the answer that the runbook waits for. It still waits.",
            fr="Ce n'est pas la réponse que la procédure attend. Elle attend toujours.",
        )
    ),
    "sign-in-before-change": Entry(
        Text(
            en="{target}: the earlier sign-in no longer counts, and a change was about to be sent. It was not carried out.",
            fr=(
                "{target} : la connexion précédente n'est plus valable, et une modification allait être envoyée. Elle n'a "
                "pas été effectuée."
            ),
        ),
        Text(
            en="Plan again and sign in when asked: what was looked at before would be old by then.",
            fr="Planifiez à nouveau et connectez-vous quand c'est demandé : ce qui avait été lu ne serait plus à jour.",
        ),
    ),
    "sign-in-other-person": Entry(
        Text(
            en="{target}: this run began as {first}, and {name} signed in now.",
            fr="{target} : cette exécution a commencé en tant que {first}, et c'est {name} qui s'est connecté.",
        ),
        Text(
            en="Sign in as {first}, or start a new run.",
            fr="Connectez-vous en tant que {first}, ou commencez une nouvelle exécution.",
        ),
    ),
    "token-cache-not-encrypted": Entry(
        Text(
            en="sign_in.token_cache: encrypted: this system offers nothing to encrypt tokens with. Nothing was kept.",
            fr=(
                "sign_in.token_cache: encrypted : ce système n'offre rien pour chiffrer les jetons. Rien n'a été "
                "conservé."
            ),
        ),
        Text(
            en=(
                "Choose token_cache: memory. Or, on Linux, install PyGObject (gi) into the environment of the kit, "
                "libsecret (gir1.2-secret-1) and a keyring such as gnome-keyring, and run in a session whose keyring "
                "is unlocked."
            ),
            fr=(
                "Choisissez token_cache: memory. Ou, sous Linux, installez PyGObject (gi) dans l'environnement du kit, "
                "libsecret (gir1.2-secret-1) et un trousseau comme gnome-keyring, et exécutez dans une session dont le "
                "trousseau est déverrouillé."
            ),
        ),
    ),
    "token-cache-exposed": Entry(
        Text(
            en="{file} is for tokens, and others may use it, or it is not yours. It was not used.",
            fr="{file} est destiné aux jetons, et d'autres peuvent s'en servir, ou il n'est pas à vous. Il n'a pas servi.",
        ),
        Text(
            en=(
                "Whoever could read it may hold your sign-in: revoke your sessions, delete it and run again. The kit makes "
                "it anew for you alone."
            ),
            fr=(
                "Qui a pu le lire détient peut-être votre connexion : révoquez vos sessions, supprimez-le et exécutez à "
                "nouveau. Le kit le recrée pour vous seul."
            ),
        ),
    ),
    "token-cache-unusable": Entry(
        Text(
            en="Tokens cannot be kept in {file} ({detail}).",
            fr="Les jetons ne peuvent pas être conservés dans {file} ({detail}).",
        ),
        Text(
            en="Check that the folder and the keyring can be written to, or choose sign_in.token_cache: memory.",
            fr=(
                "Vérifiez que le dossier et le trousseau acceptent l'écriture, ou choisissez sign_in.token_cache: "
                "memory."
            ),
        ),
    ),
    "token-cache-broke": Entry(
        Text(
            en="{target}: the kept tokens in {file} can no longer be read or written ({detail}).",
            fr="{target} : les jetons conservés dans {file} ne peuvent plus être lus ou écrits ({detail}).",
        ),
        Text(
            en="Free space or unlock the keyring, delete the file if it was damaged, and run again.",
            fr=(
                "Libérez de l'espace ou déverrouillez le trousseau, supprimez le fichier s'il a été endommagé, et "
                "exécutez à nouveau."
            ),
        ),
    ),
    "sign-in-busy": Entry(
        Text(
            en="{target}: Entra is busy (status {status}).",
            fr="{target} : Entra est occupé (statut {status}).",
        ),
        Text(
            en="Try again in a minute.",
            fr="Réessayez dans une minute.",
        ),
    ),
    "sign-in-unexpected": Entry(
        Text(
            en="{target}: Entra's answer is not of the known shape: {detail}.",
            fr="{target} : la réponse d'Entra n'a pas la forme connue : {detail}.",
        ),
        Text(
            en="Check the sign-in host, and whether a proxy answers in its place.",
            fr="Vérifiez l'hôte de connexion, et si un proxy répond à sa place.",
        ),
    ),
    "sign-in-refused": Entry(
        Text(
            en="{target}: the sign-in was refused ({code}, correlation id {correlation}, {time}).",
            fr="{target} : la connexion a été refusée ({code}, ID de corrélation {correlation}, {time}).",
        ),
        Text(
            en=(
                "Look the code up at https://login.microsoftonline.com/error, or the correlation id in the "
                "tenant's sign-in logs."
            ),
            fr=(
                "Cherchez le code sur https://login.microsoftonline.com/error, ou l'ID de corrélation dans les "
                "journaux de connexion du locataire."
            ),
        ),
    ),
    "sign-in-secret-wrong": Entry(
        Text(
            en="{target}: the client secret is not the application's ({code}, correlation id {correlation}).",
            fr=(
                "{target} : le secret client n'est pas celui de l'application ({code}, ID de corrélation "
                "{correlation})."
            ),
        ),
        Text(
            en="Check that the reference leads to the secret's value, not to its id, and to the right application.",
            fr=(
                "Vérifiez que la référence mène à la valeur du secret, pas à son identifiant, et à la bonne "
                "application."
            ),
        ),
    ),
    "sign-in-secret-expired": Entry(
        Text(
            en="{target}: the client secret has expired ({code}, correlation id {correlation}).",
            fr="{target} : le secret client a expiré ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Create a new secret for the application, or better use a certificate.",
            fr="Créez un nouveau secret pour l'application, ou mieux, utilisez un certificat.",
        ),
    ),
    "sign-in-certificate-refused": Entry(
        Text(
            en="{target}: the application's certificate was not accepted ({code}, correlation id {correlation}).",
            fr=(
                "{target} : le certificat de l'application n'a pas été accepté ({code}, ID de corrélation "
                "{correlation})."
            ),
        ),
        Text(
            en="Check that this very certificate is registered with the application, and has not expired.",
            fr="Vérifiez que c'est bien ce certificat qui est inscrit pour l'application, et qu'il n'a pas expiré.",
        ),
    ),
    "sign-in-application-unknown": Entry(
        Text(
            en="{target}: the tenant does not know the application ({code}, correlation id {correlation}).",
            fr="{target} : le locataire ne connaît pas l'application ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en=(
                "Check client id and tenant id. The application must be registered in the tenant, or consented to "
                "there."
            ),
            fr=(
                "Vérifiez l'identifiant client et celui du locataire. L'application doit y être inscrite, ou y "
                "avoir reçu un consentement."
            ),
        ),
    ),
    "sign-in-application-disabled": Entry(
        Text(
            en="{target}: the application is disabled in the tenant ({code}, correlation id {correlation}).",
            fr="{target} : l'application est désactivée dans le locataire ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Ask an administrator of the tenant to enable it.",
            fr="Demandez à un administrateur du locataire de l'activer.",
        ),
    ),
    "sign-in-application-confidential": Entry(
        Text(
            en=(
                "{target}: the application wants a secret or certificate from a person's sign-in too ({code}, "
                "correlation id {correlation})."
            ),
            fr=(
                "{target} : l'application exige un secret ou un certificat même pour la connexion d'une personne "
                "({code}, ID de corrélation {correlation})."
            ),
        ),
        Text(
            en="Allow public client flows for the application, or sign in as the application.",
            fr="Autorisez les flux de client public pour l'application, ou connectez-vous en tant qu'application.",
        ),
    ),
    "sign-in-application-public": Entry(
        Text(
            en=(
                "{target}: the application is a public client and takes no secret or certificate ({code}, "
                "correlation id {correlation})."
            ),
            fr=(
                "{target} : l'application est un client public et n'accepte ni secret ni certificat ({code}, ID "
                "de corrélation {correlation})."
            ),
        ),
        Text(
            en="Sign in as a person, or register the credential with the application.",
            fr="Connectez-vous en tant que personne, ou inscrivez l'information d'identification pour l'application.",
        ),
    ),
    "sign-in-tenant-unknown": Entry(
        Text(
            en="{target}: this cloud does not know the tenant ({code}, correlation id {correlation}).",
            fr="{target} : ce cloud ne connaît pas le locataire ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Check the tenant id and the cloud.",
            fr="Vérifiez l'identifiant du locataire et le cloud.",
        ),
    ),
    "sign-in-wrong-cloud": Entry(
        Text(
            en="{target}: the tenant is in another cloud ({code}, correlation id {correlation}).",
            fr="{target} : le locataire est dans un autre cloud ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Set the parameter tenant.cloud to the tenant's own cloud.",
            fr="Donnez au paramètre tenant.cloud le cloud du locataire.",
        ),
    ),
    "sign-in-account-unknown": Entry(
        Text(
            en="{target}: the account is not in this tenant ({code}, correlation id {correlation}).",
            fr="{target} : le compte n'est pas dans ce locataire ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Check the tenant id, and sign in with an account of this tenant.",
            fr="Vérifiez l'identifiant du locataire, et connectez-vous avec un compte de ce locataire.",
        ),
    ),
    "sign-in-account-locked": Entry(
        Text(
            en=(
                "{target}: the account is locked, or the sign-in came from a blocked address ({code}, correlation "
                "id {correlation})."
            ),
            fr=(
                "{target} : le compte est verrouillé, ou la connexion vient d'une adresse bloquée ({code}, ID de "
                "corrélation {correlation})."
            ),
        ),
        Text(
            en="Find the failed sign-in in the tenant's sign-in logs; its reason says which.",
            fr="Cherchez l'échec dans les journaux de connexion du locataire ; son motif dit lequel des deux.",
        ),
    ),
    "sign-in-account-disabled": Entry(
        Text(
            en="{target}: the account is disabled ({code}, correlation id {correlation}).",
            fr="{target} : le compte est désactivé ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Sign in with another account, or have this one enabled.",
            fr="Connectez-vous avec un autre compte, ou faites activer celui-ci.",
        ),
    ),
    "sign-in-mfa": Entry(
        Text(
            en="{target}: a second factor is asked for, and was not given ({code}, correlation id {correlation}).",
            fr=(
                "{target} : un second facteur est demandé et n'a pas été donné ({code}, ID de corrélation "
                "{correlation})."
            ),
        ),
        Text(
            en="Sign in with the browser or a device code and complete the second factor; register one first if asked.",
            fr=(
                "Connectez-vous par le navigateur ou par code d'appareil et donnez le second facteur ; "
                "inscrivez-en un d'abord si c'est demandé."
            ),
        ),
    ),
    "sign-in-again": Entry(
        Text(
            en="{target}: the earlier sign-in has expired or was revoked ({code}, correlation id {correlation}).",
            fr=(
                "{target} : la connexion précédente a expiré ou a été révoquée ({code}, ID de corrélation "
                "{correlation})."
            ),
        ),
        Text(
            en="Sign in again.",
            fr="Reconnectez-vous.",
        ),
    ),
    "sign-in-not-assigned": Entry(
        Text(
            en="{target}: the account is not assigned to the application ({code}, correlation id {correlation}).",
            fr="{target} : le compte n'est pas affecté à l'application ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Assign the account to the enterprise application.",
            fr="Affectez le compte à l'application d'entreprise.",
        ),
    ),
    "sign-in-conditional-access": Entry(
        Text(
            en=(
                "{target}: a Conditional Access policy or security policy blocks this sign-in ({code}, "
                "correlation id {correlation})."
            ),
            fr=(
                "{target} : une stratégie d'accès conditionnel ou de sécurité bloque cette connexion ({code}, ID "
                "de corrélation {correlation})."
            ),
        ),
        Text(
            en=(
                "The tenant's sign-in logs name the policy. A device code may be what it blocks: try the browser "
                "on a compliant device."
            ),
            fr=(
                "Les journaux de connexion du locataire nomment la stratégie. Elle bloque peut-être le code "
                "d'appareil : essayez le navigateur sur un appareil conforme."
            ),
        ),
    ),
    "sign-in-consent": Entry(
        Text(
            en=(
                "{target}: nobody has consented to what the application asks for ({code}, correlation id "
                "{correlation})."
            ),
            fr=(
                "{target} : personne n'a consenti à ce que demande l'application ({code}, ID de corrélation "
                "{correlation})."
            ),
        ),
        Text(
            en="Have an administrator of the tenant consent to the application's permissions.",
            fr="Faites consentir un administrateur du locataire aux autorisations de l'application.",
        ),
    ),
    "sign-in-resource-refused": Entry(
        Text(
            en="{target}: the application may not have tokens for this service ({code}, correlation id {correlation}).",
            fr=(
                "{target} : l'application ne peut pas obtenir de jetons pour ce service ({code}, ID de "
                "corrélation {correlation})."
            ),
        ),
        Text(
            en=(
                "For Graph, add its permissions to the application. For the portal's internal endpoint, use the "
                "guided provider."
            ),
            fr=(
                "Pour Graph, ajoutez ses autorisations à l'application. Pour le point d'accès interne du portail, "
                "utilisez le fournisseur guided."
            ),
        ),
    ),
    "sign-in-declined": Entry(
        Text(
            en="{target}: the person declined to sign in ({code}, correlation id {correlation}).",
            fr="{target} : la personne a refusé de se connecter ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Start again if that was a mistake.",
            fr="Recommencez si c'était une erreur.",
        ),
    ),
    "sign-in-device-code-unused": Entry(
        Text(
            en="{target}: nobody used the device code before it expired ({code}, correlation id {correlation}).",
            fr=(
                "{target} : personne n'a utilisé le code d'appareil avant son expiration ({code}, ID de "
                "corrélation {correlation})."
            ),
        ),
        Text(
            en="Start again for a new code, and enter it within its time.",
            fr="Recommencez pour obtenir un nouveau code, et saisissez-le à temps.",
        ),
    ),
    "sign-in-device-code-wrong": Entry(
        Text(
            en="{target}: the device code is not known ({code}, correlation id {correlation}).",
            fr="{target} : le code d'appareil n'est pas connu ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Start again, and enter the new code exactly.",
            fr="Recommencez, et saisissez le nouveau code exactement.",
        ),
    ),
    "sign-in-password-expired": Entry(
        Text(
            en="{target}: the account's password has expired or must be changed ({code}, correlation id {correlation}).",
            fr="{target} : le mot de passe du compte a expiré ou doit être changé ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Change the password of the account, then sign in again.",
            fr="Changez le mot de passe du compte, puis reconnectez-vous.",
        ),
    ),
    "sign-in-password-wrong": Entry(
        Text(
            en="{target}: the user name or the password was not right ({code}, correlation id {correlation}).",
            fr="{target} : le nom d'utilisateur ou le mot de passe était faux ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Sign in again; mind the limit of tries before the account is locked.",
            fr="Reconnectez-vous ; attention au nombre d'essais avant verrouillage du compte.",
        ),
    ),
    "sign-in-tenant-restricted": Entry(
        Text(
            en="{target}: a tenant restriction or a cross-tenant policy keeps this account out ({code}, correlation id {correlation}).",
            fr="{target} : une restriction de locataire ou une stratégie entre locataires exclut ce compte ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Use an account of this tenant, or have its administrators (or your proxy's) allow this access.",
            fr="Utilisez un compte de ce locataire, ou faites autoriser cet accès par ses administrateurs (ou ceux de votre proxy).",
        ),
    ),
    "sign-in-unavailable": Entry(
        Text(
            en="{target}: Entra could not answer just now ({code}, correlation id {correlation}).",
            fr="{target} : Entra n'a pas pu répondre pour le moment ({code}, ID de corrélation {correlation}).",
        ),
        Text(en="Try again in a minute.", fr="Réessayez dans une minute."),
    ),
    "sign-in-agent": Entry(
        Text(
            en="{target}: the agents that check passwords on premises do not answer properly ({code}, correlation id {correlation}).",
            fr="{target} : les agents qui vérifient les mots de passe sur site ne répondent pas correctement ({code}, ID de corrélation {correlation}).",
        ),
        Text(
            en="Check the pass-through authentication agents and their domain controllers, or sign in with a cloud-only account.",
            fr="Vérifiez les agents d'authentification directe et leurs contrôleurs de domaine, ou connectez-vous avec un compte cloud uniquement.",
        ),
    ),
}
