"""Messages about parameter files, secret references and attestations."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    # the lines of an error
    "parameter-problem": Entry(
        Text(en="{place}: {field}: {text}", fr="{place} : {field} : {text}"),
    ),
    "parameters-refused": Entry(
        Text(
            en="{file}: {count} {count:problem|problems} with the parameters.",
            fr="{file} : {count} {count:problème|problèmes} dans les paramètres.",
        ),
    ),
    "attestation-refused": Entry(
        Text(
            en="{file}: {count} {count:problem|problems} with the attestation.",
            fr="{file} : {count} {count:problème|problèmes} dans l'attestation.",
        ),
    ),
    "parameters-more": Entry(
        Text(en="… and {count} more.", fr="… et {count} de plus."),
    ),
    # the file
    "file-not-a-file": Entry(
        Text(en="This is not a file.", fr="Ce n'est pas un fichier."),
        Text(en="Name the YAML file itself.", fr="Indiquez le fichier YAML lui-même."),
    ),
    "file-unreadable": Entry(
        Text(en="The file cannot be read ({detail}).", fr="Le fichier ne peut pas être lu ({detail})."),
        Text(en="Check its name and your rights to it.", fr="Vérifiez son nom et vos droits."),
    ),
    "file-too-large": Entry(
        Text(en="The file is larger than {most} kB.", fr="Le fichier dépasse {most} ko."),
        Text(
            en="A tenant's file has about 60 lines: check that this is the right file.",
            fr="Un tel fichier a environ 60 lignes : vérifiez que c'est le bon.",
        ),
    ),
    "file-empty": Entry(
        Text(en="The file says nothing.", fr="Le fichier ne dit rien."),
        Text(
            en="Start from one of the examples of the folder parameters.",
            fr="Partez d'un des exemples du dossier parameters.",
        ),
    ),
    "file-binary": Entry(
        Text(en="This is not a text file.", fr="Ce n'est pas un fichier texte."),
        Text(en="Name the YAML file itself.", fr="Indiquez le fichier YAML lui-même."),
    ),
    "file-utf16": Entry(
        Text(en="The file is saved as UTF-16.", fr="Le fichier est enregistré en UTF-16."),
        Text(
            en="Save it as UTF-8. Windows PowerShell's > writes UTF-16: use Set-Content -Encoding utf8.",
            fr="Enregistrez-le en UTF-8. Le > de Windows PowerShell écrit en UTF-16 : utilisez Set-Content -Encoding utf8.",
        ),
    ),
    "file-not-utf8": Entry(
        Text(
            en="The file is not saved as UTF-8: a character of this line cannot be read.",
            fr="Le fichier n'est pas enregistré en UTF-8 : un caractère de cette ligne est illisible.",
        ),
        Text(en="Save it as UTF-8 in your editor.", fr="Enregistrez-le en UTF-8 dans votre éditeur."),
    ),
    "file-control-character": Entry(
        Text(en="This line holds a control character.", fr="Cette ligne contient un caractère de contrôle."),
        Text(en="Type the line again.", fr="Saisissez la ligne à nouveau."),
    ),
    "parameters-already-there": Entry(
        Text(en="{file}: a file of this name is there already.", fr="{file} : un fichier de ce nom existe déjà."),
        Text(
            en="Choose another name, or say that it is replaced.",
            fr="Choisissez un autre nom, ou demandez son remplacement.",
        ),
    ),
    "parameters-no-file-name": Entry(
        Text(en="This cannot be the name of a file.", fr="Ceci ne peut pas être un nom de fichier."),
        Text(
            en="Use lower-case letters, digits, hyphens and single dots, starting with a letter or digit.",
            fr="Utilisez des minuscules, des chiffres, des tirets et des points isolés, en commençant par une lettre ou un chiffre.",
        ),
    ),
    "parameters-cannot-write": Entry(
        Text(
            en="{file}: the file cannot be written ({detail}).",
            fr="{file} : le fichier ne peut pas être écrit ({detail}).",
        ),
        Text(en="Check its name and your rights to the folder.", fr="Vérifiez son nom et vos droits sur le dossier."),
    ),
    # YAML
    "yaml-syntax": Entry(
        Text(
            en="This is not YAML; reading stopped at column {column}.",
            fr="Ce n'est pas du YAML ; la lecture s'est arrêtée à la colonne {column}.",
        ),
        Text(
            en="Check this line and the one above: indentation by spaces, a space after each colon, quotes closed. The rest of the file was not checked.",
            fr="Vérifiez cette ligne et la précédente : retrait par des espaces, une espace après chaque deux-points, guillemets fermés. La suite du fichier n'a pas été vérifiée.",
        ),
    ),
    "yaml-tab": Entry(
        Text(en="The line is indented with a tab.", fr="La ligne est en retrait par une tabulation."),
        Text(en="YAML allows spaces only: use two a level.", fr="YAML n'admet que des espaces : deux par niveau."),
    ),
    "yaml-escape": Entry(
        Text(
            en="A backslash between double quotes starts an escape sequence, and this is not one.",
            fr="Une barre oblique inverse entre guillemets doubles commence une séquence d'échappement, et ceci n'en est pas une.",
        ),
        Text(
            en="Write the value between single quotes, such as 'LAB\\name'.",
            fr="Écrivez la valeur entre apostrophes, par exemple 'LAB\\nom'.",
        ),
    ),
    "yaml-colon": Entry(
        Text(
            en="There is a colon where no key can stand.",
            fr="Il y a un deux-points là où aucune clé ne peut se trouver.",
        ),
        Text(
            en="Put a value that holds a colon and a space in quotes, and check the indentation of this line.",
            fr="Mettez entre guillemets une valeur qui contient deux-points et espace, et vérifiez le retrait de cette ligne.",
        ),
    ),
    "yaml-twice": Entry(
        Text(
            en="This key stands twice; first in line {first}.",
            fr="Cette clé est présente deux fois ; d'abord à la ligne {first}.",
        ),
        Text(en="Keep one of the two.", fr="Gardez-en une seule."),
    ),
    "yaml-key": Entry(
        Text(en="A key must be a plain name.", fr="Une clé doit être un simple nom."),
        Text(en="Write name: value.", fr="Écrivez nom : valeur."),
    ),
    "yaml-tag": Entry(
        Text(en="Tags (!…) are not read.", fr="Les étiquettes (!…) ne sont pas lues."),
        Text(
            en="Write the plain value; put a text that starts with ! in quotes.",
            fr="Écrivez la valeur simple ; mettez entre guillemets un texte qui commence par !.",
        ),
    ),
    "yaml-anchor": Entry(
        Text(en="Anchors and aliases (&…, *…) are not read.", fr="Les ancres et les alias (&…, *…) ne sont pas lus."),
        Text(
            en="Write the value out; put a text that starts with & or * in quotes.",
            fr="Écrivez la valeur en entier ; mettez entre guillemets un texte qui commence par & ou *.",
        ),
    ),
    "yaml-several-documents": Entry(
        Text(en="A second document starts here.", fr="Un second document commence ici."),
        Text(
            en="One file describes one tenant: remove the line ---, and keep the rest in a file of its own.",
            fr="Un fichier décrit un seul tenant : supprimez la ligne --- et mettez la suite dans un autre fichier.",
        ),
    ),
    "yaml-not-a-mapping": Entry(
        Text(
            en="The file is not a list of keys and values.", fr="Le fichier n'est pas une suite de clés et de valeurs."
        ),
        Text(
            en="Start from one of the examples of the folder parameters.",
            fr="Partez d'un des exemples du dossier parameters.",
        ),
    ),
    "yaml-too-deep": Entry(
        Text(en="Values are nested too deeply.", fr="Les valeurs sont imbriquées trop profondément."),
        Text(en="Check that this is the right file.", fr="Vérifiez que c'est le bon fichier."),
    ),
    "yaml-too-long": Entry(
        Text(
            en="The file has far too many values; reading stopped here.",
            fr="Le fichier contient beaucoup trop de valeurs ; la lecture s'est arrêtée ici.",
        ),
        Text(en="Check that this is the right file.", fr="Vérifiez que c'est le bon fichier."),
    ),
    # keys and kinds of values
    "parameter-missing": Entry(
        Text(en="This key is missing.", fr="Cette clé manque."),
        Text(
            en="Add it; the examples of the folder parameters show how.",
            fr="Ajoutez-la ; les exemples du dossier parameters montrent comment.",
        ),
    ),
    "parameter-unknown": Entry(
        Text(en="There is no such key here.", fr="Cette clé n'existe pas ici."),
        Text(en="Remove it, or use one of: {names}.", fr="Supprimez-la, ou utilisez l'une de celles-ci : {names}."),
    ),
    "parameter-unknown-near": Entry(
        Text(en="There is no such key here.", fr="Cette clé n'existe pas ici."),
        Text(en="Did you mean {near}?", fr="Vouliez-vous dire {near} ?"),
    ),
    "parameter-not-text": Entry(
        Text(en="This must be a text.", fr="Ceci doit être un texte."),
        Text(en="Write one value after the colon.", fr="Écrivez une valeur après le deux-points."),
    ),
    "parameter-unquoted-yes-or-no": Entry(
        Text(
            en="This must be a text, but YAML reads words such as no, yes, on and off as true or false.",
            fr="Ceci doit être un texte, mais YAML lit des mots comme no, yes, on et off comme vrai ou faux.",
        ),
        Text(en="Put the value in quotes.", fr="Mettez la valeur entre guillemets."),
    ),
    "parameter-unquoted-number": Entry(
        Text(
            en="This must be a text, but YAML reads it as a number.",
            fr="Ceci doit être un texte, mais YAML le lit comme un nombre.",
        ),
        Text(en="Put the value in quotes.", fr="Mettez la valeur entre guillemets."),
    ),
    "parameter-unquoted-date": Entry(
        Text(
            en="This must be a text, but YAML reads it as a date.",
            fr="Ceci doit être un texte, mais YAML le lit comme une date.",
        ),
        Text(en="Put the value in quotes.", fr="Mettez la valeur entre guillemets."),
    ),
    "parameter-not-yes-or-no": Entry(
        Text(en="This must be true or false.", fr="Ceci doit être true ou false."),
        Text(en="Write true or false, without quotes.", fr="Écrivez true ou false, sans guillemets."),
    ),
    "parameter-not-a-number": Entry(
        Text(en="This must be a whole number.", fr="Ceci doit être un nombre entier."),
        Text(en="Write decimal digits, without quotes.", fr="Écrivez des chiffres décimaux, sans guillemets."),
    ),
    "parameter-too-small": Entry(
        Text(en="This must be at least {limit}.", fr="Ceci doit valoir au moins {limit}."),
    ),
    "parameter-too-large": Entry(
        Text(en="This must be at most {limit}.", fr="Ceci doit valoir au plus {limit}."),
    ),
    "parameter-not-a-list": Entry(
        Text(en="This must be a list.", fr="Ceci doit être une liste."),
        Text(
            en="Write one item a line, each after a hyphen, or [] for none.",
            fr="Écrivez un élément par ligne, chacun après un tiret, ou [] si la liste est vide.",
        ),
    ),
    "parameter-list-too-long": Entry(
        Text(en="This list may have {limit} items at most.", fr="Cette liste peut avoir {limit} éléments au plus."),
    ),
    "parameter-not-a-section": Entry(
        Text(
            en="This must be a section: keys and values, indented below it.",
            fr="Ceci doit être une section : des clés et des valeurs, en retrait au-dessous.",
        ),
    ),
    "parameter-not-a-choice": Entry(
        Text(en="This is not one of the possible values.", fr="Ce n'est pas une des valeurs possibles."),
        Text(en="Write one of: {choices}.", fr="Écrivez l'une de celles-ci : {choices}."),
    ),
    "parameter-not-a-choice-near": Entry(
        Text(
            en="This is not one of the possible values ({choices}).",
            fr="Ce n'est pas une des valeurs possibles ({choices}).",
        ),
        Text(en="Did you mean {near}?", fr="Vouliez-vous dire {near} ?"),
    ),
    "parameter-not-right": Entry(
        Text(en="This value is not accepted.", fr="Cette valeur n'est pas acceptée."),
        Text(
            en="Compare it with the examples of the folder parameters.",
            fr="Comparez-la aux exemples du dossier parameters.",
        ),
    ),
    # shapes of values
    "parameter-hidden-character": Entry(
        Text(
            en="This holds a character that cannot be seen: a line break, a control character, or one that turns the direction of text.",
            fr="Ceci contient un caractère invisible : un saut de ligne, un caractère de contrôle, ou un caractère qui change le sens du texte.",
        ),
        Text(
            en="Type the value again, on one line. Between double quotes a backslash has a meaning of its own: use single quotes.",
            fr="Saisissez la valeur à nouveau, sur une ligne. Entre guillemets doubles, la barre oblique inverse a un sens particulier : utilisez des apostrophes.",
        ),
    ),
    "parameter-too-long": Entry(
        Text(en="This may have {most} characters at most.", fr="Ceci peut avoir {most} caractères au plus."),
    ),
    "parameter-not-a-guid": Entry(
        Text(en="This is not a GUID.", fr="Ce n'est pas un GUID."),
        Text(
            en="Copy it from the portal; it looks like 1a2b3c4d-0000-0000-0000-1a2b3c4d5e6f.",
            fr="Copiez-le depuis le portail ; il ressemble à 1a2b3c4d-0000-0000-0000-1a2b3c4d5e6f.",
        ),
    ),
    "parameter-not-a-folder-name": Entry(
        Text(en="This cannot be the name of a folder.", fr="Ceci ne peut pas être un nom de dossier."),
        Text(
            en="Use lower-case letters, digits, hyphens and single dots, 63 at most, starting with a letter or digit; not a Windows device name such as con.",
            fr="Utilisez des lettres minuscules, des chiffres, des tirets et des points isolés, 63 au plus, en commençant par une lettre ou un chiffre ; pas un nom de périphérique Windows comme con.",
        ),
    ),
    "parameter-not-an-endpoint": Entry(
        Text(en="This is not a WinRM address.", fr="Ce n'est pas une adresse WinRM."),
        Text(
            en="Write it in full, with its port: https://server.contoso.com:5986/wsman.",
            fr="Écrivez-la en entier, avec son port : https://serveur.contoso.com:5986/wsman.",
        ),
    ),
    "parameter-endpoint-twice": Entry(
        Text(en="This server is named twice.", fr="Ce serveur est nommé deux fois."),
        Text(
            en="Name the active server as endpoint, and each other server once.",
            fr="Indiquez le serveur actif comme endpoint, et chaque autre serveur une seule fois.",
        ),
    ),
    "parameter-not-a-host": Entry(
        Text(en="This is not the name of a host.", fr="Ce n'est pas le nom d'un hôte."),
        Text(
            en="Write the name alone: sync1.contoso.com. An address does not do: Kerberos knows services by name.",
            fr="Écrivez le nom seul : sync1.contoso.com. Une adresse ne convient pas : Kerberos connaît les services par leur nom.",
        ),
    ),
    "parameter-not-a-site": Entry(
        Text(en="This is not the address of a change system.", fr="Ce n'est pas l'adresse d'un système de changement."),
        Text(
            en="Write it as in the browser, without a page: https://example.service-now.com or https://jira.contoso.com/jira.",
            fr="Écrivez-la comme dans le navigateur, sans page : https://exemple.service-now.com ou https://jira.contoso.com/jira.",
        ),
    ),
    "parameter-not-an-authority": Entry(
        Text(
            en="This is not the address of a time stamp authority.",
            fr="Ce n'est pas l'adresse d'une autorité d'horodatage.",
        ),
        Text(
            en="Write it with its path, without a user and without ?: http://timestamp.example.com/tsa.",
            fr="Écrivez-la avec son chemin, sans utilisateur ni ? : http://timestamp.example.com/tsa.",
        ),
    ),
    "parameter-site-not-https": Entry(
        Text(
            en="Over plain HTTP anybody on the way could read the credential.",
            fr="En HTTP simple, n'importe qui sur le chemin pourrait lire le secret de connexion.",
        ),
        Text(
            en="Use the https address. Plain HTTP is for this machine only.",
            fr="Utilisez l'adresse https. HTTP simple ne vaut que pour cette machine.",
        ),
    ),
    "parameter-not-a-login": Entry(
        Text(
            en="This cannot be a name to sign in with: it is empty, too long, or holds a space or a colon.",
            fr="Ce ne peut pas être un nom de connexion : il est vide, trop long, ou contient une espace ou un deux-points.",
        ),
        Text(
            en="Write the user name of ServiceNow, or the e-mail address of the Jira Cloud account.",
            fr="Écrivez le nom d'utilisateur de ServiceNow, ou l'adresse électronique du compte Jira Cloud.",
        ),
    ),
    "parameter-not-a-client-id": Entry(
        Text(en="This is not the id of an OAuth client.", fr="Ce n'est pas l'identifiant d'un client OAuth."),
        Text(
            en="Copy it from ServiceNow: System OAuth > Application Registry.",
            fr="Copiez-le de ServiceNow : System OAuth > Application Registry.",
        ),
    ),
    "parameter-not-a-principal": Entry(
        Text(
            en="With kerberos, this account must be named with its realm.",
            fr="Avec kerberos, ce compte doit être nommé avec son domaine Kerberos.",
        ),
        Text(
            en="Write name@CONTOSO.COM, as klist shows it, or leave it out to use the ticket that is there.",
            fr="Écrivez nom@CONTOSO.COM, comme l'affiche klist, ou omettez-le pour utiliser le ticket présent.",
        ),
    ),
    "parameter-not-a-upn": Entry(
        Text(en="This is not a user principal name.", fr="Ce n'est pas un nom d'utilisateur principal."),
        Text(en="It looks like name@contoso.com.", fr="Il ressemble à nom@contoso.com."),
    ),
    "parameter-not-a-user": Entry(
        Text(en="This is not the name of an account.", fr="Ce n'est pas un nom de compte."),
        Text(
            en="Write DOMAIN\\name, name@contoso.com or name, in single quotes.",
            fr="Écrivez DOMAINE\\nom, nom@contoso.com ou nom, entre apostrophes.",
        ),
    ),
    "parameter-not-a-file": Entry(
        Text(en="This is not the name of a file.", fr="Ce n'est pas un nom de fichier."),
        Text(en="Write a path, in single quotes.", fr="Écrivez un chemin, entre apostrophes."),
    ),
    "parameter-not-a-change-number": Entry(
        Text(en="This is not the number of a change record.", fr="Ce n'est pas un numéro de demande de changement."),
        Text(en='It looks like "CHG0030042" or "OPS-1234".', fr='Il ressemble à "CHG0030042" ou "OPS-1234".'),
    ),
    "parameter-not-a-digest": Entry(
        Text(en="This is not the digest of a plan.", fr="Ce n'est pas l'empreinte d'un plan."),
        Text(
            en="Copy the 64 hexadecimal digits from the plan.", fr="Copiez les 64 chiffres hexadécimaux depuis le plan."
        ),
    ),
    "parameter-not-a-run-id": Entry(
        Text(en="This is not the id of a run.", fr="Ce n'est pas l'identifiant d'une exécution."),
        Text(
            en="Copy the name of the run's folder, or leave it empty for a new run.",
            fr="Copiez le nom du dossier de l'exécution, ou laissez vide pour une nouvelle.",
        ),
    ),
    "parameter-not-a-run": Entry(
        Text(
            en="This does not name a run: a tenant's folder, a slash, and the run's folder.",
            fr="Ceci ne nomme pas une exécution : dossier du locataire, barre oblique, dossier de l'exécution.",
        ),
        Text(
            en="Copy both from the folder of the run below the outputs, or use `runbook rollback RUN_DIR`.",
            fr="Copiez les deux depuis le dossier de l'exécution, ou utilisez `runbook rollback RUN_DIR`.",
        ),
    ),
    # rules between keys
    "parameter-needed-with": Entry(
        Text(en="This is needed with {choice}.", fr="Ceci est nécessaire avec {choice}."),
        Text(en="Add it.", fr="Ajoutez-le."),
    ),
    "parameter-unused-with": Entry(
        Text(en="This is not used with {choice}.", fr="Ceci ne sert pas avec {choice}."),
        Text(
            en="Remove it, or choose the way of signing in that uses it.",
            fr="Supprimez-le, ou choisissez le mode de connexion qui l'utilise.",
        ),
    ),
    "parameter-unused-by-hand": Entry(
        Text(
            en="With sync_server.method guided the sync server is not reached, and this is not used.",
            fr="Avec sync_server.method guided, le serveur de synchronisation n'est pas joint, et ceci ne sert pas.",
        ),
        Text(en="Remove it, or use method powershell.", fr="Supprimez-le, ou utilisez method powershell."),
    ),
    "parameter-needs-https": Entry(
        Text(
            en="{choice} would send credentials in clear over http.",
            fr="{choice} enverrait les identifiants en clair par http.",
        ),
        Text(
            en="Use an https address, usually with port 5986.",
            fr="Utilisez une adresse https, en général avec le port 5986.",
        ),
    ),
    "parameter-lab-is-here": Entry(
        Text(en="The profile lab speaks only to this machine.", fr="Le profil lab ne parle qu'à cette machine."),
        Text(en="Use an address of the lab, or profile: live.", fr="Utilisez une adresse du lab, ou profile : live."),
    ),
    "parameter-portal-needs-a-person": Entry(
        Text(
            en="portal-api needs a signed-in administrator, and {choice} signs in an application.",
            fr="portal-api demande un administrateur connecté, et {choice} connecte une application.",
        ),
        Text(
            en="Use guided, or sign in with device-code or interactive.",
            fr="Utilisez guided, ou connectez-vous par device-code ou interactive.",
        ),
    ),
    # secrets
    "secret-literal": Entry(
        Text(en="A secret does not stand in a file.", fr="Un secret n'a pas sa place dans un fichier."),
        Text(
            en="Write where it is kept: env:NAME, keyring:service/user, keyvault:vault/name, file:path or prompt:label. What was written here may have been read by others: change that secret.",
            fr="Indiquez où il est gardé : env:NOM, keyring:service/utilisateur, keyvault:coffre/nom, file:chemin ou prompt:libellé. Ce qui était écrit ici a pu être lu par d'autres : changez ce secret.",
        ),
    ),
    "secret-malformed": Entry(
        Text(en="The reference to the secret is not complete.", fr="La référence au secret n'est pas complète."),
        Text(
            en="Write env:NAME, keyring:service/user, keyvault:vault/name, file:path, prompt:label, or in the lab lab:name.",
            fr="Écrivez env:NOM, keyring:service/utilisateur, keyvault:coffre/nom, file:chemin, prompt:libellé ou, dans le lab, lab:nom.",
        ),
    ),
    "secret-lab-in-live": Entry(
        Text(en="Secrets of the lab are for profile lab.", fr="Les secrets du lab sont réservés au profil lab."),
        Text(
            en="Use env:NAME, keyring:service/user, file:path or prompt:label.",
            fr="Utilisez env:NOM, keyring:service/utilisateur, file:chemin ou prompt:libellé.",
        ),
    ),
    "secret-missing": Entry(
        Text(en="There is no secret at {reference}.", fr="Il n'y a pas de secret à {reference}."),
        Text(en="Put it there, or correct the reference.", fr="Déposez-le, ou corrigez la référence."),
    ),
    "secret-empty": Entry(
        Text(en="The secret at {reference} is empty.", fr="Le secret à {reference} est vide."),
        Text(en="Put it there, or correct the reference.", fr="Déposez-le, ou corrigez la référence."),
    ),
    "secret-not-text": Entry(
        Text(
            en="What is kept at {reference} is not text in UTF-8.",
            fr="Ce qui est gardé à {reference} n'est pas du texte en UTF-8.",
        ),
        Text(en="Put the secret there as text.", fr="Déposez-y le secret sous forme de texte."),
    ),
    "secret-no-keyring": Entry(
        Text(
            en="{reference}: the keyring of this machine is locked or missing.",
            fr="{reference} : le trousseau de cette machine est verrouillé ou absent.",
        ),
        Text(
            en="Unlock it, or use another kind of reference.",
            fr="Déverrouillez-le, ou utilisez une autre sorte de référence.",
        ),
    ),
    "secret-nobody-there": Entry(
        Text(
            en="{reference}: nobody is there to type the secret.",
            fr="{reference} : personne n'est là pour saisir le secret.",
        ),
        Text(
            en="Run it in JupyterLab or at a terminal, or use env:NAME, keyring:service/user or file:path.",
            fr="Lancez-le dans JupyterLab ou dans un terminal, ou utilisez env:NOM, keyring:service/utilisateur ou file:chemin.",
        ),
    ),
    "secret-file-unreadable": Entry(
        Text(
            en="{reference}: this is not a file that can be read.", fr="{reference} : ce n'est pas un fichier lisible."
        ),
        Text(en="Check its name and your rights to it.", fr="Vérifiez son nom et vos droits."),
    ),
    "secret-file-exposed": Entry(
        Text(
            en="{reference}: other accounts of this machine can use this file.",
            fr="{reference} : d'autres comptes de cette machine ont accès à ce fichier.",
        ),
        Text(
            en="Allow it to yourself only (chmod 600), and change the secret if others may have read it.",
            fr="Réservez-le à vous seul (chmod 600), et changez le secret si d'autres ont pu le lire.",
        ),
    ),
    "secret-file-too-large": Entry(
        Text(
            en="{reference}: the file is larger than {most} bytes.",
            fr="{reference} : le fichier dépasse {most} octets.",
        ),
        Text(en="It must hold the secret and nothing else.", fr="Il ne doit contenir que le secret."),
    ),
    # attestations
    "attestation-nobody": Entry(
        Text(en="A name must stand here.", fr="Un nom doit figurer ici."),
        Text(en="Write the name of the person.", fr="Écrivez le nom de la personne."),
    ),
    "attestation-same-person": Entry(
        Text(en="The second person is the first.", fr="La seconde personne est la première."),
        Text(
            en="Somebody else must confirm, or leave this out.",
            fr="Quelqu'un d'autre doit confirmer, ou supprimez cette ligne.",
        ),
    ),
    "attestation-not-a-time": Entry(
        Text(en="This is not a point in time.", fr="Ce n'est pas une date avec heure."),
        Text(
            en="Write date, time and time zone, such as 2026-11-22T15:30:00+01:00.",
            fr="Écrivez la date, l'heure et le fuseau, par exemple 2026-11-22T15:30:00+01:00.",
        ),
    ),
    "attestation-time-without-zone": Entry(
        Text(en="The time has no time zone.", fr="L'heure n'a pas de fuseau horaire."),
        Text(
            en="Add the difference to UTC, such as 2026-11-22T15:30:00+01:00, or Z for UTC.",
            fr="Ajoutez l'écart avec UTC, par exemple 2026-11-22T15:30:00+01:00, ou Z pour UTC.",
        ),
    ),
    "attestation-no-steps": Entry(
        Text(en="No step is attested.", fr="Aucune étape n'est attestée."),
        Text(
            en="List the steps that were done, such as [p3, p4, p5].",
            fr="Énumérez les étapes faites, par exemple [p3, p4, p5].",
        ),
    ),
    "attestation-step-twice": Entry(
        Text(en="A step stands twice.", fr="Une étape est présente deux fois."),
        Text(en="Name each step once.", fr="Nommez chaque étape une seule fois."),
    ),
    "attestation-value-missing": Entry(
        Text(
            en="To attest {steps}, say what the page showed.",
            fr="Pour attester {steps}, indiquez ce que la page montrait.",
        ),
        Text(
            en="Write true or false, as seen when it was done.",
            fr="Écrivez true ou false, tel que vu une fois fait.",
        ),
    ),
    "attestation-screenshots-twice": Entry(
        Text(
            en="Both screenshot and screenshots stand here.",
            fr="screenshot et screenshots figurent tous les deux ici.",
        ),
        Text(
            en="List every picture under screenshots and leave the other key out.",
            fr="Listez chaque image sous screenshots et supprimez l'autre clé.",
        ),
    ),
    "picture-missing": Entry(
        Text(en="There is no such file, or it cannot be read.", fr="Ce fichier n'existe pas ou ne peut pas être lu."),
        Text(
            en="Put the screenshot beside this file and write its name, or leave it out.",
            fr="Placez la capture d'écran à côté de ce fichier et écrivez son nom, ou retirez-la.",
        ),
    ),
    "picture-too-large": Entry(
        Text(en="The picture is larger than {most} MB.", fr="L'image dépasse {most} Mo."),
        Text(
            en="Take a picture of the window alone, or save it as JPEG.",
            fr="Capturez seulement la fenêtre, ou enregistrez l'image en JPEG.",
        ),
    ),
    "picture-of-another-kind": Entry(
        Text(en="This is no PNG or JPEG picture.", fr="Ce n'est pas une image PNG ou JPEG."),
        Text(en="Save the screenshot as PNG or JPEG.", fr="Enregistrez la capture d'écran en PNG ou JPEG."),
    ),
    "picture-broken": Entry(
        Text(
            en="This begins like a picture, but cannot be opened as one.",
            fr="Le fichier commence comme une image, mais ne s'ouvre pas.",
        ),
        Text(en="Take the screenshot again.", fr="Refaites la capture d'écran."),
    ),
    "picture-too-many-pixels": Entry(
        Text(
            en="The picture has more than {most} million pixels.",
            fr="L'image a plus de {most} millions de pixels.",
        ),
        Text(en="Take a picture of the window alone.", fr="Capturez seulement la fenêtre."),
    ),
}
