"""The words of the form in which a person says what they did by hand, of what they are told to do, and of their word on a card."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.texts.messages.by_hand import told
from runbook_lib.texts.steps import STEPS
from runbook_lib.texts.text import Text


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that a person says they saw: the setting of the plan that it is about, its label on the page, and the question.

    `setting` is empty for what somebody may have looked at beside the plan. `beware` says what else may mislead on the page.
    """

    setting: str
    label: Text
    question: Text
    beware: Text | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """What to do, in order: first and last; in between stand the settings of the plan. `has_page`: it begins at the portal's page."""

    first: tuple[Text, ...]
    last: tuple[Text, ...]
    has_page: bool = False


# By the name of the value in an attestation.
SEEN: dict[str, Seen] = {
    "write_back": Seen(
        "Write back passwords to your on-premises directory",
        Text(
            en="Write back passwords to your on-premises directory?",
            fr="Réécrire des mots de passe dans votre répertoire local ?",
        ),
        Text(
            en="Opened again, what does the page show for writing back passwords?",
            fr="Rouverte, que montre la page pour la réécriture des mots de passe ?",
        ),
        # Labels of 2026 and before: docs/runbooks/enable-sspr-writeback.md.
        Text(
            en="The page may show a box to tick, and call it “Enable password write back for synced users”. Leave a setting for "
            "“cloud sync” as it is.",
            fr="La page peut montrer une case à cocher et l'appeler « Enable password write back for synced users ». Laissez tel "
            "quel un réglage pour « cloud sync ».",
        ),
    ),
    "unlock": Seen(
        "Allow users to unlock accounts without resetting their password",
        Text(
            en="Allow users to unlock accounts without resetting their password?",
            fr="Voulez-vous autoriser les utilisateurs à déverrouiller les comptes sans réinitialiser leur mot de passe ?",
        ),
        Text(
            en="Opened again, what does the page show for unlocking accounts?",
            fr="Rouverte, que montre la page pour le déverrouillage des comptes ?",
        ),
        Text(en="The page may show a box to tick.", fr="La page peut montrer une case à cocher."),
    ),
}

SEEN |= {
    "connect_writeback": Seen(
        "Password writeback",
        STEPS["c6"].where,
        Text(
            en="In the wizard, how did you leave the box Password writeback / Écriture différée de mot de passe?",
            fr="Dans l'assistant, comment avez-vous laissé la case Écriture différée de mot de passe / Password writeback ?",
        ),
    ),
    "staging_mode": Seen(
        "",
        Text(en="Staging mode", fr="Mode intermédiaire"),
        Text(en="Is the server in staging mode?", fr="Le serveur est-il en mode intermédiaire ?"),
    ),
    "onboarded": Seen(
        "",
        Text(en="Event 31005 in the Application log", fr="Événement 31005 dans le journal Application"),
        Text(
            en="Did event 31005 come, in the server's Application log?",
            fr="L'événement 31005 est-il venu, dans le journal Application du serveur ?",
        ),
    ),
    "offboarded": Seen(
        "",
        Text(en="Event 31013 in the Application log", fr="Événement 31013 dans le journal Application"),
        Text(
            en="Did event 31013 come, in the server's Application log?",
            fr="L'événement 31013 est-il venu, dans le journal Application du serveur ?",
        ),
    ),
}

# The pages of the wizard up to the one with the setting, and those after it.
_WIZARD = Way(
    tuple(map(told, ("wizard-start", "wizard-welcome", "wizard-tasks", "wizard-sign-in", "wizard-directories"))),
    tuple(map(told, ("wizard-configure", "wizard-exit"))),
)
_WIZARD_OFF = Way(_WIZARD.first, tuple(map(told, ("wizard-configure-off", "wizard-exit"))))

# By the step at which the plan is carried out.
WAYS: dict[str, Way] = {
    "c7": _WIZARD,
    "d7": _WIZARD_OFF,
    "p5": Way(
        (
            Text(
                en="Sign in to the portal and make sure that it shows this tenant: {tenant}.",
                fr="Connectez-vous au portail et vérifiez qu'il montre bien ce locataire : {tenant}.",
            ),
            Text(
                en="Go to Password reset › On-premises integration / Réinitialisation du mot de passe › Intégration locale.",
                fr="Allez à Réinitialisation du mot de passe › Intégration locale / Password reset › On-premises integration.",
            ),
        ),
        (
            Text(
                en="Press Save / Enregistrer, and wait until the portal says that it is saved.",
                fr="Appuyez sur Enregistrer / Save, et attendez que le portail confirme l'enregistrement.",
            ),
            Text(
                en="Load the page again (F5) and look at the settings: what counts is what it shows now.",
                fr="Rechargez la page (F5) et regardez les réglages : ce qui compte est ce qu'elle montre maintenant.",
            ),
            Text(
                en="Take a screenshot that shows the settings and the name of the tenant, and hand it in below.",
                fr="Faites une capture où l'on voit les réglages et le nom du locataire, et remettez-la ci-dessous.",
            ),
        ),
        has_page=True,
    ),
}

