"""Messages about keys, signatures and whom we believe."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    # keys
    "key-file-wrong": Entry(
        Text(
            en="{file} is no private key that can sign here, or the passphrase is wrong.",
            fr="{file} n'est pas une clé privée utilisable ici, ou la phrase de passe est fausse.",
        ),
        Text(
            en="A key file is PEM (PKCS#8) with an Ed25519 or ECDSA key. `runbook key --key file:PATH` makes a new one.",
            fr="Un fichier de clé est au format PEM (PKCS#8), Ed25519 ou ECDSA. `runbook key --key file:CHEMIN` en crée un.",
        ),
    ),
    "key-file-open-to-others": Entry(
        Text(
            en="{file} can be read by other users of this machine (mode {mode}), so it proves nothing about who signed.",
            fr="{file} est lisible par d'autres utilisateurs de cette machine (mode {mode}) : il ne prouve pas qui a signé.",
        ),
        Text(
            en="If others may have read it, make a new key and have the old one taken out of the roster. Else: chmod 600 FILE.",
            fr="Si d'autres ont pu le lire, créez une nouvelle clé et faites retirer l'ancienne du registre. Sinon : chmod 600 "
            "FICHIER.",
        ),
    ),
    "key-file-unreadable": Entry(
        Text(
            en="The key file {file} cannot be read: {detail}.", fr="Le fichier de clé {file} est illisible : {detail}."
        ),
        Text(
            en="Check its name. `runbook key --key file:PATH` makes a new one.",
            fr="Vérifiez son nom. `runbook key --key file:CHEMIN` en crée un.",
        ),
    ),
    "key-reference-unknown": Entry(
        Text(en="{reference} names no key.", fr="{reference} ne désigne aucune clé."),
        Text(
            en="Write file:PATH, azurekms://VAULT.vault.azure.net/keys/NAME or hsm:NUMBER?label=TOKEN.",
            fr="Écrivez file:CHEMIN, azurekms://COFFRE.vault.azure.net/keys/NOM ou hsm:NUMÉRO?label=JETON.",
        ),
    ),
    "signer-package-missing": Entry(
        Text(
            en="{reference}: the packages that sign with such a key are not installed.",
            fr="{reference} : les paquets qui signent avec une telle clé ne sont pas installés.",
        ),
        Text(
            en="Install them in the folder of the kit: pip install '.[{extra}]'.",
            fr="Installez-les dans le dossier de l'outil : pip install '.[{extra}]'.",
        ),
    ),
    "signer-no-library": Entry(
        Text(
            en="{reference}: no library of a token is named.",
            fr="{reference} : aucune bibliothèque de jeton n'est indiquée.",
        ),
        Text(
            en="Set the environment variable {variable} to the PKCS#11 library of your token or HSM.",
            fr="Donnez dans la variable d'environnement {variable} la bibliothèque PKCS#11 de votre jeton ou HSM.",
        ),
    ),
    "signer-key-not-newest": Entry(
        Text(
            en="{reference} is not the newest version of the key, or is disabled.",
            fr="{reference} n'est pas la version la plus récente de la clé, ou est désactivée.",
        ),
        Text(
            en="Name the key without a version, and have the newest one entered in the roster.",
            fr="Nommez la clé sans version, et faites inscrire la plus récente au registre.",
        ),
    ),
    "signer-failed": Entry(
        Text(en="{reference} cannot be used: {detail}.", fr="{reference} ne peut pas être utilisée : {detail}."),
        Text(
            en="Check the name of the key, your rights to it, the PIN, and that the token or vault can be reached.",
            fr="Vérifiez le nom de la clé, vos droits sur elle, le code PIN, et que le jeton ou le coffre est joignable.",
        ),
    ),
    "signing-failed": Entry(
        Text(
            en="The key {key_id} did not sign: {detail}. Nothing was written.",
            fr="La clé {key_id} n'a pas signé : {detail}. Rien n'a été écrit.",
        ),
        Text(
            en="Check your rights to the key, the PIN, and that the token or vault can be reached.",
            fr="Vérifiez vos droits sur la clé, le code PIN, et que le jeton ou le coffre est joignable.",
        ),
    ),
    "pin-not-a-reference": Entry(
        Text(
            en="--pin wants a reference, not the PIN itself.",
            fr="--pin attend une référence, pas le code PIN lui-même.",
        ),
        Text(
            en="Write env:NAME, keyring:service/user or file:path, or leave it out and you are asked.",
            fr="Écrivez env:NOM, keyring:service/compte ou file:chemin, ou omettez-la et on vous le demandera.",
        ),
    ),
    "sign-unknown-key": Entry(
        Text(
            en="The key {key_id} is not in the roster {file}, so its signature would not count. Nothing was signed.",
            fr="La clé {key_id} n'est pas au registre {file}, sa signature ne compterait donc pas. Rien n'a été signé.",
        ),
        Text(
            en="Give the entry that `runbook key` prints to whoever keeps the roster.",
            fr="Donnez à qui tient le registre l'entrée que `runbook key` affiche.",
        ),
    ),
    "sign-without-role": Entry(
        Text(
            en="{name} has not the role {role} in the roster {file}, so the signature would not count. Nothing was signed.",
            fr="{name} n'a pas le rôle {role} au registre {file}, la signature ne compterait donc pas. Rien n'a été signé.",
        ),
        Text(en="Ask whoever keeps the roster.", fr="Demandez à qui tient le registre."),
    ),
    "sign-not-valid-now": Entry(
        Text(
            en="The key of {name} is not valid today, says the roster {file}. Nothing was signed.",
            fr="La clé de {name} n'est pas valable aujourd'hui, d'après le registre {file}. Rien n'a été signé.",
        ),
        Text(
            en="Have a new key or new dates entered in the roster.",
            fr="Faites inscrire au registre une nouvelle clé ou de nouvelles dates.",
        ),
    ),
    "sign-nobody-there": Entry(
        Text(
            en="Nobody can be asked here whether to sign. Nothing was signed.",
            fr="Personne ne peut être interrogé ici avant de signer. Rien n'a été signé.",
        ),
        Text(en="Sign at a terminal, or with --yes.", fr="Signez dans un terminal, ou avec --yes."),
    ),
    "sign-not-confirmed": Entry(
        Text(en="Nothing was signed.", fr="Rien n'a été signé."),
        Text(en="To sign, type yes.", fr="Pour signer, tapez oui."),
    ),
    "signed-file-exists": Entry(
        Text(en="{file} exists already, and was left as it is.", fr="{file} existe déjà, et a été laissé tel quel."),
        Text(
            en="Name another file with --to, or move it away.",
            fr="Indiquez un autre fichier avec --to, ou déplacez-le.",
        ),
    ),
    # envelopes
    "envelope-unreadable": Entry(
        Text(
            en="{name} is no signed statement as the kit writes it, or was changed since.",
            fr="{name} n'est pas une déclaration signée telle que l'outil l'écrit, ou a été modifiée depuis.",
        ),
        Text(
            en="Get the file again from whoever signed it; it must be copied byte for byte.",
            fr="Redemandez le fichier à qui l'a signé ; il doit être copié octet pour octet.",
        ),
    ),
    # the roster
    "roster-unreadable": Entry(
        Text(en="The roster {file} cannot be read: {detail}.", fr="Le registre {file} est illisible : {detail}."),
        Text(en="Check its name and your rights to it.", fr="Vérifiez son nom et vos droits."),
    ),
    "roster-too-large": Entry(
        Text(en="The roster {file} has more than {most} KB.", fr="Le registre {file} dépasse {most} Ko."),
        Text(en="Check that it is the right file.", fr="Vérifiez que c'est le bon fichier."),
    ),
    "roster-not-json": Entry(
        Text(en="{file}, line {line}: this is not JSON.", fr="{file}, ligne {line} : ce n'est pas du JSON."),
        Text(
            en="docs/approvals.md shows a roster. Commas stand between entries, and names in double quotes.",
            fr="docs/approvals.md montre un registre. Des virgules séparent les entrées, et les noms sont entre guillemets droits.",
        ),
    ),
    "roster-refused": Entry(
        Text(
            en="The roster {file} has {count} {count:problem|problems}, and nobody is believed before all are mended:",
            fr="Le registre {file} a {count} {count:problème|problèmes} ; tant qu'il en reste, personne n'est cru :",
        ),
    ),
    "roster-key-twice": Entry(
        Text(
            en="{place}: “{name}” stands twice in one entry.",
            fr="{place} : « {name} » figure deux fois dans une entrée.",
        ),
        Text(en="Keep one of them.", fr="N'en gardez qu'un."),
    ),
    "roster-not-ours": Entry(
        Text(
            en="{place}: this is not a roster of version {known}.",
            fr="{place} : ce n'est pas un registre de version {known}.",
        ),
        Text(en='Begin the file with "roster": {known}.', fr='Commencez le fichier par "roster": {known}.'),
    ),
    "roster-no-keys": Entry(
        Text(en="{place}: there are no entries.", fr="{place} : il n'y a aucune entrée."),
        Text(
            en="List the entries that `runbook key` prints for each person.",
            fr="Donnez la liste des entrées que `runbook key` affiche chez chaque personne.",
        ),
    ),
    "roster-not-an-entry": Entry(
        Text(en="{place}: this is not an entry in braces.", fr="{place} : ce n'est pas une entrée entre accolades."),
        Text(en="Paste what `runbook key` prints.", fr="Collez ce que `runbook key` affiche."),
    ),
    "roster-missing": Entry(
        Text(en="{place} is missing.", fr="{place} manque."),
        Text(en="Paste the entry as `runbook key` prints it.", fr="Collez l'entrée telle que `runbook key` l'affiche."),
    ),
    "roster-unknown": Entry(
        Text(en="{place}: nothing of that name belongs here.", fr="{place} : rien de ce nom n'a sa place ici."),
        Text(en="Known here: {known}.", fr="Connus ici : {known}."),
    ),
    "roster-not-yes-or-no": Entry(
        Text(en="{place}: this is neither true nor false.", fr="{place} : ce n'est ni true ni false."),
        Text(en="Write true or false without quotes.", fr="Écrivez true ou false sans guillemets."),
    ),
    "roster-not-a-name": Entry(
        Text(
            en="{place}: this is no name of 1 to {most} printable characters.",
            fr="{place} : ce n'est pas un nom de 1 à {most} caractères imprimables.",
        ),
        Text(en="Write the name of a person or service.", fr="Écrivez le nom d'une personne ou d'un service."),
    ),
    "roster-not-roles": Entry(
        Text(en="{place}: this is no list of roles.", fr="{place} : ce n'est pas une liste de rôles."),
        Text(en="Choose from: {known}.", fr="Choisissez parmi : {known}."),
    ),
    "roster-not-a-key": Entry(
        Text(
            en="{place}: this is no public key that signs here (Ed25519 or ECDSA, as base64).",
            fr="{place} : ce n'est pas une clé publique utilisable ici (Ed25519 ou ECDSA, en base64).",
        ),
        Text(
            en="Paste it whole, on one line, as `runbook key` prints it.",
            fr="Collez-la entière, sur une ligne, telle que `runbook key` l'affiche.",
        ),
    ),
    "roster-not-a-time": Entry(
        Text(
            en="{place}: this is no date, and no time with its offset.",
            fr="{place} : ce n'est ni une date, ni une heure avec son décalage.",
        ),
        Text(
            en='Write "2026-12-01" or "2026-12-01T08:00:00+01:00".',
            fr='Écrivez "2026-12-01" ou "2026-12-01T08:00:00+01:00".',
        ),
    ),
    "roster-ends-before-it-begins": Entry(
        Text(en="{place} is not after valid_from.", fr="{place} n'est pas postérieur à valid_from."),
        Text(en="Give a later day.", fr="Donnez un jour postérieur."),
    ),
    "roster-same-key": Entry(
        Text(
            en="{place}: {first} and {second} have the same key: a signature would not tell whose it is.",
            fr="{place} : {first} et {second} ont la même clé : une signature ne dirait pas de qui elle est.",
        ),
        Text(en="Enter each key once.", fr="N'inscrivez chaque clé qu'une fois."),
    ),
    "roster-no-account": Entry(
        Text(
            en="{place}: with four_eyes every approver needs an account, and {name} has none.",
            fr="{place} : avec four_eyes, chaque approbateur doit avoir un compte (account), et {name} n'en a pas.",
        ),
        Text(
            en="Enter the account of the operating system in which the person works.",
            fr="Inscrivez le compte du système d'exploitation dans lequel la personne travaille.",
        ),
    ),
}
