"""What verifying says: each point alone, as a sentence for somebody who was not there."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    # proven
    "verify-files": Entry(
        Text(
            en="All {count} files are as they were sealed: none is missing, added, renamed or changed.",
            fr="Les {count} fichiers sont tels qu'ils ont été scellés : aucun ne manque, n'est ajouté, renommé ou modifié.",
        )
    ),
    "verify-signed": Entry(
        Text(
            en="{name} sealed it: the roster {roster} holds the key {key_id} under this name, and it was good at the time.",
            fr="{name} l'a scellé : le registre {roster} contient la clé {key_id} sous ce nom, et elle était valable à ce moment.",
        )
    ),
    "verify-stamped": Entry(
        Text(
            en="It was sealed by {at}: a time stamp authority that you trust stands for that (serial number {serial}).",
            fr="Le scellement existait le {at} : une autorité d'horodatage de confiance en répond (numéro de série {serial}).",
        )
    ),
    "verify-journal": Entry(
        Text(
            en="The journal is unbroken: {count} {count:line|lines}, each bound to the one before. The last is {head}.",
            fr="Le journal est intact : {count} {count:ligne|lignes}, chacune liée à la précédente. La dernière est {head}.",
        )
    ),
    "verify-told": Entry(
        Text(
            en="What was signed is what the journal says: run {run} of {runbook} for {tenant}, its plan, approvals and states.",
            fr="Ce qui a été signé est ce que dit le journal : exécution {run} de {runbook} pour {tenant}, son plan, ses "
            "approbations et ses états.",
        )
    ),
    "verify-nothing-sent": Entry(
        Text(
            en="The run changed nothing: no plan was approved in it, and nothing was sent.",
            fr="L'exécution n'a rien changé : aucun plan n'y a été approuvé, et rien n'a été envoyé.",
        )
    ),
    "verify-approved": Entry(
        Text(
            en="{by} approved the plan {digest} ({how}, {at} UTC), and all that was sent ({sent} {sent:change|changes}) stands in it.",
            fr="{by} a approuvé le plan {digest} ({how}, {at} UTC), et tout ce qui a été envoyé ({sent} "
            "{sent:changement|changements}) y figure.",
        )
    ),
    "verify-views": Entry(
        Text(
            en="The pages show what the journal says: drawn again from it, {names} are the same to the byte.",
            fr="Les pages montrent ce que dit le journal : redessinées d'après lui, {names} sont identiques à l'octet près.",
        )
    ),
    "verify-expected": Entry(
        Text(
            en="It is about what you asked for: {what}.",
            fr="Il porte bien sur ce que vous avez demandé : {what}.",
        )
    ),
    # not proven
    "verify-no-roster": Entry(
        Text(
            en="Who sealed it: the signature fits the key {key_id} that lies in the bundle, and anybody can make a key. It only shows "
            "that nothing was changed since.",
            fr="Qui l'a scellé : la signature correspond à la clé {key_id} jointe, et n'importe qui peut créer une clé. Elle montre "
            "seulement que rien n'a changé depuis.",
        ),
        Text(
            en="Give the roster of your organisation's keys: --roster.",
            fr="Donnez le registre des clés de votre organisation : --roster.",
        ),
    ),
    "verify-no-stamp": Entry(
        Text(
            en="When it was sealed: {at} is what the machine that sealed it says.",
            fr="Quand il a été scellé : {at}, selon la machine qui l'a scellé.",
        )
    ),
    "verify-no-roots": Entry(
        Text(
            en="When it was sealed: the time stamp says {at}, and no authority was given that you trust for that.",
            fr="Quand il a été scellé : l'horodatage dit {at}, mais aucune autorité de confiance n'a été donnée.",
        ),
        Text(
            en="Give the authority's certificates: --time-stamp-roots.",
            fr="Donnez les certificats de l'autorité : --time-stamp-roots.",
        ),
    ),
    "verify-approval-signed": Entry(
        Text(
            en="{names} approved the plan {digest}, with signatures by keys of the roster that is kept here.",
            fr="{names} : approbation du plan {digest}, par des signatures dont les clés figurent au registre conservé ici.",
        )
    ),
    "verify-approval-signature": Entry(
        Text(
            en="The approval does not hold: {names}. A signature is missing, altered, or over another plan.",
            fr="L'approbation ne tient pas : {names}. Une signature manque, est altérée, ou porte sur un autre plan.",
        )
    ),
    "verify-roster-other": Entry(
        Text(
            en="{path} is not the roster that the approved plan names.",
            fr="{path} n'est pas le registre que le plan approuvé désigne.",
        )
    ),
    "verify-roster-right": Entry(
        Text(
            en="That the roster is the right one: compare its SHA-256, {sha256}, with the one that its keeper has.",
            fr="Que le registre est le bon : comparez son SHA-256, {sha256}, avec celui qu'en a son détenteur.",
        )
    ),
    "verify-roster-same": Entry(
        Text(
            en="Those who approved stand in {roster}, which is the roster of this run.",
            fr="Ceux qui ont approuvé figurent dans {roster}, qui est le registre de cette exécution.",
        )
    ),
    "verify-approval-unsigned": Entry(
        Text(
            en="That {by} is a person who approved: it is the account at the machine that says so, not a signature.",
            fr="Que {by} soit une personne qui a approuvé : c'est le compte de la machine qui le dit, pas une signature.",
        )
    ),
    "verify-views-not-drawn": Entry(
        Text(
            en="That the pages show what the journal says: they were drawn with {theirs}, and here are {ours}.",
            fr="Que les pages montrent ce que dit le journal : elles ont été dessinées avec {theirs}, et ici se trouvent {ours}.",
        ),
        Text(
            en="The journal counts. Verify with the same versions to compare the pages.",
            fr="Le journal fait foi. Vérifiez avec les mêmes versions pour comparer les pages.",
        ),
    ),
    "verify-as-sealed": Entry(
        Text(
            en="As sealed, and not drawn again here: {names}. It was made while the run went on, or by a browser.",
            fr="Tel que scellé, et non redessiné ici : {names}. C'est fait pendant l'exécution, ou par un navigateur.",
        )
    ),
    "verify-not-ended": Entry(
        Text(
            en="How the run ended: it stopped before its end, or somebody went on with it after this seal.",
            fr="Comment l'exécution a fini : elle s'est arrêtée avant la fin, ou a été reprise après ce scellement.",
        )
    ),
    "verify-torn": Entry(
        Text(
            en="What was being written when it stopped: half a line at the end of the journal counts for nothing.",
            fr="Ce qui s'écrivait à l'arrêt : une moitié de ligne à la fin du journal ne compte pas.",
        )
    ),
    "verify-not-understood": Entry(
        Text(
            en="What the journal says: version {version} of the kit wrote it, and this one does not understand all of it.",
            fr="Ce que dit le journal : la version {version} de l'outil l'a écrit, et celle-ci ne le comprend pas en entier.",
        ),
        Text(en="Verify with that version.", fr="Vérifiez avec cette version."),
    ),
    "verify-host": Entry(
        Text(
            en="That the machine of the run told the truth before the seal: no seal can show that.",
            fr="Que la machine de l'exécution disait vrai avant le scellement : aucun scellement ne peut le montrer.",
        )
    ),
    # broken: the files
    "verify-missing": Entry(
        Text(en="Missing: {names}.", fr="Manquant : {names}."),
        Text(en="Ask for the whole bundle.", fr="Demandez le dossier scellé complet."),
    ),
    "verify-added": Entry(
        Text(en="Added since the seal: {names}.", fr="Ajouté depuis le scellement : {names}."),
        Text(en="It is no evidence: set it aside.", fr="Ce n'est pas une preuve : mettez-le de côté."),
    ),
    "verify-changed": Entry(
        Text(en="Changed since the seal: {names}.", fr="Modifié depuis le scellement : {names}."),
        Text(en="Do not rely on it. Ask for the bundle again.", fr="Ne vous y fiez pas. Redemandez le dossier scellé."),
    ),
    "verify-renamed": Entry(
        Text(
            en="Renamed since the seal: {old} is now called {new}.",
            fr="Renommé depuis le scellement : {old} s'appelle maintenant {new}.",
        ),
        Text(en="Give it its name back, and verify again.", fr="Rendez-lui son nom et vérifiez de nouveau."),
    ),
    "verify-name": Entry(
        Text(
            en="{name}: the name promises other content ({digits}…), it has {found}….",
            fr="{name} : le nom promet un autre contenu ({digits}…), celui-ci a {found}….",
        ),
        Text(
            en="The file was changed, or another was given its name. Ask for it again.",
            fr="Le fichier a été modifié, ou un autre porte son nom. Redemandez-le.",
        ),
    ),
    "verify-called-otherwise": Entry(
        Text(
            en="{name} is called like another run: it holds {run} of {tenant}.",
            fr="{name} porte le nom d'une autre exécution : il contient {run} de {tenant}.",
        ),
        Text(en="Somebody put it in another's place.", fr="Quelqu'un l'a mis à la place d'un autre."),
    ),
    # broken: the signature
    "verify-not-signed": Entry(
        Text(en="Nobody signed it.", fr="Personne ne l'a signé."),
        Text(en="It proves nothing. Ask for the sealed bundle.", fr="Il ne prouve rien. Demandez le dossier scellé."),
    ),
    "verify-other-manifest": Entry(
        Text(
            en="manifest.json is not the one that was signed: one of the two was put there from elsewhere.",
            fr="manifest.json n'est pas celui qui a été signé : l'un des deux vient d'ailleurs.",
        ),
        Text(en="Do not rely on it. Ask for the bundle again.", fr="Ne vous y fiez pas. Redemandez le dossier scellé."),
    ),
    "verify-signature-bad": Entry(
        Text(
            en="The signature of the key {key_id} is not of this statement: what was signed was changed.",
            fr="La signature de la clé {key_id} n'est pas celle de cette déclaration : ce qui a été signé a été modifié.",
        ),
        Text(en="Do not rely on it. Ask for the bundle again.", fr="Ne vous y fiez pas. Redemandez le dossier scellé."),
    ),
    "verify-no-key": Entry(
        Text(
            en="The public key {key_id} that it was signed with is not in the bundle, or another lies in its place.",
            fr="La clé publique {key_id} qui l'a signé n'est pas jointe, ou une autre se trouve à sa place.",
        ),
        Text(en="Ask for the bundle again.", fr="Redemandez le dossier scellé."),
    ),
    "verify-key-unused": Entry(
        Text(
            en="The public key {key_id} lies in the bundle and signed nothing in it.",
            fr="La clé publique {key_id} est jointe et n'a rien signé.",
        ),
        Text(
            en="Somebody added it. Ask for the bundle again.", fr="Quelqu'un l'a ajoutée. Redemandez le dossier scellé."
        ),
    ),
    "verify-unknown-key": Entry(
        Text(
            en="Nobody known sealed it: the roster {roster} does not hold the key {key_id}.",
            fr="Personne de connu ne l'a scellé : le registre {roster} ne contient pas la clé {key_id}.",
        ),
        Text(
            en="Ask whoever keeps the roster whose key it is, before you rely on it.",
            fr="Demandez à qui tient le registre à qui est cette clé, avant de vous y fier.",
        ),
    ),
    "verify-key-expired": Entry(
        Text(
            en="{name} sealed it at {at} with the key {key_id}, which had expired at {until}.",
            fr="{name} l'a scellé le {at} avec la clé {key_id}, expirée depuis le {until}.",
        ),
        Text(
            en="Ask {name} whether that was so, and have it sealed anew with a key that is good.",
            fr="Demandez à {name} si c'est exact, et faites-le sceller de nouveau avec une clé valable.",
        ),
    ),
    "verify-key-not-yet": Entry(
        Text(
            en="{name} sealed it at {at} with the key {key_id}, which is good only since {since}.",
            fr="{name} l'a scellé le {at} avec la clé {key_id}, valable seulement depuis le {since}.",
        ),
        Text(en="Ask {name} how that came about.", fr="Demandez à {name} comment c'est possible."),
    ),
    "verify-no-sealer": Entry(
        Text(
            en="{name} sealed it at {at} with the key {key_id}, and the roster {roster} does not name them as a sealer.",
            fr="{name} l'a scellé le {at} avec la clé {key_id}, et le registre {roster} ne lui donne pas le rôle « sealer ».",
        ),
        Text(
            en="Ask whoever keeps the roster whether {name} may seal.",
            fr="Demandez à qui tient le registre si {name} peut sceller.",
        ),
    ),
    "verify-stamp-bad": Entry(
        Text(
            en="The time stamp says {at}, and none of the authorities that you trust stands for it: {detail}.",
            fr="L'horodatage dit {at}, et aucune des autorités de confiance n'en répond : {detail}.",
        ),
        Text(
            en="Check that the certificates are those of the authority; else the stamp is forged.",
            fr="Vérifiez que les certificats sont ceux de l'autorité ; sinon l'horodatage est faux.",
        ),
    ),
    # broken: what it is evidence of
    "verify-told-otherwise": Entry(
        Text(
            en="What was signed is not what the journal says: {names}.",
            fr="Ce qui a été signé n'est pas ce que dit le journal : {names}.",
        ),
        Text(
            en="Whoever sealed it said something else than the record. Ask them.",
            fr="Qui l'a scellé a dit autre chose que le dossier. Interrogez-le.",
        ),
    ),
    "verify-view-differs": Entry(
        Text(
            en="{names}: not what the journal gives when it is drawn with the same versions.",
            fr="{names} : pas ce que donne le journal, dessiné avec les mêmes versions.",
        ),
        Text(
            en="The page was made up before it was sealed. Only the journal counts.",
            fr="La page a été arrangée avant le scellement. Seul le journal fait foi.",
        ),
    ),
    "verify-attestation-altered": Entry(
        Text(
            en="{names}: not what the journal says was attested.",
            fr="{names} : pas ce qui a été attesté selon le journal.",
        ),
        Text(
            en="The person's word was changed after it was judged. Ask them for it.",
            fr="La parole de la personne a été modifiée après avoir été jugée. Redemandez-la-lui.",
        ),
    ),
    "verify-approval-other-plan": Entry(
        Text(
            en="Line {lines} of the journal: what was approved is not the plan that stands beside the approval.",
            fr="Ligne {lines} du journal : ce qui a été approuvé n'est pas le plan inscrit avec l'approbation.",
        ),
        Text(en="Find out who wrote this journal.", fr="Cherchez qui a écrit ce journal."),
    ),
    "verify-sent-unapproved": Entry(
        Text(
            en="Line {lines} of the journal: something was sent that stands in no approved plan.",
            fr="Ligne {lines} du journal : quelque chose a été envoyé sans figurer dans un plan approuvé.",
        ),
        Text(en="Find out who wrote this journal.", fr="Cherchez qui a écrit ce journal."),
    ),
    "verify-other-plan-file": Entry(
        Text(
            en="{path} is not the plan that was approved.",
            fr="{path} n'est pas le plan qui a été approuvé.",
        ),
        Text(en="The plan in the journal counts.", fr="Le plan du journal fait foi."),
    ),
    "verify-other-plan": Entry(
        Text(
            en="It is about another plan: {found}, and you asked for {expected}.",
            fr="Il porte sur un autre plan : {found}, et vous avez demandé {expected}.",
        ),
        Text(
            en="An older bundle may have been put in the place of the one you want.",
            fr="Un dossier plus ancien a pu être mis à la place de celui que vous voulez.",
        ),
    ),
    "verify-other-change": Entry(
        Text(
            en="It is about another change: {found}, and you asked for {expected}.",
            fr="Il porte sur un autre changement : {found}, et vous avez demandé {expected}.",
        ),
        Text(
            en="An older bundle may have been put in the place of the one you want.",
            fr="Un dossier plus ancien a pu être mis à la place de celui que vous voulez.",
        ),
    ),
}
