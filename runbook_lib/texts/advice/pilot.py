"""What the proof with a pilot user meets: a reset that Graph refuses, that does not arrive, a user who is no pilot. Fixes are with the
messages.
"""

from __future__ import annotations

from runbook_lib.texts.advice.entry import TROUBLESHOOTING, VERIFY, Advice
from runbook_lib.texts.text import Text

_RESET = "Microsoft, authenticationMethod: resetPassword"


def _entry(title: str, en: str, fr: str, source: str, *messages: str) -> Advice:
    return Advice(messages[0], title, Text(en=en, fr=fr), source, next_runbook=VERIFY, messages=messages)


ENTRIES: tuple[Advice, ...] = (
    _entry(
        "Graph refuses the reset",
        "Only a signed-in person with a role over this user may reset a password, with the delegated permission and a fresh, strong "
        "sign-in; an application never may.",
        "Seule une personne connectée, avec un rôle sur cet utilisateur, l'autorisation déléguée et une connexion forte et récente, "
        "peut réinitialiser un mot de passe ; une application, jamais.",
        _RESET,
        "graph-reset-refused",
        "graph-reset-not-permitted",
        "graph-reset-wants-stronger-sign-in",
        "graph-reset-token-refused",
        "graph-reset-needs-a-person",
        "reset-needs-a-person",
        "lab-cloud-reset-refused",
    ),
    _entry(
        "The reset failed on the way to the directory",
        "Graph took the password on, and writeback could not set it: the events 31011 and 33001 to 33009 of that minute say why.",
        "Graph a accepté le mot de passe, et la réécriture n'a pas pu l'écrire : les événements 31011 et 33001 à 33009 de cette minute "
        "disent pourquoi.",
        TROUBLESHOOTING,
        "graph-reset-failed",
        "lab-cloud-reset-failed",
    ),
    _entry(
        "The reset was not seen to arrive",
        "Most resets take seconds. One that is not seen is still under way, was lost before the sync server, or was written elsewhere.",
        "La plupart prennent quelques secondes. Celle qui n'est pas vue est en cours, s'est perdue avant le serveur, ou a été écrite "
        "ailleurs.",
        TROUBLESHOOTING,
        "reset-events-to-come",
        "password-not-moved",
        "graph-reset-not-followed",
        "graph-reset-not-finished",
    ),
    _entry(
        "This user cannot be the pilot",
        "A proof needs an ordinary, enabled user who is synchronized by this server and is not yourself: writeback reaches no others, "
        "or nobody could tell that the reset came.",
        "La preuve demande un utilisateur ordinaire, actif, synchronisé par ce serveur, et autre que vous : la réécriture n'atteint pas "
        "les autres, ou personne ne verrait que la réinitialisation est arrivée.",
        "Microsoft, concept-sspr-writeback",
        "pilot-is-administrator",
        "pilot-does-not-exist",
        "pilot-is-yourself",
        "pilot-is-disabled",
        "pilot-is-cloud-only",
        "pilot-not-in-directory",
        "pilot-in-directory-twice",
        "pilot-is-guarded",
        "pilot-is-disabled-in-directory",
        "pilot-must-change-password",
        "pilot-disabled",
    ),
)
