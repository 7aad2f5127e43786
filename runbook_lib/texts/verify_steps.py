"""verify-writeback and its steps in words: the rungs of the ladder, which no page of Microsoft's has a name for."""

from __future__ import annotations

from runbook_lib.texts.step_text import RunbookText, StepText
from runbook_lib.texts.text import Text

VERIFY_RUNBOOK = RunbookText(
    Text(
        en="Verify how far password writeback works",
        fr="Vérifier jusqu'où fonctionne la réécriture de mot de passe",
    ),
    Text(
        en="The verification ladder: L0 the setting is on, L1 onboarded, L2 healthy, L3 the rights are effective, L4 proven by "
        "resetting the password of a pilot user. It says the level reached, and what keeps it from the next. Only L4 changes "
        "something, and only when pilot_user is named and the plan approved: the pilot's password becomes a random one that nobody "
        "knows.",
        fr="L'échelle de vérification : L0 le réglage est activé, L1 inscrit, L2 sain, L3 les droits sont effectifs, L4 prouvé en "
        "réinitialisant le mot de passe d'un utilisateur pilote. Elle dit le niveau atteint, et ce qui empêche le suivant. Seul L4 "
        "change quelque chose, et seulement si pilot_user est nommé et le plan approuvé : le mot de passe du pilote devient aléatoire "
        "et inconnu de tous.",
    ),
    Text(
        en="What preflight needs. For L4 also a person with the role Authentication Administrator, and the permission "
        "UserAuthenticationMethod.ReadWrite.All.",
        fr="Ce qu'il faut pour preflight. Pour L4, aussi une personne ayant le rôle Administrateur d'authentification, et "
        "l'autorisation UserAuthenticationMethod.ReadWrite.All.",
    ),
    Text(
        en="Seconds; with a reset a minute or two, at most connect.wait_seconds after it was sent.",
        fr="Quelques secondes ; avec une réinitialisation une à deux minutes, au plus connect.wait_seconds après l'envoi.",
    ),
    Text(
        en="The old password cannot be brought back: give the pilot a new one.",
        fr="L'ancien mot de passe ne peut pas être rétabli : donnez-en un nouveau au pilote.",
    ),
)

VERIFY_STEPS: dict[str, StepText] = {
    "v1": StepText(
        Text(en="Be sure of the server and the tenant", fr="S'assurer du serveur et du locataire"),
        Text(en="Before the ladder", fr="Avant l'échelle"),
        Text(
            en="Reads staging mode, the connectors, the signed-in account, the tenant and its licences.",
            fr="Lit le mode intermédiaire, les connecteurs, le compte connecté, le locataire et ses licences.",
        ),
    ),
    "v2": StepText(
        Text(en="See that writeback is on", fr="Voir que la réécriture est activée"),
        Text(en="L0 · the setting is on", fr="L0 · le réglage est activé"),
        Text(
            en="Reads the setting of the sync server, and those of the portal as far as they can be read.",
            fr="Lit le réglage du serveur de synchronisation, et ceux du portail dans la mesure du possible.",
        ),
    ),
    "v3": StepText(
        Text(en="See that the server is onboarded", fr="Voir que le serveur est inscrit"),
        Text(en="L1 · onboarded", fr="L1 · inscrit"),
        Text(
            en="Reads what the service says of itself, and events 31004 and 31005 as far as the log goes back.",
            fr="Lit ce que le service dit de lui-même, et les événements 31004 et 31005 si le journal remonte assez loin.",
        ),
    ),
    "v4": StepText(
        Text(en="See that it is healthy", fr="Voir que tout va bien"),
        Text(en="L2 · healthy", fr="L2 · sain"),
        Text(
            en="Looks for a heartbeat of both relays within ten minutes, and for errors since.",
            fr="Cherche un signal des deux relais depuis dix minutes, et des erreurs depuis.",
        ),
    ),
    "v5": StepText(
        Text(en="See that the rights are effective", fr="Voir que les droits sont effectifs"),
        Text(en="L3 · the rights are effective", fr="L3 · les droits sont effectifs"),
        Text(
            en="Judges the rights of the connector account on every domain, on the pilot and on a few other users.",
            fr="Juge les droits du compte connecteur sur chaque domaine, sur le pilote et sur quelques autres utilisateurs.",
        ),
    ),
    "v6": StepText(
        Text(en="Choose the pilot and stage the reset", fr="Choisir le pilote et préparer la réinitialisation"),
        Text(en="L4 · proven by a reset", fr="L4 · prouvé par une réinitialisation"),
        Text(
            en="Checks that pilot_user may be tried on, and stages the reset of that password. Without a pilot there is nothing to do.",
            fr="Vérifie que pilot_user convient, et prépare la réinitialisation de ce mot de passe. Sans pilote, il n'y a rien à faire.",
        ),
    ),
    "v7": StepText(
        Text(en="Reset, and watch it arrive", fr="Réinitialiser, et regarder l'arrivée"),
        Text(en="L4 · proven by a reset, and unlock", fr="L4 · prouvé par une réinitialisation, et déverrouillage"),
        Text(
            en="Sends the approved reset through Graph, then looks for events 31009 and 31010 and at the user in the directory.",
            fr="Envoie par Graph la réinitialisation approuvée, puis cherche les événements 31009 et 31010 et regarde l'utilisateur dans "
            "l'annuaire.",
        ),
    ),
}
