"""The words of the fields about records: the change record, and whose signatures count."""

from __future__ import annotations

from runbook_lib.texts.panels.field import FieldWords
from runbook_lib.texts.text import Text

FIELD_WORDS: dict[str, FieldWords] = {
    "change.system": FieldWords(
        Text(en="System", fr="Système"),
        Text(
            en="Where the change record is kept. With a number alone it is only noted.",
            fr="Où la demande de changement est gardée. Avec un numéro seul, elle est seulement notée.",
        ),
    ),
    "change.number": FieldWords(
        Text(en="Number", fr="Numéro"),
        Text(en="Such as CHG0030042 or OPS-1234.", fr="Par exemple CHG0030042 ou OPS-1234."),
    ),
    "change.address": FieldWords(
        Text(en="Address", fr="Adresse"),
        Text(
            en="Of the system, such as https://example.service-now.com.",
            fr="Celle du système, par exemple https://exemple.service-now.com.",
        ),
    ),
    "change.username": FieldWords(
        Text(en="User", fr="Utilisateur"),
        Text(
            en="A user of ServiceNow, or the e-mail address of a Jira Cloud account. Empty: the credential is a token of its own.",
            fr="Un utilisateur de ServiceNow, ou l'adresse électronique d'un compte Jira Cloud. Vide : le secret est un jeton complet.",
        ),
    ),
    "change.client_id": FieldWords(
        Text(en="OAuth client", fr="Client OAuth"),
        Text(
            en="Only with ServiceNow, in place of a user; the credential is its secret.",
            fr="Seulement avec ServiceNow, à la place d'un utilisateur ; le secret de connexion est le sien.",
        ),
    ),
    "change.credential": FieldWords(
        Text(en="Credential", fr="Secret de connexion"),
        Text(
            en="Where the password or token for this system is kept.",
            fr="Où est gardé le mot de passe ou le jeton pour ce système.",
        ),
    ),
    "change.ca_file": FieldWords(
        Text(en="Authorities to trust", fr="Autorités de confiance"),
        Text(
            en="A PEM file, when this machine does not trust the system's certificate already.",
            fr="Un fichier PEM, quand cette machine ne fait pas déjà confiance au certificat du système.",
        ),
    ),
    "change.attach": FieldWords(
        Text(en="Attach the record at the end", fr="Joindre le dossier à la fin"),
        Text(
            en="Attaches the sealed record when a run that may change something ends.",
            fr="Joint le dossier scellé quand se termine une exécution qui peut changer quelque chose.",
        ),
    ),
    "change.gate": FieldWords(
        Text(en="Apply only if the record approves", fr="N'appliquer que si la demande l'approuve"),
        Text(
            en="Reads state, approval, window and text of the record before anything is sent. The kit never approves.",
            fr="Lit l'état, l'approbation, la fenêtre et le texte de la demande avant tout envoi. Le kit n'approuve jamais.",
        ),
    ),
    "evidence.roster": FieldWords(
        Text(en="Roster", fr="Registre"),
        Text(
            en="The file of the keys that are believed. With it, a plan is applied only once people have signed their approval.",
            fr="Le fichier des clés reconnues. Avec lui, un plan n'est appliqué qu'une fois l'approbation signée par des personnes.",
        ),
    ),
    "evidence.approvals_needed": FieldWords(
        Text(en="Approvals needed", fr="Approbations requises"),
        Text(
            en="How many people must have signed, from 1 to 16.",
            fr="Combien de personnes doivent avoir signé, de 1 à 16.",
        ),
    ),
    "evidence.attestations_signed": FieldWords(
        Text(en="Signed attestations only", fr="Attestations signées seulement"),
        Text(
            en="An attestation counts only when those it names have signed it.",
            fr="Une attestation ne compte que si les personnes qu'elle nomme l'ont signée.",
        ),
    ),
    "evidence.seal": FieldWords(
        Text(en="Seal at the end", fr="Sceller à la fin"),
        Text(
            en="A run that applies something is put into one signed zip file when it ends.",
            fr="Une exécution qui applique quelque chose est mise dans un fichier zip signé à sa fin.",
        ),
    ),
    "evidence.signing_key": FieldWords(
        Text(en="Key that seals", fr="Clé de scellement"),
        Text(
            en="file:PATH, hsm:NUMBER?label=TOKEN or azurekms://…; empty: your own key.",
            fr="file:CHEMIN, hsm:NUMÉRO?label=JETON ou azurekms://… ; vide : votre propre clé.",
        ),
    ),
    "evidence.time_stamp": FieldWords(
        Text(en="Time stamp authority", fr="Autorité d'horodatage"),
        Text(
            en="Its address; it is sent a hash and attests when the seal was made.",
            fr="Son adresse ; elle reçoit une empreinte et atteste le moment du scellement.",
        ),
    ),
}
