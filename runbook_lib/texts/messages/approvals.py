"""Messages about approvals that people sign, and why one does not count."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

_SIGN_ANEW = Text(en="Have this plan signed anew.", fr="Faites signer ce plan à nouveau.")

MESSAGES: dict[str, Entry] = {
    "approvals-missing": Entry(
        Text(
            en="This plan needs the signed approval of {needed} {needed:person|people}, and {found} "
            "{found:counts|count}: {digest}. Nothing was sent.",
            fr="Ce plan exige l'approbation signée de {needed} {needed:personne|personnes}, et {found} "
            "{found:compte|comptent} : {digest}. Rien n'a été envoyé.",
        ),
        Text(
            en="Have approvers of the roster sign it: runbook approve PLAN.json. Their files are found beside the plan, or name them with "
            "--approval.",
            fr="Faites-le signer par des approbateurs du registre : runbook approve PLAN.json. Leurs fichiers sont trouvés à côté du plan, "
            "ou indiquez-les avec --approval.",
        ),
    ),
    "approval-unknown-key": Entry(
        Text(
            en="{file} is signed with a key that is not in the roster: {key_id}.",
            fr="{file} est signé avec une clé absente du registre : {key_id}.",
        ),
        Text(
            en="Have the key entered in the roster, then plan again: the plan names the roster.",
            fr="Faites inscrire la clé au registre, puis refaites le plan : le plan désigne le registre.",
        ),
    ),
    "approval-expired": Entry(
        Text(
            en="{file}: the key of {name} is no longer valid.",
            fr="{file} : la clé de {name} n'est plus valable.",
        ),
        Text(
            en="Have a new key entered in the roster, then plan again and sign that plan.",
            fr="Faites inscrire une nouvelle clé au registre, puis refaites le plan et faites-le signer.",
        ),
    ),
    "approval-not-yet-valid": Entry(
        Text(
            en="{file}: the key of {name} is not valid yet.",
            fr="{file} : la clé de {name} n'est pas encore valable.",
        ),
        Text(
            en="Wait for the first day that the roster gives, and check the clock of this machine.",
            fr="Attendez le premier jour que donne le registre, et vérifiez l'horloge de cette machine.",
        ),
    ),
    "approval-bad": Entry(
        Text(
            en="{file}: the signature is not one of {name} over what it says: the file was changed.",
            fr="{file} : la signature n'est pas celle de {name} pour ce qui y est dit : le fichier a été modifié.",
        ),
        Text(
            en="Find out who changed it, and have the plan signed anew.",
            fr="Cherchez qui l'a modifié, et faites signer le plan à nouveau.",
        ),
    ),
    "approval-without-role": Entry(
        Text(
            en="{file}: {name} is in the roster, and not as an approver.",
            fr="{file} : {name} figure au registre, mais pas comme approbateur.",
        ),
        Text(en="Have an approver sign.", fr="Faites signer un approbateur."),
    ),
    "approval-of-another-plan": Entry(
        Text(
            en="{file}: {name} approved another plan, {approved}.",
            fr="{file} : {name} a approuvé un autre plan, {approved}.",
        ),
        _SIGN_ANEW,
    ),
    "approval-of-the-future": Entry(
        Text(
            en="{file}: {name} is said to have signed at {at}, which is still to come.",
            fr="{file} : {name} aurait signé à {at}, ce qui est encore à venir.",
        ),
        Text(
            en="Check the clocks of the approver's machine and of this one.",
            fr="Vérifiez les horloges de la machine de l'approbateur et de celle-ci.",
        ),
    ),
    "approval-over": Entry(
        Text(
            en="{file}: {name} approved the plan until {until}, and that is over.",
            fr="{file} : {name} a approuvé le plan jusqu'à {until}, et c'est passé.",
        ),
        _SIGN_ANEW,
    ),
    "approval-before-sending": Entry(
        Text(
            en="{file}: {name} signed before this very plan was sent at {sent}. An approval is for one sending.",
            fr="{file} : {name} a signé avant que ce même plan soit envoyé à {sent}. Une approbation vaut pour un seul envoi.",
        ),
        _SIGN_ANEW,
    ),
    "approval-same-person": Entry(
        Text(en="{file}: {name} counts once.", fr="{file} : {name} ne compte qu'une fois."),
        Text(en="Have somebody else sign, too.", fr="Faites signer quelqu'un d'autre aussi."),
    ),
    "approval-by-who-runs-it": Entry(
        Text(
            en="Only {account}, who runs the plan, approved it; the roster asks for four eyes.",
            fr="Seul {account}, qui exécute le plan, l'a approuvé ; le registre exige quatre yeux.",
        ),
        Text(en="Have somebody else sign, too.", fr="Faites signer quelqu'un d'autre aussi."),
    ),
    "approval-other-name": Entry(
        Text(
            en="{file}: it says that {by} approved, and the roster says that the key is of {name}.",
            fr="{file} : il y est dit que {by} approuve, alors que le registre attribue la clé à {name}.",
        ),
        Text(
            en="Have it signed under the name that stands in the roster: runbook approve --name.",
            fr="Faites-le signer sous le nom qui figure au registre : runbook approve --name.",
        ),
    ),
    "approval-unreadable": Entry(
        Text(en="The approval {file} cannot be read: {detail}.", fr="L'approbation {file} est illisible : {detail}."),
        Text(en="Check its name and your rights to it.", fr="Vérifiez son nom et vos droits."),
    ),
    "approval-holds-secret": Entry(
        Text(
            en="An approval holds what is, or looks like, a secret. File, place and rule: {places}. Nothing was kept or sent.",
            fr="Une approbation contient ce qui est, ou semble être, un secret. Fichier, endroit et règle : {places}. Rien n'a été "
            "conservé ni envoyé.",
        ),
        Text(
            en="An approval is kept exactly as it was signed. Have the plan signed anew, without the secret in the comment.",
            fr="Une approbation est conservée telle qu'elle a été signée. Faites signer le plan à nouveau, sans le secret dans la "
            "remarque.",
        ),
    ),
    "approval-not-one": Entry(
        Text(
            en="{file} is a signed statement, and not the approval of a plan.",
            fr="{file} est une déclaration signée, mais pas l'approbation d'un plan.",
        ),
        Text(en="Name the files that runbook approve wrote.", fr="Indiquez les fichiers que runbook approve a écrits."),
    ),
    "approval-of-other-tenant": Entry(
        Text(
            en="{file} approves a plan of the tenant {tenant}, which is not among those that are applied.",
            fr="{file} approuve un plan du locataire {tenant}, qui n'est pas parmi ceux à appliquer.",
        ),
        Text(
            en="Leave it out, or name that tenant's file, too.",
            fr="Retirez-le, ou indiquez aussi le fichier de ce locataire.",
        ),
    ),
    "approval-without-roster": Entry(
        Text(
            en="{tenant}: signed approvals are given, and the parameters name no roster.",
            fr="{tenant} : des approbations signées sont données, et les paramètres ne désignent aucun registre.",
        ),
        Text(
            en="Name it as evidence.roster and plan again, or leave out --approval.",
            fr="Désignez-le dans evidence.roster et refaites le plan, ou retirez --approval.",
        ),
    ),
    "change-not-read": Entry(
        Text(
            en="The change record must allow this plan, and cannot be read now. Nothing was sent.",
            fr="La demande de changement doit autoriser ce plan, et ne peut pas être lue maintenant. Rien n'a été envoyé.",
        ),
        Text(
            en="Restore the way to its system, then apply again.",
            fr="Rétablissez l'accès à son système, puis appliquez à nouveau.",
        ),
    ),
    "change-does-not-allow": Entry(
        Text(
            en="The change record {number} does not allow this plan now ({said}). Nothing was sent.",
            fr="La demande de changement {number} n'autorise pas ce plan maintenant ({said}). Rien n'a été envoyé.",
        ),
        Text(
            en="Mend the record in its own system, then apply again. The kit reads it and never approves.",
            fr="Corrigez la demande dans son propre système, puis appliquez à nouveau. L'outil la lit et n'approuve jamais.",
        ),
    ),
    "change-not-open": Entry(
        Text(
            en="{number} is neither scheduled nor being implemented: {state}.",
            fr="{number} n'est ni planifiée ni en cours de réalisation : {state}.",
        ),
        Text(
            en="Move it to the state in which it is carried out.",
            fr="Faites-la passer à l'état dans lequel elle est réalisée.",
        ),
    ),
    "change-not-approved": Entry(
        Text(
            en="{number} is not known to be approved: {approval}.",
            fr="{number} n'est pas connue comme approuvée : {approval}.",
        ),
        Text(en="Have it approved by those who may.", fr="Faites-la approuver par ceux qui en ont le droit."),
    ),
    "change-without-window": Entry(
        Text(
            en="{number} names no window with start and end.", fr="{number} n'indique pas de fenêtre avec début et fin."
        ),
        Text(en="Enter when the change is planned.", fr="Indiquez quand le changement est prévu."),
    ),
    "change-outside-window": Entry(
        Text(
            en="It is not within the window of {number}, from {start} to {end}.",
            fr="On n'est pas dans la fenêtre de {number}, du {start} au {end}.",
        ),
        Text(
            en="Apply within the window, or have it moved.",
            fr="Appliquez pendant la fenêtre, ou faites-la déplacer.",
        ),
    ),
    "change-without-digest": Entry(
        Text(
            en="The text of {number} does not hold the digest of this plan: {digest}.",
            fr="Le texte de {number} ne contient pas l'empreinte de ce plan : {digest}.",
        ),
        Text(
            en="Put the digest into its description or implementation plan, so that what is approved is this plan.",
            fr="Mettez l'empreinte dans sa description ou son plan de réalisation, pour que ce plan soit ce qui est approuvé.",
        ),
    ),
    "attestation-unsigned": Entry(
        Text(
            en="{file} needs the signature of {names}.",
            fr="{file} exige la signature de {names}.",
        ),
        Text(
            en="Have them sign it: runbook attest FILE. The signature is found beside the file.",
            fr="Faites-leur signer : runbook attest FICHIER. La signature est trouvée à côté du fichier.",
        ),
    ),
    "attestation-signature-without-role": Entry(
        Text(
            en="{file}: {name} is in the roster, and not as an attester.",
            fr="{file} : {name} figure au registre, mais pas avec le rôle attester.",
        ),
        Text(en="Ask whoever keeps the roster.", fr="Demandez à qui tient le registre."),
    ),
    "attestation-signature-of-another": Entry(
        Text(
            en="{file}: {name} signed something else than this attestation as it stands.",
            fr="{file} : {name} a signé autre chose que cette attestation telle qu'elle est.",
        ),
        Text(en="Have the file signed anew.", fr="Faites signer le fichier à nouveau."),
    ),
    "approve-nobody": Entry(
        Text(
            en="An approval needs a name. Nothing was signed.", fr="Une approbation exige un nom. Rien n'a été signé."
        ),
        Text(
            en="Give yours as the roster has it with --name, or the roster with --roster.",
            fr="Donnez le vôtre tel qu'au registre avec --name, ou le registre avec --roster.",
        ),
    ),
    "approve-nothing": Entry(
        Text(
            en="{file} changes nothing: there is nothing to approve.",
            fr="{file} ne change rien : il n'y a rien à approuver.",
        ),
    ),
    "approve-until-not-a-time": Entry(
        Text(
            en="“{given}” is no time with its offset.",
            fr="« {given} » n'est pas une heure avec son décalage.",
        ),
        Text(en="Write 2026-12-01T18:00+01:00, for example.", fr="Écrivez par exemple 2026-12-01T18:00+01:00."),
    ),
    "approve-until-over": Entry(
        Text(en="{given} is over already.", fr="{given} est déjà passé."),
        Text(en="Give a time to come.", fr="Donnez une heure à venir."),
    ),
    "approve-other-roster": Entry(
        Text(
            en="{file} is not the roster that the plan names. Nothing was signed.",
            fr="{file} n'est pas le registre que le plan désigne. Rien n'a été signé.",
        ),
        Text(
            en="Ask who planned which roster it is. When the roster was changed since, plan again.",
            fr="Demandez à qui a planifié de quel registre il s'agit. S'il a changé depuis, refaites le plan.",
        ),
    ),
    "attest-somebody-else": Entry(
        Text(
            en="{file} does not name {name}: only those it names can put their name to it.",
            fr="{file} ne nomme pas {name} : seules les personnes qu'il nomme peuvent le signer.",
        ),
        Text(
            en="Sign under the name that stands there, with --name, or have the file written anew.",
            fr="Signez sous le nom qui y figure, avec --name, ou faites refaire le fichier.",
        ),
    ),
    "approvals-more-than-approvers": Entry(
        Text(
            en="{needed} approvals are needed, and the roster {file} has {count} {count:approver|approvers}.",
            fr="{needed} approbations sont exigées, et le registre {file} compte {count} {count:approbateur|approbateurs}.",
        ),
        Text(
            en="Ask for fewer, or have more approvers entered in the roster.",
            fr="Exigez-en moins, ou faites inscrire d'autres approbateurs au registre.",
        ),
    ),
}
