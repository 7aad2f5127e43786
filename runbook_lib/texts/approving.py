"""The words of the verbs with which people sign: help, headings and hints."""

from __future__ import annotations

from runbook_lib.texts.text import Text

COMMANDS: dict[str, Text] = {
    "approve": Text(
        en="Sign your approval of a plan with your own key: shows its changes first, and writes the approval beside it.",
        fr="Signer votre approbation d'un plan avec votre propre clé : montre d'abord ses changements, et écrit l'approbation à côté.",
    ),
    "attest": Text(
        en="Sign an attestation with your own key; the signature is written beside it.",
        fr="Signer une attestation avec votre propre clé ; la signature est écrite à côté.",
    ),
    "key": Text(
        en="Show your public key as an entry for the roster; the key is made when there is none.",
        fr="Montrer votre clé publique comme une entrée du registre ; la clé est créée s'il n'y en a pas.",
    ),
}

OPTIONS: dict[str, Text] = {
    "approval": Text(
        en="signed approvals of the plans, several in a row (default: those beside the plans)",
        fr="approbations signées des plans, à la suite (par défaut : celles à côté des plans)",
    ),
    "plan-to-sign": Text(
        en="plan.json of the plan that you approve, or the plan of a fleet",
        fr="plan.json du plan que vous approuvez, ou plan d'une flotte",
    ),
    "attestation-to-sign": Text(en="file of the attestation", fr="fichier de l'attestation"),
    "key": Text(
        en="the key: file:PATH, hsm:NUMBER?label=TOKEN or azurekms://… (default: your own, made on first use)",
        fr="la clé : file:CHEMIN, hsm:NUMÉRO?label=JETON ou azurekms://… (par défaut : la vôtre, créée au premier usage)",
    ),
    "pin": Text(
        en="where the PIN or passphrase is kept, such as env:NAME or keyring:service/user (default: you are asked)",
        fr="où le code PIN ou la phrase de passe est gardé, comme env:NOM ou keyring:service/compte (par défaut : on vous le demande)",
    ),
    "name": Text(
        en="your name as the roster has it (default: what --roster says of the key)",
        fr="votre nom tel qu'au registre (par défaut : ce que --roster dit de la clé)",
    ),
    "roster-to-sign-by": Text(
        en="the roster, to see that your signature will count",
        fr="le registre, pour vérifier que votre signature comptera",
    ),
    "signed-to": Text(en="file to write (default: beside it)", fr="fichier à écrire (par défaut : à côté)"),
    "yes": Text(en="sign without being asked once more", fr="signer sans nouvelle question"),
    "comment": Text(en="a remark that is signed with it", fr="une remarque, signée avec"),
    "until": Text(
        en="until when the approval counts, such as 2026-12-01T18:00+01:00 (default: no end)",
        fr="jusqu'à quand l'approbation compte, par exemple 2026-12-01T18:00+01:00 (par défaut : sans fin)",
    ),
    "role": Text(
        en="what the key is for; may be given several times (default: approver)",
        fr="à quoi sert la clé ; peut être répété (par défaut : approver)",
    ),
    "account": Text(
        en="the account in which you work, for a roster that asks for four eyes (default: this one)",
        fr="le compte dans lequel vous travaillez, pour un registre qui exige quatre yeux (par défaut : celui-ci)",
    ),
}

LINES: dict[str, Text] = {
    "approve-what": Text(
        en="Tenant {tenant} ({id}), version {version}", fr="Locataire {tenant} ({id}), version {version}"
    ),
    "approve-roster": Text(
        en="The plan needs the signatures of {needed} {needed:approver|approvers} of the roster with SHA-256 {roster}.",
        fr="Le plan exige la signature de {needed} {needed:approbateur|approbateurs} du registre dont le SHA-256 est {roster}.",
    ),
    "approve-no-roster": Text(
        en="The plan names no roster: whoever applies it needs no signature. Yours is written all the same.",
        fr="Le plan ne désigne aucun registre : qui l'applique n'a besoin d'aucune signature. La vôtre est écrite quand même.",
    ),
    "attest-what": Text(
        en="An attestation by {by} of {steps}, for the plan {plan}",
        fr="Une attestation de {by} pour {steps}, du plan {plan}",
    ),
    "sign-with": Text(
        en="First {needed} {needed:approver signs|approvers sign} it, each with their own key:",
        fr="D'abord, {needed} {needed:approbateur le signe|approbateurs le signent}, chacun avec sa propre clé :",
    ),
    "sign-now": Text(en="Sign as {name}? Type yes:", fr="Signer en tant que {name} ? Tapez oui :"),
    "signed": Text(en="Signed by {name} with the key {key_id}", fr="Signé par {name} avec la clé {key_id}"),
    "signed-file": Text(en="File: {file}", fr="Fichier : {file}"),
    "key-made": Text(
        en="A new key was made: {file}. Only you can read it; keep it so.",
        fr="Une nouvelle clé a été créée : {file}. Vous seul pouvez la lire ; gardez-la ainsi.",
    ),
    "key-entry": Text(
        en="Give this entry to whoever keeps the roster (key {key_id}):",
        fr="Donnez cette entrée à qui tient le registre (clé {key_id}) :",
    ),
    "key-name": Text(
        en="The name is that of the account, {name}. Give your own with --name.",
        fr="Le nom est celui du compte, {name}. Donnez le vôtre avec --name.",
    ),
}
