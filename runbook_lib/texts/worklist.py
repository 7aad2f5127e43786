"""The words of the worklist: what persons have to do at tenants that need one."""

from __future__ import annotations

from runbook_lib.texts.text import Text

WORKLIST: dict[str, Text] = {
    "title": Text(en="Worklist: what is to be done by hand", fr="Liste de travail : ce qui est à faire à la main"),
    "drawn": Text(
        en="Written on {at}, by version {version} of the kit, from the batch {batch}. What was done since is not on it.",
        fr="Écrite le {at}, par la version {version} de l'outil, d'après le lot {batch}. Ce qui a été fait depuis n'y est pas.",
    ),
    "count": Text(
        en="{tenants} of {total} {total:tenant|tenants} {tenants:needs|need} a person",
        fr="{tenants} {tenants:locataire requiert|locataires requièrent} une personne, sur {total}",
    ),
    "how": Text(en="How", fr="Comment"),
    "open": Text(
        en="Open the tenant's page, sign in there, and make sure that the portal shows this tenant.",
        fr="Ouvrez la page du locataire, connectez-vous, et vérifiez que le portail montre bien ce locataire.",
    ),
    "set": Text(
        en="Set what its row says, save, load the page again, and look: what counts is what it shows then. Take a screenshot.",
        fr="Réglez ce que dit sa ligne, enregistrez, rechargez la page et regardez : ce qui compte est ce qu'elle montre alors. Faites une capture.",
    ),
    "attest": Text(
        en="Fill in an attestation (start from a file of parameters/attestations) with the plan's digest, and run the tenant's command.",
        fr="Remplissez une attestation (partez d'un fichier de parameters/attestations) avec l'empreinte du plan, puis lancez la commande du locataire.",
    ),
    "to-do": Text(en="To do", fr="À faire"),
    "then": Text(en="Then", fr="Ensuite"),
    "portal": Text(en="Page of the tenant", fr="Page du locataire"),
    "wizard": Text(en="In the wizard, on the sync server", fr="Dans l'assistant, sur le serveur de synchronisation"),
    "record": Text(en="record", fr="dossier"),
    "status": Text(en="All tenants", fr="Tous les locataires"),
}
