"""The words of VERIFY.txt: how to verify a bundle without the kit. Both languages stand in the one file."""

from __future__ import annotations

from runbook_lib.texts.text import Text

RECIPES: dict[str, Text] = {
    "title": Text(
        en="How to verify this evidence without the tool that made it",
        fr="Comment vérifier cette preuve sans l'outil qui l'a produite",
    ),
    "need": Text(
        en="You need a shell, sha256sum and openssl 3 (on Windows: Git Bash has all three). Run the commands in the folder "
        "in which this file lies. They write nothing there. With the tool it is one command: runbook verify FILE.zip",
        fr="Il faut un shell, sha256sum et openssl 3 (sous Windows, Git Bash contient les trois). Lancez les commandes dans le "
        "dossier où se trouve ce fichier. Elles n'y écrivent rien. Avec l'outil, une commande suffit : runbook verify FICHIER.zip",
    ),
    "files": Text(
        en="1. Every file is as it was when it was sealed (nothing is printed when all is well)",
        fr="1. Chaque fichier est tel qu'il était lors du scellement (rien ne s'affiche si tout va bien)",
    ),
    "statement": Text(
        en="2. What was signed names this manifest (prints: manifest.json: named)",
        fr="2. Ce qui a été signé nomme ce manifeste (affiche : manifest.json: named)",
    ),
    "signature": Text(
        en="3. The signature is good (prints: Signature Verified Successfully, or: Verified OK). Several people may have signed: "
        "repeat with NUMBER=2 and so on",
        fr="3. La signature est bonne (affiche : Signature Verified Successfully, ou : Verified OK). Plusieurs personnes ont pu "
        "signer : recommencez avec NUMBER=2, etc.",
    ),
    "whose": Text(
        en="4. Whose key it is. The key in this folder proves nothing by itself: anybody can make one. Compare its fingerprint "
        "with the one that your organisation keeps for the person who sealed",
        fr="4. À qui est la clé. La clé de ce dossier ne prouve rien à elle seule : n'importe qui peut en créer une. Comparez son "
        "empreinte à celle que votre organisation conserve pour la personne qui a scellé",
    ),
    "time": Text(
        en="5. When, if manifest.tsr is there. ROOTS.pem holds the certificates of the time stamp authority that you trust; get "
        "it from the authority, not from here (prints: Verification: OK)",
        fr="5. Quand, si manifest.tsr est présent. ROOTS.pem contient les certificats de l'autorité d'horodatage à laquelle vous "
        "faites confiance ; obtenez-le auprès d'elle, pas ici (affiche : Verification: OK)",
    ),
    "journal": Text(
        en="6. The journal, if there is one, is unbroken: each line names the SHA-256 of the one before. What is printed last is the journal's last "
        'hash, which the statement holds as "head"',
        fr="6. Le journal, s'il y en a un, est intact : chaque ligne nomme le SHA-256 de la précédente. La dernière valeur affichée est la dernière "
        "empreinte du journal, que la déclaration contient sous « head »",
    ),
    "limits": Text(
        en="What none of this can show: that the machine told the truth before the evidence was sealed. Who controls that machine "
        "and a key of the roster can make evidence. An approval that is not signed by its own key is the word of that machine.",
        fr="Ce que rien de tout cela ne peut montrer : que la machine disait vrai avant le scellement. Qui contrôle cette machine "
        "et une clé du registre peut fabriquer une preuve. Une approbation non signée par sa propre clé n'est que la parole de "
        "cette machine.",
    ),
}  # fmt: skip
