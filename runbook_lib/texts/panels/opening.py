"""The words of the panel in which an operator chooses a tenant and opens a runbook."""

from __future__ import annotations

from runbook_lib.texts.text import Text

OPENING: dict[str, Text] = {
    "title": Text(en="Choose the tenant", fr="Choisir le locataire"),
    "file": Text(en="Tenant's file", fr="Fichier du locataire"),
    "no-file": Text(en="— no file: fill in the form —", fr="— aucun fichier : remplissez le formulaire —"),
    "read-again": Text(en="Read the folder again", fr="Relire le dossier"),
    "wrong-file": Text(en="to correct", fr="à corriger"),
    "changed": Text(en="changed in the form, not in the file", fr="modifié dans le formulaire, pas dans le fichier"),
    "nobody": Text(en="no tenant yet", fr="pas encore de locataire"),
    "no-profile": Text(en="no profile", fr="pas de profil"),
    "lab-sentence": Text(
        en="Rehearsal on the built-in lab: no real tenant is touched.",
        fr="Répétition sur le laboratoire intégré : aucun vrai locataire n'est touché.",
    ),
    "live-sentence": Text(
        en="A real tenant and a real server. Opening only reads; a change needs its own approval later.",
        fr="Un vrai locataire et un vrai serveur. L'ouverture ne fait que lire ; un changement demandera sa propre approbation.",
    ),
    "defaults": Text(en="as by default", fr="valeurs par défaut"),
    "needed": Text(en="needed", fr="nécessaire"),
    "not-chosen": Text(en="— choose —", fr="— choisir —"),
    "default": Text(en="if empty: {value}", fr="si vide : {value}"),
    "key": Text(en="Key in the file: {name}", fr="Clé dans le fichier : {name}"),
    "leads-to": Text(en="Well formed: {place}.", fr="Bien formée : {place}."),
    "looks-like": Text(
        en="A reference looks like env:NAME, keyring:service/user, keyvault:vault/name, file:path or prompt:label.",
        fr="Une référence ressemble à env:NOM, keyring:service/utilisateur, keyvault:coffre/nom, file:chemin ou prompt:libellé.",
    ),
    "looks-like-lab": Text(en="In the lab: lab:name.", fr="Au laboratoire : lab:nom."),
    "ready": Text(en="Nothing is missing.", fr="Il ne manque rien."),
    "open-lab": Text(en="Open {tenant} in the lab", fr="Ouvrir {tenant} au laboratoire"),
    "open-live": Text(en="Open {tenant} — LIVE", fr="Ouvrir {tenant} — RÉEL"),
    "open-nobody": Text(en="Open", fr="Ouvrir"),
    "confirm-live": Text(
        en="I mean the real tenant {tenant} ({id}).", fr="Je vise bien le vrai locataire {tenant} ({id})."
    ),
    "confirm-first": Text(
        en="Confirm below that the real tenant is meant.", fr="Confirmez ci-dessous que le vrai locataire est visé."
    ),
    "opening": Text(en="Opening {tenant}…", fr="Ouverture de {tenant}…"),
    "opened": Text(en="Opened: {tenant} — {profile}.", fr="Ouvert : {tenant} — {profile}."),
    "stopped": Text(en="Stopped. Nothing was opened.", fr="Arrêté. Rien n'a été ouvert."),
    "undoes": Text(
        en="Opening undoes what the run {run} changed, and only that.",
        fr="L'ouverture annule ce que l'exécution {run} a changé, et rien d'autre.",
    ),
    "left-out": Text(
        en="The file also says {names}: not used here, an interactive run begins with a plan of its own.",
        fr="Le fichier contient aussi {names} : non utilisé ici, une exécution interactive commence par son propre plan.",
    ),
    "save": Text(en="Save as a parameters file", fr="Enregistrer comme fichier de paramètres"),
    "save-name": Text(en="Name of the file, without ending", fr="Nom du fichier, sans extension"),
    "save-place": Text(en="Will be written: {file}", fr="Sera écrit : {file}"),
    "save-replace": Text(
        en="This file is there already. Replace it; its comments are lost.",
        fr="Ce fichier existe déjà. Le remplacer ; ses commentaires seront perdus.",
    ),
    "save-first": Text(
        en="The form can be saved once nothing is missing.", fr="Le formulaire s'enregistre quand il ne manque rien."
    ),
    "saved": Text(en="Saved: {file}. It holds no secret.", fr="Enregistré : {file}. Il ne contient aucun secret."),
    "asks-kernel": Text(
        en="Waiting for the notebook's kernel. If this stays, run the cell again.",
        fr="En attente du noyau du notebook. Si cela dure, relancez la cellule.",
    ),
    "no-kernel": Text(
        en="The notebook's kernel has ended or was restarted. Run the cell again.",
        fr="Le noyau du notebook s'est arrêté ou a été redémarré. Relancez la cellule.",
    ),
    "kept": Text(
        en="[This panel works while the notebook's kernel runs: run the cell again.]",
        fr="[Ce panneau fonctionne tant que le noyau du notebook tourne : relancez la cellule.]",
    ),
}

MISSING = Text(en="{count} {count:thing is|things are} missing:", fr="Il manque {count} {count:élément|éléments} :")
WRONG = Text(
    en="{count} {count:thing has|things have} to be corrected:", fr="{count} {count:élément|éléments} à corriger :"
)
