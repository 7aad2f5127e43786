"""Messages of going on with a run that stopped."""

from __future__ import annotations

from runbook_lib.texts.text import Entry, Text

MESSAGES: dict[str, Entry] = {
    "made-and-undone": Entry(
        Text(
            en="Made by this run, and no longer so: {settings}. Somebody changed it since. Nothing more of the plan {approved} was sent.",
            fr="Fait par cette exécution, et défait depuis : {settings}. Quelqu'un l'a changé. Rien d'autre du plan {approved} n'a été envoyé.",
        ),
        Text(
            en="Find out who changed it and why. Then plan again.",
            fr="Cherchez qui l'a changé et pourquoi. Refaites ensuite le plan.",
        ),
    ),
    "rest-outdated": Entry(
        Text(
            en="What is left of the approved plan {approved} is not as it was approved: {moved}. Nothing more was sent.",
            fr="Ce qui reste du plan approuvé {approved} n'est plus tel qu'il a été approuvé : {moved}. Rien d'autre n'a été envoyé.",
        ),
        Text(
            en="Plan again, read the new plan, and approve that. What was sent before is looked at, not repeated.",
            fr="Refaites le plan, relisez-le et approuvez celui-là. Ce qui a été envoyé avant est relu, pas répété.",
        ),
    ),
    "unknown-act": Entry(
        Text(
            en="The run stopped while this was being sent, and nobody can look whether it happened: {settings}. It is not sent again.",
            fr="L'exécution s'est arrêtée pendant cet envoi, et rien ne permet de voir s'il a eu lieu : {settings}. Il n'est pas répété.",
        ),
        Text(
            en="Look yourself: at the server, or at when the user's password was last set. A pilot may need a new password. "
            "What did not happen can be done by hand, or planned again.",
            fr="Regardez vous-même : sur le serveur, ou à quelle date le mot de passe de l'utilisateur a été défini. Un pilote "
            "a peut-être besoin d'un nouveau mot de passe. Ce qui n'a pas eu lieu se fait à la main ou se planifie de nouveau.",
        ),
    ),
    "unknown-and-made": Entry(
        Text(
            en="When the run stopped it was not known whether this was made: {settings}. Looking showed that it was.",
            fr="À l'arrêt de l'exécution, on ne savait pas si ceci avait été fait : {settings}. Une lecture montre que oui.",
        ),
    ),
    "unknown-and-not-made": Entry(
        Text(
            en="When the run stopped it was not known whether this was made: {settings}. Looking showed that it was not.",
            fr="À l'arrêt de l'exécution, on ne savait pas si ceci avait été fait : {settings}. Une lecture montre que non.",
        ),
    ),
    "rest-sent": Entry(
        Text(
            en="Of the approved plan, this attempt sent what was left: {settings}.",
            fr="Du plan approuvé, cette reprise a envoyé ce qui restait : {settings}.",
        ),
    ),
    "resume-record-inconsistent": Entry(
        Text(
            en="The lines of this run's journal do not fit each other ({detail}). Nothing was sent.",
            fr="Les lignes du journal de cette exécution ne s'accordent pas ({detail}). Rien n'a été envoyé.",
        ),
        Text(
            en="Keep the folder as it is for whoever examines it, and plan again.",
            fr="Gardez le dossier tel quel pour qui l'examinera, et refaites le plan.",
        ),
    ),
    "resume-no-run": Entry(
        Text(en="{path} is not the folder of a run.", fr="{path} n'est pas le dossier d'une exécution."),
        Text(
            en="Give a folder such as outputs/TENANT/RUN; runbook status names those that can go on.",
            fr="Donnez un dossier comme outputs/LOCATAIRE/EXÉCUTION ; runbook status nomme ceux qui peuvent reprendre.",
        ),
    ),
    "resume-nothing-recorded": Entry(
        Text(
            en="The run {run} stopped before it recorded anything. Nothing was sent.",
            fr="L'exécution {run} s'est arrêtée avant d'enregistrer quoi que ce soit. Rien n'a été envoyé.",
        ),
        Text(en="Start it again as a new run.", fr="Relancez-la comme une nouvelle exécution."),
    ),
    "resume-foreign": Entry(
        Text(
            en="The journal in {run} is not that of this run. Nothing was sent.",
            fr="Le journal dans {run} n'est pas celui de cette exécution. Rien n'a été envoyé.",
        ),
        Text(
            en="Put the folder back where the run made it, under the tenant's and its own name. Otherwise plan again.",
            fr="Remettez le dossier là où l'exécution l'a créé, sous le nom du locataire et le sien. Sinon, refaites le plan.",
        ),
    ),
    "resume-going-on": Entry(
        Text(en="The run {run} is still going on.", fr="L'exécution {run} est toujours en cours."),
        Text(
            en="Wait for its end, or end the program that carries it out.",
            fr="Attendez sa fin, ou terminez le programme qui l'exécute.",
        ),
    ),
    "resume-plan-ended": Entry(
        Text(
            en="The run {run} made its plan to the end. There is nothing to go on with.",
            fr="L'exécution {run} a fait son plan jusqu'au bout. Il n'y a rien à reprendre.",
        ),
        Text(en="Apply its plan, or plan again.", fr="Appliquez son plan, ou refaites-le."),
    ),
    "resume-run-done": Entry(
        Text(
            en="The run {run} is done. There is nothing to go on with.",
            fr="L'exécution {run} est terminée. Il n'y a rien à reprendre.",
        ),
        Text(
            en="To look again, plan again: planning only reads.",
            fr="Pour vérifier à nouveau, refaites le plan : le plan ne fait que lire.",
        ),
    ),
    "attestation-changed": Entry(
        Text(
            en="{file} is not what this run has judged and kept. Nothing was sent.",
            fr="{file} n'est pas ce que cette exécution a jugé et gardé. Rien n'a été envoyé.",
        ),
        Text(
            en="Put back the file as it was: the run keeps a copy under attestations. For another word, apply the plan anew.",
            fr="Remettez le fichier d'origine : l'exécution en garde une copie sous attestations. Pour une autre attestation, appliquez de nouveau le plan.",
        ),
    ),
    "run-overtaken": Entry(
        Text(
            en="Since this run stopped, the run {run} has sent changes to the tenant. Nothing more was sent.",
            fr="Depuis l'arrêt de cette exécution, l'exécution {run} a envoyé des modifications au locataire. Rien d'autre n'a été envoyé.",
        ),
        Text(
            en="Plan again, read the new plan, and approve that.",
            fr="Refaites le plan, relisez-le et approuvez celui-là.",
        ),
    ),
}