# For a step that only looks, or has no way of its own.
ANY_WAY = Way(
    (),
    (
        Text(
            en="Look again at what the steps named below ask for.",
            fr="Regardez de nouveau ce que demandent les étapes nommées ci-dessous.",
        ),
        Text(
            en="Take a screenshot that shows it, and hand it in below.",
            fr="Faites une capture qui le montre, et remettez-la ci-dessous.",
        ),
    ),
)

FORM: dict[str, Text] = {
    "title": Text(en="By hand: do it, look, put your name to it", fr="À la main : faites-le, regardez, signez"),
    "page": Text(en="Open the page", fr="Ouvrir la page"),
    "set": Text(en="Set {labels} to {values}.", fr="Réglez {labels} sur {values}."),
    "word-for": Text(en="Your word is for these steps:", fr="Votre parole porte sur ces étapes :"),
    "not-looked": Text(en="— I did not look —", fr="— je n'ai pas regardé —"),
    "choose": Text(en="— say what you see —", fr="— dites ce que vous voyez —"),
    "by": Text(en="Your name", fr="Votre nom"),
    "second": Text(
        en="Second person who saw it, if your rules ask for one",
        fr="Seconde personne qui l'a vu, si vos règles l'exigent",
    ),
    "attest-typed": Text(en="To sign, type {step}", fr="Pour signer, saisissez {step}"),
    "attest": Text(en="Sign and check", fr="Signer et vérifier"),
    "attest-tip": Text(
        en="Records your word for exactly this plan, and compares it with what can be read.",
        fr="Consigne votre parole pour ce plan précis, et la compare à ce qui peut être lu.",
    ),
    "missing": Text(en="Still missing: {what}.", fr="Il manque encore : {what}."),
    "missing-value": Text(en="what you see for “{setting}”", fr="ce que vous voyez pour « {setting} »"),
    "missing-name": Text(en="your name", fr="votre nom"),
    "missing-second": Text(en="a second person other than you", fr="une seconde personne autre que vous"),
    "other-value": Text(
        en="For “{setting}” the plan wants {wanted} and you say {seen}. You may sign that: the step will then be contradicted.",
        fr="Pour « {setting} », le plan veut {wanted} et vous dites {seen}. Vous pouvez le signer : l'étape sera alors contredite.",
    ),
    "applies": Text(
        en="Signing also has the kit send {count} {count:change|changes} of this plan, as shown above.",
        fr="Signer fait aussi envoyer par l'outil {count} {count:changement|changements} de ce plan, comme affiché ci-dessus.",
    ),
    "without-picture": Text(en="There is no screenshot.", fr="Il n'y a pas de capture d'écran."),
    "ready": Text(
        en="Complete: type {step} and sign. Your word counts for plan {digest} only.",
        fr="Complet : saisissez {step} et signez. Votre parole ne vaut que pour le plan {digest}.",
    ),
    "signed": Text(en="Signed at {at} UTC. It is now being checked.", fr="Signé à {at} UTC. La vérification commence."),
    "outdated": Text(
        en="Not signed: this form is for another plan now, or was signed already. Read it again.",
        fr="Non signé : ce formulaire porte maintenant sur un autre plan, ou il a déjà été signé. Relisez-le.",
    ),
    "missed": Text(
        en="Not signed: what you confirmed came while something else was going on. Confirm it again when that is over.",
        fr="Non signé : votre confirmation est arrivée pendant une autre opération. Confirmez à nouveau quand elle sera terminée.",
    ),
    "busy": Text(en="Something is going on; wait for its end.", fr="Une opération est en cours ; attendez sa fin."),
}

ATTESTED: dict[str, Text] = {
    "by": Text(en="Attested by", fr="Attesté par"),
    "at": Text(en="When", fr="Quand"),
    "second": Text(en="Also seen by", fr="Vu aussi par"),
    "seen": Text(en="Seen on the page", fr="Vu sur la page"),
    "picture": Text(en="Screenshot {name}, reduced, handed in by {by}", fr="Capture {name}, réduite, remise par {by}"),
    "altered-word": Text(
        en="The attestation is not in the record as it was judged.",
        fr="L'attestation n'est pas au dossier telle qu'elle a été jugée.",
    ),
    "altered-picture": Text(
        en="{name} is not in the record as it was judged.",
        fr="{name} n'est pas au dossier telle qu'elle a été jugée.",
    ),
}
