"""Messages about what a person does on the sync server, where it may not be reached: page by page of the wizard.

The labels are those of `texts.steps`, quoted in both languages: the wizard's is not the operator's.
"""

from __future__ import annotations

from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.text import Entry, Text

NEXT = "Next / Suivant"


def _on(step: str, en: str, fr: str) -> Entry:
    """Return where in the wizard a step is, and what to do and to see there."""
    where = STEPS[step].where
    labels = f"{where.en} / {where.fr}"
    return Entry(
        Text(
            en=f"By hand, on the sync server: {labels}.", fr=f"À la main, sur le serveur de synchronisation : {labels}."
        ),
        Text(en=en, fr=fr),
    )


_WAIT_EN = (
    "Press the button, wait until the wizard says that it is complete, and go on to Exit / Sortie. If you may look into the "
    "server's Application log, note whether "
)
_WAIT_FR = (
    "Cliquez sur le bouton, attendez que le processus se termine, puis allez jusqu'à Exit / Sortie. Si vous pouvez consulter le "
    "journal Application du serveur, notez si "
)

MESSAGES: dict[str, Entry] = {
    "server-not-read": Entry(
        Text(
            en="sync_server.method is guided: nothing is read from the sync server, so what it would show is unknown.",
            fr="sync_server.method vaut guided : rien n'est lu sur le serveur de synchronisation, ce qu'il montrerait est donc inconnu.",
        ),
        Text(
            en="Have a person look on the server, or use method powershell where WinRM is allowed.",
            fr="Faites regarder une personne sur le serveur, ou utilisez method powershell là où WinRM est permis.",
        ),
    ),
    "wizard-start": _on(
        "c1",
        "Sign in to the active sync server as a local administrator who is in ADSyncAdmins, see that nobody else has the wizard "
        "open, and start it.",
        "Ouvrez une session sur le serveur de synchronisation actif comme administrateur local membre de ADSyncAdmins, vérifiez que "
        "personne d'autre n'a ouvert l'assistant, et démarrez-le.",
    ),
    "wizard-welcome": _on(
        "c2",
        "See first that this server is not in staging mode, for such a server writes nothing back, and that no synchronization "
        "runs. The open wizard holds the scheduler until you close it.",
        "Vérifiez d'abord que ce serveur n'est pas en mode intermédiaire, car un tel serveur ne réécrit rien, et qu'aucune "
        "synchronisation n'est en cours. L'assistant ouvert suspend le planificateur jusqu'à sa fermeture.",
    ),
    "wizard-tasks": _on(
        "c3",
        f"Select this task, then press {NEXT}.",
        f"Sélectionnez cette tâche, puis cliquez sur {NEXT}.",
    ),
    "wizard-sign-in": _on(
        "c4",
        "Type the credentials of a Hybrid Identity Administrator of the tenant {tenant}, managed and not federated, and see that the "
        f"server belongs to that tenant. Then press {NEXT}.",
        "Saisissez les informations d'identification d'un Administrateur d'identité hybride du locataire {tenant}, géré et non "
        f"fédéré, et vérifiez que le serveur appartient à ce locataire. Puis cliquez sur {NEXT}.",
    ),
    "wizard-directories": _on(
        "c5",
        f"Change nothing on these pages; press {NEXT} on each.",
        f"Ne changez rien sur ces pages ; cliquez sur {NEXT} sur chacune.",
    ),
    "wizard-rights": Entry(
        Text(
            en="The rights of the AD DS connector account cannot be read.",
            fr="Les droits du compte connecteur AD DS ne peuvent pas être lus.",
        ),
        Text(
            en="Have a domain administrator see on each domain in scope that it has Reset Password, Write lockoutTime and Write "
            "pwdLastSet on users, and Unexpire Password. C5 is attested only then.",
            fr="Faites vérifier par un administrateur du domaine, sur chaque domaine inclus, Reset Password, Write lockoutTime et "
            "Write pwdLastSet sur les utilisateurs, et Unexpire Password. C5 ne s'atteste qu'alors.",
        ),
    ),
    "wizard-select": _on(
        "c6",
        f"Select the box, then press {NEXT}; also on the page Directory extensions, which newer wizards show next.",
        f"Cochez la case, puis cliquez sur {NEXT} ; de même sur la page Directory extensions que les assistants récents montrent ensuite.",
    ),
    "wizard-clear": _on(
        "d6",
        f"Clear the box, then press {NEXT}; also on the page Directory extensions, which newer wizards show next.",
        f"Décochez la case, puis cliquez sur {NEXT} ; de même sur la page Directory extensions que les assistants récents montrent ensuite.",
    ),
    "wizard-configure": _on(
        "c7",
        f"{_WAIT_EN}event 31005 of PasswordResetService came: the server is onboarded.",
        f"{_WAIT_FR}l'événement 31005 de PasswordResetService est venu : le serveur est inscrit.",
    ),
    "wizard-configure-off": _on(
        "d7",
        f"{_WAIT_EN}event 31013 of PasswordResetService came: the server is offboarded.",
        f"{_WAIT_FR}l'événement 31013 de PasswordResetService est venu : le serveur est désinscrit.",
    ),
    "wizard-exit": _on(
        "c8",
        "Close the wizard: the scheduler goes on then. That nothing else on the server has changed, nobody can compare.",
        "Fermez l'assistant : le planificateur reprend alors. Que rien d'autre n'a changé sur le serveur, personne ne peut le comparer.",
    ),
    "page-by-hand": Entry(
        Text(
            en="The sync server is not read: whether writeback is on and alive, only the page itself shows.",
            fr="Le serveur de synchronisation n'est pas lu : seule la page montre si la réécriture est active et vivante.",
        ),
        Text(
            en=f"Open {STEPS['p2'].where.en} / {STEPS['p2'].where.fr}, see that the page can be used and says that the on-premises "
            "writeback client is up and running, and attest P2.",
            fr=f"Ouvrez {STEPS['p2'].where.en} / {STEPS['p2'].where.fr}, vérifiez que la page est utilisable et dit que le client de "
            "réécriture local fonctionne, et attestez P2.",
        ),
    ),
    "synchronizes-no-more": Entry(
        Text(
            en="The tenant says that it does not synchronize with a directory.",
            fr="Le locataire dit qu'il ne se synchronise avec aucun annuaire.",
        ),
        Text(
            en="Look at the sync server: is the wizard closed, and does the scheduler run?",
            fr="Regardez le serveur de synchronisation : l'assistant est-il fermé, et le planificateur tourne-t-il ?",
        ),
    ),
}

# What to do, for which a person's word says that it was done.
INSTRUCTIONS = frozenset(key for key in MESSAGES if key.startswith("wizard-")) | {"page-by-hand"}


def told(key: str) -> Text:
    """Return one page of the wizard as a line of instructions: where it is, and what to do there."""
    entry = MESSAGES[key]
    fix = entry.fix or entry.what
    return Text(en=f"{entry.what.en} {fix.en}", fr=f"{entry.what.fr} {fix.fr}")
